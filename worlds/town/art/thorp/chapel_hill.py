"""The north of the village: chapel and churchyard, and the studio in the old barn by the river."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Grove, Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import COMMON, bench, sight, thing
from worlds.town.art.thorp.greens import EDGE, MEADOW, WOOD

CHAPEL = Plot(
    "Thorp Chapel", "chapel", "the old chapel on the hill, where one prays, sings in the choir and remembers the dead",
    (82, 4),
    """
    ##==#==##
    #t.AA..t#
    #.......#
#####L......#####
#d,k%.......%OO;#
#,,,+.......+ccc#
#w,*#.......#ccc#
#####ppp.qqq#####
____#ppp.qqq#____
_g_G#ppp.qqq#_G__
____#ppp.qqq#__g_
_x__#ppp.qqq#____
_x__#......F#__x_
____#b......#__x_
_G__##=#+#=##_g__
_________________
_g_zz________G_g_
_________________
""",
    {
        ".": Floor("nave", "the quiet nave with its pews, to pray, sing and listen", "flags"),
        ",": Floor("vestry", "where the warden keeps robes and books", "planks_dark"),
        ";": Floor("organ loft", "where the organ is played and the choir practises", "planks"),
        "_": Floor("churchyard", "the churchyard under the trees, with old graves and a bench", ""),
    },
    COMMON | {
        "A": thing(
            "altar", "altar", "with candles on it",
            "lighting the candles | with all candles burning | 5 | with all candles burning",
            "decorating the altar | being decorated with flowers | 15",
            becomes=("with all candles burning | 60 | with candles burnt low",),
        ),
        "t": sight("candles"),
        "L": thing(
            "lectern", "lectern", "with the great book open",
            "reading aloud from the great book | with someone reading | 10",
            "preaching | with someone preaching | 15",
        ),
        "p": thing(
            "left pews", "", "empty",
            "praying in silence | with someone praying | 10",
            "listening to the organ | with listeners | 20",
            "singing hymns | with people singing | 15",
            seats=6, solid=False,
        ),
        "q": thing(
            "right pews", "", "empty",
            "praying for somebody | with someone praying | 10",
            "sitting in the quiet | with someone sitting there | 15",
            seats=6, solid=False,
        ),
        "F": thing(
            "font", "font", "full of water",
            "filling the font | being filled | 5",
            "polishing the font | being polished | 10",
        ),
        "b": thing(
            "bell ropes", "bell_ropes", "hanging still",
            "ringing the bells | swinging, with the bells ringing | 10",
            "practising the bells | swinging | 15",
            seats=2,
        ),
        "O": thing(
            "organ", "organ", "silent",
            "playing the organ | being played | 20",
            "practising a fugue | stopping and beginning again | 20",
            "tuning the organ pipes | with a pipe taken out | 15",
        ),
        "c": thing(
            "choir floor", "", "quiet",
            "singing in the choir | with singers on it | 20",
            "copying out notes | with sheets of music on it | 15",
            seats=5, solid=False,
        ),
        "z": bench("churchyard bench", "remembering the dead | with someone sitting on it | 15"),
        "d": thing(
            "vestry chest", "drawers", "closed",
            "laying out the robes | open | 10",
            "counting the collection | with coins on it | 10",
        ),
        "k": thing(
            "parish desk", "desk_small", "tidy",
            "writing a sermon | covered in notes | 20",
            "writing up the parish book | with the parish book open | 15",
        ),
        "w": thing(
            "robe cupboard", "wardrobe", "closed",
            "hanging up the choir robes | standing open | 10",
            "mending a robe | with a robe hanging out | 15",
        ),
        "g": sight("gravestone"),
        "G": sight("gravecross"),
        "x": thing(
            "grave with flowers", "grave_flowers", "with fresh flowers",
            "tending a grave | with someone kneeling beside it | 15",
            "laying flowers on a grave | with new flowers | 5 | with new flowers",
            solid=False,
        ),
    },
    style="sandstone", hours=("07:00", "21:00"), landmark=True,
    extras=(
        *(("pew", 5, y) for y in (7, 9, 11)), *(("pew", 9, y) for y in (7, 9, 11)), ("rug_red_3x2", 7, 2),
    ),
)  # fmt: skip

KILN = Plot(
    "The Kiln", "studio", "the artists' studio in the old barn, where one throws pots, paints, carves and weaves",
    (63, 4),
    """
