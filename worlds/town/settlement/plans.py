"""Plans of buildings and gardens, drawn in letters.

`#` is a wall and `+` a door. Every other sign is either the floor of a room, which the plan names, or a letter of the
plan's legend: one thing covers as many tiles with its letter as its sprite's base has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from worlds.town.art.plan import Decor, Ground, Room, Thing
from worlds.town.art.sheet import Sheet
from worlds.town.places import Rect, Tile
from worlds.town.settlement.furniture import Furniture, Legend

WALL, DOOR = "#", "+"


@dataclass(frozen=True, slots=True)
class Floor:
    """What one sign of a drawing makes of a room; "" as its floor leaves the ground as it is."""

    name: str
    description: str
    floor: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One kind of building or garden."""

    kind: str
    description: str
    drawing: str
    floors: Mapping[str, Floor]
    legend: Legend
    hours: tuple[str, str] | None = None
    residents: int = 0
    """How many people can sleep here."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in tiles."""
        rows = self.drawing.split()
        return len(rows[0]), len(rows)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One thing in a plan, and the tiles that it covers there."""

    furniture: Furniture
    sprite: str
    rect: Rect


@dataclass(frozen=True, slots=True)
class Site:
    """A plan carried out somewhere."""

    ground: Ground
    decor: tuple[Decor, ...]
    plan: Plan
    fronts_north: bool


def build(plan: Plan, name: str, at: Tile, sheet: Sheet, rng: Random, *, upside_down: bool = False) -> Site:
    """Carry out a plan with its top left corner at a tile, maybe mirrored, its front in the south or the north."""
    rows = plan.drawing.split()
    if upside_down:
        rows.reverse()
    if rng.random() < 0.5:
        rows = [row[::-1] for row in rows]
    x, y = at
    found = [(rect, list(_pieces(plan, rows, rect, sheet, rng))) for rect in _rooms(rows, plan.floors)]
    built = [(dx, dy) for dx, dy, sign in _signs(rows) if sign in (WALL, DOOR)]
    ground = Ground(
        name,
        plan.kind,
        Rect(x, y, *plan.size),
        plan.description,
        tuple(_room(plan.floors[_floor(plan, rows, rect)], rect, pieces, at) for rect, pieces in found),
        plan.hours,
        _around(built, at) if built else None,
        rng.choice(("stone", "rose", "timber", "brick", "cream")),
        tuple((x + dx, y + dy) for dx, dy, sign in _signs(rows) if sign == DOOR),
    )
    decor = (item for _, pieces in found for piece in pieces for item in _decor(plan, rows, piece, at))
    return Site(ground, tuple(decor), plan, upside_down)


def _signs(rows: list[str]) -> Iterator[tuple[int, int, str]]:
    for y, row in enumerate(rows):
        for x, sign in enumerate(row):
            yield x, y, sign


def _around(tiles: list[Tile], at: Tile) -> Rect:
    left, top = min(x for x, _ in tiles), min(y for _, y in tiles)
    right, bottom = max(x for x, _ in tiles), max(y for _, y in tiles)
    return Rect(at[0] + left, at[1] + top, right - left + 1, bottom - top + 1)


def _rooms(rows: list[str], floors: Collection[str]) -> Iterator[Rect]:
    """Yield the rectangles between walls; one below another without a wall begins with the sign of its floor."""
    seen: set[Tile] = set()
    for x, y, sign in _signs(rows):
        if sign in (WALL, DOOR) or (x, y) in seen:
            continue
        width = next((n for n, other in enumerate(rows[y][x:]) if other in (WALL, DOOR)), len(rows[y]) - x)
        rect = Rect(x, y, width, _height([row[x] for row in rows[y:]], floors))
        seen.update(rect)
        yield rect


def _height(column: list[str], floors: Collection[str]) -> int:
    own = next((sign for sign in column if sign in floors), "")
    ends = (n for n, sign in enumerate(column) if sign in (WALL, DOOR) or (sign in floors and sign != own))
    return next(ends, len(column))


def _floor(plan: Plan, rows: list[str], rect: Rect) -> str:
    (sign,) = {rows[y][x] for x, y in rect} & set(plan.floors)
    return sign


def _pieces(plan: Plan, rows: list[str], rect: Rect, sheet: Sheet, rng: Random) -> Iterator[_Piece]:
    """Yield what stands in a room."""
    seen: set[Tile] = set()
    for x, y in rect:
        letter = rows[y][x]
        if letter in plan.floors or (x, y) in seen:
            continue
        furniture = plan.legend[letter]
        sprite = rng.choice(furniture.sprites) if furniture.sprites else ""
        tiles = Rect(x, y, *_base(sheet, sprite)) if sprite else _covered(rows, x, y, letter)
        if any(tile not in rect or rows[tile[1]][tile[0]] != letter for tile in tiles):
            raise ValueError(f"'{letter}' at {(x, y)} of a {plan.kind} does not cover {tiles.width} x {tiles.height}")
        seen.update(tiles)
        yield _Piece(furniture, sprite, tiles)


def _room(floor: Floor, rect: Rect, pieces: list[_Piece], at: Tile) -> Room:
    objects = [piece for piece in pieces if piece.furniture.uses]
    names = [piece.furniture.name for piece in objects]
    things = []
    for index, (name, piece) in enumerate(zip(names, objects, strict=True)):
        furniture, place = piece.furniture, _moved(piece.rect, at)
        things.append(
            Thing(
                f"{name} {names[: index + 1].count(name)}" if names.count(name) > 1 else name,
                piece.sprite,
                place.x,
                place.y,
                furniture.state,
                "\n".join(furniture.uses),
                furniture.seats,
                furniture.solid,
                None if piece.sprite else place,
            )
        )
    return Room(floor.name, _moved(rect, at), floor.description, floor.floor, tuple(things))


def _decor(plan: Plan, rows: list[str], piece: _Piece, at: Tile) -> Iterator[Decor]:
    """Yield what is only there to be looked at, and chairs above and below a table."""
    x, y = at[0] + piece.rect.x, at[1] + piece.rect.y
    if not piece.furniture.uses:
        yield Decor(piece.sprite, x, y, piece.furniture.solid)
    if piece.sprite.startswith("table"):
        for dx in range(piece.rect.width):
            for dy, chair in ((-1, "chair_down"), (1, "chair_up")):
                if rows[piece.rect.y + dy][piece.rect.x + dx] in plan.floors:
                    yield Decor(chair, x + dx, y + dy)


def _moved(rect: Rect, by: Tile) -> Rect:
    return Rect(by[0] + rect.x, by[1] + rect.y, rect.width, rect.height)


def _base(sheet: Sheet, sprite: str) -> tuple[int, int]:
    return sheet.sprites[sprite].width, sheet.sprites[sprite].height - sheet.sprites[sprite].tall


def _covered(rows: list[str], x: int, y: int, letter: str) -> Rect:
    row = rows[y][x:]
    column = [other[x] for other in rows[y:]]
    return Rect(x, y, len(row) - len(row.lstrip(letter)), _run(column, letter))


def _run(signs: list[str], letter: str) -> int:
    return next((number for number, sign in enumerate(signs) if sign != letter), len(signs))
