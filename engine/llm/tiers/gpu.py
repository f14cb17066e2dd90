"""How a model runs best on a GPU: shares of weights and of keys and values on GPU, in RAM and on disk.

FlexGen's policy (Sheng et al. 2023, arXiv 2303.06865, section 4.3) for an engine that differs from theirs in two ways.
Keys in RAM are read by the GPU over the link, in place, so there is no attention on the CPU. And everything overlaps:

    time of a pass = max(link, disk, computing)

where the link carries weights that are not on the GPU and keys that are not, and computing contains the reading of keys
wherever they are. `passes * reading + (generate - 1) * step` is least under the peaks of memory; the program places,
and an outer loop tries sizes of batches and passes. Activations are always on the GPU: passes are made as small as that
asks for, which costs nothing as long as they are large enough to keep the link busy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engine.llm.decoder import LOGIT_ROWS
from engine.llm.tiers.formats import STORAGE_FORMATS
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.program import Program, Solution
from engine.llm.tiers.shapes import Shape
from engine.llm.tiers.work import GIB, Tiers, Work

ROWS: Final = 128
"""As many rows as a product has: so few that one text is not slowed down, so many that a large pass is not either."""
PIECE: Final = 1 << 28
"""Numbers in a piece of weights at most: matrices are cut less than for the CPU, for a GPU is slow with small ones."""
BUFFERS: Final = 3
"""Pieces on the GPU that have no room there: one is computed with, the others are on their way."""
HEAD_BUFFERS: Final = 1
"""The head is not used in every pass, so it has buffers of its own."""
OVERHEAD: Final = 768 << 20
"""What the driver, cuBLAS and the allocator keep for themselves, and small things."""
_TIE: Final = 1e-4
"""Seconds that decide for the nearer tier where another would be as good."""
CAPABILITY: Final = (8, 0)
"""Of cards that compute in bfloat16."""
GPU_STORAGE: Final = {"fp16": "bf16", "bf16": "bf16", "4bit": "4bit"}
"""How weights are held on a GPU where they are held like that elsewhere."""
WEIGHTS_ON_GPU: Final = "weights on GPU"
_NONE: Final[Mapping[str, float]] = {}
_ROWS: Final = (512, 1024, 2048, 4096, 8192, 16384)
_BATCHES: Final = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 80, 96, 112, 128, 160, 192, 256, 320, 384, 512)


@dataclass(frozen=True, slots=True)
class GpuSpeeds:
    """Speeds of a GPU and its link. The defaults are a guess at a T4, from what FlexGen's authors fitted to theirs."""

    to_gpu: float = 12.89 * GIB
    """Copying from RAM, bytes/s."""
    keys_in_ram: float = 10.0 * GIB
    """Reading keys and values in RAM while texts attend to them, bytes/s."""
    keys_to_ram: float = 6.0 * GIB
    """Putting new ones there, bytes/s."""
    keys_on_gpu: float = 150.0 * GIB
    """Reading keys and values on the GPU while texts attend to them, bytes/s."""
    multiply: float = 21.24e12
    """Products of `ROWS` rows, FLOP/s."""
    expand: float = 50e9
    """Expanding groups of 4 bits, weights/s."""
    attend: float = 9.97e12
    """Attention while a prompt is read, FLOP/s."""
    layer: float = 200e-6
    """What a layer costs beside that, in seconds: it is launched by the CPU."""
    sequence: float = 100e-6
    """What each sequence costs in a pass, in seconds."""

    def scaled(self, link: float, flops: float) -> GpuSpeeds:
        """Return the speeds of a GPU with another link and another speed of products, everything in proportion."""
        by_link, by_flops = link / self.to_gpu, flops / self.multiply
        return replace(
            self,
            to_gpu=link,
            keys_in_ram=self.keys_in_ram * by_link,
            keys_to_ram=self.keys_to_ram * by_link,
            keys_on_gpu=self.keys_on_gpu * by_flops,
            multiply=flops,
            expand=self.expand * by_flops,
            attend=self.attend * by_flops,
        )


