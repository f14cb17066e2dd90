"""Values as functions of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Generic, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """A value and when it changed.

    Changes may come in any order. Of several at one time, the one of the highest `rank` counts (ranks are the indices
    of those who make the change), of several by one rank the last.
    """

    def __init__(self, value: T) -> None:
        self._keys: list[tuple[int, float]] = [(-1, -1)]
        self._values: list[T] = [value]

    def set(self, time: int, value: T, rank: int = 0) -> None:
        """Change the value at `time`."""
        key = (time, rank)
        place = bisect_left(self._keys, key)
        if place < len(self._keys) and self._keys[place] == key:
            self._values[place] = value
        else:
            self._keys.insert(place, key)
            self._values.insert(place, value)

    def at(self, time: int) -> T:
        """The value that holds at `time`, a change at that very time included."""
        return self._values[bisect_right(self._keys, (time, float("inf"))) - 1]

    def before(self, time: int) -> T:
        """The value that others can know at `time`: changes at that very time are not yet visible."""
        return self._values[max(0, bisect_left(self._keys, (time, -1)) - 1)]
