"""What stands in the rooms and gardens of Thorp, and what can be done with it: the letters that its drawings share."""

from __future__ import annotations

from worlds.town.art.drawing import Floor, Furniture


def thing(
    name: str,
    sprite: str,
    state: str,
    *uses: str,
    seats: int = 1,
    solid: bool = True,
    size: tuple[int, int] | None = None,
    becomes: tuple[str, ...] = (),
) -> Furniture:
    """Return something to use; `becomes` says what becomes of it when it is left: `state | minutes | next state`."""
    return Furniture(name, (sprite,) if sprite else (), state, uses, seats, solid, size, becomes)


def sight(sprite: str, *, solid: bool = True) -> Furniture:
    """Return something to look at."""
    return Furniture(sprite, (sprite,), "", (), solid=solid)


# -- seats, and what is only there to be looked at -------------------------------------------------------------------

COMMON: dict[str, Furniture] = {
    "v": sight("chair_down", solid=False),
    "^": sight("chair_up", solid=False),
    ">": sight("chair_right", solid=False),
    "<": sight("chair_left", solid=False),
    "o": sight("stool", solid=False),
    "*": sight("pot_plant"),
    "j": sight("bedside_table"),
    "y": sight("floor_lamp"),
    "B": sight("barrel"),
    "C": sight("crate"),
    "$": sight("lemon_tree"),
}

# -- homes -----------------------------------------------------------------------------------------------------------

_SLEEP = (
    "sleeping | slept in | 20 | unmade",
    "taking a nap | with someone napping in it | 20",
    "reading in bed | with a reading lamp on beside it | 15",
    "making the bed | half made | 5",
)
_TABLE = (
    "eating a meal | laid for a meal | 20 | with dirty plates on it",
    "drinking a cup of tea | with a teapot and cups on it | 10",
    "reading the newspaper | with a newspaper spread out on it | 15",
    "chopping vegetables | with chopped vegetables on it | 10",
)
_BURNS = (
    "hot, with a pan on it | 10 | smoking, with burnt food in the pan",
    "smoking, with burnt food in the pan | 20 | cold, with a burnt pan on it",
    "with a kettle coming to the boil | 10 | with a kettle boiling dry",
)
_FIRE_DIES = ("burning brightly | 45 | glowing", "glowing | 60 | cold")


def double_bed(color: str, name: str = "double bed") -> Furniture:
    """Return a bed for two."""
    return thing(name, f"double_bed_{color}", "made", *_SLEEP, seats=2, solid=False)


def bed(color: str, name: str = "bed") -> Furniture:
    """Return a bed for one."""
    return thing(name, f"bed_{color}", "made", *_SLEEP, solid=False)


def sofa(color: str) -> Furniture:
    """Return a sofa for two."""
    return thing(
        "sofa", f"sofa_{color}", "free",
        "resting on the sofa | with someone resting on it | 15",
        "reading a magazine | with magazines on it | 15",
        "chatting on the sofa | with people chatting on it | 20",
        seats=2, solid=False,
    )  # fmt: skip


def table(name: str, sprite: str, seats: int) -> Furniture:
    """Return a table to eat at."""
    return thing(name, sprite, "bare", *_TABLE, seats=seats)


def hearth(name: str, *uses: str) -> Furniture:
    """Return a fireplace whose fire dies when nobody looks after it."""
    lighting = "lighting the fire | crackling with a young fire | 5 | burning brightly"
    return thing(name, "fireplace", "cold", lighting, *uses, seats=2, becomes=_FIRE_DIES)


def bench(name: str, *uses: str) -> Furniture:
    """Return a bench for two in the open."""
    common = (
        "sitting in the sun | with someone sitting on it | 15",
        "chatting on the bench | with people chatting on it | 15",
    )
    return thing(name, "bench", "empty", *(*common, *uses), seats=2, solid=False)


def bookcase(name: str = "bookcase", sprite: str = "bookcase") -> Furniture:
    """Return somebody's books."""
    return thing(
        name, sprite, "full of books",
        "choosing a novel | with one book pulled out | 5",
        "dusting the books | being dusted | 10",
        "looking something up in the encyclopedia | with the encyclopedia lying open | 10",
    )  # fmt: skip


