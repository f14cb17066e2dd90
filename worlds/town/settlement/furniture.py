"""What stands in the rooms and gardens of a settlement, and what can be done with it."""

from __future__ import annotations

from worlds.town.art.drawing import Furniture, Legend


def _thing(name: str, sprites: str, state: str, *uses: str, seats: int = 1, solid: bool = True) -> Furniture:
    return Furniture(name, tuple(sprites.split()), state, uses, seats, solid)


_STOVE = _thing(
    "stove", "stove", "off",
    "cooking a meal | hot, with a pan on it | 20",
    "boiling water for tea | with a kettle coming to the boil | 5",
    "frying eggs | sizzling with eggs in a pan | 10",
)  # fmt: skip
_SINK = _thing("sink", "sink", "empty")
_FRIDGE = _thing("fridge", "fridge", "humming quietly")
_FIRE = _thing(
    "fireplace", "fireplace", "glowing",
    "warming up by the fire | burning brightly | 15",
    "adding a log to the fire | flaring up | 5",
)  # fmt: skip
_PIANO = _thing(
    "piano", "piano", "closed",
    "playing the piano | being played | 15",
    "singing along at the piano | surrounded by singers | 15",
    seats=2,
)  # fmt: skip
_BENCH = _thing(
    "bench", "bench", "empty",
    "sitting in the sun | with someone sitting on it | 15",
    "reading outdoors | with someone reading on it | 20",
    "chatting on the bench | with people chatting on it | 15",
    seats=2, solid=False,
)  # fmt: skip
_FLOWERS = _thing(
    "flower bed", "roses flower_bed", "in bloom",
    "watering the flowers | wet and fragrant | 10",
    "cutting flowers for a vase | with a few stems missing | 5",
)  # fmt: skip
_FILES = _thing(
    "filing cabinet", "filing_cabinet", "locked",
    "looking something up in the files | with one drawer open | 5",
    "filing papers | with papers piled on top | 10",
)  # fmt: skip
_COPIER = _thing("photocopier", "photocopier", "on standby", "making copies | humming and flashing | 5")
_KETTLE = _thing("tea kettle", "tea_corner", "cold", "making a pot of tea | steaming | 5")
_COMPUTER = _thing(
    "computer", "computer", "switched off",
    "writing an email | showing a half-written email | 10",
    "searching the internet | showing search results | 15",
    "working on a spreadsheet | showing long rows of figures | 20",
)  # fmt: skip
_WORKTABLE = _thing(
    "worktable", "worktable", "clear",
    "preparing the materials | covered in materials | 15",
    "packing up orders | with parcels on it | 10",
    seats=2,
)  # fmt: skip
_STOCK = _thing(
    "stock shelf", "stock_shelf", "half full",
    "counting the stock | with a list pinned to it | 15",
    "unpacking a delivery | with half-emptied boxes | 20",
)  # fmt: skip

