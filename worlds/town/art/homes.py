"""The five homes of Thorp."""

from __future__ import annotations

from worlds.town.art.plan import Ground, Room, Thing
from worlds.town.places import Rect


def homes() -> tuple[Ground, ...]:
    """Return the homes from west to east, north before south."""
    return (_mill_house(), _rose_cottage(), _fern_cottage(), _orchard_house(), _shop_flat())


def _mill_house() -> Ground:
    bedroom = (
        Thing("double bed", "double_bed_blue", 2, 4, "made", _SLEEP, 2, solid=False),
        Thing("wardrobe", "wardrobe", 5, 4, "closed", _WARDROBE),
        Thing("writing desk", "desk", 5, 7, "tidy",
              "writing a letter | with a half-written letter on it | 20\n"
              "paying the bills | covered in bills | 15\n"
              "keeping a diary | with a diary lying open on it | 10"),
    )  # fmt: skip
    bathroom = (
        Thing("washbasin", "washbasin", 8, 4, "clean", _BASIN),
        Thing("toilet", "toilet", 9, 4, "free", _TOILET),
        Thing("bathtub", "bathtub", 10, 6, "empty",
              "taking a long bath | full of warm water and foam | 20\n"
              "scrubbing the bathtub | being scrubbed | 10"),
    )  # fmt: skip
    living = (
        Thing("fireplace", "fireplace", 2, 9, "cold",
              "lighting the fire | crackling with a young fire | 5\n"
              "warming up by the fire | burning brightly | 15\n"
              "sweeping out the ashes | being swept out | 10"),
        Thing("bookcase", "bookcase", 5, 9, "full of books",
              "choosing a novel | with one book pulled out | 5\n"
              "dusting the books | being dusted | 10\n"
              "looking something up in the encyclopedia | with the encyclopedia lying open | 10"),
        Thing("sofa", "sofa_green", 2, 12, "free", _SOFA, 2, solid=False),
    )  # fmt: skip
    kitchen = (
        Thing("stove", "stove", 8, 9, "off", _STOVE),
        Thing("sink", "sink", 9, 9, "empty", _SINK),
        Thing("fridge", "fridge", 10, 9, "humming quietly", _FRIDGE),
        Thing("dining table", "table_wide", 9, 11, "bare", _TABLE, 4),
    )  # fmt: skip
    return Ground(
        "Mill House", "home", Rect(1, 3, 12, 13), "the old mill by the river, a roomy home to sleep, cook and live in",
        (
            Room("bedroom", Rect(2, 4, 5, 4), "a quiet room to sleep, dress and write in", "planks", bedroom),
            Room("bathroom", Rect(8, 4, 3, 4), "where one washes, bathes and uses the toilet", "bath", bathroom),
            Room("living room", Rect(2, 9, 5, 4), "a room to sit by the fire, read and talk in", "planks_dark", living),
            Room("kitchen", Rect(8, 9, 3, 4), "where meals are cooked and eaten", "tiles", kitchen),
            Room("mill yard", Rect(1, 14, 12, 2), "the yard by the river, with the vegetables and the mill wheel", "", (
                Thing("vegetable patch", "cabbages", 8, 14, "freshly raked", _VEGETABLES),
                Thing("chopping block", "chopping_block", 2, 14, "with an axe stuck in it",
                      "chopping firewood | with split logs around it | 15\n"
                      "stacking firewood | with a neat stack of wood beside it | 10\n"
                      "sharpening the axe | with a whetstone on it | 5"),
            )),
        ),
        building=Rect(1, 3, 11, 11), walls="stone", doors=((4, 13), (4, 8), (7, 11), (7, 5)),
    )  # fmt: skip