STOVE = thing(
    "stove", "stove", "off",
    "cooking a meal | hot, with a pan on it | 20",
    "boiling water for tea | with a kettle coming to the boil | 5",
    "frying eggs | sizzling with eggs in a pan | 10",
    "wiping the stove | being wiped clean | 5",
    becomes=_BURNS,
)  # fmt: skip
SINK = thing(
    "sink", "sink", "empty",
    "washing the dishes | full of suds and dishes | 10 | with clean dishes drying beside it",
    "rinsing vegetables | with vegetables in it | 5",
)  # fmt: skip
FRIDGE = thing(
    "fridge", "fridge", "humming quietly",
    "taking something out of the fridge | standing open | 5",
    "putting away the groceries | open and filling up | 10",
    becomes=("standing open | 30 | standing open, with spoiling food",),
)  # fmt: skip
WARDROBE = thing(
    "wardrobe", "wardrobe", "closed",
    "getting dressed | standing open | 10",
    "hanging up clothes | with clothes being hung in it | 5",
)  # fmt: skip
DRAWERS = thing(
    "chest of drawers", "drawers", "closed",
    "folding the laundry | with folded laundry on it | 10",
    "getting dressed | with open drawers | 10",
)  # fmt: skip
DRESSING_TABLE = thing(
    "dressing table", "dressing_table", "tidy",
    "brushing hair | with a hairbrush and pins on it | 5",
    "putting on jewellery | with a jewellery box open on it | 5",
)  # fmt: skip
WRITING_DESK = thing(
    "writing desk", "desk", "tidy",
    "writing a letter | with a half-written letter on it | 20",
    "paying the bills | covered in bills | 15",
    "keeping a diary | with a diary lying open on it | 10",
)  # fmt: skip
SMALL_DESK = thing(
    "small desk", "desk_small", "tidy",
    "doing homework | covered in exercise books | 20",
    "writing a letter | with a half-written letter on it | 15",
    "drawing a picture | with crayons all over it | 15",
)  # fmt: skip
BASIN = thing(
    "washbasin", "washbasin", "clean",
    "brushing teeth | with running water | 5",
    "washing hands and face | with running water | 5",
    "shaving | with a razor and foam on the rim | 10",
    becomes=("with running water | 15 | running over",),
)  # fmt: skip
TOILET = thing(
    "toilet", "toilet", "free",
    "using the toilet | occupied | 5",
    "cleaning the toilet | being cleaned | 10",
)  # fmt: skip
SHOWER = thing(
    "shower", "shower", "dry",
    "taking a shower | running, in clouds of steam | 10",
    "cleaning the shower | being scrubbed | 10",
)  # fmt: skip
BATHTUB = thing(
    "bathtub", "bathtub", "empty",
    "running a bath | filling with warm water | 5 | full of warm water",
    "taking a long bath | full of warm water and foam | 20",
    "scrubbing the bathtub | being scrubbed | 10",
    becomes=(
        "filling with warm water | 10 | running over onto the floor",
        "full of warm water | 45 | full of cold water",
    ),
)  # fmt: skip
ARMCHAIR = thing(
    "armchair", "armchair", "free",
    "reading in the armchair | with someone reading in it | 20",
    "dozing in the armchair | with someone dozing in it | 20",
    "thinking things over in the armchair | with someone deep in thought in it | 15",
    solid=False,
)  # fmt: skip
PIANO = thing(
    "piano", "piano", "closed",
    "playing the piano | being played | 15",
    "practising scales | sounding up and down | 20",
)  # fmt: skip
RADIO = thing(
    "radio", "radio", "silent",
    "listening to the radio | playing a concert | 20",
    "hearing the evening news | with the news on | 15",
)  # fmt: skip
TELEVISION = thing(
    "television", "television", "dark",
    "watching a film | showing a film | 20",
    "watching the news | showing the news | 15",
    seats=3,
)  # fmt: skip
TOMATOES = thing(
    "tomato bed", "tomatoes", "with ripening tomatoes",
    "watering the tomatoes | freshly watered | 10",
    "picking tomatoes | half picked | 10",
    "tying up the tomato plants | neatly tied to its canes | 15",
)  # fmt: skip
CABBAGES = thing(
    "vegetable patch", "cabbages", "freshly raked",
    "hoeing the vegetables | freshly hoed | 15",
    "harvesting cabbages | with cut cabbages in a basket | 10",
    "watering the vegetables | freshly watered | 10",
)  # fmt: skip
ROSES = thing(
    "rose bed", "roses", "in bloom",
    "pruning the roses | with cut twigs lying around | 15",
    "watering the roses | wet and fragrant | 10",
    "cutting roses for a vase | with a few stems missing | 5",
)  # fmt: skip
FLOWERS = thing(
    "flower bed", "flower_bed", "in bloom",
    "watering the flowers | wet and fragrant | 10",
    "weeding the flowers | freshly weeded | 15",
    "cutting flowers for a vase | with a few stems missing | 5",
)  # fmt: skip
HERBS = thing(
    "herb bed", "herbs", "fragrant",
    "picking herbs | with some stems cut | 5",
    "weeding the herbs | freshly weeded | 15",
)  # fmt: skip
WASHING_LINE = thing(
    "washing line", "washing_line", "empty",
    "hanging out the washing | half hung | 15 | hung with wet washing",
    "taking in the washing | half cleared | 10",
    becomes=("hung with wet washing | 120 | hung with dry washing",),
)  # fmt: skip

