"""Shapes of tiles as rectangles: the parts in which our maps draw a place of any shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from worlds.town.places import Rect
from worlds.town.smallville.grids import Grid


def rectangles(grid: Grid, count: int) -> list[list[Rect]]:
    """Return, for each index below `count`, rectangles that cover exactly its tiles and do not overlap.

    Runs of tiles in a row grow downwards as long as the next row holds the same run.
    """
    from scipy import ndimage

    boxes = ndimage.find_objects(grid + 1, max_label=count)
    found: list[list[Rect]] = []
    for index, box in enumerate(boxes):
        if box is None:
            found.append([])
        else:
            rows, columns = box
            found.append(_cover(grid[box] == index, columns.start, rows.start))
    return found


def _cover(mask: NDArray[np.bool_], left: int, top: int) -> list[Rect]:
    done: list[Rect] = []
    open_runs: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*mask, np.zeros(mask.shape[1], bool)]):
        runs = _runs(row)
        for start, end in [run for run in open_runs if run not in runs]:
            begun = open_runs.pop((start, end))
            done.append(Rect(left + start, top + begun, end - start, y - begun))
        for run in runs:
            open_runs.setdefault(run, y)
    return sorted(done, key=lambda rect: (rect.y, rect.x))


def _runs(row: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (start, end) of every stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], row, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
