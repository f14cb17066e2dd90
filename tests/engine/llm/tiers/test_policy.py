"""The policy under a cap, on machines that are made up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.llm.tiers.constants import Constants
from engine.llm.tiers.plan import named_cost_model
from engine.llm.tiers.policy import LEAST_ROWS, CostModel, best_policy, next_better, policy_for
from engine.llm.tiers.shapes import NAMED
from engine.llm.tiers.work import GIB, Work

MACHINE = Constants(3e9, 8e9, 2e10, 1.5e9, 4e9, 2e9, 1e11, 4e-4, 3e-5, 0.4)
WORK = Work(512, 32)


def model(name: str = "opt-1.3b", storage: str = "fp16", machine: Constants = MACHINE) -> CostModel:
    return named_cost_model(NAMED[name], storage, machine)


@given(st.floats(0.8, 12), st.sampled_from(["fp16", "4bit", "fp32"]), st.sampled_from([1, 8, 60]))
@settings(max_examples=30, deadline=None)
def test_it_keeps_the_cap_and_uses_what_there_is(gib: float, storage: str, batch: int) -> None:
    costs, cap = model(storage=storage), int(gib * GIB)
    policy = policy_for(costs, cap, WORK, batch, LEAST_ROWS)
    if policy is None:
        assert costs.memory.least(LEAST_ROWS, max(512, batch * 544)) > cap
        return
    assert policy.memory <= cap
    left = costs.memory.left(cap, LEAST_ROWS, policy.room)
    if policy.on_disk > 1e-9 and "memory" in policy.solution.binding:
        assert policy.weights_in_ram == pytest.approx(left, rel=1e-6)


def test_the_program_finds_what_the_formula_says() -> None:
    costs = model()
    policy = policy_for(costs, 5 * GIB, WORK, 4, 1020)
    assert policy is not None
    assert 0 < policy.on_disk < 1
    assert policy.step_s == pytest.approx(costs.seconds(costs.step(4, WORK), policy.on_disk), rel=1e-6)
    assert policy.reading_s == pytest.approx(
        -(-4 * 512 // 1020) * costs.seconds(costs.reading(1020, WORK), policy.on_disk), rel=1e-6
    )


def test_no_grid_of_placements_batches_and_passes_holds_a_better_one() -> None:
    costs, cap = model(), 3 * GIB
    best = best_policy(costs, cap, WORK)
    assert best is not None
    for rows in (510, 1020, 2040):
        for batch in (1, 8, 24, 60):
            room = max(512, batch * WORK.length)
            for share in (0.0, 0.25, 0.5, 0.75, 1.0):
                if costs.memory.left(cap, rows, room) < (1 - share) * costs.memory.layout.weight_bytes:
                    continue
                passes = -(-batch * WORK.prompt // rows)
                time = passes * costs.seconds(costs.reading(min(rows, batch * WORK.prompt), WORK), share)
                time += (WORK.generate - 1) * costs.seconds(costs.step(batch, WORK), share)
                # The time of the head for the first token is left out here.
                assert batch * WORK.generate / time <= best.tokens_per_s * 1.02


def test_more_of_anything_is_not_worse() -> None:
    costs, cap = model(), 3 * GIB
    plain = best_policy(costs, cap, WORK)
    assert plain is not None
    better = next_better(costs, cap, WORK)
    assert len(better) == 3
    assert all(speed >= plain.tokens_per_s * 0.999 for _, speed in better)
    slower = best_policy(replace(costs, constants=replace(MACHINE, disk_cold=3e8)), cap, WORK)
    assert slower is not None
    assert slower.tokens_per_s < plain.tokens_per_s


def test_reading_costs_computing() -> None:
    costs = model()
    step = costs.step(1, WORK)
    assert costs.seconds(step, 1.0) == max(step.computing, step.whole_reading) + 0.4 * step.whole_reading
