"""Build what the plan says: floors, walls with doors in them, and the things in the rooms."""

from __future__ import annotations

from collections.abc import Iterable

from worlds.town.art.plan import Ground
from worlds.town.art.sketch import Sketch, address
from worlds.town.art.walls import EAST, NORTH, SOUTH, WEST, wall_name
from worlds.town.places import Rect, Tile

_DIRECTIONS = ((NORTH, 0, -1), (EAST, 1, 0), (SOUTH, 0, 1), (WEST, -1, 0))


def raise_walls(sketch: Sketch, ground: Ground) -> None:
    """Lay the floors of a sector and raise the walls of its building, if it has one."""
    floors = {tile: room.floor for room in ground.rooms if room.floor for tile in room.rect}
    for tile, floor in floors.items():
        sketch.tile("Ground", floor, *tile)
    if ground.building is None:
        return
    inside = {tile for room in ground.rooms for tile in room.rect if tile in ground.building}
    walls = {tile for tile in ground.building if tile not in inside and tile not in ground.doors}
    for x, y in ground.doors:
        sketch.tile("Ground", _floor_of_door(floors, x, y), x, y)
    for tile in sorted(walls):
        _wall(sketch, ground, tile, walls, inside, floors)


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


def _floor_of_door(floors: dict[Tile, str], x: int, y: int) -> str:
    """Return the floor that runs on under a door: that of the room above or on the left first."""
    for dx, dy in ((0, -1), (-1, 0), (0, 1), (1, 0)):
        if floors.get((x + dx, y + dy), "paving") != "paving":
            return floors[x + dx, y + dy]
    return "planks"


def _wall(
    sketch: Sketch, ground: Ground, tile: Tile, walls: set[Tile], inside: set[Tile], floors: dict[Tile, str]
) -> None:
    x, y = tile
    mask = sum(bit for bit, dx, dy in _DIRECTIONS if (x + dx, y + dy) in walls)
    building = ground.building
    # Walls stand at the side of the room; the strip beside them shows grass outside, the left room's floor inside.
    side = "left" if building and x == building.x + building.width - 1 else "right"
    below = (x, y + 1)
    face = "in" if below in inside or below in ground.doors else "out"
    sketch.tile("Walls", wall_name(ground.walls, mask, side, face), x, y)
    if (x - 1, y) in floors and (x - 1, y) in inside:
        sketch.tile("Ground", floors[x - 1, y], x, y)
