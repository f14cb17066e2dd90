"""A Llama-family decoder for packed, ragged input.

The new tokens of all sequences lie in one matrix [tokens, hidden], without padding between them. They come in blocks:
a block is a run of tokens that attends to keys of its own (what precedes it, and itself) in one call. A block may
continue another one of the same pass, because the keys and values of all tokens are there before attention starts.

**Every row gets the same bits whatever blocks share its pass.** Products see to it themselves (`linear`); norms and
softmax work row by row; attention is called once per block, with shapes that depend on that block only. What is left
are elementwise functions that torch computes with vector instructions, but with other ones for the last few numbers of
each thread's share; `_by_blocks` makes the shares such that there are no last few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final, Protocol

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

from engine.errors import BadInput
from engine.llm.gguf import Gguf
from engine.llm.linear import ROWS, Linear, pad_rows

_GRAIN: Final = 32768
"""Elementwise operations of torch give each thread at least this many numbers."""
_SHARES: Final = 4
LOGIT_ROWS: Final = 252
"""How many rows `Llama.log_probabilities` should be asked for at a time."""


@dataclass(frozen=True, slots=True)
class Config:
    """The shape of a model."""

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    feed_forward: int
    vocabulary: int
    context: int
    """Longest sequence, in tokens."""
    rope_base: float
    epsilon: float

    @classmethod
    def from_gguf(cls, file: Gguf) -> Config:
        """Read the shape from the metadata of `file`. Raises `BadInput` for other families and impossible shapes."""
        source = str(file.path)
        family = file.text("general.architecture")
        if family != "llama":
            raise BadInput(source, f"models of the family {family[:40]!r} are not supported yet ('llama' is)")
        if file.metadata.get("llama.rope.scaling.type", "none") != "none" or "rope_freqs.weight" in file.tensors:
            raise BadInput(source, "scaled rotary positions are not supported yet")
        hidden = file.integer("llama.embedding_length", 2, 1 << 16)
        heads = file.integer("llama.attention.head_count", 1, 1 << 10)
        kv_heads = file.integer("llama.attention.head_count_kv", 1, heads, default=heads)
        head_dim = file.integer("llama.attention.key_length", 2, 256, default=max(2, hidden // heads))
        rotated = file.integer("llama.rope.dimension_count", 2, 256, default=head_dim)
        values = file.integer("llama.attention.value_length", 2, 256, default=head_dim)
        if heads % kv_heads or head_dim % 2 or {rotated, values} != {head_dim}:
            raise BadInput(source, "its numbers and sizes of attention heads do not go together")
        epsilon = file.number("llama.attention.layer_norm_rms_epsilon")
        rope_base = file.number("llama.rope.freq_base", default=10000.0)
        if epsilon < 0 or rope_base <= 1:
            raise BadInput(source, "its norm epsilon or rope base is out of range")
        return cls(
            layers=file.integer("llama.block_count", 1, 1 << 10),
            hidden=hidden,
            heads=heads,
            kv_heads=kv_heads,
            head_dim=head_dim,
            feed_forward=file.integer("llama.feed_forward_length", 1, 1 << 20),
            vocabulary=len(file.texts("tokenizer.ggml.tokens")),
            context=file.integer("llama.context_length", 2, 1 << 17),
            rope_base=rope_base,
            epsilon=epsilon,
        )

    @property
    def token_bytes(self) -> int:
        """Bytes that the keys and values of one token take."""
        return self.layers * 2 * self.kv_heads * self.head_dim * 4


class Block(Protocol):
    """A run of n new tokens that attend together, to N keys: those before them and their own."""

    @property
    def tokens(self) -> Sequence[int]:
        """The token ids [n]."""
        ...

    @property
    def positions(self) -> Sequence[int]:
        """How many tokens precede each token in its sequence [n]."""
        ...

    def mask(self) -> Tensor:
        """Return what is added to the attention scores, float32 [n, N]: 0 to attend, -inf not to."""
        ...

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Take the block's own keys and values [kv_heads, n, head_dim]; return all of them [kv_heads, N, head_dim]."""
        ...


@dataclass(frozen=True, slots=True)
class Layer:
    """The weights of one layer."""

    attention_norm: Tensor  # [hidden]
    qkv: Linear  # hidden -> (heads + 2 * kv_heads) * head_dim
    output: Linear  # heads * head_dim -> hidden
    feed_norm: Tensor  # [hidden]
    gate_up: Linear  # hidden -> 2 * feed_forward
    down: Linear  # feed_forward -> hidden


