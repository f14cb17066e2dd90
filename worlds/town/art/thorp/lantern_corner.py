"""East of the crossing: school, painter's cottage, pub, park and allotments."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Line, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    COMMON,
    FLOWERS,
    HERBS,
    HOME,
    bathroom,
    bed,
    bench,
    sight,
    table,
    thing,
)  # fmt: skip

_LESSON = (
    "listening to the lesson | with someone listening | 20",
    "writing a test | with test papers on it | 20",
    "drawing in an exercise book | with crayons on it | 15",
    "whispering with a neighbour | with whispering pupils | 5",
)

SCHOOL = Plot(
    "Thorp School", "school", "the village school, where children learn and teachers teach", (81, 32),
    """
#%##==###
#.F...Pq#
#..KK...#
#..^...*#
#+####@##
#,,EEE,,#
#ggg,,JJ#
#ggg,,,,#
#bbbbbbb#
#bbbbbbb#
##=#+#=##
:::::::::
:XX:::HH:
:::::::::
""",
    {
        ".": Floor("office", "where teachers prepare, telephone and drink tea", "carpet_blue"),
        ",": Floor("classroom", "where lessons are taught and learnt", "planks"),
        ":": Floor("school yard", "where the children play in the break", "paving"),
    },
    COMMON | {
        "K": thing(
            "office desk", "desk", "tidy",
            "marking tests | covered in tests | 20",
            "telephoning with parents | with the telephone off the hook | 10",
            "preparing a lesson | with lesson notes on it | 20",
        ),
        "F": thing(
            "filing cabinet", "filing_cabinet", "locked",
            "looking up a pupil's file | with one drawer open | 5",
            "filing reports | with reports piled on top | 10",
        ),
        "P": thing(
            "photocopier", "photocopier", "on standby",
            "copying worksheets | humming and flashing | 5",
            "clearing a paper jam | standing open | 10",
        ),
        "q": thing(
            "tea kettle", "tea_corner", "cold",
            "making a pot of tea | steaming | 5",
            "washing the cups | with wet cups beside it | 5",
            becomes=("steaming | 10 | boiling dry",),
        ),
        "E": thing(
            "blackboard", "blackboard", "wiped clean",
            "teaching a lesson at the blackboard | covered in sums | 20 | covered in sums",
            "solving a sum at the blackboard | with a half-solved sum | 5",
            "wiping the blackboard | half wiped | 5",
            seats=2, solid=False,
        ),
        "J": thing(
            "teacher's desk", "teacher_desk", "tidy",
            "calling the register | with the register open on it | 5",
            "correcting exercise books | piled with exercise books | 20",
        ),
        "g": thing("front desks", "", "empty", *_LESSON, seats=2, solid=False),
        "b": thing("back desks", "", "empty", *_LESSON, seats=4, solid=False),
        "X": thing(
            "climbing frame", "climbing_frame", "empty",
            "climbing to the top | with someone at the top | 10",
            "hanging upside down | with someone hanging from it | 5",
            seats=3,
        ),
        "H": thing(
            "hopscotch", "hopscotch", "freshly chalked",
            "playing hopscotch | with someone hopping over it | 10",
            "chalking the hopscotch | half chalked | 5",
            seats=2, solid=False,
        ),
    },
    style="brick", hours=("08:00", "16:00"),
)  # fmt: skip
_DESKS = ((82, 38), (84, 38), (82, 40), (84, 40), (86, 40), (88, 40))

FERN_COTTAGE = Plot(
    "Fern Cottage", "home", "a painter's cottage, a home with a studio to paint and cook in", (91, 33),
    """
####%=##
#hs#w,b#
#..#,,b#
#t.#,,,#
#%+##+##
#::cn:p#
#v:::::#
#TT:::E#
#*^:W::#
#=#+#=##
;;;;;;;;
;;;;;;HH
;;;;;;;;
""",
    {
        ".": bathroom(),
        ",": Floor("bedroom", "a small room to sleep and dress in", "planks"),
        ":": Floor("studio", "a bright room to paint, make pots, cook and eat in", "planks_grey"),
        ";": Floor("front garden", "a wild garden with ferns and a herb bed", ""),
    },
    HOME | {
        "b": bed("green"),
        "T": table("table", "table_wide", 2),
        "E": thing(
            "easel", "easel", "with an empty canvas",
            "painting a landscape | with a half-painted landscape | 20 | with a wet painting on it",
            "sketching a portrait | with a pencil sketch on it | 15",
            "stretching a canvas | with a fresh canvas being stretched | 10",
        ),
        "p": thing(
            "paint shelf", "paint_shelf", "full of jars",
            "mixing colours | with open jars of paint | 10",
            "cleaning the brushes | with wet brushes in a jar | 5",
        ),
        "W": thing(
            "pottery wheel", "pottery_wheel", "still",
            "throwing a pot | turning, with wet clay on it | 20",
            "cleaning the pottery wheel | being wiped clean | 10",
        ),
        "H": HERBS,
    },
    style="timber", extras=(("rug_red_2x2", 4, 2), ("rug_gold_2x2", 3, 6)),
)  # fmt: skip

PUB = Plot(
    "The Lantern", "pub", "the village pub, where one drinks, eats, plays and sings", (81, 52),
    """
