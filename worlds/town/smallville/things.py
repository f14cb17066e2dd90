"""What objects are for, by the words in their names: the original gives names, and nothing else. Sprites are ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from worlds.town.smallville.words import longest


@dataclass(frozen=True, slots=True)
class Furnishing:
    """What a kind of object is for and how it is drawn."""

    state: str
    """The state while nobody uses it."""
    uses: tuple[str, ...]
    """Each reads `activity | state while used | minutes`."""
    sprites: tuple[str, ...] = ("crate",)
    """What stands on the blocked tiles beside it; one of them is a tile wide."""
    on: tuple[str, ...] = ()
    """What is drawn on its own free tiles, if anything."""
    seats: bool = False
    """Whether each of its tiles is a place for one person; else one at a time uses it."""
    repeats: bool = False
    """Whether there is more of it where more tiles are blocked."""

    def of(self, name: str) -> Furnishing:
        """Return it with the name of the object in its uses."""
        return replace(self, uses=tuple(use.format(name=name) for use in self.uses))


def _thing(
    state: str, *uses: str, sprites: str = "crate", on: str = "", seats: bool = False, many: bool = False
) -> Furnishing:
    return Furnishing(state, uses, tuple(sprites.split()), tuple(on.split()), seats, many)


_COUNTER = "till_counter parcel_bench"
_SHELF = "bookcase filing_cabinet"
_TABLE = "table_long table_wide table_round"
_GARDEN = "flower_bed roses herbs flower_bush"

THINGS: Mapping[str, Furnishing] = {
    "bed": _thing(
        "made",
        "sleeping | slept in | 20",
        "reading in bed | with somebody reading in it | 15",
        "making the bed | half made | 5",
        sprites="drawers", on="bed_blue bed_rose bed_cream bed_green bed_red",
    ),
    "desk": _thing(
        "tidy",
        "working at the desk | covered in papers | 20",
        "writing at the desk | with a half-written page on it | 20",
        "studying at the desk | with open books on it | 20",
        sprites="desk desk_small",
    ),
    "computer": _thing(
        "switched off",
        "working on the computer | showing a document | 20",
        "writing emails | showing a half-written email | 10",
        "looking something up online | showing search results | 10",
        sprites="computer",
    ),
    "computer desk": _thing(
        "switched off",
        "working on the computer | showing a document | 20",
        "programming | showing lines of code | 20",
        "writing emails | showing a half-written email | 10",
        sprites="desk computer",
    ),
    "game console": _thing("switched off", "playing a video game | showing a game | 20", sprites="computer"),
    "television": _thing("switched off", "watching television | showing a film | 20", sprites="television"),
    "tv": _thing("switched off", "watching television | showing a film | 20", sprites="television"),
    "closet": _thing(
        "closed",
        "getting dressed | standing open | 10",
        "putting clothes away | with clothes being hung in it | 5",
        sprites="wardrobe",
    ),
    "wardrobe": _thing(
        "closed",
        "getting dressed | standing open | 10",
        "putting clothes away | with clothes being hung in it | 5",
        sprites="wardrobe",
    ),
    "shelf": _thing(
        "in good order",
        "choosing something from the shelf | with one thing missing | 5",
        "tidying the shelf | half tidied | 10",
        sprites=_SHELF, many=True,
    ),
    "bookshelf": _thing(
        "full of books",
        "choosing a book | with one book pulled out | 5",
        "looking something up in a book | with a book lying open | 10",
        sprites=_SHELF, many=True,
    ),
    "library table": _thing(
        "free",
        "reading a book | with an open book on it | 20",
        "studying for class | covered in notes | 20",
        "working on a paper | covered in papers | 20",
        sprites=_TABLE, many=True, on="chair_up", seats=True,
    ),
    "library sofa": _thing(
        "free",
        "reading on the sofa | with somebody reading on it | 20",
        sprites="sofa_green armchair", many=True, on="armchair", seats=True,
    ),
    "sofa": _thing(
        "free",
        "resting on the sofa | with somebody resting on it | 15",
        "chatting on the sofa | with people chatting on it | 20",
        "reading on the sofa | with somebody reading on it | 20",
        sprites="sofa_blue armchair", many=True, on="armchair", seats=True,
    ),
    "couch": _thing(
        "free",
        "resting on the couch | with somebody resting on it | 15",
        "chatting on the couch | with people chatting on it | 20",
        sprites="sofa_red armchair", many=True, on="armchair", seats=True,
    ),
    "table": _thing(
        "free",
        "eating a meal | laid for a meal | 20",
        "drinking tea | with a teapot and cups on it | 10",
        "talking at the table | with people sitting around it | 15",
        sprites=_TABLE, many=True, on="stool", seats=True,
    ),
    "chair": _thing("free", "sitting down for a rest | taken | 15", sprites="table_round", on="chair_down", seats=True),
    "garden chair": _thing(
        "free",
        "sitting in the garden | taken | 15",
        "reading in the garden | with somebody reading on it | 20",
        sprites="planter", on="chair_down", seats=True,
    ),
    "bench": _thing("free", "sitting on the bench | taken | 15", sprites="bench planter", on="stool", seats=True),
    "seating": _thing("free", "sitting down | taken | 15", sprites=_TABLE, many=True, on="stool", seats=True),
    "customer seating": _thing(
        "free",
        "eating a meal | laid for a meal | 20",
        "having a drink | with drinks on it | 15",
        "talking over a drink | with people sitting around it | 20",
        sprites=_TABLE, many=True, on="stool", seats=True,
    ),
    "cafe customer seating": _thing(
        "free",
        "drinking coffee | with coffee cups on it | 15",
        "eating in the cafe | laid for a meal | 20",
        "studying in the cafe | with books and a coffee on it | 20",
        "talking over coffee | with people sitting around it | 20",
        sprites=_TABLE, many=True, on="stool", seats=True,
    ),
    "bar customer seating": _thing(
        "free",
        "having a drink at the bar | with drinks on it | 20",
        "having dinner in the pub | laid for dinner | 20",
        "talking over a beer | with people sitting around it | 20",
        sprites=_TABLE, many=True, on="stool", seats=True,
    ),
    "student seating": _thing(
        "free",
        "listening to the lecture | with students listening | 20",
        "taking notes in class | with students writing | 20",
        "discussing in class | with students talking | 15",
        sprites="pupil_desk", many=True, on="chair_up", seats=True,
    ),
    "podium": _thing(
        "free",
        "giving a lecture | with somebody speaking at it | 20",
        "preparing a lecture | covered in notes | 15",
        sprites="teacher_desk worktable pupil_desk",
    ),
    "blackboard": _thing(
        "wiped clean",
        "writing on the blackboard | covered in writing | 15",
        "working out a problem on the blackboard | covered in sums | 20",
        sprites="blackboard bookcase notice_board newspaper_rack",
    ),
    "bathroom sink": _thing(
        "clean",
        "brushing teeth | with running water | 5",
        "washing hands and face | with running water | 5",
        sprites="washbasin",
    ),
    "kitchen sink": _thing(
        "empty",
        "washing the dishes | full of suds and dishes | 10",
        "rinsing vegetables | with vegetables in it | 5",
        sprites="sink",
    ),
    "sink": _thing("empty", "washing hands | with running water | 5", sprites="sink"),
    "shower": _thing("dry", "taking a shower | running, in clouds of steam | 10", sprites="shower"),
    "bathtub": _thing("empty", "taking a bath | full of warm water | 20", sprites="shower"),
    "toilet": _thing("free", "using the toilet | occupied | 5", sprites="toilet"),
    "refrigerator": _thing(
        "humming quietly",
        "taking something out of the refrigerator | standing open | 5",
        "putting away the groceries | open and filling up | 10",
        sprites="fridge",
    ),
    "fridge": _thing("humming quietly", "taking something out of the fridge | standing open | 5", sprites="fridge"),
    "toaster": _thing("cold", "making toast | hot, with bread in it | 5", sprites="tea_corner"),
    "cooking area": _thing(
        "off",
        "cooking a meal | hot, with a pan on it | 20",
        "making breakfast | hot, with eggs in the pan | 15",
        "boiling water for tea | with a kettle coming to the boil | 5",
        sprites="stove",
    ),
    "stove": _thing("off", "cooking a meal | hot, with a pan on it | 20", sprites="stove"),
    "oven": _thing("off", "baking | hot, with something rising inside | 20", sprites="oven"),
    "microwave": _thing("off", "heating a meal | humming | 5", sprites="tea_corner"),
    "coffee machine": _thing("warm and ready", "making coffee | hissing and steaming | 5", sprites="coffee_machine"),
    "guitar": _thing(
        "leaning in the corner", "playing the guitar | being played | 20", sprites="guitar"
    ),
    "microphone": _thing(
        "switched off", "singing into the microphone | switched on | 15", sprites="record_player"
    ),
    "piano": _thing(
        "closed", "playing the piano | being played | 20", sprites="piano record_player"
    ),
    "harp": _thing("silent", "playing the harp | being played | 20", sprites="floor_lamp"),
    "violin": _thing("in its case", "playing the violin | being played | 20", sprites="guitar"),
    "easel": _thing(
        "with an empty canvas",
        "painting a picture | with a half-painted picture | 20",
        "sketching | with a pencil sketch on it | 15",
        sprites="easel",
    ),
    "lifting weight": _thing("on the floor", "lifting weights | being lifted | 20", sprites="barrel"),
    "pool table": _thing(
        "with the balls racked", "playing pool | with balls rolling | 20", sprites="billiard_table table_round"
    ),
    "fireplace": _thing("cold", "warming up by the fire | burning brightly | 15", sprites="fireplace stove"),
    "counter": _thing(
        "wiped clean",
        "ordering at the counter | with somebody being served | 5",
        "paying at the counter | with somebody paying | 5",
        sprites=_COUNTER, many=True,
    ),
    "behind counter": _thing(
        "tidy",
        "serving customers | with somebody serving | 20",
        "wiping the counter | being wiped clean | 5",
        "counting the takings | with coins stacked on it | 10",
        sprites=_COUNTER, many=True,
    ),
    "behind cafe counter": _thing(
        "tidy",
        "serving customers in the cafe | with somebody serving | 20",
        "making coffee for a customer | hissing and steaming | 5",
        "wiping the counter | being wiped clean | 5",
        sprites="till_counter coffee_machine", many=True,
    ),
    "behind bar counter": _thing(
        "tidy",
        "serving drinks at the bar | with somebody serving | 20",
        "mixing a drink | with a shaker on it | 5",
        "polishing the glasses | with a row of shining glasses | 10",
        sprites="till_counter barrel", many=True,
    ),
    "behind pharmacy counter": _thing(
        "tidy",
        "serving customers in the pharmacy | with somebody serving | 20",
        "filling a prescription | with medicine being counted out | 10",
        sprites=_COUNTER, many=True,
    ),
    "pharmacy counter": _thing(
        "tidy", "collecting medicine | with somebody being served | 5", sprites=_COUNTER, many=True
    ),
    "grocery counter": _thing(
        "tidy", "paying for groceries | with somebody paying | 5", sprites=_COUNTER, many=True
    ),
    "store shelf": _thing(
        "well stocked",
        "choosing what to buy | with one thing missing | 10",
        "stocking the shelf | being filled | 15",
        sprites="grocery_shelf stock_shelf", many=True,
    ),
    "grocery store shelf": _thing(
        "well stocked",
        "buying groceries | with gaps between the tins | 10",
        "stocking the groceries | being filled | 15",
        sprites="grocery_shelf bread_shelf", many=True,
    ),
    "pharmacy store shelf": _thing(
        "well stocked",
        "choosing medicine | with one box missing | 5",
        "stocking the medicine | being filled | 15",
        sprites="grocery_shelf stock_shelf", many=True,
    ),
    "product shelf": _thing(
        "well stocked",
        "choosing supplies | with one thing missing | 10",
        "stocking the supplies | being filled | 15",
        sprites="grocery_shelf stock_shelf", many=True,
    ),
    "garden": _thing(
        "in bloom",
        "taking a walk in the garden | in bloom | 15",
        "watering the garden | freshly watered | 10",
        "weeding the garden | freshly weeded | 15",
        sprites=_GARDEN, many=True, seats=True,
    ),
    "park garden": _thing(
        "in bloom",
        "taking a walk in the park | with somebody strolling | 20",
        "sitting in the sun in the park | with somebody sitting in the grass | 15",
        "looking at the flowers in the park | in bloom | 10",
        sprites=_GARDEN, many=True, seats=True,
    ),
}  # fmt: skip

UNKNOWN = _thing("as usual", "using the {name} | in use | 15", "looking at the {name} | being looked at | 5")
"""What is done with a thing of which no word says anything."""


def furnishing_of(name: str) -> Furnishing:
    """Return what an object of this name is for."""
    phrase = longest(name, THINGS)
    return THINGS[phrase] if phrase else UNKNOWN.of(name)
