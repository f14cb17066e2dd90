"""Build what the plan says: floors, walls with doors in them, and the things in the rooms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from worlds.town.art.plan import OUTDOOR_FLOORS, Decor, Ground
from worlds.town.art.sketch import Sketch, address
from worlds.town.art.walls import EAST, NORTH, SOUTH, WEST, wall_name
from worlds.town.places import Rect, Tile

_DIRECTIONS = ((NORTH, 0, -1), (EAST, 1, 0), (SOUTH, 0, 1), (WEST, -1, 0))
FLAT = (
    "rug", "doormat", "flowers", "lily", "reeds", "fern", "line", "hopscotch", "rails", "crossing", "platform_edge",
    "weir", "stepping_stone",
)  # fmt: skip
"""Sprites whose names begin so lie on the ground, below everything else."""


def raise_walls(sketch: Sketch, grounds: Sequence[Ground]) -> None:
    """Lay the floors of all sectors and raise the walls of their buildings, as one where two of them touch."""
    floors = {tile: room.floor for ground in grounds for room in ground.rooms if room.floor for tile in room}
    for tile, floor in floors.items():
        sketch.tile("Ground", floor, *tile)
    doors = {tile for ground in grounds for tile in ground.doors}
    for x, y in sorted(doors):
        floors[x, y] = _floor_of_door(floors, x, y)
        sketch.tile("Ground", floors[x, y], x, y)
    styles = {tile: ground.style for ground in grounds for tile in ground.walls}
    inside = doors | {tile for tile, floor in floors.items() if floor not in OUTDOOR_FLOORS}
    for tile in styles:
        _wall(sketch, tile, styles, inside, floors)
    _cast_shadows(sketch, set(styles), inside)


def set_things(sketch: Sketch, town: str, grounds: Iterable[Ground]) -> dict[str, Rect]:
    """Put every thing into its room; return the rectangles of the objects by address."""
    rects: dict[str, Rect] = {}
    for ground in grounds:
        for room in ground.rooms:
            for thing in room.things:
                base = sketch.sprite(thing.sprite, thing.x, thing.y) if thing.sprite else None
                rect = thing.rect or base
                if rect is None:
                    raise ValueError(f"'{thing.name}' has neither sprite nor rectangle")
                rects[address(town, ground, room, thing)] = rect
                if thing.solid and base:
                    sketch.block(base)
    return rects


def put(sketch: Sketch, item: Decor) -> None:
    """Put up something that is only there to be looked at."""
    layers = ("Details", "Decor") if item.sprite.startswith(FLAT) else ("Furniture", "Decor")
    base = sketch.sprite(item.sprite, item.x, item.y, layers)
    if item.solid:
        sketch.block(base)


def _floor_of_door(floors: dict[Tile, str], x: int, y: int) -> str:
    """Return the floor that runs on under a door: that of the room above or on the left first."""
    for dx, dy in ((0, -1), (-1, 0), (0, 1), (1, 0)):
        if floors.get((x + dx, y + dy), "paving") != "paving":
            return floors[x + dx, y + dy]
    return "planks"


def _wall(sketch: Sketch, tile: Tile, walls: dict[Tile, str], inside: set[Tile], floors: dict[Tile, str]) -> None:
    x, y = tile
    mask = sum(bit for bit, dx, dy in _DIRECTIONS if (x + dx, y + dy) in walls)
    # Walls stand at the side of the room; the strip beside them shows grass outside, the left room's floor inside.
    side = "left" if _rooms_beside(-1, tile, inside) and not _rooms_beside(1, tile, inside) else "right"
    face = "in" if (x, y + 1) in inside else "out"
    sketch.tile("Walls", wall_name(walls[tile], mask, side, face), x, y)
    if side == "right" and (x - 1, y) in inside:
        sketch.tile("Ground", floors[x - 1, y], x, y)


def _rooms_beside(dx: int, tile: Tile, inside: set[Tile]) -> bool:
    """Whether there is a room at the left (-1) or the right (1) of a wall, straight or across a corner."""
    x, y = tile
    return any((x + dx, y + dy) in inside for dy in (-1, 0, 1))


def _cast_shadows(sketch: Sketch, walls: set[Tile], inside: set[Tile]) -> None:
    """Shade the floor below and to the right of walls, and the ground below a building's front."""
    for y in range(sketch.height):
        for x in range(sketch.width):
            north, west = (x, y - 1) in walls, (x - 1, y) in walls and (x, y) in inside
            if (x, y) not in walls and (north or west):
                sketch.tile("Shade", f"shade {'corner' if north and west else 'north' if north else 'west'}", x, y)
