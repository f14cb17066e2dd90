"""The kernel's central promise in space: lanes that run ahead write the same bytes as lanes in strict order."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.llm.latency import Virtual
from tests.worlds.town.people import frontier, same_second, strict
from tests.worlds.town.wanderers import Wanderers

seeds = st.integers(0, 2**32)
relaxed = settings(suppress_health_check=list(HealthCheck))


def the_schedule_changes_nothing(seed: int) -> None:
    town = Wanderers(seed)
    until = 15 * town.restlessness
    log, _, horizon = town.run(strict, until)
    assert horizon >= until
    for rule, courier in (
        (frontier, None),
        (frontier, Virtual(seed)),
        (frontier, Virtual(seed + 1, 0.5)),
        (same_second, Virtual(seed)),
        (strict, Virtual(seed)),
    ):
        assert town.run(rule, until, courier)[0] == log


@settings(relaxed, max_examples=30)
@given(seeds)
def test_running_ahead_changes_no_byte(seed: int) -> None:
    the_schedule_changes_nothing(seed)


@pytest.mark.slow
@settings(relaxed, max_examples=400)
@given(seeds)
def test_running_ahead_changes_no_byte_in_very_many_towns(seed: int) -> None:
    the_schedule_changes_nothing(seed)