##!+!=###
#ii.oKLL#
#.v.oK..#
#>r<oK..#
#.^....*#
###+%####
#d,,,,PP#
#d,,GG,,#
#SS,,,,B#
##==##=##
""",
    {
        ".": Floor("bar", "the bar, the hearth and a table to drink at", "planks_dark"),
        ",": Floor("back room", "billiards, darts and an old piano", "carpet_red"),
    },
    COMMON | {
        "K": thing(
            "bar counter", "bar_counter", "wiped clean",
            "pulling a pint | with a pint being pulled | 5",
            "having a drink at the bar | with drinks on it | 20 | with empty glasses on it",
            "wiping the bar | wet and shining | 5",
            seats=4,
        ),
        "L": thing(
            "bottle shelf", "bottle_shelf", "full of bottles",
            "mixing a drink | with a bottle missing | 5",
            "polishing the glasses | with a row of shining glasses | 10",
        ),
        "i": thing(
            "hearth", "fireplace", "glowing",
            "warming up by the hearth | burning brightly | 10",
            "stoking the hearth | sending up sparks | 5 | burning brightly",
            becomes=("burning brightly | 45 | glowing",),
        ),
        "r": thing(
            "round table", "table_round", "free",
            "having a drink with friends | crowded with glasses | 20 | crowded with empty glasses",
            "eating pie and chips | with plates of pie and chips | 20",
            "playing cards | with cards dealt out on it | 20",
            seats=4,
        ),
        "G": thing(
            "billiard table", "billiard_table", "with the balls racked",
            "playing billiards | with balls rolling | 20",
            "brushing the cloth | being brushed | 5",
            seats=2,
        ),
        "d": thing(
            "dartboard", "dartboard", "with three darts in it",
            "playing darts | with a dart in the bull | 15",
            "practising darts | with darts all over it | 10",
            seats=2, solid=False, size=(1, 2),
        ),
        "P": thing(
            "old piano", "piano", "closed",
            "playing a tune on the old piano | being played | 10",
            "singing along at the piano | surrounded by singers | 15",
            seats=2,
        ),
        "S": thing(
            "corner seat", "bench", "empty",
            "having a quiet talk | with people talking on it | 20",
            "reading the paper over a drink | with a drink beside it | 15",
            seats=2, solid=False,
        ),
    },
    style="timber", hours=("12:00", "23:30"),
)  # fmt: skip

PARK = Plot(
    "Willow Park", "park", "the village park, where one strolls, plays, hears music and rests", (90, 52),
    """
..x...x..
.NN....ff
...XXX...
...XXX...
...XXX...
.zz......
.........
,,,,,,,,,
,,OOOOO,,
,,OOOOO,,
,,OOOOO,,
,,,,,,,,,
,,,ZZ,,,,
:::::::::
::::II:::
:GG:II:HH
:::::::::
""",
    {
        ".": Floor("bandstand green", "the lawn around the bandstand, with benches", ""),
        ",": Floor("pond side", "the bank of the duck pond under the willow", ""),
        ":": Floor("playground", "swings, a slide and a sandpit for children", ""),
    },
    COMMON | {
        "x": sight("flower_bush"),
        "X": thing(
            "bandstand", "bandstand", "empty",
            "playing music on the bandstand | with music being played | 20",
            "giving a speech | with someone speaking | 10",
            "dancing on the bandstand | with people dancing | 10",
            seats=6, solid=False,
        ),
        "f": FLOWERS,
        "z": bench("listeners' bench", "watching people go by | with someone sitting on it | 10"),
        "N": thing(
            "notice board", "notice_board", "with a few notices",
            "reading the notices | with someone reading it | 5",
            "pinning up a notice | with a new notice | 5 | with a new notice",
        ),
        "O": thing(
            "pond", "", "calm, with ducks",
            "feeding the ducks | with ducks crowding for bread | 10",
            "watching the ducks | calm, with ducks | 15",
            "sailing a toy boat | with a toy boat on it | 15",
            seats=4,
        ),
        "Z": bench("pond bench", "watching people go by | with someone sitting on it | 10"),
        "G": thing(
            "swings", "swings", "hanging still",
            "swinging | swinging back and forth | 10",
            "pushing a child on the swing | swinging high | 10",
            seats=2,
        ),
        "H": thing(
            "slide", "slide", "empty",
            "sliding down | with someone sliding down | 5",
            "climbing the slide | with someone on the ladder | 5",
            seats=2,
        ),
        "I": thing(
            "sandpit", "sandpit", "raked smooth",
            "building a sandcastle | with a sandcastle in it | 15 | with a sandcastle in it",
            "digging a hole | with a deep hole in it | 10",
            seats=3, solid=False,
        ),
    },
    landmark=True,
)  # fmt: skip

ALLOTMENTS = Plot(
    "The Allotments", "garden", "vegetable plots that the villagers tend together", (81, 63),
    """
