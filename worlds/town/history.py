"""Values as functions of time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class History(Generic[T]):
    """A value and when it changed. Changes may come in any order; of several at one time the last one made counts."""

    __slots__ = ("_times", "_values")

    def __init__(self, value: T) -> None:
        self._times = [-1]
        self._values: list[T] = [value]

    def __len__(self) -> int:
        return len(self._times)

    def set(self, time: int, value: T) -> None:
        """Change the value at `time`, 0 or later."""
        if time > self._times[-1]:
            self._times.append(time)
            self._values.append(value)
            return
        place = bisect_left(self._times, time)
        if self._times[place] == time:
            self._values[place] = value
        else:
            self._times.insert(place, time)
            self._values.insert(place, value)

    def at(self, time: int) -> T:
        """The value that holds at `time`, a change at that very time included."""
        return self._values[-1] if time >= self._times[-1] else self._values[bisect_right(self._times, time) - 1]

    def before(self, time: int) -> T:
        """The value that others can know at `time`: changes at that very time are not yet visible."""
        if time > self._times[-1]:
            return self._values[-1]
        return self._values[max(0, bisect_left(self._times, time) - 1)]

    def since(self, time: int) -> Sequence[T]:
        """The values that hold at `time` or come after it, in their order."""
        return self._values[bisect_right(self._times, time) - 1 :]

    def forget(self, time: int) -> None:
        """Drop what nobody can ask for any more who asks for `time` or later."""
        kept = max(0, bisect_left(self._times, time) - 1)
        del self._times[:kept], self._values[:kept]
