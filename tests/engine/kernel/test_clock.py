"""Seconds to dates and back, and what people may write for a time."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.clock import DAY, HOUR, Clock

START = datetime(2023, 2, 13, 6, 30)
CLOCK = Clock(START)
starts = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
times = st.integers(0, 400 * DAY)


@given(starts, times)
def test_day_and_second_of_day_give_the_time_back(start: datetime, time: int) -> None:
    clock = Clock(start)
    assert clock.time_of(clock.day(time), clock.second_of_day(time)) == time


@given(starts, times)
def test_what_at_gives_parse_takes(start: datetime, time: int) -> None:
    clock = Clock(start)
    assert clock.parse(clock.at(time).isoformat()) == time
    assert clock.parse(f"  +{time} s ") == time


@given(starts, st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_is_the_next_one_from_the_start_on(start: datetime, hour: int, minute: int) -> None:
    clock = Clock(start)
    time = clock.parse(f"{hour}:{minute:02}")
    assert 0 <= time < DAY
    assert clock.hhmm(time) == f"{hour:02}:{minute:02}"
    assert clock.at(time).second == 0


def test_labels() -> None:
    assert CLOCK.label(0) == "Monday 13 February 2023, 06:30"
    assert CLOCK.hhmm(DAY - 1) == "06:29"
    assert (CLOCK.day(0), CLOCK.day(18 * HOUR), CLOCK.day(DAY)) == (0, 1, 1)
    assert CLOCK.time_of(0, 0) == -6 * HOUR - 1800


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("10:00", 12600),
        ("06:30", 0),
        ("06:29", DAY - 60),
        ("6:30:01", 1),
        ("24:00", 17 * HOUR + 1800),
        ("+3h", 10800),
        ("+90min", 5400),
        ("+2 d", 2 * DAY),
        ("2023-02-13T10:00", 12600),
        ("2023-02-14", 17 * HOUR + 1800),
    ],
)
def test_forms_of_a_time(text: str, time: int) -> None:
    assert CLOCK.parse(text) == time


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "'' is not a time (allowed: 10:00, 2023-02-13T10:00, +3h)"),
        ("soon", "'soon' is not a time (allowed: 10:00, 2023-02-13T10:00, +3h)"),
        ("-3h", "'-3h' is not a time (allowed: 10:00, 2023-02-13T10:00, +3h)"),
        ("25:00", "'25:00' is not a time of day"),
        ("24:01", "'24:01' is not a time of day"),
        ("10:60", "'10:60' is not a time of day"),
        ("2023-02-13T06:29", "'2023-02-13T06:29' lies before the start, Monday 13 February 2023, 06:30"),
        ("2023-02-30", "'2023-02-30' is not a time (allowed: 10:00, 2023-02-13T10:00, +3h)"),
        ("+999999999d", "'+999999999d' lies too far in the future"),
        ("+9000000d", "'+9000000d' lies too far in the future"),
    ],
)
def test_what_is_no_time_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as caught:
        CLOCK.parse(text)
    assert str(caught.value) == sentence


@given(st.text(max_size=12) | st.from_regex(r"\+\d{1,20}(s|m|min|h|d)", fullmatch=True))
def test_any_text_is_a_time_of_the_calendar_or_a_value_error(text: str) -> None:
    try:
        time = CLOCK.parse(text)
    except ValueError as error:
        assert len(str(error).split()) > 3
    else:
        assert time >= 0
        CLOCK.label(time)
