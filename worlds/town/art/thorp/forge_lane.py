"""The west end of the High Street: smithy, the smith's cottage, and the wood with the spring."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Grove, Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    COMMON,
    FLOWERS,
    HOME,
    TELEVISION,
    bathroom,
    bed,
    double_bed,
    sight,
    sofa,
    thing,
)  # fmt: skip
from worlds.town.art.thorp.greens import EDGE, MEADOW, WOOD

SMITHY = Plot(
    "The Smithy", "workshop", "the smithy, where iron is forged and everything broken is mended", (18, 33),
    """
###=#####=###=##
#FF.FF.RRRR#ii,#
#..........#,,,#
#.A..A..g..+,,k#
#Q.......WW#BC,#
#..........#####
##=#++++##=#
_______________
_HH______S__XX_
____________S__
""",
    {
        ".": Floor("forge", "the hot room with the fires and anvils, open to the street", "flags"),
        ",": Floor("iron store", "where iron bars and finished work are kept", "planks_grey"),
        "_": Floor("smithy yard", "the yard with coal, scrap iron and carts to be mended", ""),
    },
    COMMON | {
        "F": thing(
            "forge fire", "forge", "glowing",
            "heating iron in the fire | roaring, with a bar of iron in it | 15",
            "pumping the bellows | roaring | 10",
            "banking the fire | covered with ash | 5",
            becomes=("roaring, with a bar of iron in it | 15 | spitting sparks, with the iron burning",),
        ),
        "A": thing(
            "anvil", "anvil", "cold",
            "hammering a horseshoe | ringing under the hammer | 15",
            "forging a gate hinge | ringing under the hammer | 20",
        ),
        "g": thing(
            "grindstone", "grindstone", "still",
            "grinding a knife | turning, in a rain of sparks | 10",
            "sharpening a scythe | turning | 10",
        ),
        "Q": thing(
            "quenching tub", "quench_tub", "full of water",
            "quenching hot iron | hissing and steaming | 5",
            "filling the quenching tub | filling up | 5",
        ),
        "R": thing(
            "tool wall", "tool_rack", "in good order",
            "choosing the right tongs | with one tool missing | 5",
            "hanging up the tools | half empty | 10",
        ),
        "W": thing(
            "smith's workbench", "workbench", "covered in filings",
            "mending a plough | with a ploughshare in the vice | 20",
            "repairing a bicycle | with a wheel in the vice | 20",
            "filing a key | with a key in the vice | 15",
        ),
        "i": thing(
            "iron stock", "tool_rack", "well stocked",
            "counting the iron bars | with a list pinned to it | 10",
            "stacking finished work | being filled | 10",
        ),
        "k": thing(
            "order book", "desk_small", "closed",
            "writing down an order | open | 10",
            "reckoning up the bills | open, with bills on it | 15",
        ),
        "H": thing(
            "coal heap", "", "black and high",
            "shovelling coal | with a shovel in it | 10",
            "sweeping up the coal | being swept together | 10",
            seats=2, solid=False,
        ),
        "S": sight("stump"),
        "X": thing(
            "broken cart", "cart", "waiting for a wheel",
            "mending the cart | with one wheel off | 20",
            "looking at the broken axle | with someone below it | 10",
            seats=2,
        ),
    },
    style="stone", hours=("07:30", "18:30"),
)  # fmt: skip

FORGE_COTTAGE = Plot(
    "Forge Cottage", "home", "the home of the smith's family, to sleep, cook, eat and make noise in", (3, 33),
    """
##=###=####=##
#DD,w#u~h#k:b#
#DD,d#u~t#::b#
#,,,*#~~~#ee:#
###+##+#####+#
#cn.f..ii..*.#
#............#
#.vvv...SS...#
#.LLL.......R#
#.^^^...V...*#
##=##@+##=####
______________
_GG______ZZ___
______________
""",
    {
        ",": Floor("parents' room", "where the parents sleep and dress", "carpet_blue"),
        "~": bathroom(description="where one washes, bathes and uses the toilet"),
        ":": Floor("son's room", "a young man's room, to sleep, learn and drum in", "planks_dark"),
        ".": Floor("kitchen", "a large kitchen to cook, eat, rest and watch films in", "planks"),
        "_": Floor("front garden", "a small garden with flowers and a bench", ""),
    },
    HOME | {
        "D": double_bed("cream"),
        "b": bed("red"),
        "S": sofa("blue"),
        "e": thing(
            "drums", "drum_kit", "silent",
            "playing the drums | thundering | 15",
            "practising a slow beat | being played softly | 20",
            "tightening the drum skins | being tuned | 5",
        ),
        "V": TELEVISION,
        "G": FLOWERS,
    },
    style="brick", extras=(("rug_red_3x2", 7, 7),),
)  # fmt: skip

HOLLOW_WOOD = Plot(
    "Hollow Wood", "wood", "the old wood in the west, where one walks under trees, gathers berries and sits by a fire",
    (9, 56),
    """
