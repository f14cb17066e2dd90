"""When one reflects, on what, and which insights are best founded, against cases computed by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agents.cognition.mind import Mind
from agents.cognition.reflection import best_founded, is_due, salient
from agents.memory.stream import Memory, MemoryKind
from tests.agents.cognition.minds import mind
from tests.agents.cognition.test_planning import run

GROUNDS = {"Bea digs": (0.9, 0.1), "Bea bakes": (0.8, 0.2), "Bea sings": (0.1, 0.95), "Bea rows": (0.4, 0.3)}
"""The products with what likes work, (1, 0), and what likes music, (0, 1)."""
INSIGHTS = {"Bea likes work.": (1.0, 0.0), "Bea likes music.": (0.0, 1.0)}


@pytest.mark.parametrize(
    ("importances", "due"),
    [((75.0, 74.9), False), ((75.0, 75.0), True), ((100.0, 60.0), True)],
)
def test_it_is_time_to_reflect_when_importance_adds_up_to_150(importances: Sequence[float], due: bool) -> None:
    (me, _), (unreflecting, _) = mind(), mind(without=["reflection"])
    for each in (me, unreflecting):
        for number, importance in enumerate(importances):
            run(each.remember(MemoryKind.OBSERVATION, [f"Bea digs hole {number}"], importance=importance))
    assert is_due(me) is due
    assert not is_due(unreflecting)


@pytest.mark.parametrize(("threshold", "due"), [(8.0, True), (8.1, False)])
def test_the_threshold_can_be_set(threshold: float, due: bool) -> None:
    me, _ = mind(reflection_threshold=threshold)
    run(me.remember(MemoryKind.CHAT, ["Bea told Ann that it rains"], importance=8.0))
    assert is_due(me) is due


def grounds_of(me: Mind) -> list[Memory]:
    memories: list[Memory] = run(me.remember(MemoryKind.CHAT, list(GROUNDS), importance=1.0))
    return memories


@pytest.mark.parametrize("kept", [1, 2])
def test_the_best_founded_insight_is_closest_to_its_three_nearest_grounds_on_average(kept: int) -> None:
    """Work: (0.9 + 0.8 + 0.4) / 3 = 0.7; music: (0.95 + 0.3 + 0.2) / 3 = 0.4833, though one ground is closer to it."""
    me, _ = mind(GROUNDS | INSIGHTS, insights_per_question=kept)
    grounds = grounds_of(me)
    found = run(best_founded(me, ["Bea likes music.", "Bea likes work."], grounds))
    assert found == [("Bea likes work.", (0, 1, 3)), ("Bea likes music.", (1, 2, 3))][:kept]


def test_with_few_grounds_all_of_them_are_evidence() -> None:
    """Now music is better founded: (0.95 + 0.2) / 2 = 0.575 against (0.8 + 0.1) / 2 = 0.45."""
    me, _ = mind(GROUNDS | INSIGHTS, insights_per_question=1)
    grounds = grounds_of(me)[1:3]
    assert run(best_founded(me, list(INSIGHTS), grounds)) == [("Bea likes music.", (1, 2))]


def test_what_stands_out_are_the_eight_most_important_of_the_last_hundred_memories() -> None:
    """Of equals the newer; plans do not count, and the answer is in the order of time."""
    me, _ = mind()
    for number in range(110):
        importance = 9.0 if number < 20 else 2.0 + (number % 10 == 0)
        run(me.remember(MemoryKind.CHAT, [f"Bea told Ann story {number}"], importance=importance))
    run(me.remember(MemoryKind.PLAN, ["Ann is going out"], importance=10.0))
    # The last hundred begin with number 11: nine of them matter most, the newest of these are 12 to 19.
    assert [memory.number for memory in salient(me)] == [*range(12, 20)]
    assert [memory.number for memory in salient(me, 12)] == [*range(11, 20), 80, 90, 100]
    assert salient(me, since=1) == []
