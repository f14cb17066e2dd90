"""The market square with the linden, town hall and post office."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Line, Patch, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    COMMON,
    bench,
    sight,
    stall,
    thing,
)  # fmt: skip

MARKET = Plot(
    "The Market", "market", "the market on the square, where farmers and makers sell what they have and villagers buy",
    (100, 51),
    """
..................
..................
.AAA..EEE..GGG.ff.
..................
""",
    {".": Floor("stalls", "stalls with vegetables, cheese, honey, cloth and flowers to buy and sell", "")},
    COMMON | {
        "A": stall("vegetable stall", "stall_green", "vegetables from the farm", "asking what is ripe"),
        "E": stall("cheese stall", "stall_gold", "cheese, eggs and honey", "tasting the cheese"),
        "G": stall("cloth stall", "stall_blue", "cloth and pots", "haggling over a pot"),
        "f": thing(
            "flower cart", "flower_cart", "full of flowers",
            "choosing a bunch of flowers | with someone choosing | 5",
            "arranging the flowers | being arranged | 10",
            seats=2,
        ),
    },
    hours=("07:00", "18:00"), landmark=True,
)  # fmt: skip

SQUARE = Plot(
    "Market Square", "square", "the square in the middle of Thorp, where one meets, reads the news and rests",
    (100, 55),
    """
,,,,,,,,,,,,,,NN,,
,,,,,,,FFF,,,,,,,,
,,,,,,,FFF,,,,,,,,
,,,,,,,,,,,,,,,,,,
::::::::::::::::::
::::::::::::::SS::
::TTTT::zz::::::::
::::::::::::::::::
""",
    {
        ",": Floor("fountain court", "the open court around the fountain, to meet, play and read the notices", ""),
        ":": Floor("linden shade", "benches in the shade of the old linden, to rest and talk", ""),
    },
    COMMON | {
        "N": thing(
            "village notice board", "notice_board", "with a few notices",
            "reading the village notices | with someone reading it | 5",
            "pinning up a poster | with a new poster | 5 | with a new poster",
        ),
        "F": thing(
            "fountain", "fountain", "splashing",
            "watching the water of the fountain | splashing, with someone beside it | 10",
            "throwing a coin into the fountain | splashing, with a coin in it | 5",
            "filling a jug at the fountain | splashing into a jug | 5",
            seats=6,
        ),
        "S": thing(
            "miller's statue", "statue", "weathered",
            "reading the plate of the statue | with someone reading its plate | 5",
            "laying flowers before the statue | with flowers before it | 5 | with flowers before it",
            seats=2,
        ),
        "T": thing(
            "old linden", "linden", "rustling",
            "resting in the shade of the linden | with someone in its shade | 15",
            "telling stories under the linden | with listeners around it | 15",
            seats=6,
        ),
        "z": bench("linden bench", "watching the market | with someone sitting on it | 15"),
    },
    landmark=True,
)  # fmt: skip

TOWN_HALL = Plot(
    "Town Hall", "hall", "the town hall, where Thorp is governed, votes, celebrates and dances", (100, 33),
    """
###=###==###=###
#QQQQQQ;;;;;;;E#
#;;;DD;;;;;;;PP#
#;;;;XXXXXX;;;;#
#;;;;XXXXXX;;;;#
#;RRR;RRR;;;;;*#
#;RRR;RRR;;tt;;#
##@##=#+##%#####
#.vvv.#:::#F,,s#
#.LLL.#:::#,,,,#
#.^^^.+:b:+,KK,#
#....*#:::#,^,k#
##=##=##+###=###
""",
    {
        ";": Floor("assembly hall", "the great hall with a stage, for meetings, speeches, concerts, parties and dances",
                   "planks"),
        ".": Floor("council chamber", "where the council meets around its table", "carpet_red"),
        ":": Floor("lobby", "the entrance with the ballot box", "chess"),
        ",": Floor("clerk's office", "where the town clerk keeps the books and gives advice", "carpet_blue"),
    },
    COMMON | {
        "Q": thing(
            "stage", "stage_curtain", "with its curtain drawn",
            "rehearsing a play | with players on it | 20",
            "hanging up garlands | with garlands half hung | 15 | hung with garlands",
            seats=4,
        ),
        "D": thing(
            "podium", "podium", "empty",
            "giving a speech | with someone speaking | 15",
            "practising a speech | with someone speaking to the empty hall | 10",
        ),
        "E": sight("flag"),
        "P": thing(
            "hall piano", "piano", "closed",
            "playing dance music | being played | 20",
            "rehearsing with the choir | being played, with singers around it | 20",
            seats=3,
        ),
        "R": thing(
            "rows of chairs", "chair_row", "empty",
            "listening to a speech | with listeners | 20",
            "setting out the chairs | half set out | 10",
            seats=3, solid=False,
        ),
        "t": thing(
            "buffet", "table_wide", "bare",
            "laying out food and drinks | being laid out | 15 | laden with food and drinks",
            "eating at the buffet | laden with food and drinks | 15",
            seats=3,
        ),
        "X": thing(
            "dance floor", "", "swept",
            "dancing a waltz | with dancers on it | 15",
            "dancing wildly with friends | with dancers on it | 10",
            "standing about with a glass | with people standing about | 10",
            seats=12, solid=False,
        ),
        "L": thing(
            "council table", "table_long", "bare",
            "holding a council meeting | covered in papers | 20",
            "studying the plans for the mill | with plans unrolled on it | 15",
            seats=6,
        ),
        "b": thing(
            "ballot box", "ballot_box", "locked",
            "casting a vote | with a ballot going in | 5",
            "explaining the vote | with someone explaining beside it | 5",
        ),
        "F": thing(
            "parish registers", "filing_cabinet", "locked",
            "looking up a birth in the registers | with one drawer open | 10",
            "filing the minutes | with minutes piled on top | 10",
        ),
        "s": thing(
            "safe", "safe", "locked",
            "counting the town's money | open, with coins stacked beside it | 15",
            "putting away the seal | standing open | 5",
        ),
        "K": thing(
            "clerk's desk", "desk", "tidy",
            "writing a permit | with a half-written permit | 15",
            "answering letters to the town | covered in letters | 20",
            "drawing up the budget | covered in figures | 20",
        ),
        "k": thing(
            "typewriter", "typewriter", "covered",
            "typing a proclamation | clattering | 15",
            "changing the ribbon | taken apart | 5",
        ),
    },
    style="sandstone", hours=("08:00", "22:00"), extras=(("rug_red_3x2", 5, 3), ("rug_red_3x2", 8, 3)),
)  # fmt: skip

POST_OFFICE = Plot(
    "Post Office", "post office", "the post office, where one sends letters and parcels and hears the latest",
    (117, 36),
    """
