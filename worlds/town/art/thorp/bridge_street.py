"""The middle of the village, between the river and the crossing: rose garden, library, cafe and shop."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Line, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    COMMON,
    HOME,
    ROSES,
    TOMATOES,
    bathroom,
    bookcase,
    cafe_table,
    double_bed,
    shelves,
    sight,
    sofa,
    table,
    thing,
)  # fmt: skip

ROSE_COTTAGE = Plot(
    "Rose Cottage", "home", "a small cottage with a rose garden, a home to sleep and cook in", (58, 32),
    """
##=######
#DDmw#ht#
#DD..#,,#
#....#,s#
#%#+##+%#
#cn:EE:a#
#vv:::::#
#TT<:::M#
#=##+##=#
 ;;;;;;;
 QQ;;;XX
 ;;;;;;;
 ZZ;;;;H
 ;;;;;;;
""",
    {
        ".": Floor("bedroom", "a rosy room to sleep and dress in", "carpet_rose"),
        ",": bathroom(),
        ":": Floor("kitchen", "a warm kitchen to cook, eat, sew and sit in", "planks"),
        ";": Floor("garden", "a garden of roses, tomatoes and bees", ""),
    },
    HOME | {
        "D": double_bed("rose", "bed"),
        "T": table("kitchen table", "table_wide", 3),
        "E": thing(
            "dresser", "dresser", "full of china",
            "setting out the china | with its doors open | 5",
            "polishing the silver | with silver laid out on it | 15",
        ),
        "M": thing(
            "sewing machine", "sewing_machine", "covered",
            "sewing a dress | rattling over a piece of cloth | 20",
            "mending a shirt | with a torn shirt under its needle | 15",
        ),
        "Q": ROSES,
        "X": TOMATOES,
        "H": thing(
            "beehive", "beehive", "humming",
            "looking after the bees | open, with bees all around | 15",
            "taking out honey | with a comb lifted out | 20",
        ),
    },
    style="rose",
    extras=(("rug_red_2x2", 3, 2), ("rug_gold_2x2", 4, 6)),
)  # fmt: skip

LIBRARY = Plot(
    "Thorp Library", "library", "the village library, where one reads and borrows books", (69, 33),
    """
###==###
#AA..EE#
#.....*#
#......#
#NN...V#
#......#
##@+#%##
#,,,,,P#
#LL,vv,#
#,,,TT,#
#,,,^^<#
#a,*,,c#
##=#+#=#
""",
    {
        ".": Floor("stacks", "shelves full of books and the village archive", "carpet_red"),
        ",": Floor("reading room", "tables and chairs to read and study at", "planks_dark"),
    },
    COMMON | {
        "A": shelves("fiction shelves", "a novel", "novels"),
        "E": shelves("history shelves", "a history", "histories", "bookcase_old"),
        "N": shelves("nature shelves", "a book on birds", "nature books"),
        "V": thing(
            "village archive", "filing_cabinet", "locked",
            "searching the village archive | with one drawer pulled out | 20",
            "filing old photographs | with photographs laid out on it | 15",
        ),
        "L": thing(
            "lending desk", "library_desk", "staffed and tidy",
            "stamping returned books | with a pile of returned books | 10",
            "borrowing a book | with someone being served | 5",
            "cataloguing new books | covered in new books | 20",
            seats=2,
        ),
        "T": thing(
            "reading table", "table_wide", "free",
            "reading a book | with an open book on it | 20",
            "studying for an exam | covered in notes | 20",
            "writing an essay | with a notebook and books on it | 20",
            seats=4,
        ),
        "P": thing(
            "newspaper rack", "newspaper_rack", "full of today's papers",
            "reading the headlines | with one paper missing | 10",
            "sorting the newspapers | being sorted | 5",
        ),
        "a": thing(
            "reading chair", "armchair", "free",
            "reading poetry | with someone reading in it | 20",
            "leafing through a magazine | with someone leafing through a magazine | 10",
            solid=False,
        ),
        "c": thing(
            "computer", "computer", "switched off",
            "searching the internet | showing search results | 15",
            "writing an email | showing a half-written email | 10",
        ),
    },
    style="brick", hours=("09:00", "18:00"), extras=(("rug_blue_3x2", 3, 3),),
)  # fmt: skip

CAFE = Plot(
    "Ember Cafe", "cafe", "the village cafe, where one meets, drinks coffee and eats", (58, 51),
    """
