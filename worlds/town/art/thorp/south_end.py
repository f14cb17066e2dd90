"""South of the village: the surgery, the doctor's house, and the common with its football pitch."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Grove, Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    BASIN,
    COMMON,
    FLOWERS,
    HOME,
    ROSES,
    TOILET,
    bathroom,
    bench,
    double_bed,
    sofa,
    thing,
)  # fmt: skip
from worlds.town.art.thorp.greens import EDGE, MEADOW, WOOD

SURGERY = Plot(
    "The Surgery", "surgery", "the doctor's surgery, where the sick are seen and medicine is given out", (60, 75),
    """
##=##+##=###
#zz:::::*#h#
#::::r:::+~#
#yy::::::#t#
##+####+####
#X.KKS#DDcm#
#X..^.#,,,,#
#.....#,,,,#
#f..s.+,,k*#
##=##=##=###
""",
    {
        ":": Floor("waiting room", "where one waits for the doctor", "clay"),
        ".": Floor("consulting room", "where the doctor examines and treats people", "bath"),
        ",": Floor("dispensary", "where medicine is mixed and given out", "tiles"),
        "~": bathroom(description="the toilet of the surgery"),
    },
    COMMON | {
        "h": BASIN,
        "t": TOILET,
        "z": thing(
            "waiting bench", "bench", "empty",
            "waiting for the doctor | with someone waiting | 20",
            "coughing and sneezing | with someone coughing | 10",
            seats=2, solid=False,
        ),
        "y": thing(
            "second bench", "bench", "empty",
            "talking about aches and pains | with people talking | 15",
            "waiting for medicine | with someone waiting | 10",
            seats=2, solid=False,
        ),
        "r": thing(
            "magazine table", "table_round", "covered in old magazines",
            "leafing through old magazines | with one magazine missing | 10",
            "tidying the magazines | in good order | 5",
            seats=2,
        ),
        "K": thing(
            "doctor's desk", "desk", "covered in files",
            "writing a prescription | with a prescription on it | 5",
            "seeing patients | with a patient beside it | 20",
            "telephoning with the hospital | with the telephone off the hook | 10",
            seats=2,
        ),
        "X": thing(
            "examination couch", "exam_couch", "covered in fresh paper",
            "examining a patient | with a patient on it | 15",
            "changing the paper of the couch | bare | 5",
            seats=2, solid=False,
        ),
        "f": thing(
            "folding screen", "folding_screen", "folded",
            "undressing behind the screen | unfolded, with clothes over it | 5",
            "putting up the screen | unfolded | 5",
        ),
        "S": thing(
            "skeleton", "skeleton", "grinning",
            "explaining a broken bone on the skeleton | with an arm lifted | 10",
            "dusting the skeleton | being dusted | 5",
        ),
        "s": thing(
            "scales", "scales", "at zero",
            "weighing a patient | with someone on them | 5",
            "weighing a child | with a child on them | 5",
        ),
        "D": thing(
            "dispensary counter", "dispensary_counter", "in good order",
            "giving out medicine | with someone before it | 10",
            "mixing an ointment | with a mortar and jars on it | 15",
            seats=2,
        ),
        "m": thing(
            "medicine cabinet", "medicine_cabinet", "locked",
            "counting the medicine | open | 15",
            "looking for a bottle | open | 5",
        ),
        "c": thing(
            "bandage cupboard", "medicine_cabinet", "full",
            "rolling bandages | open, with bandages on its shelf | 10",
            "filling the doctor's bag | open, with a bag before it | 10",
        ),
        "k": thing(
            "prescription desk", "desk_small", "tidy",
            "writing labels | covered in labels | 10",
            "reading about a new medicine | with a journal open on it | 20",
        ),
    },
    style="white", hours=("08:00", "18:00"),
)  # fmt: skip

LINDEN_HOUSE = Plot(
    "Linden House", "home", "the doctor's house, a home for two to sleep, cook, study and make music in", (58, 87),
    """
##=##=##+#=##=#
#cnf..#::::ll*#
#vv...#:::::::#
#TT...+:SS::PP#
#^^..R#:a:::::#
##%+####+######
#DD,,,#;;;#h~u#
#DD,,,+;KK#t~u#
#d,mw,#;^;+~~s#
##=###=###=####
""",
    {
        ".": Floor("kitchen", "a bright kitchen to cook and eat in", "tiles"),
        ":": Floor("music room", "a room with a piano and books, to play, read and talk in", "carpet_plum"),
        ",": Floor("bedroom", "a quiet room to sleep and dress in", "planks"),
        ";": Floor("study", "a small study to read and write in", "carpet_green"),
        "~": bathroom(description="where one washes, bathes and uses the toilet"),
        "_": Floor("rose garden", "a garden with roses and a bench under the cherry tree", ""),
    },
    HOME | {
        "D": double_bed("blue"),
        "S": sofa("red"),
        "E": ROSES,
        "F": FLOWERS,
    },
    style="ochre", extras=(("rug_gold_3x2", 8, 1),),
    more=(
        ((61, 97), """
