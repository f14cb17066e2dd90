"""`models plan`: where a model's weights, cache and activations would be, how fast it would be, and why."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import BadInput, nearest
from engine.llm.tiers.constants import Constants, constants_of_this_machine
from engine.llm.tiers.flexgen import GIB, Rates, Tiers, Work, best_gpu_policy
from engine.llm.tiers.formats import STORAGE_FORMATS
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.memory import Memory
from engine.llm.tiers.opening import cost_model
from engine.llm.tiers.policy import LEAST_ROOM, LEAST_ROWS, CostModel, best_policy, next_better
from engine.llm.tiers.shapes import NAMED, Shape


@dataclass(frozen=True, slots=True)
class Gpu:
    """What is assumed of a GPU."""

    link: float = Rates().to_gpu
    """Bytes/s from RAM to GPU."""
    flops: float = Rates().matmul_reading
    """FLOP/s of large products."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What `models plan` shows."""

    model: str
    precision: str
    parameters: int
    work: Work
    tokens_per_s: float
    """Predicted, of generated tokens, reading the prompts included."""
    sequences: int
    """That are under way together."""
    sizes: Mapping[str, int]
    """What the sequences are cut into."""
    placement: Mapping[str, float]
    """Shares, by `weights on disk` and so on."""
    gib: Mapping[str, float]
    """Memory of each tier at the peak."""
    limits: tuple[str, ...]
    """What keeps it from being faster, the costliest first."""
    better: tuple[tuple[str, float], ...]
    """What a quarter more of something would give, in tokens/s."""
    measured: Mapping[str, float]
    """Constants of this machine."""
    assumed: Mapping[str, float]
    """Constants that were not measured here."""
    runs: str
    """How to run it, or why this version cannot."""


def plan(spec: str, precision: str, tiers: Tiers, work: Work, gpu: Gpu | None = None) -> Plan:
    """Plan a model: a name out of `NAMED`, a Hugging Face folder, a GGUF file, or `embedded`.

    Raises `BadInput` when there is no such model, or when it cannot run in these tiers.
    """
    model = _cost_model(spec, precision)
    numbers = sum(outputs * inputs for outputs, inputs in model.memory.layout.shapes)
    if tiers.gpu:
        return _with_gpu(spec, precision, numbers, model, tiers, work, gpu or Gpu())
    return _without(spec, precision, numbers, model, tiers, work)


def _cost_model(spec: str, precision: str) -> CostModel:
    from engine.llm.files.open import open_checkpoint
    from engine.llm.inventory import LANGUAGE_MODEL

    if spec in NAMED:
        return named_cost_model(NAMED[spec], precision, constants_of_this_machine())
    path = LANGUAGE_MODEL.locate() if spec == "embedded" else Path(spec)
    if not path.exists():
        raise BadInput(spec, f"is neither a file or folder nor the name of a model{nearest(spec, NAMED)}")
    with closing(open_checkpoint(path.absolute())) as checkpoint:
        return cost_model(checkpoint, precision)


def named_cost_model(shape: Shape, precision: str, constants: Constants) -> CostModel:
    """Return the costs of a model of which only the shape is known."""
    layout = Layout.of(list(shape.products()), STORAGE_FORMATS[precision])
    c = shape.config
    vectors = c.layers * (9 * c.hidden + c.feed_forward)  # as many as OPT has; others have fewer
    return CostModel(shape, Memory(layout, c, 4 * vectors), constants)


