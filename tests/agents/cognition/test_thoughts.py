"""Discrete thoughts in every way, and how they are put to a language model."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.catalogue import THOUGHTS
from agents.cognition.mind import Topic
from agents.cognition.placing import PLACE
from agents.cognition.prompts import fill
from agents.cognition.reaction import TALK, most_inviting
from agents.cognition.rhythm import BEFORE_HABITS, LIVES, rhythm_of
from agents.cognition.script import LINES
from agents.cognition.settings import MindSettings
from agents.cognition.speaking import Move, calls_for_an_answer, next_move
from agents.cognition.talk import Utterance
from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import BIAS, CHANNEL, LIKELIHOOD, MEANING, WAYS, WEIGHED, Lean, Line, Pick, Weights
from agents.exams.desk import Cost, Desk
from engine.config import check
from engine.errors import BadInput
from engine.kernel.clock import HOUR
from engine.llm.requests import Answer, Choose, Embed, Failure, FailureKind, Request, Way
from engine.llm.scripted import HashingEmbedder, ScriptedBackend

TEXTS = st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5)
PLACES = ("library: books to read", "pub: beer and darts", "park: trees and ducks")


def think(ways: Weights, thought: Callable[[Thinker], Any], backend: Any = None) -> tuple[Any, Cost]:
    """Think one thought."""
    (answer,), cost = Desk(backend or ScriptedBackend(LINES)).sit(ways, [thought])
    return answer, cost


def weighed(ways: Weights, situation: str, options: Sequence[str]) -> list[float]:
    return list(think(ways, lambda thinker: thinker.weigh(PLACE, situation, options))[0])


def test_meaning_is_the_cosine() -> None:
    here, *there = HashingEmbedder().embed(["reading", *PLACES])
    assert weighed({MEANING: 1.0}, "reading", PLACES) == [float(np.dot(here, option)) for option in there]


def test_ways_are_added_with_their_weights() -> None:
    alone = [weighed({way: 1.0}, "feeding the ducks", PLACES) for way in WAYS]
    together = weighed({MEANING: 2.0, CHANNEL: 0.5, LIKELIHOOD: -1.0}, "feeding the ducks", PLACES)
    expected = [2 * m + 0.5 * c - k for m, c, k in zip(*alone, strict=True)]
    assert together == pytest.approx(expected)


def test_a_bias_is_added_to_a_lean_alone() -> None:
    def lean(ways: Weights) -> list[float]:
        return list(think(ways, lambda thinker: thinker.lean(TALK, ["reading", "running"]))[0])

    assert lean({MEANING: 1.0, BIAS: 0.25}) == pytest.approx([number + 0.25 for number in lean({MEANING: 1.0})])


@pytest.mark.parametrize("way", WAYS)
def test_options_that_are_alike_get_the_same_number(way: str) -> None:
    first, second, third = weighed({way: 1.0}, "reading", (PLACES[0], PLACES[1], PLACES[0]))
    assert first == third != second


class Speechless:
    """Knows meanings, but fails in every choice."""

    identity = "speechless"

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        able = ScriptedBackend(LINES)
        failed = Answer(Failure(FailureKind.TOO_LONG, "too long"))
        return [able.answer([r])[0] if isinstance(r, Embed) else failed for r in requests]


def test_what_a_model_cannot_choose_counts_nothing_and_is_noted() -> None:
    def pick(thinker: Thinker) -> Any:
        return thinker.weigh(PLACE, "reading", PLACES)

    with_failures, cost = think({MEANING: 1.0, CHANNEL: 1.0}, pick, Speechless())
    assert with_failures == weighed({MEANING: 1.0}, "reading", PLACES)
    assert cost.failures == {"too_long": 1}


@pytest.mark.parametrize("thought", [t for t in THOUGHTS if isinstance(t, Pick | Lean)], ids=lambda t: t.name)
@given(situation=st.text(min_size=1, max_size=40), options=TEXTS)
def test_a_question_holds_the_options_the_situation_and_nothing_that_is_unfilled(
    thought: Pick | Lean, situation: str, options: list[str]
) -> None:
    options = list(thought.labels) if isinstance(thought, Lean) else list(dict.fromkeys(options))
    values = {"situation": situation, "what": situation}
    channel = thought.asked.channel(thought.name, options, values)
    likelihood = thought.asked.likelihood(thought.name, options, values)
    assert channel.way is Way.CHANNEL
    assert likelihood.way is Way.LIKELIHOOD
    for request in (channel, likelihood):
        assert len(request.options) == len(options)
        assert all(option in filled for option, filled in zip(options, request.options, strict=True))
    assert situation in channel.evidence
    assert situation in likelihood.context[-1]
    assert all(option.endswith("\n") and option.startswith(" ") for option in likelihood.options)
    assert likelihood.prior and len(likelihood.prior) == len(likelihood.context)
    assert len(channel.references) == len(thought.asked.references)


def test_names_are_unique_and_ways_are_set_only_of_what_is_weighed() -> None:
    names = [thought.name for thought in THOUGHTS]
    assert len(set(names)) == len(names)
    assert set(WEIGHED) < {thought.name for thought in THOUGHTS if isinstance(thought, Pick | Lean)}


def test_every_line_has_a_prompt_that_its_values_fill() -> None:
    names = "summary lines me time where plain other traits currently part_of_day doing said beginning notes subject "
    names += "opinion remembered role question when"
    values = dict.fromkeys(re.findall(r"\w+", names), "x")
    for thought in THOUGHTS:
        if isinstance(thought, Line):
            request = thought.request(3, **values)
            assert request.samples == 3
            assert request.purpose == thought.name
            assert "{" not in request.begin


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        ({"plaice": "meaning"}, "did you mean 'place'"),
        ({"place": "canal"}, "'canal' is no way of 'place'"),
        ({"place": {"bias": 1.0, "smell": 2.0}}, "'smell' is no way of 'place'"),
        ({"place": {"meaning": float("nan")}}, "not a finite number"),
        ({"recall": "channel"}, "no thought 'recall' goes different ways"),
    ],
)
def test_unknown_ways_are_refused(ways: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        check(MindSettings, {"ways": ways}, "a scenario")


def test_a_good_setting_is_taken() -> None:
    ways = {"place": "channel", "talk": {"meaning": 1.0, "bias": -0.1}}
    assert check(MindSettings, {"ways": ways}, "a scenario").ways == ways


@pytest.mark.parametrize(
    ("lines", "told", "leave", "topics", "move"),
    [
        (3, True, False, True, Move.TELL),
        (3, True, False, False, Move.ANSWER),
        (3, False, False, False, Move.PART),
        (1, False, False, False, Move.ANSWER),
        (14, True, False, True, Move.PART),
        (3, True, True, True, Move.RETURN_FAREWELL),
    ],
)
def test_how_a_talk_goes_on(lines: int, told: bool, leave: bool, topics: bool, move: Move) -> None:
    assert next_move(lines, 16, told=told, leave=leave, something_to_tell=topics) is move


@pytest.mark.parametrize(("people", "lines", "move"), [(2, 13, Move.TELL), (3, 12, Move.TELL), (3, 13, Move.PART)])
def test_each_has_a_line_left_to_take_leave_with(people: int, lines: int, move: Move) -> None:
    """Of 16."""
    assert next_move(lines, 16, told=True, leave=False, something_to_tell=True, people=people) is move


@pytest.mark.parametrize(
    ("text", "told", "final", "move", "answered"),
    [
        ("I see.", False, False, Move.PART, False),
        ("I see. Where is it?", False, False, Move.PART, True),
        ("I see. The bridge is shut.", True, False, Move.PART, True),
        ("I see.", False, False, Move.ANSWER, True),
        ("I see.", False, False, Move.TELL, True),
        ("I have to go on now. See you?", False, True, Move.RETURN_FAREWELL, False),
    ],
)
def test_who_takes_leave_answers_only_what_was_told_or_asked(
    text: str, told: bool, final: bool, move: Move, answered: bool
) -> None:
    topic = Topic("the bridge is shut", "the bridge is shut", "Ann") if told else None
    assert calls_for_an_answer(Utterance("", ("Ann", "Ben"), "Ann", text, topic, final), move) is answered


def test_a_prompt_leaves_out_what_there_is_nothing_to_say_of() -> None:
    values = {"me": "Ann", "traits": "kind", "currently": "Ann paints.", "said": "Ben: Hello.\n"}
    full = fill("reply", opinion="Ann likes Ben.", remembered="Ann knows this: it rains.", **values)
    assert full[-4:] == (
        "Ann is kind. Ann paints.\n",
        "Ann likes Ben.\n",
        "Ann knows this: it rains.\n",
        "Ben: Hello.\n",
    )
    assert fill("reply", opinion="", remembered="", **values) == (*full[:-3], full[-1])


def test_the_most_inviting_is_who_has_time_then_who_is_known_then_who_is_near() -> None:
    assert most_inviting([-0.2, 0.3], [False, False]) == 1
    assert most_inviting([0.1, 0.1, 0.1], [False, True, True]) == 1
    assert most_inviting([0.1, 0.1], [False, False]) == 0
    assert most_inviting([0.4, 0.1], [False, True]) == 0


@given(st.lists(st.integers(0, 24 * HOUR - 1), max_size=4))
def test_who_has_habits_in_the_morning_gets_up_before_them(habits: list[int]) -> None:
    rhythm, _ = think({MEANING: 1.0}, lambda thinker: rhythm_of(thinker, "a night owl out until late", habits))
    assert all(rhythm.wakes + BEFORE_HABITS <= habit for habit in habits if 4 * HOUR <= habit < 12 * HOUR)
    if not habits:
        assert (rhythm.wakes, rhythm.sleeps) in {(int(up * HOUR), int(down * HOUR)) for _, (up, down) in LIVES}


@pytest.mark.parametrize(
    ("habit", "wakes"),
    [
        (7 * HOUR + 20 * 60, 7 * HOUR),  # an ordinary job: up at seven, twenty minutes before it
        (7 * HOUR + 19 * 60, 6 * HOUR + 59 * 60),
        (4 * HOUR, 3 * HOUR + 40 * 60),
        (4 * HOUR - 1, 7 * HOUR),  # belongs to the night
        (12 * HOUR, 7 * HOUR),
    ],
)
def test_one_gets_up_twenty_minutes_before_the_first_habit(habit: int, wakes: int) -> None:
    life, (up, down) = LIVES[2]
    assert (up, down) == (7.0, 22.5)
    rhythm, _ = think({MEANING: 1.0}, lambda thinker: rhythm_of(thinker, life, [habit]))
    assert (rhythm.wakes, rhythm.sleeps) == (wakes, 22 * HOUR + 30 * 60)


def test_a_named_time_goes_before_habits() -> None:
    rhythm, cost = think({}, lambda thinker: rhythm_of(thinker, "gets up at nine, in bed by eleven", [8 * HOUR]))
    assert (rhythm.wakes, rhythm.sleeps) == (9 * HOUR, 23 * HOUR)
    assert not cost.requests


def test_every_choice_is_a_frozen_request() -> None:
    request = PLACE.asked.channel("place", PLACES, {"situation": "reading"})
    assert isinstance(request, Choose)
    assert request == PLACE.asked.channel("place", PLACES, {"situation": "reading"})
    assert len({request, PLACE.asked.channel("place", PLACES, {"situation": "reading"})}) == 1
