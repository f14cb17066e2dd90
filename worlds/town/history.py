"""Values as functions of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Generic, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """A value and when it changed. Changes may come in any order; of several at one time the last one made counts."""

    def __init__(self, value: T) -> None:
        self._times = [-1]
        self._values: list[T] = [value]

    def set(self, time: int, value: T) -> None:
        """Change the value at `time`, 0 or later."""
        place = bisect_left(self._times, time)
        if place < len(self._times) and self._times[place] == time:
            self._values[place] = value
        else:
            self._times.insert(place, time)
            self._values.insert(place, value)

    def at(self, time: int) -> T:
        """The value that holds at `time`, a change at that very time included."""
        return self._values[bisect_right(self._times, time) - 1]

    def before(self, time: int) -> T:
        """The value that others can know at `time`: changes at that very time are not yet visible."""
        return self._values[max(0, bisect_left(self._times, time) - 1)]
