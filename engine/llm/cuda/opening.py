"""Opening a model that computes on a GPU, with its weights there as far as there is room, else in RAM, else on disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import torch

from engine.errors import BadInput
from engine.llm.batching import Sizes
from engine.llm.cuda.speeds import measure_gpu
from engine.llm.cuda.store import GpuStore, Placement
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.invariance import is_invariant
from engine.llm.tiers.cache import cache_folder
from engine.llm.tiers.constants import constants_of_this_machine, kept_measurement
from engine.llm.tiers.gpu import CAPABILITY, PIECE, ROWS, GpuCosts, GpuSpeeds, best_gpu_policy
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.memory import COPIES
from engine.llm.tiers.opening import Opened, load_weights, survey_checkpoint
from engine.llm.tiers.work import GIB, Tiers, Work
from engine.machine import free_bytes, memory_bytes

DEVICE: Final = "cuda"
_SPARE: Final = 0.9
"""Of what there is, so much is used where it was not said."""
_VERSION: Final = 1
"""Goes up with every change of what is measured."""
_READ: Final = 2048
"""About so many tokens of new contexts are read in one pass."""


@dataclass(frozen=True, slots=True)
class Card:
    """A GPU."""

    name: str
    """Others give other bits."""
    memory: int
    """Bytes."""
    free: int
    """Bytes that nobody uses."""

    def limit(self, most: int) -> None:
        """Have the allocator refuse more than so many bytes, in this process."""
        torch.cuda.set_per_process_memory_fraction(most / self.memory)


def card_here() -> Card:
    """Return the GPU that is used: the first one. Raises `BadInput` for one that is too old."""
    found = torch.cuda.get_device_properties(0)
    if (found.major, found.minor) < CAPABILITY:
        needed = ".".join(map(str, CAPABILITY))
        problem = f"{found.name} does not compute in bfloat16: that takes compute capability {needed} or newer"
        raise BadInput("device=cuda", problem)
    return Card(found.name, found.total_memory, torch.cuda.mem_get_info(0)[0])


def gpu_costs(checkpoint: Checkpoint, storage: str, speeds: GpuSpeeds, from_disk: float) -> GpuCosts:
    """Return what the model of a checkpoint would cost on a GPU. Reads no weights."""
    shapes, shape = survey_checkpoint(checkpoint)
    return GpuCosts.of(shape, shapes, storage, 4 * checkpoint.vector_numbers, speeds, from_disk)


def open_on_gpu(
    checkpoint: Checkpoint, storage: str, gpu: int | None, ram: int | None, weights: str, cores: Sequence[int]
) -> Opened:
    """Load a model onto the GPU; `weights` is the hash of its files, `gpu` and `ram` are the most it may take there.

    What has no room on the GPU is in RAM, what has none there on disk. Raises `BadInput` when the model cannot run in
    so little, or when this GPU's answers would depend on who else is thinking; `RunFailed` when the disk refuses.
    """
    card = card_here()
    speeds = gpu_speeds()  # first: to measure takes more memory than may be left then
    cap = int(_SPARE * card.free) if gpu is None else min(card.memory, gpu)
    card.limit(cap)
    tiers = Tiers(cap, ram if ram is not None else _SPARE * memory_bytes(), free_bytes(cache_folder()))
    constants = constants_of_this_machine()
    costs = gpu_costs(checkpoint, storage, speeds, constants.disk_cold)
    policy = best_gpu_policy(costs, tiers, Work(), {"keys on GPU": 1})
    if policy is None:
        refused = f"does not run in {cap / GIB:.2f} GiB on the GPU and {tiers.ram / GIB:.2f} GiB of memory"
        checkpoint.refuse(refused, "gpu")
    layout = costs.layout
    check_invariance(layout)
    share = policy.solution.values
    placement = Placement.of(
        layout,
        *(math.floor(min(1.0, share[f"weights {tier}"]) * layout.weight_bytes + 0.5) for tier in ("on GPU", "in RAM")),
    )
    checkpoint.device = DEVICE
    decoder, store = load_weights(
        checkpoint,
        layout,
        weights,
        cores,
        lambda file: GpuStore(layout, DEVICE, placement, file, cores),
        from_file=bool(placement.on_disk),
    )
    torch.cuda.empty_cache()  # of what loading took
    room = policy.batch * Work().length // COPIES
    sizes = Sizes(min(policy.rows, _READ), policy.rows, room, strict=gpu is not None)
    return Opened(decoder, store, sizes, room * decoder.config.token_bytes, None)


def gpu_speeds(*, anew: bool = False) -> GpuSpeeds:
    """Return what is known of the GPU and its link; measured where it is not known yet, or `anew`."""
    card = card_here()
    identity = {"gpu": card.name, "memory": card.memory, "torch": torch.__version__, "version": _VERSION}
    return kept_measurement(GpuSpeeds, identity, lambda: measure_gpu(DEVICE), anew=anew)


def check_invariance(layout: Layout) -> None:
    """Raise `BadInput` unless products of a model's shapes give a row the same bits in any company on this GPU."""
    pieces = ((piece, inputs) for (_, inputs), cut in zip(layout.shapes, layout.products, strict=True) for piece in cut)
    shapes = list(dict.fromkeys((piece.last - piece.first, inputs) for piece, inputs in pieces))
    tried = Layout.of(shapes, layout.storage, PIECE, ROWS)
    alike = (is_invariant(GpuStore(tried, DEVICE), shapes, 3 * ROWS, DEVICE, biased=biased) for biased in (False, True))
    if not all(alike):
        raise BadInput("device=cuda", "on this GPU a row depends on the others: compute on the CPU instead")
