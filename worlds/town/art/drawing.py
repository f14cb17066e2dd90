"""Drawings of buildings and gardens in letters, and what they stand for.

`#` is a wall and `+` a door; `=`, `%`, `@` and `!` are walls with a window, a picture, a clock, a lantern. A blank does
not belong to the place. Every other sign is either the floor of a room, which the drawing's floors name, or a letter of
its legend: one thing covers as many tiles with its letter as its sprite's base has. A letter stands on the floor of the
nearest floor sign in its room, of several at its left, else at its right, above, below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from worlds.town.art.plan import Decor, Room, Thing, parts_of
from worlds.town.art.sheet import Sheet
from worlds.town.places import Rect, Tile

ON_WALL = {"#": "", "=": "window", "%": "picture", "@": "clock", "!": "lantern"}
"""The signs of walls, with what hangs on them."""
DOOR, OUTSIDE = "+", " "
_AROUND = ((-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass(frozen=True, slots=True)
class Furniture:
    """One kind of thing. Where several sprites are given, whoever builds chooses."""

    name: str
    sprites: tuple[str, ...]
    """Empty for something that is part of the ground."""
    state: str
    uses: tuple[str, ...]
    """Each reads `activity | state while used | minutes`. Without any, the thing is only there to be looked at."""
    seats: int = 1
    solid: bool = True
    size: tuple[int, int] | None = None
    """What it covers, in tiles, where that is more than its sprite's base."""
    consequences: tuple[str, ...] = ()
    """Each reads `state | minutes | next state`."""


Legend = Mapping[str, Furniture]
"""The letters by which drawings name what stands where."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What one sign of a drawing makes of a room; "" as its floor leaves the ground as it is."""

    name: str
    description: str
    floor: str
    capacity: int | None = None


