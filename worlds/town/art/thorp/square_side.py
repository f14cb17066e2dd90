"""South and east of the market square: bakery and inn."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.art.plot import Line, Plot, Quarter, Way, lying, standing
from worlds.town.art.thorp.furnishings import (
    BASIN,
    COMMON,
    FRIDGE,
    SHOWER,
    SINK,
    STOVE,
    TOILET,
    WARDROBE,
    bathroom,
    bookcase,
    hearth,
    sight,
    thing,
)  # fmt: skip

BAKERY = Plot(
    "Honeycrust Bakery", "bakery", "the bakery on the square, where one buys bread and honey cakes still warm",
    (119, 52),
    """
##=##=##=#
#O,O,nf,S#
#,,,,,,,S#
#WW,kk,,,#
#,,,,,,,y#
###@#+#%##
#A.A.....#
+....KK.*#
#.r<.....#
#.......A#
##=####=##
""",
    {
        ".": Floor("bread shop", "where one buys bread, rolls and honey cakes", "tiles"),
        ",": Floor("bakehouse", "where dough is kneaded and bread is baked from early morning on", "flags"),
    },
    COMMON | {
        "O": thing(
            "brick oven", "oven", "warm",
            "baking rye bread | hot, with loaves inside | 20",
            "baking honey cakes | hot, with honey cakes inside | 20",
            "sweeping out the oven | being swept out | 10",
            becomes=(
                "hot, with loaves inside | 10 | smoking, with burnt loaves inside",
                "hot, with honey cakes inside | 10 | smoking, with burnt honey cakes inside",
            ),
        ),
        "n": SINK,
        "f": thing(
            "cold cupboard", "fridge", "humming quietly",
            "fetching butter and milk | standing open | 5",
            "checking the yeast | standing open | 5",
        ),
        "S": sight("flour_sacks"),
        "W": thing(
            "kneading table", "worktable", "dusted with flour",
            "kneading bread dough | with a mountain of dough on it | 20",
            "shaping rolls | covered in rolls | 15",
            seats=2,
        ),
        "k": thing(
            "honey table", "worktable", "sticky",
            "filling honey cakes | covered in honey cakes | 15",
            "mixing a honey dough | with a bowl of dough on it | 15",
        ),
        "A": thing(
            "bread rack", "bread_shelf", "full of warm bread",
            "picking a loaf | with one loaf being taken | 5",
            "filling the bread rack | being filled | 10",
        ),
        "K": thing(
            "cake counter", "cake_counter", "full of honey cakes",
            "selling bread at the counter | with a customer before it | 20",
            "buying honey cakes | with a customer before it | 5",
            "decorating the counter | being decorated | 10",
            seats=3,
        ),
        "r": thing(
            "tasting table", "table_round", "free",
            "eating a roll with honey | with a plate of rolls on it | 15",
            "trying the new bread | with slices of bread on it | 10",
            seats=2,
        ),
    },
    style="ochre", hours=("06:30", "18:00"),
)  # fmt: skip

_GUEST = (
    "sleeping | slept in | 20 | unmade",
    "taking a nap | with someone napping in it | 20",
    "making up the guest bed | half made | 10",
)

INN = Plot(
    "The Drover's Rest", "inn", "the inn on the square, where travellers sleep and villagers eat and drink", (100, 64),
    """
