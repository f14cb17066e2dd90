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
from tests.agents.cognition.minds import mind
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


BOOK, PIANO, DESK = (Use(f"{ROOM}:{name}", name, f"using the {name}", "", 10) for name in ("book", "piano", "desk"))
READING = Intention(0, 30 * MINUTE, "reading", ROOM)


def drawn(lots: Sequence[float], cosines: Sequence[float]) -> list[str]:
    """The names of the things that are used for half an hour, each for 10 minutes."""
    uses = [BOOK, PIANO, DESK][: len(cosines)]
    meanings = {use.activity: (cosine,) for use, cosine in zip(uses, cosines, strict=True)}
    me, _ = mind({**meanings, "reading": (1.0,)}, lots=lots, body={"uses": lambda _: uses})
    return [step.use.name for step in run(steps_for(me, READING)) if step.use]


@pytest.mark.parametrize(
    ("cosines", "lot", "first"),
    [
        # Weights 1 and e^-1 = 0.3679: the book up to 1 / 1.3679 = 0.7311.
        ((0.50, 0.44), 0.73, "book"),
        ((0.50, 0.44), 0.74, "piano"),
        # Weights e^-2 = 0.1353, 1 and e^-1 = 0.3679, in all 1.5032: up to 0.0900 and up to 0.7553.
        ((0.38, 0.50, 0.44), 0.08, "book"),
        ((0.38, 0.50, 0.44), 0.10, "piano"),
        ((0.38, 0.50, 0.44), 0.75, "piano"),
        ((0.38, 0.50, 0.44), 0.76, "desk"),
        ((0.20, 0.20), 0.49, "book"),
        ((0.20, 0.20), 0.51, "piano"),
    ],
)
def test_a_difference_of_006_makes_a_step_e_times_as_likely(cosines: Sequence[float], lot: float, first: str) -> None:
    assert drawn([lot, 0.0, 0.0], cosines)[0] == first


def test_nothing_is_done_twice_before_all_else_has_been_done() -> None:
    """However close it is: with the book done, the piano has all of the weight; then both have theirs again."""
    assert drawn([0.0, 0.99, 0.0], (0.9, 0.1)) == ["book", "piano", "book"]
    assert drawn([0.0, 0.99, 0.99], (0.9, 0.1)) == ["book", "piano", "book"], "the piano has e^-13"


@pytest.mark.parametrize(
    ("takes", "time", "ends"),
    [
        (10, 60, [10, 20, 30, 40, 50, 60]),
        (20, 60, [15, 30, 45, 60]),  # at most 15 minutes
        (10, 33, [10, 20, 33]),  # 3 minutes more are no step of their own
        (20, 17, [12, 17]),  # 15 would leave 2 minutes: the last step has 5
        (20, 32, [15, 27, 32]),
        (3, 10, [5, 10]),  # at least 5 minutes
        (3, 13, [5, 13]),  # 5 more would leave 3
        (10, 4, [4]),
    ],
)
def test_steps_take_as_long_as_what_is_done_and_leave_five_minutes_for_the_next(
    takes: int, time: int, ends: Sequence[int]
) -> None:
    use = Use(BOOK.address, "book", "reading", "", takes)
    me, _ = mind(lots=[0.5] * len(ends), body={"uses": lambda _: [use]})
    found = run(steps_for(me, Intention(0, time * MINUTE, "reading", ROOM)))
    assert [step.end // MINUTE for step in found] == ends