_____________
_EE_FF__ZZ_EE
"""),
    ),
)  # fmt: skip

COMMON_GREEN = Plot(
    "The Common", "field", "the common, where one plays football, runs, flies kites and picnics", (76, 77),
    """
....................
.......GGG..........
....................
....................
....................
....................
....................
......KKKKK...,,,,,,
......KKKKK...,PP,PP
......KKKKK...,PP,PP
......KKKKK...,,,,,,
......KKKKK...,,,,,,
..............,zz,,,
..............,,,,,,
..............,PP,,,
..............,PP,,,
.......HHH....,,,,,,
....................
""",
    {
        ".": Floor("football pitch", "the pitch with its two goals, to play football and run on", ""),
        ",": Floor("picnic lawn", "tables and a bench beside the pitch, to picnic and watch the game", ""),
    },
    COMMON | {
        "G": thing(
            "north goal", "goal", "empty",
            "shooting at the goal | with a ball in the net | 10",
            "keeping goal | with someone between the posts | 15",
            seats=3,
        ),
        "H": thing(
            "south goal", "goal", "empty",
            "practising penalties | with a ball in the net | 10",
            "mending the net | with a hole in the net | 15",
            seats=3,
        ),
        "K": thing(
            "middle of the pitch", "line_circle", "trodden flat",
            "playing football | with a ball rolling over it | 20",
            "running laps | with someone running around it | 15",
            "flying a kite | with a kite high above it | 15",
            seats=8, solid=False,
        ),
        "P": thing(
            "picnic table", "picnic_table", "free",
            "having a picnic | laid with a picnic | 20 | with crumbs on it",
            "playing a board game | with a board game on it | 20",
            seats=4,
        ),
        "z": bench("touchline bench", "watching the game | with someone cheering on it | 20"),
    },
)  # fmt: skip

_LEFT, _RIGHT, _TOP, _MIDDLE, _BOTTOM = 79, 89, 79, 86, 94

QUARTER = Quarter(
    plots=(SURGERY, LINDEN_HOUSE, COMMON_GREEN),
    ways=(
        Way("path", 1, ((65, 73), (65, 75))), Way("path", 1, ((74, 74), (74, 86), (66, 86), (66, 87))),
        Way("path", 1, ((78, 74), (78, 77))),
    ),
    lines=(
        Line("hedge", ((57, 75), (57, 86))), Line("fence", ((75, 76), (77, 76))),
        Line("fence", ((79, 76), (97, 76), (97, 85))),
        Line("hedge", ((73, 88), (73, 96))),
    ),
    patches=(
        *(Patch("lawn", (79, y, 11, 2), square=True) for y in range(79, 95, 4)), Patch("wood", (70, 95, 36, 8)),
        Patch("meadow", (94, 79, 8, 18)), Patch("lawn", (57, 69, 44, 4)),
    ),
    groves=(
        Grove((74, 97, 28, 3), WOOD, 45), Grove((92, 93, 9, 4), EDGE, 22), Grove((74, 88, 2, 9), EDGE, 25),
        Grove((58, 70, 20, 2), EDGE, 18), Grove((80, 70, 18, 2), EDGE, 22), Grove((97, 77, 2, 16), EDGE, 18),
        Grove((57, 99, 18, 1), EDGE, 40), Grove((98, 83, 3, 6), MEADOW, 20),
    ),
    decor=(
        *lying("line_h", *((x, y) for y in (_TOP, _BOTTOM) for x in range(_LEFT + 1, _RIGHT))),
        *lying("line_h", *((x, _MIDDLE) for x in (80, 81, 87, 88))),
        *lying("line_v", *((x, y) for x in (_LEFT, _RIGHT) for y in range(_TOP + 1, _BOTTOM) if y != _MIDDLE)),
        *lying("line_tl", (_LEFT, _TOP)), *lying("line_tr", (_RIGHT, _TOP)), *lying("line_bl", (_LEFT, _BOTTOM)),
        *lying("line_br", (_RIGHT, _BOTTOM)), *lying("line_l", (_LEFT, _MIDDLE)), *lying("line_r", (_RIGHT, _MIDDLE)),
        *standing("cherry", (72, 77), (70, 86)), *standing("linden", (60, 73)), *standing("oak", (58, 79), (95, 78)),
        *standing("lime", (72, 82)), *standing("flower_bush", (64, 74), (66, 74), (67, 86)),
        *standing("mailbox", (67, 74), (65, 86)),
        *standing("lamp_post", (73, 74), (77, 75)), *standing("signpost", (79, 75)), *lying("dog", (93, 83)),
        *lying("bicycle", (75, 77)), *lying("flowers_white", (69, 74), (73, 79)),
        *lying("flowers_red", (62, 86), (64, 86)),
        *standing("birch", (58, 85)), *standing("plane", (72, 73)),
    ),
)  # fmt: skip