@dataclass(frozen=True, slots=True)
class GpuPolicy:
    """A placement, and what follows from it."""

    batch: int
    """Sequences that are written together."""
    rows: int
    """Tokens of prompts that are read in one pass."""
    solution: Solution
    tokens_per_s: float
    reading_s: float
    """Seconds until all prompts are read."""
    step_s: float
    """Seconds of a step that gives every sequence one more token."""
    used: Tiers
    """Bytes at the peak."""

    @property
    def shares(self) -> dict[str, float]:
        """The shares by their names: `weights on GPU` and so on."""
        return {name: share for name, share in self.solution.values.items() if name not in ("reading", "generating")}


@dataclass(frozen=True, slots=True)
class GpuCosts:
    """Predicts passes of a model on a GPU."""

    shape: Shape
    layout: Layout
    small: int
    """Bytes of norms, biases and the like, which are always on the GPU."""
    speeds: GpuSpeeds
    from_disk: float
    """Reading from disk, bytes/s."""

    @classmethod
    def of(
        cls,
        shape: Shape,
        shapes: Sequence[tuple[int, int]],
        storage: str,
        small: int,
        speeds: GpuSpeeds,
        from_disk: float,
    ) -> GpuCosts:
        """Return the costs of a model with products of these `shapes`, whose weights are held as `storage` says."""
        return cls(
            shape, Layout.of(shapes, STORAGE_FORMATS[GPU_STORAGE[storage]], PIECE, ROWS), small, speeds, from_disk
        )

    @property
    def token(self) -> int:
        """Bytes of the keys and values of a token."""
        return self.shape.config.layers * self.shape.key_numbers * 2

    @property
    def layers_bytes(self) -> int:
        """Bytes of the weights that every pass uses: all but the head's."""
        return self.layout.weight_bytes - sum(piece.extent.size for piece in self.layout.products[-1])

    def computing(self, rows: int, sequences: int) -> float:
        """Return the seconds of products, of launching, and of what is done for each sequence."""
        c, k = self.shape.config, self.speeds
        weights = c.layers * self.shape.layer_weights
        products = 2 * ROWS * math.ceil(rows / ROWS) * weights / k.multiply
        expanding = weights / k.expand if self.layout.storage.name == "4bit" else 0.0
        return products + expanding + c.layers * k.layer + sequences * k.sequence

    def head(self, rows: int) -> float:
        """Return the seconds of the head for so many rows."""
        return 2 * ROWS * math.ceil(rows / ROWS) * self.shape.head_weights / self.speeds.multiply

    def attending(self, work: Work, rows: int) -> float:
        """Return the seconds of attention while so many tokens of prompts are read."""
        c = self.shape.config
        return 4 * rows * (work.prompt / 2) * c.heads * c.head_dim * c.layers / self.speeds.attend

    def fixed(self, rows: int, *, fed: bool) -> int:
        """Return the bytes on the GPU beside weights and keys: for a pass, and for buffers if it is `fed`."""
        buffers = (BUFFERS + HEAD_BUFFERS) * self.layout.largest_piece if fed else 0
        expanded = 0 if self.layout.storage.name != "4bit" else 2 * self.layout.workspace
        return self.small + OVERHEAD + buffers + expanded + self.computed(rows)

    def computed(self, rows: int) -> int:
        """Return the bytes of what a pass of so many rows computes with."""
        c = self.shape.config
        rows = ROWS * math.ceil(rows / ROWS)
        query, keys = c.heads * c.head_dim, c.kv_heads * c.head_dim
        turned = 4 * (query + keys) * 2 if self.shape.rotates else 0
        attention = 2 * (query + 2 * keys) + 2 * query + turned
        feeding = 2 * c.feed_forward * (4 if self.shape.gated else 2)
        states = rows * (4 * 4 * c.hidden + 2 * c.hidden + max(attention, feeding))
        return max(states, rows * 4 * c.hidden + LOGIT_ROWS * c.vocabulary * (2 + 3 * 4))


