"""The public buildings of Thorp where people work."""

from __future__ import annotations

from worlds.town.art.plan import Ground, Room, Thing
from worlds.town.places import Rect


def public_places() -> tuple[Ground, ...]:
    """Return library, school, cafe and shop."""
    return (_library(), _school(), _cafe(), _shop())


def _library() -> Ground:
    stacks = (
        Thing("fiction shelves", "bookcase", 30, 4, "in good order", _SHELVES.format("a novel", "novels")),
        Thing("history shelves", "bookcase_old", 34, 4, "in good order", _SHELVES.format("a history", "histories")),
        Thing("nature shelves", "bookcase", 30, 7, "in good order", _SHELVES.format("a book on birds", "nature books")),
        Thing("village archive", "filing_cabinet", 35, 7, "locked",
              "searching the village archive | with one drawer pulled out | 20\n"
              "filing old photographs | with photographs laid out on it | 15"),
    )  # fmt: skip
    reading = (
        Thing("lending desk", "library_desk", 30, 11, "staffed and tidy",
              "stamping returned books | with a pile of returned books | 10\n"
              "borrowing a book | with someone being served | 5\n"
              "cataloguing new books | covered in new books | 20", 2),
        Thing("reading table", "table_wide", 33, 12, "free",
              "reading a book | with an open book on it | 20\n"
              "studying for an exam | covered in notes | 20\n"
              "writing an essay | with a notebook and books on it | 20", 4),
        Thing("newspaper rack", "newspaper_rack", 35, 10, "full of today's papers",
              "reading the headlines | with one paper missing | 10\n"
              "sorting the newspapers | being sorted | 5"),
        Thing("reading chair", "armchair", 30, 14, "free",
              "reading poetry | with someone reading in it | 20\n"
              "leafing through a magazine | with someone leafing through a magazine | 10", solid=False),
        Thing("computer", "computer", 35, 14, "switched off",
              "searching the internet | showing search results | 15\n"
              "writing an email | showing a half-written email | 10"),
    )  # fmt: skip
    return Ground(
        "Thorp Library", "library", Rect(29, 3, 8, 13), "the village library, where one reads and borrows books",
        (
            Room("stacks", Rect(30, 4, 6, 5), "shelves full of books and the village archive", "carpet_red", stacks),
            Room("reading room", Rect(30, 10, 6, 5), "tables and chairs to read and study at", "planks_dark", reading),
        ),
        ("09:00", "18:00"), Rect(29, 3, 8, 13), "brick", ((33, 15), (32, 9)),
    )  # fmt: skip


def _school() -> Ground:
    office = (
        Thing("office desk", "desk", 44, 4, "tidy",
              "marking tests | covered in tests | 20\n"
              "telephoning with parents | with the telephone off the hook | 10\n"
              "preparing a lesson | with lesson notes on it | 20"),
        Thing("filing cabinet", "filing_cabinet", 43, 3, "locked",
              "looking up a pupil's file | with one drawer open | 5\n"
              "filing reports | with reports piled on top | 10"),
        Thing("photocopier", "photocopier", 47, 3, "on standby",
              "copying worksheets | humming and flashing | 5\n"
              "clearing a paper jam | standing open | 10"),
        Thing("tea kettle", "tea_corner", 48, 3, "cold",
              "making a pot of tea | steaming | 5\n"
              "washing the cups | with wet cups beside it | 5"),
    )  # fmt: skip
    classroom = (
        Thing("blackboard", "blackboard", 44, 7, "wiped clean",
              "teaching a lesson at the blackboard | covered in sums | 20\n"
              "solving a sum at the blackboard | with a half-solved sum | 5\n"
              "wiping the blackboard | half wiped | 5", 2, solid=False),
        Thing("teacher's desk", "teacher_desk", 47, 8, "tidy",
              "calling the register | with the register open on it | 5\n"
              "correcting exercise books | piled with exercise books | 20"),
        Thing("front desks", "", 42, 8, "empty", _LESSON, 2, rect=Rect(42, 8, 3, 2)),
        Thing("back desks", "", 42, 10, "empty", _LESSON, 4, rect=Rect(42, 10, 7, 2)),
    )  # fmt: skip
    yard = (
        Thing("climbing frame", "climbing_frame", 42, 14, "empty",
              "climbing to the top | with someone at the top | 10\n"
              "hanging upside down | with someone hanging from it | 5", 3),
        Thing("hopscotch", "hopscotch", 47, 14, "freshly chalked",
              "playing hopscotch | with someone hopping over it | 10\n"
              "chalking the hopscotch | half chalked | 5", 2, solid=False),
    )  # fmt: skip
    return Ground(
        "Thorp School", "school", Rect(41, 2, 9, 15), "the village school, where children learn and teachers teach",
        (
            Room("office", Rect(42, 3, 7, 3), "where teachers prepare, telephone and drink tea", "carpet_blue", office),
            Room("classroom", Rect(42, 7, 7, 5), "where lessons are taught and learnt", "planks", classroom),
            Room("school yard", Rect(41, 13, 9, 3), "where the children play in the break", "paving", yard),
        ),
        ("08:00", "16:00"), Rect(41, 2, 9, 11), "brick", ((45, 12), (42, 6)),
    )  # fmt: skip


