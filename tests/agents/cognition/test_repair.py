"""Plans hold: whatever is wrong with one is repaired within a few rounds, and every repair is logged."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.going import Resort, resort
from agents.cognition.hearing import visit
from agents.cognition.mind import Topic
from agents.cognition.plan import PATIENCE, Intention, with_appointment
from agents.cognition.repair import SHORTEST, Fault, change_plan, checked, faults_of
from engine.contact import Obstacle, Refused, Spot
from engine.kernel.clock import DAY, HOUR
from engine.record.events import Planned
from tests.agents.cognition.test_planning import run

HOME = "town:Home"
DAY_BEGINS, DAY_ENDS = 6 * HOUR, 22 * HOUR
OPEN = {"town:Shop": (9 * HOUR, 18 * HOUR), "town:Cafe": (7 * HOUR, 20 * HOUR), "town:Night": (20 * HOUR, 23 * HOUR)}
PLACES = [HOME, *OPEN]


class Somebody:
    """A mind in a town of four places, of which three have opening hours."""

    def __init__(self) -> None:
        self.home = HOME
        self.turned_away: dict[str, int] = {}
        self.logged: list[Any] = []
        self.lane = SimpleNamespace(now=DAY_BEGINS, emit=self.logged.append)
        self.plan: list[Intention] = []
        self.repairs: list[str] = []
        self.body = SimpleNamespace(
            address=HOME,
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


steps = st.integers(DAY_BEGINS // 300 + 1, DAY_ENDS // 300 - 1).map(lambda step: 300 * step)
cuts = st.lists(steps, max_size=7, unique=True)


@given(cuts, st.data())
def test_every_plan_holds_after_it_was_checked(cuts: list[int], data: st.DataObject) -> None:
    times = [DAY_BEGINS, *sorted(cuts), DAY_ENDS]
    plan = [Intention(start, end, "reading", data.draw(st.sampled_from(PLACES))) for start, end in pairwise(times)]
    me = Somebody()
    found = run(checked(me, plan))  # type: ignore[arg-type]
    assert (found[0].start, found[-1].end) == (DAY_BEGINS, DAY_ENDS)
    assert all(one.end == other.start for one, other in pairwise(found))
    for entry in found:
        opens, closes = OPEN.get(entry.address, (0, 30 * HOUR))
        assert entry.start < entry.end < closes + SHORTEST
        assert entry.start >= opens or opens <= min(entry.start + PATIENCE, entry.end)
    assert bool(me.repairs) == bool(faults_of(Somebody(), plan))  # type: ignore[arg-type]


@given(cuts, st.data(), steps, st.integers(1, 40))
def test_a_plan_that_changes_still_holds_and_keeps_what_the_change_does_not_touch(
    cuts: list[int], data: st.DataObject, start: int, length: int
) -> None:
    me = Somebody()
    times = [DAY_BEGINS, *sorted(cuts), DAY_ENDS]
    sketch = [Intention(begin, end, "reading", data.draw(st.sampled_from(PLACES))) for begin, end in pairwise(times)]
    plan = run(checked(me, sketch))  # type: ignore[arg-type]
    me.lane.now = data.draw(st.integers(DAY_BEGINS, start))
    change = Intention(start, start + 300 * length, "dancing", data.draw(st.sampled_from(PLACES)))
    run(change_plan(me, with_appointment(plan, change)))  # type: ignore[arg-type]
    (logged,) = me.logged
    left = [entry for entry in me.plan if entry.end > me.lane.now]
    assert logged == Planned("hour", tuple(entry.entry() for entry in left))
    assert all(one.end == other.start for one, other in pairwise(me.plan))
    assert faults_of(me, left) == {}  # type: ignore[arg-type]
    untouched = [entry for entry in plan if entry.end <= start or entry.start >= change.end]
    assert [entry for entry in me.plan if entry in untouched] == untouched


@pytest.mark.parametrize(
    ("place", "start", "ends", "own", "when"),
    [
        ("town:Cafe", 10 * HOUR, None, False, (10 * HOUR, 11 * HOUR + 1800)),
        ("town:Cafe", 10 * HOUR, 11 * HOUR, False, (10 * HOUR, 11 * HOUR)),
        ("town:Cafe", 10 * HOUR, 14 * HOUR, False, (10 * HOUR, 11 * HOUR + 1800)),
        ("town:Cafe", 10 * HOUR, 14 * HOUR, True, (10 * HOUR, 14 * HOUR)),
        ("town:Shop", 8 * HOUR, None, False, (9 * HOUR, 9 * HOUR + 1800)),
        ("town:Shop", 8 * HOUR, 9 * HOUR, False, None),
        ("town:Shop", 7 * HOUR, None, False, None),
        ("town:Shop", 17 * HOUR, None, False, (17 * HOUR, 18 * HOUR)),
        ("town:Shop", 18 * HOUR - 300, None, False, None),
        (HOME, 3 * HOUR, None, False, (3 * HOUR, 4 * HOUR + 1800)),
    ],
)
def test_one_is_where_one_is_invited_only_while_it_is_open(
    place: str, start: int, ends: int | None, own: bool, when: tuple[int, int] | None
) -> None:
    topic = Topic("there is a fair", "there is a fair", "Ann", True, start, place, ends)
    found = visit(Somebody(), topic, place, own=own)  # type: ignore[arg-type]
    assert (found and (found.start, found.end)) == when


def test_a_place_that_closes_keeps_what_lies_before_that() -> None:
    me = Somebody()
    plan = [Intention(DAY_BEGINS, 9 * HOUR, "sleeping", HOME), Intention(9 * HOUR, DAY_ENDS, "shopping", "town:Shop")]
    found = run(checked(me, plan))  # type: ignore[arg-type]
    assert [(i.start, i.end, i.address) for i in found[:3]] == [
        (DAY_BEGINS, 9 * HOUR, HOME),
        (9 * HOUR, 18 * HOUR, "town:Shop"),
        (18 * HOUR, 20 * HOUR, "town:Cafe"),
    ]
    assert me.repairs[0] == f"{Fault.CLOSES.value}: shopping at town:Shop"


@pytest.mark.parametrize(
    ("start", "end", "fault"),
    [
        (9 * HOUR - PATIENCE, 18 * HOUR, None),
        (9 * HOUR - PATIENCE - 1, 18 * HOUR, Fault.OPENS),
        (9 * HOUR - PATIENCE, 9 * HOUR - 1, Fault.SHUT),
        (7 * HOUR, 8 * HOUR, Fault.SHUT),
    ],
)
def test_who_comes_a_little_early_waits(start: int, end: int, fault: Fault | None) -> None:
    """As `going.resort` has it when one stands before the door."""
    plan = [Intention(start, end, "shopping", "town:Shop")]
    assert faults_of(Somebody(), plan) == ({} if fault is None else {0: fault})  # type: ignore[arg-type]
    waits = resort(Refused(Obstacle.CLOSED, 9 * HOUR), start, end) is Resort.WAIT_TO_OPEN
    assert waits == (fault is None)


def test_a_place_that_opens_later_is_gone_to_then() -> None:
    me = Somebody()
    found = run(checked(me, [Intention(7 * HOUR, 12 * HOUR, "shopping", "town:Shop")]))  # type: ignore[arg-type]
    assert [(i.start, i.end, i.address) for i in found] == [
        (7 * HOUR, 9 * HOUR, "town:Cafe"),
        (9 * HOUR, 12 * HOUR, "town:Shop"),
    ]


def test_a_place_that_does_not_open_in_time_is_not_gone_to() -> None:
    me = Somebody()
    found = run(checked(me, [Intention(7 * HOUR, 8 * HOUR, "shopping", "town:Shop")]))  # type: ignore[arg-type]
    assert [i.address for i in found] == ["town:Cafe"]
    assert me.repairs == [f"{Fault.SHUT.value}: shopping at town:Shop"]
