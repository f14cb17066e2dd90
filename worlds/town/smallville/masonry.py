"""Walls of an original town, drawn with ours: where they stand, and which piece each of them is."""

from __future__ import annotations

import numpy as np

from worlds.town.art.sketch import Sketch
from worlds.town.art.walls import EAST, NORTH, SOUTH, WEST, wall_name
from worlds.town.smallville.grids import Mask, moved, moved_grid
from worlds.town.smallville.layout import Layout

FILLED = {"stone": "planks_grey", "cream": "planks_grey", "rose": "planks_dark", "timber": "planks_dark"}
"""What covers the inside of walls that are thick in both directions, by the style of the wall."""
_BITS = ((NORTH, 0, -1), (EAST, 1, 0), (SOUTH, 0, 1), (WEST, -1, 0))


def raise_walls(sketch: Sketch, layout: Layout) -> None:
    """Draw every wall, and the ground that shows beside it."""
    walls, floors = layout.walls, layout.floors
    around = {name: moved(walls, dx, dy) for name, dx, dy in (("se", 1, 1), ("sw", -1, 1))}
    near = {bit: moved(walls, dx, dy) for bit, dx, dy in _BITS}
    west, east, below = (moved_grid(floors, dx, dy) for dx, dy in ((-1, 0), (1, 0), (0, 1)))
    for y, x in np.argwhere(walls).tolist():
        mask = sum(bit for bit, there in near.items() if there[y, x])
        style, side = layout.style_at(x, y), "right"
        if mask & SOUTH:
            thick_east = bool(mask & EAST and around["se"][y, x])
            thick_west = bool(mask & WEST and around["sw"][y, x])
            if thick_east and thick_west:
                sketch.tile("Walls", FILLED.get(style, "planks_dark"), x, y)
                continue
            mask &= ~(EAST * thick_east | WEST * thick_west)
            side = "left" if thick_west else "right"
            if not thick_east and not thick_west:
                side = "left" if west[y, x] >= 0 and east[y, x] < 0 else "right"
        elif west[y, x] >= 0 and east[y, x] < 0:
            side = "left"
        sketch.tile("Walls", wall_name(style, mask, side, "in" if below[y, x] >= 0 else "out"), x, y)
        seen = west[y, x] if side == "right" else east[y, x]
        if seen >= 0:
            sketch.tile("Ground", layout.floor_names[seen], x, y)
    _cast_shadows(sketch, walls, floors >= 0)


def _cast_shadows(sketch: Sketch, walls: Mask, inside: Mask) -> None:
    """Shade the floor below and to the right of walls, and the ground below a building's front."""
    north, west = moved(walls, 0, -1) & ~walls, moved(walls, -1, 0) & inside & ~walls
    for y, x in np.argwhere(north | west).tolist():
        kind = "corner" if north[y, x] and west[y, x] else "north" if north[y, x] else "west"
        sketch.tile("Shade", f"shade {kind}", x, y)
