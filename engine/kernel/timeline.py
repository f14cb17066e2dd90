"""Values that are known for all times before the first second, such as a seed that changes where a run was forked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Timeline(Generic[T]):
    """`first` holds from the start on, and each of `changes` from its time on; times rise."""

    first: T
    changes: tuple[tuple[int, T], ...] = ()

    def at(self, time: int) -> T:
        """The value that holds at a time (simulated seconds)."""
        for since, value in reversed(self.changes):
            if since <= time:
                return value
        return self.first

    def changed(self, time: int, change: Callable[[T], T]) -> Timeline[T]:
        """Return a timeline in which every value that holds at `time` or later is put through `change`."""
        before = tuple((since, value) for since, value in self.changes if since < time)
        after = tuple((since, change(value)) for since, value in self.changes if since > time)
        return Timeline(self.first, (*before, (time, change(self.at(time))), *after))
