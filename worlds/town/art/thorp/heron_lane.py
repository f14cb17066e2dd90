"""The south-east: the shared house, the nursery with its greenhouse, and the old stones in the wood."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Grove, Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    COMMON,
    HERBS,
    HOME,
    TELEVISION,
    bathroom,
    bed,
    sight,
    sofa,
    table,
    thing,
)  # fmt: skip
from worlds.town.art.thorp.greens import EDGE, MEADOW, WOOD

HERON_HOUSE = Plot(
    "Heron House", "home", "a shared house where four young people live, cook, eat and celebrate together", (120, 65),
    """
##=###=##=###=##
#b,w#e;w#g/w#~h#
#b,k#e;j#g/k#~t#
#,,G#;;$#//E#~s#
##+###+###+##+##
#--------------#
##+####+##@+####
#x'w#cn.f*#::ii#
#x'*#.....+::::#
#''j#.vvv.#SS:a#
#####.LLL.#::::#
#h|t#.^^^.#V::R#
#s||+.....#::::#
##=###=+#=##=###
________________
_QQ__ZZ______NN_
________________
""",
    {
        ",": Floor("Juno's room", "a room to sleep, dress and play the guitar in", "carpet_rose"),
        ";": Floor("Kit's room", "a room full of plants to sleep in", "carpet_green"),
        "/": Floor("Mateo's room", "a room to sleep and draw in", "planks"),
        "'": Floor("Oona's room", "a quiet room to sleep in by day", "carpet_blue"),
        "-": Floor("upper hall", "the hall with its doors", "planks_grey"),
        ".": Floor("kitchen", "a large kitchen to cook and eat together in", "clay"),
        ":": Floor("common room", "a room to sit by the fire, watch films and talk in", "planks_dark"),
        "~": bathroom(),
        "|": Floor("lower bathroom", "a small bathroom beside the kitchen", "bath", capacity=1),
        "_": Floor("yard", "the yard with herbs, a bench and the bicycles", ""),
    },
    HOME | {
        "b": bed("rose", "Juno's bed"),
        "e": bed("green", "Kit's bed"),
        "g": bed("cream", "Mateo's bed"),
        "x": bed("blue", "Oona's bed"),
        "S": sofa("red"),
        "L": table("kitchen table", "table_long", 6),
        "V": TELEVISION,
        "G": thing(
            "guitar", "guitar", "on its stand",
            "playing the guitar | being played | 15",
            "writing a song | with scribbled verses beside it | 20",
            "tuning the guitar | with one string slack | 5",
        ),
        "E": thing(
            "drawing board", "easel", "with an empty sheet",
            "drawing a figure | with a half-drawn figure | 20",
            "pinning up a sketch | with a sketch pinned to it | 5",
        ),
        "Q": HERBS,
        "N": thing(
            "bicycles", "bicycle", "leaning against each other",
            "mending a flat tyre | with one wheel off | 15",
            "oiling a chain | upside down | 10",
        ),
    },
    style="rose", extras=(("rug_gold_2x2", 12, 8),),
)  # fmt: skip

NURSERY = Plot(
    "The Nursery", "nursery", "the nursery with its greenhouse, where plants are raised and sold", (103, 84),
    """
