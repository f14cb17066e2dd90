"""What one says among what the model words, and what one remembers in saying it, against cases computed by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agents.cognition.mind import Mind, Topic
from agents.cognition.speaking import BEARS_ON, compose
from agents.cognition.talk import Talk, Utterance
from agents.memory.stream import MemoryKind
from engine.kernel.clock import HOUR
from tests.agents.cognition.minds import mind
from tests.agents.cognition.test_planning import run

CIRCLE = ("Bea Birk", "Ann Ash")
LINES = ("What a fine day.", "You are digging deep.", "It smells of earth.")
SAID = "The well is dry."


def says(me: Mind, heard: Utterance | None = None) -> str:
    talk = Talk("c", me.name, CIRCLE, me.lane.now, "digging")
    line: Utterance = run(compose(me, talk, heard))
    return line.text


@pytest.mark.parametrize(
    ("cosines", "chosen"),
    [
        ((0.50, 0.52, 0.0), 0),  # 0.50 against 0.52 - 0.03
        ((0.50, 0.54, 0.0), 1),  # 0.50 against 0.54 - 0.03
        ((0.50, 0.52, 0.57), 2),  # 0.50 against 0.57 - 2 * 0.03
        ((0.50, 0.52, 0.55), 0),
    ],
)
def test_each_place_in_the_model_s_ranking_is_worth_003(cosines: Sequence[float], chosen: int) -> None:
    me, _ = mind(
        {"digging": (1.0,), **{line: (cosine,) for line, cosine in zip(LINES, cosines, strict=True)}},
        now=9 * HOUR,
        written=LINES,
    )
    assert says(me) == f"Good morning, Bea! {LINES[chosen]}"


@pytest.mark.parametrize(
    ("second", "part_of_day"),
    [
        (4 * HOUR - 1, "evening"),
        (4 * HOUR, "morning"),
        (12 * HOUR - 1, "morning"),
        (12 * HOUR, "afternoon"),
        (18 * HOUR - 1, "afternoon"),
        (18 * HOUR, "evening"),
    ],
)
def test_a_greeting_goes_by_the_hour(second: int, part_of_day: str) -> None:
    me, _ = mind(now=second)
    assert says(me) == f"Good {part_of_day}, Bea!"


@pytest.mark.parametrize(("cosine", "comes_up"), [(0.36, True), (0.34, False)])
def test_a_memory_bears_on_what_was_said_from_a_cosine_of_035_on(cosine: float, comes_up: bool) -> None:
    assert BEARS_ON == 0.35
    me, lane = mind({SAID: (1.0,), "the pump is broken": (cosine,), "Cid bakes": (0.2,)}, now=9 * HOUR)
    run(me.remember(MemoryKind.OBSERVATION, ["Cid bakes", "the pump is broken"], importance=5.0))
    lane.now += 1  # what is older than the talk counts
    told = Topic("the well is dry", "the well is dry", "Bea Birk")
    says(me, Utterance("c", CIRCLE, "Bea Birk", SAID, told))
    assert any("Ann knows this: The pump is broken." in "".join(each.context) for each in lane.worded) is comes_up
    assert not any("Cid bakes" in "".join(each.context) for each in lane.worded)
