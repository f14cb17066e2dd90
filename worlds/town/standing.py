"""Where a person stands to be at a place, and whether all places can be walked to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from worlds.town.places import Arena, Place, Rect, Sector, Tile, Town, TownObject

Mask = NDArray[np.bool_]
"""[height, width]"""


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
                covered[item.rect.area] = True
    return covered


def standing_by_address(town: Town, ground: Mask) -> dict[str, tuple[Tile, ...]]:
    """Return the standing tiles of every arena and object; an empty tuple where none can be walked to."""
    open_floor = ground & ~object_tiles(town)
    found: dict[str, tuple[Tile, ...]] = {}
    for sector in town.sectors:
        for arena in sector.arenas:
            found[arena.address] = tiles_of(open_floor, arena.rect) or tiles_of(ground, arena.rect)
            for item in arena.objects:
                found[item.address] = tiles_of(ground, item.rect) or tuple(_beside(item, arena, ground))
    return found


def standing(place: Place, known: Mapping[str, tuple[Tile, ...]], ground: Mask) -> tuple[Tile, ...]:
    """Return the standing tiles of any place; row by row, those of a sector arena by arena."""
    if isinstance(place, TownObject | Arena):
        return known[place.address]
    if isinstance(place, Sector):
        return tuple(tile for arena in place.arenas for tile in known[arena.address])
    return tiles_of(ground, place.rect)


def tiles_of(mask: Mask, rect: Rect) -> tuple[Tile, ...]:
    """Return the tiles of `rect` at which `mask` is true, row by row."""
    return tuple((rect.x + int(dx), rect.y + int(dy)) for dy, dx in np.argwhere(mask[rect.area]))


def _beside(item: TownObject, arena: Arena, ground: Mask) -> Iterator[Tile]:
    """Yield the free 4-neighbours of an object within its arena, row by row."""
    rect = item.rect
    around = Rect(rect.x - 1, rect.y - 1, rect.width + 2, rect.height + 2)
    for x, y in around:
        corner = x in (around.x, around.x + around.width - 1) and y in (around.y, around.y + around.height - 1)
        if not corner and (x, y) in arena.rect and ground[y, x]:
            yield x, y
