"""FlexGen's cost model: a GPU computes, and weights, cache and activations are spread over GPU, RAM and disk.

Sheng et al. 2023 (arXiv 2303.06865), section 4.3 and appendix A, in the version that its code evaluates. A *block* of
`micro` batches of `batch` sequences goes through the model layer by layer (zig-zag), so that a layer that was loaded
serves them all. The time of a layer is, with io and computing overlapped,

    reading the prompts:   Tpre = max(to GPU + from disk, from GPU + to disk, compute)
    generating a token:    Tgen = to GPU + max(from GPU, from disk, to disk, compute)

and that of a block is layers * (Tpre + (generate - 1) * Tgen). Keys and values that are not on the GPU are attended to
by the CPU. The model knows neither embedding nor head. Shapes here may have fewer heads of keys and a gated net.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from engine.llm.tiers.program import Expression, Program, Solution
from engine.llm.tiers.shapes import Shape

GIB: Final = 1 << 30
_HALF: Final = 2
_DISK_LOSS: Final = 0.95
_TIE: Final = 1e-3
"""Seconds that decide for memory where the disk would be as good."""
_BATCHES: Final = (1, 2, 4, 8, 16, 24, 32, 48, 64)
_MICRO: Final = (1, 2, 3, 4, 6, 8, 12, 16)


@dataclass(frozen=True, slots=True)
class Rates:
    """What the links carry (bytes/s) and the processors compute (FLOP/s).

    The defaults are those which FlexGen's authors fitted to a T4 with 208 GB of RAM and an SSD.
    """

    to_gpu: float = 12.89 * GIB
    cache_from_gpu: float = 0.97 * GIB
    hidden_from_gpu: float = 4.82 * GIB
    from_disk: float = 0.473 * GIB
    cache_to_disk: float = 0.746 * GIB
    hidden_to_disk: float = 2.015 * GIB
    token_to_disk: float = 2.015 * GIB
    matmul_reading: float = 21.24e12
    matmul_generating: float = 4.3e12
    attention_reading: float = 9.97e12
    attention_generating: float = 0.079e12
    attention_cpu: float = 0.0123e12

    def with_gpu(self, link: float, flops: float) -> Rates:
        """Return the rates of a GPU with another link and speed, everything of it in proportion."""
        by_link, by_flops = link / self.to_gpu, flops / self.matmul_reading
        return replace(
            self,
            to_gpu=link,
            cache_from_gpu=self.cache_from_gpu * by_link,
            hidden_from_gpu=self.hidden_from_gpu * by_link,
            matmul_reading=flops,
            matmul_generating=self.matmul_generating * by_flops,
            attention_reading=self.attention_reading * by_flops,
            attention_generating=self.attention_generating * by_flops,
        )


@dataclass(frozen=True, slots=True)
class Tiers:
    """How many bytes there are for a model."""

    gpu: float
    ram: float
    disk: float


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: sequences of `prompt` tokens each, to which `generate` are added."""

    prompt: int = 512
    generate: int = 32

    @property
    def length(self) -> int:
        """How long a sequence becomes, in tokens."""
        return self.prompt + self.generate


@dataclass(frozen=True, slots=True)
class GpuPolicy:
    """A placement: shares of weights, cache and activations in each tier, and what follows from them."""

    batch: int
    micro: int
    solution: Solution
    tokens_per_s: float
    used: Tiers
    """Bytes at the peak."""

    @property
    def shares(self) -> dict[str, float]:
        """The shares by their names: `weights on GPU` and so on."""
        return {name: share for name, share in self.solution.values.items() if name not in ("reading", "generating")}


_KINDS: Final = ("weights", "cache", "activations")
_TIERS: Final = ("on GPU", "in RAM", "on disk")


