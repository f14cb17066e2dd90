"""Groups of 4-bit numbers, expanded on the GPU."""

from __future__ import annotations

from typing import Final

import torch
import triton
from torch import Tensor

from engine.llm.cuda import kernels

_HALF: Final = 32
_GROUPS: Final = 64


def expand_groups(raw: Tensor, groups: int, into: Tensor) -> None:
    """Expand what `StorageFormat.pack` made of so many groups, uint8 [groups * 36], into numbers [groups * 64]."""
    scales, lows = raw[groups * _HALF : groups * (_HALF + 4)].view(torch.float16).view(2, groups)
    kernels.expand_groups[(triton.cdiv(groups, _GROUPS),)](
        raw, scales, lows, into, groups, GROUPS=_GROUPS, HALF=_HALF, KIND=kernels.KINDS[into.dtype]
    )
