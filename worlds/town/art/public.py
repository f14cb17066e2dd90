"""The public places of Thorp."""

from __future__ import annotations

from worlds.town.art.plan import Ground, Room, Thing
from worlds.town.places import Rect


def public_places() -> tuple[Ground, ...]:
    """Return library, school, cafe, shop, pub, park and allotments."""
    return (_library(), _school(), _cafe(), _shop(), _pub(), _park(), _allotments())


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
        "Thorp Library", "library", Rect(29, 3, 8, 13), "the village library, where one reads, studies and borrows books",
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
            Room("office", Rect(42, 3, 7, 3), "where the teachers prepare, telephone and drink tea", "carpet_blue", office),
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


def _pub() -> Ground:
    bar = (
        Thing("bar counter", "bar_counter", 46, 23, "wiped clean",
              "pulling a pint | with a pint being pulled | 5\n"
              "having a drink at the bar | with drinks on it | 20\n"
              "wiping the bar | wet and shining | 5", 4),
        Thing("bottle shelf", "bottle_shelf", 47, 23, "full of bottles",
              "mixing a drink | with a bottle missing | 5\n"
              "polishing the glasses | with a row of shining glasses | 10"),
        Thing("hearth", "fireplace", 42, 23, "glowing",
              "warming up by the hearth | burning brightly | 10\n"
              "stoking the hearth | sending up sparks | 5"),
        Thing("round table", "table_round", 43, 25, "free",
              "having a drink with friends | crowded with glasses | 20\n"
              "eating pie and chips | with plates of pie and chips | 20\n"
              "playing cards | with cards dealt out on it | 20", 4),
    )  # fmt: skip
    back = (
        Thing("billiard table", "billiard_table", 45, 29, "with the balls racked",
              "playing billiards | with balls rolling | 20\n"
              "brushing the cloth | being brushed | 5", 2),
        Thing("dartboard", "dartboard", 42, 28, "with three darts in it",
              "playing darts | with a dart in the bull | 15\n"
              "practising darts | with darts all over it | 10", 2, solid=False),
        Thing("old piano", "piano", 47, 28, "closed",
              "playing a tune on the old piano | being played | 10\n"
              "singing along at the piano | surrounded by singers | 15", 2),
        Thing("corner seat", "bench", 42, 30, "empty",
              "having a quiet talk | with people talking on it | 20\n"
              "reading the paper over a drink | with a drink beside it | 15", 2, solid=False),
    )  # fmt: skip
    return Ground(
        "The Lantern", "pub", Rect(41, 22, 9, 10), "the village pub, where one drinks, eats, plays and sings",
        (
            Room("bar", Rect(42, 23, 7, 4), "the bar, the hearth and a table to drink at", "planks_dark", bar),
            Room("back room", Rect(42, 28, 7, 3), "billiards, darts and an old piano", "carpet_red", back),
        ),
        ("12:00", "23:30"), Rect(41, 22, 9, 10), "timber", ((44, 22), (44, 27)),
    )  # fmt: skip


def _park() -> Ground:
    bandstand = (
        Thing("bandstand", "bandstand", 53, 24, "empty",
              "playing music on the bandstand | with music being played | 20\n"
              "giving a speech | with someone speaking | 10\n"
              "dancing on the bandstand | with people dancing | 10", 6, solid=False),
        Thing("flower bed", "flower_bed", 57, 23, "in bloom",
              "admiring the flowers | admired by a passer-by | 5\n"
              "planting flowers | with freshly dug earth | 15"),
        Thing("listeners' bench", "bench", 51, 27, "empty", _BENCH, 2, solid=False),
        Thing("notice board", "notice_board", 51, 23, "with a few notices",
              "reading the notices | with someone reading it | 5\n"
              "pinning up a notice | with a new notice | 5"),
    )  # fmt: skip
    pond = (
        Thing("pond", "", 52, 30, "calm, with ducks", "feeding the ducks | with ducks crowding for bread | 10\n"
              "watching the ducks | calm, with ducks | 15\nsailing a toy boat | with a toy boat on it | 15",
              4, rect=Rect(52, 30, 5, 3)),
        Thing("pond bench", "bench", 53, 34, "empty", _BENCH, 2, solid=False),
    )  # fmt: skip
    playground = (
        Thing("swings", "swings", 51, 37, "hanging still",
              "swinging | swinging back and forth | 10\n"
              "pushing a child on the swing | swinging high | 10", 2),
        Thing("slide", "slide", 57, 37, "empty",
              "sliding down | with someone sliding down | 5\n"
              "climbing the slide | with someone on the ladder | 5", 2),
        Thing("sandpit", "sandpit", 54, 36, "raked smooth",
              "building a sandcastle | with a sandcastle in it | 15\n"
              "digging a hole | with a deep hole in it | 10", 3, solid=False),
    )  # fmt: skip
    return Ground(
        "Willow Park", "park", Rect(50, 22, 9, 17), "the village park, where one strolls, plays, hears music and rests",
        (
            Room("bandstand green", Rect(50, 22, 9, 7), "a lawn around the bandstand, for music and rest", "", bandstand),
            Room("pond side", Rect(50, 29, 9, 6), "the bank of the duck pond under the willow", "", pond),
            Room("playground", Rect(50, 35, 9, 4), "swings, a slide and a sandpit for children", "", playground),
        ),
    )  # fmt: skip


def _allotments() -> Ground:
    plots = (
        Thing("tomato rows", "tomatoes", 42, 34, "with ripening tomatoes",
              "watering the tomatoes | freshly watered | 10\n"
              "picking tomatoes | half picked | 10"),
        Thing("cabbage patch", "cabbages", 45, 34, "neatly hoed",
              "hoeing the cabbages | freshly hoed | 15\n"
              "picking caterpillars off the cabbages | being looked over | 10"),
        Thing("bean poles", "beans", 42, 37, "climbing and green",
              "picking beans | half picked | 10\n"
              "tying up the beans | neatly tied up | 10"),
        Thing("tool shed", "shed", 47, 36, "shut",
              "fetching tools | standing open | 5\n"
              "repairing a tool | open, with tools on the step | 15"),
        Thing("compost heap", "compost", 45, 37, "steaming a little",
              "turning the compost | freshly turned | 15\n"
              "emptying a bucket of peelings | with fresh peelings on top | 5"),
    )  # fmt: skip
    return Ground(
        "The Allotments", "garden", Rect(41, 33, 8, 6), "vegetable plots that the villagers tend together",
        (Room("plots", Rect(41, 33, 8, 6), "beds of tomatoes, cabbages and beans with a tool shed", "", plots),),
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
_BENCH = (
    "sitting in the sun | with someone sitting on it | 15\nwatching people go by | with someone sitting on it | 10\n"
    "chatting on the bench | with people chatting on it | 15"
)