def gpu_policy(
    shape: Shape,
    bits: float,
    work: Work,
    tiers: Tiers,
    rates: Rates,
    batch: int,
    micro: int,
    fixed: tuple[float, float, float, float, float, float] | None = None,
) -> GpuPolicy | None:
    """Return the best placement for `micro` batches of `batch` sequences, nothing if there is none.

    `fixed` are shares that are given: weights on GPU and in RAM, then cache and activations likewise.
    """
    shares = tuple(f"{kind} {tier}" for kind in _KINDS for tier in _TIERS)
    program = Program((*shares, "reading", "generating"))
    wg, wr, wd, cg, cr, cd, hg, hr, hd = map(program.variable, shares)
    reading, generating = program.variable("reading"), program.variable("generating")
    for on_gpu, in_ram, on_disk in ((wg, wr, wd), (cg, cr, cd), (hg, hr, hd)):
        program.equals(on_gpu + in_ram + on_disk, 1)
    program.equals(hd, 0)  # activations are small, and FlexGen does not put them on disk
    for share, given in zip((wg, wr, cg, cr, hg, hr), fixed or (), strict=False):
        program.equals(share, given)

    c, s, n, b = shape.config, work.prompt, work.generate, batch * micro
    weights = shape.layer_weights * bits / 8  # bytes of a layer
    token = shape.key_numbers * _HALF  # bytes of a token's cache in a layer
    hidden = c.hidden * _HALF
    width = c.heads * c.head_dim
    one = program.constant(1)

    to_gpu = ((wr + wd) * weights + (hr + hd) * b * s * hidden) / rates.to_gpu
    from_gpu = (cr + cd) * b * (s + 1) * token / rates.cache_from_gpu + (
        hr + hd
    ) * b * s * hidden / rates.hidden_from_gpu
    from_disk = (wd * weights + hd * b * s * hidden) / rates.from_disk
    to_disk = cd * b * (s + 1) * token / rates.cache_to_disk + hd * b * s * hidden / rates.hidden_to_disk
    compute = one * (
        2 * b * s * shape.layer_weights / rates.matmul_reading + 4 * b * s**2 * width / rates.attention_reading
    )
    for name, time in (
        ("the link to the GPU and the disk while prompts are read", to_gpu + from_disk),
        ("the link from the GPU while prompts are read", from_gpu + to_disk),
        ("computing on the GPU while prompts are read", compute),
    ):
        program.at_most(name, time - reading, 0)

    past = b * (s + n / 2)
    to_gpu = ((wr + wd) * weights + (hr + hd) * b * hidden) / rates.to_gpu
    from_gpu = (hr + hd) * b * hidden / rates.hidden_from_gpu
    from_disk = (cd * past * token + hd * b * hidden + wd * weights / _DISK_LOSS) / rates.from_disk
    to_disk = (cd * b * token + hd * b * hidden) / rates.token_to_disk
    on_gpu = one * (2 * b * shape.layer_weights / rates.matmul_generating)
    on_gpu = on_gpu + cg * 4 * past * width / rates.attention_generating
    on_cpu = (cr + cd) * 4 * past * width / (rates.attention_cpu * _efficiency(batch, c.hidden))
    for name, time in (
        ("the link to and from the GPU", from_gpu),
        ("the link to the GPU and reading from disk", from_disk),
        ("the link to the GPU and writing to disk", to_disk),
        ("the link to the GPU and computing", on_gpu + on_cpu),
    ):
        program.at_most(name, to_gpu + time - generating, 0)

    layers, whole = c.layers, s + n
    working = batch * s * (8 * c.hidden + 4 * hidden + hidden + _HALF * c.feed_forward + 2 * c.heads * s)
    gpu_reading = layers * (wg * weights + cg * b * whole * token) + hg * b * s * hidden
    gpu_reading = gpu_reading + (one - wg) * 2 * weights + (one - hg) * batch * s * hidden + one * working
    fetched = batch * (2 * whole * token / 2 + 2 * whole * hidden + 2 * hidden + 2 * c.heads * whole)
    gpu_generating = layers * (wg * weights + cg * b * whole * token) + hg * b * hidden
    gpu_generating = gpu_generating + (one - wg) * 2 * weights + (one - hg) * batch * hidden + cg * fetched
    gpu_generating = gpu_generating + one * batch * (7 * hidden + _HALF * c.feed_forward)
    ram_reading = layers * (wr * weights + cr * b * s * token) + hr * b * s * hidden
    ram_reading = ram_reading + (one - wg) * weights + (one - hg) * batch * s * hidden
    ram_generating = layers * (wr * weights + cr * b * whole * token) + hr * b * hidden
    ram_generating = ram_generating + wd * weights + hd * 2 * batch * hidden + cd * 2 * batch * whole * token
    ram_generating = ram_generating + one * batch * (2 * c.heads * whole + hidden)
    disk = layers * (wd * weights + cd * b * whole * token) + hd * b * s * hidden
    peaks = (
        ("GPU memory while prompts are read", gpu_reading, tiers.gpu),
        ("GPU memory", gpu_generating, tiers.gpu),
        ("RAM while prompts are read", ram_reading, tiers.ram),
        ("RAM", ram_generating, tiers.ram),
        ("disk space", disk, tiers.disk),
    )
    for name, bytes_, most in peaks:
        program.at_most(name, bytes_, most)
    time = layers * (reading + (n - 1) * generating)
    found = program.minimise(time + (wd + cd + hd) * _TIE)
    if found is None:
        return None
    values = [found.values[name] for name in program.names]

    def at(expression: Expression) -> float:
        return float(expression @ [*values, 1])

    used = Tiers(max(at(gpu_reading), at(gpu_generating)), max(at(ram_reading), at(ram_generating)), at(disk))
    return GpuPolicy(batch, micro, found, b * n / at(time), used)


def best_gpu_policy(shape: Shape, bits: float, work: Work, tiers: Tiers, rates: Rates) -> GpuPolicy | None:
    """Return the placement and the batches of most tokens per second; nothing if the tiers are too small."""
    found: GpuPolicy | None = None
    for batch in _BATCHES:
        for micro in _MICRO:
            policy = gpu_policy(shape, bits, work, tiers, rates, batch, micro)
            if policy is not None and (found is None or policy.tokens_per_s > found.tokens_per_s):
                found = policy
    return found


def _efficiency(batch: int, hidden: int) -> float:
    """Return what small batches and small models leave of the CPU's speed of attention, as FlexGen fitted it."""
    fewer, smaller = max(0.0, math.log2(64 / batch)), max(0.0, math.log2(4096 / hidden))
    return max(0.1, 1 + 0.0168 * fewer * smaller - 0.0328 * fewer - 0.0621 * smaller)
