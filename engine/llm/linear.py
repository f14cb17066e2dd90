"""Matrix products in two number formats behind one call.

`float16` stores weights in half precision, packed by FBGEMM, and computes in single precision: faster than `float32`
and, for the embedded model, as accurate (mean KL 2e-6). `float32` is the reference.

Both give a row the same bits whatever other rows it is computed with. FBGEMM does so when the number of rows is a
multiple of 6, the height of its AVX2 kernels; MKL only when the product always has the same shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

Linear = Callable[[Tensor], Tensor]
"""Maps float32 [rows, inputs] to float32 [rows, outputs], each row by itself."""

NumberFormat = Callable[[Tensor, Tensor | None], Linear]
"""Makes the product with a weight [outputs, inputs], to which a bias [outputs] may be added."""

ROWS: Final = 6
"""Matrices whose row count is a multiple of this need no padding."""

_CACHED_ROWS: Final = 510
"""As many rows as stay in the processor's cache: larger products are cut into such pieces."""

_REFERENCE_ROWS: Final = 60


def pad_rows(x: Tensor, multiple: int) -> Tensor:
    """Return `x` [rows, width] with rows of zeros added up to a multiple."""
    missing = -x.shape[0] % multiple
    return F.pad(x, (0, 0, 0, missing)) if missing else x


def float16(weight: Tensor, bias: Tensor | None) -> Linear:
    """Return the product with `weight` [outputs, inputs] held in half precision, plus `bias` [outputs]."""
    product = torch.ops.quantized.linear_dynamic_fp16
    packed = torch.ops.quantized.linear_prepack_fp16(weight, bias)

    def apply(x: Tensor) -> Tensor:
        rows = x.shape[0]
        x = pad_rows(x, ROWS)
        if rows <= _CACHED_ROWS:
            result: Tensor = product(x, packed)
        else:
            result = torch.cat([product(piece, packed) for piece in torch.split(x, _CACHED_ROWS)])
        return result[:rows]

    return apply


def float32(weight: Tensor, bias: Tensor | None) -> Linear:
    """Return the product with `weight` [outputs, inputs] in single precision, plus `bias` [outputs]."""

    def apply(x: Tensor) -> Tensor:
        rows = x.shape[0]
        pieces = torch.split(pad_rows(x, _REFERENCE_ROWS), _REFERENCE_ROWS)
        return torch.cat([F.linear(piece, weight, bias) for piece in pieces])[:rows]

    return apply


NUMBER_FORMATS: Final[dict[str, NumberFormat]] = {"float16": float16, "float32": float32}
