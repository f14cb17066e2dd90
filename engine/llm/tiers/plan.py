"""`models plan`: where a model's weights, cache and activations would be, how fast it would be, and why."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import BadInput, nearest
from engine.llm.tiers.constants import Constants, constants_of_this_machine
from engine.llm.tiers.formats import STORAGE_FORMATS
from engine.llm.tiers.gpu import CAPABILITY, GPU_STORAGE, GpuCosts, GpuSpeeds, best_gpu_policy
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.memory import Memory
from engine.llm.tiers.opening import cost_model
from engine.llm.tiers.policy import LEAST_ROOM, LEAST_ROWS, CostModel, best_policy, next_better
from engine.llm.tiers.shapes import NAMED, Shape
from engine.llm.tiers.work import GIB, Tiers, Work


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


def plan(spec: str, precision: str, tiers: Tiers, work: Work, gpu: GpuSpeeds | None = None) -> Plan:
    """Plan a model: a name out of `NAMED`, a Hugging Face folder, a GGUF file, or `embedded`.

    `gpu` are speeds that are assumed; where there are none, those of this machine's GPU count. Raises `BadInput` when
    there is no such model, when it cannot run in these tiers, or when its context is too short for the work.
    """
    if tiers.gpu and precision not in GPU_STORAGE:
        raise BadInput("--precision", f"is '{precision}', which is for the CPU (on a GPU: {', '.join(GPU_STORAGE)})")
    if not tiers.gpu and precision == "bf16":
        raise BadInput("--precision", "is 'bf16', which is for a GPU (on the CPU: fp16, fp32, 4bit)")
    model = _cost_model(spec, precision)
    context = model.shape.config.context
    if work.length > context:
        problem = f"make {work.length:,} tokens together, but the context of {spec} holds {context:,}"
        raise BadInput("--prompt and --generate", problem)
    numbers = sum(outputs * inputs for outputs, inputs in model.memory.layout.shapes)
    if tiers.gpu:
        return _with_gpu(spec, precision, numbers, model, tiers, work, gpu)
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
    return CostModel(shape, Memory(layout, shape.config, 4 * shape.vector_numbers), constants)


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


def _with_gpu(
    spec: str, precision: str, numbers: int, model: CostModel, tiers: Tiers, work: Work, assumed: GpuSpeeds | None
) -> Plan:
    speeds, disk = assumed or _speeds_here(), model.constants.disk_cold
    costs = GpuCosts.of(model.shape, model.memory.layout.shapes, precision, model.memory.small, speeds, disk)
    policy = best_gpu_policy(costs, tiers, work)
    if policy is None:
        raise BadInput(
            "--gpu, --ram and --disk", f"{spec} has no room there (larger ones, or --precision 4bit, may do)"
        )
    quarter = 1.25
    faster = {
        "a link a quarter faster": speeds.scaled(quarter * speeds.to_gpu, speeds.multiply),
        "a GPU a quarter faster": speeds.scaled(speeds.to_gpu, quarter * speeds.multiply),
    }
    changed = {
        "a quarter more GPU memory": (costs, replace(tiers, gpu=quarter * tiers.gpu)),
        "a quarter more RAM": (costs, replace(tiers, ram=quarter * tiers.ram)),
        "a disk a quarter faster": (replace(costs, from_disk=quarter * disk), tiers),
        **{name: (replace(costs, speeds=others), tiers) for name, others in faster.items()},
    }
    found = {name: best_gpu_policy(*what, work) for name, what in changed.items()}
    better = sorted(((name, p.tokens_per_s) for name, p in found.items() if p), key=lambda entry: -entry[1])
    known = {"disk, cold GiB/s": disk / GIB}
    constants = {
        "link to the GPU GiB/s": speeds.to_gpu / GIB,
        "keys in RAM read GiB/s": speeds.keys_in_ram / GIB,
        "keys put into RAM GiB/s": speeds.keys_to_ram / GIB,
        "keys on the GPU read GiB/s": speeds.keys_on_gpu / GIB,
        "products TFLOP/s": speeds.multiply / 1e12,
        "attention of prompts TFLOP/s": speeds.attend / 1e12,
        "expanding weights 10^9/s": speeds.expand / 1e9,
        "a layer us": 1e6 * speeds.layer,
        "a sequence us": 1e6 * speeds.sequence,
    }
    path = "embedded" if spec == "embedded" else "embedded:PATH" if spec in NAMED else f"embedded:{spec}"
    settings = [f"precision={precision}"] if precision == "4bit" else []
    settings += ["device=cuda", f"gpu={tiers.gpu / GIB:g}GiB", f"ram={tiers.ram / GIB:g}GiB"]
    return Plan(
        model=spec,
        precision=GPU_STORAGE[precision],
        parameters=numbers,
        work=work,
        tokens_per_s=policy.tokens_per_s,
        sequences=policy.batch,
        sizes={"tokens of prompts in a pass": policy.rows, "sequences in a step": policy.batch},
        placement={**policy.shares, "activations on GPU": 1.0},
        gib={"GPU": policy.used.gpu / GIB, "RAM": policy.used.ram / GIB, "disk": policy.used.disk / GIB},
        limits=policy.solution.binding,
        better=tuple(better),
        measured=known if assumed else known | constants,
        assumed=constants if assumed else {},
        runs=f"--model '{path}?{'&'.join(settings)}' (which nobody has tried on a card yet)",
    )


def gpu_here() -> bool:
    """Return whether this machine has a GPU that the engine can use."""
    import torch

    return torch.cuda.is_available() and torch.cuda.get_device_capability(0) >= CAPABILITY


def _speeds_here() -> GpuSpeeds:
    from engine.llm.cuda.opening import gpu_speeds

    return gpu_speeds()
