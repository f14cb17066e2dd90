"""How much memories matter, and the hours of the day, against cases computed by hand."""

from __future__ import annotations

import pytest

from agents.cognition.mind import MOVING, MUNDANE, SHUNNED_FOR, Call, importance_of
from agents.cognition.plan import Intention
from agents.memory.stream import MemoryKind
from engine.contact import Use
from engine.kernel.clock import DAY, HOUR
from tests.agents.cognition.minds import HOME, mind
from tests.agents.cognition.test_planning import run

STOVE = Use(f"{HOME}:kitchen:stove", "stove", "cooking", "hot", 10)


@pytest.mark.parametrize(
    ("lean", "importance"),
    [
        (0.05, 5.5),  # the middle: 1 + 9 / 2
        (0.15, 7.6),  # 1 + 9 / (1 + e^-1) = 1 + 9 * 0.7311
        (-0.05, 3.4),  # 1 + 9 / (1 + e^1) = 1 + 9 * 0.2689
        (0.2, 8.4),  # 1 + 9 / (1 + e^-1.5) = 1 + 9 * 0.8176
        (-0.2, 1.7),  # 1 + 9 / (1 + e^2.5) = 1 + 9 * 0.0759
        (-1.0, 1.0),
        (1.0, 10.0),
    ],
)
def test_importance_is_logistic(lean: float, importance: float) -> None:
    assert importance_of(lean) == importance


def test_importance_is_by_the_nearest_anchors_of_both_kinds() -> None:
    """0.7 - 0.5 = 0.2."""
    anchors = {MOVING[0]: (0.1,), MOVING[2]: (0.7,), MUNDANE[0]: (0.5,), MUNDANE[1]: (0.3,)}
    me, _ = mind({"Bea has news": (1.0,), **anchors})
    (memory,) = run(me.remember(MemoryKind.CHAT, ["Bea has news"]))
    assert memory.importance == 8.4


def test_what_is_to_be_reflected_upon_adds_up_without_repetitions() -> None:
    me, _ = mind()
    for text, importance in (("Bea digs", 4.0), ("Cid bakes", 2.5), ("Bea digs", 4.0)):
        run(me.remember(MemoryKind.OBSERVATION, [text], importance=importance))
    assert me.unreflected == 6.5


@pytest.mark.parametrize(
    ("wakes", "sleeps", "awake"),
    [
        ("07:00", "23:00", 16 * HOUR),
        ("10:00", "01:00", 15 * HOUR),  # after midnight
        ("22:00", "14:00", 16 * HOUR),  # works at night
        ("07:00", "07:00", DAY),  # never sleeps
    ],
)
def test_bed_time_is_the_next_one_after_getting_up(wakes: str, sleeps: str, awake: int) -> None:
    me, _ = mind(persona={"wakes": wakes, "sleeps": sleeps})
    for day in (0, 3):
        assert me.bed_time(day) - me.wake_time(day) == awake


@pytest.mark.parametrize(("now", "today"), [(DAY - 1, 0), (DAY + HOUR - 1, 0), (DAY + HOUR, 1), (2 * DAY, 1)])
def test_it_is_the_same_day_until_one_goes_to_bed(now: int, today: int) -> None:
    me, _ = mind(now=now, persona={"sleeps": "01:00"})
    assert me.today == today


@pytest.mark.parametrize(
    ("second", "works"),
    [(9 * HOUR - 1, False), (9 * HOUR, True), (17 * HOUR - 1, True), (17 * HOUR, False), (DAY + 10 * HOUR, True)],
)
def test_people_work_from_nine_to_five(second: int, works: bool) -> None:
    me, _ = mind(persona={"work": "Mill"})
    assert me.work_address(second) == ("town:Mill" if works else "")


@pytest.mark.parametrize(("ago", "used"), [(0, False), (2 * HOUR - 1, False), (2 * HOUR, True)])
def test_what_alarmed_one_is_shunned_for_two_hours(ago: int, used: bool) -> None:
    assert SHUNNED_FOR == 2 * HOUR
    me, _ = mind(now=10 * HOUR, body={"uses": lambda _: [STOVE]})
    me.alarmed[STOVE.address] = 10 * HOUR - ago
    assert me.uses(HOME) == ([STOVE] if used else [])


@pytest.mark.parametrize(
    ("ends", "calls", "until"),
    [
        ((8, 10, 12), (), 12 * HOUR),  # what follows is at the same place
        ((8, 10, 24), (), 23 * HOUR),  # bed time
        ((8, 10, 12), (Call(11 * HOUR, 0),), 11 * HOUR),
        ((8, 10, 12), (Call(11 * HOUR, 8 * HOUR + 1),), 12 * HOUR),  # nobody knows of that yet
        ((8, 10, 12), (Call(8 * HOUR, 0),), 12 * HOUR),  # that has been
    ],
)
def test_one_stays_where_the_plan_keeps_one_until_bed_or_a_call(
    ends: tuple[int, int, int], calls: tuple[Call, ...], until: int
) -> None:
    me, _ = mind(now=8 * HOUR, calls=calls)
    begin, middle, end = (hour * HOUR for hour in ends)
    me.plan = [Intention(begin, middle, "reading", HOME), Intention(middle, end, "cooking", HOME)]
    assert me.there_until(me.plan[0]) == until
    me.plan[1] = Intention(middle, end, "walking", "town:Park")
    assert me.there_until(me.plan[0]) == min(until, 10 * HOUR)
