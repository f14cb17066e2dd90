"""Texts that no mind can use are asked for once more, and counted."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, cast

import pytest
import simpy

from agents.cognition.alarm import ALARM
from agents.cognition.thinker import Thinker, is_original
from agents.cognition.thoughts import BIAS, CHANNEL
from engine.llm.requests import Choice, Failure, FailureKind, Reply, Request, Sample, Texts, Write
from engine.record.events import Body, Failed
from tests.agents.cognition.minds import Lane
from tests.agents.cognition.test_planning import run

EXAMPLES = "Olga sat up all night with a sick calf.\n"
ASKED = Write("w", (EXAMPLES, "Mara met Tomas.\n"), begin="Mara")


class Oracle:
    """Gives replies in turn, and remembers what was asked and logged."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.asked: list[Write] = []
        self.logged: list[Body] = []

    def ask(self, *requests: Request) -> Generator[simpy.Event, Any, list[Reply]]:
        self.asked += cast(Sequence[Write], requests)
        return [self._replies.pop(0) for _ in requests]
        yield

    def request_seed(self, purpose: str) -> int:
        return len(self.asked)

    def emit(self, body: Body) -> None:
        self.logged.append(body)


def texts(*lines: str) -> Texts:
    return Texts(tuple(Sample(line, 0.0, 1) for line in lines))


def write(oracle: Oracle, requests: Sequence[Write]) -> list[list[str]]:
    try:
        next(Thinker(oracle).write(requests, lambda text: "bad" not in text))
    except StopIteration as end:
        return cast(list[list[str]], end.value)
    raise AssertionError("it waits for something")


def kinds(oracle: Oracle) -> list[tuple[str, str]]:
    return [(body.thought, body.kind) for body in oracle.logged if isinstance(body, Failed)]


def test_what_fits_is_asked_for_once() -> None:
    oracle = Oracle(texts("bad", " walks", " sings"))
    assert write(oracle, [ASKED]) == [[" walks", " sings"]]
    assert len(oracle.asked) == 1 and not oracle.logged


def test_only_what_has_no_fit_sample_is_asked_once_more_with_another_seed() -> None:
    oracle = Oracle(texts(" walks"), texts("bad", "bad too"), texts("bad", " sings"))
    assert write(oracle, [ASKED, ASKED]) == [[" walks"], [" sings"]]
    assert len(oracle.asked) == 3
    assert oracle.asked[2].seed != oracle.asked[1].seed
    assert kinds(oracle) == [("w", "resampled")]


def test_after_the_second_time_there_is_nothing_and_it_is_counted() -> None:
    oracle = Oracle(texts("bad"), texts())
    assert write(oracle, [ASKED]) == [[]]
    assert kinds(oracle) == [("w", "resampled"), ("w", "degenerate")]


def test_a_failure_is_not_asked_again() -> None:
    oracle = Oracle(Failure(FailureKind.TOO_LONG, "too long"))
    assert write(oracle, [ASKED]) == [[]]
    assert kinds(oracle) == [("w", "too_long")]


def test_copies_of_the_examples_and_names_that_nobody_has_do_not_fit() -> None:
    oracle = Oracle(texts(" sat up all night.", " met Sarah.", " met Tomas on Monday."))
    assert write(oracle, [ASKED]) == [[" met Tomas on Monday."]]


def test_a_lean_is_the_nearest_high_anchor_less_the_nearest_low_one() -> None:
    """0.6 - 0.4 and 0.8 - 0.3, of the three anchors of either pole."""
    anchors = {
        ALARM.high[0]: (0.6, 0.1),
        ALARM.high[1]: (0.2, 0.8),
        ALARM.low[0]: (0.4, -0.1),
        ALARM.low[2]: (0.3, 0.3),
    }
    thinker = Thinker(Lane(0, {"the oven smokes": (1.0, 0.0), "the pipe drips": (0.0, 1.0), **anchors}, (), ()))
    leans = run(thinker.lean(ALARM, ["the oven smokes", "the pipe drips"]))
    assert leans == pytest.approx([0.2, 0.5])


def test_by_a_language_model_a_lean_is_the_high_label_less_the_low_one() -> None:
    """0.1 + 0.5 * (-1.0 - -3.0) = 1.1, where a bias and a weight are set."""
    oracle = Oracle(Choice(1, "an emergency", (-3.0, -1.0), (0.1, 0.9)))
    thinker = Thinker(oracle, lambda _: {CHANNEL: 0.5, BIAS: 0.1})
    assert run(thinker.lean(ALARM, ["the oven smokes"])) == pytest.approx([1.1])


@pytest.mark.parametrize(
    ("begin", "text", "original"),
    [
        ("Wren:", " Hathor is a beautiful goddess.", False),
        ("Wren:", " Juno is a good host.", True),
        ("Wren:", " Wren is here.", True),
        ("Question: What does", " Maria want to do?", False),
        ("Question: What does", " Juno want to do?", True),
        ("Juno", " Hathor would rather be outdoors.", False),
    ],
)
def test_no_text_is_original_that_names_a_stranger_where_it_begins_or_later(
    begin: str, text: str, original: bool
) -> None:
    request = Write("reply", ("What neighbours say.\n", "Juno: Hello, Wren!\n"), begin=begin)
    assert is_original(text, request) is original
