"""Steps counted tile by tile: for mazes, in which whole rows are of no help."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable

import numpy as np

from worlds.town.places import Tile
from worlds.town.rows import Grid
from worlds.town.steps import Step, Stretch, preferred

_FAR = -1


class Flood:
    """The steps to the nearest of some sources, from every tile reached so far."""

    def __init__(self, grid: Grid, sources: Iterable[Tile]) -> None:
        free = grid.mask()
        self._stride = grid.rows.width + 1
        # One blocked column and row, which the index -1 finds too, spare the search every test for the edge.
        self._free = np.pad(free, ((0, 1), (0, 1))).tobytes()
        self._steps = array("i", [_FAR]) * len(self._free)
        self._wave = [self._index(tile) for tile in sources if tile in grid]
        for tile in self._wave:
            self._steps[tile] = 0

    def reach(self, tiles: Collection[Tile]) -> int | None:
        """Look on until one of some tiles is reached; return its steps, None if there is no way to any."""
        steps, free, stride = self._steps, self._free, self._stride
        wanted = {self._index(tile) for tile in tiles}
        away = 0
        while self._wave and wanted.isdisjoint(self._wave):
            away += 1
            following = []
            for here in self._wave:
                for there in (here + 1, here - 1, here + stride, here - stride):
                    if free[there] and steps[there] == _FAR:
                        steps[there] = away
                        following.append(there)
            self._wave = following
        return away if self._wave else None

    def reaches(self, tile: Tile) -> bool:
        """Whether a tile has been reached."""
        return self._steps[self._index(tile)] != _FAR

    def descend(self, start: Tile, goal: Tile, step: Step | None) -> list[Stretch]:
        """Return the way from a tile that was reached to the nearest source, with the `preferred` moves to a goal."""
        way: list[Stretch] = []
        x, y = start
        for nearer in range(self._steps[self._index(start)] - 1, -1, -1):
            step = next(
                (dx, dy)
                for dx, dy in preferred((x, y), goal, step)
                if self._steps[self._index((x + dx, y + dy))] == nearer
            )
            way.append((step, 1))
            x, y = x + step[0], y + step[1]
        return way

    def _index(self, tile: Tile) -> int:
        return tile[1] * self._stride + tile[0]
