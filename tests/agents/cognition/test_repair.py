"""Plans hold: whatever is wrong with one is repaired within a few rounds, and every repair is logged."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.plan import Intention
from agents.cognition.repair import PATIENCE, SHORTEST, Fault, checked, faults_of
from engine.contact import Spot
from engine.kernel.clock import DAY, HOUR
from tests.agents.cognition.test_planning import run

HOME = "town:Home"
DAY_BEGINS, DAY_ENDS = 6 * HOUR, 22 * HOUR
OPEN = {"town:Shop": (9 * HOUR, 18 * HOUR), "town:Cafe": (7 * HOUR, 20 * HOUR), "town:Night": (20 * HOUR, 23 * HOUR)}
PLACES = [HOME, *OPEN, "town:Gone"]


class Somebody:
    """A mind in a town of four places, of which three have opening hours."""

    def __init__(self) -> None:
        self.home = HOME
        self.turned_away: dict[str, int] = {}
        self.lane = SimpleNamespace(now=DAY_BEGINS)
        self.repairs: list[str] = []
        self.body = SimpleNamespace(
            address=HOME,
            exists=lambda address: address in (HOME, *OPEN),
            admits=self._admits,
            is_open=self._admits,
            opens=lambda address, time: None if address == HOME else _next(OPEN[address][0], time),
            closes=lambda address, time: None if address == HOME else _next(OPEN[address][1], time),
            spots=lambda: [Spot(address, address, "", home=address == HOME) for address in (*OPEN, HOME)],
            way=lambda *_: 0,
        )
        self.think = SimpleNamespace(weigh=self._weigh, way_of=lambda _: "meaning", decided=self._decided)

    def _admits(self, address: str, time: int) -> bool:
        opens, closes = OPEN.get(address, (0, 30 * HOUR))
        return opens <= time < closes

    def _weigh(self, _: Any, __: str, options: Sequence[str]) -> Generator[Any, Any, list[float]]:
        yield
        return [1.0 / (1 + number) for number in range(len(options))]

    def _decided(self, thought: str, _: str, answer: str) -> None:
        if thought == "repair":
            self.repairs.append(answer)


def _next(second: int, time: int) -> int:
    return time + ((second - time) % DAY or DAY)


times = st.integers(DAY_BEGINS // 300, DAY_ENDS // 300).map(lambda step: 300 * step)
entries = st.builds(
    lambda start, minutes, place: Intention(start, start + 300 * minutes, "reading", place),
    times,
    st.integers(1, 60),
    st.sampled_from(PLACES),
)


@given(st.lists(entries, min_size=1, max_size=8))
def test_every_plan_holds_after_it_was_checked(plan: list[Intention]) -> None:
    me = Somebody()
    begun = [entry for entry in plan if entry.start < DAY_ENDS]
    found = run(checked(me, begun, DAY_BEGINS, DAY_ENDS))  # type: ignore[arg-type]
    if not begun:
        return
    assert found[0].start == DAY_BEGINS
    assert found[-1].end == DAY_ENDS
    assert all(one.end == other.start for one, other in pairwise(found))
    for entry in found:
        assert entry.address in (HOME, *OPEN)
        opens, closes = OPEN.get(entry.address, (0, 30 * HOUR))
        assert opens - PATIENCE <= entry.start < closes
        assert entry.end < closes + SHORTEST
    assert bool(me.repairs) == bool(faults_of(Somebody(), sorted(begun, key=lambda i: i.start), DAY_BEGINS, DAY_ENDS))  # type: ignore[arg-type]


def test_a_place_that_closes_keeps_what_lies_before_that() -> None:
    me = Somebody()
    plan = [Intention(DAY_BEGINS, 9 * HOUR, "sleeping", HOME), Intention(9 * HOUR, DAY_ENDS, "shopping", "town:Shop")]
    found = run(checked(me, plan, DAY_BEGINS, DAY_ENDS))  # type: ignore[arg-type]
    assert [(i.start, i.end, i.address) for i in found[:3]] == [
        (DAY_BEGINS, 9 * HOUR, HOME),
        (9 * HOUR, 18 * HOUR, "town:Shop"),
        (18 * HOUR, 20 * HOUR, "town:Cafe"),
    ]
    assert me.repairs[0] == f"{Fault.CLOSES.value}: shopping at town:Shop"


def test_who_comes_a_little_early_waits() -> None:
    plan = [Intention(9 * HOUR - PATIENCE, 18 * HOUR, "shopping", "town:Shop")]
    assert faults_of(Somebody(), plan, 9 * HOUR - PATIENCE, 18 * HOUR) == []  # type: ignore[arg-type]
    early = [Intention(9 * HOUR - PATIENCE - 1, 18 * HOUR, "shopping", "town:Shop")]
    assert faults_of(Somebody(), early, early[0].start, 18 * HOUR) == [(0, Fault.OPENS)]  # type: ignore[arg-type]


def test_a_place_that_opens_later_is_gone_to_then() -> None:
    me = Somebody()
    found = run(checked(me, [Intention(7 * HOUR, 12 * HOUR, "shopping", "town:Shop")], 7 * HOUR, 12 * HOUR))  # type: ignore[arg-type]
    assert [(i.start, i.end, i.address) for i in found] == [
        (7 * HOUR, 9 * HOUR, "town:Cafe"),
        (9 * HOUR, 12 * HOUR, "town:Shop"),
    ]


def test_a_place_that_does_not_open_in_time_is_not_gone_to() -> None:
    me = Somebody()
    found = run(checked(me, [Intention(7 * HOUR, 8 * HOUR, "shopping", "town:Shop")], 7 * HOUR, 8 * HOUR))  # type: ignore[arg-type]
    assert [i.address for i in found] == ["town:Cafe"]
    assert me.repairs == [f"{Fault.SHUT.value}: shopping at town:Shop"]
