"""Fitting how much each way counts: few numbers, on few cases, held back by a penalty; always the same result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Array = NDArray[np.float64]

PENALTY = 1.0
"""Of a squared weight, for numbers that are scaled to a spread of one; against one per case for a wrong answer."""


@dataclass(frozen=True, slots=True)
class Dilemma:
    """One case with numbers: for each option one per way, what else counts, and which options are right."""

    numbers: Array
    """[options, ways]"""
    offset: Array
    """[options]"""
    right: tuple[int, ...]


def fit_choice(dilemmas: Sequence[Dilemma], free: Sequence[int] = ()) -> Array:
    """Return the weights of the ways under which the right options are likely: a conditional logit model [ways].

    Probabilities are the softmax of weighted sums. No weight is below zero, since each way's number is meant to be
    higher for the better option, except those of the columns `free`.
    """
    spread = _spread(np.concatenate([d.numbers - d.numbers.mean(axis=0) for d in dilemmas]))

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = 0.5 * PENALTY * float(weights @ weights), PENALTY * weights
        for dilemma in dilemmas:
            scaled = dilemma.numbers / spread
            utility = scaled @ weights + dilemma.offset
            utility = utility - utility.max()
            likely = np.exp(utility)
            likely /= likely.sum()
            right = list(dilemma.right)
            share = likely[right].sum()
            total -= float(np.log(max(share, 1e-300)))
            given_right = likely[right] / max(share, 1e-300)
            slope = slope + likely @ scaled - given_right @ scaled[right]
        return total, slope

    ways = dilemmas[0].numbers.shape[1]
    bounds = [(None, None) if way in free else (0.0, None) for way in range(ways)]
    found = minimize(loss, np.zeros(ways), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x / spread, np.float64)


def _spread(centred: Array) -> Array:
    spread = np.sqrt((centred**2).mean(axis=0))
    return np.where(spread > 1e-12, spread, 1.0)
