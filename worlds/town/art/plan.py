"""The words in which a town is laid out by a script: sectors, arenas, things and decoration at tile coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from worlds.town.places import Rect, Tile


@dataclass(frozen=True, slots=True)
class Thing:
    """One object: its sprite with the base's top left tile, its idle state, and its uses line by line."""

    name: str
    sprite: str
    """Empty for something that is part of the ground."""
    x: int
    y: int
    state: str
    uses: tuple[str, ...]
    """Lines as on the map: `activity | state while used | minutes`, maybe with `| state afterwards`."""
    seats: int = 1
    solid: bool = True
    rect: Rect | None = None
    """What the object covers, where that is not the sprite's base."""
    consequences: tuple[str, ...] = ()
    """Lines as on the map: `state | minutes | next state`."""


@dataclass(frozen=True, slots=True)
class Room:
    """One arena with its floor ("" leaves the ground as it is) and the things in it."""

    name: str
    parts: tuple[Rect, ...]
    description: str
    floor: str
    things: tuple[Thing, ...]
    capacity: int | None = None

    def __iter__(self) -> Iterator[Tile]:
        return tiles_of(self.parts)


@dataclass(frozen=True, slots=True)
class Ground:
    """One sector. `walls` are the tiles of its walls, without the doors in them, in the style `style`."""

    name: str
    kind: str
    parts: tuple[Rect, ...]
    description: str
    rooms: tuple[Room, ...]
    hours: tuple[str, str] | None = None
    landmark: bool | None = None
    style: str = ""
    walls: frozenset[Tile] = frozenset()
    doors: tuple[Tile, ...] = ()

    @property
    def building(self) -> Rect | None:
        """The rectangle around walls and doors; None where there are none."""
        tiles = (*self.walls, *self.doors)
        if not tiles:
            return None
        xs, ys = [x for x, _ in tiles], [y for _, y in tiles]
        return Rect(min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)

    @property
    def entrances(self) -> tuple[Tile, ...]:
        """The doors that lead out of the building: beside them is neither a room of it nor a wall."""
        inside = {tile for room in self.rooms for tile in room if room.floor and room.floor not in OUTDOOR_FLOORS}
        inside |= self.walls | set(self.doors)
        around = ((0, -1), (1, 0), (0, 1), (-1, 0))
        return tuple((x, y) for x, y in self.doors if any((x + dx, y + dy) not in inside for dx, dy in around))


OUTDOOR_FLOORS = ("paving", "setts", "boards")
"""Floors that lie under the open sky."""


@dataclass(frozen=True, slots=True)
class Decor:
    """Something to look at that nobody uses."""

    sprite: str
    x: int
    y: int
    solid: bool = False


def tiles_of(rects: Iterable[Rect]) -> Iterator[Tile]:
    """Yield the tiles of several rectangles."""
    return (tile for rect in rects for tile in rect)


def parts_of(tiles: Iterable[Tile]) -> tuple[Rect, ...]:
    """Return rectangles that cover some tiles exactly: runs of rows, joined where one lies right below its like."""
    there = set(tiles)
    parts: list[Rect] = []
    for x, y in sorted(there, key=lambda tile: (tile[1], tile[0])):
        if (x - 1, y) in there:
            continue
        end = x
        while (end, y) in there:
            end += 1
        above = Rect(x, y - 1, end - x, 1)
        joined = next((part for part in parts if _ends_with(part, above)), None)
        if joined:
            parts[parts.index(joined)] = Rect(joined.x, joined.y, joined.width, joined.height + 1)
        else:
            parts.append(Rect(x, y, end - x, 1))
    return tuple(parts)


def _ends_with(part: Rect, row: Rect) -> bool:
    return (part.x, part.width, part.y + part.height - 1) == (row.x, row.width, row.y)
