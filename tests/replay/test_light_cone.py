"""How far a change spread, against the plain definition."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.record.events import AGENT_PRIORITY, WORLD_AGENT, WORLD_PRIORITY, Decided, Event, Key
from replay.light_cone import Touch, known_until, light_cone

lives = st.dictionaries(
    st.integers(WORLD_AGENT, 3), st.lists(st.tuples(st.integers(0, 9), st.sampled_from("ab")), max_size=5), max_size=4
)


def log_of(lives: dict[int, list[tuple[int, str]]]) -> list[Event]:
    """A log in which each agent does things at times."""
    events = []
    for agent, doings in lives.items():
        priority = WORLD_PRIORITY if agent == WORLD_AGENT else AGENT_PRIORITY
        for number, (time, what) in enumerate(sorted(doings)):
            events.append(Event(Key(time, priority, agent, number), Decided("thought", "rule", what)))
    return sorted(events, key=lambda event: event.key)


@given(lives, lives, st.integers(0, 10))
def test_each_agent_is_touched_where_its_lives_first_differ(
    one: dict[int, list[tuple[int, str]]], other: dict[int, list[tuple[int, str]]], until: int
) -> None:
    a, b = log_of(one), log_of(other)
    expected = []
    for agent in range(4):
        mine, theirs = ({event for event in log if event.key.agent == agent} for log in (a, b))
        if differing := [event.key.time for event in mine ^ theirs if event.key.time < until]:
            expected.append(Touch(min(differing), agent))
    assert light_cone(a, b, until) == sorted(expected)


def test_a_log_is_known_until_its_last_event_or_as_far_as_the_manifest_says() -> None:
    log = log_of({0: [(3, "a"), (7, "a")]})
    assert known_until(log, 0) == 7
    assert known_until(log, 12) == 12
    assert known_until([], 0) == 0