###=##=##=##=###
#qq.P.P.*#v,vnn#
#........#,,,,,#
#E.E.MM.S#,,,,,#
#........+,,,,,#
#..WW....#,,zz,#
##=#+#=###nn,,v#
:::::::: #,,,$,#
:KK::KK: ##=+=##
::::::::
:YB::DD:
:::::DD:
""",
    {
        ".": Floor("studio", "a large light room to throw pots, weave, carve and paint in together", "planks_grey"),
        ",": Floor("gallery", "a white room where pictures and pots are shown and sold", "planks"),
        ":": Floor("kiln yard", "the yard with the kilns and the clay", ""),
    },
    COMMON | {
        "q": thing(
            "drying shelf", "pot_shelf", "full of raw pots",
            "putting pots to dry | with wet pots | 10",
            "glazing a bowl | with a bowl taken down | 20",
        ),
        "P": thing(
            "potter's wheel", "pottery_wheel", "still",
            "throwing a bowl | turning, with wet clay on it | 20",
            "teaching how to throw a pot | turning, with four hands on it | 20",
            seats=2,
        ),
        "E": thing(
            "studio easel", "easel", "with an empty canvas",
            "painting a still life | with a half-painted still life | 20 | with a wet painting on it",
            "drawing from life | with a drawing on it | 15",
        ),
        "M": thing(
            "loom", "loom", "with a half-woven cloth",
            "weaving a cloth | clacking | 20",
            "setting up the loom | with new threads | 15",
        ),
        "S": thing(
            "block of marble", "sculpture", "half carved",
            "carving the marble | in a cloud of dust | 20",
            "polishing the sculpture | being polished | 15",
        ),
        "W": thing(
            "clay table", "workbench", "covered in clay",
            "kneading clay | with a lump of clay on it | 10",
            "modelling a figure | with a clay figure on it | 20",
            seats=2,
        ),
        "v": sight("plinth_vase"),
        "n": thing(
            "pictures on show", "canvases", "leaning against the wall",
            "looking at the pictures | with someone looking at them | 15",
            "hanging the exhibition | being hung | 20",
            seats=2,
        ),
        "z": bench("gallery bench", "looking at the pictures | with someone looking about | 15"),
        "K": thing(
            "kiln", "kiln", "cold",
            "firing the kiln | roaring hot | 20 | cooling down",
            "emptying the kiln | open, with warm pots | 15",
            "stacking the kiln | open and half filled | 15",
            becomes=("roaring hot | 30 | overheated and cracking", "cooling down | 120 | cold"),
        ),
        "Y": sight("log_pile"),
        "D": thing(
            "clay pit", "sandpit", "full of red clay",
            "digging out clay | with a spade in it | 15",
            "watering the clay | wet and shining | 10",
            solid=False,
        ),
    },
    style="barn", hours=("08:00", "22:00"),
    extras=(("rug_blue_3x2", 10, 3),),
)  # fmt: skip

QUARTER = Quarter(
    plots=(CHAPEL, KILN),
    ways=(
        Way("path", 1, ((90, 18), (90, 24))), Way("path", 1, ((67, 10), (67, 15), (72, 20), (72, 24))),
        Way("path", 1, ((75, 12), (75, 17), (72, 20))), Way("path", 1, ((86, 19), (86, 20), (94, 20))),
    ),
    lines=(
        Line("drystone", ((81, 11), (81, 22), (89, 22))), Line("drystone", ((91, 22), (99, 22), (99, 11))),
        Line("drystone", ((81, 11), (81, 10))), Line("drystone", ((99, 11), (99, 10))),
        Line("fence", ((62, 10), (62, 15), (65, 15))), Line("fence", ((70, 15), (71, 15), (71, 12))),
    ),
    patches=(
        Patch("lawn", (80, 17, 21, 6)), Patch("meadow", (68, 12, 13, 12)), Patch("wood", (96, -2, 14, 12)),
        Patch("meadow", (58, 26, 20, 5)), Patch("wood", (58, -3, 50, 6)), Patch("meadow", (58, 16, 11, 8)),
        Patch("lawn", (80, 26, 22, 6)),
    ),
    groves=(
        Grove((60, 0, 27, 2), WOOD, 45), Grove((93, 0, 12, 5), WOOD, 40), Grove((99, 5, 3, 14), EDGE, 18),
        Grove((70, 13, 9, 9), MEADOW, 22), Grove((58, 10, 4, 13), EDGE, 20), Grove((60, 18, 8, 5), MEADOW, 16),
        Grove((58, 27, 19, 3), EDGE, 14), Grove((80, 28, 21, 1), EDGE, 40), Grove((80, 29, 21, 1), EDGE, 16),
    ),
    decor=(
        *standing("poplar", (80, 9), (80, 14), (100, 9), (100, 14)), *standing("willow", (96, 20)),
        *standing("oak", (83, 20)),
        *standing("cherry", (78, 17)), *standing("rock", (78, 21)), *standing("lamp_post", (91, 23), (73, 23)),
        *standing("beech", (60, 8), (76, 3)), *standing("lime", (60, 15)), *standing("log_pile", (70, 10)),
        *standing("wheelbarrow", (66, 16)), *standing("apple_tree", (71, 16)), *lying("cat", (66, 14)),
        *lying("flowers_violet", (88, 19), (93, 20)), *lying("flowers_white", (84, 21), (97, 17)),
        *standing("signpost", (80, 23)),
    ),
)  # fmt: skip
