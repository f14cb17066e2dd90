"""Positions as functions of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from worlds.town.places import Tile

Box = tuple[int, int, int, int]
"""The smallest and largest x and y of some tiles: (left, top, right, bottom), all inclusive."""


def distance(a: Box, b: Box) -> int:
    """Return the larger of the distances in columns and rows between two boxes."""
    return max(a[0] - b[2], b[0] - a[2], a[1] - b[3], b[1] - a[3], 0)


def is_within(a: Box, b: Box) -> bool:
    """Return whether a box lies within another one."""
    return b[0] <= a[0] and b[1] <= a[1] and a[2] <= b[2] and a[3] <= b[3]


@dataclass(frozen=True, slots=True)
class Walk:
    """A way along `path`, begun at `start`; standing still is a path of one tile."""

    start: int
    path: tuple[Tile, ...]
    seconds_per_tile: int
    end: int = field(init=False)
    """The time at which the last tile is reached."""
    box: Box = field(init=False)
    """What the path stays within."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "end", self.start + (len(self.path) - 1) * self.seconds_per_tile)
        columns, rows = [x for x, _ in self.path], [y for _, y in self.path]
        object.__setattr__(self, "box", (min(columns), min(rows), max(columns), max(rows)))

    def tile(self, time: int) -> Tile:
        """The tile at a time, not before the start."""
        return self.path[-1] if time >= self.end else self.path[(time - self.start) // self.seconds_per_tile]

    def steps(self, after: int, before: float) -> Iterable[tuple[int, Tile]]:
        """Return the times between two, both excluded, at which the next tile is reached, each with that tile."""
        pace = self.seconds_per_tile
        first = max(1, (after - self.start) // pace + 1)
        last = len(self.path) if before > self.end else max(first, -int((self.start - before) // pace))
        times = range(self.start + first * pace, self.end + 1, pace)
        return zip(times, self.path[first:last], strict=False)
