"""What all families of decoders have in common: packed, ragged input, and attention over what is kept of the past.

The new tokens of all sequences lie in one matrix [tokens, hidden], without padding between them. They come in blocks:
a block is a run of tokens that attends to keys of its own (what precedes it, and itself) in one call. A block may
continue another one of the same pass, because the keys and values of all tokens are there before attention starts.

**Every row gets the same bits whatever blocks share its pass.** Products see to it themselves (`linear`); norms and
softmax work row by row; attention is called once per block, with shapes that depend on that block only. What is left
are elementwise functions that torch computes with vector instructions, but with other ones for the last few numbers of
each thread's share; `by_blocks` makes the shares such that there are no last few.

On a GPU (`cuda`) all blocks attend in one launch, and keys and values are bfloat16.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

from engine.llm.files.settings import Settings
from engine.llm.linear import ROWS, pad_rows

_GRAIN: Final = 32768
"""Elementwise operations of torch give each thread at least this many numbers."""
_VECTORS: Final = 128
"""Numbers in the vectors of a step of any loop of torch: two of 16, AVX-512's, doubled as gate and up share a row."""
_ALIGNED: Final = 4
"""Numbers in 16 bytes."""
LOGIT_ROWS: Final = 252
"""How many rows `Decoder.log_probabilities` should be asked for at a time."""


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
    device: str = "cpu"
    """Where it computes, as torch calls it."""
    keys_in_ram: bool = False
    """Whether keys and values are in the computer's memory although it computes on a GPU."""

    @classmethod
    def of(cls, settings: Settings, device: str = "cpu") -> Config:
        """Read the shape of a model that computes on `device`. Raises `BadInput` for impossible ones."""
        hidden = settings.integer("hidden_size", 2, 1 << 16)
        heads = settings.integer("num_attention_heads", 1, 1 << 10)
        kv_heads = settings.integer("num_key_value_heads", 1, heads, default=heads)
        head_dim = settings.integer("head_dim", 2, 256, default=max(2, hidden // heads))
        for key in ("v_head_dim", "rotary_dim"):
            settings.integer(key, head_dim, head_dim, default=head_dim)
        if heads % kv_heads:
            settings.refuse(f"is {kv_heads}, which does not divide the {heads} heads", "num_key_value_heads")
        if head_dim % 2:
            settings.refuse(f"is {head_dim}, which is not even", "head_dim")
        settings.integer("num_experts", 0, 0, default=0)
        return cls(
            layers=settings.integer("num_hidden_layers", 1, 1 << 10),
            hidden=hidden,
            heads=heads,
            kv_heads=kv_heads,
            head_dim=head_dim,
            feed_forward=settings.integer("intermediate_size", 1, 1 << 20),
            vocabulary=settings.integer("vocab_size", 2, 1 << 24),
            context=settings.integer("max_position_embeddings", 2, 1 << 24),
            device=device,
        )

    @property
    def key_format(self) -> torch.dtype:
        """The number format of keys and values."""
        return torch.float32 if self.device == "cpu" else torch.bfloat16

    @property
    def token_bytes(self) -> int:
        """Bytes that the keys and values of one token take."""
        return self.layers * 2 * self.kv_heads * self.head_dim * self.key_format.itemsize

    def room(self, tokens: int) -> Tensor:
        """Return room for keys and for values of so many tokens, [2, layers, kv_heads, tokens, head_dim]."""
        shape = (2, self.layers, self.kv_heads, tokens, self.head_dim)
        if self.keys_in_ram:
            from engine.llm.cuda.locked import locked  # where there is a GPU

            return locked(tokens * self.token_bytes).view(self.key_format).view(shape)
        return torch.empty(shape, dtype=self.key_format, device=self.device)


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

    def key_positions(self) -> Tensor:
        """Return how many tokens precede each key's token in its sequence, int64 [N]."""
        ...

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Take the block's own keys and values [kv_heads, n, head_dim]; return all of them [kv_heads, N, head_dim]."""
        ...

    def past(self) -> Sequence[tuple[Tensor, Tensor]]:
        """Return the keys and values before the block's own, in runs [layers, kv_heads, some, head_dim] twice."""
        ...

    def home(self) -> tuple[Tensor, Tensor] | None:
        """Return where the block's own keys and values are kept, [layers, kv_heads, n, head_dim] twice, if they are."""
        ...

    def tail(self) -> Tensor | None:
        """Return the mask [n, M] of the last M keys, where those before are attended to; nothing if it is causal."""
        ...


class Decoder(Protocol):
    """A model that maps blocks of tokens to hidden states, and hidden states to what may come next."""

    @property
    def config(self) -> Config:
        """Its shape."""
        ...

    def run(self, blocks: Sequence[Block]) -> list[Tensor]:
        """Return the final hidden states of each block's tokens, [n, hidden] per block.

        A block that continues another one comes after it. The blocks keep their keys and values (`Block.extend`).
        """
        ...

    def log_probabilities(self, hidden: Tensor) -> Tensor:
        """Return the log-probability of each next token, float32 [rows, vocabulary], from hidden states [rows, hidden].

        The result is large, and on the CPU: ask for `LOGIT_ROWS` rows at a time.
        """
        ...


class Pass:
    """The blocks of one pass as one matrix of t rows: their n tokens, padded to a multiple that products want."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = blocks
        self.sizes = [len(block.tokens) for block in blocks]
        self.tokens = torch.tensor([t for block in blocks for t in block.tokens])  # [n]
        self.positions = torch.tensor([p for block in blocks for p in block.positions])  # [n]
        self._near: dict[int | None, list[Tensor]] = {}

    def pad(self, x: Tensor) -> Tensor:
        """Return `x` [n, ...] as [t, ...]."""
        return pad_rows(x, ROWS)

    def split(self, x: Tensor) -> list[Tensor]:
        """Return the rows of each block of `x` [t, ...]."""
        return list(torch.split(x[: len(self.tokens)], self.sizes))

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
        """Return what the tokens attend to, [t, heads * head_dim], and let the blocks keep their keys and values.

        `q` is [heads, t, head_dim], `k` and `v` are [kv_heads, t, head_dim]. A token sees the last `window` tokens, its
        own included. Scores are multiplied by `scale` (default: 1 / sqrt(head_dim)) and kept within +-`cap`, if given.
        """
        attended = torch.zeros(q.shape[1], q.shape[0] * q.shape[2])  # padding stays zero
        start = 0
        for block, size, mask in zip(self.blocks, self.sizes, self.masks(window), strict=True):
            own = slice(start, start + size)
            keys, values = block.extend(layer, k[:, own], v[:, own])  # [kv_heads, N, head_dim] twice
            if cap is None:
                mixed = F.scaled_dot_product_attention(
                    q[None, :, own], keys[None], values[None], attn_mask=mask, enable_gqa=True, scale=scale
                )[0]  # [heads, n, head_dim]
            else:
                mixed = _capped_attention(q[:, own], keys, values, mask, scale, cap)
            attended[own] = mixed.transpose(0, 1).flatten(1)
            start += size
        return attended

    def masks(self, window: int | None) -> list[Tensor]:
        """Return each block's mask [n, N] where tokens see the last `window` tokens."""
        if window not in self._near:
            masks = [block.mask() for block in self.blocks] if window is None else self.masks(None)
            positions = torch.split(self.positions, self.sizes)
            self._near[window] = (
                masks
                if window is None
                else [
                    mask.masked_fill(own[:, None] - block.key_positions() >= window, -torch.inf)
                    for block, mask, own in zip(self.blocks, masks, positions, strict=True)
                ]
            )
        return self._near[window]


def begin(blocks: Sequence[Block], config: Config) -> Pass:
    """Return the pass of `blocks` through a model, on its device."""
    if config.device == "cpu":
        return Pass(blocks)
    from engine.llm.cuda.ragged import RaggedPass  # it needs triton, which comes with torch for GPUs

    return RaggedPass(blocks, config)


def _capped_attention(q: Tensor, keys: Tensor, values: Tensor, mask: Tensor, scale: float | None, cap: float) -> Tensor:
    """Return attention [heads, n, head_dim] whose scores a hyperbolic tangent keeps within +-`cap`."""
    keys, values = (x.repeat_interleave(q.shape[0] // x.shape[0], dim=0) for x in (keys, values))
    scores = q.contiguous() @ keys.transpose(1, 2) * (q.shape[2] ** -0.5 if scale is None else scale)  # [heads, n, N]
    return torch.softmax(cap * torch.tanh(scores / cap) + mask, dim=-1) @ values


def split_heads(
    qkv: Tensor, config: Config, rotations: Tensor, norm: Callable[[Tensor], Tensor] | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Return queries, keys and values from `qkv` [t, (heads + 2 * kv_heads) * head_dim], queries and keys rotated.

    The shapes are [heads, t, head_dim] and [kv_heads, t, head_dim] twice. Pairs that turn together are neighbours, one
    complex number each; `rotations` is [t, 1, head_dim / 2]. `norm` is applied to queries and keys before they turn.
    """
    c = config
    qk, v = torch.split(
        qkv.float().view(-1, c.heads + 2 * c.kv_heads, c.head_dim), [c.heads + c.kv_heads, c.kv_heads], dim=1
    )
    if norm is not None:
        qk = norm(qk)
    pairs = torch.view_as_complex(qk.view(*qk.shape[:-1], -1, 2))  # [t, heads + kv_heads, head_dim / 2]
    turned = torch.view_as_real(by_blocks(torch.mul, pairs, rotations)).flatten(-2)
    q, k = torch.split(turned, [c.heads, c.kv_heads], dim=1)
    return q.transpose(0, 1), k.transpose(0, 1), v.transpose(0, 1)


def log_softmax(logits: Tensor) -> Tensor:
    """Return the logarithms of the probabilities that `logits`, float32 [rows, n], mean, on the CPU.

    On a GPU, torch sums rows in another order that begin elsewhere between two multiples of 16 bytes. So none does.
    """
    width = logits.shape[1]
    missing = 0 if logits.device.type == "cpu" else -width % _ALIGNED
    whole = F.pad(logits, (0, missing), value=-torch.inf) if missing else logits
    return F.log_softmax(whole, dim=-1)[:, :width].cpu()


def by_blocks(function: Callable[..., Tensor], *operands: Tensor) -> Tensor:
    """Apply an elementwise function to an even number of rows [rows, ...], in blocks of rows that few threads share.

    Where rows are whole vectors wide, a block has a multiple of 12 rows (the last one of 6) for at most four threads,
    so each share is a whole number of vectors. Else it is one thread's work, and has as many rows as whole vectors
    take, zeros included. Where rows are too wide, it has an even number of rows for two threads, or only one row.
    """
    if operands[0].device.type != "cpu":
        return function(*operands)
    width, count = max(operand[0].numel() for operand in operands), operands[0].shape[0]
    if width % _VECTORS:
        whole = _VECTORS // math.gcd(width, _VECTORS)
        rows = (_GRAIN - 1) // width // whole * whole or 1
        missing = -count % min(whole, rows)
        operands = tuple(torch.cat([o, o.new_zeros(missing, *o.shape[1:])]) for o in operands) if missing else operands
    else:
        rows = 4 * _GRAIN // width // 12 * 12 or 2 * _GRAIN // width // 2 * 2 or 1
    if operands[0].shape[0] <= rows:
        return function(*operands)[:count]
    pieces = zip(*(torch.split(operand, rows) for operand in operands), strict=True)
    return torch.cat([function(*piece) for piece in pieces])[:count]
