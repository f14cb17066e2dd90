"""What holds from a moment on: values over time, and an agent's walks."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, NamedTuple, TypeVar

from engine.record.events import Tile

T = TypeVar("T")


class Series(Generic[T]):
    """Values that each hold from their time on until the next one. Times are added in order; a seek is O(log n)."""

    __slots__ = ("_times", "_values")

    def __init__(self) -> None:
        self._times: list[int] = []
        self._values: list[T] = []

    def __len__(self) -> int:
        return len(self._values)

    def add(self, time: int, value: T) -> None:
        """Let `value` hold from `time` on; of several values of one time the last one added holds."""
        if self._times and time < self._times[-1]:
            raise ValueError(f"time {time} comes after {self._times[-1]} was added")
        self._times.append(time)
        self._values.append(value)

    def index(self, time: float) -> int:
        """Return the number of the value that holds at `time`, -1 before the first."""
        return bisect_right(self._times, time) - 1

    def at(self, time: float) -> T | None:
        """Return the value that holds at `time`, None before the first."""
        found = self.index(time)
        return self._values[found] if found >= 0 else None

    def get(self, index: int) -> T:
        """Return value number `index`."""
        return self._values[index]

    def time(self, index: int) -> int | None:
        """Return the time from which value number `index` holds, None past the last one."""
        return self._times[index] if index < len(self._times) else None

    def between(self, start: float, end: float) -> list[T]:
        """Return the values whose time is after `start` and not after `end`."""
        return self._values[bisect_right(self._times, start) : bisect_right(self._times, end)]

    def latest(self, time: float, count: int) -> list[T]:
        """Return the last `count` values that were added up to `time`, oldest first."""
        end = self.index(time) + 1
        return self._values[max(0, end - count) : end]

    @property
    def times(self) -> tuple[int, ...]:
        """All times, in order."""
        return tuple(self._times)


class Heading(IntEnum):
    """Where someone looks."""

    DOWN = 0
    LEFT = 1
    RIGHT = 2
    UP = 3


def heading_towards(dx: float, dy: float, otherwise: Heading) -> Heading:
    """Return the heading of a step by (dx, dy); the longer side decides, `otherwise` when there is no step."""
    if dx == 0 and dy == 0:
        return otherwise
    if abs(dx) >= abs(dy):
        return Heading.RIGHT if dx > 0 else Heading.LEFT
    return Heading.DOWN if dy > 0 else Heading.UP


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk from `start` on: tiles, the seconds each takes, where it leads, and the heading it begins with."""

    start: int
    path: tuple[Tile, ...]
    seconds_per_tile: int
    to: str
    heading: Heading

    def step(self, time: float) -> int:
        """Return the number of the tile that is reached at `time`, which is not before the start."""
        return min(int(time - self.start) // self.seconds_per_tile, len(self.path) - 1)

    @property
    def arrival(self) -> int:
        """The second in which the last tile is reached."""
        return self.start + (len(self.path) - 1) * self.seconds_per_tile

    @property
    def last_heading(self) -> Heading:
        """Where someone looks who has walked it to its end."""
        heading = self.heading
        if len(self.path) > 1:
            (x0, y0), (x1, y1) = self.path[-2:]
            heading = heading_towards(x1 - x0, y1 - y0, heading)
        return heading


class Stance(NamedTuple):
    """Where someone is: the tile that the log says, the point between tiles to draw, heading, and the walk's goal."""

    tile: Tile
    point: tuple[float, float]
    heading: Heading
    walking: bool
    to: str


class Walks:
    """All walks of one agent."""

    __slots__ = ("_walks",)

    def __init__(self) -> None:
        self._walks: Series[Walk] = Series()

    def __len__(self) -> int:
        return len(self._walks)

    def add(self, start: int, path: tuple[Tile, ...], seconds_per_tile: int, to: str) -> None:
        """Append a walk; it replaces what is left of the one before."""
        before = self._walks.at(start)
        heading = Heading.DOWN if before is None else self._heading_at(before, start)
        self._walks.add(start, Walk(start, path, seconds_per_tile, to, heading))

    def at(self, time: float) -> Stance | None:
        """Return where the agent is at `time`, None before it has appeared.

        Between two tiles the point moves evenly towards the tile where the agent is next known to be, so it never
        jumps, even when a walk is replaced in the middle of a step.
        """
        number = self._walks.index(time)
        if number < 0:
            return None
        walk = self._walks.get(number)
        step = walk.step(time)
        tile = walk.path[step]
        if step == len(walk.path) - 1:
            return Stance(tile, tile, walk.last_heading, False, "")
        begun = walk.start + step * walk.seconds_per_tile
        due, goal = begun + walk.seconds_per_tile, walk.path[step + 1]
        replaced = self._walks.time(number + 1)
        if replaced is not None and replaced < due:
            due, goal = replaced, self._walks.get(number + 1).path[0]
        part = (time - begun) / (due - begun)
        dx, dy = goal[0] - tile[0], goal[1] - tile[1]
        point = (tile[0] + dx * part, tile[1] + dy * part)
        return Stance(tile, point, heading_towards(dx, dy, self._heading_at(walk, time)), True, walk.to)

    def trail(self, start: float, end: float) -> list[Tile]:
        """Return the tiles that the agent is on from `start` to `end`, in order, without repetitions."""
        tiles: list[Tile] = []
        first = max(0, self._walks.index(start))
        for number in range(first, self._walks.index(end) + 1):
            walk = self._walks.get(number)
            replaced = self._walks.time(number + 1)
            until = end if replaced is None else min(end, replaced)
            low, high = walk.step(max(start, walk.start)), walk.step(until)
            for tile in walk.path[low : high + 1]:
                if not tiles or tiles[-1] != tile:
                    tiles.append(tile)
        return tiles

    def walking_spans(self) -> list[tuple[int, int]]:
        """Return (start, end) of every walk of more than one tile, in seconds."""
        spans = []
        for number in range(len(self._walks)):
            walk = self._walks.get(number)
            replaced = self._walks.time(number + 1)
            end = walk.arrival if replaced is None else min(walk.arrival, replaced)
            if end > walk.start:
                spans.append((walk.start, end))
        return spans

    @staticmethod
    def _heading_at(walk: Walk, time: float) -> Heading:
        step = walk.step(time)
        if step <= 0:
            return walk.heading
        (x0, y0), (x1, y1) = walk.path[step - 1], walk.path[step]
        return heading_towards(x1 - x0, y1 - y0, walk.heading)
