"""How a model's products are cut into pieces, and where the pieces lie in a file of weights."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from torch import Tensor

from engine.llm.linear import Linear, Rows
from engine.llm.tiers.formats import StorageFormat
from engine.llm.tiers.reader import BUFFERS, Extent

PIECE: Final = 1 << 22
"""About so many numbers are read and expanded at a time: 8 MiB in half precision, 16 MiB expanded."""
PAGE: Final = 4096
_VERSION: Final = 2
"""Goes up with every change of what a file holds, or of what was checked before it was written."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows `first` to `last` (not included) of the matrix of a product, and where their bytes are in the file."""

    first: int
    last: int
    extent: Extent


@dataclass(frozen=True, slots=True)
class Layout:
    """The pieces of all products of a model, in the order in which the products are used; the last one is its head."""

    storage: StorageFormat
    shapes: tuple[tuple[int, int], ...]
    """Outputs and inputs of each product."""
    products: tuple[tuple[Piece, ...], ...]
    weight_bytes: int
    """Bytes that all weights take."""
    largest_piece: int
    """Bytes of the largest piece."""
    workspace: int
    """How many numbers are expanded at a time at most."""

    @classmethod
    def of(
        cls, shapes: Sequence[tuple[int, int]], storage: StorageFormat, numbers: int = PIECE, multiple: int = 1
    ) -> Layout:
        """Cut products [outputs, inputs] into pieces of about so many numbers, each from the beginning of a page.

        All pieces of a product but the last have a multiple of `multiple` rows.
        """
        products: list[tuple[Piece, ...]] = []
        offset, total, largest, workspace = PAGE, 0, 0, 0
        for outputs, inputs in shapes:
            rows = max(1, numbers // inputs // multiple) * multiple
            pieces: list[Piece] = []
            for first in range(0, outputs, rows):
                last = min(outputs, first + rows)
                size = storage.size(last - first, inputs)
                pieces.append(Piece(first, last, Extent(offset, size)))
                offset += -(-size // PAGE) * PAGE
                total, largest = total + size, max(largest, size)
                workspace = max(workspace, storage.room(last - first, inputs))
            products.append(tuple(pieces))
        return cls(storage, tuple(shapes), tuple(products), total, largest, workspace)

    @property
    def count(self) -> int:
        """How many pieces there are. They are numbered from 0 in their order."""
        return sum(map(len, self.products))

    @property
    def file_bytes(self) -> int:
        """Bytes of the file that holds them."""
        last = self.products[-1][-1].extent
        return last.offset + -(-last.size // PAGE) * PAGE

    @property
    def largest_product(self) -> int:
        """How many numbers the largest matrix but the head has."""
        return max((outputs * inputs for outputs, inputs in self.shapes[:-1]), default=0)

    def extents(self) -> Iterator[Extent]:
        """Yield where each piece lies."""
        return (piece.extent for pieces in self.products for piece in pieces)

    def buffer_bytes(self) -> int:
        """Return the most that buffers for reading and expanding take."""
        expanding = self.workspace * (4 if self.storage.name != "4bit" else 4 + 1)
        return 2 * BUFFERS * self.largest_piece + expanding

    def spread(self, most_bytes: int, among: Collection[int] | None = None) -> frozenset[int]:
        """Return which pieces go to disk, that at most `most_bytes` stay in memory: as evenly spread as can be.

        So what is read meanwhile is used between what is there already, and neither waits for the other. With `among`,
        only those pieces are meant.
        """
        pieces = [(n, extent) for n, extent in enumerate(self.extents()) if among is None or n in among]
        total, kept, on_disk, passed = sum(extent.size for _, extent in pieces), 0, set[int](), 0
        for number, extent in pieces:
            passed += extent.size
            if kept + extent.size <= most_bytes * passed / total:
                kept += extent.size
            else:
                on_disk.add(number)
        return frozenset(on_disk)

    def held(self, on_disk: Collection[int]) -> int:
        """Return how many bytes stay in memory when these pieces are on disk."""
        return sum(extent.size for number, extent in enumerate(self.extents()) if number not in on_disk)

    def describe(self, weights: str) -> bytes:
        """Return the first page of the file for the model whose files have the hash `weights`."""
        first = (
            b"Thorp weights\n"
            + json.dumps(
                {
                    "version": _VERSION,
                    "weights": weights,
                    "format": self.storage.name,
                    "bytes": self.file_bytes,
                    "pieces": self.count,
                }
            ).encode()
        )
        return first.ljust(PAGE, b"\n")


class Survey:
    """A number format that only takes note of the shapes of products."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, int]] = []

    def __call__(self, weight: Rows, bias: Tensor | None) -> Linear:  # noqa: ARG002 (what a number format is given)
        """Take note of a product."""
        outputs, inputs = weight.shape
        self.shapes.append((outputs, inputs))
        return _not_there


def _not_there(x: Tensor) -> Tensor:
    raise AssertionError(f"a surveyed model computes nothing (given {list(x.shape)})")
