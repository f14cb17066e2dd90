"""Keys and values of everything read so far, as a tree of token runs.

A context is a list of segments, each tokenised by itself. A node is one segment (or one piece of a long one) after its
parent, so what a node is follows from the chain of token runs that leads to it, and contexts with equal beginnings
share nodes. A node is always computed as a block of its own. Therefore its numbers are the same whether its ancestors
were computed a moment ago or kept from an earlier request.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import torch
from torch import Tensor

from engine.llm.decoder import Block, Config, Decoder

PIECE: Final = 512
"""Longest node, in tokens; it bounds the memory of one attention call."""
PASS_TOKENS: Final = 1020
"""About so many tokens go through the model together, at most."""


class Node:
    """A run of tokens after `parent`. It is a `Block`."""

    def __init__(self, config: Config, parent: Node | None, tokens: tuple[int, ...]) -> None:
        self.parent = parent
        self.tokens = tokens
        self.children: dict[tuple[int, ...], Node] = {}
        self.end: int = (parent.end if parent else 0) + len(tokens)
        """Length of the sequence up to and with this node, in tokens."""
        shape = (config.layers, config.kv_heads, len(tokens), config.head_dim)
        self.keys = torch.empty(shape)
        self.values = torch.empty(shape)
        self.last: Tensor | None = None
        """Final hidden state of the last token [hidden]; there once the node was computed."""
        self.holders = 0
        """How many are at work with this node or one below it."""

    @property
    def positions(self) -> range:
        """Position of each token in its sequence."""
        return range(self.end - len(self.tokens), self.end)

    def chain(self) -> list[Node]:
        """Return the nodes from the first of the sequence to this one."""
        nodes: list[Node] = []
        node: Node | None = self
        while node is not None and node.tokens:
            nodes.append(node)
            node = node.parent
        return nodes[::-1]

    def mask(self) -> Tensor:
        """Return the causal mask [n, end]."""
        size = len(self.tokens)
        return torch.full((size, self.end), -torch.inf).triu_(self.end - size + 1)

    def key_positions(self) -> Tensor:
        """Return the positions of the whole chain's tokens [end]."""
        return torch.arange(self.end)

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Keep the node's keys and values; return those of the whole chain (see `Block.extend`)."""
        self.keys[layer] = keys
        self.values[layer] = values
        return gather(self.chain(), layer)


def gather(chain: Sequence[Node], layer: int) -> tuple[Tensor, Tensor]:
    """Return keys and values of one layer over a chain of nodes, [kv_heads, N, head_dim] twice."""
    return torch.cat([n.keys[layer] for n in chain], dim=1), torch.cat([n.values[layer] for n in chain], dim=1)


class Prefixes:
    """The tree of nodes, kept across requests. Beyond `limit` bytes, leaves unused for longest go first."""

    def __init__(self, model: Decoder, limit: int) -> None:
        self.model = model
        self.limit = limit
        self.tokens = 0
        """Tokens held."""
        self._root = Node(model.config, None, ())
        # Least recently used first. A node is used whenever a descendant is, and after it.
        self._used: OrderedDict[Node, None] = OrderedDict()

    @property
    def bytes(self) -> int:
        """Bytes that the held keys and values take."""
        return self.tokens * self.model.config.token_bytes

    def find(self, segments: Iterable[tuple[int, ...]]) -> tuple[Node, int]:
        """Return the node that ends `segments` (at least one token), and how many tokens of the way to it are new.

        Nodes without `last` have to be computed (`run`) before they are used.
        """
        node, new = self._root, 0
        for segment in segments:
            for start in range(0, len(segment), PIECE):
                piece = segment[start : start + PIECE]
                child = node.children.get(piece)
                if child is None:
                    child = Node(self.model.config, node, piece)
                    node.children[piece] = child
                    new += len(piece)
                node = child
        self.tokens += new
        for used in reversed(node.chain()):
            self._used[used] = None
            self._used.move_to_end(used)
        return node, new

    @contextmanager
    def holding(self, node: Node) -> Iterator[Node]:
        """Keep a node and all before it while somebody is at work with it."""
        chain = node.chain()
        for each in chain:
            each.holders += 1
        try:
            yield node
        finally:
            for each in chain:
                each.holders -= 1

    def trim(self, limit: int | None = None) -> None:
        """Drop leaves that nobody holds, the one unused longest first, until `limit` (else the tree's own) is kept."""
        limit = self.limit if limit is None else limit
        if self.bytes <= limit:
            return
        for node in list(self._used):
            if self.bytes <= limit:
                break
            if not node.holders and not node.children:
                self._drop(node)

    def _drop(self, node: Node) -> None:
        del self._used[node]
        self.tokens -= len(node.tokens)
        assert node.parent is not None
        del node.parent.children[node.tokens]


def run(model: Decoder, blocks: Sequence[Block], most: int = PASS_TOKENS) -> list[Tensor]:
    """Return the hidden states of each block, [n, hidden] per block, in as many passes as memory asks for.

    A pass has at most `most` tokens, or one block. A block that continues another one comes after it. Computed nodes
    get their `last`.
    """
    hidden: list[Tensor] = []
    waiting: list[Block] = []
    count = 0
    for block in blocks:
        if waiting and count + len(block.tokens) > most:
            hidden += model.run(waiting)
            waiting, count = [], 0
        waiting.append(block)
        count += len(block.tokens)
    if waiting:
        hidden += model.run(waiting)
    for block, states in zip(blocks, hidden, strict=True):
        if isinstance(block, Node):
            block.last = states[-1].clone()
    return hidden
