"""Opening a model whose weights are held in tiers, under a cap on memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from torch import Tensor

from engine.errors import BadInput
from engine.llm.batching import Sizes
from engine.llm.decoder import Decoder
from engine.llm.embedded import unpin_thread
from engine.llm.families import load_decoder
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.linear import Linear, NumberFormat, Rows
from engine.llm.tiers.allocator import give_large_blocks_back
from engine.llm.tiers.cache import cache_folder
from engine.llm.tiers.constants import Constants, constants_of_this_machine
from engine.llm.tiers.formats import STORAGE_FORMATS
from engine.llm.tiers.layout import Layout, Survey
from engine.llm.tiers.memory import Memory
from engine.llm.tiers.policy import LEAST_ROOM, LEAST_ROWS, CostModel, Policy, best_policy
from engine.llm.tiers.shapes import Shape
from engine.llm.tiers.store import Store, is_written, write_weights
from engine.llm.tiers.work import Work


class Closing(Protocol):
    """A number format that holds what has to be closed."""

    def __call__(self, weight: Rows, bias: Tensor | None, /) -> Linear:
        """Take in the next product."""
        ...

    def close(self) -> None:
        """Give files and memory back. Products cannot be used any more."""
        ...


S = TypeVar("S", bound=Closing)


@dataclass(frozen=True, slots=True)
class Opened:
    """A model in tiers."""

    decoder: Decoder
    store: Closing
    sizes: Sizes
    kv_bytes: int | None
    """What may be kept of earlier contexts; nothing: as usual."""
    policy: Policy | None
    """How it runs best under the cap, if there is one."""


def survey_checkpoint(checkpoint: Checkpoint) -> tuple[list[tuple[int, int]], Shape]:
    """Return the shapes of a model's products in their order, and its own. Reads no weights."""
    before = checkpoint.by_rows, checkpoint.hollow
    checkpoint.by_rows = checkpoint.hollow = True
    found = Survey()
    with ThreadPoolExecutor(1) as pool:
        config = load_decoder(checkpoint, found, pool).config
    checkpoint.by_rows, checkpoint.hollow = before
    opt = checkpoint.family == "opt"
    return found.shapes, Shape(checkpoint.path.stem, config, gated=not opt, rotates=not opt)


def cost_model(checkpoint: Checkpoint, storage: str, constants: Constants | None = None) -> CostModel:
    """Return what the model of a checkpoint would cost on this machine. Reads no weights."""
    shapes, shape = survey_checkpoint(checkpoint)
    layout = Layout.of(shapes, STORAGE_FORMATS[storage])
    memory = Memory(layout, shape.config, 2 * 4 * checkpoint.vector_numbers, checkpoint.family == "gemma2")
    return CostModel(shape, memory, constants or constants_of_this_machine())


def open_in_tiers(
    checkpoint: Checkpoint, storage: str, cap: int | None, weights: str, cores: Sequence[int], work: Work | None = None
) -> Opened:
    """Load a model; `weights` is the hash of its files. Without a cap, everything is in memory.

    What does not fit under the cap goes into one file in the cache folder, which is written once. Raises `BadInput`
    when the model cannot run under the cap, `RunFailed` when the disk refuses.
    """
    if cap is not None:
        give_large_blocks_back()
    work = work or Work()
    model = cost_model(checkpoint, storage)
    layout, memory = model.memory.layout, model.memory
    policy = None if cap is None else best_policy(model, cap, work)
    if cap is not None and policy is None:
        least = memory.least(LEAST_ROWS, max(LEAST_ROOM, work.length))
        problem = f"does not run in {_mib(cap)} of memory: the least that works is {_mib(least, up=True)}"
        raise BadInput(str(checkpoint.path), problem, "ram")
    on_disk = frozenset[int]() if policy is None else layout.spread(policy.weights_in_ram)
    decoder, store = load_weights(
        checkpoint, layout, weights, cores, lambda file: Store(layout, on_disk, file, cores), from_file=bool(on_disk)
    )
    if policy is None:
        return Opened(decoder, store, Sizes(), None, None)
    sizes = Sizes(policy.rows, policy.rows, policy.room, strict=True)
    return Opened(decoder, store, sizes, policy.room * decoder.config.token_bytes, policy)


def load_weights(
    checkpoint: Checkpoint,
    layout: Layout,
    weights: str,
    cores: Sequence[int],
    make: Callable[[Path | None], S],
    *,
    from_file: bool,
) -> tuple[Decoder, S]:
    """Load a model with the store that `make` makes, given the file of its weights, if there is one.

    The file is in the cache folder; it is written if some weights are to stay there (`from_file`) and it is not there
    yet. Raises `BadInput` about weights that the format does not hold, `RunFailed` when the disk refuses.
    """
    file = cache_folder() / f"{weights[:24]}-{layout.storage.name}-{layout.count}.weights"
    written = is_written(file, layout, weights)
    checkpoint.by_rows = True
    checkpoint.range = layout.storage.range

    def load(number_format: NumberFormat) -> Decoder:
        def releasing(weight: Rows, bias: Tensor | None) -> Linear:
            product = number_format(weight, bias)
            checkpoint.release()
            return product

        with ThreadPoolExecutor(1, initializer=unpin_thread, initargs=(cores,)) as pool:
            return load_decoder(checkpoint, releasing, pool)

    if from_file and not written:
        write_weights(file, layout, weights, load)
        written = True
    checkpoint.hollow = written
    store = make(file if written else None)
    return load(store), store


def _mib(bytes_: int, *, up: bool = False) -> str:
    return f"{-(-bytes_ // (1 << 20)) if up else bytes_ // (1 << 20)} MiB"
