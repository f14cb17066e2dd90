"""Which lanes may move: the rule that keeps cause before effect.

Agents affect one another only through what is visible of the past and through messages that take at least one second.
So what two lanes do within one and the same second cannot concern each other, and every lane at the smallest time may
move while another one at that time still waits for a model (`SameSecond`: a lookahead of one second, the smallest
there is). `Strict` lets only the lane with the smallest (time, index) move and is the reference for every other rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from engine.kernel.lane import Lane


class Schedule(Protocol):
    """A frontier rule."""

    name: str

    def movable(self, lanes: Sequence[Lane], until: int) -> Iterator[Lane]:
        """Yield lanes that may take their next event now, all before `until`; each is stepped as it is yielded."""
        ...


class Strict:
    """Only the lane with the smallest (time, index) may move."""

    name = "strict"

    def movable(self, lanes: Sequence[Lane], until: int) -> Iterator[Lane]:
        """Yield the first lane as long as it does not wait for a model."""
        while True:
            first = min(lanes, key=lambda lane: (lane.next_time, lane.index))
            if first.next_time >= until or first.waiting_for_replies:
                return
            yield first


class SameSecond:
    """Every lane at the smallest time may move, also while another lane of that time waits for a model."""

    name = "out-of-order"

    def movable(self, lanes: Sequence[Lane], until: int) -> Iterator[Lane]:
        """Yield each lane at the smallest time, in index order, until it waits for a model or passes that time."""
        now = min(lane.next_time for lane in lanes)
        while now < until:
            for lane in lanes:
                while lane.next_time == now and not lane.waiting_for_replies:
                    yield lane
            now = min(lane.next_time for lane in lanes)
            if any(lane.waiting_for_replies for lane in lanes):
                return


SCHEDULES: dict[str, type[Strict] | type[SameSecond]] = {rule.name: rule for rule in (SameSecond, Strict)}
