"""Ways between the doors of an original town: it names none, so they are drawn where people would walk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from worlds.town.art.sketch import Sketch
from worlds.town.art.terrain import AROUND, whole_mask
from worlds.town.smallville.grids import Mask, moved

STRAIT = 6.0
"""How much dearer a tile beside an obstacle is than one in the open, so that ways keep off walls and hedges."""


def lay_ways(sketch: Sketch, meadow: Mask, inside: Mask) -> Mask:
    """Draw ways over the meadow between all doors that lead inside; return where they are."""
    doors = _doors(meadow, inside)
    ways = _tree(meadow, doors) if len(doors) > 1 else np.zeros_like(meadow)
    wide = (ways | moved(ways, -1, 0) | moved(ways, 0, -1)) & meadow
    joined = wide | inside
    masks = np.zeros(meadow.shape, np.int64)
    for bit, (dx, dy) in enumerate(AROUND):
        masks |= moved(joined, dx, dy).astype(np.int64) << bit
    for y, x in np.argwhere(wide).tolist():
        sketch.tile("Paths", f"path {whole_mask(int(masks[y, x]))}", x, y)
    return wide


def _doors(meadow: Mask, inside: Mask) -> NDArray[np.int64]:
    """Return one tile of the meadow before each door, as indices row by row."""
    from scipy import ndimage

    steps = meadow & (moved(inside, 0, -1) | moved(inside, 0, 1) | moved(inside, -1, 0) | moved(inside, 1, 0))
    labels, _ = ndimage.label(steps)
    _, first = np.unique(labels.ravel(), return_index=True)
    return np.sort(first[labels.ravel()[first] > 0])


def _tree(meadow: Mask, doors: NDArray[np.int64]) -> Mask:
    """Return the tiles of the cheapest walks from the most central door to all others."""
    from scipy import ndimage, sparse
    from scipy.sparse.csgraph import dijkstra

    height, width = meadow.shape
    cost = 1 + STRAIT / np.maximum(ndimage.distance_transform_cdt(meadow, "taxicab"), 1)
    index = np.arange(height * width).reshape(height, width)
    sideways, down = meadow[:, 1:] & meadow[:, :-1], meadow[1:] & meadow[:-1]
    starts = np.concatenate([index[:, :-1][sideways], index[:-1][down]])
    ends = np.concatenate([index[:, 1:][sideways], index[1:][down]])
    prices = np.concatenate([(cost[:, :-1] + cost[:, 1:])[sideways], (cost[:-1] + cost[1:])[down]])
    graph = sparse.coo_matrix((prices, (starts, ends)), (height * width,) * 2).tocsr()
    rows, columns = doors // width, doors % width
    root = int(doors[np.argmin(np.abs(rows - np.median(rows)) + np.abs(columns - np.median(columns)))])
    _, before = dijkstra(graph, directed=False, indices=root, return_predecessors=True)
    found = np.zeros(height * width, bool)
    for door in doors.tolist():
        while door >= 0 and not found[door]:
            found[door] = True
            door = int(before[door])
    return found.reshape(height, width)
