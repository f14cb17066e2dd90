"""Weavers' Row: four cottages wall to wall, each its own, with gardens behind and the wood beyond."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Grove, Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    BATHROOM,
    FLOWERS,
    HOME,
    ROSES,
    WASHING_LINE,
    bathroom,
    bed,
    bookcase,
    double_bed,
    sofa,
    table,
    thing,
)  # fmt: skip
from worlds.town.art.thorp.greens import EDGE, WOOD

THIMBLE = Plot(
    "Thimble Cottage", "home", "a weaver's cottage, a home with a loom to weave, sew and cook in", (103, 6),
    """
;;;;;;;
;QQ;;ZZ
;;;;;;;
##=#+##
#b,,,wm
#b,j,,,
#@##+##
#MM:::a
#:::::g
####+##
#h~#.ii
#t~+..^
####.TT
#cnf...
#....*R
#=##+#=
""",
    {
        ",": Floor("bedroom", "a tidy room to sleep and dress in", "carpet_rose"),
        ":": Floor("weaving room", "a light room to weave and spin in", "planks"),
        "~": bathroom(description=BATHROOM),
        ".": Floor("kitchen", "a warm kitchen to cook and eat by the fire", "clay"),
        ";": Floor("back garden", "a small garden with roses and a bench", ""),
    },
    HOME | {
        "b": bed("rose"),
        "Q": ROSES,
        "T": table("kitchen table", "table_wide", 3),
        "M": thing(
            "great loom", "loom", "with a half-woven blanket",
            "weaving a blanket | clacking | 20",
            "mending the warp | with a torn thread | 10",
        ),
        "g": thing(
            "spinning wheel", "spinning_wheel", "still",
            "spinning wool | humming | 20",
            "oiling the spinning wheel | being oiled | 5",
        ),
    },
    style="rose", extras=(("rug_gold_2x2", 3, 7),),
)  # fmt: skip

BOBBIN = Plot(
    "Bobbin Cottage", "home", "a bookish cottage, a home to read, write, sleep and cook in", (110, 6),
    """
;;;;;;;
;VV;;FF
;;;;;;;
#=##+##
#ll,,ee
#,,,,,*
#a,KK,,
##+%###
#DDw#~h
#DD:#~t
#d::+~s
##+####
#cnf.R*
#.....v
#SS..TT
##=+##=
""",
    {
        ",": Floor("study", "a room full of books to read and write in", "carpet_green"),
        ":": Floor("bedroom", "a plain room to sleep and dress in", "planks"),
        "~": bathroom(),
        ".": Floor("kitchen", "a small kitchen to cook, eat and rest in", "planks_dark"),
        ";": Floor("back garden", "a small garden with vegetables and flowers", ""),
    },
    HOME | {
        "D": double_bed("green"),
        "F": FLOWERS,
        "S": sofa("blue"),
        "T": table("table", "table_wide", 2),
        "l": bookcase("law books", "bookcase_old"),
        "e": bookcase("histories", "bookcase"),
    },
    style="white", extras=(("rug_red_2x2", 3, 5),),
)  # fmt: skip

SPINDLE = Plot(
    "Spindle Cottage", "home", "a cheerful cottage, a home for two to sleep, cook and make music in", (117, 6),
    """
;;;;;;;
;;WWW;;
;;;;;;;
##=##=#
#DDw#~h
#DD,#~s
#d,,#~t
##+%#+#
#c.nf.*
#......
#.TT.SS
#.^^...
##@%+##
#:PP:ll
#a:::k:
#=#+#=#
""",
    {
        ",": Floor("bedroom", "a bright room to sleep and dress in", "carpet_blue"),
        "~": bathroom(),
        ".": Floor("kitchen", "a large kitchen to cook, eat and sit in", "planks"),
        ":": Floor("front room", "a room with a piano, to play and write in", "carpet_plum"),
        ";": Floor("back garden", "a small garden with the washing line", ""),
    },
    HOME | {
        "D": double_bed("blue"),
        "S": sofa("red"),
        "W": WASHING_LINE,
    },
    style="blue", extras=(("rug_gold_2x2", 4, 8),),
)  # fmt: skip

SHUTTLE = Plot(
    "Shuttle Cottage", "home", "the home of a couple who rest from their guests, to sleep, eat and sit by the fire",
    (124, 6),
    """
