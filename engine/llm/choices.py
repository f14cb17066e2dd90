"""Replies made of scores: a choice among options, a rating on a scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from engine.llm.requests import Choice, Failure, FailureKind, Rating, Reply

_NO_NUMBER: Final = Failure(FailureKind.NOT_A_NUMBER, "the model gave a score that is not a finite number")


def mean(logs: Sequence[float]) -> float:
    """Return the mean of log-probabilities, added up in double precision."""
    return math.fsum(logs) / len(logs)


def choice_of(options: Sequence[str], scores: Sequence[float]) -> Reply:
    """Return the choice of the option with the highest score; a `Failure` where a score is not finite."""
    probabilities = softmax(scores)
    if probabilities is None:
        return _NO_NUMBER
    index = list(scores).index(max(scores))
    return Choice(index, options[index], tuple(scores), probabilities)


def rating_of(low: int, scores: Sequence[float]) -> Reply:
    """Return the rating that the scores of all numbers from `low` on make; a `Failure` where one is not finite."""
    probabilities = softmax(scores)
    if probabilities is None:
        return _NO_NUMBER
    value = low + list(scores).index(max(scores))
    expected = math.fsum(p * n for n, p in enumerate(probabilities, start=low))
    return Rating(value, expected, probabilities)


def softmax(scores: Sequence[float]) -> tuple[float, ...] | None:
    """Return the softmax of `scores`; nothing when one is not finite."""
    if not all(map(math.isfinite, scores)):
        return None
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights)