##=###=##
#HH,HH,S#
#,,,,,,,#
#WW,,,BC#
###+#@%##
#...KK.*#
#......A#
#zz....N#
##=+##=##
""",
    {
        ".": Floor("counter hall", "where one buys stamps, posts letters and collects parcels", "clay"),
        ",": Floor("sorting room", "where the letters are sorted for the round", "planks_grey"),
    },
    COMMON | {
        "H": thing(
            "pigeonholes", "pigeonholes", "half full",
            "sorting the letters | being filled | 20 | full of letters",
            "packing the bag for the round | half emptied | 10",
        ),
        "S": thing(
            "mail sacks", "mail_sacks", "tied up",
            "emptying the mail sacks | open | 10",
            "tying up the mail sacks | being tied up | 5",
        ),
        "W": thing(
            "stamping table", "workbench", "clear",
            "stamping letters | covered in letters | 15",
            "mending a torn parcel | with a torn parcel on it | 10",
        ),
        "K": thing(
            "post counter", "post_counter", "staffed and tidy",
            "serving at the post counter | with someone being served | 15",
            "posting a letter | with a letter being stamped | 5",
            "sending a parcel | with a parcel on the scales | 5",
            seats=3,
        ),
        "A": thing(
            "parcel scales", "scales", "at zero",
            "weighing a parcel | with a parcel on it | 5",
            "checking the scales | being checked | 5",
        ),
        "N": thing(
            "writing stand", "desk_small", "with a pen on a chain",
            "writing a postcard | with a half-written postcard | 10",
            "filling in a form | with a form on it | 10",
        ),
        "z": thing(
            "waiting bench", "bench", "empty",
            "waiting for the post | with people waiting | 10",
            "chatting while waiting | with people chatting on it | 15",
            seats=2, solid=False,
        ),
    },
    style="brick", hours=("08:00", "17:30"),
)  # fmt: skip

QUARTER = Quarter(
    plots=(MARKET, SQUARE, TOWN_HALL, POST_OFFICE),
    ways=(Way("path", 1, ((108, 45), (108, 47))), Way("path", 1, ((120, 44), (120, 47)))),
    lines=(Line("hedge", ((116, 31), (116, 44))),),
    patches=(
        Patch("setts", (100, 51, 19, 12), square=True), Patch("setts", (101, 46, 14, 2), square=True),
        Patch("grass", (101, 58, 7, 5)), Patch("lawn", (118, 45, 10, 3)),
    ),
    decor=(
        *standing("twin_lamp", (100, 47), (115, 47), (99, 57), (117, 63)),
        *standing("flower_tub", (103, 47), (112, 47), (106, 55), (111, 58)),
        *standing("bollard", (100, 51), (104, 51), (113, 51), (117, 51)), *standing("flagpole", (104, 47)),
        *standing("pillar_box", (118, 47)), *standing("phone_box", (122, 47)), *lying("bicycle", (124, 46)),
        *standing("planter", (118, 55), (118, 61)), *standing("signpost", (99, 52)), *lying("cat", (116, 59)),
        *standing("plane", (102, 32), (111, 31)), *standing("lime", (124, 35)),
        *standing("birch", (116, 47), (126, 43), (126, 38)), *standing("flower_bush", (119, 46), (127, 46)),
    ),
)  # fmt: skip
