"""What sectors and arenas are, by the words in their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worlds.town.smallville.words import longest

HOME = "home"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sector."""

    kind: str
    description: str
    """What one does there."""
    walls: str = "stone"
    floor: str = "planks"


KINDS: Mapping[str, Kind] = {
    "home": Kind("home", "a home, where one sleeps, cooks and lives", "brick"),
    "house": Kind("home", "a home, where one sleeps, cooks and lives", "brick"),
    "apartment": Kind("home", "a home, where one sleeps, cooks and lives", "cream"),
    "flat": Kind("home", "a home, where one sleeps, cooks and lives", "cream"),
    "dorm": Kind("home", "a dorm, where students sleep, cook and live", "rose"),
    "dormitory": Kind("home", "a dorm, where students sleep, cook and live", "rose"),
    "co-living": Kind("home", "a home for several people, where one sleeps, cooks and lives", "timber"),
    "cafe": Kind("cafe", "a cafe, where one drinks coffee, eats and meets people", "rose", "planks"),
    "coffee": Kind("cafe", "a cafe, where one drinks coffee, eats and meets people", "rose", "planks"),
    "restaurant": Kind("restaurant", "a restaurant, where one eats and meets people", "rose", "planks"),
    "pub": Kind("pub", "a pub, where one drinks, eats and talks in the evening", "timber", "planks_dark"),
    "bar": Kind("pub", "a bar, where one drinks and talks in the evening", "timber", "planks_dark"),
    "college": Kind("college", "a college, where students learn and professors teach", "stone", "planks_grey"),
    "university": Kind("college", "a university, where students learn and professors teach", "stone", "planks_grey"),
    "school": Kind("school", "a school, where children learn and teachers teach", "stone", "planks_grey"),
    "library": Kind("library", "a library, where one reads and borrows books", "stone", "planks_grey"),
    "market": Kind("shop", "a shop, where one buys groceries", "cream", "tiles"),
    "pharmacy": Kind("shop", "a pharmacy, where one buys medicine", "cream", "tiles"),
    "market and pharmacy": Kind("shop", "a shop, where one buys groceries and medicine", "cream", "tiles"),
    "store": Kind("shop", "a shop, where one buys things", "cream", "tiles"),
    "supply store": Kind("shop", "a shop, where one buys supplies", "cream", "tiles"),
    "shop": Kind("shop", "a shop, where one buys things", "cream", "tiles"),
    "park": Kind("park", "a park, where one strolls, rests and meets people"),
    "garden": Kind("garden", "a garden, where one strolls and rests"),
    "hospital": Kind("hospital", "a hospital, where the ill are treated", "stone", "tiles"),
    "church": Kind("church", "a church, where one prays and sings", "stone", "planks_grey"),
    "office": Kind("office", "an office, where one works", "stone", "planks_grey"),
    "museum": Kind("museum", "a museum, where one looks at things", "stone", "planks_grey"),
    "studio": Kind("studio", "a studio, where one works", "stone", "planks_grey"),
}
SOMEWHERE = Kind("place", "a place where people spend time")

OUTDOORS = ("garden", "park", "yard", "square", "field", "lawn", "terrace", "playground", "street", "plaza", "beach")
"""Words in the names of arenas, and of sectors, that have no walls of their own."""

FLOORS: Mapping[str, str] = {
    "bathroom": "bath", "toilet": "bath", "restroom": "bath", "kitchen": "tiles",
    "bedroom": "carpet_blue", "room": "planks", "common room": "carpet_green", "main room": "planks",
    "hallway": "planks_grey", "library": "carpet_red",
}  # fmt: skip
"""The floors of arenas whose name holds such words; others have the floor of their sector's kind."""

FOR_ONE = ("bathroom", "toilet", "restroom")
"""Words in the names of arenas that take one person at a time."""


def kind_of_sector(name: str) -> Kind:
    """Return which kind of sector this is."""
    phrase = longest(name, KINDS)
    return KINDS[phrase] if phrase else SOMEWHERE


def floor_of(arena: str, kind: Kind) -> str:
    """Return the name of the floor tile of an arena."""
    phrase = longest(arena, FLOORS)
    return FLOORS[phrase] if phrase else kind.floor


def is_outdoors(sector: str, arena: str) -> bool:
    """Return whether an arena lies under the open sky."""
    return bool(longest(arena, OUTDOORS) or (longest(sector, OUTDOORS) and not longest(arena, FLOORS)))


def is_for_one(arena: str) -> bool:
    """Return whether an arena takes one person at a time."""
    return bool(longest(arena, FOR_ONE))
