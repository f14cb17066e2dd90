"""Brook Farm in the north-west: farmhouse, barn and yard, fields, pasture, and the windmill."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Grove, Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    COMMON,
    FLOWERS,
    HERBS,
    HOME,
    WASHING_LINE,
    bathroom,
    bed,
    double_bed,
    sight,
    sofa,
    table,
    thing,
)  # fmt: skip
from worlds.town.art.thorp.greens import EDGE, MEADOW, WOOD

FARMHOUSE = Plot(
    "Brook Farm", "home", "the farmhouse of a family of four, a home to sleep, cook, eat and sit together in", (20, 3),
    """
##=#=##@##=##=##
#cnf...ii#DD,,w#
#......R.#DD,,d#
#.vvv...a#,,,,*#
+.LLL....+,,,,,#
#.^^^...*####%##
#SS......+:bwk:#
###+##+###:b::^#
#HH;w#~~u#:::x:#
#HH;;#~~u#::::*#
#d;;a#h~t#######
##=####=##______
________________
__GG_WWW_FF_____
________________
""",
    {
        ".": Floor("farm kitchen", "the large kitchen of the farm, to cook, eat and sit by the fire in", "flags"),
        ",": Floor("parents' room", "where the farmer and his wife sleep and dress", "planks"),
        ":": Floor("girl's room", "a girl's room, to sleep, learn and look at the stars in", "carpet_green"),
        ";": Floor("grandmother's room", "a warm room to sleep, knit and tell stories in", "carpet_rose"),
        "~": bathroom(description="where one washes, bathes and uses the toilet"),
        "_": Floor("farm garden", "the garden of the farm with herbs, flowers and the washing line", ""),
    },
    HOME | {
        "D": double_bed("red"),
        "H": double_bed("rose", "grandmother's bed"),
        "b": bed("green"),
        "S": sofa("green"),
        "L": table("farm table", "table_long", 6),
        "x": thing(
            "telescope", "telescope", "under its cover",
            "looking at the stars | pointed at the sky | 20",
            "cleaning the telescope | taken apart | 10",
        ),
        "a": thing(
            "knitting chair", "armchair", "free",
            "knitting a blanket | with wool and needles on it | 20",
            "dozing in the knitting chair | with someone dozing in it | 20",
            solid=False,
        ),
        "G": HERBS,
        "W": WASHING_LINE,
        "F": FLOWERS,
    },
    style="stone", extras=(("rug_red_3x2", 5, 5), ("rug_blue_2x2", 12, 8)),
)  # fmt: skip

FIELDS = Plot(
    "Brook Farm Fields", "farm", "the fields and beasts of Brook Farm, where one milks, ploughs and harvests", (21, 18),
    """
#####=#####=#
#SSSS''''kk'#
#''''''''''P#
+'''''''''''#
#OO'''hh''''#
#'''''''''hh#
#'s''''''CB'#
######+######
""",
    {
        "'": Floor("barn", "the barn, where the cows are milked and cheese is made", "straw"),
        ".": Floor("cornfield", "a golden field of wheat", ""),
        ",": Floor("mill hill", "the hill with the windmill, where flour is ground and one sees far", ""),
        ":": Floor("farmyard", "the yard of the farm with the pump, the pigs and the cart", ""),
        "-": Floor("pasture", "the pasture by the river with cows and sheep", ""),
        "_": Floor("potato field", "rows of potatoes, pumpkins and sunflowers", ""),
    },
    COMMON | {
        "S": thing(
            "milking stall", "milking_stall", "strewn with straw",
            "milking the cows | with a cow being milked | 20 | with full pails beside it",
            "mucking out the stall | half mucked out | 15",
        ),
        "k": thing(
            "farm workbench", "workbench", "covered in tools",
            "mending the harness | with a harness on it | 15",
            "sharpening the scythe | with a scythe on it | 10",
        ),
        "P": thing(
            "cheese press", "cheese_press", "empty",
            "pressing cheese | with a cheese in it | 20 | with a cheese in it",
            "turning the cheeses | open, with cheeses beside it | 10",
        ),
        "O": thing(
            "plough horse", "horse", "munching hay",
            "grooming the plough horse | being groomed | 15",
            "feeding the plough horse | eating oats | 10",
        ),
        "h": thing(
            "hay", "hay_heap", "dry and fragrant",
            "forking the hay | half forked | 15",
            "resting in the hay | with someone lying in it | 15",
            seats=2,
        ),
        "s": sight("sacks"),
        "W": thing(
            "wheat", "", "ripening",
            "mowing the wheat | half mown | 20",
            "weeding the wheat | with someone weeding | 15",
            "looking over the wheat | with someone walking along it | 10",
            seats=4, solid=False,
        ),
        "a": thing(
            "scarecrow", "scarecrow", "flapping",
            "mending the scarecrow | half undressed | 10",
            "talking to the scarecrow | with company | 5",
        ),
        "M": thing(
            "windmill", "windmill", "with its sails still",
            "grinding flour | turning | 20 | with full sacks before it",
            "oiling the millstones | open, smelling of oil | 15",
            "looking out over the valley from the mill | with someone at its door | 10",
            seats=3,
        ),
        "m": sight("sacks"),
        "p": thing(
            "pump", "pump", "dripping",
            "pumping water | gushing | 5",
            "washing boots at the pump | gushing over boots | 5",
        ),
        "g": sight("pig"),
        "T": thing(
            "pig trough", "trough", "licked clean",
            "feeding the pigs | with pigs crowding around it | 10",
            "cleaning the pigsty | half cleaned | 15",
            seats=2,
        ),
        "c": thing(
            "hay cart", "cart", "half loaded",
            "loading the cart | being loaded | 15",
            "greasing the wheels of the cart | with one wheel off | 10",
            seats=2,
        ),
        "H": sight("haystack"),
        "U": thing(
            "milk churns", "milk_churns", "full",
            "rinsing the milk churns | empty and wet | 10",
            "carrying milk to the road | half of them gone | 10",
        ),
        "K": thing(
            "cow", "cow", "chewing the cud",
            "fetching the cow from the pasture | being led by a rope | 10",
            "brushing the cow | being brushed | 10",
        ),
        "e": sight("sheep", solid=False),
        "b": sight("black_sheep", solid=False),
        "t": thing(
            "pasture trough", "trough", "full of water",
            "filling the pasture trough | filling up | 5",
            "counting the sheep | with sheep drinking | 10",
            seats=2,
        ),
        "R": thing(
            "potatoes", "", "in green rows",
            "digging potatoes | half dug up | 20",
            "hoeing the potatoes | freshly hoed | 15",
            seats=3, solid=False,
        ),
        "Z": thing(
            "pumpkins", "pumpkins", "round and orange",
            "watering the pumpkins | freshly watered | 10",
            "carrying a pumpkin away | with one missing | 5",
        ),
        "N": thing(
            "sunflowers", "sunflowers", "taller than a man",
            "cutting sunflowers | with a few missing | 10",
            "tying up the sunflowers | neatly tied up | 10",
        ),
    },
    style="barn",
    more=(
        ((2, 2), """
