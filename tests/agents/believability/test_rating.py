"""TrueSkill, held against published ratings and against the posterior itself, integrated on a grid."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from agents.believability.rating import BETA, SIGMA, Match, Outcome, Rating, draw_margin, likely_margin, rate, updated

EVEN = Rating()


@pytest.mark.parametrize(
    ("winner", "loser", "draws", "drawn", "expected"),
    [
        # The examples of the package trueskill (its README and tests), which go back to Moser's "Computing your skill".
        (EVEN, EVEN, 0.1, False, ((29.396, 7.171), (20.604, 7.171))),
        (EVEN, EVEN, 0.1, True, ((25.0, 6.458), (25.0, 6.458))),
        (EVEN, Rating(30, SIGMA), 0.1, False, ((30.768, 7.030), (24.232, 7.030))),
        (EVEN, Rating(50, 12.5), 0.1, True, ((31.662, 7.137), (35.010, 7.910))),
        # What its version 0.4.5 makes of these without dynamics (tau=0).
        (Rating(29, 1.2), Rating(22, 3.4), 0.4, False, ((29.099, 1.191), (21.204, 3.189))),
        (Rating(22, 3.4), Rating(29, 1.2), 0.4, False, ((25.188, 3.031), (28.603, 1.185))),
        (Rating(29, 1.2), Rating(22, 3.4), 0.4, True, ((28.802, 1.183), (23.587, 2.989))),
    ],
)
def test_ratings_are_the_published_ones(
    winner: Rating, loser: Rating, draws: float, drawn: bool, expected: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    found = updated(winner, loser, draw_margin(draws), drawn=drawn)
    # The published ones add a drift of (25/300)² to the variance first: less than a thousandth here.
    assert [(r.mu, r.sigma) for r in found] == [pytest.approx(each, abs=2e-3) for each in expected]


RATINGS = st.builds(Rating, st.floats(15, 35), st.floats(0.5, 9))


@settings(max_examples=25)
@given(RATINGS, RATINGS, st.floats(0.02, 0.9), st.booleans())
def test_a_rating_has_the_mean_and_deviation_of_the_posterior(
    one: Rating, other: Rating, draws: float, drawn: bool
) -> None:
    margin = draw_margin(draws)
    steps = np.linspace(-8, 8, 400)
    skill, against = np.meshgrid(one.mu + one.sigma * steps, other.mu + other.sigma * steps, indexing="ij")
    ahead, spread = skill - against, math.sqrt(2) * BETA
    likely = (
        ndtr((margin - ahead) / spread) - ndtr((-margin - ahead) / spread) if drawn else ndtr((ahead - margin) / spread)
    )
    weight = likely * np.exp(-(steps[:, None] ** 2 + steps[None, :] ** 2) / 2)
    for rating, values in zip(updated(one, other, margin, drawn=drawn), (skill, against), strict=True):
        mean = np.average(values, weights=weight)
        assert rating.mu == pytest.approx(mean, abs=1e-3)
        assert rating.sigma == pytest.approx(math.sqrt(np.average((values - mean) ** 2, weights=weight)), abs=1e-3)


@pytest.mark.parametrize("drawn", [True, False])
@pytest.mark.parametrize("lead", [-1e6, -300, 300, 1e6])
def test_the_most_surprising_result_still_gives_numbers(lead: float, drawn: bool) -> None:
    for rating in updated(Rating(lead, 1), Rating(0, 1), draw_margin(0.2), drawn=drawn):
        assert math.isfinite(rating.mu)
        assert 0 < rating.sigma <= 1


def test_equals_draw_as_often_as_was_seen() -> None:
    draws = [Match("a", "b", Outcome.DRAW)] * 3
    wins = [Match("a", "b", Outcome.FIRST)] * 5
    margin = likely_margin([*draws, *wins])
    assert 2 * ndtr(margin / (math.sqrt(2) * BETA)) - 1 == pytest.approx(4 / 10)
    assert math.isfinite(likely_margin([])) and math.isfinite(likely_margin(draws))


@given(st.lists(st.sampled_from([*Outcome]), max_size=30))
def test_the_sides_do_not_matter_and_who_never_takes_part_stays_unknown(outcomes: list[Outcome]) -> None:
    turned = {Outcome.FIRST: Outcome.SECOND, Outcome.SECOND: Outcome.FIRST, Outcome.DRAW: Outcome.DRAW}
    one = rate([Match("a", "b", outcome) for outcome in outcomes], "abc", 1.0)
    other = rate([Match("b", "a", turned[outcome]) for outcome in outcomes], "abc", 1.0)
    assert one == other
    assert one["c"] == EVEN


def test_many_comparisons_narrow_the_interval_around_what_wins_more() -> None:
    dice = np.random.default_rng(1)
    matches = [Match("good", "bad", Outcome.FIRST if dice.random() < 0.75 else Outcome.SECOND) for _ in range(400)]
    found = rate(matches, ["good", "bad"], draw_margin(0.01))
    assert found["good"].interval[0] > found["bad"].interval[1]
    # Of two that differ by d the better one wins with the probability ndtr(d / (sqrt(2) beta)).
    ahead = found["good"].mu - found["bad"].mu
    assert ndtr(ahead / (math.sqrt(2) * BETA)) == pytest.approx(0.75, abs=0.05)
