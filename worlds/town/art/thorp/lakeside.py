"""The lake in the south-west: ferry cottage, boathouse, jetty and beach."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Grove, Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import COMMON, HOME, bathroom, bed, bench, sight, thing
from worlds.town.art.thorp.greens import EDGE, MEADOW, WOOD

FERRY_COTTAGE = Plot(
    "Ferry Cottage", "home", "a boat builder's cottage by the lake, a home for one to sleep, cook and mend nets in",
    (17, 72),
    """
##=###=##
#cn.ii.l#
#.......#
#r<...a.+
#^..R...#
###+##+##
#b,,w#~h#
#b,,x#~t#
#,,,j#~s#
##=###=##
_________
_NN__ZZ__
_________
""",
    {
        ".": Floor("cabin room", "a snug room like a ship's cabin, to cook, eat and read in", "planks_dark"),
        ",": Floor("bedroom", "a small room to sleep and build model ships in", "planks"),
        "~": bathroom(),
        "_": Floor("lake garden", "the shore before the cottage, with nets and a bench", ""),
    },
    HOME | {
        "b": bed("blue"),
        "l": thing(
            "sea stories", "paint_shelf", "well thumbed",
            "reading a sea story | with one book pulled out | 20",
            "writing a log of the lake | with a log book open on it | 10",
        ),
        "x": thing(
            "model ship", "model_ship", "half rigged",
            "rigging the model ship | with tiny ropes on it | 20",
            "painting the model ship | wet with paint | 15",
        ),
        "N": thing(
            "net rack", "net_rack", "hung with nets",
            "mending a net | with a torn net on it | 20",
            "hanging up the nets | being filled | 10",
        ),
    },
    style="blue", extras=(("rug_blue_3x2", 3, 2),),
)  # fmt: skip

BOATHOUSE = Plot(
    "The Boathouse", "boathouse", "the boathouse on the lake, where boats are built, lent and moored", (30, 72),
    """
####+##=##=###
#WW..........#
#...FFF..RRO.#
#*..FFF......#
#C.........kk#
##=#++++#==###
""",
    {
        ".": Floor("boat workshop", "the workshop where a boat is being built", "planks_grey"),
        ",": Floor("jetty", "the jetty with the boats, to fish, row out and look over the lake", "boards"),
        ":": Floor("beach", "the sandy beach, to swim, play and lie in the sun", ""),
    },
    COMMON | {
        "W": thing(
            "boat builder's bench", "workbench", "covered in shavings",
            "planing a plank | with a plank in the vice | 20",
            "carving an oar | with an oar in the vice | 20",
        ),
        "F": thing(
            "boat in the making", "boat_frame", "half planked",
            "planking the boat | with a new plank on it | 20",
            "caulking the boat | smelling of tar | 15",
            "painting the boat | wet with paint | 20 | wet with paint",
            seats=3,
        ),
        "R": thing(
            "canoe rack", "canoe_rack", "full",
            "borrowing a canoe | with one canoe missing | 5",
            "washing the canoes | dripping | 10",
        ),
        "O": sight("oars"),
        "k": thing(
            "boat book", "desk", "closed",
            "writing down who took which boat | open | 5",
            "drawing a boat | with a drawing on it | 20",
        ),
        "q": thing(
            "end of the jetty", "", "lapped by the water",
            "fishing from the jetty | with a fishing rod over it | 20",
            "dangling feet in the water | with someone sitting on it | 15",
            "watching the sun on the lake | with someone looking out | 15",
            seats=3, solid=False,
        ),
        "b": thing(
            "rowing boat", "rowing_boat", "moored",
            "bailing out the boat | being bailed out | 10",
            "getting ready to row out | rocking, with someone in it | 10",
        ),
        "d": thing(
            "red boat", "rowing_boat_red", "moored",
            "scrubbing the red boat | being scrubbed | 15",
            "lying in the red boat | rocking, with someone lying in it | 20",
        ),
        "f": thing(
            "fish crates", "fish_crates", "with the catch of the morning",
            "sorting the fish | half sorted | 15",
            "icing the fish | freshly iced | 10",
        ),
        "s": thing(
            "sand", "", "smooth and warm",
            "lying in the sun on the beach | with someone lying on it | 20",
            "building a sand castle | with a sand castle on it | 15",
            "throwing flat stones over the water | with footprints in it | 10",
            seats=6, solid=False,
        ),
        "z": bench("lake bench", "painting the lake | with someone painting on it | 20"),
        "a": sight("anchor"),
    },
    style="white", hours=("07:00", "21:00"),
    more=(
        ((33, 78), """
 ,,,,,,
 ,,,,,,
 ,f,,,a
  ,,,
  ,,,
  ,,,
 b,,,d
 b,,,d
  ,,,
  qqq
"""),
        ((6, 76), """
:::::::::
::::::zz:
:ssssss::
:ssssss::
:::::::::
"""),
    ),
)  # fmt: skip

QUARTER = Quarter(
    plots=(FERRY_COTTAGE, BOATHOUSE),
    ways=(Way("path", 1, ((26, 75), (28, 73), (28, 71))), Way("path", 1, ((34, 71),)), Way("path", 4, ((34, 78),)),
    Way("path", 1, ((11, 71), (11, 76)))),
    patches=(
        Patch("water", (5, 85, 36, 12)), Patch("water", (22, 85, 28, 12)), Patch("water", (37, 80, 14, 11)),
        Patch("water", (3, 82, 13, 10)), Patch("water", (28, 83, 12, 9)), Patch("deep", (10, 88, 22, 7)),
        Patch("deep", (26, 89, 18, 6)),
        Patch("sand", (3, 75, 15, 10)), Patch("sand", (40, 79, 6, 3)), Patch("lawn", (30, 77, 14, 3)),
        Patch("wood", (-6, 80, 14, 26)), Patch("wood", (44, 86, 18, 20)), Patch("meadow", (42, 71, 12, 10)),
        Patch("wood", (4, 95, 48, 10)),
    ),
    groves=(
        Grove((0, 84, 6, 16), WOOD, 50), Grove((50, 88, 8, 12), WOOD, 40), Grove((43, 72, 9, 7), MEADOW, 16),
        Grove((0, 73, 5, 9), EDGE, 25), Grove((6, 97, 24, 3), WOOD, 45), Grove((35, 97, 14, 3), WOOD, 45),
        Grove((52, 76, 5, 12), EDGE, 18), Grove((27, 77, 3, 4), EDGE, 15),
    ),
    lines=(Line("fence", ((16, 72), (16, 79))), Line("hedge", ((26, 79), (26, 82)))),
    decor=(
        *standing("willow", (47, 79)), *standing("birch", (29, 78), (44, 72)), *standing("pine", (15, 73)),
        *lying("sailing_boat", (22, 91), (42, 93)), *lying("swan", (28, 87), (30, 88), (44, 88)),
        *lying("duck", (16, 90), (26, 95)),
        *lying("lily", (10, 92), (12, 94), (46, 93), (45, 95), (9, 90)),
        *lying("reeds", (6, 88), (8, 95), (48, 85), (50, 90), (14, 97), (44, 97), (38, 98)),
        *lying("mooring", (34, 88), (38, 88)), *standing("flower_bush", (27, 74), (16, 78)),
        *standing("lamp_post", (39, 78)),
        *standing("barrel", (31, 78)), *standing("net_rack", (42, 79)), *lying("goose", (24, 83)),
        *standing("log_pile", (45, 76)),
        *standing("rock", (2, 82), (51, 83)),
    ),
)  # fmt: skip