HOME: dict[str, Furniture] = {
    **COMMON,
    "w": WARDROBE,
    "d": DRAWERS,
    "m": DRESSING_TABLE,
    "K": WRITING_DESK,
    "k": SMALL_DESK,
    "h": BASIN,
    "t": TOILET,
    "s": SHOWER,
    "u": BATHTUB,
    "c": STOVE,
    "n": SINK,
    "f": FRIDGE,
    "T": table("table", "table_wide", 4),
    "L": table("long table", "table_long", 5),
    "r": table("round table", "table_round", 2),
    "a": ARMCHAIR,
    "l": bookcase(),
    "i": hearth(
        "fireplace",
        "warming up by the fire | burning brightly | 15",
        "telling stories by the fire | burning brightly | 15",
    ),
    "P": PIANO,
    "R": RADIO,
    "V": CABBAGES,
    "Z": bench("garden bench", "reading outdoors | with someone reading on it | 20"),
}  # fmt: skip

BATHROOM = "where one washes and uses the toilet"


def bathroom(floor: str = "bath", description: str = f"{BATHROOM}, and takes a shower") -> Floor:
    """Return a bathroom, which one person uses at a time."""
    return Floor("bathroom", description, floor, capacity=1)


# -- public places ---------------------------------------------------------------------------------------------------


def cafe_table(name: str, sprite: str = "table_round") -> Furniture:
    """Return a table of the cafe."""
    return thing(
        name, sprite, "free",
        "drinking a coffee | with coffee cups on it | 15 | with empty cups on it",
        "eating breakfast | laid with breakfast | 20 | with dirty plates on it",
        "eating cake | with cake plates on it | 15",
        "chatting over tea | with a pot of tea on it | 20",
        seats=2,
    )  # fmt: skip


def shelves(name: str, one: str, many: str, sprite: str = "bookcase") -> Furniture:
    """Return shelves of the library."""
    return thing(
        name, sprite, "in good order",
        f"looking for {one} | with one book pulled out | 10",
        f"shelving {many} | with a trolley of books before it | 15",
        f"leafing through {many} | with a few books lying open | 15",
    )  # fmt: skip


def stall(name: str, sprite: str, wares: str, asking: str) -> Furniture:
    """Return a stall of the market."""
    return thing(
        name, sprite, f"laid out with {wares}",
        f"selling {wares} | with a customer before it | 20",
        f"buying {wares} | with a customer before it | 5",
        f"{asking} | with someone asking questions | 5",
        seats=4,
    )  # fmt: skip