def _rose_cottage() -> Ground:
    bedroom = (
        Thing("bed", "double_bed_rose", 19, 3, "made", _SLEEP, 2, solid=False),
        Thing("wardrobe", "wardrobe", 22, 3, "closed", _WARDROBE),
        Thing("dressing table", "dressing_table", 21, 3, "tidy",
              "brushing hair | with a hairbrush and pins on it | 5\n"
              "putting on jewellery | with a jewellery box open on it | 5"),
    )  # fmt: skip
    bathroom = (
        Thing("washbasin", "washbasin", 24, 3, "clean", _BASIN),
        Thing("toilet", "toilet", 25, 3, "free", _TOILET),
        Thing("shower", "shower", 25, 5, "dry", _SHOWER),
    )  # fmt: skip
    kitchen = (
        Thing("stove", "stove", 19, 7, "off", _STOVE),
        Thing("sink", "sink", 20, 7, "empty", _SINK),
        Thing("dresser", "dresser", 22, 7, "full of china", _DRESSER),
        Thing("kitchen table", "table_wide", 19, 9, "bare", _TABLE, 3),
        Thing("armchair", "armchair", 25, 7, "free",
              "knitting a scarf | with wool and needles on it | 20\n"
              "dozing in the armchair | with someone dozing in it | 20\n"
              "listening to the radio | with the radio playing beside it | 15", solid=False),
        Thing("sewing machine", "sewing_machine", 25, 9, "covered",
              "sewing a dress | rattling over a piece of cloth | 20\n"
              "mending a shirt | with a torn shirt under its needle | 15"),
    )  # fmt: skip
    garden = (
        Thing("rose bed", "roses", 19, 12, "in bloom",
              "pruning the roses | with cut twigs lying around | 15\n"
              "watering the roses | wet and fragrant | 10\n"
              "cutting roses for a vase | with a few stems missing | 5"),
        Thing("tomato bed", "tomatoes", 24, 12, "with ripening tomatoes",
              "watering the tomatoes | freshly watered | 10\n"
              "picking tomatoes | half picked | 10\n"
              "tying up the tomato plants | neatly tied to its canes | 15"),
        Thing("garden bench", "bench", 19, 14, "empty", _BENCH, 2, solid=False),
        Thing("beehive", "beehive", 25, 14, "humming",
              "looking after the bees | open, with bees all around | 15\n"
              "taking out honey | with a comb lifted out | 20"),
    )  # fmt: skip
    return Ground(
        "Rose Cottage", "home", Rect(18, 2, 9, 15), "a small cottage with a rose garden, a home to sleep and cook in",
        (
            Room("bedroom", Rect(19, 3, 4, 3), "a rosy room to sleep and dress in", "carpet_rose", bedroom),
            Room("bathroom", Rect(24, 3, 2, 3), "where one washes, showers and uses the toilet", "bath", bathroom),
            Room("kitchen", Rect(19, 7, 7, 3), "a warm kitchen to cook, eat, sew and sit in", "planks", kitchen),
            Room("garden", Rect(19, 11, 7, 5), "a garden of roses, tomatoes and bees", "", garden),
        ),
        building=Rect(18, 2, 9, 9), walls="rose", doors=((22, 10), (21, 6), (24, 6)),
    )  # fmt: skip


def _fern_cottage() -> Ground:
    bedroom = (
        Thing("bed", "bed_green", 57, 4, "made", _SLEEP, solid=False),
        Thing("wardrobe", "wardrobe", 55, 4, "closed", _WARDROBE),
    )  # fmt: skip
    bathroom = (
        Thing("washbasin", "washbasin", 52, 4, "clean", _BASIN),
        Thing("shower", "shower", 53, 4, "dry", _SHOWER),
        Thing("toilet", "toilet", 52, 6, "free", _TOILET),
    )  # fmt: skip
    studio = (
        Thing("stove", "stove", 54, 8, "off", _STOVE),
        Thing("sink", "sink", 55, 8, "empty", _SINK),
        Thing("table", "table_wide", 52, 10, "bare", _TABLE, 2),
        Thing("easel", "easel", 57, 10, "with an empty canvas",
              "painting a landscape | with a half-painted landscape | 20\n"
              "sketching a portrait | with a pencil sketch on it | 15\n"
              "stretching a canvas | with a fresh canvas being stretched | 10"),
        Thing("paint shelf", "paint_shelf", 57, 8, "full of jars",
              "mixing colours | with open jars of paint | 10\n"
              "cleaning the brushes | with wet brushes in a jar | 5"),
        Thing("pottery wheel", "pottery_wheel", 55, 11, "still",
              "throwing a pot | turning, with wet clay on it | 20\n"
              "cleaning the pottery wheel | being wiped clean | 10"),
    )  # fmt: skip
    return Ground(
        "Fern Cottage", "home", Rect(51, 3, 8, 13), "a painter's cottage, a home with a studio to paint and cook in",
        (
            Room("bathroom", Rect(52, 4, 2, 3), "where one washes, showers and uses the toilet", "bath", bathroom),
            Room("bedroom", Rect(55, 4, 3, 3), "a small room to sleep and dress in", "planks", bedroom),
            Room("studio", Rect(52, 8, 6, 4), "a bright room to paint, make pots, cook and eat in", "planks_grey",
                 studio),
            Room("front garden", Rect(51, 13, 8, 3), "a wild garden with ferns and a herb bed", "", (
                Thing("herb bed", "herbs", 57, 14, "fragrant",
                      "picking herbs | with some stems cut | 5\n"
                      "weeding the herbs | freshly weeded | 15"),
            )),
        ),
        building=Rect(51, 3, 8, 10), walls="timber", doors=((54, 12), (53, 7), (56, 7)),
    )  # fmt: skip