HOME: Legend = {
    "b": _thing(
        "bed", "bed_blue bed_rose bed_cream bed_green bed_red", "made",
        "sleeping | slept in | 20",
        "reading in bed | with a reading lamp on beside it | 15",
        "making the bed | half made | 5",
        solid=False,
    ),
    "D": _thing(
        "double bed", "double_bed_blue double_bed_rose double_bed_cream double_bed_green", "made",
        "sleeping | slept in | 20",
        "taking a nap | with someone napping in it | 20",
        "making the bed | half made | 5",
        seats=2, solid=False,
    ),
    "w": _thing("wardrobe", "wardrobe dressing_table", "closed"),
    "k": _thing(
        "writing desk", "desk_small", "tidy",
        "writing a letter | with a half-written letter on it | 15",
        "doing homework | covered in exercise books | 20",
        "paying the bills | covered in bills | 15",
    ),
    "h": _thing(
        "washbasin", "washbasin", "clean",
        "brushing teeth | with running water | 5",
        "washing hands and face | with running water | 5",
    ),
    "t": _thing("toilet", "toilet", "free", "using the toilet | occupied | 5"),
    "s": _thing("shower", "shower", "dry", "taking a shower | running, in clouds of steam | 10"),
    "c": _STOVE,
    "n": _SINK,
    "f": _FRIDGE,
    "e": _thing(
        "table", "table_wide", "bare",
        "eating a meal | laid for a meal | 20",
        "drinking a cup of tea | with a teapot and cups on it | 10",
        "reading the newspaper | with a newspaper spread out on it | 15",
        seats=4,
    ),
    "o": _thing(
        "sofa", "sofa_green sofa_red sofa_blue", "free",
        "resting on the sofa | with someone resting on it | 15",
        "chatting on the sofa | with people chatting on it | 20",
        seats=2, solid=False,
    ),
    "l": _thing(
        "bookcase", "bookcase bookcase_old", "full of books",
        "choosing a novel | with one book pulled out | 5",
        "dusting the books | being dusted | 10",
    ),
    "i": _thing("fireplace", "fireplace", "glowing"),
    "v": _thing("flowers", "roses flower_bed herbs", "in bloom"),
    "z": _BENCH,
}  # fmt: skip
CAFE: Legend = {
    "C": _thing(
        "counter", "counter_tall", "wiped clean",
        "ordering a coffee | with someone being served | 5",
        "taking orders | with someone being served | 10",
        "wiping the counter | wet and shining | 5",
        seats=2,
    ),
    "m": _thing(
        "coffee machine", "coffee_machine", "warm and ready",
        "making coffee | hissing and steaming | 5",
        "cleaning the coffee machine | taken apart | 10",
    ),
    "T": _thing(
        "cafe table", "table_round", "free",
        "drinking a coffee | with coffee cups on it | 15",
        "eating breakfast | laid with breakfast | 20",
        "chatting over tea | with a pot of tea on it | 20",
        seats=2,
    ),
    "p": _thing(
        "terrace table", "parasol_table", "free",
        "drinking a lemonade | with glasses on it | 15",
        "eating cake outdoors | with cake plates on it | 15",
        seats=2,
    ),
    "O": _thing(
        "oven", "oven", "warm",
        "baking bread | hot, with loaves inside | 20",
        "baking a cake | hot, with a cake rising inside | 20",
    ),
    "W": _WORKTABLE,
    "c": _STOVE,
    "n": _SINK,
    "f": _FRIDGE,
    "i": _FIRE,
}  # fmt: skip
PUB: Legend = {
    "B": _thing(
        "bar counter", "bar_counter", "wiped clean",
        "pulling a pint | with a pint being pulled | 5",
        "having a drink at the bar | with drinks on it | 20",
        seats=4,
    ),
    "L": _thing(
        "bottle shelf", "bottle_shelf", "full of bottles",
        "mixing a drink | with a bottle missing | 5",
        "polishing the glasses | with a row of shining glasses | 10",
    ),
    "U": _thing(
        "round table", "table_round", "free",
        "having a drink with friends | crowded with glasses | 20",
        "eating pie and chips | with plates of pie and chips | 20",
        "playing cards | with cards dealt out on it | 20",
        seats=4,
    ),
    "P": _thing(
        "billiard table", "billiard_table", "with the balls racked",
        "playing billiards | with balls rolling | 20",
        seats=2,
    ),
    "p": _PIANO,
    "i": _FIRE,
    "o": HOME["o"],
}  # fmt: skip
SHOP: Legend = {
    "R": _thing(
        "bread shelf", "bread_shelf", "full of fresh bread",
        "choosing a loaf | with one loaf being taken | 5",
        "stocking the bread | being filled | 10",
    ),
    "G": _thing(
        "grocery shelves", "grocery_shelf", "well stocked",
        "buying groceries | with gaps between the tins | 10",
        "stocking the shelves | being filled | 15",
        seats=2,
    ),
    "V": _thing(
        "vegetable crates", "vegetable_crates", "full and colourful",
        "picking out vegetables | with someone choosing vegetables | 5",
    ),
    "I": _thing(
        "till", "till_counter", "closed",
        "serving a customer | ringing up a sale | 5",
        "paying for the shopping | ringing up a sale | 5",
        "counting the takings | open, with coins stacked beside it | 10",
        seats=2,
    ),
    "Z": _STOCK,
    "q": _thing(
        "parcel bench", "parcel_bench", "clear",
        "wrapping parcels | with paper and string on it | 10",
        "sorting the post | covered in letters | 15",
    ),
}  # fmt: skip
SCHOOL: Legend = {
    "K": _thing(
        "blackboard", "blackboard", "wiped clean",
        "teaching a lesson at the blackboard | covered in sums | 20",
        "solving a sum at the blackboard | with a half-solved sum | 5",
        seats=2, solid=False,
    ),
    "J": _thing(
        "teacher's desk", "teacher_desk", "tidy",
        "calling the register | with the register open on it | 5",
        "correcting exercise books | piled with exercise books | 20",
    ),
    "Y": _thing(
        "long desk", "table_long", "empty",
        "listening to the lesson | with someone listening | 20",
        "writing a test | with test papers on it | 20",
        "whispering with a neighbour | with whispering pupils | 5",
        seats=3,
    ),
    "d": _thing(
        "office desk", "desk", "tidy",
        "marking tests | covered in tests | 20",
        "preparing a lesson | with lesson notes on it | 20",
    ),
    "F": _FILES,
    "Q": _COPIER,
    "M": _KETTLE,
}  # fmt: skip
LIBRARY: Legend = {
    "S": _thing(
        "shelves", "bookcase bookcase_old", "in good order",
        "looking for a book | with one book pulled out | 10",
        "shelving books | with a trolley of books before it | 15",
    ),
    "A": _thing(
        "lending desk", "library_desk", "staffed and tidy",
        "stamping returned books | with a pile of returned books | 10",
        "borrowing a book | with someone being served | 5",
        "cataloguing new books | covered in new books | 20",
        seats=2,
    ),
    "E": _thing(
        "reading table", "table_wide", "free",
        "reading a book | with an open book on it | 20",
        "studying for an exam | covered in notes | 20",
        seats=4,
    ),
    "N": _thing(
        "newspaper rack", "newspaper_rack", "full of today's papers",
        "reading the headlines | with one paper missing | 10",
    ),
    "H": _COMPUTER,
}  # fmt: skip
OFFICE: Legend = {
    "d": _thing(
        "big desk", "desk", "tidy",
        "telephoning with a client | with the telephone off the hook | 10",
        "signing letters | with a folder of letters on it | 10",
    ),
    "E": _thing(
        "meeting table", "table_wide", "free",
        "holding a meeting | covered in papers and cups | 20",
        "eating lunch together | with lunch boxes on it | 20",
        seats=6,
    ),
    "F": _FILES,
    "H": _COMPUTER,
    "Q": _COPIER,
    "M": _KETTLE,
}  # fmt: skip
WORKSHOP: Legend = {
    "x": _thing(
        "pottery wheel", "pottery_wheel", "still",
        "throwing a pot | turning, with wet clay on it | 20",
        "cleaning the pottery wheel | being wiped clean | 10",
    ),
    "y": _thing(
        "easel", "easel", "with an empty canvas",
        "painting a landscape | with a half-painted landscape | 20",
        "sketching a portrait | with a pencil sketch on it | 15",
    ),
    "u": _thing(
        "sewing machine", "sewing_machine", "covered",
        "sewing a dress | rattling over a piece of cloth | 20",
        "mending a shirt | with a torn shirt under its needle | 15",
    ),
    "W": _WORKTABLE,
    "Z": _STOCK,
}  # fmt: skip
GARDEN: Legend = {
    "t": _thing(
        "tomato rows", "tomatoes", "with ripening tomatoes",
        "watering the tomatoes | freshly watered | 10",
        "picking tomatoes | half picked | 10",
    ),
    "c": _thing(
        "cabbage patch", "cabbages", "neatly hoed",
        "hoeing the cabbages | freshly hoed | 15",
        "harvesting cabbages | with cut cabbages in a basket | 10",
    ),
    "e": _thing("bean poles", "beans", "climbing and green", "picking beans | half picked | 10"),
    "x": _thing(
        "tool shed", "shed", "shut",
        "fetching tools | standing open | 5",
        "repairing a tool | open, with tools on the step | 15",
    ),
    "z": _BENCH,
}  # fmt: skip
PARK: Legend = {
    "X": _thing(
        "bandstand", "bandstand", "empty",
        "playing music on the bandstand | with music being played | 20",
        "giving a speech | with someone speaking | 10",
        seats=6, solid=False,
    ),
    "O": _thing(
        "pond", "", "calm, with ducks",
        "feeding the ducks | with ducks crowding for bread | 10",
        "watching the ducks | calm, with ducks | 15",
        seats=6,
    ),
    "N": _thing(
        "notice board", "notice_board", "with a few notices",
        "reading the notices | with someone reading it | 5",
    ),
    "s": _thing("swings", "swings", "hanging still", "swinging | swinging back and forth | 10", seats=2),
    "y": _thing("slide", "slide", "empty", "sliding down | with someone sliding down | 5", seats=2),
    "a": _thing(
        "sandpit", "sandpit", "raked smooth",
        "building a sandcastle | with a sandcastle in it | 15",
        seats=3, solid=False,
    ),
    "v": _FLOWERS,
    "z": _BENCH,
    "u": _thing("tree", "oak lime beech maple apple_tree", "green"),
}  # fmt: skip
