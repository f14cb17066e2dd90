"""Shortest ways on a grid, found a row at a time.

A way from a source to a target is as long as the two lie apart in columns and rows, plus two steps for every step that
leads away from the target. So tiles are found in layers of equal detour: from what a layer has reached so far, all is
added that lies further towards the target, and one step away from the target the next layer begins. Along a row a layer
is spread by one addition, whose carry runs through the free tiles (`Rows`). Ways in a town make few detours, one on
average between two tiles of a town of 140 x 100, so few rows are looked at, each with a dozen operations.

Towards the target means to the right on its left side and to the left on its right side. Of the two copies in a row the
first serves the columns up to that of the target, the second those from it on; its own column is in both.
"""

from __future__ import annotations

from collections.abc import Iterable

from worlds.town.places import Tile
from worlds.town.rows import Rows
from worlds.town.steps import Step, Stretch, preferred


class Detours:
    """The layers around some sources on the way to a target. Any two sources are an even number of steps apart."""

    __slots__ = ("_both", "_mask", "_rows", "_spans", "_target", "_twice", "_unseen", "_waiting", "layers", "shortest")

    def __init__(self, rows: Rows, sources: Iterable[Tile], target: Tile) -> None:
        self._rows = rows
        self._target = column, row = rows.own(target)
        width = rows.width
        self._twice = 2 * width
        self._mask = (2 << column) - 1 | ((1 << (width - column)) - 1) << (width + 1)
        self._both = 1 << column | 1 << (2 * width - column)
        self._unseen = rows.numbers.copy()
        self._waiting: dict[int, list[Tile]] = {}
        for x, y in map(rows.own, sources):
            self._waiting.setdefault(abs(x - column) + abs(y - row), []).append((x, y))
        self.shortest = min(self._waiting)
        """Steps from the nearest source to the target on a way without detours."""
        self.layers: list[list[int]] = []
        """For each layer its bits in every row."""
        self._spans: list[tuple[int, int]] = []
        """The first and the last row in which each layer has any."""

    @property
    def length(self) -> int:
        """Steps of the ways to the target that lead through the newest layer."""
        return self.shortest + 2 * len(self.layers) - 2

    def widen(self) -> bool:
        """Add the next layer. False when there is nothing more to reach."""
        row, new = self._target[1], [0] * len(self._unseen)
        first = last = row
        if self.layers:
            before, (top, bottom) = self.layers[-1], self._spans[-1]
            end = min(bottom + 1, row)
            self._sweep(before, range(max(top - 1, 0), end), 1, range(end, row + 1), new)
            end = max(top - 1, row)
            self._sweep(before, range(min(bottom + 1, len(new) - 2), end, -1), -1, range(end, row - 1, -1), new)
            self._carry(before[row] >> 1, range(row, row + 1), new)
            first, last = min(top - 1, row), max(bottom + 1, row)
        for x, y in self._waiting.pop(self.shortest + 2 * len(self.layers), ()):
            self._carry(self._bits(x), range(y, row + 1) if y <= row else range(y, row - 1, -1), new)
            first, last = min(first, y), max(last, y)
        while first <= last and not new[first]:
            first += 1
        while first <= last and not new[last]:
            last -= 1
        empty = first > last
        self.layers.append(new)
        self._spans.append((row, row) if empty else (first, last))
        return not empty or bool(self._waiting)

    def _sweep(self, before: list[int], rows: range, towards: int, rest: range, new: list[int]) -> None:
        """Let a layer begin beside the one before it, and spread it towards the target's row."""
        unseen, mask, both = self._unseen, self._mask, self._both
        bits = 0
        for y in rows:
            free = unseen[y] & mask
            bits = (bits | before[y] >> 1 | before[y + towards]) & free
            if bits:
                bits |= free & ~(free + bits)
                if bits & both:
                    bits |= both
                new[y] |= bits
                unseen[y] ^= bits
        self._carry(bits, rest, new)

    def _carry(self, bits: int, rows: range, new: list[int]) -> None:
        """Spread some bits over rows towards the target, as far as they go."""
        unseen, mask, both = self._unseen, self._mask, self._both
        for y in rows:
            free = unseen[y] & mask
            bits &= free
            if not bits:
                return
            bits |= free & ~(free + bits)
            if bits & both:
                bits |= both
            new[y] |= bits
            unseen[y] ^= bits

    def reaches(self, tile: Tile) -> bool:
        """Whether a tile is in the newest layer."""
        x, y = self._rows.own(tile)
        return bool(self.layers[-1][y] & self._bits(x))

    def _bits(self, x: int) -> int:
        column = self._target[0]
        if x == column:
            return self._both
        return 1 << x if x < column else 1 << (self._twice - x)

    def descend(self, start: Tile, goal: Tile, step: Step | None) -> list[Stretch]:
        """Return the way from a tile of the newest layer to the nearest source, by the moves `preferred` to a goal."""
        rows = self._rows
        x, y = rows.own(start)
        layer = len(self.layers) - 1
        left = self.length - abs(x - self._target[0]) - abs(y - self._target[1])
        way: list[Stretch] = []
        while left:
            for move in preferred(rows.own((x, y)), goal, step):
                dx, dy = rows.own(move)
                count, below = self._straight(x, y, dx, dy, layer)
                if count:
                    break
            way.append((move, count))
            x, y, layer, left, step = x + dx * count, y + dy * count, below, left - count, move
        return way

    def _straight(self, x: int, y: int, dx: int, dy: int, layer: int) -> tuple[int, int]:
        """How many steps straight on lead towards a source, with the layer in which they end.

        Away from the target they stay in a layer. A step towards it leads to the layer before, one at a time.
        """
        column, row = self._target
        if dx:
            if x >= column if dx > 0 else x <= column:
                bit = self._twice - x if dx > 0 else x
                return bit - (~self.layers[layer][y] & ((1 << bit) - 1)).bit_length(), layer
            return int(layer > 0 and self.layers[layer - 1][y] & self._bits(x + dx) > 0), layer - 1
        bits = self._bits(x)
        if y >= row if dy > 0 else y <= row:
            rows, count = self.layers[layer], 0
            while rows[y + dy * (count + 1)] & bits:
                count += 1
            return count, layer
        return int(layer > 0 and self.layers[layer - 1][y + dy] & bits > 0), layer - 1
