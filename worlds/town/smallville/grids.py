"""Arrays over the tiles of a map, and their neighbours. All are of shape [height, width]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Grid = NDArray[np.int64]
"""The index of what covers a tile, -1 where nothing does."""

Mask = NDArray[np.bool_]

BESIDE = ((0, -1), (-1, 0), (1, 0), (0, 1))
"""The steps to the four neighbours."""


def moved(mask: Mask, dx: int, dy: int) -> Mask:
    """Return on each tile what the mask says of the tile (dx, dy) further; False beyond the map."""
    height, width = mask.shape
    return np.pad(mask, 1)[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]


def moved_grid(grid: Grid, dx: int, dy: int) -> Grid:
    """Return on each tile what the grid says of the tile (dx, dy) further; -1 beyond the map."""
    height, width = grid.shape
    return np.pad(grid, 1, constant_values=-1)[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