##=##=###+##=##=##
#QQ..ii*#:::#ll,*#
#.Ko....#RR:#,,,,#
#.Ko.rr.+:::+,TT,#
#.K.....#:::#,^^,#
##%##@####+####%##
#;;;;;#----------#
#cnfG;+----------#
#;;;;;##+###+##+##
#TT;;y#e'w#wb"#~h#
#;;;;;#e''#"b"#~s#
#C;B;;#''j#"j"#~t#
##+###=##==##==#=#
_______________
_YY__OO__XX_HH_
_______________
""",
    {
        ".": Floor("taproom", "the low room with the bar and the hearth, to drink and play", "planks_dark"),
        ":": Floor("entrance hall", "where travellers are received", "clay"),
        ",": Floor("parlour", "a quiet room to dine, read and talk in", "carpet_plum"),
        ";": Floor("kitchen", "where the meals of the inn are cooked", "tiles"),
        "-": Floor("corridor", "the corridor to the guest rooms", "planks_grey"),
        "'": Floor("rose room", "a guest room to sleep in", "carpet_rose"),
        '"': Floor("blue room", "a guest room to sleep in", "carpet_blue"),
        "~": bathroom(),
        "_": Floor("stable yard", "the yard with the stable, the horse and the cart", ""),
    },
    COMMON | {
        "Q": thing(
            "keg rack", "keg_rack", "full",
            "tapping a keg | with one keg being tapped | 10",
            "rolling in a new keg | with a gap in it | 10",
        ),
        "K": thing(
            "inn bar", "bar_counter", "wiped clean",
            "drawing an ale | with an ale being drawn | 5",
            "having a drink at the inn | with drinks on it | 20 | with empty glasses on it",
            "wiping down the bar | wet and shining | 5",
            seats=3,
        ),
        "i": hearth("inn hearth", "warming up by the hearth of the inn | burning brightly | 15"),
        "r": thing(
            "gaming table", "table_wide", "free",
            "playing chess | with a game of chess on it | 20",
            "playing dominoes | covered in dominoes | 20",
            "having a drink with friends | crowded with glasses | 20",
            seats=4,
        ),
        "R": thing(
            "reception desk", "reception_desk", "with the guest book on it",
            "receiving guests | with a guest before it | 10",
            "writing up the guest book | with the guest book open | 10",
        ),
        "l": bookcase("travellers' books", "bookcase_old"),
        "T": thing(
            "dining table", "table_wide", "laid",
            "dining at the inn | laid with a dinner | 20 | with dirty plates on it",
            "having afternoon tea | with a pot of tea and scones on it | 20",
            "celebrating | crowded with glasses and plates | 20",
            seats=4,
        ),
        "c": STOVE,
        "n": SINK,
        "f": FRIDGE,
        "G": thing(
            "chopping board", "butcher_block", "scrubbed",
            "chopping vegetables for the stew | covered in vegetables | 15",
            "carving the roast | with a roast on it | 10",
        ),
        "t": TOILET,
        "h": BASIN,
        "s": SHOWER,
        "w": WARDROBE,
        "e": thing("rose bed", "bed_rose", "made", *_GUEST, solid=False),
        "b": thing("blue bed", "bed_blue", "made", *_GUEST, solid=False),
        "Y": thing(
            "hay and straw", "hay_heap", "stacked",
            "feeding the horse | with a horse eating | 10",
            "forking the straw | half forked | 15",
            seats=2,
        ),
        "O": thing(
            "horse", "horse", "dozing",
            "grooming the horse | being groomed | 15",
            "harnessing the horse | in harness | 10",
        ),
        "H": thing(
            "horse trough", "trough", "full",
            "filling the trough | filling up | 5",
            "scrubbing the trough | empty and wet | 10",
        ),
        "X": sight("cart"),
    },
    style="timber", hours=("07:00", "23:30"),
    extras=(("rug_red_3x2", 4, 2), ("rug_gold_2x2", 13, 2)),
)  # fmt: skip

QUARTER = Quarter(
    plots=(BAKERY, INN),
    ways=(
        Way("path", 1, ((118, 63), (118, 80))), Way("path", 1, ((109, 63), (109, 64))),
        Way("path", 1, ((102, 76), (102, 80))), Way("path", 1, ((116, 77), (118, 77))),
    ),
    lines=(
        Line("fence", ((99, 77), (99, 80), (101, 80))), Line("fence", ((103, 80), (116, 80), (116, 79))),
        Line("hedge", ((129, 52), (129, 62))),
    ),
    decor=(
        *standing("oak", (130, 53)), *standing("maple", (130, 60)), *standing("cherry", (99, 65), (98, 72)),
        *standing("barrel", (115, 78)), *standing("log_pile", (100, 79)), *standing("hay_bale", (114, 78)),
        *lying("hen", (107, 79), (111, 79)), *lying("dog", (104, 79)),
    ),
)  # fmt: skip