Floors = Mapping[str, Floor]


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing in a drawing: its sprite, the tiles that it covers there, and the sign of the floor it stands on."""

    furniture: Furniture
    sprite: str
    rect: Rect
    floor: str


def rows_of(drawing: str) -> tuple[str, ...]:
    """Return the rows of a drawing, all of the same length."""
    rows = drawing.strip("\n").split("\n")
    width = max(map(len, rows))
    return tuple(row.ljust(width) for row in rows)


Signs = Mapping[Tile, str]
"""The signs of a drawing by the tiles of the town that they stand for."""


def signs_of(rows: Sequence[str], at: Tile) -> dict[Tile, str]:
    """Return the signs of a drawing whose top left corner lies at a tile, row by row."""
    return {(at[0] + x, at[1] + y): sign for y, row in enumerate(rows) for x, sign in enumerate(row)}


class Drawing:
    """A drawing that has been read."""

    def __init__(
        self, signs: Signs, floors: Floors, legend: Legend, sheet: Sheet, looks: Mapping[Tile, str] | None = None
    ) -> None:
        """Read a drawing. `looks` chooses sprites by a thing's top left tile.

        Raises `ValueError` for a sign without a meaning, or a letter that does not cover its thing.
        """
        self._grid = signs
        self._floors = floors
        known = {*floors, *legend, *ON_WALL, DOOR, OUTSIDE}
        for tile, sign in self._grid.items():
            if sign not in known:
                raise ValueError(f"'{sign}' at {tile} means nothing")
        self.pieces = tuple(self._read_pieces(legend, sheet, looks or {}))
        """What stands there, row by row."""

    @property
    def rooms(self) -> tuple[Room, ...]:
        """The rooms, in the order of the floors, with the things that have uses."""
        of_sign: dict[str, list[Tile]] = {sign: [] for sign in self._floors}
        for tile, sign in self._grid.items():
            if sign not in ON_WALL and sign not in (DOOR, OUTSIDE):
                of_sign[self._floor_at(tile)].append(tile)
        return tuple(self._room(sign, tiles) for sign, tiles in of_sign.items() if tiles)

    @property
    def decor(self) -> tuple[Decor, ...]:
        """What is only there to be looked at, and what hangs on the walls."""
        hung = [Decor(ON_WALL[sign], *tile) for tile, sign in self._grid.items() if ON_WALL.get(sign)]
        idle = [piece for piece in self.pieces if not piece.furniture.uses]
        return (*hung, *(Decor(item.sprite, item.rect.x, item.rect.y, item.furniture.solid) for item in idle))

    @property
    def walls(self) -> frozenset[Tile]:
        """The tiles of the walls."""
        return frozenset(tile for tile, sign in self._grid.items() if sign in ON_WALL)

    @property
    def doors(self) -> tuple[Tile, ...]:
        """The tiles of the doors, row by row."""
        return tuple(tile for tile, sign in self._grid.items() if sign == DOOR)

    @property
    def area(self) -> tuple[Rect, ...]:
        """All that belongs to the place."""
        return parts_of(tile for tile, sign in self._grid.items() if sign != OUTSIDE)

    def is_floor(self, tile: Tile) -> bool:
        """Whether nothing stands at a tile of a room."""
        return self._grid.get(tile) in self._floors

    def _read_pieces(self, legend: Legend, sheet: Sheet, looks: Mapping[Tile, str]) -> Iterator[Piece]:
        seen: set[Tile] = set()
        for tile, letter in self._grid.items():
            if letter not in legend or tile in seen:
                continue
            furniture = legend[letter]
            sprite = looks.get(tile) or next(iter(furniture.sprites), "")
            size = furniture.size or (sheet.base(sprite) if sprite else self._run(tile))
            rect = Rect(*tile, *size)
            if any(self._grid.get(covered) != letter or covered in seen for covered in rect):
                raise ValueError(f"'{letter}' at {tile} does not cover {rect.width} x {rect.height}")
            seen.update(rect)
            yield Piece(furniture, sprite, rect, self._floor_at(tile))

    def _run(self, tile: Tile) -> tuple[int, int]:
        """Return how far the letter at a tile goes on to the right and down."""
        (x, y), letter = tile, self._grid[tile]
        width = sum(1 for _ in takewhile(lambda n: self._grid.get((n, y)) == letter, count(x)))
        return width, sum(1 for _ in takewhile(lambda n: self._grid.get((x, n)) == letter, count(y)))

    def _floor_at(self, tile: Tile) -> str:
        """Return the sign of the floor at a tile."""
        reached = [tile]
        for x, y in reached:
            sign = self._grid.get((x, y), OUTSIDE)
            if sign in self._floors:
                return sign
            if sign not in ON_WALL and sign not in (DOOR, OUTSIDE):
                reached += [(x + dx, y + dy) for dx, dy in _AROUND if (x + dx, y + dy) not in reached]
        raise ValueError(f"'{self._grid[tile]}' at {tile} stands on no floor")

    def _room(self, sign: str, tiles: Sequence[Tile]) -> Room:
        """Return a room; those of its things that have one name are numbered."""
        pieces = [piece for piece in self.pieces if piece.floor == sign and piece.furniture.uses]
        names = [piece.furniture.name for piece in pieces]
        things = []
        for number, (name, piece) in enumerate(zip(names, pieces, strict=True), 1):
            label = f"{name} {names[:number].count(name)}" if names.count(name) > 1 else name
            things.append(_thing(label, piece))
        floor = self._floors[sign]
        return Room(floor.name, parts_of(tiles), floor.description, floor.floor, tuple(things), floor.capacity)


def _thing(name: str, piece: Piece) -> Thing:
    furniture, rect = piece.furniture, piece.rect
    return Thing(
        name,
        piece.sprite,
        rect.x,
        rect.y,
        furniture.state,
        furniture.uses,
        furniture.seats,
        furniture.solid,
        None if piece.sprite and furniture.size is None else rect,
        furniture.consequences,
    )
