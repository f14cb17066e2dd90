"""What has one way out: the parts of a town that lie behind one gap between walls, as most houses do."""

from __future__ import annotations

from array import array
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from worlds.town.places import Tile

Mask = NDArray[np.bool_]
"""[height, width]"""

NONE = -1


class Exits:
    """For every tile the gap through which all ways lead from it to most of the town, where there is one.

    A gap is a tile between two walls, such as a doorway. Gaps divide the town into regions, of which the largest is the
    outside. A gap is an exit if what is behind it cannot be reached without it.
    """

    def __init__(self, ground: Mask) -> None:
        """The free tiles of `ground` hang together."""
        self._width = ground.shape[1]
        self._exits = array("i", _exits(ground).tobytes())

    def of(self, tile: Tile) -> Tile | None:
        """Return the outermost exit that a tile of the map is behind, None if it is behind none."""
        exit = self._exits[tile[1] * self._width + tile[0]]
        return None if exit == NONE else (exit % self._width, exit // self._width)


def _exits(ground: Mask) -> NDArray[np.int32]:
    """Return for each tile the index (row by row) of the outermost exit that it is behind, else `NONE`."""
    from scipy import ndimage

    upright, level = _gaps(ground)
    gaps = np.flatnonzero(upright | level)
    if not len(gaps):
        return np.full(ground.size, NONE, np.int32)
    labels, count = ndimage.label(ground & ~(upright | level))
    regions = labels.ravel()
    beside = np.where(upright.ravel()[gaps], ground.shape[1], 1)
    sides = list(zip(regions[gaps - beside].tolist(), regions[gaps + beside].tolist(), strict=True))
    behind = np.full(count + 1, NONE, np.int32)
    tree = _Tree(sides, 1 + int(np.argmax(np.bincount(regions)[1:])))
    for region in tree.order[1:]:
        exit = tree.exit[region]
        outer = behind[tree.parent[region]]
        behind[region] = gaps[exit] if exit is not None and outer == NONE else outer
    found: NDArray[np.int32] = behind[regions]
    found[gaps] = behind[[min(pair, key=tree.depth.__getitem__) for pair in sides]]
    return found


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


class _Tree:
    """The regions as a tree that grows from the outside through gaps; `sides` are the two regions beside each gap."""

    def __init__(self, sides: list[tuple[int, int]], outside: int) -> None:
        self.order = [outside]
        """From the outside inwards."""
        self.parent = {outside: outside}
        self.depth = {outside: 0}
        self.exit: dict[int, int | None] = {}
        """For each region but the outside the gap to its parent, if there is no way around it."""
        self._circle = {outside: outside}
        through = self._grow(sides)
        for gap, (one, other) in enumerate(sides):
            if gap not in through:
                self._close(one, other)

    def _grow(self, sides: list[tuple[int, int]]) -> set[int]:
        """Grow the tree; returns the gaps that are in it."""
        gaps: defaultdict[int, list[int]] = defaultdict(list)
        for gap, (one, other) in enumerate(sides):
            gaps[one].append(gap)
            gaps[other].append(gap)
        through: set[int] = set()
        for region in self.order:
            for gap in gaps[region]:
                inner = sum(sides[gap]) - region
                if inner not in self.parent:
                    self.parent[inner], self.depth[inner] = region, self.depth[region] + 1
                    self.exit[inner], self._circle[inner] = gap, inner
                    self.order.append(inner)
                    through.add(gap)
        return through

    def _close(self, one: int, other: int) -> None:
        """Take note of a circle: there is a way around every gap on it."""
        one, other = self._top(one), self._top(other)
        while one != other:
            if self.depth[one] < self.depth[other]:
                one, other = other, one
            self.exit[one] = None
            self._circle[one] = self.parent[one]
            one = self._top(one)

    def _top(self, region: int) -> int:
        """Return the outermost region of all that are known to be on circles with one."""
        while self._circle[region] != region:
            self._circle[region] = self._circle[self._circle[region]]
            region = self._circle[region]
        return region
