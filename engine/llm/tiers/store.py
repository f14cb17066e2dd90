"""Products whose weights are held in tiers: in memory, or in one file on disk that is read ahead of their use.

Wherever a piece of weights is held, it has the same bytes, is expanded by the same operations into the same memory and
multiplied by the reference product. So outputs are the same bit by bit for every placement.

A piece that was loaded serves all rows of a pass: this is the block schedule of FlexGen (Sheng et al. 2023), where the
block is the pass.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path

import torch
from torch import Tensor

from engine.errors import RunFailed
from engine.llm.linear import Linear, NumberFormat, Rows, multiply, reference_pieces
from engine.llm.tiers.formats import Workspace
from engine.llm.tiers.layout import Layout, Survey
from engine.llm.tiers.reader import Extent, Reader, read_extent


class Store:
    """A number format that holds weights in tiers. Products come in the order of the layout.

    Pieces whose numbers are `on_disk` stay in `file`, which `write_weights` made. The others are kept in memory: from
    the matrices that are given, or from the file, if these have no numbers (as of a `hollow` checkpoint).
    """

    def __init__(
        self, layout: Layout, on_disk: Collection[int] = (), file: Path | None = None, cores: Sequence[int] = ()
    ) -> None:
        self.layout = layout
        self.on_disk = frozenset(on_disk)
        self._file = file
        self._readers: list[Reader] = []
        self._workspace = Workspace(layout.workspace)
        self._made = 0
        self._homes: list[Callable[[], Tensor]] = []
        head = len(layout.products[-1])
        self._extents = extents = list(layout.extents())
        bounds = (range(layout.count - head), range(layout.count - head, layout.count))
        self._places: dict[int, tuple[Reader, int]] = {}
        for numbers in bounds:  # the head is not used in every pass, so it is read by itself
            away = [number for number in numbers if number in self.on_disk]
            if away and file is not None:
                reader = Reader(file, [extents[number] for number in away], cores)
                self._readers.append(reader)
                self._places |= {number: (reader, place) for place, number in enumerate(away)}

    def __call__(self, weight: Rows, bias: Tensor | None) -> Linear:
        """Take in the next product."""
        outputs, inputs = weight.shape
        assert self.layout.shapes[self._made] == (outputs, inputs)
        pieces = self.layout.products[self._made]
        self._made += 1
        begin = len(self._homes)
        for number, piece in enumerate(pieces, begin):
            self._homes.append(self._home(number, weight, piece.first, piece.last))
        homes = self._homes[begin:]
        storage, workspace = self.layout.storage, self._workspace

        def apply(x: Tensor) -> Tensor:
            blocks = reference_pieces(x)
            columns: list[Tensor] = []
            for piece, home in zip(pieces, homes, strict=True):
                numbers = storage.expand(home(), piece.last - piece.first, inputs, workspace)
                columns.append(multiply(blocks, numbers, None if bias is None else bias[piece.first : piece.last]))
            return (columns[0] if len(columns) == 1 else torch.cat(columns, dim=1))[: x.shape[0]]

        return apply

    @property
    def bytes(self) -> int:
        """Bytes of memory that weights and buffers take at most."""
        return self.layout.held(self.on_disk) + self.layout.buffer_bytes()

    def forget(self) -> None:
        """Drop what was read ahead and what the system keeps of the file in memory: as after a start."""
        for reader in self._readers:
            reader.forget()

    def close(self) -> None:
        """Close the file. Products on disk cannot be used any more."""
        for reader in self._readers:
            reader.close()

    def _home(self, number: int, weight: Rows, first: int, last: int) -> Callable[[], Tensor]:
        """Return what gives the bytes of a piece."""
        if number in self._places:
            reader, place = self._places[number]
            return lambda: reader.take(place)
        if isinstance(weight, Tensor) and weight.is_meta:
            assert self._file is not None
            extent = self._extents[number]
            kept = read_piece(self._file, extent, torch.empty(extent.size, dtype=torch.uint8))
        else:
            kept = self.layout.storage.pack(weight[first:last].float())
        return lambda: kept


def read_piece(file: Path, extent: Extent, into: Tensor) -> Tensor:
    """Read an extent of a file of weights into memory of its size; return that. Raises `RunFailed`."""
    try:
        with file.open("rb", buffering=0) as opened:
            read_extent(opened.fileno(), extent, into)
    except OSError as error:
        raise RunFailed(f"{file}: {error.strerror or error}: delete it, it is written anew") from error
    return into


def is_written(path: Path, layout: Layout, weights: str) -> bool:
    """Return whether the file at `path` holds these weights in this layout."""
    first = layout.describe(weights)
    try:
        with path.open("rb") as file:
            return file.read(len(first)) == first and os.fstat(file.fileno()).st_size == layout.file_bytes
    except FileNotFoundError:
        return False
    except OSError as error:
        raise RunFailed(f"{path}: cannot be read: {error.strerror or error}") from error


def write_weights(path: Path, layout: Layout, weights: str, load: Callable[[NumberFormat], object]) -> None:
    """Write all weights of a model into one file; `load` loads the model with a number format, products in order.

    There is either the whole file afterwards or, when this raises, none. Raises `RunFailed` when the disk refuses.
    """
    needed = layout.file_bytes
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        room = os.statvfs(path.parent)
        free = room.f_bavail * room.f_frsize
        if free < needed:
            raise RunFailed(
                f"{path.parent}: the weights take {needed / 2**30:.2f} GiB there, and {free / 2**30:.2f} GiB are free"
            )
        with ExitStack() as stack:
            file = tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False)  # noqa: SIM115
            stack.callback(lambda: Path(file.name).unlink(missing_ok=True))
            stack.enter_context(file)
            os.posix_fallocate(file.fileno(), 0, needed)
            pieces = iter(layout.products)

            def write(weight: Rows, bias: Tensor | None) -> Linear:
                for piece in next(pieces):
                    packed = layout.storage.pack(weight[piece.first : piece.last].float())
                    file.seek(piece.extent.offset)
                    file.write(packed.numpy().data)
                return Survey()(weight, bias)

            load(write)
            file.seek(0)
            file.write(layout.describe(weights))
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)  # noqa: PTH105 (the name is a text)
    except OSError as error:
        reason = error.strerror or error
        raise RunFailed(f"{path}: cannot be written ({needed / 2**30:.2f} GiB): {reason}") from error
