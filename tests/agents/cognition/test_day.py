"""The plan of a day against days drawn up by hand: meals, the slots of the sketch, what suits somebody best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from agents.cognition.mind import Mind
from agents.cognition.planning import improvise, plan_day
from engine.kernel.clock import HOUR, MINUTE
from engine.record.events import Planned
from tests.agents.cognition.minds import Lane, mind
from tests.agents.cognition.test_planning import run

BREAKFAST, LUNCH, DINNER = "having breakfast", "having lunch", "having dinner"


def habit(at: str, do: str, minutes: int) -> dict[str, Any]:
    return {"at": at, "do": do, "minutes": minutes}


def day_of(lane: Lane) -> list[tuple[str, str]]:
    """When which entry of the day's plan begins; what the sketch fills is "…"."""
    (plan,) = [body for body in lane.logged if isinstance(body, Planned) and body.level == "day"]
    times = [f"{entry.start // HOUR:02d}:{entry.start % HOUR // MINUTE:02d}" for entry in plan.entries]
    return [
        (time, "…" if entry.activity.startswith("doing") else entry.activity)
        for time, entry in zip(times, plan.entries, strict=True)
    ]


def planned(habits: Sequence[dict[str, Any]] = (), lines: int = 6, **persona: Any) -> list[tuple[str, str]]:
    """The day of somebody who gets up at 07:00 and goes to bed at 23:00."""
    persona = {"habits": list(habits), **persona}
    me, lane = mind(now=7 * HOUR, persona=persona, sketch_lines=lines)
    me.pastimes = ("doing this", "doing that", "doing more", "doing less", "doing nothing")
    run(plan_day(me, 0))
    return day_of(lane)


def test_a_day_without_habits_has_meals_at_their_usual_times_and_slots_of_two_hours_or_so() -> None:
    """Free are 07:00-08:00, 08:30-12:30, 13:00-18:30 and 19:00-23:00. Of these four slots the longest is halved until
    there are six: 13:00-18:30 at 15:45, which is 15:30 in half hours, then 08:30-12:30, the first of two, at 10:30.
    """
    assert planned() == [
        ("07:00", "…"),
        ("08:00", BREAKFAST),
        ("08:30", "…"),
        ("10:30", "…"),
        ("12:30", LUNCH),
        ("13:00", "…"),
        ("15:30", "…"),
        ("18:30", DINNER),
        ("19:00", "…"),
    ]


def test_few_lines_go_to_the_longest_stretches() -> None:
    assert [time for time, what in planned(lines=2) if what == "…"] == ["08:30", "13:00"]
    assert [time for time, what in planned(lines=0) if what == "…"] == []


def test_what_is_longer_than_two_hours_is_halved() -> None:
    """08:30-10:30 is not, 13:00-15:30 is at 14:15, which is 14:00 in half hours."""
    habits = [habit("07:00", "sewing", 60), habit("10:30", "milking", 120), habit("15:30", "weaving", 450)]
    assert [time for time, what in planned(habits) if what == "…"] == ["08:30", "13:00", "14:00"]


@pytest.mark.parametrize(("minutes", "is_filled"), [(45, True), (44, False)])
def test_a_gap_is_worth_a_line_from_45_minutes_on(minutes: int, is_filled: bool) -> None:
    """Between breakfast, which ends at 08:30, and a habit."""
    at = f"{8 + (30 + minutes) // 60:02d}:{(30 + minutes) % 60:02d}"
    assert (("08:30", "…") in planned([habit(at, "sewing", 240)])) is is_filled


@pytest.mark.parametrize(
    ("habits", "meal", "begins"),
    [
        ([habit("11:00", "milking", 90)], LUNCH, "12:30"),
        ([habit("12:00", "milking", 90)], LUNCH, "11:30"),
        ([habit("12:00", "milking", 30)], LUNCH, "12:30"),  # as usual, though 11:30 is free, too
        ([habit("12:10", "milking", 30)], LUNCH, "12:40"),  # 10 minutes late, not 50 early
        ([habit("12:20", "milking", 120)], LUNCH, "11:50"),
        ([habit("11:29", "milking", 60)], LUNCH, "12:30"),
        ([habit("10:00", "milking", 210)], LUNCH, "13:30"),
        ([habit("10:00", "milking", 270)], LUNCH, "14:30"),
        ([habit("10:00", "milking", 271)], LUNCH, None),  # lunch is over at 15:00
        ([habit("11:00", "cooking lunch", 30)], LUNCH, None),
        ([habit("07:00", "milking", 120)], BREAKFAST, "09:00"),
        ([habit("17:00", "milking", 60)], DINNER, "18:30"),
        ([habit("17:10", "milking", 180)], DINNER, "20:10"),
    ],
)
def test_a_meal_is_as_near_to_its_usual_time_as_there_is_half_an_hour(
    habits: list[dict[str, Any]], meal: str, begins: str | None
) -> None:
    assert {what: time for time, what in planned(habits)}.get(meal) == begins


def test_free_time_is_cut_where_working_hours_begin_and_end() -> None:
    """At 09:00 and 17:00: 08:30-09:00 is too short, 13:00-17:00 and 09:00-12:30 are halved, at 15:00 and 10:30."""
    times = [time for time, what in planned(work="Mill") if what == "…"]
    assert times == ["07:00", "09:00", "13:00", "15:00", "17:00", "19:00"]


def hour_of(me: Mind) -> tuple[str, int]:
    intention = run(improvise(me, 23 * HOUR))
    return intention.activity, intention.end


@pytest.mark.parametrize(("now", "ends"), [(7 * HOUR, 8), (7 * HOUR + 50 * MINUTE, 8), (22 * HOUR + 30 * MINUTE, 23)])
def test_who_improvises_does_so_until_the_next_full_hour(now: int, ends: int) -> None:
    me, _ = mind(now=now)
    assert hour_of(me)[1] == ends * HOUR


@pytest.mark.parametrize(
    ("one", "other", "chosen"),
    [
        ((0.6, 0.2), (0.3, 0.6), 0),  # 1.5 * 0.6 + 0.2 = 1.1 against 1.5 * 0.3 + 0.6 = 1.05
        ((0.6, 0.1), (0.4, 0.45), 1),  # 1.0 against 1.05
        ((0.0, 0.9), (0.7, 0.0), 1),  # 0.9 against 1.05
    ],
)
def test_who_one_is_counts_one_and_a_half_times_as_much_as_what_is_around(
    one: tuple[float, float], other: tuple[float, float], chosen: int
) -> None:
    """Each line is told by its products with the person and with the place."""
    lines = ("reading about the sea", "baking bread for all")
    me, lane = mind(written=[f" {line}." for line in lines], now=7 * HOUR)
    lane.meanings |= {me.persona.summary: (1.0, 0.0), "Home: where one lives": (0.0, 1.0)}
    lane.meanings |= dict(zip(lines, (one, other), strict=True))
    assert hour_of(me)[0] == lines[chosen]