.............
.ttt...OOO...
.ttt.........
.....c.......
..ll...ll..m.
.............
.............
""",
    {
        ".": Floor("clearing", "a clearing with a campfire, log seats and the hollow oak", ""),
        ",": Floor("spring", "the spring among mossy rocks, with brambles around", ""),
    },
    COMMON | {
        "t": thing(
            "tent", "tent", "closed",
            "lying in the tent | with someone lying in it | 20",
            "pitching the tent | half pitched | 15",
            seats=2,
        ),
        "O": thing(
            "hollow oak", "hollow_oak", "hollow and old",
            "hiding a message in the hollow oak | with a note in its hollow | 5 | with a note in its hollow",
            "climbing the hollow oak | with someone in its branches | 15",
            seats=2,
        ),
        "c": thing(
            "campfire", "campfire", "cold",
            "lighting the campfire | crackling | 5 | burning",
            "roasting sausages over the campfire | burning, with sausages over it | 20",
            "singing by the campfire | burning, with singers around it | 20",
            seats=4, becomes=("burning | 40 | glowing", "glowing | 40 | cold"),
        ),
        "l": thing(
            "log seat", "log_seat", "empty",
            "listening to the wood | with someone sitting on it | 15",
            "whittling a stick | with shavings around it | 15",
            seats=2, solid=False,
        ),
        "m": sight("flowers_mushrooms", solid=False),
        "S": thing(
            "spring", "spring", "bubbling",
            "drinking from the spring | bubbling | 5",
            "filling a bottle at the spring | bubbling into a bottle | 5",
        ),
        "r": sight("fallen_log"),
        "b": thing(
            "brambles", "berry_bush", "full of berries",
            "picking berries | half picked | 15",
            "cutting back the brambles | half cut back | 15",
        ),
        "B": thing(
            "mossy rock", "rock", "mossy",
            "watching birds from the rock | with someone sitting on it | 20",
            "sketching ferns | with someone drawing on it | 20",
        ),
    },
    more=(
        ((3, 66), """
,,,,,,,,,,,
,,SS,,,,b,,
,,,,,,,,,,,
,,,,rr,,,b,
,BB,,,,,,,,
,,,,,,,,,,,
"""),
    ),
)  # fmt: skip

QUARTER = Quarter(
    plots=(SMITHY, FORGE_COTTAGE, HOLLOW_WOOD),
    ways=(
        Way("path", 2, ((36, 26), (35, 32), (36, 38), (35, 47))), Way("path", 1, ((9, 43), (9, 50))),
        Way("path", 4, ((22, 39), (22, 40))), Way("path", 2, ((23, 41), (24, 48))),
        Way("path", 1, ((15, 50), (15, 55), (14, 59), (13, 63), (9, 66), (7, 68))),
        Way("path", 1, ((31, 51), (30, 58), (27, 64), (27, 69))),
    ),
    lines=(
        Line("fence", ((3, 44), (3, 46), (8, 46))), Line("fence", ((10, 46), (16, 46), (16, 44))),
        Line("hedge", ((17, 36), (17, 43))), Line("drystone", ((24, 51), (24, 58), (24, 66))),
        Line("drystone", ((39, 52), (39, 66), (33, 66))),
        Line("drystone", ((25, 51), (29, 51))), Line("drystone", ((33, 51), (38, 51))),
        Line("drystone", ((25, 66), (26, 66))),
    ),
    patches=(
        Patch("wood", (-6, 48, 32, 26)), Patch("wood", (-4, 24, 9, 30)), Patch("wood", (4, 50, 20, 20)),
        Patch("gravel", (18, 40, 15, 3), square=True), Patch("meadow", (25, 52, 14, 14), square=True),
    ),
    groves=(
        Grove((0, 55, 9, 11), WOOD, 50), Grove((0, 27, 3, 24), WOOD, 50), Grove((2, 54, 13, 2), WOOD, 45),
        Grove((16, 52, 8, 4), WOOD, 45), Grove((15, 63, 9, 5), WOOD, 45), Grove((22, 56, 2, 8), EDGE, 40),
        Grove((0, 66, 3, 8), WOOD, 50), Grove((14, 63, 3, 6), EDGE, 35), Grove((9, 63, 5, 3), EDGE, 30),
        Grove((4, 28, 30, 4), EDGE, 15), Grove((25, 52, 14, 14), MEADOW, 13), Grove((15, 51, 9, 1), EDGE, 40),
    ),
    decor=(
        *standing("coal_heap", (19, 41), (20, 41)), *lying("horse", (30, 45)), *standing("trough", (32, 46)),
        *standing("hay_bale", (29, 46), (18, 45)), *standing("barrel", (27, 43), (21, 44)),
        *standing("log_pile", (19, 44)),
        *standing("lime", (19, 47)), *standing("hawthorn", (26, 46)),
        *lying("sheep", (28, 56), (34, 60), (36, 55), (31, 63)),
        *lying("black_sheep", (35, 63)), *standing("trough", (35, 52)), *standing("oak", (33, 57)),
        *standing("hawthorn", (27, 61)),
        *standing("signpost", (22, 47)), *standing("lamp_post", (12, 47), (28, 47)), *standing("mailbox", (10, 47)),
        *standing("cherry", (15, 45)), *standing("beech", (1, 33)), *standing("maple", (34, 44)),
        *standing("flower_bush", (4, 44), (14, 47)),
        *lying("flowers_red", (7, 46), (12, 45)), *lying("flowers_blue", (4, 47)),
        *lying("fern", (8, 56), (22, 60), (17, 57)),
        *lying("cat", (12, 44)), *standing("stump", (23, 61)), *standing("log_pile", (8, 62)),
        *standing("rock", (19, 60)),
    ),
)  # fmt: skip
