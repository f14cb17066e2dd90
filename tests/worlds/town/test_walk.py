"""Positions along a walk."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worlds.town.walk import Walk

walks = st.builds(
    Walk,
    st.integers(0, 50),
    st.integers(1, 6).map(lambda length: tuple((x, 0) for x in range(length))),
    st.integers(1, 7),
)


@given(walks)
def test_a_walk_takes_its_time_for_every_tile_and_then_stands(walk: Walk) -> None:
    expected = [tile for tile in walk.path for _ in range(walk.seconds_per_tile)]
    length = len(expected) + 20
    expected += [walk.path[-1]] * 20
    assert [walk.tile(walk.start + second) for second in range(length)] == expected
    assert walk.tile(walk.end) == walk.path[-1]
    assert walk.end == walk.start or walk.tile(walk.end - 1) == walk.path[-2]


@given(walks, st.integers(0, 60), st.integers(0, 90) | st.just(float("inf")))
def test_steps_are_the_seconds_at_which_the_tile_changes(walk: Walk, after: int, before: float) -> None:
    after = max(after, walk.start)
    times = range(after + 1, int(min(before, walk.end + 9)))
    assert list(walk.steps(after, before)) == [
        (time, walk.tile(time)) for time in times if walk.tile(time) != walk.tile(time - 1)
    ]


@given(walks)
def test_the_box_holds_every_tile(walk: Walk) -> None:
    left, top, right, bottom = walk.box
    assert {x for x, _ in walk.path} == set(range(left, right + 1))
    assert (top, bottom) == (0, 0)


def test_who_stands_is_there_already() -> None:
    standing = Walk(7, ((3, 4),), 10)
    assert (standing.end, standing.tile(7), standing.tile(7000)) == (7, (3, 4), (3, 4))
    assert list(standing.steps(7, 99)) == []
