"""What verdicts come to: ratings, tests and intervals."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kruskal

from agents.believability.contests import Contest, Verdict
from agents.believability.findings import findings, mark_as_json
from agents.believability.rating import Outcome
from agents.exams.marks import Mark

ALL = ("a", "b", "c")


def verdict(item: int, first: str, second: str, outcome: str) -> Verdict:
    return Verdict(Contest(item, first, second), Outcome(outcome))


def test_what_wins_most_is_rated_highest_and_the_counts_are_those_of_each_side() -> None:
    verdicts = [
        verdict(item, first, second, "first" if item % 4 else "draw")
        for item in range(40)
        for first, second in combinations(ALL, 2)
    ]
    found = findings(verdicts, ALL, 1)
    a, b, c = found.standings
    assert (a.won, a.drawn, a.lost) == (60, 20, 0)
    assert (b.won, b.drawn, b.lost) == (30, 20, 30)
    assert (c.won, c.drawn, c.lost) == (0, 20, 60)
    assert a.rating.mu > b.rating.mu > c.rating.mu
    assert a.over_questions[0] > b.over_questions[1], "questions drawn anew do not change that"
    assert all(pair.p < 0.001 for pair in found.comparisons)
    points = [[4 if item % 4 else 2 for item in range(40)], [2] * 40, [0 if item % 4 else 2 for item in range(40)]]
    assert found.rank_test.h == pytest.approx(kruskal(*points).statistic)
    assert found.rank_test.degrees == 2


def test_who_answered_only_some_questions_does_not_lose_those_points_to_anybody() -> None:
    answered = [(item, pair) for item in range(10) for pair in combinations(ALL, 2) if item < 4 or "c" not in pair]
    verdicts = [verdict(item, *pair, "draw") for item, pair in answered]
    assert findings(verdicts, ALL, 1).rank_test.p == 1.0, "nobody won anything"


def test_the_sign_test_leaves_draws_out_and_is_corrected_for_the_number_of_pairs() -> None:
    verdicts = [verdict(item, "a", "b", "first") for item in range(5)]
    verdicts += [verdict(item, "c", "a", "second") for item in range(4)]
    verdicts += [verdict(item, "b", "c", "draw") for item in range(9)]
    ab, ac, bc = findings(verdicts, ALL, 1).comparisons
    assert (ab.won, ab.drawn, ab.lost) == (5, 0, 0)
    assert (ac.won, ac.drawn, ac.lost) == (4, 0, 0)
    assert ab.p == pytest.approx(3 * 2 / 2**5)
    assert ac.p == pytest.approx(2 * 2 / 2**4)
    assert bc.p == 1.0


def test_questions_that_all_go_one_way_leave_a_narrow_interval_and_those_that_do_not_a_wide_one() -> None:
    def width(outcomes: list[str]) -> float:
        verdicts = [verdict(n // 2, "a", "b", outcome) for n, outcome in enumerate(outcomes)]
        low, high = findings(verdicts, ("a", "b"), 1).standings[0].over_questions
        return high - low

    # The same number of wins; but in the one half of the cases every question is divided in itself.
    assert width(["first", "second"] * 20) < width(["first", "first", "second", "second"] * 10) / 2


@settings(max_examples=20)
@given(
    st.lists(
        st.builds(verdict, st.integers(0, 5), st.just("a"), st.sampled_from("bc"), st.sampled_from([*Outcome])),
        max_size=20,
    ),
    st.integers(0, 2**62),
)
def test_any_verdicts_come_to_numbers_and_always_to_the_same(verdicts: list[Verdict], seed: int) -> None:
    found = findings(verdicts, ALL, seed)
    assert found == findings(verdicts, ALL, seed)
    told = found.as_json()
    assert math.isfinite(told["kruskal_wallis"]["h"]) and 0 <= told["kruskal_wallis"]["p"] <= 1
    for standing in found.standings:
        assert standing.over_questions[0] <= standing.over_questions[1]
        assert standing.won + standing.drawn + standing.lost == sum(
            standing.condition in (v.contest.first, v.contest.second) for v in verdicts
        )


def test_a_share_is_told_with_its_interval() -> None:
    assert mark_as_json(Mark(8, 10)) == {"count": 8, "of": 10, "share": 0.8, "interval": [0.4902, 0.9433]}