::::::::::
>WW<::>EE<
p::p:M:::p
###=+@=###
#ii...K.m#
#...v.K..#
#>r.R.K..#
#*^.^....#
###%####+#
#,Ocnf,,,#
#,,,,,,,,#
#,kk,,,CB#
###=##=###
""",
    {
        ".": Floor("dining room", "tables by the fire to drink coffee and eat at", "planks"),
        ",": Floor("kitchen", "where bread, cakes and lunches are made", "tiles"),
        ":": Floor("terrace", "tables under parasols along the street", "paving"),
    },
    COMMON | {
        "p": sight("planter"),
        "K": thing(
            "counter", "counter_tall", "wiped clean",
            "ordering a coffee | with someone being served | 5",
            "taking orders | with someone being served | 10",
            "wiping the counter | wet and shining | 5",
            "laying out the cakes | laden with cakes | 10 | laden with cakes",
            seats=2,
        ),
        "m": thing(
            "coffee machine", "coffee_machine", "warm and ready",
            "making coffee | hissing and steaming | 5",
            "cleaning the coffee machine | taken apart | 10",
        ),
        "r": cafe_table("fireside table"),
        "R": cafe_table("corner table"),
        "i": thing(
            "fire", "fireplace", "glowing",
            "adding a log to the fire | flaring up | 5 | burning brightly",
            "warming hands at the fire | burning brightly | 5",
            becomes=("burning brightly | 45 | glowing",),
        ),
        "O": thing(
            "oven", "oven", "warm",
            "baking bread | hot, with loaves inside | 20",
            "baking a cake | hot, with a cake rising inside | 20",
            "taking out the croissants | open, with golden croissants | 5",
            becomes=(
                "hot, with loaves inside | 10 | smoking, with burnt loaves inside",
                "hot, with a cake rising inside | 10 | smoking, with a burnt cake inside",
            ),
        ),
        "c": thing(
            "stove", "stove", "off",
            "stirring the soup | with a steaming pot of soup | 15",
            "cooking the lunch of the day | with three pans on it | 20",
            becomes=("with a steaming pot of soup | 20 | with a pot of soup boiling over",),
        ),
        "n": thing(
            "sink", "sink", "empty",
            "washing cups and plates | full of cups and suds | 15",
            "scrubbing the pans | with a burnt pan in it | 10",
        ),
        "f": thing(
            "fridge", "fridge", "humming",
            "checking the supplies | standing open | 5",
            "putting away the milk | standing open | 5",
        ),
        "k": thing(
            "worktable", "worktable", "dusted with flour",
            "kneading dough | with a ball of dough on it | 15",
            "decorating a cake | with a half-decorated cake | 20",
            "making sandwiches | with bread and fillings on it | 10",
            seats=2,
        ),
        "W": cafe_table("west terrace table", "parasol_table"),
        "E": cafe_table("east terrace table", "parasol_table"),
        "M": thing(
            "menu board", "menu_board", "showing the dishes of the day",
            "reading the menu | with someone reading it | 5",
            "writing the dishes of the day | half written | 5",
        ),
    },
    style="cream", hours=("07:00", "19:00"),
)  # fmt: skip

SHOP = Plot(
    "Corner Shop", "shop", "the village shop, where one buys bread, groceries and ice cream", (69, 53),
    """
