"""Who can see what: within one arena everything near, elsewhere along lines that no wall crosses."""

from __future__ import annotations

from itertools import pairwise

from worlds.town.map import TownMap
from worlds.town.places import Tile

Line = tuple[tuple[Tile, ...], ...]
"""What stands between two tiles, as offsets from the first: sight is lost where all tiles of a group are opaque."""


class Sight:
    """Sight over `radius` tiles in every direction (Chebyshev distance). It is symmetric: who sees is seen."""

    def __init__(self, town_map: TownMap, radius: int) -> None:
        if radius < 0:
            raise ValueError(f"the radius must be 0 or more, not {radius}")
        self.radius = radius
        self._width, self._height = town_map.width, town_map.height
        self._arena: list[list[int]] = town_map.arena_index.tolist()
        self._opaque: list[list[bool]] = town_map.opaque.tolist()
        self._lines = _Lines()

    def sees(self, a: Tile, b: Tile) -> bool:
        """Return whether someone at `a` sees someone at `b`. A tile off the map sees and shows nothing."""
        radius = self.radius
        if not (-radius <= a[0] - b[0] <= radius and -radius <= a[1] - b[1] <= radius):
            return False
        if not (self._inside(a) and self._inside(b)):
            return False
        arena = self._arena[a[1]][a[0]]
        if a == b or (arena >= 0 and arena == self._arena[b[1]][b[0]]):
            return True
        # One order of the ends for both directions makes sight symmetric, whatever way the line rounds.
        (y, x), (y2, x2) = sorted(((a[1], a[0]), (b[1], b[0])))
        opaque = self._opaque
        return not any(all(opaque[y + dy][x + dx] for dx, dy in group) for group in self._lines[x2 - x, y2 - y])

    def between(self, dx: int, dy: int) -> Line:
        """Return what stands between a tile and the one at an offset from it, both left out; at most `radius` away."""
        if (dy, dx) >= (0, 0):
            return self._lines[dx, dy]
        return tuple(tuple((dx + x, dy + y) for x, y in group) for group in self._lines[-dx, -dy])

    def seen_from(self, tile: Tile) -> tuple[Tile, ...]:
        """Return the tiles that can be seen from a tile, itself among them, row by row."""
        (x, y), reach = tile, self.radius
        rows = range(max(0, y - reach), min(self._height, y + reach + 1))
        columns = range(max(0, x - reach), min(self._width, x + reach + 1))
        return tuple((cx, cy) for cy in rows for cx in columns if self.sees(tile, (cx, cy)))

    def _inside(self, tile: Tile) -> bool:
        return 0 <= tile[0] < self._width and 0 <= tile[1] < self._height


class _Lines(dict[Tile, Line]):
    """What straight lines cross, by where they lead; made when first asked for."""

    def __missing__(self, offset: Tile) -> Line:
        self[offset] = line = _line(*offset) if offset != (0, 0) else ()
        return line


def _line(dx: int, dy: int) -> Line:
    """Return what a straight line from (0, 0) to (dx, dy) crosses, ends excluded.

    A tile on the line is a group of its own; where the line steps diagonally, the two tiles at its corner are a group:
    sight passes one corner but not the gap between two.
    """
    steps = max(abs(dx), abs(dy))
    tiles = [(_rounded(dx * i, steps), _rounded(dy * i, steps)) for i in range(steps + 1)]
    groups: list[tuple[Tile, ...]] = []
    for (x, y), (x2, y2) in pairwise(tiles):
        if x != x2 and y != y2:
            groups.append(((x2, y), (x, y2)))
        if (x2, y2) != (dx, dy):
            groups.append(((x2, y2),))
    return tuple(groups)


def _rounded(numerator: int, denominator: int) -> int:
    """Return the quotient rounded to the nearest whole number, halves up."""
    return (2 * numerator + denominator) // (2 * denominator)
