from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.interview import NOTHING, Question, best_answer, fit_answers, plain_answer, wording
from agents.cognition.wording import names
from agents.memory.stream import Memory, MemoryKind
from agents.persona.persona import Persona
from tests.agents.memory.test_stream import unit

IDA = Persona(
    name="Ida Calder",
    age=34,
    traits="warm",
    biography=("Ida Calder runs the cafe",),
    currently="Ida wants to bake",
    lifestyle="up at six",
    home="Rose Cottage",
)
ASKED = Question("What do you know about the bridge?", "Reporter", "Monday, 08:15", "brewing coffee")


def memory(number: int, text: str) -> Memory:
    return Memory(number, MemoryKind.CHAT, text, 0, 1.0)


def test_the_prompt_says_who_when_what_and_from_which_memories_the_first_one_last() -> None:
    request = wording(
        IDA, ASKED, [memory(7, "Nell Ashdown told Ida Calder that the bridge is shut"), memory(2, "x")], 5, 9
    )
    *shared, persona, situation, question = request.context
    assert "Olga" in shared[0]
    assert persona.startswith("Ida Calder is 34 years old")
    assert situation.startswith("It is Monday, 08:15, and Ida is brewing coffee. X. Nell Ashdown told")
    assert question == "Reporter: What do you know about the bridge?\n"
    assert (request.begin, request.samples, request.seed) == ("Ida:", 5, 9)
    assert "bridge" not in "".join(request.contrast)


def test_what_cannot_be_said_is_no_answer() -> None:
    texts = [
        " The bridge is shut, I hear. I have not been there. Nell knows more. Ask her about it.",
        " What do you know about the bridge?",
        " Ida does not know.",
        " Reporter: I hear that it is shut.",
        " I heard that it",
        " No.",
    ]
    assert fit_answers(IDA, ASKED, texts) == ["The bridge is shut, I hear. I have not been there. Nell knows more."]


def test_meaning_chooses_what_answers_the_question() -> None:
    answers = ["about something else", "about the bridge"]
    question, bridge, other = unit(1, 0), unit(1, 0.2), unit(0, 1)
    assert best_answer(answers, [other, bridge], question, [other]) == "about the bridge"
    assert best_answer(answers, [bridge, bridge], question, []) == "about something else", "the model's own first"


@pytest.mark.parametrize(
    ("first", "second", "chosen"),
    [
        ((0.50, 0.20), (0.50, 0.22), 0),  # 0.70 against 0.72 - 0.03 for the second place
        ((0.50, 0.20), (0.50, 0.24), 1),  # 0.70 against 0.71
        ((0.90, 0.10), (0.45, 0.60), 1),  # 1.00 against 1.02: question and memory count the same
        ((0.90, 0.15), (0.45, 0.60), 0),
    ],
)
def test_an_answer_is_close_to_the_question_and_to_the_first_memory(
    first: tuple[float, float], second: tuple[float, float], chosen: int
) -> None:
    """Each answer is told by its products with the question and with that memory; another memory does not count."""
    answers = [np.array([*products, 1.0], np.float32) for products in (first, second)]
    question, memory, other = np.eye(3, dtype=np.float32)
    assert best_answer(["first", "second"], answers, question, [memory, other]) == ("first", "second")[chosen]


def test_without_a_wording_the_person_says_what_comes_to_mind_first() -> None:
    assert plain_answer([memory(3, "the bridge is shut")]) == "What comes to my mind is this: The bridge is shut."
    assert plain_answer([]) == NOTHING


@given(st.lists(st.text(st.sampled_from("abI .!?:\n\"'Ida"), max_size=80), max_size=6))
def test_answers_are_one_to_three_whole_sentences(texts: list[str]) -> None:
    for answer in fit_answers(IDA, ASKED, texts):
        assert answer.endswith((".", "!", "?"))
        assert 1 <= len(re.findall(r"[.!?](?=\s|$)", answer)) <= 3
        assert not names(answer, "Ida")
        assert ":" not in answer
    assert np.array_equal(fit_answers(IDA, ASKED, texts), fit_answers(IDA, ASKED, texts))
