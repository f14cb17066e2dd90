"""Values as functions of time, against the plainest way to keep them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worlds.town.history import History

changes = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 99)), max_size=20)


def naive(made: list[tuple[int, int]], time: int) -> int:
    """Go through all changes in the order of their times, those of one time in the order in which they were made."""
    value = -1
    for when, new in sorted(made, key=lambda change: change[0]):
        if when <= time:
            value = new
    return value


@given(changes)
def test_a_history_is_what_the_changes_say_in_whatever_order_they_come(made: list[tuple[int, int]]) -> None:
    history = History(-1)
    for number, (time, value) in enumerate(made, start=1):
        history.set(time, value)
        for moment in range(15):
            assert history.at(moment) == naive(made[:number], moment)
            assert history.before(moment) == naive(made[:number], moment - 1)


def test_what_happens_at_a_second_is_seen_from_the_next_one_on() -> None:
    history = History("asleep")
    history.set(0, "up")
    history.set(5, "out")
    assert [history.at(time) for time in (0, 4, 5, 6)] == ["up", "up", "out", "out"]
    assert [history.before(time) for time in (0, 1, 5, 6)] == ["asleep", "up", "up", "out"]
