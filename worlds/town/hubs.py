"""Exact distances from tables: for maps of moderate size, where a walk is then read off instead of searched for.

The free tiles are cut again and again: of every cell, a region that hangs together, one line is taken away, and what
is left are the cells of the next level. The tiles of the line are the cell's *hubs*, and every tile knows its steps,
within the cell, to all hubs of the cells that it is in. Take the smallest cell that a shortest walk lies in: the walk
touches one of its hubs, or it would lie in one of the smaller cells that they leave. So the distance of two tiles is
the smallest sum of the steps to a hub that both know. That is the labelling of Gavoille, Peleg, Pérennes and Raz,
"Distance labeling in graphs" (J. Algorithms 53, 2004), with lines for separators.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from worlds.town.places import Tile

Mask = NDArray[np.bool_]
"""[height, width]"""

MOST_TILES = 20_000
"""Free tiles of the largest map that gets tables. They grow as the power 1.5 of that: to 90 MB and a second here."""
SMALL = 12
"""In a cell of so few tiles all of them are hubs."""
MOST_REGIONS = 2000
"""So many groups of tiles are remembered with their steps to hubs: a few kB each."""
FAR = 2**15 - 1
"""More steps than any walk on such a map takes; two of them are still less than 2**16."""
_WORD = 64


class Hubs:
    """The steps from every free tile to its hubs.

    A tile is known by its index, row by row on a map with a blocked column more on its right and a blocked row more
    below, which -1 and a row too far find as well.
    """

    def __init__(self, free: Mask) -> None:
        height, width = free.shape
        self._stride: int = width + 1
        self._moves = (1, self._stride, -1, -self._stride)
        padded = np.pad(free, ((0, 1), (0, 1)))
        levels = list(_levels(padded))
        tables = [_steps_to_hubs(cells > 0, ranks) for cells, ranks in levels]
        self._cells: list[list[int]] = np.stack([cells.ravel() for cells, _ in levels], axis=1).tolist()
        """Of each tile the numbers of its cells, level by level, then zeros."""
        self._ends = list(accumulate(table.shape[1] for table in tables))
        """Of each level the number of hubs up to its last one."""
        self._steps = np.concatenate(tables, axis=1)
        """[tile, hub]"""
        self._from = [array("H", steps.tobytes()) for steps in self._steps.T]
        """The same by hub: a walk to a hub looks at the tiles around it."""
        self._regions: dict[tuple[Tile, ...], dict[tuple[int, int], NDArray[np.uint16]]] = {}
        self._tiles: list[Tile] = [(x, y) for y in range(height + 1) for x in range(self._stride)]

    def distance(self, start: Tile, goal: Tile) -> int | None:
        """Return the steps of a shortest walk between two tiles of the map, or None when there is none."""
        found = self._hub(self._index(start), self._index(goal))
        return None if found is None else found[0]

    def walk(self, start: Tile, goal: Tile) -> tuple[Tile, ...] | None:
        """Return a shortest walk between two tiles of the map, or None when there is none.

        It leads through the first hub that any shortest walk leads through. To there it goes from both ends straight on
        as long as it can, else to the right, down, to the left, or up, the first of these that leads nearer.
        """
        here, there = self._index(start), self._index(goal)
        found = self._hub(here, there)
        if found is None:
            return None
        steps, hub = found
        out, back = self._descent(here, hub), self._descent(there, hub)
        tiles = [*out, *back[-2::-1]]
        assert len(tiles) == steps + 1
        return itemgetter(*tiles)(self._tiles) if steps else (start,)

    def between(self, sources: Sequence[Tile], goals: Sequence[Tile]) -> int | None:
        """Return the steps of a shortest walk from any of several tiles to any of others; None when there is none."""
        mine, theirs = self._region(tuple(sources)), self._region(tuple(goals))
        sums = [int((steps + theirs[cell]).min()) for cell, steps in mine.items() if cell in theirs]
        return min(sums, default=None)

    def _region(self, tiles: tuple[Tile, ...]) -> dict[tuple[int, int], NDArray[np.uint16]]:
        """Return for each level and cell that some tiles are in the fewest steps from them to its hubs."""
        known = self._regions.get(tiles)
        if known is None:
            inside: dict[tuple[int, int], list[int]] = {}
            for index in map(self._index, tiles):
                for level, cell in enumerate(self._cells[index]):
                    if cell:
                        inside.setdefault((level, cell), []).append(index)
            starts = [0, *self._ends]
            known = {
                (level, cell): self._steps[members, starts[level] : starts[level + 1]].min(axis=0)
                for (level, cell), members in inside.items()
            }
            if len(self._regions) >= MOST_REGIONS:
                self._regions.clear()
            self._regions[tiles] = known
        return known

    def nearest(self, start: Tile, goals: Sequence[Tile]) -> Tile | None:
        """Return the nearest of several tiles, the first of equals; None when none is in reach."""
        here = self._index(start)
        found = [(hub[0], number) for number, goal in enumerate(goals) if (hub := self._hub(here, self._index(goal)))]
        return goals[min(found)[1]] if found else None

    def _hub(self, here: int, there: int) -> tuple[int, int] | None:
        """Return the steps between two tiles and the column of a hub on a shortest walk, the first one."""
        width = 0
        for one, other, end in zip(self._cells[here], self._cells[there], self._ends, strict=True):
            if one != other or not one:
                break
            width = end
        if not width:
            return None
        steps = self._steps[here, :width] + self._steps[there, :width]
        hub = int(steps.argmin())
        return int(steps[hub]), hub

    def _descent(self, here: int, hub: int) -> list[int]:
        at, moves = self._from[hub], self._moves
        way, left = [here], at[here] - 1
        while left >= 0:
            move = next(move for move in moves if at[here + move] == left)
            begin = there = here + move
            while at[there] == left:
                there += move
                left -= 1
            way += range(begin, there, move)
            here = there - move
        return way

    def _index(self, tile: Tile) -> int:
        return tile[1] * self._stride + tile[0]


@lru_cache(maxsize=4)
def _hubs(free: bytes, width: int) -> Hubs:
    return Hubs(np.frombuffer(free, np.bool_).reshape(-1, width))


def hubs_of(free: Mask) -> Hubs | None:
    """Return the tables of a map, None if it is too large for them or has no free tile.

    Maps with the same free tiles share them.
    """
    return _hubs(free.tobytes(), free.shape[1]) if 0 < np.count_nonzero(free) <= MOST_TILES else None


def _levels(free: Mask) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """Yield for each level the cell of each tile, 0 for none, and of each hub its number in its cell, -1 for others."""
    from scipy import ndimage

    rest = free.copy()
    while rest.any():
        cells, _ = ndimage.label(rest)
        ranks = np.full(free.shape, -1, np.int32)
        for number, window in enumerate(ndimage.find_objects(cells), start=1):
            inside = cells[window] == number
            line = _line(inside)
            ranks[window][line] = np.arange(np.count_nonzero(line))
        rest &= ranks < 0
        yield cells.astype(np.int32), ranks


def _line(inside: Mask) -> Mask:
    """Return the tiles of a cell that are its hubs."""
    if np.count_nonzero(inside) <= SMALL:
        return inside
    cuts = []
    for axis in (0, 1):
        along = inside.sum(axis=1 - axis)
        before = along.cumsum()
        share = (before - along / 2) / before[-1]
        cost = np.where((along > 0) & (share > 0.2) & (share < 0.8), along, inside.size)
        at = int(cost.argmin())
        cuts.append((int(cost[at]), axis, at))
    _, axis, at = min(cuts)
    line = np.zeros_like(inside)
    line[(slice(None), at) if axis else at] = True
    return line & inside


def _steps_to_hubs(free: Mask, ranks: NDArray[np.int32]) -> NDArray[np.uint16]:
    """Return the steps from every tile to the hubs of its cell, of shape [tile, hub]; `FAR` where there is no such hub.

    All cells are flooded at once, and all hubs of a cell: bit n of a tile's word is set once hub n has been reached.
    """
    count = int(ranks.max()) + 1
    tables = []
    for first in range(0, count, _WORD):
        bits = np.zeros(ranks.size, np.uint64)
        here = np.flatnonzero((ranks.ravel() >= first) & (ranks.ravel() < first + _WORD))
        bits[here] = np.uint64(1) << (ranks.ravel()[here] - first).astype(np.uint64)
        tables.append(_flood(free, bits)[:, : count - first])
    return np.concatenate(tables, axis=1)


def _flood(free: Mask, sources: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Return for each tile the steps to each of 64 sources, `FAR` if one is not reached."""
    stride = free.shape[1]
    room = np.zeros(free.size + 2 * stride, np.uint64)
    inner = slice(stride, stride + free.size)
    room[inner][free.ravel()] = ~np.uint64(0)
    wave, new = np.zeros_like(room), np.zeros_like(room)
    wave[inner] = sources
    room ^= wave
    shifts = [slice(stride + by, stride + by + free.size) for by in (-1, 1, -stride, stride)]
    planes: list[NDArray[np.uint64]] = []
    reached, steps = sources.copy(), 0
    while wave.any():
        steps += 1
        out = new[inner]
        np.bitwise_or(wave[shifts[0]], wave[shifts[1]], out=out)
        np.bitwise_or(out, wave[shifts[2]], out=out)
        np.bitwise_or(out, wave[shifts[3]], out=out)
        np.bitwise_and(out, room[inner], out=out)
        np.bitwise_xor(room[inner], out, out=room[inner])
        np.bitwise_or(reached, out, out=reached)
        for plane in range(steps.bit_length()):
            if plane == len(planes):
                planes.append(np.zeros(free.size, np.uint64))
            if steps >> plane & 1:
                np.bitwise_or(planes[plane], out, out=planes[plane])
        wave, new = new, wave
    table = np.where(_bits(reached), np.uint16(0), np.uint16(FAR))
    for number, words in enumerate(planes):
        table += _bits(words).astype(np.uint16) << np.uint16(number)
    return table


def _bits(words: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return the bits of words, of shape [word, 64]."""
    return np.unpackbits(words.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
