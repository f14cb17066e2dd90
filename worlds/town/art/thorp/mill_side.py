"""The west bank of the river: the old mill, and the house with the orchard."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Line, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    HOME,
    WASHING_LINE,
    bathroom,
    bed,
    double_bed,
    sofa,
    thing,
)

MILL_HOUSE = Plot(
    "Mill House", "home", "the old mill by the river, a roomy home to sleep, cook and live in", (41, 33),
    """
##=##%##=##
#DDjw*#ht,#
#DD...+,,,#
#....^#,,u#
#*..KK#,,u#
#@#+#######
#ii:ll#cnf#
#::::y#;vv#
#:::::+;TT#
#SS:::#;^^#
#=#+###=###
_O_____VV___
____________
""",
    {
        ".": Floor("bedroom", "a quiet room to sleep, dress and write in", "planks"),
        ",": bathroom(description="where one washes, bathes and uses the toilet"),
        ":": Floor("living room", "a room to sit by the fire, read and talk in", "planks_dark"),
        ";": Floor("kitchen", "where meals are cooked and eaten", "tiles"),
        "_": Floor("mill yard", "the yard by the river, with the vegetables and the mill wheel", ""),
    },
    HOME | {
        "D": double_bed("blue"),
        "S": sofa("green"),
        "O": thing(
            "chopping block", "chopping_block", "with an axe stuck in it",
            "chopping firewood | with split logs around it | 15 | with a heap of logs beside it",
            "stacking firewood | with a neat stack of wood beside it | 10",
            "sharpening the axe | with a whetstone on it | 5",
        ),
    },
    style="stone",
    extras=(("rug_blue_2x2", 3, 2), ("rug_red_3x2", 1, 7)),
)  # fmt: skip

ORCHARD_HOUSE = Plot(
    "Orchard House", "home", "the home of a family, with an orchard and hens behind it", (41, 53),
    """
##=#%+@##=##
#cnf...iiPP#
#v.v.......#
#LLL<......#
#^^...SS..*#
##%+#+###+##
#DD,#:h#b;e#
#DD,#::#b;e#
#,,,#::#;;;#
#d,j#st#x;k#
##=######=##
____________
____________
_YY__QQQ_HH_
____________
____________
""",
    {
        ".": Floor("kitchen", "a large kitchen to cook, eat and make music in", "planks"),
        ",": Floor("parents' bedroom", "where the parents sleep and dress", "carpet_blue"),
        ":": bathroom(),
        ";": Floor("children's room", "where the children sleep, play and learn", "carpet_green"),
        "_": Floor("orchard", "apple trees, hens and the washing line", ""),
    },
    HOME | {
        "D": double_bed("cream"),
        "S": sofa("red"),
        "b": bed("blue", "blue bed"),
        "e": bed("red", "red bed"),
        "x": thing(
            "toy chest", "toy_chest", "closed",
            "building with blocks | open, with blocks all around | 20",
            "playing with the train | with a toy train beside it | 20",
            "tidying up the toys | being filled | 10",
            seats=2,
        ),
        "Y": thing(
            "apple tree", "apple_tree", "heavy with apples",
            "picking apples | with a ladder against it | 15",
            "pruning the apple tree | with cut branches below | 15",
            "resting in the shade of the apple tree | with someone resting below | 20",
            seats=2,
        ),
        "Q": WASHING_LINE,
        "H": thing(
            "hen house", "hen_house", "with hens scratching around",
            "feeding the hens | with hens pecking grain | 5",
            "collecting eggs | with an open nest box | 5",
            "mucking out the hen house | half mucked out | 15",
        ),
    },
    style="brick",
    extras=(("rug_red_2x2", 7, 2), ("rug_blue_2x2", 9, 7), ("hen", 8, 14), ("hen", 10, 15)),
)  # fmt: skip

QUARTER = Quarter(
    plots=(MILL_HOUSE, ORCHARD_HOUSE),
    ways=(Way("path", 1, ((44, 44), (44, 47))), Way("path", 1, ((46, 51), (46, 52)))),
    lines=(Line("hedge", ((40, 63), (40, 69), (52, 69))),),
    decor=(
        *standing("oak", (40, 51)), *standing("fir", (40, 36), (48, 31), (40, 61)),
        *standing("birch", (40, 40), (40, 57)),
        *standing("beech", (43, 31)), *standing("maple", (50, 52)), *standing("lime", (49, 47)),
        *standing("apple_tree", (44, 68), (48, 68)), *standing("log_pile", (41, 44), (43, 45)),
        *standing("flower_bush", (41, 52)), *standing("mailbox", (43, 47), (45, 51)), *standing("stone", (51, 45)),
        *standing("lamp_post", (48, 51)), *lying("mill_wheel", (52, 37)), *lying("hen", (52, 67)),
        *lying("flowers_red", (42, 46), (43, 52)), *lying("flowers_yellow", (46, 46)), *lying("flowers_blue", (47, 45)),
        *lying("reeds", (51, 39), (53, 45)),
    ),
)  # fmt: skip