def gpu_policy(
    costs: GpuCosts, tiers: Tiers, work: Work, batch: int, rows: int, shares: Mapping[str, float] = _NONE
) -> GpuPolicy | None:
    """Return the best placement for this batch and these passes, nothing if there is none.

    `shares` are those that are given, by their names.
    """
    k, s, n = costs.speeds, work.prompt, work.generate
    rows = min(rows, batch * s)
    names = (WEIGHTS_ON_GPU, "weights in RAM", "weights on disk", "keys on GPU", "keys in RAM")
    program = Program((*names, "reading", "generating"))
    wg, wr, wd, kg, kr, reading, generating = map(program.variable, program.names)
    program.equals(wg + wr + wd, 1)
    program.equals(kg + kr, 1)
    for name, given in shares.items():
        program.equals(program.variable(name), given)
    one = program.constant(1)
    weights, layers = costs.layout.weight_bytes, costs.layers_bytes

    away = (wr + wd) * layers
    attended = one * (costs.computing(rows, math.ceil(rows / s)) + costs.attending(work, rows))
    for name, time in (
        ("the link while prompts are read", away / k.to_gpu),
        ("the disk while prompts are read", wd * layers / costs.from_disk),
        ("computing while prompts are read", attended + kr * rows * costs.token / k.keys_to_ram),
    ):
        program.at_most(name, time - reading, 0)

    past = batch * (s + n / 2) * costs.token
    head = one * costs.head(batch)
    attending = kg * past / k.keys_on_gpu + kr * past / k.keys_in_ram
    for name, time in (
        ("the link while tokens are generated", (wr + wd) * weights / k.to_gpu + kr * past / k.keys_in_ram),
        ("the disk while tokens are generated", wd * weights / costs.from_disk),
        ("computing while tokens are generated", one * costs.computing(batch, batch) + head + attending),
    ):
        program.at_most(name, time - generating, 0)

    fed = shares.get(WEIGHTS_ON_GPU, 0) < 1
    keys = batch * work.length * costs.token
    on_gpu = wg * weights + kg * keys + one * costs.fixed(rows, fed=fed)
    in_ram = wr * weights + kr * keys + wd * 2 * BUFFERS * costs.layout.largest_piece
    program.at_most("GPU memory", on_gpu, tiers.gpu)
    program.at_most("RAM", in_ram, tiers.ram)
    program.at_most("disk space", wd * costs.layout.file_bytes, tiers.disk)
    passes = math.ceil(batch * s / rows)
    cost = passes * reading + (n - 1) * generating + one * costs.head(batch)
    found = program.minimise(cost + (wd + 0.5 * wr + kr) * _TIE)
    if found is None:
        return None
    values = [*(found.values[name] for name in program.names), 1]
    total = float(cost @ values)
    used = Tiers(float(on_gpu @ values), float(in_ram @ values), found.values["weights on disk"] * weights)
    step = found.values["generating"]
    return GpuPolicy(batch, rows, found, batch * n / total, passes * found.values["reading"], step, used)


def best_gpu_policy(costs: GpuCosts, tiers: Tiers, work: Work, shares: Mapping[str, float] = _NONE) -> GpuPolicy | None:
    """Return the placement and the sizes of most tokens per second; nothing if the tiers are too small."""
    return max(_policies(costs, tiers, work, shares), key=lambda policy: policy.tokens_per_s, default=None)


def _policies(costs: GpuCosts, tiers: Tiers, work: Work, shares: Mapping[str, float]) -> Iterator[GpuPolicy]:
    for batch in _BATCHES:
        for rows in _ROWS:
            if rows > _ROWS[0] and rows >= 2 * batch * work.prompt:
                break
            for given in (shares, {**shares, WEIGHTS_ON_GPU: 1}):  # a model that is all on the GPU needs no buffers
                policy = gpu_policy(costs, tiers, work, batch, rows, given)
                if policy is not None:
                    yield policy
