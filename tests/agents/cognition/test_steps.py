"""What one does in a stretch of the plan: the things that are there, and none of them lying down without meaning to."""

from __future__ import annotations

import random
from collections.abc import Generator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from agents.cognition.plan import Intention
from agents.cognition.planning import Step, steps_for
from engine.contact import Use
from engine.kernel.clock import HOUR, MINUTE
from engine.record.events import Planned
from tests.agents.cognition.test_planning import run

ROOM = "town:House:bedroom"
BED = Use(f"{ROOM}:bed", "bed", "sleeping", "slept in", 20)
TIDY = Use(f"{ROOM}:cupboard", "cupboard", "folding clothes", "open", 10)


def steps(intention: Intention, uses: Sequence[Use]) -> list[Step]:
    def weigh(_: Any, __: str, options: Sequence[str]) -> Generator[Any, Any, list[float]]:
        yield
        return [0.5] * len(options)

    logged: list[Planned] = []
    lane = SimpleNamespace(now=intention.start, dice=lambda _: random.Random(1), emit=logged.append)
    me: Any = SimpleNamespace(lane=lane, uses=lambda _: list(uses), think=SimpleNamespace(weigh=weigh))
    found: list[Step] = run(steps_for(me, intention))
    (plan,) = logged
    assert [entry.activity for entry in plan.entries] == [step.activity for step in found]
    return found


@pytest.mark.parametrize(
    ("meant", "uses", "done"),
    [
        ("tidying up", [BED, TIDY], {"folding clothes"}),
        ("sleeping late", [BED, TIDY], {"sleeping", "folding clothes"}),
        ("tidying up", [BED], {"sleeping"}),  # there is nothing else
    ],
)
def test_nobody_lies_down_to_sleep_who_means_to_do_something_else(meant: str, uses: list[Use], done: set[str]) -> None:
    found = steps(Intention(0, HOUR, meant, ROOM), uses)
    assert {step.activity for step in found} == done
    assert found[-1].end == HOUR


@pytest.mark.parametrize(("minutes", "ends"), [(60, [15, 30, 45, 60]), (18, [13, 18]), (33, [15, 28, 33]), (4, [4])])
def test_where_there_is_nothing_to_use_a_stretch_has_steps_too(minutes: int, ends: list[int]) -> None:
    found = steps(Intention(0, minutes * MINUTE, "watching the rain", ROOM), [])
    assert [step.end // MINUTE for step in found] == ends
    assert {(step.activity, step.address, step.use) for step in found} == {("watching the rain", ROOM, None)}
