"""What holds when, where values change at times known beforehand."""

from __future__ import annotations

from engine.kernel.timeline import Timeline

TIMES = (0, 9, 10, 19, 20, 10**9)


def test_a_value_holds_until_the_next_one_takes_its_place() -> None:
    values = Timeline("a").changed(10, lambda _: "b").changed(20, lambda _: "c")
    assert [values.at(time) for time in TIMES] == ["a", "a", "b", "b", "c", "c"]


def test_a_change_is_one_of_all_that_holds_later() -> None:
    values = Timeline("a").changed(20, lambda value: f"{value}b").changed(10, lambda value: f"{value}c")
    assert [values.at(time) for time in TIMES] == ["a", "a", "ac", "ac", "abc", "abc"]


def test_a_change_at_the_time_of_another_one_comes_on_top_of_it() -> None:
    values = Timeline("a").changed(0, lambda value: f"{value}b").changed(0, lambda value: f"{value}c")
    assert [values.at(time) for time in TIMES] == ["abc"] * 6
