"""Report cards: how well a model thinks each thought in each way, and which way it is to go from then on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.cognition.thoughts import MEANING, WEIGHED, Weights
from agents.exams.desk import Cost, Desk
from agents.exams.exam import RULE, Exam, Outcome
from agents.exams.marks import Mark, clearly_better


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: a thought, a way, and how good it is."""

    thought: str
    way: str
    mark: Mark
    chance: float
    frequent: float
    cost: Cost
    used: bool
    """Whether it is the way to go."""
    weights: Weights | None

    @property
    def clear(self) -> bool:
        """Whether it clearly beats who guesses and who always says the same: the whole interval lies above both."""
        return self.mark.beats(max(self.chance, self.frequent))

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        low, high = self.mark.interval
        return {
            "thought": self.thought,
            "way": self.way,
            "cases": self.mark.cases,
            "right": self.mark.right,
            "share": round(self.mark.share, 4),
            "interval": [round(low, 4), round(high, 4)],
            "chance": round(self.chance, 4),
            "most_frequent": round(self.frequent, 4),
            "clear": self.clear,
            "used": self.used,
            "weights": None if self.weights is None else dict(self.weights),
            **self.cost.as_json(),
        }


def sit_all(exams: Mapping[str, Callable[[], Exam]], desk: Desk, say: Callable[[str], None]) -> list[Row]:
    """Let a model sit some exams; `say` is told the name of each before it begins."""
    rows: list[Row] = []
    for name, make in exams.items():
        say(name)
        exam = make()
        rows += rows_of(exam, exam.sit(desk))
    return rows


def rows_of(exam: Exam, outcomes: Sequence[Outcome]) -> list[Row]:
    """Return the lines of a card for one exam."""
    used = _declared(outcomes) if exam.fixed else way_to_go(outcomes, max(exam.chance, exam.frequent))
    return [
        Row(
            exam.name,
            outcome.way,
            Mark(sum(outcome.right), exam.size),
            exam.chance,
            exam.frequent,
            outcome.cost,
            outcome is used,
            outcome.weights,
        )
        for outcome in outcomes
    ]


def way_to_go(outcomes: Sequence[Outcome], baseline: float) -> Outcome:
    """Return the way that a mind is to go: what is declared, unless another one is clearly better.

    Declared is by meaning, which costs least; where there is no such way, the rule. Another way is clearly better when
    a sign test over the cases says so, or when it clearly beats the baseline and the declared way does not. Of several
    the one with most right answers counts, of equals the cheapest.
    """
    declared = _declared(outcomes)
    fails = not _beats(declared, baseline)
    better = [
        outcome
        for outcome in outcomes
        if outcome.weights is not None
        and (clearly_better(outcome.right, declared.right) or (fails and _beats(outcome, baseline)))
    ]
    return max(better, key=lambda o: (sum(o.right), -o.cost.requests), default=declared)


def _declared(outcomes: Sequence[Outcome]) -> Outcome:
    by_meaning = next((outcome for outcome in outcomes if outcome.way == MEANING), None)
    return by_meaning or next(outcome for outcome in outcomes if outcome.way == RULE)


def _beats(outcome: Outcome, baseline: float) -> bool:
    return Mark(sum(outcome.right), len(outcome.right)).beats(baseline)


def ways_of(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Return the weights of the ways to go, of thoughts that can go another way than the declared one and are to."""
    chosen = [row for row in rows if row.used and row.weights is not None and row.thought in WEIGHED]
    return {
        row.thought: {way: round(weight, 6) for way, weight in row.weights.items() if weight}
        for row in chosen
        if row.weights is not None and row.way != MEANING
    }
