"""What verdicts say: ratings of the conditions, rank tests, and what the judge itself is worth."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np
from scipy.stats import binomtest, kruskal

from agents.believability.contests import Verdict
from agents.believability.rating import Outcome, Rating, likely_margin, rate
from agents.exams.marks import Mark
from engine.kernel.streams import derive_seed

RESAMPLES: Final = 200
"""So many times the questions are drawn anew, for the intervals over questions."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one condition did. `over_questions` is the 95 % interval of its rating if other questions had been asked."""

    condition: str
    won: int
    drawn: int
    lost: int
    rating: Rating
    over_questions: tuple[float, float]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "condition": self.condition,
            "won": self.won,
            "drawn": self.drawn,
            "lost": self.lost,
            "mu": round(self.rating.mu, 3),
            "sigma": round(self.rating.sigma, 3),
            "interval": _rounded(self.rating.interval),
            "interval_over_questions": _rounded(self.over_questions),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two conditions against each other: a two-sided sign test without the draws, corrected by Holm (1979)."""

    first: str
    second: str
    won: int
    drawn: int
    lost: int
    p: float

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        counts = {"won": self.won, "drawn": self.drawn, "lost": self.lost}
        return {"first": self.first, "second": self.second, **counts, "p_holm": round(self.p, 5)}


@dataclass(frozen=True, slots=True)
class RankTest:
    """Kruskal and Wallis (1952) over the conditions' points in every question: one for a win, a half for a draw.

    Points are per contest: where fewer have answered there are fewer to win against.
    """

    h: float
    degrees: int
    p: float

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"h": round(self.h, 3), "degrees": self.degrees, "p": float(f"{self.p:.3g}")}


@dataclass(frozen=True, slots=True)
class Findings:
    """All that verdicts say about the conditions."""

    standings: tuple[Standing, ...]
    comparisons: tuple[Comparison, ...]
    rank_test: RankTest

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "ratings": [standing.as_json() for standing in self.standings],
            "pairs": [comparison.as_json() for comparison in self.comparisons],
            "kruskal_wallis": self.rank_test.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Reliability:
    """How a judge who saw both orders did: how often it preferred the same answer in both, and the first one shown.

    Where it preferred neither, it is not counted.
    """

    agreed: Mark
    first_place: Mark

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"orders_agree": mark_as_json(self.agreed), "first_shown_preferred": mark_as_json(self.first_place)}


def findings(verdicts: Sequence[Verdict], conditions: Sequence[str], seed: int) -> Findings:
    """Rate the conditions by some verdicts; `seed` settles in which order they are taken and drawn anew."""
    matches = [verdict.match for verdict in verdicts]
    margin = likely_margin(matches)
    dice = random.Random(derive_seed(seed, "ratings"))
    ratings = rate(dice.sample(matches, len(matches)), conditions, margin)
    intervals = _over_questions(verdicts, conditions, margin, dice)
    standings = []
    for condition in conditions:
        counts = Counter(_result(verdict, condition) for verdict in verdicts)
        standings.append(
            Standing(condition, counts[1], counts[0], counts[-1], ratings[condition], intervals[condition])
        )
    return Findings(tuple(standings), tuple(_comparisons(verdicts, conditions)), _rank_test(verdicts, conditions))


def _result(verdict: Verdict, condition: str) -> int | None:
    """Return 1 for a win of a condition, 0 for a draw, -1 for a defeat, and None where it took no part."""
    if condition not in (verdict.contest.first, verdict.contest.second):
        return None
    if verdict.outcome is Outcome.DRAW:
        return 0
    return 1 if (verdict.outcome is Outcome.FIRST) == (condition == verdict.contest.first) else -1


def _over_questions(
    verdicts: Sequence[Verdict], conditions: Sequence[str], margin: float, dice: random.Random
) -> Mapping[str, tuple[float, float]]:
    """Return percentile intervals of the ratings over questions drawn anew (Efron 1979).

    All comparisons of a question are drawn together: they are about the same few answers, so they are not independent.
    """
    by_item: dict[int, list[Verdict]] = {}
    for verdict in verdicts:
        by_item.setdefault(verdict.contest.item, []).append(verdict)
    items = list(by_item.values())
    means: dict[str, list[float]] = {condition: [] for condition in conditions}
    for _ in range(RESAMPLES):
        drawn = [verdict.match for item in dice.choices(items, k=len(items)) for verdict in item] if items else []
        dice.shuffle(drawn)
        for condition, rating in rate(drawn, conditions, margin).items():
            means[condition].append(rating.mu)
    bounds = {condition: np.percentile(each, [2.5, 97.5]).tolist() for condition, each in means.items()}
    return {condition: (low, high) for condition, (low, high) in bounds.items()}


def _comparisons(verdicts: Sequence[Verdict], conditions: Sequence[str]) -> list[Comparison]:
    found = []
    for first, second in combinations(conditions, 2):
        counts = Counter(_result(v, first) for v in verdicts if {v.contest.first, v.contest.second} == {first, second})
        decided = counts[1] + counts[-1]
        p = float(binomtest(counts[1], decided).pvalue) if decided else 1.0
        found.append(Comparison(first, second, counts[1], counts[0], counts[-1], p))
    return _holm(found)


def _holm(comparisons: Sequence[Comparison]) -> list[Comparison]:
    corrected, least = {}, 0.0
    for done, place in enumerate(sorted(range(len(comparisons)), key=lambda i: comparisons[i].p)):
        least = max(least, min(1.0, (len(comparisons) - done) * comparisons[place].p))
        corrected[place] = least
    return [
        Comparison(c.first, c.second, c.won, c.drawn, c.lost, corrected[place]) for place, c in enumerate(comparisons)
    ]


def _rank_test(verdicts: Sequence[Verdict], conditions: Sequence[str]) -> RankTest:
    points: dict[str, dict[int, list[float]]] = {condition: {} for condition in conditions}
    for verdict in verdicts:
        for condition in (verdict.contest.first, verdict.contest.second):
            earned = points[condition].setdefault(verdict.contest.item, [])
            earned.append(((_result(verdict, condition) or 0) + 1) / 2)
    samples = [[sum(earned) / len(earned) for earned in each.values()] for each in points.values() if each]
    if len(samples) < 2 or len({value for sample in samples for value in sample}) == 1:
        return RankTest(0.0, max(len(samples) - 1, 0), 1.0)
    found = kruskal(*samples)
    return RankTest(float(found.statistic), len(samples) - 1, float(found.pvalue))


def reliability(verdicts: Sequence[Verdict]) -> Reliability | None:
    """Return how a judge did with itself; None where there is no pair of which it preferred one in both orders."""
    both = [verdict for verdict in verdicts if verdict.agreed is not None]
    if not both:
        return None
    agreed = Mark(sum(verdict.agreed is True for verdict in both), len(both))
    firsts = sum(verdict.first_place for verdict in verdicts)
    return Reliability(agreed, Mark(firsts, sum(verdict.preferred for verdict in verdicts)))


def mark_as_json(mark: Mark) -> dict[str, Any]:
    """Return a share with its interval as plain values."""
    return {"count": mark.right, "of": mark.cases, "share": round(mark.share, 4), "interval": _rounded(mark.interval)}


def _rounded(interval: tuple[float, float]) -> list[float]:
    return [round(bound, 4) for bound in interval]