def _cafe() -> Ground:
    dining = (
        Thing("counter", "counter_tall", 24, 25, "wiped clean",
              "ordering a coffee | with someone being served | 5\n"
              "taking orders | with someone being served | 10\n"
              "wiping the counter | wet and shining | 5\n"
              "laying out the cakes | laden with cakes | 10", 2),
        Thing("coffee machine", "coffee_machine", 26, 25, "warm and ready",
              "making coffee | hissing and steaming | 5\n"
              "cleaning the coffee machine | taken apart | 10"),
        Thing("fireside table", "table_round", 20, 27, "free", _CAFE_TABLE, 2),
        Thing("corner table", "table_round", 22, 27, "free", _CAFE_TABLE, 2),
        Thing("fire", "fireplace", 19, 25, "glowing",
              "adding a log to the fire | flaring up | 5\n"
              "warming hands at the fire | burning brightly | 5"),
    )  # fmt: skip
    kitchen = (
        Thing("oven", "oven", 20, 30, "warm",
              "baking bread | hot, with loaves inside | 20\n"
              "baking a cake | hot, with a cake rising inside | 20\n"
              "taking out the croissants | open, with golden croissants | 5"),
        Thing("stove", "stove", 21, 30, "off",
              "stirring the soup | with a steaming pot of soup | 15\n"
              "cooking the lunch of the day | with three pans on it | 20"),
        Thing("sink", "sink", 22, 30, "empty",
              "washing cups and plates | full of cups and suds | 15\n"
              "scrubbing the pans | with a burnt pan in it | 10"),
        Thing("fridge", "fridge", 23, 30, "humming", "checking the supplies | standing open | 5\n"
              "putting away the milk | standing open | 5"),
        Thing("worktable", "worktable", 20, 32, "dusted with flour",
              "kneading dough | with a ball of dough on it | 15\n"
              "decorating a cake | with a half-decorated cake | 20\n"
              "making sandwiches | with bread and fillings on it | 10", 2),
    )  # fmt: skip
    terrace = (
        Thing("west terrace table", "parasol_table", 19, 22, "free", _CAFE_TABLE, 2),
        Thing("east terrace table", "parasol_table", 25, 22, "free", _CAFE_TABLE, 2),
        Thing("menu board", "menu_board", 23, 23, "showing the dishes of the day",
              "reading the menu | with someone reading it | 5\n"
              "writing the dishes of the day | half written | 5"),
    )  # fmt: skip
    return Ground(
        "Ember Cafe", "cafe", Rect(18, 21, 10, 13), "the village cafe, where one meets, drinks coffee and eats",
        (
            Room("dining room", Rect(19, 25, 8, 4), "tables by the fire to drink coffee and eat at", "planks", dining),
            Room("kitchen", Rect(19, 30, 8, 3), "where bread, cakes and lunches are made", "tiles", kitchen),
            Room("terrace", Rect(18, 21, 10, 3), "tables under parasols along the street", "paving", terrace),
        ),
        ("07:00", "19:00"), Rect(18, 24, 10, 10), "cream", ((22, 24), (26, 29)),
    )  # fmt: skip


def _shop() -> Ground:
    floor = (
        Thing("bread shelf", "bread_shelf", 30, 24, "full of fresh bread",
              "choosing a loaf | with one loaf being taken | 5\n"
              "stocking the bread | being filled | 10"),
        Thing("grocery shelves", "grocery_shelf", 32, 24, "well stocked",
              "buying groceries | with gaps between the tins | 10\n"
              "stocking the shelves | being filled | 15\n"
              "comparing prices | with someone comparing prices | 5", 2),
        Thing("vegetable crates", "vegetable_crates", 30, 26, "full and colourful",
              "picking out vegetables | with someone choosing vegetables | 5\n"
              "arranging the vegetables | being arranged | 10"),
        Thing("till", "till_counter", 32, 27, "closed",
              "serving a customer | ringing up a sale | 5\n"
              "paying for the shopping | ringing up a sale | 5\n"
              "counting the takings | open, with coins stacked beside it | 10", 2),
        Thing("ice cream freezer", "freezer", 30, 28, "humming",
              "choosing an ice cream | with its lid open | 5\n"
              "refilling the freezer | with its lid open | 10"),
    )  # fmt: skip
    store = (
        Thing("stock shelf", "stock_shelf", 36, 24, "half full",
              "counting the stock | with a list pinned to it | 15\n"
              "unpacking a delivery | with half-emptied boxes | 20"),
        Thing("parcel bench", "parcel_bench", 36, 28, "clear",
              "wrapping parcels | with paper and string on it | 10\n"
              "sorting the post | covered in letters | 15"),
    )  # fmt: skip
    return Ground(
        "Corner Shop", "shop", Rect(29, 23, 9, 6), "the village shop, where one buys bread, groceries and ice cream",
        (
            Room("shop floor", Rect(30, 24, 4, 5), "shelves, fresh vegetables and the till", "tiles", floor),
            Room("storeroom", Rect(35, 24, 2, 5), "where the stock and the parcels are kept", "planks_grey", store),
        ),
        ("08:00", "18:00"), Rect(29, 23, 9, 6), "cream", ((31, 23), (34, 26)),
    )  # fmt: skip


_SHELVES = (
    "looking for {0} | with one book pulled out | 10\nshelving {1} | with a trolley of books before it | 15\n"
    "leafing through {1} | with a few books lying open | 15"
)
_LESSON = (
    "listening to the lesson | with someone listening | 20\nwriting a test | with test papers on it | 20\n"
    "drawing in an exercise book | with crayons on it | 15\nwhispering with a neighbour | with whispering pupils | 5"
)
_CAFE_TABLE = (
    "drinking a coffee | with coffee cups on it | 15\neating breakfast | laid with breakfast | 20\n"
    "eating cake | with cake plates on it | 15\nchatting over tea | with a pot of tea on it | 20"
)
