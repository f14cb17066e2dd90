"""Positions as functions of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worlds.town.places import Tile


@dataclass(frozen=True, slots=True)
class Walk:
    """A way along `path`, begun at `start`; standing still is a path of one tile."""

    start: int
    path: tuple[Tile, ...]
    seconds_per_tile: int

    @property
    def end(self) -> int:
        """The time at which the last tile is reached."""
        return self.start + (len(self.path) - 1) * self.seconds_per_tile

    def tile(self, time: int) -> Tile:
        """The tile at a time, not before the start."""
        return self.path[min((time - self.start) // self.seconds_per_tile, len(self.path) - 1)]

    def steps(self, after: int) -> Iterator[int]:
        """Yield the times after `after` at which the next tile is reached."""
        first = max(1, (after - self.start) // self.seconds_per_tile + 1)
        for number in range(first, len(self.path)):
            yield self.start + number * self.seconds_per_tile
