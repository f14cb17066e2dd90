"""How much memory a model takes whose weights are held in tiers: all of it, so that a cap can be kept.

What counts is the language model: weights, buffers, keys and values, and what a pass computes with. Python, torch, the
tokenizer and the sentence encoder come on top (some 600 MiB).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.llm.decoder import LOGIT_ROWS, Config
from engine.llm.linear import REFERENCE_ROWS
from engine.llm.tiers.layout import Layout

COPIES: Final = 3
"""Keys and values of texts under way: in the tree, in a request's own buffer, and once more while that grows."""
_LOADING: Final = 3
"""Single-precision copies of a matrix while it is read: its parts, the parts joined, what a format makes of them."""
_LARGEST_BLOCK: Final = 1080
"""The options of a choice are one block of about so many tokens."""
OVERHEAD: Final = 16 << 20
"""What allocators keep for themselves, and small things."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a model needs. All figures are bytes."""

    layout: Layout
    config: Config
    small: int
    """Norms, biases and the like, which are always in memory."""
    whole_scores: bool = False
    """Whether attention holds all scores of a block at once: where they are capped, torch has no other way."""

    def fixed(self, rows: int) -> int:
        """Return what is needed without any weights, keys or values when passes have at most so many rows."""
        return self.small + self.layout.buffer_bytes() + self.computing(rows) + OVERHEAD

    def computing(self, rows: int) -> int:
        """Return what a pass of so many rows computes with, or the head with its pieces, whichever is more."""
        c = self.config
        rows = -(-max(rows, _LARGEST_BLOCK) // REFERENCE_ROWS) * REFERENCE_ROWS
        longest = c.context
        query, keys = c.heads * c.head_dim, c.kv_heads * c.head_dim
        states = rows * (4 * c.hidden + 4 * (query + 2 * keys) + 6 * c.feed_forward)
        attention = rows * longest + 4 * keys * longest
        if self.whole_scores:
            attention += 3 * c.heads * _LARGEST_BLOCK * longest
        return 4 * max(states + attention, 3 * (LOGIT_ROWS + REFERENCE_ROWS) * c.vocabulary)

    def keys(self, room: int) -> int:
        """Return what keys and values of `room` tokens under way take, and of as many that are kept."""
        return (COPIES + 1) * room * self.config.token_bytes

    def loading(self) -> int:
        """Return what it takes to read the largest matrix. The head is read by runs of rows."""
        return _LOADING * 4 * self.layout.largest_product + self.small + OVERHEAD

    def least(self, rows: int, room: int) -> int:
        """Return the smallest cap that can be kept, with all weights on disk."""
        return max(self.fixed(rows) + self.keys(room), self.loading())

    def left(self, cap: int, rows: int, room: int) -> int:
        """Return how many bytes of weights may stay in memory under a cap; negative if it cannot be kept."""
        return cap - self.fixed(rows) - self.keys(room)
