"""Which parts of a town have few ways out: those that lie behind gaps between walls, as most houses do."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from worlds.town.places import Tile

Mask = NDArray[np.bool_]
"""[height, width]"""

MOST = 4
"""What has more exits counts as outside."""


class Exits:
    """For every tile the gaps through which all ways lead from the part of town that it is in.

    A gap is a tile between two walls, such as a doorway. Gaps divide the town into regions, of which the largest is the
    outside. What is left when it is taken away are the parts; their exits are the gaps between them and the outside.
    """

    def __init__(self, ground: Mask) -> None:
        """The free tiles of `ground` hang together."""
        parts, exits = _parts(ground)
        self._width: int = ground.shape[1]
        self._parts = array("i", parts.astype(np.int32).tobytes())
        self._exits = [tuple(map(self._tile, sorted(gaps))) if len(gaps) <= MOST else () for gaps in exits]

    def of(self, tile: Tile) -> tuple[Tile, ...]:
        """Return the exits of the part that a tile of the map is in, row by row; none if it is outside.

        Two parts have no exit in common, and an exit is itself outside.
        """
        return self._exits[self._parts[tile[1] * self._width + tile[0]]]

    def _tile(self, index: int) -> Tile:
        y, x = divmod(index, self._width)
        return x, y


def _parts(ground: Mask) -> tuple[NDArray[np.int32], list[list[int]]]:
    """Return for each tile the number of its part, 0 outside, and for each part its exits (row by row)."""
    from scipy import ndimage

    upright, level = _gaps(ground)
    regions, count = ndimage.label(ground & ~(upright | level))
    outside = regions == (1 + int(np.argmax(np.bincount(regions.ravel())[1:])) if count else -1)
    gaps = np.flatnonzero(upright | level)
    beside = np.where(upright.ravel()[gaps], ground.shape[1], 1)
    ends = np.stack([gaps - beside, gaps + beside], axis=1)
    leads_out = outside.ravel()[ends]
    within = ground & ~outside
    within.ravel()[gaps[leads_out.any(axis=1)]] = False
    parts, count = ndimage.label(within)
    exits: list[list[int]] = [[] for _ in range(count + 1)]
    between = leads_out.any(axis=1) & ~leads_out.all(axis=1)
    inner = np.where(leads_out, -1, ends).max(axis=1, initial=-1)
    for gap, part in zip(gaps[between].tolist(), parts.ravel()[inner[between]].tolist(), strict=True):
        exits[part].append(gap)
    return parts.ravel(), exits


def _gaps(ground: Mask) -> tuple[Mask, Mask]:
    """Return the gaps that lead up and down, and those that lead left and right.

    Of a passage of several tiles it is the first one: no two gaps are neighbours.
    """
    around = np.pad(ground, 1)
    up, down, left, right = around[:-2, 1:-1], around[2:, 1:-1], around[1:-1, :-2], around[1:-1, 2:]
    upright = ground & up & down & ~left & ~right
    level = ground & left & right & ~up & ~down
    upright[1:] &= ~upright[:-1]
    level[:, 1:] &= ~level[:, :-1]
    return upright, level
