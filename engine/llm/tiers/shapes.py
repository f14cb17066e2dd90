"""The shapes of models: what can be computed about one without its weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.llm.decoder import Config


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a model whose layers are all alike."""

    name: str
    config: Config
    gated: bool = True
    """Whether the feed-forward net has a gate: then it has three matrices, else two."""
    rotates: bool = True
    """Whether positions turn queries and keys, else they are added at the beginning."""

    def products(self) -> Iterator[tuple[int, int]]:
        """Yield outputs and inputs of all products in their order, the head at last."""
        c = self.config
        query = c.heads * c.head_dim
        for _ in range(c.layers):
            yield query + 2 * c.kv_heads * c.head_dim, c.hidden
            yield c.hidden, query
            yield (2 if self.gated else 1) * c.feed_forward, c.hidden
            yield c.hidden, c.feed_forward
        yield c.vocabulary, c.hidden

    @property
    def layer_weights(self) -> int:
        """How many weights one layer has."""
        c = self.config
        attention = c.hidden * c.head_dim * (2 * c.heads + 2 * c.kv_heads)
        return attention + (3 if self.gated else 2) * c.hidden * c.feed_forward

    @property
    def head_weights(self) -> int:
        """How many weights the head has."""
        return self.config.vocabulary * self.config.hidden

    @property
    def vector_numbers(self) -> int:
        """How many numbers norms and biases have, as OPT has them; others have fewer."""
        c = self.config
        return c.layers * (9 * c.hidden + c.feed_forward)

    @property
    def key_numbers(self) -> int:
        """How many numbers the key and the value of one token have in one layer."""
        return 2 * self.config.kv_heads * self.config.head_dim


def _opt(name: str, layers: int, hidden: int, heads: int) -> Shape:
    return Shape(
        name, Config(layers, hidden, heads, heads, hidden // heads, 4 * hidden, 50272, 2048), gated=False, rotates=False
    )


def _llama(
    name: str, layers: int, hidden: int, heads: int, kv_heads: int, feed: int, words: int, context: int
) -> Shape:
    return Shape(name, Config(layers, hidden, heads, kv_heads, hidden // heads, feed, words, context))


NAMED: Final = {
    shape.name: shape
    for shape in (
        _opt("opt-1.3b", 24, 2048, 32),
        _opt("opt-6.7b", 32, 4096, 32),
        _opt("opt-13b", 40, 5120, 40),
        _opt("opt-30b", 48, 7168, 56),
        _opt("opt-66b", 64, 9216, 72),
        _opt("opt-175b", 96, 12288, 96),
        _llama("llama-2-7b", 32, 4096, 32, 32, 11008, 32000, 4096),
        _llama("llama-2-13b", 40, 5120, 40, 40, 13824, 32000, 4096),
        _llama("llama-2-70b", 80, 8192, 64, 8, 28672, 32000, 4096),
        _llama("llama-3-8b", 32, 4096, 32, 8, 14336, 128256, 8192),
        _llama("llama-3-70b", 80, 8192, 64, 8, 28672, 128256, 8192),
    )
}
"""Known by their papers: OPT (arXiv 2205.01068, table 1), Llama 2 (2307.09288), Llama 3 (2407.21783, table 3)."""
