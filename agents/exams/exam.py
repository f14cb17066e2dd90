"""Exams of discrete thoughts: the cases of a thought, thought by the code that minds use, in every way.

What is fitted is fitted on one half of the cases and scored on the other, both ways round, so that every case counts
once. Two neighbouring cases are of one half, the next two of the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import simpy

from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import BIAS, MEANING, WAYS, Weights
from agents.exams.desk import Cost, Desk
from agents.exams.fitting import Array, Dilemma, fit_choice

RULE = "rule"
COMBINATION = "combination"
Numbers = Generator[simpy.Event, Any, list[float]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one way did: which cases it got right, what it cost, and the weights with which a mind goes this way."""

    way: str
    right: tuple[bool, ...]
    cost: Cost
    weights: Weights | None = None
    """Fitted on all cases where they are fitted; None for a rule."""


class Exam(Protocol):
    """The cases of one thought."""

    @property
    def name(self) -> str:
        """The name of the thought."""
        ...

    @property
    def size(self) -> int:
        """How many cases there are."""
        ...

    @property
    def chance(self) -> float:
        """The share of right answers of one who guesses."""
        ...

    @property
    def frequent(self) -> float:
        """The share of right answers of one who always gives the most frequent answer."""
        ...

    @property
    def fixed(self) -> bool:
        """Whether minds go the declared way whatever the outcome."""
        ...

    def sit(self, desk: Desk) -> list[Outcome]:
        """Go all ways."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """One case: how to think about it, what there is to choose from and what is right.

    `think` gives a number per option; `offset` is what else counts for an option; `rule` is a rule's answer.
    """

    options: tuple[str, ...]
    right: tuple[int, ...]
    think: Callable[[Thinker], Numbers] | None = None
    offset: tuple[float, ...] = ()
    rule: int | None = None


@dataclass(frozen=True)
class ChoiceExam:
    """Cases whose answer is one of several options. `bias` is how much the weight `bias` adds to each option."""

    name: str
    questions: tuple[Question, ...]
    bias: tuple[float, ...] = ()
    level: bool = False
    """Whether the numbers also stand for themselves, so that another way's must lie as high on the average."""
    ways: tuple[str, ...] = WAYS
    fixed: bool = False
    """Whether minds go the declared way whatever the outcome."""

    @property
    def size(self) -> int:
        """How many cases there are."""
        return len(self.questions)

    @cached_property
    def chance(self) -> float:
        """The share of right answers of one who guesses."""
        return sum(len(q.right) / len(q.options) for q in self.questions) / self.size

    @cached_property
    def frequent(self) -> float:
        """The share of right answers of one who always gives the most frequent answer."""
        counts = Counter(q.options[index] for q in self.questions for index in q.right)
        return max(counts.values()) / self.size

    def sit(self, desk: Desk) -> list[Outcome]:
        """Go all ways: each alone, then all together."""
        outcomes = []
        if any(q.rule is not None for q in self.questions):
            outcomes.append(Outcome(RULE, tuple(q.rule in q.right for q in self.questions), Cost()))
        columns: dict[str, list[list[float]]] = {}
        whole = Cost()
        for way in self.ways:
            thoughts = [question.think for question in self.questions if question.think]
            columns[way], cost = desk.sit({way: 1.0}, thoughts)
            whole.requests += cost.requests
            whole.usage += cost.usage
            whole.seconds += cost.seconds
            whole.failures += cost.failures
            outcomes.append(self._outcome(way, [way], columns, cost))
        if len(self.ways) > 1:
            outcomes.append(self._outcome(COMBINATION, list(self.ways), columns, whole))
        return outcomes

    def _outcome(self, name: str, ways: list[str], columns: dict[str, list[list[float]]], cost: Cost) -> Outcome:
        dilemmas = [self._dilemma(number, ways, columns) for number in range(self.size)]
        if name == MEANING or (len(ways) == 1 and not self.bias):
            fits = [np.array([1.0] + [0.0] * bool(self.bias))] * 3
        else:
            free = (len(ways),) if self.bias else ()
            others = ([d for number, d in enumerate(dilemmas) if half_of(number) != half] for half in (0, 1, None))
            fits = [fit_choice(some, free) for some in others]
        right = tuple(_answer(d, fits[half_of(number)]) in d.right for number, d in enumerate(dilemmas))
        return Outcome(name, right, cost, self._weights(ways, fits[2], dilemmas, columns))

    def _dilemma(self, number: int, ways: list[str], columns: dict[str, list[list[float]]]) -> Dilemma:
        question = self.questions[number]
        numbers = [columns[way][number] for way in ways]
        if self.bias:
            numbers.append(list(self.bias))
        offset = question.offset or (0.0,) * len(question.options)
        return Dilemma(np.array(numbers, np.float64).T, np.array(offset, np.float64), question.right)

    def _weights(
        self, ways: list[str], fit: Array, dilemmas: Sequence[Dilemma], columns: dict[str, list[list[float]]]
    ) -> Weights:
        """Return the fitted weights in the unit that minds reckon in: cosines where no answer has a unit of its own."""
        if ways == [MEANING] or self.bias:
            return dict(zip([*ways, BIAS] if self.bias and ways != [MEANING] else ways, map(float, fit), strict=False))
        sums = [d.numbers @ fit for d in dilemmas]
        usual = [np.array(numbers, np.float64) for numbers in columns[MEANING]]
        spread = _spread(sums)
        scale = _spread(usual) / spread if spread else 1.0
        weights = {way: float(scale * weight) for way, weight in zip(ways, fit, strict=True)}
        if self.level:
            weights[BIAS] = float(np.concatenate(usual).mean() - scale * np.concatenate(sums).mean())
        return weights


def half_of(number: int) -> int:
    """Return to which half a case belongs: 0 or 1."""
    return number // 2 % 2


def _spread(sums: Sequence[Array]) -> float:
    return float(np.concatenate([each - each.mean() for each in sums]).std())


def _answer(dilemma: Dilemma, weights: Array) -> int:
    """Return the option of the highest sum, the first of equals."""
    return int(np.argmax(dilemma.numbers @ weights + dilemma.offset))
