"""The number formats of tensors on disk, and how their blocks turn into numbers.

A block is a run of numbers with common scales. The `_K` formats have blocks of 256 numbers in groups whose scales are
small whole numbers themselves. Format: https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.float32]

_PIECE: Final = 1 << 18
"""About as many numbers are unpacked at a time, so that what lies between stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class BlockFormat:
    """How a tensor type lays out its numbers: `size` bytes hold `block` numbers.

    `unpack` turns blocks, uint8 [b, size], into numbers, float32 [b, block].
    """

    name: str
    block: int
    size: int
    unpack: Callable[[Bytes], Numbers]


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """Where a tensor lies in a file: shape (outermost dimension first), format, byte range."""

    shape: tuple[int, ...]
    format: BlockFormat
    start: int
    size: int


def dequantise(raw: Bytes, layout: BlockFormat) -> Numbers:
    """Return the numbers in `raw` (whole blocks of `layout`) as a new float32 array [n]."""
    blocks = raw.reshape(-1, layout.size)
    numbers = np.empty((len(blocks), layout.block), np.float32)
    step = max(1, _PIECE // layout.block)
    with np.errstate(all="ignore"):  # whoever reads them checks whether they are finite
        for start in range(0, len(blocks), step):
            numbers[start : start + step] = layout.unpack(blocks[start : start + step])
    return numbers.ravel()


def _halves(blocks: Bytes, start: int) -> Numbers:
    """Return the half-precision number at byte `start` of each block, [b, 1]."""
    return blocks[:, start : start + 2].copy().view("<f2").astype(np.float32)


def _nibbles(packed: Bytes, run: int) -> Bytes:
    """Return the 4-bit numbers in `packed` [b, n], [b, 2 n]: of each `run` bytes the low halves, then the high ones."""
    runs = packed.reshape(len(packed), -1, 1, run) >> np.array([[0], [4]], np.uint8)  # [b, n / run, 2, run]
    return (runs & np.uint8(15)).reshape(len(packed), -1)


def _bits(packed: Bytes) -> Bytes:
    """Return the bits in `packed` [b, n], lowest first, as [b, 8 n]."""
    return np.unpackbits(packed, axis=1, bitorder="little")


def _f32(blocks: Bytes) -> Numbers:
    return blocks.view("<f4").astype(np.float32)


def _f16(blocks: Bytes) -> Numbers:
    return blocks.view("<f2").astype(np.float32)


def _bf16(blocks: Bytes) -> Numbers:
    return (blocks.view("<u2").astype(np.uint32) << 16).view(np.float32)


def _q8_0(blocks: Bytes) -> Numbers:
    return _halves(blocks, 0) * blocks[:, 2:].view(np.int8)


def _q4_0(blocks: Bytes) -> Numbers:
    return _halves(blocks, 0) * (_nibbles(blocks[:, 2:], 16).view(np.int8) - np.int8(8))


def _q4_1(blocks: Bytes) -> Numbers:
    return _halves(blocks, 0) * _nibbles(blocks[:, 4:], 16) + _halves(blocks, 2)


def _q5_0(blocks: Bytes) -> Numbers:
    whole = _nibbles(blocks[:, 6:], 16) | _bits(blocks[:, 2:6]) << 4  # [b, 32]
    return _halves(blocks, 0) * (whole.view(np.int8) - np.int8(16))


def _q5_1(blocks: Bytes) -> Numbers:
    whole = _nibbles(blocks[:, 8:], 16) | _bits(blocks[:, 4:8]) << 4  # [b, 32]
    return _halves(blocks, 0) * whole + _halves(blocks, 2)


def _group_scales(blocks: Bytes) -> tuple[Numbers, Numbers]:
    """Return the scale and the minimum of each group of 32 in blocks of Q4_K or Q5_K, [b, 8, 1] twice."""
    low, high, rest = (blocks[:, start : start + 4] for start in (4, 8, 12))  # 6-bit numbers in 12 bytes
    scales = np.concatenate([low & 63, (rest & 15) | (low >> 2 & 48)], axis=1)
    minima = np.concatenate([high & 63, (rest >> 4) | (high >> 2 & 48)], axis=1)
    return (_halves(blocks, 0) * scales)[..., None], (_halves(blocks, 2) * minima)[..., None]


def _q4_k(blocks: Bytes) -> Numbers:
    scales, minima = _group_scales(blocks)
    whole = _nibbles(blocks[:, 16:], 32).reshape(-1, 8, 32)
    return (scales * whole - minima).reshape(-1, 256)


def _q5_k(blocks: Bytes) -> Numbers:
    scales, minima = _group_scales(blocks)
    top = _bits(blocks[:, 16:48]).reshape(-1, 32, 8).transpose(0, 2, 1)  # bit g of byte i: number i of group g
    whole = _nibbles(blocks[:, 48:], 32).reshape(-1, 8, 32) | top << 4
    return (scales * whole - minima).reshape(-1, 256)


def _q6_k(blocks: Bytes) -> Numbers:
    low = _nibbles(blocks[:, :128], 64)  # [b, 256]
    pairs = blocks[:, 128:192].reshape(-1, 2, 1, 32) >> np.array([[0], [2], [4], [6]], np.uint8)  # [b, 2, 4, 32]
    whole = (low | (pairs & 3).reshape(-1, 256) << 4).view(np.int8) - np.int8(32)
    scales = _halves(blocks, 208) * blocks[:, 192:208].view(np.int8)  # [b, 16]
    return (scales[..., None] * whole.reshape(-1, 16, 16)).reshape(-1, 256)


FORMATS: Final[dict[int, BlockFormat]] = {
    0: BlockFormat("F32", 1, 4, _f32),
    1: BlockFormat("F16", 1, 2, _f16),
    2: BlockFormat("Q4_0", 32, 18, _q4_0),
    3: BlockFormat("Q4_1", 32, 20, _q4_1),
    6: BlockFormat("Q5_0", 32, 22, _q5_0),
    7: BlockFormat("Q5_1", 32, 24, _q5_1),
    8: BlockFormat("Q8_0", 32, 34, _q8_0),
    12: BlockFormat("Q4_K", 256, 144, _q4_k),
    13: BlockFormat("Q5_K", 256, 176, _q5_k),
    14: BlockFormat("Q6_K", 256, 210, _q6_k),
    30: BlockFormat("BF16", 1, 2, _bf16),
}
"""By the number that GGUF gives them. The names are also those of safetensors, where it has the format."""