def _without(spec: str, precision: str, numbers: int, model: CostModel, tiers: Tiers, work: Work) -> Plan:
    memory = model.memory
    policy = best_policy(model, int(tiers.ram), work)
    if policy is None:
        least = memory.least(LEAST_ROWS, max(LEAST_ROOM, work.length)) / GIB
        raise BadInput("--ram", f"{spec} needs at least {least:.2f} GiB (given: {tiers.ram / GIB:.2f})")
    on_disk = policy.on_disk * memory.layout.weight_bytes
    if on_disk and memory.layout.file_bytes > tiers.disk:
        raise BadInput("--disk", f"{spec} takes {memory.layout.file_bytes / GIB:.1f} GiB there: all its weights")
    k = model.constants
    measured = {
        "disk, cold GiB/s": k.disk_cold / GIB,
        "products GFLOP/s": 120 * k.multiply / 1e9,
        "expanding weights 10^9/s": min(k.expand(precision), 1e15) / 1e9,
        "memory copied GiB/s": k.copy / GIB,
        "contention": k.contention,
    }
    better = next_better(model, int(tiers.ram), work)
    limits = policy.solution.binding or ("computing while tokens are generated",)
    if "memory" not in limits and dict(better).get("a quarter more memory", 0) > 1.01 * policy.tokens_per_s:
        limits = (*limits, "memory, which holds no larger batches or passes")
    path = "embedded" if spec == "embedded" else "embedded:PATH" if spec in NAMED else f"embedded:{spec}"
    settings = "&".join((*((f"precision={precision}",) if precision != "fp16" else ()), f"ram={tiers.ram / GIB:g}GiB"))
    return Plan(
        model=spec,
        precision=precision,
        parameters=numbers,
        work=work,
        tokens_per_s=policy.tokens_per_s,
        sequences=policy.batch,
        sizes={"tokens of prompts in a pass": policy.rows, "sequences in a step": policy.batch},
        placement={
            "weights on GPU": 0.0,
            "weights in RAM": 1 - policy.on_disk,
            "weights on disk": policy.on_disk,
            "cache in RAM": 1.0,
            "activations in RAM": 1.0,
        },
        gib={"RAM": policy.memory / GIB, "disk": (memory.layout.file_bytes if on_disk else 0) / GIB},
        limits=limits,
        better=tuple(better),
        measured=measured,
        assumed={},
        runs=f"--model '{path}?{settings}'",
    )


def _with_gpu(spec: str, precision: str, numbers: int, model: CostModel, tiers: Tiers, work: Work, gpu: Gpu) -> Plan:
    shape, bits = model.shape, STORAGE_FORMATS[precision].bits
    disk = model.constants.disk_cold
    rates = replace(Rates().with_gpu(gpu.link, gpu.flops), from_disk=disk)
    policy = best_gpu_policy(shape, bits, work, tiers, rates)
    if policy is None:
        raise BadInput(
            "--gpu, --ram and --disk", f"{spec} has no room there (larger ones, or --precision 4bit, may do)"
        )
    quarter = 1.25
    changed = {
        "a quarter more GPU memory": (replace(tiers, gpu=quarter * tiers.gpu), rates),
        "a quarter more RAM": (replace(tiers, ram=quarter * tiers.ram), rates),
        "a link a quarter faster": (tiers, replace(Rates().with_gpu(quarter * gpu.link, gpu.flops), from_disk=disk)),
        "a disk a quarter faster": (tiers, replace(rates, from_disk=quarter * disk)),
        "a GPU a quarter faster": (tiers, replace(Rates().with_gpu(gpu.link, quarter * gpu.flops), from_disk=disk)),
        "attention on the CPU a quarter faster": (tiers, replace(rates, attention_cpu=quarter * rates.attention_cpu)),
    }
    found = {name: best_gpu_policy(shape, bits, work, *what) for name, what in changed.items()}
    better = sorted(((name, p.tokens_per_s) for name, p in found.items() if p), key=lambda entry: -entry[1])
    assumed = {
        "link to the GPU GiB/s": rates.to_gpu / GIB,
        "link from the GPU GiB/s": rates.cache_from_gpu / GIB,
        "products on the GPU, reading TFLOP/s": rates.matmul_reading / 1e12,
        "products on the GPU, generating TFLOP/s": rates.matmul_generating / 1e12,
        "attention on the GPU, generating TFLOP/s": rates.attention_generating / 1e12,
        "attention on the CPU TFLOP/s": rates.attention_cpu / 1e12,
        "writing to disk GiB/s": rates.cache_to_disk / GIB,
    }
    return Plan(
        model=spec,
        precision=precision,
        parameters=numbers,
        work=work,
        tokens_per_s=policy.tokens_per_s,
        sequences=policy.batch * policy.micro,
        sizes={"sequences in a micro-batch": policy.batch, "micro-batches in a block": policy.micro},
        placement=policy.shares,
        gib={"GPU": policy.used.gpu / GIB, "RAM": policy.used.ram / GIB, "disk": policy.used.disk / GIB},
        limits=policy.solution.binding,
        better=tuple(better),
        measured={"disk, cold GiB/s": disk / GIB},
        assumed=assumed,
        runs="nothing in this version computes on a GPU: this is a prediction",
    )
