"""Who may move: the rules keep cause before effect and agree with each other."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.kernel.lane import Lane, Process
from engine.kernel.schedule import NOBODY, SameSecond, Strict
from tests.engine.kernel.lives import note, question, run


def thinker(lane: Lane) -> Process:
    """Think at seconds 3 and 5, twice each time."""
    for moment in (3, 5):
        yield from lane.sleep(moment)
        for _ in range(2):
            yield from lane.ask(question(lane))
        note(lane, "thought")


class Watched(SameSecond):
    """The rule of the same second, with a check and a record of who moved past a lane that waits."""

    def __init__(self) -> None:
        self.passed: list[tuple[int, int]] = []

    def begin(self, lanes: Sequence[Lane]) -> None:
        self.lanes = lanes

    def blocker(self, lane: Lane, time: int, first: tuple[int, int]) -> int:
        blocker = super().blocker(lane, time, first)
        smallest = min((other.next_time, other.index) for other in self.lanes)
        assert smallest[0] == min(first[0], time)
        assert first < (time, lane.index)
        assert self.lanes[first[1]].thinking
        assert not lane.thinking
        if blocker == NOBODY:
            self.passed.append((time, lane.index))
        return blocker


def test_lanes_pass_each_other_only_within_a_second() -> None:
    rule = Watched()
    assert run([thinker, thinker, thinker], rule).log == run([thinker, thinker, thinker], Strict()).log
    assert {time for time, _ in rule.passed} == {3, 5}
    assert {index for _, index in rule.passed} == {1, 2}


def test_the_same_second_gathers_what_strict_asks_one_by_one() -> None:
    strict, gathered = (run([thinker, thinker, thinker], rule()) for rule in (Strict, SameSecond))
    assert [len(batch) for batch in strict.backend.batches] == [1] * 12
    assert [len(batch) for batch in gathered.backend.batches] == [3, 3, 3, 3]
    assert strict.log == gathered.log
    assert strict.digest == gathered.digest


@pytest.mark.parametrize("rule", [Strict, SameSecond])
def test_nothing_happens_at_the_end_or_later(rule: type[Strict]) -> None:
    def ticking(lane: Lane) -> Process:
        while True:
            note(lane, "tick")
            yield from lane.sleep(lane.now + 5)

    outcome = run([ticking, ticking], rule(), until=10)
    assert outcome.notes(0) == [(0, "tick"), (5, "tick")]
    assert run([ticking, ticking], rule(), until=10, stops=[3, 5, 5, 6]).log == outcome.log
