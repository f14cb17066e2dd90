"""How far it is into somebody's sight: a lower bound on the steps, through doors and around walls.

For each arena one field is kept: from every tile nearby the steps to the nearest tile from which somebody in the arena
could be seen. What can be seen is itself bounded from above: light spreads from the arena over transparent tiles,
around corners too, for as many tiles as sight reaches.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.walk import Box

LIMIT = 60
"""Steps beyond which a field says only "farther"."""

Mask = NDArray[np.bool_]


class WaysIntoSight:
    """Bounds for one map and one radius of sight. Fields are made when they are first asked for."""

    def __init__(self, town_map: TownMap, radius: int) -> None:
        self._map = town_map
        self._radius = radius
        self._arena: list[list[int]] = town_map.arena_index.tolist()
        self._fields: dict[int, tuple[int, int, list[bytes]]] = {}
        self._from_boxes: dict[tuple[Box, int], int] = {}

    def steps(self, walker: Tile, stander: Tile) -> int:
        """Return how many steps a walker must take at least before it sees somebody who stands on a tile."""
        straight = max(abs(walker[0] - stander[0]), abs(walker[1] - stander[1])) - self._radius
        arena = self._arena[stander[1]][stander[0]]
        if arena < 0 or self._arena[walker[1]][walker[0]] == arena or straight > LIMIT:
            return straight
        left, top, rows = self._field(arena)
        x, y = walker[0] - left, walker[1] - top
        inside = 0 <= y < len(rows) and 0 <= x < len(rows[0])
        return max(straight, rows[y][x] if inside else LIMIT + 1)

    def steps_from(self, box: Box, stander: Tile) -> int:
        """Return how many steps somebody within a box must take at least before it sees who stands on a tile."""
        arena = self._arena[stander[1]][stander[0]]
        if arena < 0:
            return -self._radius
        if (box, arena) not in self._from_boxes:
            left, top, rows = self._field(arena)
            right, bottom = left + len(rows[0]) - 1, top + len(rows) - 1
            inside = left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom
            part = [row[box[0] - left : box[2] - left + 1] for row in rows[box[1] - top : box[3] - top + 1]]
            self._from_boxes[box, arena] = min(map(min, part)) if inside else -self._radius
        return self._from_boxes[box, arena]

    def _field(self, arena: int) -> tuple[int, int, list[bytes]]:
        """Return the field of an arena: the position of its top left tile, and its rows of steps."""
        if arena not in self._fields:
            rows, columns = np.nonzero(self._map.arena_index == arena)
            margin = self._radius + LIMIT + 1
            left, top = max(0, int(columns.min()) - margin), max(0, int(rows.min()) - margin)
            window = np.s_[top : int(rows.max()) + margin + 1, left : int(columns.max()) + margin + 1]
            seen = _lit(self._map.arena_index[window] == arena, ~self._map.opaque[window], self._radius)
            steps = _steps(seen, ~self._map.blocked[window])
            self._fields[arena] = left, top, [row.tobytes() for row in steps]
        return self._fields[arena]


def _lit(arena: Mask, transparent: Mask, radius: int) -> Mask:
    """Return what can be seen from an arena at most."""
    lit, passing = arena.copy(), arena.copy()
    for _ in range(radius):
        reached = _spread(_spread(passing, 0), 1) & ~lit
        if not reached.any():
            break
        lit |= reached
        passing = reached & transparent
    return lit


def _steps(goal: Mask, free: Mask) -> NDArray[np.uint8]:
    """Return the steps to the nearest goal over free tiles, at most `LIMIT + 1`."""
    steps = np.full(goal.shape, LIMIT + 1, np.uint8)
    wave = goal & free
    steps[wave] = 0
    for count in range(1, LIMIT + 1):
        wave = (_spread(wave, 0) | _spread(wave, 1)) & free & (steps > LIMIT)
        if not wave.any():
            break
        steps[wave] = count
    return steps


def _spread(mask: Mask, axis: int) -> Mask:
    """Return a mask that has grown by a tile to both sides along an axis."""
    grown = mask.copy()
    there, back = (np.s_[1:], np.s_[:-1]) if axis == 0 else (np.s_[:, 1:], np.s_[:, :-1])
    grown[there] |= mask[back]
    grown[back] |= mask[there]
    return grown
