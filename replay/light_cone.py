"""How far a change spread: for each agent, when its life first went another way than in the run that was forked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from engine.record.events import WORLD_AGENT, Event


class Touch(NamedTuple):
    """The second at which an agent's events first differ."""

    time: int
    agent: int


def light_cone(parent: Iterable[Event], fork: Iterable[Event], until: int) -> list[Touch]:
    """Return the first difference of every agent before second `until`, in order of time and then of agent.

    Both streams of events are in the order of their keys; they are read once and side by side.
    """
    touched: dict[int, int] = {}
    for event in _only_in_one(parent, fork):
        if event.key.time >= until:
            break
        if event.key.agent != WORLD_AGENT:
            touched.setdefault(event.key.agent, event.key.time)
    return sorted(Touch(time, agent) for agent, time in touched.items())


def known_until(events: Iterable[Event], reached: int) -> int:
    """Return the second before which all that happened is in a log; `reached` is what its manifest says about that."""
    return max(reached, max((event.key.time for event in events), default=0))


def _only_in_one(a: Iterable[Event], b: Iterable[Event]) -> Iterator[Event]:
    """Yield, in the order of the keys, the events that one stream has and the other has not."""
    left, right = iter(a), iter(b)
    first, second = next(left, None), next(right, None)
    while first is not None or second is not None:
        if second is None or (first is not None and first.key < second.key):
            assert first is not None
            yield first
            first = next(left, None)
        elif first is None or second.key < first.key:
            yield second
            second = next(right, None)
        else:
            if first != second:
                yield second
            first, second = next(left, None), next(right, None)
