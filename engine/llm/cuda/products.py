"""Matrix products in bfloat16 on the GPU.

cuBLAS chooses another kernel for another number of rows, and then a row may get other bits. So all products are of
pieces of one number of rows, as on the CPU with MKL (`linear`); `invariance` tries whether that is enough.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

from engine.llm.tiers.gpu import ROWS


def begin_products() -> None:
    """Have sums kept in single precision until they are whole, in this process."""
    torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction = False


def padded(x: Tensor, device: str) -> Tensor:
    """Return `x` [rows, inputs] as bfloat16 on the GPU, with rows of zeros up to a multiple of `ROWS`."""
    missing = -len(x) % ROWS
    numbers = x.to(device, torch.bfloat16)
    return F.pad(numbers, (0, 0, 0, missing)) if missing else numbers.contiguous()


def multiply(x: Tensor, weight: Tensor, bias: Tensor | None, out: Tensor) -> None:
    """Put the product of `x` [rows, inputs] and `weight` [outputs, inputs], plus `bias`, into `out` [rows, outputs]."""
    turned = weight.t()
    for first in range(0, len(x), ROWS):
        rows = slice(first, first + ROWS)
        if bias is None:
            torch.mm(x[rows], turned, out=out[rows])
        else:
            torch.addmm(bias, x[rows], turned, out=out[rows])