def _orchard_house() -> Ground:
    kitchen = (
        Thing("stove", "stove", 2, 24, "off", _STOVE),
        Thing("sink", "sink", 3, 24, "empty", _SINK),
        Thing("fridge", "fridge", 4, 24, "humming quietly", _FRIDGE),
        Thing("family table", "table_long", 2, 26, "bare", _TABLE, 5),
        Thing("fireplace", "fireplace", 8, 24, "cold",
              "telling stories by the fire | burning brightly | 15\n"
              "roasting chestnuts | glowing, with chestnuts in a pan | 15"),
        Thing("piano", "piano", 10, 24, "closed",
              "playing the piano | being played | 15\n"
              "practising scales | sounding up and down | 20"),
        Thing("sofa", "sofa_red", 7, 27, "free", _SOFA, 2, solid=False),
    )  # fmt: skip
    parents = (
        Thing("double bed", "double_bed_cream", 2, 29, "made", _SLEEP, 2, solid=False),
        Thing("chest of drawers", "drawers", 2, 32, "closed",
              "folding the laundry | with folded laundry on it | 10\n"
              "getting dressed | with open drawers | 10"),
    )  # fmt: skip
    bathroom = (
        Thing("washbasin", "washbasin", 7, 29, "clean", _BASIN),
        Thing("toilet", "toilet", 7, 32, "free", _TOILET),
        Thing("shower", "shower", 6, 32, "dry", _SHOWER),
    )  # fmt: skip
    children = (
        Thing("blue bed", "bed_blue", 9, 29, "made", _SLEEP, solid=False),
        Thing("red bed", "bed_red", 11, 29, "made", _SLEEP, solid=False),
        Thing("toy chest", "toy_chest", 9, 32, "closed",
              "building with blocks | open, with blocks all around | 20\n"
              "playing with the train | with a toy train beside it | 20\n"
              "tidying up the toys | being filled | 10", 2),
        Thing("small desk", "desk_small", 11, 32, "tidy",
              "doing homework | covered in exercise books | 20\n"
              "drawing a picture | with crayons all over it | 15"),
    )  # fmt: skip
    garden = (
        Thing("apple tree", "apple_tree", 2, 36, "heavy with apples",
              "picking apples | with a ladder against it | 15\n"
              "pruning the apple tree | with cut branches below | 15\n"
              "resting in the shade of the apple tree | with someone resting below | 20", 2),
        Thing("washing line", "washing_line", 6, 36, "empty",
              "hanging out the washing | hung with wet washing | 15\n"
              "taking in the washing | half cleared | 10"),
        Thing("hen house", "hen_house", 10, 36, "with hens scratching around",
              "feeding the hens | with hens pecking grain | 5\n"
              "collecting eggs | with an open nest box | 5\n"
              "mucking out the hen house | half mucked out | 15"),
    )  # fmt: skip
    return Ground(
        "Orchard House", "home", Rect(1, 23, 12, 16), "the home of a family, with an orchard and hens behind it",
        (
            Room("kitchen", Rect(2, 24, 10, 4), "a large kitchen to cook, eat and make music in", "planks", kitchen),
            Room("parents' bedroom", Rect(2, 29, 3, 4), "where the parents sleep and dress", "carpet_blue", parents),
            Room("bathroom", Rect(6, 29, 2, 4), "where one washes, showers and uses the toilet", "bath", bathroom),
            Room("children's room", Rect(9, 29, 3, 4), "where the children sleep, play and learn", "carpet_green",
                 children),
            Room("orchard", Rect(1, 34, 12, 5), "apple trees, hens and the washing line", "", garden),
        ),
        building=Rect(1, 23, 12, 11), walls="brick", doors=((6, 23), (4, 28), (6, 28), (10, 28)),
    )  # fmt: skip


