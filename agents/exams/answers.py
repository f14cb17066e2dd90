"""The exam of interview answers: whether what is asked for can be heard in the answer, among five memories.

It is answered as `thorp ask` does: the model words an answer several times, and meaning chooses. The rule is what takes
the place of that where no wording is fit: the memory that comes to mind first, as it is. Who guesses says any of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import simpy

from agents.cognition.interview import INTERVIEW, Question, best_answer, fit_answers, plain_answer, wording
from agents.cognition.settings import MindSettings
from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import MEANING
from agents.exams.desk import Cost, Desk
from agents.exams.exam import RULE, Outcome
from agents.exams.sheets import AnswerSheet, LinesSheet, read
from agents.memory.stream import Memory, MemoryKind
from agents.persona.persona import Persona

Answering = Generator[simpy.Event, Any, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One case: who is asked what, what they remember, and words of which a right answer has one."""

    persona: Persona
    question: Question
    memories: tuple[str, ...]
    right: tuple[str, ...]

    def is_right(self, answer: str) -> bool:
        """Whether an answer has a word that begins like one of the right ones."""
        return any(re.search(rf"\b{re.escape(word)}", answer, re.IGNORECASE) for word in self.right)

    def answers(self, think: Thinker) -> Answering:
        """Return the plain answer and the one that is given."""
        vectors = yield from think.meanings(INTERVIEW.name, [self.question.text, *self.memories])
        question, grounds = vectors[0], vectors[1:]
        order = np.argsort([-float(question @ ground) for ground in grounds], kind="stable").tolist()
        memories = [Memory(n, MemoryKind.OBSERVATION, self.memories[n], 0, 5.0, (), ()) for n in order]
        plain = plain_answer(memories)
        request = wording(self.persona, self.question, memories, MindSettings().samples, seed=0)
        (samples,) = yield from think.write([request])
        found = fit_answers(self.persona, self.question, samples)
        if not found:
            return plain, plain
        worded = yield from think.meanings(INTERVIEW.name, found)
        return plain, best_answer(found, worded, question, [grounds[number] for number in order])


@dataclass(frozen=True)
class AnswerExam:
    """Cases of answers in one's own words, of which it can be told whether they are right."""

    cases: tuple[Asked, ...]
    name: str = INTERVIEW.name
    fixed: bool = True

    @property
    def size(self) -> int:
        """How many cases there are."""
        return len(self.cases)

    @cached_property
    def chance(self) -> float:
        """The share of right answers of one who says any memory."""
        return float(np.mean([np.mean([case.is_right(text) for text in case.memories]) for case in self.cases]))

    @cached_property
    def frequent(self) -> float:
        """The share of right answers of one who always says the same word."""
        return max(Counter(word for case in self.cases for word in case.right).values()) / self.size

    def sit(self, desk: Desk) -> list[Outcome]:
        """Answer by rule, and as minds do."""
        found, cost = desk.sit({}, [case.answers for case in self.cases])
        plain = tuple(case.is_right(answer) for case, (answer, _) in zip(self.cases, found, strict=True))
        given = tuple(case.is_right(answer) for case, (_, answer) in zip(self.cases, found, strict=True))
        return [Outcome(RULE, plain, Cost()), Outcome(MEANING, given, cost)]


def answer_exam() -> AnswerExam:
    """Return the exam of the shipped cases; the people of the texts' cases are asked in turn."""
    people: Sequence[Persona] = read(LinesSheet, "lines").people
    cases = []
    for number, group in enumerate(read(AnswerSheet, INTERVIEW.name).sets):
        persona = people[number % len(people)]
        memories = tuple(text.replace("{me}", persona.name) for text in group.memories)
        for case in group.cases:
            asked = Question(case.ask, "Visitor", "Friday, 18:00", "drinking a cup of tea")
            cases.append(Asked(persona, asked, memories, case.right))
    return AnswerExam(tuple(cases))
