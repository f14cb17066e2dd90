"""Keys and values of everything read so far, as a tree of token runs.

A context is a list of segments, each tokenised by itself. A node is one segment (or one piece of a long one) after its
parent, so what a node is follows from the chain of token runs that leads to it, and contexts with equal beginnings
share nodes. A node is always computed as a block of its own. Therefore its numbers are the same whether its ancestors
were computed a moment ago or kept from an earlier request.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

import torch
from torch import Tensor

from engine.llm.decoder import Block, Config, Decoder

PIECE: Final = 512
"""Longest node, in tokens; it bounds the memory of one attention call."""
_PASS_TOKENS: Final = 1020


class Node:
    """A run of tokens after `parent`. It is a `Block`; `last` is there once it was computed."""

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
        """Final hidden state of the last token [hidden]."""

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
        # Least recently used first. A node is used whenever a descendant is, and after it: so the first is a leaf.
        self._used: OrderedDict[Node, None] = OrderedDict()

    @property
    def bytes(self) -> int:
        """Bytes that the held keys and values take."""
        return self.tokens * self.model.config.token_bytes

    def find(self, segments: Iterable[tuple[int, ...]]) -> tuple[Node, list[Node]]:
        """Return the node that ends `segments` (at least one token), and the new nodes on the way, first ones first.

        New nodes have to be computed (`run`) before the next `find`, or given up (`forget`).
        """
        node, new = self._root, []
        for segment in segments:
            for start in range(0, len(segment), PIECE):
                piece = segment[start : start + PIECE]
                child = node.children.get(piece)
                if child is None:
                    child = Node(self.model.config, node, piece)
                    node.children[piece] = child
                    self.tokens += len(piece)
                    new.append(child)
                node = child
        for used in reversed(node.chain()):
            self._used[used] = None
            self._used.move_to_end(used)
        return node, new

    def forget(self, nodes: Sequence[Node]) -> None:
        """Give up nodes that `find` made and that were not computed."""
        for node in reversed(nodes):
            self._drop(node)

    def trim(self, limit: int | None = None) -> None:
        """Drop leaves, the one unused longest first, until `limit` (else the tree's own) holds."""
        limit = self.limit if limit is None else limit
        while self.bytes > limit and self._used:
            self._drop(next(iter(self._used)))

    def _drop(self, node: Node) -> None:
        if node not in self._used:
            return
        del self._used[node]
        self.tokens -= len(node.tokens)
        if node.parent is not None:
            del node.parent.children[node.tokens]


def run(model: Decoder, blocks: Sequence[Block]) -> list[Tensor]:
    """Return the hidden states of each block, [n, hidden] per block, in as many passes as memory asks for.

    A block that continues another one comes after it. Computed nodes get their `last`.
    """
    hidden: list[Tensor] = []
    waiting: list[Block] = []
    count = 0
    for block in blocks:
        if waiting and count + len(block.tokens) > _PASS_TOKENS:
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