##+#@####
#A.GG#CS#
#....#,,#
#V...+,,#
#..KK#,,#
#I...#CP#
""",
    {
        ".": Floor("shop floor", "shelves, fresh vegetables and the till", "tiles"),
        ",": Floor("storeroom", "where the stock and the parcels are kept", "planks_grey"),
    },
    COMMON | {
        "A": thing(
            "bread shelf", "bread_shelf", "full of fresh bread",
            "choosing a loaf | with one loaf being taken | 5",
            "stocking the bread | being filled | 10",
        ),
        "G": thing(
            "grocery shelves", "grocery_shelf", "well stocked",
            "buying groceries | with gaps between the tins | 10",
            "stocking the shelves | being filled | 15",
            "comparing prices | with someone comparing prices | 5",
            seats=2,
        ),
        "V": thing(
            "vegetable crates", "vegetable_crates", "full and colourful",
            "picking out vegetables | with someone choosing vegetables | 5",
            "arranging the vegetables | being arranged | 10",
        ),
        "K": thing(
            "till", "till_counter", "closed",
            "serving a customer | ringing up a sale | 5",
            "paying for the shopping | ringing up a sale | 5",
            "counting the takings | open, with coins stacked beside it | 10",
            seats=2,
        ),
        "I": thing(
            "ice cream freezer", "freezer", "humming",
            "choosing an ice cream | with its lid open | 5",
            "refilling the freezer | with its lid open | 10",
            becomes=("with its lid open | 20 | thawing, with its lid open",),
        ),
        "S": thing(
            "stock shelf", "stock_shelf", "half full",
            "counting the stock | with a list pinned to it | 15",
            "unpacking a delivery | with half-emptied boxes | 20",
        ),
        "P": thing(
            "parcel bench", "parcel_bench", "clear",
            "wrapping parcels | with paper and string on it | 10",
            "sorting the orders | covered in order slips | 15",
        ),
    },
    style="cream", hours=("08:00", "18:00"),
)  # fmt: skip

FLAT = Plot(
    "The Flat behind the Shop", "home", "a home for two, to sleep, cook and play music in", (69, 59),
    """
##=###%##
#cn.ll.R#
#^......+
#r<.SS.*#
###+=#+##
#DD,w#:h#
#DD,,#:t#
#,,,G#:s#
###=##=##
""",
    {
        ".": Floor("living room", "a room to cook, eat, read and hear records in", "planks_dark"),
        ",": Floor("bedroom", "a room to sleep, dress and play the guitar in", "planks"),
        ":": bathroom(),
    },
    HOME | {
        "D": double_bed("green", "bed"),
        "S": sofa("blue"),
        "l": bookcase("paperbacks"),
        "R": thing(
            "record player", "record_player", "off",
            "listening to records | playing an old record | 20",
            "dancing to a record | playing dance music | 10",
            becomes=("playing an old record | 25 | crackling at the end of the record",),
        ),
        "G": thing(
            "guitar", "guitar", "on its stand",
            "playing the guitar | being played | 15",
            "writing a song | with scribbled verses beside it | 20",
            "tuning the guitar | with one string slack | 5",
        ),
    },
    style="cream", extras=(("rug_gold_3x2", 3, 2), ("rug_gold_2x2", 2, 6)),
)  # fmt: skip

QUARTER = Quarter(
    plots=(ROSE_COTTAGE, LIBRARY, CAFE, SHOP, FLAT),
    ways=(
        Way("path", 1, ((62, 41), (62, 47))), Way("path", 1, ((73, 46), (73, 47))),
        Way("path", 1, ((53, 51), (53, 68))),
        Way("path", 1, ((57, 68), (77, 68))), Way("path", 1, ((57, 64), (57, 68))),
        Way("path", 1, ((52, 68), (53, 68))),
        Way("path", 2, ((71, 51),)),
    ),
    lines=(
        Line("fence", ((58, 41), (58, 46), (61, 46))), Line("fence", ((66, 41), (66, 46), (63, 46))),
    ),
    decor=(
        *standing("oak", (56, 34), (67, 38)), *standing("cherry", (60, 31)), *standing("lime", (67, 31), (56, 57)),
        *standing("beech", (56, 41), (62, 67)), *standing("plane", (58, 66)), *standing("maple", (66, 66), (76, 46)),
        *standing("fir", (68, 42), (68, 56), (73, 31), (77, 31)),
        *standing("birch", (67, 45), (57, 61), (68, 63), (77, 52)),
        *standing("bush", (67, 43), (68, 60)), *standing("flower_bush", (57, 46)), *standing("well", (68, 47)),
        *standing("lamp_post", (61, 47), (71, 47), (68, 52), (76, 51)), *standing("mailbox", (63, 47), (73, 52)),
        *standing("stone", (57, 53)), *lying("boat", (54, 56)), *lying("duck", (55, 53)),
        *lying("flowers_red", (61, 43), (65, 47), (69, 46)), *lying("flowers_yellow", (63, 43), (60, 64), (75, 46)),
        *lying("flowers_white", (60, 47), (64, 45), (71, 46), (69, 52)), *lying("flowers_blue", (59, 41), (67, 64)),
        *lying("fern", (68, 65)), *lying("reeds", (57, 44), (56, 55), (54, 59), (54, 61)),
    ),
)  # fmt: skip
