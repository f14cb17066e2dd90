"""Shortest walks over the tiles of a town.

Distances come from one breadth-first field per tile, kept in a bounded cache: many walk from and to few places. A field
field grows only as far as it has been asked for.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Set

from worlds.town.map import TownMap
from worlds.town.places import Tile

CACHE_BYTES = 64 * 2**20
"""Memory for distance fields; a field takes 4 bytes a tile."""

NOWHERE: frozenset[Tile] = frozenset()
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
        self._fields: OrderedDict[int, _Field] = OrderedDict()

    def distance(self, start: Tile, goal: Tile) -> int | None:
        """Return the steps of a shortest walk, or None when there is none."""
        if not (self._is_free(start) and self._is_free(goal)):
            return None
        here, there = self._index(start), self._index(goal)
        if there not in self._fields and here in self._fields:
            here, there = there, here
        steps = self._field(there).reach((here,))
        return None if steps == _FAR else steps

    def path(self, start: Tile, goal: Tile, avoid: Set[Tile] = NOWHERE) -> tuple[Tile, ...] | None:
        """Return a shortest walk with both ends that steps on no tile of `avoid`, or None when there is none.

        Among equals it goes straight on as long as it can, and otherwise along the axis with the longer way left.
        """
        if not (self._is_free(start) and self._is_free(goal)):
            return None
        field = self._field(self._index(goal)) if not avoid else self._field_without(avoid - {start}, goal)
        return None if field.reach((self._index(start),)) == _FAR else tuple(self._descend(field, start, goal))

    def nearest(self, start: Tile, goals: Iterable[Tile], avoid: Set[Tile] = NOWHERE) -> tuple[Tile, ...] | None:
        """Return a shortest walk to the nearest of several tiles, the first of equals; None when none is in reach."""
        if not self._is_free(start):
            return None
        field = self._field(self._index(start)) if not avoid else self._field_without(avoid, start)
        reachable = {self._index(goal): goal for goal in goals if self._is_free(goal)}
        steps = field.reach(reachable)
        best = next((goal for index, goal in reachable.items() if field.steps[index] == steps), None)
        if best is None or steps == _FAR:
            return None
        return tuple(reversed(self._descend(field, best, start)))

    def _descend(self, field: _Field, start: Tile, goal: Tile) -> list[Tile]:
        """Return the walk to the goal of a field that reaches its start."""
        walk, here, step = [start], self._index(start), 0
        while walk[-1] != goal:
            nearer = field.steps[here] - 1
            if not step or field.steps[here + step] != nearer:
                step = next(move for move in self._moves(walk[-1], goal) if field.steps[here + move] == nearer)
            here += step
            y, x = divmod(here, self._stride)
            walk.append((x - 1, y - 1))
        return walk

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

    def _field_without(self, avoid: Set[Tile], goal: Tile) -> _Field:
        free = self._free.copy()
        for tile in avoid:
            free[self._index(tile)] = False
        return _Field(free, self._stride, self._index(goal))

    def _field(self, goal: int) -> _Field:
        """Return the field of the steps to a goal."""
        field = self._fields.get(goal)
        if field is None:
            field = _Field(self._free, self._stride, goal)
            self._fields[goal] = field
            if len(self._fields) > self._keep:
                self._fields.popitem(last=False)
        else:
            self._fields.move_to_end(goal)
        return field


class _Field:
    """The steps to a goal from every tile looked at so far, `_FAR` from all others."""

    def __init__(self, free: bytearray, stride: int, goal: int) -> None:
        self.steps = array("i", [_FAR]) * len(free)
        self.steps[goal] = 0
        self._free = free
        self._moves = (1, -1, stride, -stride)
        self._wave = [goal]

    def reach(self, tiles: Collection[int]) -> int:
        """Look on until one of some tiles is reached; return the steps to the nearest, `_FAR` if there is no way."""
        steps, free, moves = self.steps, self._free, self._moves
        known = [steps[tile] for tile in tiles if steps[tile] != _FAR]
        if known:
            return min(known)
        wanted = set(tiles)
        while self._wave and wanted:
            away = steps[self._wave[0]] + 1
            following = []
            for here in self._wave:
                for move in moves:
                    there = here + move
                    if free[there] and steps[there] == _FAR:
                        steps[there] = away
                        following.append(there)
            self._wave = following
            if not wanted.isdisjoint(following):
                return away
        return _FAR
