from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.llm.sampling import draw, uniform

PROBABILITIES = np.array([0.05, 0.5, 0.1, 0.35], np.float32)
LOGS = np.log(PROBABILITIES)


def shares(mask: np.ndarray | None = None, temperature: float = 1.0, top_p: float = 1.0) -> list[float]:
    """How often each token is drawn when `chance` goes evenly from 0 to 1."""
    drawn = [draw(LOGS, mask, temperature, top_p, (i + 0.5) / 2000) for i in range(2000)]
    return [drawn.count(token) / len(drawn) for token in range(len(LOGS))]


def test_draws_follow_the_probabilities() -> None:
    assert shares() == pytest.approx(PROBABILITIES.tolist(), abs=1e-3)


def test_top_p_keeps_the_fewest_tokens_that_reach_it() -> None:
    assert shares(top_p=0.8) == pytest.approx([0, 0.5 / 0.85, 0, 0.35 / 0.85], abs=1e-3)
    assert shares(top_p=0.4) == [0, 1, 0, 0]


def test_temperature_bends_the_odds() -> None:
    squares = PROBABILITIES**2 / (PROBABILITIES**2).sum()
    assert shares(temperature=0.5) == pytest.approx(squares.tolist(), abs=1e-3)
    assert shares(temperature=1e-30) == [0, 1, 0, 0]


def test_masks_are_kept_and_greedy_takes_the_best() -> None:
    mask = np.array([True, False, True, False])
    assert shares(mask) == pytest.approx([1 / 3, 0, 2 / 3, 0], abs=1e-3)
    assert draw(LOGS, mask, 0.0, 1.0, 0.99) == 2
    assert draw(LOGS, None, 0.0, 1.0, 0.0) == 1
    assert draw(LOGS, np.zeros(4, np.bool_), 1.0, 1.0, 0.5) is None


@given(
    st.lists(st.floats(-60, 0, width=32), min_size=1, max_size=50),
    st.floats(0.0, 5.0),
    st.floats(0.001, 1.0),
    st.floats(0.0, 1.0, exclude_max=True),
)
def test_a_draw_is_always_a_token(logs: list[float], temperature: float, top_p: float, chance: float) -> None:
    token = draw(np.array(logs, np.float32), None, temperature, top_p, chance)
    assert token is not None
    assert 0 <= token < len(logs)


def test_dice_depend_on_their_name_only() -> None:
    assert uniform(1, 2, 3) == uniform(1, 2, 3)
    rolled = [uniform(seed, sample, step) for seed in (-1, 0, 2**70) for sample in range(10) for step in range(100)]
    assert len(set(rolled)) == len(rolled)
    assert 0 <= min(rolled) < 0.01
    assert 0.99 < max(rolled) < 1
    assert sum(rolled) / len(rolled) == pytest.approx(0.5, abs=0.02)