@dataclass(frozen=True, slots=True)
class Llama:
    """The decoder: `run` blocks to hidden states, `log_probabilities` of the next token from hidden states."""

    config: Config
    embedding: Tensor  # [vocabulary, hidden]
    layers: tuple[Layer, ...]
    norm: Tensor  # [hidden]
    head: Linear  # hidden -> vocabulary
    rotations: Tensor  # complex64 [context, head_dim / 2]

    @classmethod
    def from_gguf(cls, file: Gguf, number_format: Callable[[Tensor], Linear], pool: Executor) -> Llama:
        """Load the weights of `file`, on the threads of `pool`.

        Raises `BadInput` when one is missing or has the wrong shape.
        """
        config = Config.from_gguf(file)
        c = config
        query, key = c.heads * c.head_dim, c.kv_heads * c.head_dim

        def read(name: str, *shape: int) -> Tensor:
            return torch.from_numpy(file.tensor(f"{name}.weight", shape))

        def layer(i: int) -> Layer:
            q, k, v = (read(f"blk.{i}.attn_{n}", m, c.hidden) for n, m in (("q", query), ("k", key), ("v", key)))
            gate, up = (read(f"blk.{i}.ffn_{n}", c.feed_forward, c.hidden) for n in ("gate", "up"))
            return Layer(
                attention_norm=read(f"blk.{i}.attn_norm", c.hidden),
                qkv=number_format(torch.cat([q, k, v])),
                output=number_format(read(f"blk.{i}.attn_output", c.hidden, query)),
                feed_norm=read(f"blk.{i}.ffn_norm", c.hidden),
                gate_up=number_format(torch.cat([gate, up])),
                down=number_format(read(f"blk.{i}.ffn_down", c.hidden, c.feed_forward)),
            )

        embedding = read("token_embd", c.vocabulary, c.hidden)
        head = read("output", c.vocabulary, c.hidden) if "output.weight" in file.tensors else embedding
        packed_head = pool.submit(number_format, head)
        return cls(
            config=config,
            embedding=embedding,
            layers=tuple(pool.map(layer, range(c.layers))),
            norm=read("output_norm", c.hidden),
            head=packed_head.result(),
            rotations=_rotations(config),
        )

    @torch.inference_mode()
    def run(self, blocks: Sequence[Block]) -> list[Tensor]:
        """Return the final hidden states of each block's tokens, [n, hidden] per block.

        A block that continues another one comes after it. The blocks keep their keys and values (`Block.extend`).
        """
        sizes = [len(block.tokens) for block in blocks]
        tokens = torch.tensor([t for block in blocks for t in block.tokens])
        positions = torch.tensor([p for block in blocks for p in block.positions])
        masks = [block.mask() for block in blocks]
        count = len(tokens)
        x = pad_rows(self.embedding[tokens], ROWS)  # [t, hidden], t: tokens, padded
        rotations = pad_rows(self.rotations[positions], ROWS)[:, None]  # [t, 1, head_dim / 2]
        attended = torch.zeros(x.shape[0], self.config.heads * self.config.head_dim)  # padding stays zero
        for number, layer in enumerate(self.layers):
            q, k, v = self._heads(layer, x, rotations)  # [heads, t, head_dim], [kv_heads, t, head_dim] twice
            start = 0
            for block, size, mask in zip(blocks, sizes, masks, strict=True):
                own = slice(start, start + size)
                keys, values = block.extend(number, k[:, own], v[:, own])  # [kv_heads, N, head_dim]
                mixed = F.scaled_dot_product_attention(
                    q[None, :, own], keys[None], values[None], attn_mask=mask, enable_gqa=True
                )  # [1, heads, n, head_dim]
                attended[own] = mixed[0].transpose(0, 1).flatten(1)
                start += size
            x = x + layer.output(attended)  # [t, hidden]
            gate_up = layer.gate_up(self._norm(x, layer.feed_norm))  # [t, 2 * feed_forward]
            x = x + layer.down(_by_blocks(_gated, gate_up))  # [t, hidden]
        return list(torch.split(self._norm(x[:count], self.norm), sizes))

    @torch.inference_mode()
    def log_probabilities(self, hidden: Tensor) -> Tensor:
        """Return the log-probability of each next token, float32 [rows, vocabulary], from hidden states [rows, hidden].

        The result is large: ask for `LOGIT_ROWS` rows at a time.
        """
        return F.log_softmax(self.head(hidden), dim=-1)

    def _heads(self, layer: Layer, x: Tensor, rotations: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        c = self.config
        # GGUF interleaves the two halves of each rotated pair, so neighbours are one complex number.
        pairs_of_all = (x.shape[0], c.heads + 2 * c.kv_heads, c.head_dim // 2, 2)
        qkv = layer.qkv(self._norm(x, layer.attention_norm)).view(pairs_of_all)
        pairs, v = torch.split(qkv, [c.heads + c.kv_heads, c.kv_heads], dim=1)
        turned = _by_blocks(torch.mul, torch.view_as_complex(pairs), rotations)  # [t, heads + kv_heads, head_dim / 2]
        q, k = torch.split(torch.view_as_real(turned).flatten(-2), [c.heads, c.kv_heads], dim=1)
        return q.transpose(0, 1), k.transpose(0, 1), v.flatten(-2).transpose(0, 1)

    def _norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return F.rms_norm(x, weight.shape, weight, self.config.epsilon)


def _rotations(config: Config) -> Tensor:
    """Return the rotary factors exp(i * position * frequency), complex64 [context, head_dim / 2]."""
    powers = torch.arange(0, config.head_dim, 2, dtype=torch.float64) / config.head_dim
    frequencies = config.rope_base**-powers  # [head_dim / 2]
    angles = torch.outer(torch.arange(config.context, dtype=torch.float64), frequencies)
    return torch.polar(torch.ones_like(angles), angles).to(torch.complex64)


def _gated(gate_up: Tensor) -> Tensor:
    gate, up = gate_up.chunk(2, dim=-1)  # [rows, feed_forward] twice
    return F.silu(gate) * up


def _by_blocks(function: Callable[..., Tensor], *operands: Tensor) -> Tensor:
    """Apply an elementwise function to [rows, ...] in blocks of rows so small that at most `_SHARES` threads share one.

    A block has a multiple of 12 rows where it can, so each share is a whole number of vectors.
    """
    width = max(operand[0].numel() for operand in operands)
    rows = max(12, _SHARES * _GRAIN // width // 12 * 12)
    if operands[0].shape[0] <= rows:
        return function(*operands)
    return torch.cat([function(*pieces) for pieces in zip(*(torch.split(o, rows) for o in operands), strict=True)])
