"""The railway at the eastern edge: Thorp Halt, its platform and the line."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plan import Decor
from worlds.town.art.plot import Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import COMMON, sight, thing

HALT = Plot(
    "Thorp Halt", "station", "the little railway station, where trains stop twice a day and travellers come and go",
    (127, 36),
    """
       ,,e
##=##=#,,e
#_KK_g#Z,e
#_^___#Z,e
###+@##,,e
#TT..i#,,e
#.....+,,e
#zz..L#MMe
#.....#,,e
#=##+=#,,e
       ,,e
       ,,e
       ,,e
       ,,e
       ,,e
       Y,e
       ,,e
       ,,e
""",
    {
        ".": Floor("waiting room", "a warm room to wait for the train in", "planks"),
        "_": Floor("station office", "where the station master sells tickets and works the telegraph", "planks_grey"),
        ",": Floor("platform", "the platform along the rails, to look out for the train and say goodbye", "paving"),
    },
    COMMON | {
        "K": thing(
            "ticket window", "ticket_counter", "open",
            "selling tickets | with a traveller before it | 15",
            "counting the fares | closed, with coins stacked beside it | 10",
            seats=2,
        ),
        "g": thing(
            "telegraph", "telegraph", "silent",
            "reporting the train by telegraph | clicking | 10",
            "cleaning the telegraph | taken apart | 10",
        ),
        "T": thing(
            "timetable", "timetable", "up to date",
            "studying the timetable | with someone studying it | 5",
            "changing the timetable | half changed | 10",
            seats=2,
        ),
        "i": thing(
            "iron stove", "stove_iron", "warm",
            "warming up at the iron stove | glowing | 10",
            "putting coal on the stove | glowing | 5 | glowing",
            becomes=("glowing | 60 | cold",),
        ),
        "z": thing(
            "waiting bench", "bench", "empty",
            "waiting for the train | with someone waiting on it | 20",
            "reading while waiting | with someone reading on it | 15",
            seats=2, solid=False,
        ),
        "L": sight("luggage"),
        "M": thing(
            "luggage trolley", "trolley", "loaded",
            "loading luggage | being loaded | 10",
            "pushing the trolley along the platform | rattling | 10",
        ),
        "Z": thing(
            "platform seat", "", "empty",
            "looking out for the train | with someone looking out | 15",
            "saying goodbye | with people embracing | 5",
            seats=2, solid=False,
        ),
        "Y": thing(
            "platform flowers", "flower_tub", "in bloom",
            "watering the platform flowers | dripping | 10",
            "planting flowers on the platform | with freshly dug earth | 15",
        ),
        "e": sight("platform_edge", solid=False),
    },
    style="white", hours=("06:00", "22:00"),
)  # fmt: skip

QUARTER = Quarter(
    plots=(HALT,),
    ways=(Way("path", 2, ((130, 46), (130, 48))),),
    lines=(
        Line("fence", ((127, 46), (129, 46))), Line("fence", ((132, 46), (133, 46))),
        Line("drystone", ((139, 0), (139, 46))), Line("drystone", ((139, 52), (139, 99))),
    ),
    patches=(
        Patch("gravel", (136, 0, 4, 48), square=True), Patch("gravel", (136, 51, 4, 49), square=True),
        Patch("gravel", (130, 51, 6, 3), square=True),
    ),
    decor=(
        *(Decor("rails", 137, y, True) for y in range(100) if not 48 <= y <= 50),
        *lying("crossing", (137, 48), (137, 49), (137, 50)),
        *standing("signal", (136, 33), (136, 57)), *standing("clock_post", (135, 40)),
        *standing("coach", (137, 30)), *standing("wagon", (137, 25)), *standing("wagon", (137, 21)),
        *standing("barrier", (137, 47), (137, 51)),
        *standing("flower_bush", (127, 47), (133, 47)), *standing("lamp_post", (129, 47), (134, 40), (134, 52)),
        *standing("signpost", (131, 52)), *standing("pine", (131, 35)), *lying("flowers_yellow", (128, 47), (132, 47)),
    ),
)  # fmt: skip
