"""After how many memories about somebody one thinks of them."""

from __future__ import annotations

import pytest

from agents.cognition.mind import Mind
from agents.cognition.relations import think_of
from agents.memory.stream import MemoryKind
from tests.agents.cognition.minds import mind
from tests.agents.cognition.test_planning import run

BEA = "Bea Birk"


def learn(me: Mind, *numbers: int) -> None:
    texts = [f"{BEA} told Ann Ash story {number}" for number in numbers]
    run(me.remember(MemoryKind.CHAT, texts, about=(BEA,), importance=1.0))


@pytest.mark.parametrize(("new", "thought_over"), [(10, False), (11, True)])
def test_three_memories_make_an_opinion_and_twelve_more_think_it_over(new: int, thought_over: bool) -> None:
    """The opinion itself is a memory about Bea, and counts."""
    me, lane = mind(written=[" is good company."])
    learn(me, 1, 2)
    run(think_of(me, BEA))
    assert not lane.worded, "two are too few"
    learn(me, 3)
    run(think_of(me, BEA))
    opinion = me.acquaintance(BEA).opinion
    assert opinion is not None
    assert (opinion.text, len(lane.worded)) == (f"Ann Ash thinks that {BEA} is good company.", 1)
    learn(me, *range(4, 4 + new))
    run(think_of(me, BEA))
    assert len(lane.worded) == 1 + thought_over
