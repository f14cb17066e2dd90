"""Steps of a walk, and which comes first where several are as good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat

from worlds.town.places import Tile

Step = tuple[int, int]
"""A move to a 4-neighbour as (dx, dy)."""

Stretch = tuple[Step, int]
"""So many equal steps."""


def preferred(here: Tile, goal: Tile, step: Step | None) -> Iterator[Step]:
    """Yield the moves in the order in which a walk takes them: straight on, then along the axis with the longer way."""
    if step is not None:
        yield step
    dx, dy = goal[0] - here[0], goal[1] - here[1]
    across = (1, 0) if dx >= 0 else (-1, 0)
    along = (0, 1) if dy >= 0 else (0, -1)
    if abs(dx) >= abs(dy):
        yield from (across, along, (0, -along[1]), (-across[0], 0))
    else:
        yield from (along, across, (-across[0], 0), (0, -along[1]))


class Tiles:
    """The tiles of a map, made when a walk first needs their row or column: walks share them."""

    def __init__(self, width: int, height: int) -> None:
        self._rows: list[list[Tile]] = [[] for _ in range(height)]
        self._columns: list[list[Tile]] = [[] for _ in range(width)]

    def along(self, start: Tile, way: Iterable[Stretch]) -> tuple[Tile, ...]:
        """Return all tiles of a way, the start first."""
        x, y = start
        tiles = [start]
        for (dx, dy), count in way:
            if dx:
                line = self._rows[y] = self._rows[y] or list(zip(range(len(self._columns)), repeat(y)))
                tiles += line[x + 1 : x + count + 1] if dx > 0 else line[x - count : x][::-1]
                x += dx * count
            else:
                line = self._columns[x] = self._columns[x] or list(zip(repeat(x), range(len(self._rows))))
                tiles += line[y + 1 : y + count + 1] if dy > 0 else line[y - count : y][::-1]
                y += dy * count
        return tuple(tiles)
