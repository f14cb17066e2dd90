"""Models that are larger than what they may take of a GPU: measured, predicted, and against Hugging Face's way."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from engine.bench.result import BenchResult
from engine.errors import BadInput, RunFailed

if TYPE_CHECKING:
    from torch import Tensor

    from engine.llm.opt import Opt
    from engine.llm.tiers.gpu import GpuCosts, GpuPolicy, GpuSpeeds
    from engine.llm.tiers.work import Work

MODELS: Final = ("opt-6.7b", "opt-30b")
STORAGES: Final = ("bf16", "4bit")
STEPS: Final = 8
"""So many steps are timed of those that are predicted: their median counts."""
_RAM: Final = 0.75
"""Of the computer's memory, so much may be used."""
_PLANNED: Final = (1.0, 0.9, 0.8)
"""Of what may be used of the GPU, so much is planned with, the first that works."""


def bench_offload_gpu(gib: float, models: Sequence[str] = MODELS, *, peer: bool = True) -> BenchResult:
    """Run models of random weights on a GPU of which `gib` may be used; check the engine there first.

    Sequences of 512 tokens get 32 more, as in FlexGen's evaluation. Peak memory is the allocator's, which refuses more
    than the cap. The bound is what the link would need for the weights and keys that have to cross it.
    """
    import torch

    if not torch.cuda.is_available():
        raise BadInput("--gpu", "torch finds no GPU here: `thorp models plan` predicts what one would do")
    from engine.llm.cuda.opening import DEVICE, card_here, gpu_speeds
    from engine.llm.tiers.work import GIB

    speeds = gpu_speeds(anew=True)
    checks = check(DEVICE)
    card = card_here()
    cap = min(card.memory, int(gib * GIB))
    card.limit(cap)
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float | None] = dict(checks)
    for name in models:
        found = [_measure_within(name, storage, cap, speeds) for storage in STORAGES]
        rows += [each.row() for each in found]
        best = max(each.tokens_per_s for each in found if each.storage == "bf16")
        if peer:
            theirs = list(_accelerate(name, cap))
            rows += theirs
            fastest = max((row["tokens_per_s"] for row in theirs), default=None)
            ratios[f"over_accelerate_{name}"] = fastest and round(best / fastest, 2)
        ratios |= {
            f"predicted_over_measured_{name}_{each.storage}": round(each.policy.tokens_per_s / each.tokens_per_s, 3)
            for each in found
        }
        ratios |= {f"of_link_bound_{name}_{each.storage}": round(each.of_bound, 3) for each in found}
    rows += [
        dict.fromkeys(rows[0], "") | {"model": key, "tokens_per_s": f"{value:.4g}"} for key, value in _listed(speeds)
    ]
    return BenchResult("offload --gpu", rows, ratios, _machine())


@dataclass(frozen=True, slots=True)
class _Found:
    """What was measured of a model."""

    name: str
    storage: str
    policy: GpuPolicy
    reading: float
    """Seconds of reading all prompts."""
    step: float
    """Seconds of one more token for everybody."""
    bound: float
    """Seconds that the link needs for all of it."""
    peak: int
    """Bytes of the GPU."""
    loading: float

    @property
    def seconds(self) -> float:
        return self.reading + (_work().generate - 1) * self.step

    @property
    def tokens_per_s(self) -> float:
        return self.policy.batch * _work().generate / self.seconds

    @property
    def of_bound(self) -> float:
        return self.bound / self.seconds

    def row(self) -> dict[str, Any]:
        from engine.llm.tiers.work import GIB

        shares = self.policy.shares
        return _row(
            self.name,
            f"Thorp {self.storage}",
            self.policy.batch,
            self.reading,
            self.step,
            self.tokens_per_s,
            **{
                "weights GPU/RAM/disk": "/".join(
                    f"{shares[f'weights {t}']:.0%}" for t in ("on GPU", "in RAM", "on disk")
                ),
                "keys on GPU": f"{shares['keys on GPU']:.0%}",
                "predicted_per_s": round(self.policy.tokens_per_s, 2),
                "of link bound": f"{self.of_bound:.0%}",
                "GPU GiB": round(self.peak / GIB, 2),
                "loading s": round(self.loading),
            },
        )