........
.TT.KK..
........
......SS
.EE.C...
........
""",
    {".": Floor("plots", "beds of tomatoes, cabbages and beans with a tool shed", "")},
    COMMON | {
        "T": thing(
            "tomato rows", "tomatoes", "with ripening tomatoes",
            "watering the tomatoes | freshly watered | 10",
            "picking tomatoes | half picked | 10",
            seats=2,
        ),
        "K": thing(
            "cabbage patch", "cabbages", "neatly hoed",
            "hoeing the cabbages | freshly hoed | 15",
            "picking caterpillars off the cabbages | being looked over | 10",
            seats=2,
        ),
        "E": thing(
            "bean poles", "beans", "climbing and green",
            "picking beans | half picked | 10",
            "tying up the beans | neatly tied up | 10",
            seats=2,
        ),
        "S": thing(
            "tool shed", "shed", "shut",
            "fetching tools | standing open | 5",
            "repairing a tool | open, with tools on the step | 15",
        ),
        "C": thing(
            "compost heap", "compost", "steaming a little",
            "turning the compost | freshly turned | 15",
            "emptying a bucket of peelings | with fresh peelings on top | 5",
        ),
    },
)  # fmt: skip

QUARTER = Quarter(
    plots=(SCHOOL, FERN_COTTAGE, PUB, PARK, ALLOTMENTS),
    ways=(
        Way("path", 1, ((85, 46), (85, 47))), Way("path", 1, ((94, 43), (94, 47))), Way("path", 1, ((84, 51),)),
        Way("path", 1, ((94, 51), (94, 53))), Way("path", 1, ((94, 57), (94, 58), (91, 58), (91, 65), (97, 65))),
        Way("path", 1, ((94, 58), (97, 58))), Way("path", 1, ((80, 62), (90, 62))),
        Way("path", 1, ((80, 66), (84, 66))),
        Way("path", 1, ((92, 54), (92, 56), (96, 56), (96, 54), (92, 54))),
    ),
    lines=(
        Line("fence", ((80, 43), (80, 46), (84, 46))), Line("fence", ((90, 43), (90, 46), (86, 46))),
        Line("fence", ((80, 64), (80, 65))), Line("fence", ((80, 67), (80, 68))), Line("hedge", ((89, 63), (89, 69))),
        Line("hedge", ((90, 51), (92, 51))), Line("hedge", ((96, 51), (99, 51), (99, 58))),
        Line("hedge", ((99, 61), (99, 69))),
        Line("hedge", ((81, 69), (98, 69))),
    ),
    decor=(
        *(item for tile in _DESKS for item in standing("pupil_desk", tile)),
        *lying("chair_up", *((x, y + 1) for x, y in _DESKS)),
        *standing("oak", (80, 31), (97, 56)), *standing("fir", (90, 32), (98, 59), (99, 36)),
        *standing("birch", (99, 42)),
        *standing("alder", (96, 31)), *standing("lime", (90, 42), (90, 56)), *standing("beech", (86, 31)),
        *standing("maple", (90, 68)), *standing("willow", (96, 63)),
        *standing("bush", (80, 35), (80, 40), (80, 58), (98, 32), (98, 65)),
        *standing("flower_bush", (80, 54), (80, 56)), *standing("lamp_post", (80, 52), (80, 61), (87, 47), (97, 47)),
        *standing("mailbox", (93, 47)), *standing("planter", (83, 51), (86, 51)),
        *lying("flowers_red", (87, 51), (90, 54), (86, 63)), *lying("flowers_yellow", (96, 46), (96, 59)),
        *lying("flowers_white", (98, 54), (97, 68)), *lying("flowers_blue", (92, 46), (82, 51)),
        *lying("fern", (91, 43), (91, 45), (92, 44), (96, 43), (98, 43)), *lying("lily", (96, 60)),
        *lying("duck", (93, 61), (94, 60), (95, 61)),
    ),
)  # fmt: skip
