"""The places of Thorp to spend free time at: pub, park and allotments."""

from __future__ import annotations

from worlds.town.art.plan import Ground, Room, Thing
from worlds.town.places import Rect


def leisure_places() -> tuple[Ground, ...]:
    """Return pub, park and allotments."""
    return (_pub(), _park(), _allotments())


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
              "practising darts | with darts all over it | 10", 2, solid=False, rect=Rect(42, 28, 1, 2)),
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
            Room("bandstand green", Rect(50, 22, 9, 7), "the lawn around the bandstand, with benches", "", bandstand),
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


_BENCH = (
    "sitting in the sun | with someone sitting on it | 15\nwatching people go by | with someone sitting on it | 10\n"
    "chatting on the bench | with people chatting on it | 15"
)
