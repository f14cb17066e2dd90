"""Where a person stands to be at a place, and whether all places can be walked to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from worlds.town.places import Arena, Extent, Place, Rect, Sector, Tile, Town, TownObject, row_by_row

Mask = NDArray[np.bool_]
"""[height, width]"""

Rows = Sequence[Sequence[bool]]
"""A mask in lists: where few tiles are asked for, that is much faster."""


def main_ground(blocked: Mask) -> Mask:
    """Return the largest region of free tiles that hang together over 4-neighbours (the topmost of equals)."""
    from scipy import ndimage

    labels, count = ndimage.label(~blocked)
    if not count:
        return np.zeros_like(blocked)
    sizes = np.bincount(labels.ravel())[1:]
    ground: Mask = labels == 1 + int(np.argmax(sizes))
    return ground


def object_tiles(town: Town) -> Mask:
    """Return the tiles that objects cover."""
    covered = np.zeros((town.rect.height, town.rect.width), bool)
    for sector in town.sectors:
        for arena in sector.arenas:
            for item in arena.objects:
                for part in item.parts:
                    covered[part.area] = True
    return covered


def standing_by_address(town: Town, ground: Mask) -> dict[str, tuple[Tile, ...]]:
    """Return the standing tiles of every arena and object; an empty tuple where none can be walked to."""
    free, open_floor = ground.tolist(), (ground & ~object_tiles(town)).tolist()
    found: dict[str, tuple[Tile, ...]] = {}
    for sector in town.sectors:
        for arena in sector.arenas:
            found[arena.address] = _tiles_of(open_floor, arena) or _tiles_of(free, arena)
            for item in arena.objects:
                found[item.address] = _tiles_of(free, item) or _beside(item, arena, free)
    return found


def standing(place: Place, known: Mapping[str, tuple[Tile, ...]], ground: Mask) -> tuple[Tile, ...]:
    """Return the standing tiles of any place; row by row, those of a sector arena by arena."""
    if isinstance(place, TownObject | Arena):
        return known[place.address]
    if isinstance(place, Sector):
        return tuple(tile for arena in place.arenas for tile in known[arena.address])
    return _tiles_of(ground.tolist(), place)


def _tiles_of(mask: Rows, place: Extent) -> tuple[Tile, ...]:
    """Return the tiles of a place at which `mask` is true, row by row."""
    return tuple((x, y) for x, y in place.tiles if mask[y][x])


def _beside(item: TownObject, arena: Arena, free: Rows) -> tuple[Tile, ...]:
    """Return the free 4-neighbours of an object within its arena, row by row."""
    around = {tile for part in item.parts for tile in _around(part)}
    found = (tile for tile in around if tile in arena and free[tile[1]][tile[0]])
    return tuple(sorted(found, key=row_by_row))


def _around(rect: Rect) -> Iterator[Tile]:
    """Yield the 4-neighbours of a rectangle."""
    for x in range(rect.x, rect.x + rect.width):
        yield from ((x, rect.y - 1), (x, rect.y + rect.height))
    for y in range(rect.y, rect.y + rect.height):
        yield from ((rect.x - 1, y), (rect.x + rect.width, y))
