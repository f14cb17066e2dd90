"""Who may move: the rules keep cause before effect and agree with each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from engine.kernel.lane import Lane, Process
from engine.kernel.schedule import SCHEDULES, SameSecond, Strict
from tests.engine.kernel.lives import note, question, run


def thinker(lane: Lane) -> Process:
    """Think at seconds 3 and 5, twice each time."""
    for moment in (3, 5):
        yield from lane.sleep(moment)
        for _ in range(2):
            yield from lane.ask(question(lane))
        note(lane, "thought")


class Watched(Strict):
    """The strict rule, with a record of who moved."""

    def __init__(self) -> None:
        self.moves: list[tuple[float, int]] = []

    def movable(self, lanes: Sequence[Lane], until: int) -> Iterator[Lane]:
        for lane in super().movable(lanes, until):
            smallest = min((other.next_time, other.index) for other in lanes)
            assert (lane.next_time, lane.index) == smallest
            assert smallest[0] < until
            assert not lane.waiting_for_replies
            self.moves.append(smallest)
            yield lane


def test_strict_moves_only_the_smallest_key() -> None:
    rule = Watched()
    run([thinker, thinker, thinker], rule)
    assert rule.moves == sorted(rule.moves)
    assert {index for _, index in rule.moves} == {0, 1, 2}


class WatchedSecond(SameSecond):
    """The rule of the same second, with a check."""

    def movable(self, lanes: Sequence[Lane], until: int) -> Iterator[Lane]:
        for lane in super().movable(lanes, until):
            assert lane.next_time == min(other.next_time for other in lanes) < until
            assert not lane.waiting_for_replies
            yield lane


def test_out_of_order_never_leaves_the_smallest_second() -> None:
    assert run([thinker, thinker, thinker], WatchedSecond()).log == run([thinker, thinker, thinker], Strict()).log


def test_out_of_order_gathers_what_strict_asks_one_by_one() -> None:
    strict, gathered = (run([thinker, thinker, thinker], rule()) for rule in (Strict, SameSecond))
    assert [len(batch) for batch in strict.backend.batches] == [1] * 12
    assert [len(batch) for batch in gathered.backend.batches] == [3, 3, 3, 3]
    assert strict.log == gathered.log
    assert strict.digest == gathered.digest


@pytest.mark.parametrize("rule", list(SCHEDULES.values()), ids=list(SCHEDULES))
def test_nothing_happens_at_the_end_or_later(rule: type[Strict]) -> None:
    def ticking(lane: Lane) -> Process:
        while True:
            note(lane, "tick")
            yield from lane.sleep(lane.now + 5)

    outcome = run([ticking, ticking], rule(), until=10)
    assert outcome.notes(0) == [(0, "tick"), (5, "tick")]
    assert run([ticking, ticking], rule(), until=10, stops=[3, 5, 5, 6]).log == outcome.log


def test_rules_are_found_by_name() -> None:
    assert {name: rule.name for name, rule in SCHEDULES.items()} == {"strict": "strict", "out-of-order": "out-of-order"}
