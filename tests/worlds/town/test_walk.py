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


@given(walks, st.integers(0, 60))
def test_steps_are_the_seconds_at_which_the_tile_changes(walk: Walk, after: int) -> None:
    after = max(after, walk.start)
    changes = [time for time in range(after + 1, walk.end + 9) if walk.tile(time) != walk.tile(time - 1)]
    assert list(walk.steps(after)) == changes


def test_who_stands_is_there_already() -> None:
    standing = Walk(7, ((3, 4),), 10)
    assert (standing.end, standing.tile(7), standing.tile(7000)) == (7, (3, 4), (3, 4))
    assert list(standing.steps(7)) == []