##=##=+=##=##
#ss.ss.ss..$#
#...........#
#ss.ss.ss..$#
#...........#
#pp....$..kk#
######+######
_____________
_AA_ZZ_HH_EE_
_____________
_LL_EE_AA_ww_
_____________
""",
    {
        ".": Floor("greenhouse", "the warm greenhouse where seedlings and lemons grow", "flags"),
        "_": Floor("nursery beds", "beds of lavender, herbs, flowers and young vegetables", ""),
    },
    COMMON | {
        "s": thing(
            "seedlings", "seedling_table", "green and small",
            "pricking out seedlings | half pricked out | 20",
            "watering the seedlings | wet | 10",
        ),
        "p": thing(
            "potting bench", "potting_bench", "covered in earth",
            "potting up plants | with half-filled pots on it | 20",
            "mixing the earth | with a heap of earth on it | 10",
        ),
        "k": thing(
            "plant counter", "till_counter", "open",
            "selling plants | with a customer before it | 15",
            "buying a potted plant | with a customer before it | 5",
            seats=2,
        ),
        "A": thing(
            "lavender bed", "lavender", "in bloom and humming",
            "cutting lavender | half cut | 15",
            "weeding the lavender | freshly weeded | 15",
        ),
        "Z": thing(
            "rose nursery", "roses", "in bud",
            "grafting roses | with bandaged stems | 20",
            "spraying the roses | dripping | 10",
        ),
        "H": HERBS,
        "E": thing(
            "cabbage seedlings", "cabbages", "in neat rows",
            "thinning out the cabbages | half thinned out | 15",
            "watering the young cabbages | freshly watered | 10",
        ),
        "L": thing(
            "tomato nursery", "tomatoes", "with first tomatoes",
            "pinching out the tomatoes | half pinched out | 10",
            "tasting the first tomatoes | with one missing | 5",
        ),
        "w": sight("flower_bed"),
    },
    style="glass", hours=("08:00", "18:00"),
)  # fmt: skip

STONES = Plot(
    "The Old Stones", "monument", "a ring of standing stones in the wood, where one wonders and watches the stars",
    (120, 86),
    """
...........
...s.s.s...
.s.......s.
...........
.s..mm...s.
...........
.s.......s.
...s.T.s...
...........
""",
    {".": Floor("stone ring", "the grass within the ring of standing stones", "")},
    COMMON | {
        "s": sight("standing_stone"),
        "T": thing(
            "tallest stone", "standing_stone", "warm from the sun",
            "touching the tallest stone | with a hand on it | 5",
            "leaning against the stone | with someone leaning against it | 15",
        ),
        "m": thing(
            "fallen stone", "rock", "mossy",
            "sitting in silence among the stones | with someone sitting on it | 20",
            "watching the stars from the ring | with someone lying on it | 20",
            "guessing who put up the stones | with someone musing on it | 10",
            seats=3,
        ),
    },
)  # fmt: skip

QUARTER = Quarter(
    plots=(HERON_HOUSE, NURSERY, STONES),
    ways=(
        Way("path", 1, ((127, 78), (127, 82))), Way("path", 1, ((109, 82), (109, 91))),
        Way("path", 1, ((125, 83), (125, 88))),
    ),
    lines=(
        Line("fence", ((120, 82), (126, 82))), Line("fence", ((128, 82), (135, 82), (135, 79))),
        Line("hedge", ((119, 64), (135, 64))),
        Line("fence", ((102, 91), (102, 96), (116, 96), (116, 91))),
    ),
    patches=(
        Patch("wood", (115, 81, 24, 24)), Patch("lawn", (120, 86, 11, 8)), Patch("meadow", (129, 51, 7, 13)),
        Patch("soil", (103, 91, 13, 5), square=True), Patch("wood", (96, 96, 26, 8)), Patch("grass", (120, 86, 11, 9)),
    ),
    groves=(
        Grove((131, 84, 5, 15), WOOD, 50), Grove((117, 84, 3, 12), WOOD, 40), Grove((118, 95, 14, 5), WOOD, 50),
        Grove((101, 97, 18, 3), WOOD, 40), Grove((130, 55, 5, 8), EDGE, 14), Grove((120, 87, 11, 7), MEADOW, 10),
        Grove((99, 82, 4, 15), EDGE, 16), Grove((130, 83, 6, 2), EDGE, 30),
    ),
    decor=(
        *standing("oak", (133, 62)), *standing("cherry", (117, 68)), *standing("lamp_post", (126, 83), (110, 83)),
        *standing("mailbox", (128, 83)), *standing("flower_bush", (119, 66), (119, 75)),
        *standing("pear_tree", (117, 74)),
        *standing("wheelbarrow", (115, 95)),
        *standing("signpost", (124, 83)), *lying("flowers_mushrooms", (121, 84), (129, 85)), *lying("cat", (130, 80)),
    ),
)  # fmt: skip
