"""Attention over ragged blocks: the GPU's kernel, in Triton's interpreter, against the CPU's attention."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.llm.branches import Branches
from engine.llm.decoder import Block, Config, Pass
from engine.llm.kv import Node
from engine.llm.scoring import Trie

pytest.importorskip("triton", reason="the kernels of a GPU are written in Triton")

from engine.llm.cuda.ragged import RaggedPass

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def qkv(config: Config, rows: int, seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    dice = torch.Generator().manual_seed(seed)
    whole = torch.randn(rows, config.heads + 2 * config.kv_heads, config.head_dim, generator=dice)
    q, k, v = torch.split(whole, [config.heads, config.kv_heads, config.kv_heads], dim=1)
    return q.transpose(0, 1), k.transpose(0, 1), v.transpose(0, 1)


def fill(numbers: torch.Tensor, dice: torch.Generator) -> None:
    numbers.copy_(torch.randn(numbers.shape, generator=dice))  # dice are the CPU's, wherever the numbers are


def chain(config: Config, sizes: Sequence[int], dice: torch.Generator) -> list[Node]:
    """Return nodes one after the other, with keys and values of any kind."""
    nodes: list[Node] = []
    for size in sizes:
        nodes.append(Node(config, nodes[-1] if nodes else None, tuple(range(size))))
        fill(nodes[-1].keys, dice)
        fill(nodes[-1].values, dice)
    return nodes


def blocks_of(config: Config, sizes: Sequence[int], steps: int, samples: int) -> list[Block]:
    """Return a chain of nodes with a trie after it, and branches after a chain that was read before."""
    dice = torch.Generator().manual_seed(1)
    nodes = chain(config, sizes, dice)
    trie = Trie.of(nodes[-1], ((1, 2, 3), (1, 2, 4, 5), (6,), (7, 8, 9)))
    branches = Branches(config, chain(config, sizes, dice)[-1])
    for _ in range(steps):
        branches.advance(range(samples), [3] * samples)
        for own in branches.home():
            fill(own, dice)
    return [*nodes, trie, branches]


def exact_attention(
    blocks: Sequence[Block], q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, window: int | None, cap: float | None
) -> torch.Tensor:
    """Attention of layer 0 in double precision, by the masks of the CPU."""
    parts: list[torch.Tensor] = []
    start = 0
    for block, mask in zip(blocks, Pass(blocks).masks(window), strict=True):
        own = slice(start, start + len(block.tokens))
        start = own.stop
        runs = [*[(keys[0], values[0]) for keys, values in block.past()], (k[:, own], v[:, own])]
        keys, values = (torch.cat([run[i].double().cpu() for run in runs], dim=1) for i in range(2))
        group = q.shape[0] // keys.shape[0]
        scores = q[:, own].double().cpu() @ keys.repeat_interleave(group, 0).transpose(1, 2) / q.shape[2] ** 0.5
        scores = scores if cap is None else cap * torch.tanh(scores / cap)
        mixed = torch.softmax(scores + mask, dim=-1) @ values.repeat_interleave(group, 0)
        parts.append(mixed.transpose(0, 1).flatten(1))
    return torch.cat(parts)


@settings(max_examples=4 if DEVICE == "cpu" else 40, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(st.integers(1, 80 if DEVICE == "cuda" else 40), min_size=1, max_size=3),
    st.integers(1, 3),
    st.integers(1, 4),
    st.sampled_from([(4, 2, 16), (6, 2, 24), (3, 3, 32), (2, 1, 128)]),
    st.sampled_from([None, 40]),
    st.sampled_from([None, 20.0]),
)
def test_all_kinds_of_blocks_attend_to_what_they_may_see_and_keep_their_keys(
    sizes: list[int], steps: int, samples: int, shape: tuple[int, int, int], window: int | None, cap: float | None
) -> None:
    heads, kv_heads, width = shape
    config = Config(1, heads * width, heads, kv_heads, width, 8, 16, 4096, DEVICE)
    blocks = blocks_of(config, sizes, steps, samples)
    rows = sum(len(block.tokens) for block in blocks)
    q, k, v = (x.to(DEVICE, config.key_format) for x in qkv(config, rows, seed=3))
    found = RaggedPass(blocks, config).attend(0, q, k, v, window, None, cap)
    start = 0
    for block in blocks:
        own = slice(start, start + len(block.tokens))
        start = own.stop
        for kept, new in zip(block.home() or (), (k, v), strict=False):
            assert torch.equal(kept[0], new[:, own])
    close = 2e-5 if config.key_format == torch.float32 else 3e-2
    torch.testing.assert_close(found.double().cpu(), exact_attention(blocks, q, k, v, window, cap), atol=close, rtol=0)
    for number, block in enumerate(blocks):  # alone, a block's rows have the same bits
        before = sum(len(other.tokens) for other in blocks[:number])
        own = slice(before, before + len(block.tokens))
        alone = RaggedPass([block], config).attend(0, q[:, own], k[:, own], v[:, own], window, None, cap)
        assert torch.equal(alone, found[own])
