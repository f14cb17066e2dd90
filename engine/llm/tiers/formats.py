"""How weights are held in memory or on disk between their uses, and how they are expanded for a product.

`fp16`, `bf16` and `fp32` hold every number by itself. `4bit` is FlexGen's group-wise quantisation (Sheng et al. 2023,
section 5): 64 numbers of a row share a minimum and a scale in half precision, and each is one of 16 steps between them,
so it takes 4.5 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from engine.llm.ranges import BRAIN, HALF, SINGLE, Range

GROUP: Final = 64
_HALF: Final = GROUP // 2
_LEVELS: Final = 15
_KINDS: Final = {"fp16": torch.float16, "bf16": torch.bfloat16, "fp32": torch.float32}


class Workspace:
    """The memory in which one run of rows at a time is expanded. What was expanded before is overwritten."""

    def __init__(self, numbers: int, device: str = "cpu", kind: torch.dtype = torch.float32) -> None:
        self._numbers = torch.empty(numbers, dtype=kind, device=device)
        self._whole = torch.empty(0, dtype=torch.uint8)

    @property
    def bytes(self) -> int:
        """Bytes that it takes."""
        return self._numbers.nbytes + self._whole.nbytes

    @property
    def kind(self) -> torch.dtype:
        """The kind of numbers that is computed with."""
        return self._numbers.dtype

    def numbers(self, count: int) -> Tensor:
        """Return room for so many numbers, [count], of the kind that is computed with."""
        return self._numbers[:count]

    def whole(self, count: int) -> Tensor:
        """Return room for so many small whole numbers, uint8 [count]."""
        if len(self._whole) < count:
            self._whole = torch.empty(count, dtype=torch.uint8)
        return self._whole[:count]


@dataclass(frozen=True, slots=True)
class StorageFormat:
    """A way to hold rows of weights as bytes."""

    name: str
    bits: float
    """Per number, in rows whose width is a multiple of `GROUP`."""
    range: Range
    """The numbers that it holds."""

    def size(self, rows: int, width: int) -> int:
        """Return how many bytes a matrix [rows, width] takes."""
        if self.name == "4bit":
            return rows * _groups(width) * (_HALF + 4)
        return rows * width * _KINDS[self.name].itemsize

    def room(self, rows: int, width: int) -> int:
        """Return how many numbers a `Workspace` must hold to expand a matrix [rows, width]."""
        return rows * (_groups(width) * GROUP if self.name == "4bit" else width)

    def pack(self, weight: Tensor) -> Tensor:
        """Return the bytes, uint8 [size], of `weight`, float32 [rows, width]."""
        if self.name == "4bit":
            return _pack_groups(weight)
        return weight.to(_KINDS[self.name]).contiguous().view(torch.uint8).flatten()

    def expand(self, raw: Tensor, rows: int, width: int, into: Workspace) -> Tensor:
        """Return the numbers in `raw`, uint8 [size], as `into.kind` [rows, width], valid until the next call."""
        if self.name == "4bit":
            return (_expand_groups if raw.device.type == "cpu" else _expand_on_gpu)(raw, rows, width, into)
        numbers = raw.view(_KINDS[self.name]).view(rows, width)
        return numbers if numbers.dtype == into.kind else into.numbers(rows * width).view(rows, width).copy_(numbers)


def _groups(width: int) -> int:
    return -(-width // GROUP)


def _pack_groups(weight: Tensor) -> Tensor:
    """Return whole numbers [rows, groups, 32], then scales and minima [rows, groups], as bytes.

    A byte holds number i of a group in its low half and number i + 32 in its high one.
    """
    rows, width = weight.shape
    missing = -width % GROUP
    if missing:  # repeated, so that they change neither minimum nor maximum
        weight = torch.cat([weight, weight[:, -1:].expand(-1, missing)], dim=1)
    groups = weight.view(rows, -1, GROUP)
    low, high = groups.aminmax(dim=-1, keepdim=True)  # [rows, groups, 1]
    low = low.half()
    levels = torch.full_like(high, _LEVELS)  # by a single number a GPU would not divide, but multiply: other bits
    scale = ((high - low.float()) / levels).half()
    steps = (groups - low.float()).div_(torch.where(scale == 0, 1, scale.float()))
    whole = steps.round_().clamp_(0, _LEVELS).to(torch.uint8)  # [rows, groups, 64]
    packed = whole[..., :_HALF] | whole[..., _HALF:] << 4
    return torch.cat([part.contiguous().view(torch.uint8).flatten() for part in (packed, scale, low)])


def _expand_groups(raw: Tensor, rows: int, width: int, into: Workspace) -> Tensor:
    groups = _groups(width)
    count = rows * groups
    packed = raw[: count * _HALF].view(rows, groups, _HALF)
    scale, low = raw[count * _HALF :].view(torch.float16).view(2, rows, groups, 1)
    whole = into.whole(count * _HALF).view(rows, groups, _HALF)
    numbers = into.numbers(count * GROUP).view(rows, groups, 2, _HALF)
    numbers[:, :, 0] = torch.bitwise_and(packed, _LEVELS, out=whole)
    numbers[:, :, 1] = torch.bitwise_right_shift(packed, 4, out=whole)
    filled = numbers.view(rows, groups, GROUP).mul_(scale.float()).add_(low.float())
    return filled.view(rows, -1)[:, :width] if width % GROUP else filled.view(rows, width)


def _expand_on_gpu(raw: Tensor, rows: int, width: int, into: Workspace) -> Tensor:
    from engine.llm.cuda.expanding import expand_groups  # it needs triton, which comes with torch for GPUs

    groups = _groups(width)
    numbers = into.numbers(rows * groups * GROUP)
    expand_groups(raw, rows * groups, numbers)
    return numbers.view(rows, -1)[:, :width]


STORAGE_FORMATS: Final = {
    each.name: each
    for each in (
        StorageFormat("fp16", 16, HALF),
        StorageFormat("bf16", 16, BRAIN),
        StorageFormat("fp32", 32, SINGLE),
        StorageFormat("4bit", 4.5, HALF),  # whose minima and scales are in half precision
    )
}
