from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.rhythm import RETIRING, RISING, named_time

HOUR = 3600


@pytest.mark.parametrize(
    ("text", "wakes", "sleeps"),
    [
        ("he gets up at a quarter to seven and is in bed by eleven", 6.75, 23),
        ("she rises at half past six and turns the light out at half past ten", 6.5, 22.5),
        ("wakes up around 6:30 am and goes to bed around midnight", 6.5, 24),
        ("up at five, asleep by nine", 5, 21),
        ("goes to bed at 1 am", None, 25),
        ("likes to sleep a little longer and often works far into the night", None, None),
    ],
)
def test_named_times_are_understood(text: str, wakes: float | None, sleeps: float | None) -> None:
    expected = [None if hours is None else hours * HOUR for hours in (wakes, sleeps)]
    assert [named_time(text, RISING, morning=True), named_time(text, RETIRING, morning=False)] == expected


@given(st.text(max_size=200))
def test_any_text_gives_a_time_of_this_or_the_next_day_or_none(text: str) -> None:
    for found in (
        named_time(f"gets up at {text}", RISING, morning=True),
        named_time(f"in bed by {text}", RETIRING, morning=False),
    ):
        assert found is None or -HOUR <= found <= 37 * HOUR