def _shop_flat() -> Ground:
    living = (
        Thing("stove", "stove", 30, 30, "off", _STOVE),
        Thing("sink", "sink", 31, 30, "empty", _SINK),
        Thing("bookcase", "bookcase", 33, 30, "full of paperbacks",
              "choosing a paperback | with one book pulled out | 5\n"
              "sorting the books | half sorted, with piles before it | 15"),
        Thing("record player", "record_player", 36, 30, "off",
              "listening to records | playing an old record | 20\n"
              "dancing to a record | playing dance music | 10"),
        Thing("table", "table_round", 30, 32, "bare", _TABLE, 2),
        Thing("sofa", "sofa_blue", 33, 32, "free", _SOFA, 2, solid=False),
    )  # fmt: skip
    bedroom = (
        Thing("bed", "double_bed_green", 30, 34, "made", _SLEEP, 2, solid=False),
        Thing("wardrobe", "wardrobe", 33, 34, "closed", _WARDROBE),
        Thing("guitar", "guitar", 33, 36, "on its stand",
              "playing the guitar | being played | 15\n"
              "writing a song | with scribbled verses beside it | 20\n"
              "tuning the guitar | with one string slack | 5"),
    )  # fmt: skip
    bathroom = (
        Thing("washbasin", "washbasin", 36, 34, "clean", _BASIN),
        Thing("toilet", "toilet", 36, 35, "free", _TOILET),
        Thing("shower", "shower", 36, 36, "dry", _SHOWER),
    )  # fmt: skip
    return Ground(
        "The Flat behind the Shop", "home", Rect(29, 29, 9, 9), "a home for two, to sleep, cook and play music in",
        (
            Room("living room", Rect(30, 30, 7, 3), "a room to cook, eat, read and hear records in", "planks_dark",
                 living),
            Room("bedroom", Rect(30, 34, 4, 3), "a room to sleep, dress and play the guitar in", "planks", bedroom),
            Room("bathroom", Rect(35, 34, 2, 3), "where one washes, showers and uses the toilet", "bath", bathroom),
        ),
        building=Rect(29, 29, 9, 9), walls="cream", doors=((37, 31), (32, 33), (35, 33)),
    )  # fmt: skip


_SLEEP = (
    "sleeping | slept in | 20\n"
    "taking a nap | with someone napping in it | 20\n"
    "reading in bed | with a reading lamp on beside it | 15\n"
    "making the bed | half made | 5"
)
_WARDROBE = "getting dressed | standing open | 10\nhanging up clothes | with clothes being hung in it | 5"
_BASIN = (
    "brushing teeth | with running water | 5\nwashing hands and face | with running water | 5\n"
    "shaving | with a razor and foam on the rim | 10"
)
_TOILET = "using the toilet | occupied | 5\ncleaning the toilet | being cleaned | 10"
_SHOWER = "taking a shower | running, in clouds of steam | 10\ncleaning the shower | being scrubbed | 10"
_SOFA = (
    "resting on the sofa | with someone resting on it | 15\nreading a magazine | with magazines on it | 15\n"
    "chatting on the sofa | with people chatting on it | 20"
)
_STOVE = (
    "cooking a meal | hot, with a pan on it | 20\nboiling water for tea | with a kettle coming to the boil | 5\n"
    "frying eggs | sizzling with eggs in a pan | 10\nwiping the stove | being wiped clean | 5"
)
_SINK = "washing the dishes | full of suds and dishes | 10\nrinsing vegetables | with vegetables in it | 5"
_FRIDGE = (
    "taking something out of the fridge | standing open | 5\nputting away the groceries | open and filling up | 10"
)
_TABLE = (
    "eating a meal | laid for a meal | 20\ndrinking a cup of tea | with a teapot and cups on it | 10\n"
    "reading the newspaper | with a newspaper spread out on it | 15\n"
    "chopping vegetables | with chopped vegetables on it | 10"
)
_DRESSER = "setting out the china | with its doors open | 5\npolishing the silver | with silver laid out on it | 15"
_BENCH = (
    "sitting in the sun | with someone sitting on it | 15\nreading outdoors | with someone reading on it | 20\n"
    "chatting on the bench | with people chatting on it | 15"
)
_VEGETABLES = (
    "hoeing the vegetables | freshly hoed | 15\nharvesting cabbages | with cut cabbages in a basket | 10\n"
    "watering the vegetables | freshly watered | 10"
)
