"""The buildings and gardens of a settlement. All are drawn with their front in the south."""

from __future__ import annotations

from worlds.town.art.drawing import Floor
from worlds.town.settlement import furniture
from worlds.town.settlement.plans import Plan

_HOME_FLOORS = {
    ".": Floor("living room", "a room to sit, eat and talk in", "planks_dark"),
    ",": Floor("bedroom", "a quiet room to sleep and dress in", "planks"),
    ":": Floor("small bedroom", "a small room to sleep, dress and write in", "carpet_blue"),
    "'": Floor("back bedroom", "a room to sleep and dress in", "carpet_green"),
    ";": Floor("bathroom", "where one washes, showers and uses the toilet", "bath"),
    "_": Floor("kitchen", "where meals are cooked and eaten", "tiles"),
    "-": Floor("hall", "the hall with its doors", "planks_grey"),
    '"': Floor("garden", "a small garden with flowers", ""),
}


def _home(residents: int, description: str, drawing: str) -> Plan:
    return Plan("home", description, drawing, _HOME_FLOORS, furniture.HOME, residents=residents)


HOMES = (
    _home(1, "a small cottage, a home for one to sleep and cook in", """
#############
#bw,,k#h;;ts#
#b,,,,#;;;;;#
#,,,,,#;;;;;#
###+#####+###
#cn.......ll#
#...........#
#...ee......#
#.........oo#
#...........#
#####+#######
"""),
    _home(1, "a narrow house with a garden, a home for one to sleep and cook in", '''
"""""""""""
"vv""""zz""
"""""""""""
###+#######
#cn..#w,,b#
#....+,,,b#
#ee..#,,,k#
#....###+##
#..oo#h;;t#
#....#s;;;#
##+########
'''),
    _home(2, "a home for two, to sleep, cook and live in", """
###############
#DDw,k#ht#w::b#
#DD,,,#;;#:::b#
#,,,,,#s;#k:::#
###+####+##+###
#cn..ii.....f.#
#.............#
#.ee.......oo.#
#.............#
#.............#
######+########
"""),
    _home(2, "a home for two with a front garden, to sleep, cook and live in", '''
###############
#b,kw#h;t#w::b#
#b,,,#;;s#k::b#
##+####+####+##
#...ll....#c_n#
#.........+___#
#oo.......#_ee#
#.........#___#
####+##########
"""""""""""""""
"vv"""""""""zz"
"""""""""""""""
'''),
    _home(3, "the home of a household of three, with a large kitchen", """
###############
#b,,w#w::b#w'b#
#b,,k#k::b#''b#
##+####+####+##
#...ii........#
#.............+
#oo...........#
#...........ll#
##+#####+######
#h;;t#___cnf__#
#;;;;#________#
#s;;;#_ee_____#
#;;;;#________#
##########+####
"""),
    _home(3, "the home of a household of three around a hall, with a garden", '''
"""""""""""""""
"zz"""vv""""vv"
"""""""""""""""
###+###########
#cn..f#w,b#w:b#
#.....#,,b#::b#
#.ee..#k,,#k::#
#.....##+###+##
#.....+-------#
#..oo.#-------#
#.....#+####+##
#.....#;;t#w'b#
#.....#h;s#k'b#
##+############
'''),
)  # fmt: skip

