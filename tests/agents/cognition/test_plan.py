from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.plan import Intention, by_hours, filled, gaps, with_appointment, without_overlaps
from engine.kernel.clock import HOUR, MINUTE

DAY = 24 * 3600
intentions = st.lists(
    st.builds(
        lambda start, length, name: Intention(start, start + length, f"doing {name}"),
        st.integers(0, DAY - 1),
        st.integers(1, 4 * 3600),
        st.integers(0, 5),
    ),
    max_size=12,
)


@given(intentions)
def test_fixed_intentions_and_gaps_together_fill_the_day_exactly(fixed: list[Intention]) -> None:
    kept = without_overlaps(fixed, 0, DAY)
    pieces = sorted([(i.start, i.end) for i in kept] + gaps(kept, 0, DAY))
    assert pieces[0][0] == 0
    assert pieces[-1][1] == DAY
    assert all(end == start for (_, end), (start, _) in pairwise(pieces))


@given(intentions, st.integers(0, 3599))
def test_cutting_by_hours_loses_no_second(found: list[Intention], past: int) -> None:
    pieces = by_hours(found, past)
    assert sum(p.end - p.start for p in pieces) == sum(i.end - i.start for i in found)
    assert all(0 < p.end - p.start < 3600 + 600 for p in pieces)


@given(intentions, st.integers(0, DAY), st.integers(60, 7200))
def test_an_appointment_takes_its_whole_time_and_nothing_else(found: list[Intention], start: int, length: int) -> None:
    appointment = Intention(start, start + length, "the appointment")
    plan = with_appointment(without_overlaps(found, 0, DAY), appointment)
    assert appointment in plan
    others = [i for i in plan if i is not appointment and i.activity != appointment.activity]
    assert all(i.end <= appointment.start or i.start >= appointment.end for i in others)
    assert [i.start for i in plan] == sorted(i.start for i in plan)


@pytest.mark.parametrize(
    ("start", "end", "pieces"),
    [
        ("07:40", "10:10", ["07:40", "08:00", "09:00", "10:00"]),
        ("07:40", "10:09", ["07:40", "08:00", "09:00"]),  # nine minutes go with the hour before
        ("07:00", "08:00", ["07:00"]),
        ("07:20", "07:50", ["07:20"]),
    ],
)
def test_entries_are_cut_at_full_hours_unless_little_is_left(start: str, end: str, pieces: list[str]) -> None:
    found = by_hours([Intention(second(start), second(end), "reading")], 0)
    assert [piece.start for piece in found] == [second(each) for each in pieces]
    assert found[-1].end == second(end)


def test_full_hours_are_those_of_the_clock() -> None:
    """A scenario that starts at 06:30: its second 1800 is 07:00."""
    assert [piece.end for piece in by_hours([Intention(0, 2 * HOUR, "reading")], 30 * MINUTE)] == [1800, 5400, 7200]


def test_a_plan_is_filled_by_what_begins_before() -> None:
    plan = filled([Intention(60, 90, "reading"), Intention(120, 150, "walking")], 0, 200)
    assert [(each.start, each.end, each.activity) for each in plan] == [(0, 120, "reading"), (120, 200, "walking")]
    assert [(each.start, each.end) for each in filled([], 5, 9)] == [(5, 9)]


def second(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE
