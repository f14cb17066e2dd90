"""The free tiles of a grid as whole numbers, one for each row: its bits are tiles, and a carry runs along them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worlds.town.places import Tile


@dataclass(frozen=True, slots=True)
class Rows:
    """For each row one number, and an empty one below, which the index -1 finds above as well.

    A carry runs to higher bits only, so a row is in its number twice: bit x stands for the tile at x, and bit
    2 * width - x once more; bit `width` between the two is never set.
    """

    width: int
    numbers: list[int]
    turned: bool
    """Whether these are the columns of the map: x and y are exchanged then."""

    @classmethod
    def of(cls, free: NDArray[np.bool_], turned: bool) -> Rows:
        """Return the rows of a mask of shape [height, width], or its columns."""
        mask = free.T if turned else free
        height, width = mask.shape
        twice = np.zeros((height, 2 * width + 1), bool)
        twice[:, :width] = mask
        twice[:, width + 1 :] = mask[:, ::-1]
        packed = np.packbits(twice, axis=1, bitorder="little")
        return cls(width, [*(int.from_bytes(row.tobytes(), "little") for row in packed), 0], turned)

    def own(self, pair: Tile) -> Tile:
        """Return a tile or a step of the map in the coordinates of these rows, and the other way round."""
        return (pair[1], pair[0]) if self.turned else pair

    def without(self, tiles: Collection[Tile]) -> Rows:
        """Return the same rows with some more tiles of the map blocked."""
        numbers = self.numbers.copy()
        for x, y in map(self.own, tiles):
            numbers[y] &= ~(1 << x | 1 << (2 * self.width - x))
        return Rows(self.width, numbers, self.turned)


@dataclass(frozen=True, slots=True)
class Grid:
    """The free tiles of a map, by rows and by columns."""

    rows: Rows
    columns: Rows

    @classmethod
    def of(cls, free: NDArray[np.bool_]) -> Grid:
        """Return the grid of a mask of shape [height, width]."""
        return cls(Rows.of(free, False), Rows.of(free, True))

    def __contains__(self, tile: Tile) -> bool:
        x, y = tile
        return 0 <= x < self.rows.width and 0 <= y < self.columns.width and bool(self.rows.numbers[y] >> x & 1)

    def mask(self) -> NDArray[np.bool_]:
        """Return which tiles are free, of shape [height, width]."""
        length = self.rows.width // 8 + 1
        numbers = b"".join(
            (number & ((1 << self.rows.width) - 1)).to_bytes(length, "little") for number in self.rows.numbers[:-1]
        )
        packed = np.frombuffer(numbers, np.uint8).reshape(-1, length)
        return np.unpackbits(packed, axis=1, count=self.rows.width, bitorder="little").astype(bool)

    def between(self, a: Tile, b: Tile) -> Rows:
        """Return the rows or the columns, of whichever fewer lie between two tiles."""
        return self.rows if abs(a[0] - b[0]) >= abs(a[1] - b[1]) else self.columns

    def without(self, tiles: Collection[Tile]) -> Grid:
        """Return the same grid with some more tiles blocked."""
        inside = [tile for tile in tiles if tile in self]
        return Grid(self.rows.without(inside), self.columns.without(inside))
