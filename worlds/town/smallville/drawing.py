"""A picture of an original town, drawn with our tiles: grass, ways, hedges, walls, floors and furniture."""

from __future__ import annotations

from functools import cache

import numpy as np

from worlds.town.art.draw_tiles import thorp_sheet
from worlds.town.art.paint import noise
from worlds.town.art.sheet import Sheet
from worlds.town.art.sketch import Sketch
from worlds.town.smallville.furnish import furnish
from worlds.town.smallville.grids import Mask
from worlds.town.smallville.lanes import lay_ways
from worlds.town.smallville.layout import lay_out
from worlds.town.smallville.masonry import raise_walls
from worlds.town.smallville.sound import SoundTown

BLOCKED, CLOSED = "blocked", "hedge 15"
"""The tiles on the layer Collisions: where the original lets nobody walk, and what was closed besides."""
TREES = ("oak", "lime", "beech", "maple", "birch", "fir")
_FLOWERS = ("flowers_white", "flowers_yellow", "flowers_blue", "fern", "flowers_red")
_CELL = 3
"""At most one tree grows in a square of so many tiles."""


@cache
def sheet() -> Sheet:
    """Return the sheet of our sprites, drawn once."""
    return thorp_sheet()


def draw(town: SoundTown) -> Sketch:
    """Draw a town. The layer Collisions says exactly where nobody can walk."""
    maze = town.maze
    sketch, layout = Sketch(sheet(), maze.width, maze.height), lay_out(town)
    _sow(sketch)
    for y, x in np.argwhere(layout.floors >= 0).tolist():
        sketch.tile("Ground", layout.floor_names[int(layout.floors[y, x])], x, y)
    raise_walls(sketch, layout)
    furnish(sketch, town, layout)
    solid = maze.matrices["collision"] > 0
    wild = solid & ~layout.walls & (layout.things == -1)
    _plant_hedges(sketch, wild)
    _plant_trees(sketch, town.closed & (layout.floors < 0) & ~layout.walls)
    meadow = town.ground & (layout.floors < 0)
    ways = lay_ways(sketch, meadow & (town.arena_grid < 0), town.ground & (layout.floors >= 0))
    _strew_flowers(sketch, meadow & ~ways)
    for name, mask in ((BLOCKED, solid), (CLOSED, town.closed)):
        for y, x in np.argwhere(mask).tolist():
            sketch.tile("Collisions", name, x, y)
    return sketch


def _sow(sketch: Sketch) -> None:
    for y in range(sketch.height):
        for x in range(sketch.width):
            patch = noise(x // 4, y // 4, 12)
            plain = noise(x, y, 10) < 170
            kind = noise(x, y, 11) % 2 if plain else 2 + noise(x, y, 11) % (6 if patch > 170 else 4)
            sketch.tile("Ground", f"grass {kind}", x, y)


def _plant_hedges(sketch: Sketch, wild: Mask) -> None:
    """Draw every collision outdoors as a hedge, which joins its neighbours."""
    around = np.pad(wild, 1)
    for y, x in np.argwhere(wild).tolist():
        near = (around[y, x + 1], around[y + 1, x + 2], around[y + 2, x + 1], around[y + 1, x])
        mask = sum(bool(there) << bit for bit, there in enumerate(near))
        name = f"hedge {mask}" if mask else ("bush", "flower_bush", "stone")[noise(x, y, 31) % 3]
        sketch.tile("Furniture", name, x, y)


def _plant_trees(sketch: Sketch, wild: Mask) -> None:
    """Plant trees on closed ground, thinly."""
    for top in range(0, sketch.height - _CELL + 1, _CELL):
        for left in range(0, sketch.width - _CELL + 1, _CELL):
            x, y = left + noise(left, top, 41) % 2, top + 1 + noise(left, top, 42) % 2
            part = wild[max(0, y - 1) : y + 1, x : x + 2]
            if part.all() and noise(left, top, 43) < 110:
                sketch.sprite(TREES[noise(left, top, 44) % len(TREES)], x, y)


def _strew_flowers(sketch: Sketch, meadow: Mask) -> None:
    for y, x in np.argwhere(meadow).tolist():
        if noise(x, y, 90) < 7 and sketch.free(x, y):
            sketch.tile("Details", _FLOWERS[noise(x, y, 91) % len(_FLOWERS)], x, y)
