"""Groups of 4-bit numbers, expanded on the GPU."""

from __future__ import annotations

from typing import Final

import torch
import triton
import triton.language as tl
from torch import Tensor

from engine.llm.cuda import kernels

_HALF: Final = 32
_GROUPS: Final = 64
_KINDS: Final = {torch.bfloat16: tl.bfloat16, torch.float16: tl.float16, torch.float32: tl.float32}


def expand_groups(raw: Tensor, groups: int, into: Tensor) -> None:
    """Expand what `StorageFormat.pack` made of so many groups, uint8 [groups * 36], into numbers [groups * 64]."""
    scales, lows = raw[groups * _HALF : groups * (_HALF + 4)].view(torch.float16).view(2, groups)
    kernels.expand_groups[(triton.cdiv(groups, _GROUPS),)](
        raw, scales, lows, into, groups, GROUPS=_GROUPS, HALF=_HALF, KIND=_KINDS[into.dtype]
    )