;;;;;;;;
;EE;;ZZ;
;;;;;;;;
#=##+##=
#h~#..f#
#t~#cn.#
#s~+...#
####..v#
#DDw#.r#
#DD,#..#
#d,,+..#
###=##+#
#ii:ll:#
#::::SS#
#a:::yR#
##=+#=##
""",
    {
        ",": Floor("bedroom", "a room to sleep and dress in", "carpet_red"),
        "~": bathroom(),
        ".": Floor("kitchen", "a narrow kitchen to cook and eat in", "tiles"),
        ":": Floor("living room", "a room to sit by the fire and talk in", "planks_dark"),
        ";": Floor("back garden", "a small garden with beans and a bench", ""),
    },
    HOME | {
        "D": double_bed("cream"),
        "S": sofa("green"),
        "E": thing(
            "bean poles", "beans", "climbing and green",
            "picking beans | half picked | 10",
            "tying up the beans | neatly tied up | 10",
        ),
    },
    style="ochre", extras=(("rug_red_2x2", 3, 12),),
)  # fmt: skip

QUARTER = Quarter(
    plots=(THIMBLE, BOBBIN, SPINDLE, SHUTTLE),
    ways=(
        Way("path", 1, ((107, 21), (107, 24))), Way("path", 1, ((113, 21), (113, 24))),
        Way("path", 1, ((120, 21), (120, 24))),
        Way("path", 1, ((127, 21), (127, 24))),
    ),
    lines=(
        Line("fence", ((103, 23), (106, 23))), Line("fence", ((108, 23), (112, 23))),
        Line("fence", ((114, 23), (119, 23))),
        Line("fence", ((121, 23), (126, 23))), Line("fence", ((128, 23), (131, 23))),
        Line("hedge", ((102, 6), (102, 8))), Line("fence", ((110, 5), (116, 5))), Line("hedge", ((117, 5), (123, 5))),
        Line("hedge", ((132, 6), (132, 8))),
    ),
    patches=(
        Patch("wood", (100, -3, 40, 9)), Patch("wood", (130, -2, 8, 27)), Patch("lawn", (103, 22, 29, 1), square=True),
        Patch("soil", (120, 28, 10, 5), square=True), Patch("lawn", (101, 26, 14, 5)),
    ),
    groves=(
        Grove((103, 0, 33, 5), WOOD, 48), Grove((133, 5, 3, 17), WOOD, 40), Grove((133, 22, 3, 10), EDGE, 25),
        Grove((103, 27, 12, 4), EDGE, 13),
    ),
    decor=(
        *standing("flower_bush", (104, 22), (111, 22), (124, 22), (131, 22)), *standing("bush", (110, 22), (118, 22)),
        *standing("planter", (105, 22), (115, 22), (122, 22)),
        *standing("mailbox", (109, 22), (114, 22), (126, 22), (121, 22)),
        *standing("lamp_post", (103, 25), (117, 25), (131, 25)), *lying("cat", (114, 8)),
        *standing("berry_bush", (104, 8)),
        *lying("flowers_red", (106, 22)), *lying("flowers_blue", (116, 22)),
        *lying("flowers_yellow", (125, 22), (129, 22)),
        *standing("cherry", (132, 12)), *standing("apple_tree", (101, 10)),
        *standing("lavender", *((x, y) for y in (28, 30, 32) for x in range(120, 130, 2))),
        *standing("beehive", (131, 29), (131, 31)),
    ),
)  # fmt: skip