def _row(model: str, how: str, batch: int, reading: float, step: float, speed: float, **more: Any) -> dict[str, Any]:
    row = {
        "model": model,
        "how": how,
        "batch": batch,
        "reading s": round(reading, 2),
        "step ms": round(1e3 * step, 1),
        "tokens_per_s": round(speed, 2),
    }
    rest = ("weights GPU/RAM/disk", "keys on GPU", "predicted_per_s", "of link bound", "GPU GiB", "loading s")
    return row | {key: more.get(key, "") for key in rest}


def _work() -> Work:
    from engine.llm.tiers.work import Work

    return Work()


def _measure_within(name: str, storage: str, cap: int, speeds: GpuSpeeds) -> _Found:
    """Measure a model; where the gaps between what the allocator holds are too many, it is planned for less."""
    import torch

    for share in _PLANNED:
        with suppress(torch.cuda.OutOfMemoryError):
            return _measure(name, storage, int(share * cap), speeds)
        _give_back()
    raise RunFailed(f"{name}: has no room in {cap / (1 << 30):.2f} GiB of the GPU")


def _measure(name: str, storage: str, cap: int, speeds: GpuSpeeds) -> _Found:
    import torch

    from engine.llm.branches import Branches
    from engine.llm.cuda.opening import DEVICE
    from engine.llm.cuda.store import GpuStore, Placement
    from engine.llm.kv import Node, run
    from engine.llm.random_model import random_opt
    from engine.llm.tiers.gpu import best_gpu_policy
    from engine.llm.tiers.work import Tiers
    from engine.machine import memory_bytes

    work = _work()
    costs = named_costs(name, storage, speeds)
    policy = best_gpu_policy(costs, Tiers(cap, _RAM * memory_bytes(), 0), work)
    assert policy is not None
    shares, layout = policy.shares, costs.layout
    held = (round(shares[f"weights {tier}"] * layout.weight_bytes) for tier in ("on GPU", "in RAM"))
    placement = Placement.of(layout, *held)
    placement = Placement(placement.in_ram | placement.on_disk)
    began = time.perf_counter()
    store = GpuStore(layout, DEVICE, placement)
    model = random_opt(costs.shape.config, store, DEVICE)
    near = math.floor(shares["keys on GPU"] * policy.batch + 1e-6)
    words = model.config.vocabulary
    nodes = [
        Node(
            replace(model.config, keys_in_ram=number >= near),
            None,
            tuple((17 * number + 7 * place) % words for place in range(work.prompt)),
        )
        for number in range(policy.batch)
    ]
    torch.cuda.synchronize()
    _give_back()
    loading = time.perf_counter() - began
    torch.cuda.reset_peak_memory_stats()
    run(model, [Node(model.config, None, (1, 2, 3))])  # kernels are compiled

    began = time.perf_counter()
    together = max(1, policy.rows // work.prompt)
    for first in range(0, len(nodes), together):  # one pass each, whose states are not kept
        run(model, nodes[first : first + together], policy.rows)
    states = torch.stack([node.last for node in nodes if node.last is not None])
    tokens = _next(model, states)
    reading = time.perf_counter() - began
    branches = [Branches(replace(model.config, keys_in_ram=n >= near), node) for n, node in enumerate(nodes)]
    times: list[float] = []
    for _ in range(STEPS):
        began = time.perf_counter()
        for branch, token in zip(branches, tokens, strict=True):
            branch.advance([0], [token])
        tokens = _next(model, torch.cat(run(model, branches, policy.batch)))
        times.append(time.perf_counter() - began)
    here = frozenset(range(layout.count)) - placement.in_ram
    head = frozenset(range(layout.count - len(layout.products[-1]), layout.count))
    away, away_layers = layout.held(here), layout.held(here | head)  # contexts are read without the head
    keys = (policy.batch - near) * (work.prompt + work.generate / 2) * costs.token
    passes = -(-policy.batch * work.prompt // policy.rows)
    bound = (passes * away_layers + (work.generate - 1) * (away + keys)) / speeds.to_gpu
    peak = torch.cuda.max_memory_reserved()
    step = sorted(times)[len(times) // 2]
    del nodes, branches, branch, states, model
    store.close()
    del store
    _give_back()
    return _Found(name, storage, policy, reading, step, bound, peak, loading)


def _next(model: Opt, states: Tensor) -> list[int]:
    """Return the likeliest next tokens, in pieces that the head takes."""
    import torch

    from engine.llm.decoder import LOGIT_ROWS

    pieces = torch.split(states, LOGIT_ROWS)
    return [token for piece in pieces for token in model.log_probabilities(piece).argmax(dim=1).tolist()]


def named_costs(name: str, storage: str, speeds: GpuSpeeds) -> GpuCosts:
    """Return the costs of a model of which only the shape is known; its weights are on no disk."""
    from engine.llm.tiers.gpu import GpuCosts
    from engine.llm.tiers.shapes import NAMED

    shape = NAMED[name]
    return GpuCosts.of(shape, list(shape.products()), storage, 4 * shape.vector_numbers, speeds, from_disk=1e9)


def check(
    device: str, hidden: int = 1024, heads: int = 16, layers: int = 4, words: int = 8192, texts: int = 4
) -> Mapping[str, float]:
    """Compute a model of random weights in all ways.

    Returns the mean KL of the next token's distribution against single precision on the CPU, and whether it has the
    same bits wherever weights and keys are.
    """
    import torch

    from engine.llm.cuda.store import GpuStore, Placement
    from engine.llm.decoder import Config
    from engine.llm.kv import Node, run
    from engine.llm.linear import NUMBER_FORMATS
    from engine.llm.random_model import random_opt
    from engine.llm.tiers.formats import STORAGE_FORMATS
    from engine.llm.tiers.gpu import ROWS
    from engine.llm.tiers.layout import Layout
    from engine.llm.tiers.shapes import Shape

    config = Config(layers, hidden, heads, heads, hidden // heads, 4 * hidden, words, 512)
    shapes = list(Shape("check", config, gated=False, rotates=False).products())
    prompts = [tuple((13 * n + 5 * i) % words for i in range(20 + 30 * n)) for n in range(texts)]

    def logs(model: Opt, *, keys_in_ram: bool = False) -> Tensor:
        own = replace(model.config, keys_in_ram=keys_in_ram)
        states = run(model, [Node(own, None, prompt) for prompt in prompts])
        return torch.cat([model.log_probabilities(rows) for rows in states])

    exact = logs(random_opt(config, NUMBER_FORMATS["float32"], "cpu"))
    found: dict[str, float] = {}
    for storage in STORAGES:
        layout = Layout.of(shapes, STORAGE_FORMATS[storage], 1 << 20, ROWS)
        every = frozenset(range(layout.count))
        ways = [
            logs(random_opt(config, GpuStore(layout, device, Placement(away)), device, "cpu"), keys_in_ram=in_ram)
            for away in (frozenset[int](), every, frozenset(range(0, layout.count, 2)))
            for in_ram in (False, True)
        ]
        found[f"same_bits_{storage}"] = float(all(torch.equal(ways[0], other) for other in ways))
        found[f"kl_{storage}"] = float(f"{float((exact.exp() * (exact - ways[0])).sum(dim=1).mean()):.2e}")
    return found


def _accelerate(name: str, cap: int) -> Iterator[dict[str, Any]]:
    try:
        from engine.bench.peers.accelerate import Accelerate
    except ImportError:
        return
    from engine.llm.tiers.shapes import NAMED

    work = _work()
    yield from (
        _row(name, f"accelerate bf16, {found.note}", found.batch, found.reading, found.step, found.tokens_per_s)
        for found in Accelerate(NAMED[name], cap, work.prompt, work.generate).measure()
    )
    _give_back()


def _give_back() -> None:
    import torch

    gc.collect()
    torch.cuda.empty_cache()


def _listed(speeds: GpuSpeeds) -> Iterator[tuple[str, float]]:
    yield "copied to the GPU, GB/s", speeds.to_gpu / 1e9
    yield "keys in RAM read, GB/s", speeds.keys_in_ram / 1e9
    yield "keys put into RAM, GB/s", speeds.keys_to_ram / 1e9
    yield "keys on the GPU read, GB/s", speeds.keys_on_gpu / 1e9
    yield "products, TFLOP/s", speeds.multiply / 1e12
    yield "4 bits expanded, 10^9/s", speeds.expand / 1e9
    yield "attention of prompts, TFLOP/s", speeds.attend / 1e12
    yield "a layer, us", 1e6 * speeds.layer
    yield "a sequence in a pass, us", 1e6 * speeds.sequence


def _machine() -> dict[str, Any]:
    import torch

    from engine.bench.result import describe_machine

    return {**describe_machine(), "gpu": torch.cuda.get_device_name(0), "torch": torch.__version__}
