"""Who may move: the rule that keeps cause before effect, in its two simplest forms.

The kernel offers lanes in the order of (time, index) of their next events and asks the schedule who stands in a lane's
way. `Strict` lets nobody pass a lane that waits for a model, and is the reference for every other rule. `SameSecond`
uses only that a message takes a second: what lanes do within one and the same second cannot concern each other. The
rule that knows about space is in `engine.kernel.frontier`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.kernel.lane import Lane

NOBODY = -1


class Schedule(Protocol):
    """A frontier rule."""

    name: str

    def begin(self, lanes: Sequence[Lane]) -> None:
        """Get to know the lanes of a run, before its first event."""
        ...

    def blocker(self, lane: Lane, time: int, first: tuple[int, int]) -> int:
        """Return the index of a lane that has to move before `lane` may take its next event, at `time`, or `NOBODY`.

        `first` is the (time, index) of the lane furthest behind among those that wait for a model. It is asked only
        when `first` is less than (time, index) of the lane, and all lanes that do not wait have no earlier event or
        have a blocker of their own.
        """
        ...


class Strict:
    """Only the lane with the smallest (time, index) may move."""

    name = "strict"

    def begin(self, lanes: Sequence[Lane]) -> None:
        """Do nothing."""

    def blocker(self, lane: Lane, time: int, first: tuple[int, int]) -> int:  # noqa: ARG002
        """Return the first lane that waits."""
        return first[1]


class SameSecond:
    """Lanes may move as long as no other one that is behind them waits: a lookahead of one second."""

    name = "same-second"

    def begin(self, lanes: Sequence[Lane]) -> None:
        """Do nothing."""

    def blocker(self, lane: Lane, time: int, first: tuple[int, int]) -> int:  # noqa: ARG002
        """Return the first lane that waits, if it does so at an earlier time."""
        return NOBODY if first[0] >= time else first[1]
