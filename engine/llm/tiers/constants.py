"""What the cost model must know about this machine: measured at first use in some seconds, and kept."""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, fields
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.errors import RunFailed
from engine.llm.embedded import usable_cores
from engine.llm.tiers.cache import cache_folder
from engine.llm.tiers.reader import Extent, Reader

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from torch import Tensor

K = TypeVar("K", bound="DataclassInstance")

_VERSION: Final = 5
_FILE_BYTES: Final = 96 << 20
_BEYOND_CACHES: Final = 64 << 20
"""As many bytes of pieces are expanded in turn, as a model's are: no cache still holds the one that comes next."""
_ROUNDS: Final = 5
_SECONDS: Final = 0.1
"""A round lasts at least that long: a shorter one may fall between what else the machine does, a pass does not."""
_ROWS, _WIDTH = 2048, 2048
"""A piece of weights as large as those that are read and expanded (`layout.PIECE`): caches hold smaller ones."""
_BLOCKS, _CONTEXT = 8, 48


@dataclass(frozen=True, slots=True)
class Constants:
    """Speeds of this machine, with as many threads as compute."""

    disk_cold: float
    """Reading what the system has not in memory, bytes/s."""
    disk_warm: float
    """Reading what it has, bytes/s."""
    copy: float
    """Copying memory, bytes copied per second."""
    multiply: float
    """Multiplying one piece of rows by weights in single precision, weights/s."""
    expand_fp16: float
    """Expanding half precision, weights/s."""
    expand_4bit: float
    """Expanding groups of 4 bits, weights/s."""
    attend: float
    """Attention while a prompt is read, FLOP/s."""
    layer: float
    """What a layer costs beside that, in seconds."""
    block: float
    """What each sequence of a pass costs in each layer, in seconds: they attend one after another."""
    contention: float
    """Of the time of reading, how much is added to computing meanwhile: time = max(reading, computing) + this."""

    def expand(self, storage: str) -> float:
        """Return how many weights are expanded per second, infinite where they need not be."""
        return {"fp16": self.expand_fp16, "4bit": self.expand_4bit}.get(storage, math.inf)


def typical(measured: Sequence[Constants]) -> Constants:
    """Return the median of each constant: what a machine does as a rule, which is what a long run meets."""
    return Constants(
        **{field.name: median(float(getattr(each, field.name)) for each in measured) for field in fields(Constants)}
    )


def machine_identity(folder: Path) -> Mapping[str, Any]:
    """Return what the constants depend on; `folder` says which disk."""
    import torch

    from engine.bench.result import describe_machine

    return {
        **describe_machine(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "disk": folder.stat().st_dev,
        "version": _VERSION,
    }


def constants_of_this_machine(folder: Path | None = None, *, anew: bool = False) -> Constants:
    """Return the constants of this machine and of the disk of `folder` (the cache folder).

    They are measured if they are not known yet, or `anew`. Raises `RunFailed` when they cannot be written down there.
    """
    folder = folder or cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        identity = machine_identity(folder)
    except OSError as error:
        raise RunFailed(f"{folder}: cannot be written: {error.strerror or error}") from error
    return kept_measurement(Constants, identity, lambda: measure_constants(folder), folder, anew=anew)


def known_constants(folder: Path | None = None) -> Constants | None:
    """Return the constants that were measured before, nothing if they were not, or are not what they should be."""
    folder = folder or cache_folder()
    try:
        return known_measurement(Constants, machine_identity(folder), folder)
    except OSError:
        return None


def kept_measurement(
    kind: type[K],
    identity: Mapping[str, Any],
    measure: Callable[[], K],
    folder: Path | None = None,
    *,
    anew: bool = False,
) -> K:
    """Return numbers that go with `identity`: those in `folder` (the cache folder), or measured ones, which go there.

    Raises `RunFailed` when they cannot be written down.
    """
    folder = folder or cache_folder()
    known = None if anew else known_measurement(kind, identity, folder)
    if known is not None:
        return known
    try:
        folder.mkdir(parents=True, exist_ok=True)
        known = measure()
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".machine-", delete=False) as file:
            json.dump({"machine": identity, "constants": asdict(known)}, file, indent=1)
        os.replace(file.name, _path(identity, folder))  # noqa: PTH105 (the name is a text)
    except OSError as error:
        raise RunFailed(f"{folder}: cannot be written: {error.strerror or error}") from error
    return known


def known_measurement(kind: type[K], identity: Mapping[str, Any], folder: Path) -> K | None:
    """Return what was measured before; nothing if there is nothing, or not what it should be."""
    try:
        kept = json.loads(_path(identity, folder).read_text(encoding="utf-8"))["constants"]
        numbers = {field.name: float(kept[field.name]) for field in fields(kind)}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    good = all(0 <= number < math.inf and (number or name == "contention") for name, number in numbers.items())
    return kind(**numbers) if good else None


def _path(identity: Mapping[str, Any], folder: Path) -> Path:
    text = json.dumps(identity, sort_keys=True).encode()
    return folder / f"machine-{hashlib.blake2s(text, digest_size=8).hexdigest()}.json"


def measure_constants(folder: Path) -> Constants:
    """Measure all constants; it takes some seconds and 96 MiB of the disk of `folder` for that time."""
    with measuring(folder) as measure:
        return typical([measure() for _ in range(_ROUNDS)])


