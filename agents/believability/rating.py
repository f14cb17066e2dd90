"""TrueSkill between two at a time (Herbrich, Minka and Graepel 2006, "TrueSkill: A Bayesian skill rating system").

Every contestant has a skill with a normal distribution N(mu, sigma²). In a comparison both perform with the standard
deviation `BETA` around their skill; the one that performs better by more than a margin wins, else it is a draw. With
two contestants the moments of the posterior have a closed form (their section 4, and equations 2 to 4 of the technical
report), which is all there is here: of the two packages on PyPI one has had no release since 2018, the other one holds
other models (Weng and Lin 2011). Skills do not drift between comparisons: what is rated stays the same meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, exp, log, log1p, pi, sqrt
from typing import Final

from scipy.special import log_ndtr, ndtri

MU: Final = 25.0
SIGMA: Final = MU / 3
BETA: Final = SIGMA / 2
"""Of TrueSkill: before any comparison, and how much a performance varies."""
FAR: Final = -30.0
"""So many standard deviations from the mean there is nothing left of a probability in a float."""
Z: Final = 1.959964
"""Of a 95 % interval."""


class Outcome(StrEnum):
    """How a comparison of a first and a second one ends."""

    FIRST = "first"
    SECOND = "second"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Match:
    """One comparison of two contestants."""

    first: str
    second: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Rating:
    """What is believed of a skill."""

    mu: float = MU
    sigma: float = SIGMA

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the skill."""
        return self.mu - Z * self.sigma, self.mu + Z * self.sigma


def draw_margin(probability: float) -> float:
    """Return the margin within which equals draw with a probability above 0 and below 1."""
    return float(ndtri((probability + 1) / 2)) * sqrt(2) * BETA


def likely_margin(matches: Sequence[Match]) -> float:
    """Return the margin within which equals would draw as often as was seen (with Laplace's one more of each kind)."""
    draws = sum(match.outcome is Outcome.DRAW for match in matches)
    return draw_margin((draws + 1) / (len(matches) + 2))


def rate(matches: Iterable[Match], contestants: Iterable[str], margin: float) -> Mapping[str, Rating]:
    """Return the rating of every contestant after all matches, taken in their order."""
    found = dict.fromkeys(contestants, Rating())
    for match in matches:
        one, other = found[match.first], found[match.second]
        if match.outcome is Outcome.SECOND:
            other, one = updated(other, one, margin)
        else:
            one, other = updated(one, other, margin, drawn=match.outcome is Outcome.DRAW)
        found[match.first], found[match.second] = one, other
    return found


def updated(winner: Rating, loser: Rating, margin: float, *, drawn: bool = False) -> tuple[Rating, Rating]:
    """Return both ratings after a comparison that one has won, or in which the two have `drawn`."""
    spread = sqrt(2 * BETA**2 + winner.sigma**2 + loser.sigma**2)
    ahead, epsilon = (winner.mu - loser.mu) / spread, margin / spread
    shift, shrink = _of_a_draw(ahead, epsilon) if drawn else _of_a_win(ahead - epsilon)

    def moved(rating: Rating, sign: int) -> Rating:
        part = rating.sigma**2 / spread
        return Rating(rating.mu + sign * part * shift, rating.sigma * sqrt(1 - part / spread * shrink))

    return moved(winner, 1), moved(loser, -1)


def _of_a_win(ahead: float) -> tuple[float, float]:
    """Return v and w of a standard normal variable of which only what lies above `-ahead` is left."""
    v = exp(_log_density(ahead) - _log_below(ahead))
    return v, min(v * (v + ahead), 1.0)


def _of_a_draw(ahead: float, epsilon: float) -> tuple[float, float]:
    """Return v and w of one of which only what lies within `epsilon` of `-ahead` is left."""
    t = abs(ahead)
    low, high = -epsilon - t, epsilon - t
    log_high, log_low = _log_below(high), _log_below(low)
    log_mass = log_high + log1p(-exp(log_low - log_high))
    at_low, at_high = exp(_log_density(low) - log_mass), exp(_log_density(high) - log_mass)
    v = at_low - at_high
    w = min(v**2 + high * at_high - low * at_low, 1.0)
    return (v if ahead >= 0 else -v), w


def _log_below(value: float) -> float:
    """Return the logarithm of the standard normal distribution function."""
    if value > FAR:
        return log(erfc(-value / sqrt(2)) / 2)  # many times as fast as scipy is for one number
    return float(log_ndtr(value))


def _log_density(value: float) -> float:
    return -(value**2) / 2 - log(2 * pi) / 2
