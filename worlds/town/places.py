"""The environment tree of a town: town, sector, arena, object, each with an address `town:sector:arena:object`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Tile = tuple[int, int]
"""A tile as (x, y), counted from the top left corner."""

SEPARATOR = ":"
"""Between the components of an address."""


class UnknownAddress(LookupError):
    """No place of the town has this address; the message names the nearest one."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of tiles: its left and top tile, its width and height in tiles."""

    x: int
    y: int
    width: int
    height: int

    def __contains__(self, tile: Tile) -> bool:
        return self.x <= tile[0] < self.x + self.width and self.y <= tile[1] < self.y + self.height

    def __iter__(self) -> Iterator[Tile]:
        for y in range(self.y, self.y + self.height):
            for x in range(self.x, self.x + self.width):
                yield x, y

    @property
    def area(self) -> tuple[slice, slice]:
        """The index of this rectangle in an array of shape [height, width]."""
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    @property
    def centre(self) -> tuple[float, float]:
        """The middle as (x, y) in tiles; (0.5, 0.5) is the middle of the first tile."""
        return self.x + self.width / 2, self.y + self.height / 2


class Extent:
    """What a place covers: one or more rectangles, its parts. `tile in place` says whether it covers a tile."""

    __slots__ = ()
    parts: tuple[Rect, ...]
    """At least one; they may lie apart from each other, and overlap."""

    def __contains__(self, tile: Tile) -> bool:
        return any(tile in part for part in self.parts)

    @property
    def rect(self) -> Rect:
        """The smallest rectangle around all parts; it may cover tiles that are not the place's."""
        if len(self.parts) == 1:
            return self.parts[0]
        left, top = min(part.x for part in self.parts), min(part.y for part in self.parts)
        right = max(part.x + part.width for part in self.parts)
        bottom = max(part.y + part.height for part in self.parts)
        return Rect(left, top, right - left, bottom - top)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Every tile that it covers, once, row by row."""
        if len(self.parts) == 1:
            return tuple(self.parts[0])
        return tuple(sorted({tile for part in self.parts for tile in part}, key=row_by_row))


@dataclass(frozen=True, slots=True)
class Affordance:
    """One thing that can be done with an object: what, the object's state meanwhile, and how long it takes."""

    activity: str
    """In the -ing form: "cooking a meal"."""
    state: str
    """The object's state while it is used so: "hot, with a pan on it"."""
    minutes: int
    afterwards: str = ""
    """The state in which it is left when this was finished, until the next use; "" for the object's own state."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What becomes of an object that is left in a state with nobody using it."""

    state: str
    minutes: int
    """How long it stays so."""
    becomes: str
    """The state that follows."""


@dataclass(frozen=True, slots=True)
class TownObject(Extent):
    """A thing that people use."""

    name: str
    address: str
    parts: tuple[Rect, ...]
    description: str
    state: str
    """The state while nobody uses it."""
    affordances: tuple[Affordance, ...]
    seats: int
    """How many people can use it at once."""
    consequences: tuple[Consequence, ...] = ()
    """At most one for each state."""


@dataclass(frozen=True, slots=True)
class Arena(Extent):
    """A room, or a part of an outdoor sector."""

    name: str
    address: str
    parts: tuple[Rect, ...]
    description: str
    objects: tuple[TownObject, ...]
    capacity: int | None = None
    """How many people may be in it at once; None where there is no limit."""


@dataclass(frozen=True, slots=True)
class Sector(Extent):
    """A building with its ground, or an outdoor place such as a park."""

    name: str
    address: str
    parts: tuple[Rect, ...]
    description: str
    kind: str
    """A free word: home, cafe, shop, school, park, library, pub, ..."""
    opens: int | None
    """Second of the day at which it opens; None when it has no hours."""
    closes: int | None
    """Second of the day at which it closes; not after `opens` when it closes past midnight."""
    arenas: tuple[Arena, ...]
    landmark: bool
    """Whether everybody knows it from the start."""

    def is_open(self, second: int) -> bool:
        """Return whether the sector is open at a second of the day (or of the scenario, if that starts at midnight)."""
        if self.opens is None or self.closes is None:
            return True
        second %= 24 * 3600
        if self.opens < self.closes:
            return self.opens <= second < self.closes
        return second >= self.opens or second < self.closes


@dataclass(frozen=True, slots=True)
class Town(Extent):
    """The root of the tree."""

    name: str
    parts: tuple[Rect, ...]
    sectors: tuple[Sector, ...]

    @property
    def address(self) -> str:
        """The first component of every address."""
        return self.name

    @property
    def description(self) -> str:
        """One line that names what there is."""
        return f"{self.name}, with " + ", ".join(sector.name for sector in self.sectors)


Place = Town | Sector | Arena | TownObject


def row_by_row(tile: Tile) -> Tile:
    """Return the key by which tiles are sorted row by row."""
    return tile[1], tile[0]


def parent_address(address: str) -> str:
    """Return the address one level up; the town's own for the town."""
    return address.rpartition(SEPARATOR)[0] or address
