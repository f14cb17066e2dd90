"""Where a model's weights and keys would be on a GPU: times computed by hand, and a choice that no other beats."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.llm.tiers.gpu import GpuCosts, GpuPolicy, GpuSpeeds, best_gpu_policy, gpu_policy
from engine.llm.tiers.shapes import NAMED
from engine.llm.tiers.work import GIB, Tiers, Work

T4 = Tiers(16 * GIB, 200 * GIB, 1500 * GIB)
WORK = Work(512, 32)


def costs(name: str = "opt-30b", storage: str = "fp16", speeds: GpuSpeeds = GpuSpeeds()) -> GpuCosts:  # noqa: B008
    shape = NAMED[name]
    return GpuCosts.of(shape, list(shape.products()), storage, 4 * shape.vector_numbers, speeds, 2.0 * GIB)


def planned(*arguments: object, **more: object) -> GpuPolicy:
    policy = gpu_policy(*arguments, **more)  # type: ignore[arg-type]
    assert policy is not None
    return policy


def test_the_time_of_a_pass_is_that_of_what_takes_longest() -> None:
    """OPT-30B, all weights in RAM, a quarter of 8 sequences' keys on the GPU; sizes from the paper of OPT."""
    k = GpuSpeeds()
    given = {"weights on GPU": 0.0, "weights in RAM": 1.0, "keys on GPU": 0.25}
    policy = planned(costs(), T4, WORK, 8, 4096, given)
    layer = 4 * 7168 * 7168 + 2 * 7168 * 28672
    head = 50272 * 7168
    token = 48 * 2 * 7168 * 2
    past = 8 * (512 + 16) * token
    link = 2 * (48 * layer + head) / k.to_gpu + 0.75 * past / k.keys_in_ram
    assert policy.step_s == pytest.approx(link, rel=1e-6)
    products = 2 * 4096 * 48 * layer / k.multiply
    attention = 4 * 4096 * 256 * 7168 * 48 / k.attend
    kept = 0.75 * 4096 * token / k.keys_to_ram
    reading = products + attention + kept + 48 * k.layer + 8 * k.sequence
    assert reading > 2 * 48 * layer / k.to_gpu
    assert policy.reading_s == pytest.approx(reading, rel=1e-6)
    total = reading + 31 * link + 2 * 128 * head / k.multiply
    assert policy.tokens_per_s == pytest.approx(8 * 32 / total, rel=1e-6)


@pytest.mark.parametrize(("name", "storage"), [("opt-6.7b", "fp16"), ("opt-30b", "fp16"), ("llama-3-70b", "4bit")])
def test_the_choice_is_within_a_tenth_of_the_best_of_a_grid_and_within_the_tiers(name: str, storage: str) -> None:
    model = costs(name, storage)
    best = best_gpu_policy(model, T4, WORK)
    assert best is not None
    for used, most in zip((best.used.gpu, best.used.ram, best.used.disk), (T4.gpu, T4.ram, T4.disk), strict=True):
        assert used <= most * 1.0001
    grid = itertools.product((1, 8, 64, 160, 400), (512, 3000), (0.0, 0.1, 0.5, 1.0), (0.0, 0.5, 1.0), (0.0, 0.3, 1.0))
    for batch, rows, on_gpu, of_rest, keys in grid:
        shares = {"weights on GPU": on_gpu, "weights in RAM": (1 - on_gpu) * of_rest, "keys on GPU": keys}
        other = gpu_policy(model, T4, WORK, batch, rows, shares)
        assert other is None or other.tokens_per_s <= 1.1 * best.tokens_per_s


def test_what_cannot_fit_has_no_policy() -> None:
    assert best_gpu_policy(costs("opt-175b"), Tiers(16 * GIB, 64 * GIB, 100 * GIB), WORK) is None
    assert best_gpu_policy(costs("opt-30b"), Tiers(1 * GIB, 200 * GIB, 1500 * GIB), WORK) is None


@given(st.sampled_from(["gpu", "ram", "link", "flops", "disk"]), st.floats(1.05, 4), st.sampled_from([4, 32, 128]))
@settings(max_examples=30)
def test_more_of_anything_never_makes_it_slower(what: str, factor: float, batch: int) -> None:
    model, tiers = costs(), Tiers(16 * GIB, 40 * GIB, 1500 * GIB)
    before = gpu_policy(model, tiers, WORK, batch, 4096)
    k = model.speeds
    if what in ("gpu", "ram"):
        tiers = replace(tiers, **{what: factor * getattr(tiers, what)})
    elif what == "disk":
        model = replace(model, from_disk=factor * model.from_disk)
    else:
        link, flops = (factor if what == name else 1.0 for name in ("link", "flops"))
        model = replace(model, speeds=k.scaled(link * k.to_gpu, flops * k.multiply))
    after = gpu_policy(model, tiers, WORK, batch, 4096)
    assert before is None or (after is not None and after.tokens_per_s >= before.tokens_per_s * (1 - 1e-9))


def test_a_model_that_is_all_on_the_gpu_needs_no_buffers() -> None:
    model = costs("opt-1.3b")
    buffers = model.fixed(512, fed=True) - model.fixed(512, fed=False)
    assert buffers == 4 * 2 * 50272 * 2048  # its head is the largest piece
    share = {"weights on GPU": 1.0, "weights in RAM": 0.0, "keys on GPU": 1.0}
    assert planned(model, T4, WORK, 8, 512, share).used.gpu < T4.gpu - buffers
