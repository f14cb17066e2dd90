"""A pass over ragged blocks on the GPU: what its kernels need to know about them, in one table each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
import triton
from torch import Tensor

from engine.llm.cuda import kernels
from engine.llm.decoder import Block, Config, Pass

FEW: Final = 16
"""Blocks of so few rows go together; a tile of theirs has no more."""
STAGES: Final = 2
"""Keys are loaded while those before are computed with."""
_NARROWEST: Final = 16
"""Products in kernels have at least so many inputs."""


def tile_sizes(padded: int) -> tuple[int, int]:
    """Return rows of a tile of a larger block, and keys that are computed with at a time, for heads of this width.

    More would not fit into the shared memory of smaller cards.
    """
    return (64, 64) if padded <= 128 else (32, 32)


class RaggedPass(Pass):
    """A `Pass` whose blocks attend all in one launch per layer, wherever their keys are."""

    def __init__(self, blocks: Sequence[Block], config: Config) -> None:
        super().__init__(blocks)
        self._config = config
        self._group = config.heads // config.kv_heads
        self._padded = max(_NARROWEST, triton.next_power_of_2(config.head_dim))
        self._many, self._keys = tile_sizes(self._padded)
        self._tables: dict[int | None, tuple[Tensor, Tensor]] = {}
        segments: list[int] = []
        homes: list[Tensor] = []
        self._runs: list[tuple[int, int]] = []
        """Each block's segments, from and to."""
        for block, size in zip(blocks, self.sizes, strict=True):
            first = len(segments) // kernels.SEGMENT_FIELDS.value
            for keys, values in block.past():
                segments += (keys.data_ptr(), values.data_ptr(), keys.shape[2], keys.stride(0), keys.stride(1))
            self._runs.append((first, len(segments) // kernels.SEGMENT_FIELDS.value))
            homes.append(_home(block, size))
        self._segments = self._send(torch.tensor(segments or [0], dtype=torch.int64))
        self._homes = self._send(torch.cat(homes))
        self._tiles = [(self._send(tiles), rows) for tiles, rows in self._cut()]

    def pad(self, x: Tensor) -> Tensor:
        """Return `x` [n, ...] where the model computes: products here need no padding."""
        return self._send(x)

    def attend(
        self,
        layer: int,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        window: int | None = None,
        scale: float | None = None,
        cap: float | None = None,
    ) -> Tensor:
        """See `Pass.attend`. What is attended to has the number format of keys."""
        c = self._config
        kind, padded = kernels.KINDS[c.key_format], self._padded
        blocks, _ = self._table(window)
        attended = torch.empty(q.shape[1], c.heads * c.head_dim, dtype=c.key_format, device=q.device)
        assert q.stride(2) == k.stride(2) == v.stride(2) == 1
        kernels.keep[(len(self.tokens), c.kv_heads)](
            *(k, v, self._homes, layer, k.stride(0), k.stride(1), v.stride(0), v.stride(1)),
            WIDTH=c.head_dim,
            PADDED=padded,
            KIND=kind,
            num_warps=1,  # each writes one run of memory, also over the link
        )
        for tiles, rows in self._tiles:
            if len(tiles):
                kernels.attend[(len(tiles), c.kv_heads)](
                    q,
                    k,
                    v,
                    attended,
                    tiles,
                    blocks,
                    self._segments,
                    layer,
                    c.head_dim**-0.5 if scale is None else scale,
                    cap or 1.0,
                    *(q.stride(0), q.stride(1), k.stride(0), k.stride(1), v.stride(0), v.stride(1), attended.stride(0)),
                    GROUP=self._group,
                    WIDTH=c.head_dim,
                    PADDED=padded,
                    ROWS=rows,
                    KEYS=self._keys,
                    CAPPED=cap is not None,
                    KIND=kind,
                    num_stages=STAGES,
                )
        return attended

    def _cut(self) -> list[tuple[Tensor, int]]:
        """Return tiles as (block, first row), those of small blocks and those of others, and how many rows they have.

        How a block is cut depends on itself only.
        """
        few: list[tuple[int, int]] = []
        many: list[tuple[int, int]] = []
        for number, size in enumerate(self.sizes):
            rows = size * self._group
            if rows <= FEW:
                few.append((number, 0))
            else:
                many += ((number, first) for first in range(0, rows, self._many))
        many.sort(key=lambda tile: -tile[1])  # the last rows of a text attend longest
        return [
            (torch.tensor(tiles, dtype=torch.int64).reshape(-1, 2), r) for tiles, r in ((few, FEW), (many, self._many))
        ]

    def _table(self, window: int | None) -> tuple[Tensor, Tensor]:
        """Return what the kernel knows of each block where tokens see the last `window` tokens, and the masks in it."""
        if window is not None and all(max(block.positions) < window for block in self.blocks):
            window = None
        if window not in self._tables:
            masks = [block.tail() for block in self.blocks] if window is None else list(self.masks(window))
            flat = [mask.flatten() for mask in masks if mask is not None]
            held = self._send(torch.cat(flat) if flat else torch.zeros(1))
            rows: list[list[int]] = []
            start, place = 0, held.data_ptr()
            for block, size, run, mask in zip(self.blocks, self.sizes, self._runs, masks, strict=True):
                row = [start, size, *run, 0, 0, 0, 0]
                if mask is not None:
                    every = sum(keys.shape[2] for keys, _ in block.past()) + size
                    row[4:7] = place, every - mask.shape[1], mask.shape[1]
                    place += mask.numel() * mask.element_size()
                rows.append(row)
                start += size
            self._tables[window] = self._send(torch.tensor(rows, dtype=torch.int64)), held
        return self._tables[window]

    def _send(self, x: Tensor) -> Tensor:
        return x.to(self._config.device, non_blocking=True)


def _home(block: Block, size: int) -> Tensor:
    """Return for each row of a block where its key and value go, and the steps from a layer and a head to the next."""
    home = block.home()
    table = torch.zeros(size, kernels.HOME_FIELDS.value, dtype=torch.int64)
    if home is not None:
        keys, values = home  # [layers, kv_heads, size, head_dim] each
        steps = torch.arange(size) * (keys.stride(2) * keys.element_size())
        table[:, 0], table[:, 1] = keys.data_ptr() + steps, values.data_ptr() + steps
        table[:, 2], table[:, 3] = keys.stride(0), keys.stride(1)
    return table
