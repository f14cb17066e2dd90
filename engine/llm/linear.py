"""Matrix products in two number formats behind one call.

`float16` stores weights in half precision, packed by FBGEMM, and computes in single precision: faster than `float32`
and, for the embedded model, as accurate (mean KL 2e-6). `float32` is the reference, also in `float16` for matrices
whose numbers half precision does not hold (`ranges`): FBGEMM would cut them to what it does, and say nothing.

Both give a row the same bits whatever other rows it is computed with. FBGEMM does so when the number of rows is a
multiple of 6, the height of its AVX2 kernels; MKL only when the product always has the same shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

from engine.llm.ranges import HALF

Linear = Callable[[Tensor], Tensor]
"""Maps float32 [rows, inputs] to float32 [rows, outputs], each row by itself; on a GPU, what comes out is bfloat16."""


class Rows(Protocol):
    """A matrix that gives runs of its rows: a tensor, or a table on disk."""

    @property
    def shape(self) -> Sequence[int]:
        """Rows and columns."""
        ...

    def __getitem__(self, rows: slice, /) -> Tensor:
        """Return these rows."""
        ...


NumberFormat = Callable[[Rows, Tensor | None], Linear]
"""Makes the product with a weight [outputs, inputs], to which a bias [outputs] may be added."""

ROWS: Final = 6
"""Matrices whose row count is a multiple of this need no padding."""

CACHED_ROWS: Final = 510
"""As many rows as stay in the processor's cache: larger products are cut into such pieces."""

REFERENCE_ROWS: Final = 60
"""MKL gives a row the same bits when it is always one of so many."""


def pad_rows(x: Tensor, multiple: int) -> Tensor:
    """Return `x` [rows, width] with rows of zeros added up to a multiple."""
    missing = -x.shape[0] % multiple
    return F.pad(x, (0, 0, 0, missing)) if missing else x


def float16(weight: Rows, bias: Tensor | None) -> Linear:
    """Return the product with `weight` [outputs, inputs] held in half precision, plus `bias` [outputs]."""
    numbers = weight[:].float()
    if HALF.complaint(numbers.numpy()):
        return float32(numbers, bias)
    product = torch.ops.quantized.linear_dynamic_fp16
    packed = torch.ops.quantized.linear_prepack_fp16(numbers, bias)

    def apply(x: Tensor) -> Tensor:
        rows = x.shape[0]
        x = pad_rows(x, ROWS)
        if rows <= CACHED_ROWS:
            result: Tensor = product(x, packed)
        else:
            result = torch.cat([product(piece, packed) for piece in torch.split(x, CACHED_ROWS)])
        return result[:rows]

    return apply


def float32(weight: Rows, bias: Tensor | None) -> Linear:
    """Return the product with `weight` [outputs, inputs] in single precision, plus `bias` [outputs]."""
    numbers = weight[:].float()

    def apply(x: Tensor) -> Tensor:
        return multiply(reference_pieces(x), numbers, bias)[: x.shape[0]]

    return apply


def reference_pieces(x: Tensor) -> Sequence[Tensor]:
    """Return the rows of `x` [rows, inputs] in pieces of the one size that the reference computes with."""
    return torch.split(pad_rows(x, REFERENCE_ROWS), REFERENCE_ROWS)


def multiply(pieces: Sequence[Tensor], weight: Tensor, bias: Tensor | None) -> Tensor:
    """Return the product of all pieces with `weight` [outputs, inputs] in single precision, plus `bias` [outputs]."""
    return torch.cat([F.linear(piece, weight, bias) for piece in pieces])


NUMBER_FORMATS: Final[dict[str, NumberFormat]] = {"float16": float16, "float32": float32}
