"""One quarter of a settlement: streets, lots beside them, and what is built on the lots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from worlds.town.art.sheet import Sheet
from worlds.town.places import Rect, Tile
from worlds.town.settlement import buildings
from worlds.town.settlement.plans import Plan, Site, build

WIDTH, HEIGHT = 140, 100
STREETS = (Rect(0, 24, WIDTH, 3), Rect(0, 74, WIDTH, 3), Rect(33, 0, 3, HEIGHT), Rect(104, 0, 3, HEIGHT))
"""They run from edge to edge, so that those of neighbouring quarters meet."""

_COLUMNS = ((0, 16), (17, 16), (36, 17), (53, 17), (70, 17), (87, 17), (107, 16), (123, 17))
_ROWS = ((0, 24, False), (27, 23, True), (50, 24, False), (77, 23, True))
_CENTRE = range(2, 6)
_SETBACK = 2
"""Tiles between a street and what is built along it."""


@dataclass(frozen=True, slots=True)
class Lot:
    """A piece of ground beside a street."""

    rect: Rect
    fronts_north: bool


@dataclass(frozen=True, slots=True)
class Quarter:
    """What stands where. Sectors of all quarters have different names."""

    name: str
    rect: Rect
    homes: tuple[Site, ...]
    public: tuple[Site, ...]
    meadows: tuple[Rect, ...]
    """Lots on which nothing is built."""

    @property
    def sites(self) -> tuple[Site, ...]:
        """Everything that is built."""
        return (*self.homes, *self.public)


def lay_out(
    name: str, at: Tile, households: list[int], home_names: Iterator[str], sheet: Sheet, rng: Random
) -> Quarter:
    """Lay out a quarter with a home for every household, given by its number of people (1 to 3)."""
    park_row = rng.choice((1, 2))
    park_column = rng.choice(_CENTRE[:-1])
    park_lot = Lot(_around(_lot(park_row, park_column, at).rect, _lot(park_row, park_column + 1, at).rect), False)
    centre = [
        _lot(row, column, at)
        for row in (1, 2)
        for column in _CENTRE
        if row != park_row or column not in (park_column, park_column + 1)
    ]
    outer = [
        _lot(row, column, at)
        for row in range(len(_ROWS))
        for column in range(len(_COLUMNS))
        if row in (0, 3) or column not in _CENTRE
    ]
    rng.shuffle(centre)
    rng.shuffle(outer)
    central = zip(_CENTRAL, centre, strict=True)
    public = [(*item, outer.pop()) for item in _OUTSKIRTS]
    public += [(buildings.PARK, "Park", park_lot), *((*item, lot) for item, lot in central)]
    homes = [(rng.choice(_homes_for(size)), next(home_names), outer.pop()) for size in households]
    return Quarter(
        name,
        Rect(*at, WIDTH, HEIGHT),
        tuple(_place(plan, home, lot, sheet, rng) for plan, home, lot in homes),
        tuple(_place(plan, f"{name} {title}", lot, sheet, rng) for plan, title, lot in public),
        tuple(lot.rect for lot in outer),
    )


_CENTRAL = (
    (buildings.CAFE, "Cafe"),
    (buildings.PUB, "Arms"),
    (buildings.SHOP, "Stores"),
    (buildings.SCHOOL, "School"),
    (buildings.LIBRARY, "Library"),
    (buildings.OFFICE, "Offices"),
)
_OUTSKIRTS = ((buildings.WORKSHOP, "Workshop"), (buildings.GARDEN, "Gardens"))
MOST_HOMES = 4 * len(_COLUMNS) - 2 * len(_CENTRE) - len(_OUTSKIRTS)


def _homes_for(size: int) -> list[Plan]:
    return [plan for plan in buildings.HOMES if plan.residents == size]


def _lot(row: int, column: int, at: Tile) -> Lot:
    (left, width), (top, height, fronts_north) = _COLUMNS[column], _ROWS[row]
    return Lot(Rect(at[0] + left, at[1] + top, width, height), fronts_north)


def _around(first: Rect, second: Rect) -> Rect:
    return Rect(first.x, first.y, second.x + second.width - first.x, first.height)


def _place(plan: Plan, name: str, lot: Lot, sheet: Sheet, rng: Random) -> Site:
    width, height = plan.size
    left = lot.rect.x + (lot.rect.width - width) // 2
    top = lot.rect.y + (_SETBACK if lot.fronts_north else lot.rect.height - height - _SETBACK)
    return build(plan, name, (left, top), sheet, rng, upside_down=lot.fronts_north)