CAFE = Plan(
    "cafe", "the cafe of the quarter, where one meets, drinks coffee and eats",
    '''
###############
#O_c_n_f___WW_#
#_____________#
#_____________#
###+#####+#####
#Cm........ii.#
#C..T...T.....#
#C..........T.#
#...T...T.....#
#.............#
######+########
"""""""""""""""
"pp"""""""""pp"
"""""""""""""""
''',
    {
        ".": Floor("dining room", "tables by the fire to drink coffee and eat at", "planks"),
        "_": Floor("kitchen", "where bread, cakes and lunches are made", "tiles"),
        '"': Floor("terrace", "tables under parasols along the street", "paving"),
    },
    furniture.CAFE, ("07:00", "19:00"),
)  # fmt: skip
PUB = Plan(
    "pub", "the pub of the quarter, where one drinks, eats, plays and sings",
    """
###############
#pp::PP::::oo:#
#:::::::::::::#
#:::::::::::::#
####+##########
#LL.......ii..#
#B............#
#B..U...U...U.#
#B............#
#.............#
#######+#######
""",
    {
        ".": Floor("bar", "the bar, the hearth and tables to drink at", "planks_dark"),
        ":": Floor("back room", "billiards and an old piano", "carpet_red"),
    },
    furniture.PUB, ("12:00", "23:30"),
)  # fmt: skip
SHOP = Plan(
    "shop", "the shop of the quarter, where one buys bread and groceries",
    """
###############
#R.GG.GG.V#_Z_#
#.........#___#
#.........+___#
#.........#___#
#.......II#__q#
#.........#___#
#####+#########
""",
    {
        ".": Floor("shop floor", "shelves, fresh vegetables and the till", "tiles"),
        "_": Floor("storeroom", "where the stock and the parcels are kept", "planks_grey"),
    },
    furniture.SHOP, ("08:00", "18:00"),
)  # fmt: skip
SCHOOL = Plan(
    "school", "the school of the quarter, where pupils learn and teachers teach",
    """
###############
#.KKK...#,dd,F#
#....JJ.#,,,,,#
#.......#,,,,,#
#.YYY...+,,,,Q#
#.......#,,,,M#
#.YYY...###+###
#.......#-----#
#.YYY...+-----#
#.......#-----#
####+######+###
""",
    {
        ".": Floor("classroom", "where lessons are taught and learnt", "planks"),
        ",": Floor("office", "where teachers prepare, telephone and drink tea", "carpet_blue"),
        "-": Floor("hall", "where pupils wait and play in the break", "planks_grey"),
    },
    furniture.SCHOOL, ("07:30", "17:00"),
)  # fmt: skip
LIBRARY = Plan(
    "library", "the library of the quarter, where one reads and borrows books",
    """
###############
#SS...SS...SS.#
#.............#
#.............#
#####+####+####
#AA::::::::N::#
#:::::::::::::#
#::EE:::EE:::H#
#:::::::::::::#
######+########
""",
    {
        ".": Floor("stacks", "shelves full of books", "carpet_red"),
        ":": Floor("reading room", "tables and chairs to read and study at", "planks_dark"),
    },
    furniture.LIBRARY, ("08:00", "19:00"),
)  # fmt: skip
OFFICE = Plan(
    "office", "the offices of the quarter, where people work at desks",
    """
###############
#dd,,F#H..H..Q#
#,,,,,#.......#
#,,,,,+.......#
#,,,,,#H..H..M#
#######.......#
#:::::#.......#
#:EE::+.......#
#:::::#.......#
#########+#####
""",
    {
        ".": Floor("open office", "desks with computers to work at", "carpet_green"),
        ",": Floor("manager's office", "where clients are received", "carpet_blue"),
        ":": Floor("meeting room", "where people meet around a table", "planks"),
    },
    furniture.OFFICE, ("07:00", "20:00"),
)  # fmt: skip
WORKSHOP = Plan(
    "workshop", "a workshop, where things are made by hand",
    """
###############
#x..y..u..WW.Z#
#.............#
#.............#
#.WW..........#
#.............#
######+########
""",
    {".": Floor("workroom", "a bright room to paint, sew and make pots in", "planks_grey")},
    furniture.WORKSHOP, ("07:00", "20:00"),
)  # fmt: skip
GARDEN = Plan(
    "garden", "vegetable plots that the neighbours tend together",
    '''
"""""""""""""""
"tt""cc""tt"xx"
"""""""""""""""
"cc""ee""cc""""
"""""""""""""""
""""""zz"""""""
"""""""""""""""
''',
    {'"': Floor("plots", "beds of tomatoes, cabbages and beans with a tool shed", "")},
    furniture.GARDEN,
)  # fmt: skip
PARK = Plan(
    "park", "the park of the quarter, where one strolls, plays, hears music and rests",
    """
................................
..NN...uu.........uu.........vv.
..............XXX...............
..zz..........XXX...........zz..
..............XXX...............
..vv......uu........uu...vv.....
................................
,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
,,,,,,,,,,OOOOOOOOO,,,,,,,,,,,,,
,,zz,,uu,,OOOOOOOOO,,,uu,,,zz,,,
,,,,,,,,,,OOOOOOOOO,,,,,,,,,,,,,
,,,,,,,,,,OOOOOOOOO,,,,,,,,,,,,,
,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
::::::::::::::::::::::::::::::::
::ss:::::::::aa:::::uu::::yy::::
:::::::::::::aa:::::::::::::::::
::::::zz::uu:::::::::::::zz:::::
::::::::::::::::::::::::::::::::
""",
    {
        ".": Floor("bandstand green", "the lawn around the bandstand, with benches", ""),
        ",": Floor("pond side", "the bank of the duck pond", ""),
        ":": Floor("playground", "swings, a slide and a sandpit for children", ""),
    },
    furniture.PARK,
)  # fmt: skip
