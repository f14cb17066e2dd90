"""Shortest walks over the tiles of a town.

Distances come from one breadth-first field per goal, kept in a bounded cache: many people walk to few places.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Iterable

from worlds.town.map import TownMap
from worlds.town.places import Tile

CACHE_BYTES = 64 * 2**20
"""Memory for distance fields; a field takes 4 bytes a tile."""

_FAR = -1


class PathFinder:
    """Walks on one map, from tile to 4-neighbour over free tiles. A tile off the map or blocked is on no walk."""

    def __init__(self, town_map: TownMap, cache_bytes: int = CACHE_BYTES) -> None:
        # A blocked border all around spares the search every test for the edge of the map.
        self._stride = town_map.width + 2
        self._free = bytearray(self._stride * (town_map.height + 2))
        for y, row in enumerate(town_map.blocked):
            start = self._index((0, y))
            self._free[start : start + town_map.width] = (~row).tobytes()
        self._width, self._height = town_map.width, town_map.height
        self._keep = max(8, cache_bytes // (4 * len(self._free)))
        self._fields: OrderedDict[int, array[int]] = OrderedDict()

    def distance(self, start: Tile, goal: Tile) -> int | None:
        """Return the steps of a shortest walk, or None when there is none."""
        if not (self._is_free(start) and self._is_free(goal)):
            return None
        here, there = self._index(start), self._index(goal)
        if there not in self._fields and here in self._fields:
            here, there = there, here
        steps = self._field(there)[here]
        return None if steps == _FAR else steps

    def path(self, start: Tile, goal: Tile) -> tuple[Tile, ...] | None:
        """Return a shortest walk with both ends, or None when there is none.

        Among equals it goes straight on as long as it can, and otherwise along the axis with the longer way left.
        """
        if self.distance(start, goal) is None:
            return None
        field = self._field(self._index(goal))
        here, end = self._index(start), self._index(goal)
        walk, step = [start], 0
        while here != end:
            nearer = field[here] - 1
            if not step or field[here + step] != nearer:
                step = next(move for move in self._moves(walk[-1], goal) if field[here + move] == nearer)
            here += step
            y, x = divmod(here, self._stride)
            walk.append((x - 1, y - 1))
        return tuple(walk)

    def nearest(self, start: Tile, goals: Iterable[Tile]) -> tuple[Tile, ...] | None:
        """Return a shortest walk to the nearest of several tiles, the first of equals; None when none is in reach."""
        if not self._is_free(start):
            return None
        field = self._field(self._index(start))
        best, steps = None, _FAR
        for goal in goals:
            away = field[self._index(goal)] if self._is_free(goal) else _FAR
            if away != _FAR and (best is None or away < steps):
                best, steps = goal, away
        return None if best is None else self.path(start, best)

    def _index(self, tile: Tile) -> int:
        return (tile[1] + 1) * self._stride + tile[0] + 1

    def _is_free(self, tile: Tile) -> bool:
        inside = 0 <= tile[0] < self._width and 0 <= tile[1] < self._height
        return inside and bool(self._free[self._index(tile)])

    def _moves(self, here: Tile, goal: Tile) -> tuple[int, ...]:
        """Return the four moves as index differences, those to try first in front."""
        dx, dy = goal[0] - here[0], goal[1] - here[1]
        across = (1, -1) if dx >= 0 else (-1, 1)
        along = (self._stride, -self._stride) if dy >= 0 else (-self._stride, self._stride)
        if abs(dx) >= abs(dy):
            return (across[0], along[0], along[1], across[1])
        return (along[0], across[0], across[1], along[1])

    def _field(self, goal: int) -> array[int]:
        """Return the steps to `goal` from every tile, `_FAR` where there is no way."""
        field = self._fields.get(goal)
        if field is None:
            field = self._search(goal)
            self._fields[goal] = field
            if len(self._fields) > self._keep:
                self._fields.popitem(last=False)
        else:
            self._fields.move_to_end(goal)
        return field

    def _search(self, goal: int) -> array[int]:
        unseen = bytearray(self._free)
        field = array("i", [_FAR]) * len(unseen)
        moves = (1, -1, self._stride, -self._stride)
        unseen[goal] = 0
        wave, steps = [goal], 0
        while wave:
            following = []
            for here in wave:
                field[here] = steps
                for move in moves:
                    if unseen[here + move]:
                        unseen[here + move] = 0
                        following.append(here + move)
            wave, steps = following, steps + 1
        return field