@contextmanager
def measuring(folder: Path) -> Iterator[Callable[[], Constants]]:
    """Give what measures all constants once, in a second or two; 96 MiB of the disk of `folder` are taken meanwhile."""
    import torch
    import torch.nn.functional as F  # noqa: N812 (its customary name)

    from engine.llm.linear import REFERENCE_ROWS, multiply
    from engine.llm.tiers.formats import STORAGE_FORMATS, Workspace

    weight = torch.randn(_ROWS, _WIDTH)
    rows = [torch.randn(REFERENCE_ROWS, _WIDTH)] * 8
    workspace = Workspace(weight.numel())
    packed = {name: _copies(STORAGE_FORMATS[name].pack(weight)) for name in ("fp16", "4bit")}
    large, other = torch.ones(8 << 20), torch.empty(8 << 20)
    q, k = torch.randn(1, 8, 256, 64), torch.randn(1, 8, 512, 64)
    mask = torch.zeros(256, 512)
    small = torch.randn(12, 576)
    attending = _attention()

    def expanding(name: str) -> float:
        """Expand one piece after another as it is done between products, each of which fills the caches, too."""
        pieces = cycle(packed[name])

        def expand() -> Tensor:
            return STORAGE_FORMATS[name].expand(next(pieces), _ROWS, _WIDTH, workspace)

        with_product = _seconds(lambda: multiply(rows[:1], expand(), None))
        return max(_seconds(expand), with_product - _seconds(lambda: multiply(rows[:1], weight, None)))

    def compute() -> None:
        for _ in range(2):
            multiply(rows, weight, None)

    def use(piece: Tensor) -> None:
        """Compute with a piece of weights as a step does."""
        multiply(rows[:1], STORAGE_FORMATS["fp16"].expand(piece, _ROWS, _WIDTH, workspace), None)

    def layer() -> None:  # about as many small operations as a layer has
        x = small
        for _ in range(10):
            x = F.rms_norm(x, (576,)) + small

    def attend() -> None:
        F.scaled_dot_product_attention(q, k, k, attn_mask=mask)

    with _file_of(packed["fp16"][0], folder) as reader:

        def measure() -> Constants:
            with torch.inference_mode():
                cold, warm, added = _measure_disk(reader, packed["fp16"], use)
                return Constants(
                    disk_cold=_FILE_BYTES / cold,
                    disk_warm=_FILE_BYTES / warm,
                    copy=large.nbytes / _seconds(lambda: other.copy_(large)),
                    multiply=2 * len(rows) * weight.numel() / _seconds(compute),
                    expand_fp16=weight.numel() / expanding("fp16"),
                    expand_4bit=weight.numel() / expanding("4bit"),
                    attend=4 * q.shape[1] * 256 * 512 * 64 / _seconds(attend),
                    layer=_seconds(layer),
                    block=_seconds(attending) / _BLOCKS,
                    contention=added,
                )

        yield measure


def _copies(piece: Tensor) -> list[Tensor]:
    return [piece.clone() for _ in range(math.ceil(_BEYOND_CACHES / piece.nbytes))]


def _attention() -> Callable[[], object]:
    """Return what lets some sequences attend to what precedes them, in one layer, as a step of them does."""
    import torch

    from engine.llm.branches import Branches
    from engine.llm.decoder import Config, Pass
    from engine.llm.kv import Node

    config = Config(1, _WIDTH, 16, 4, 64, _WIDTH, 2, 2 * _CONTEXT)
    node = Node(config, None, (0,) * _CONTEXT)
    for numbers in (node.keys, node.values):
        numbers.zero_()
    branches = [Branches(config, node) for _ in range(_BLOCKS)]
    for each in branches:
        each.advance([0], [0])
    batch = Pass(branches)
    rows = batch.pad(torch.zeros(_BLOCKS, 1)).shape[0]
    q, k, v = (torch.zeros(heads, rows, config.head_dim) for heads in (16, 4, 4))
    return lambda: batch.attend(0, q, k, v)


@contextmanager
def _file_of(piece: Tensor, folder: Path) -> Iterator[Reader]:
    """Give what reads a file of many such pieces, as passes do it."""
    count, size = _FILE_BYTES // piece.nbytes, piece.nbytes
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(count):
            file.write(piece.numpy().data)
        file.flush()
        os.fsync(file.fileno())
        extents = [Extent(number * size, size) for number in range(count)]
        with closing(Reader(Path(file.name), extents, usable_cores())) as reader:
            yield reader


def _measure_disk(reader: Reader, held: Sequence[Tensor], use: Callable[[Tensor], None]) -> tuple[float, float, float]:
    """Return the seconds of cold and of warm reading; of the former, what part it adds to using what is read.

    `held` are such pieces in memory.
    """
    pieces = range(_FILE_BYTES // held[0].nbytes)
    in_turn = cycle(held)

    def reading() -> None:
        for number in pieces:
            reader.take(number)

    def computing() -> None:
        for _ in pieces:
            use(next(in_turn))

    def both() -> None:
        for number in pieces:
            use(reader.take(number))

    reader.forget()
    cold, warm, computed = _once(reading), _once(reading), _once(computing)
    reader.forget()
    added = _once(both) - max(cold, computed)
    return cold, warm, min(1.0, max(0.0, added / cold))


def _once(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _seconds(work: Callable[[], object]) -> float:
    """Return how long it takes on average of a round."""
    count, began = 0, perf_counter()
    while not count or perf_counter() - began < _SECONDS:
        work()
        count += 1
    return (perf_counter() - began) / count
