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
            rect, margin = self._map.arenas[arena].rect, self._radius + LIMIT + 1
            left, top = max(0, rect.x - margin), max(0, rect.y - margin)
            window = np.s_[top : rect.y + rect.height + margin, left : rect.x + rect.width + margin]
            tiles = _Window(self._map.arena_index[window].shape)
            inside = tiles.number(self._map.arena_index[window] == arena)
            lit = tiles.lit(inside, tiles.number(~self._map.opaque[window]), self._radius)
            steps = tiles.steps(lit, tiles.number(~self._map.blocked[window]))
            self._fields[arena] = left, top, [row.tobytes() for row in steps]
        return self._fields[arena]


class _Window:
    """Sets of tiles of a part of the map, each as one whole number whose bits are tiles, row by row.

    After each row comes a bit that is never set, so that what is shifted by one does not come into the next row.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._height, self._width = shape
        self._stride = self._width + 1
        self._all = self.number(np.ones(shape, bool))

    def number(self, mask: NDArray[np.bool_]) -> int:
        """Return a mask of shape [height, width] as a number."""
        padded = np.pad(mask, ((0, 0), (0, 1)))
        return int.from_bytes(np.packbits(padded, bitorder="little").tobytes(), "little")

    def lit(self, arena: int, transparent: int, radius: int) -> int:
        """Return what can be seen from an arena at most."""
        lit = passing = arena
        for _ in range(radius):
            row = passing | passing << 1 | passing >> 1
            reached = (row | row << self._stride | row >> self._stride) & self._all & ~lit
            lit |= reached
            passing = reached & transparent
        return lit

    def steps(self, goal: int, free: int) -> NDArray[np.uint8]:
        """Return the steps to the nearest goal over free tiles, at most `LIMIT + 1`; of shape [height, width]."""
        wave, left = goal & free, self._all & ~(goal & free)
        # For each binary digit the tiles whose number of steps has it.
        digits = [0] * (LIMIT + 1).bit_length()
        for count in range(1, LIMIT + 1):
            near = wave << 1 | wave >> 1 | wave << self._stride | wave >> self._stride
            wave = near & left & free
            if not wave:
                break
            left ^= wave
            _count(digits, count, wave)
        _count(digits, LIMIT + 1, left)
        steps = sum(self._mask(tiles) << digit for digit, tiles in enumerate(digits))
        return np.asarray(steps, np.uint8)

    def _mask(self, tiles: int) -> NDArray[np.uint8]:
        size = self._height * self._stride
        packed = np.frombuffer(tiles.to_bytes(size // 8 + 1, "little"), np.uint8)
        return np.unpackbits(packed, count=size, bitorder="little").reshape(self._height, -1)[:, : self._width]


def _count(digits: list[int], count: int, tiles: int) -> None:
    for digit in range(len(digits)):
        if count >> digit & 1:
            digits[digit] |= tiles
