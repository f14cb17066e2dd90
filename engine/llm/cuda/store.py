"""Products whose weights are on the GPU, in the computer's memory or on disk.

As in `tiers/store`, a piece has the same bytes wherever it is, is expanded by the same operations and multiplied by the
same product, so outputs are the same bit by bit for every placement. A piece that was brought serves all rows of a pass
(FlexGen's block schedule, Sheng et al. 2023), and the next ones are on their way meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from engine.llm.cuda.feeder import Feeder, Source
from engine.llm.cuda.locked import locked
from engine.llm.cuda.products import begin_products, multiply, padded
from engine.llm.cuda.streams import settle
from engine.llm.linear import Linear, Rows
from engine.llm.tiers.formats import Workspace
from engine.llm.tiers.gpu import BUFFERS, HEAD_BUFFERS
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.reader import Reader
from engine.llm.tiers.store import read_piece


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the pieces of a layout are: those of neither set are on the GPU."""

    in_ram: frozenset[int] = frozenset()
    on_disk: frozenset[int] = frozenset()

    @classmethod
    def of(cls, layout: Layout, gpu: int, ram: int) -> Placement:
        """Spread pieces evenly: at most `gpu` bytes on the GPU, of the others at most `ram` bytes in memory."""
        away = layout.spread(gpu)
        on_disk = layout.spread(ram, away)
        return cls(away - on_disk, on_disk)


class GpuStore:
    """A number format that holds weights in tiers. Products come in the order of the layout.

    Pieces `on_disk` stay in `file`, which `write_weights` made; from there all are read if the matrices that are given
    have no numbers. Raises `RunFailed` when a file or memory fails.
    """

    def __init__(
        self,
        layout: Layout,
        device: str,
        placement: Placement = Placement(),
        file: Path | None = None,
        cores: Sequence[int] = (),
    ) -> None:
        begin_products()
        self.layout = layout
        self.placement = placement
        self._device = device
        self._file = file
        self._extents = list(layout.extents())
        self._workspace = Workspace(0 if layout.storage.name == "bf16" else layout.workspace, device, torch.bfloat16)
        self._made = 0
        self._kept: list[Tensor] = []
        """What is on the GPU or in memory, by pieces; of those on disk there is nothing."""
        self._cores = cores
        self._readers: list[Reader] = []
        self._feeders: dict[int, tuple[Feeder, int]] = {}

    def __call__(self, weight: Rows, bias: Tensor | None) -> Linear:
        """Take in the next product."""
        outputs, inputs = weight.shape
        assert self.layout.shapes[self._made] == (outputs, inputs)
        pieces = self.layout.products[self._made]
        self._made += 1
        begin = len(self._kept)
        for number, piece in enumerate(pieces, begin):
            self._kept.append(self._home(number, weight, piece.first, piece.last))
        if len(self._kept) == self.layout.count:
            self._begin_feeding()
        added = None if bias is None else bias.to(self._device, torch.bfloat16)
        storage, workspace, device = self.layout.storage, self._workspace, self._device

        def apply(x: Tensor) -> Tensor:
            rows = padded(x, device)
            out = torch.empty(len(rows), outputs, dtype=torch.bfloat16, device=device)
            for number, piece in enumerate(pieces, begin):
                own = slice(piece.first, piece.last)
                numbers = storage.expand(self._bytes(number), piece.last - piece.first, inputs, workspace)
                multiply(rows, numbers, None if added is None else added[own], out[:, own])
            return out[: len(x)]

        return apply

    def forget(self) -> None:
        """Drop what was brought ahead and what the system keeps of the file in memory: as after a start."""
        for feeder in {id(feeder): feeder for feeder, _ in self._feeders.values()}.values():
            feeder.forget()
        settle(self._device)
        for reader in self._readers:
            reader.forget()

    def close(self) -> None:
        """Close the file, and give the memory back. Products cannot be used any more."""
        settle(self._device)
        for reader in self._readers:
            reader.close()
        self._feeders, self._kept = {}, []

    def _home(self, number: int, weight: Rows, first: int, last: int) -> Tensor:
        """Return the bytes of a piece where they are to be."""
        extent = self._extents[number]
        if number in self.placement.on_disk:
            return torch.empty(0)
        if isinstance(weight, Tensor) and weight.is_meta:
            assert self._file is not None
            found = read_piece(self._file, extent, torch.empty(extent.size, dtype=torch.uint8))
        else:
            found = self.layout.storage.pack(weight[first:last].to(self._device, torch.float32))
        if number in self.placement.in_ram:
            kept = locked(extent.size)
            kept.copy_(found)
            return kept
        return found.to(self._device)

    def _begin_feeding(self) -> None:
        head = len(self.layout.products[-1])
        bounds = range(self.layout.count - head), range(self.layout.count - head, self.layout.count)
        away = self.placement.in_ram | self.placement.on_disk
        for numbers, buffers in zip(bounds, (BUFFERS, HEAD_BUFFERS), strict=True):
            brought = [number for number in numbers if number in away]
            if not brought:
                continue
            on_disk = [number for number in brought if number in self.placement.on_disk]
            sources: list[Source] = [self._kept[number] for number in brought]
            if on_disk:
                assert self._file is not None
                extents = [self._extents[number] for number in on_disk]
                reader = Reader(self._file, extents, self._cores, memory=locked)
                self._readers.append(reader)
                for place, number in enumerate(on_disk):
                    sources[brought.index(number)] = reader, place
            feeder = Feeder(sources, [self._extents[n].size for n in brought], self._device, buffers)
            self._feeders |= {number: (feeder, place) for place, number in enumerate(brought)}

    def _bytes(self, number: int) -> Tensor:
        if number in self._feeders:
            feeder, place = self._feeders[number]
            return feeder.take(place)
        return self._kept[number]