...............
...............
...............
..WWWWWWWWWW...
..WWWWWWWWWW...
..WWWWWWWWWW...
..WWWWWWWWWW...
.........a.....
...............
...............
"""),
        ((2, 14), """
,,,,,,,,,,
,,,,,,,,,,
,,,,,,,,,,
,,,,,,,,,,
,,,,,,,,,,
,,,,,,,,,,
,,MMMM,,,,
,,MMMM,mm,
,,,,,,,,,,
,,,,,,,,,,
"""),
        ((17, 3), """
:::
:::
p::
:::
:::
:::
:::
:::
:::
:::
:::
"""),
        ((12, 14), """
::::::::
:HH::cc:
::::::::
::::::::
:::::U::
::::::::
:TT:::::
::g:::::
:g::::::
:::::HH:
::::::::
"""),
        ((38, 14), """
------------
-KK-----HH--
------------
---e--e-----
-----------e
-KK---tt--b-
------e-----
------------
"""),
        ((38, 3), """
____________
_RRRRRRRRR__
_RRRRRRRRR__
_RRRRRRRRR__
____________
_ZZ_ZZ_NN_NN
____________
"""),
    ),
)  # fmt: skip

QUARTER = Quarter(
    plots=(FARMHOUSE, FIELDS),
    ways=(
        Way("path", 3, ((17, 6), (17, 24))), Way("path", 2, ((18, 7), (19, 7))), Way("path", 2, ((12, 19), (20, 20))),
        Way("path", 1, ((8, 22), (12, 20))), Way("path", 1, ((27, 26),)), Way("path", 1, ((36, 18), (37, 18))),
        Way("path", 2, ((36, 10), (36, 26))),
    ),
    lines=(
        Line("drystone", ((37, 17), (37, 13), (51, 13), (51, 22), (37, 22), (37, 19))),
        Line("fence", ((1, 13), (16, 13))), Line("fence", ((12, 19), (12, 24), (16, 24))),
        Line("hedge", ((37, 2), (50, 2))),
        Line("hedge", ((36, 3), (36, 9))), Line("fence", ((30, 14), (35, 14))),
    ),
    patches=(
        Patch("wheat", (2, 4, 14, 8), square=True), Patch("crops", (38, 3, 12, 4), square=True),
        Patch("soil", (38, 8, 12, 2), square=True), Patch("meadow", (38, 14, 13, 8), square=True),
        Patch("meadow", (0, 13, 13, 13)), Patch("wood", (-4, -3, 26, 6)), Patch("wood", (16, -3, 42, 5)),
        Patch("meadow", (35, 26, 18, 7)), Patch("soil", (13, 20, 3, 4), square=True), Patch("meadow", (14, 27, 20, 6)),
    ),
    groves=(
        Grove((0, 0, 20, 2), WOOD, 50), Grove((20, 0, 34, 2), WOOD, 45), Grove((0, 13, 2, 13), EDGE, 30),
        Grove((0, 25, 14, 4), EDGE, 16), Grove((2, 14, 10, 10), MEADOW, 14), Grove((38, 14, 12, 8), MEADOW, 8),
        Grove((37, 27, 15, 5), MEADOW, 16), Grove((50, 3, 4, 9), EDGE, 14), Grove((22, 29, 13, 3), EDGE, 12),
    ),
    decor=(
        *standing("oak", (34, 1), (33, 16), (52, 10)), *standing("apple_tree", (32, 17)),
        *standing("willow", (51, 24)), *standing("alder", (52, 18)), *standing("log_pile", (34, 20), (35, 20)),
        *standing("hay_bale", (34, 23), (35, 24), (34, 24)), *standing("wheelbarrow", (34, 18)),
        *lying("goose", (18, 16), (16, 18), (19, 22)),
        *lying("hen", (19, 14), (18, 12)), *lying("dog", (19, 9)), *standing("signpost", (36, 29)),
        *standing("rock", (2, 26)),
        *standing("stump", (14, 26)), *standing("beehive", (31, 15), (33, 15)), *standing("bush", (20, 16), (29, 15)),
        *standing("apple_tree", (39, 29), (45, 29), (42, 32)), *standing("pear_tree", (42, 29), (48, 29), (45, 32)),
        *standing("cherry", (39, 32)),
    ),
)  # fmt: skip
