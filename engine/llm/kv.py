"""Keys and values of everything read so far, as a tree of token runs.

A context is a list of segments, each tokenised by itself. A node is one segment (or one piece of a long one) after its
parent, so what a node is follows from the chain of token runs that leads to it, and contexts with equal beginnings
share nodes. A node is always computed as a block of its own. Therefore its numbers are the same whether its ancestors
were computed a moment ago or kept from an earlier request, in memory or on disk.
"""

from __future__ import annotations

import hashlib
import heapq
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import torch
from torch import Tensor

from engine.llm.decoder import Block, Config, Decoder
from engine.llm.requests import NOBODY
from engine.llm.residency import InvocationDistance, Kept, Residency
from engine.llm.shelf import Shelf

PIECE: Final = 512
"""Longest node, in tokens; it bounds the memory of one attention call."""
PASS_TOKENS: Final = 1020
"""About so many tokens go through the model together, at most."""
PAGE_TOKENS: Final = 8
"""Tokens to a page on disk."""
_SOON: Final = 8
"""What so many agents have read, those who think next, is read ahead."""
_KNOWN: Final = 1 << 14
"""Of so many pieces of contexts it is known who has read them, also of those that were let go."""
_AHEAD: Final = 8
"""What is read ahead takes one part of so many of the memory for contexts, at most."""


class Node:
    """A run of tokens after `parent`. It is a `Block`."""

    def __init__(self, config: Config, parent: Node | None, tokens: tuple[int, ...]) -> None:
        self.parent = parent
        self.tokens = tokens
        self.children: dict[tuple[int, ...], Node] = {}
        self.end: int = (parent.end if parent else 0) + len(tokens)
        """Length of the sequence up to and with this node, in tokens."""
        self._device = config.device
        self._numbers = config.room(len(tokens))
        self.keys, self.values = self._numbers  # [layers, kv_heads, n, head_dim] each
        self.last: Tensor | None = None
        """Final hidden state of the last token [hidden]; there once the node was computed."""
        self.holders = 0
        """How many are at work with this node or one below it."""
        before = parent.kept.name if parent else b""
        self.kept: Kept = Kept(hashlib.blake2b(before + array("q", tokens).tobytes(), digest_size=16).digest())
        """What is known about its readers; it outlives the node."""

    @property
    def content(self) -> Tensor:
        """Keys, values and `last` of a computed node as one run of float32 numbers."""
        assert self.last is not None
        last = self.last.cpu()  # first, as it waits until a GPU has written everything
        return torch.cat([self._numbers.flatten().to("cpu", torch.float32), last])

    @content.setter
    def content(self, numbers: Tensor) -> None:
        count = self._numbers.numel()
        kept, last = numbers[:count].view_as(self._numbers), numbers[count:]
        self._numbers = kept if self._numbers.dtype == kept.dtype else self._numbers.copy_(kept)
        self.keys, self.values = self._numbers
        self.last = last.to(self._device)

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

    def past(self) -> list[tuple[Tensor, Tensor]]:
        """Return keys and values of the nodes before (see `Block.past`)."""
        return [(node.keys, node.values) for node in self.chain()[:-1]]

    def home(self) -> tuple[Tensor, Tensor]:
        """Return the node's own keys and values (see `Block.home`)."""
        return self.keys, self.values

    def tail(self) -> None:
        """Return nothing: a node is causal (see `Block.tail`)."""


def gather(chain: Sequence[Node], layer: int) -> tuple[Tensor, Tensor]:
    """Return keys and values of one layer over a chain of nodes, [kv_heads, N, head_dim] twice."""
    return torch.cat([n.keys[layer] for n in chain], dim=1), torch.cat([n.values[layer] for n in chain], dim=1)


class Prefixes:
    """The tree of nodes, kept across requests.

    Beyond `limit` bytes, leaves go in the order of `residency`. On the `shelf`, if there is one, they are found again;
    a part of the limit is then for what is read ahead from it.
    """

    def __init__(
        self, model: Decoder, limit: int, residency: Residency | None = None, shelf: Shelf | None = None
    ) -> None:
        self.model = model
        self.limit = limit
        self.tokens = 0
        """Tokens held."""
        self.loaded = 0
        """Tokens that came back from the shelf."""
        self.residency = residency or InvocationDistance()
        self._shelf = shelf
        self._root = Node(model.config, None, ())
        self._nodes: dict[bytes, Node] = {}
        self._known: OrderedDict[bytes, Kept] = OrderedDict()
        self._readings = 0

    @property
    def bytes(self) -> int:
        """Bytes that the held keys and values take, those read ahead from the shelf included."""
        ahead = self._shelf.ahead if self._shelf is not None else 0
        return self._held + ahead

    @property
    def _held(self) -> int:
        return self.tokens * self.model.config.token_bytes

    def find(self, segments: Iterable[tuple[int, ...]], purpose: str = "", agent: int = NOBODY) -> tuple[Node, int]:
        """Return the node that ends `segments` (at least one token), and how many tokens of the way to it are new.

        What comes back from the shelf is new, too: what a run is said to cost does not depend on a disk. Nodes without
        `last` have to be computed (`run`) before they are used. `purpose` and `agent` are hints.
        """
        pieces = [segment[start : start + PIECE] for segment in segments for start in range(0, len(segment), PIECE)]
        node, new = self._root, 0
        for place, piece in enumerate(pieces):
            child = node.children.get(piece)
            if child is None:
                child = Node(self.model.config, node, piece)
                child.kept = self._known.setdefault(child.kept.name, child.kept)
                child.kept.kind = child.kept.kind or (purpose, len(pieces) - place)
                new += len(piece)
                self._bring_back(child)
                self.tokens += len(piece)
                node.children[piece] = self._nodes[child.kept.name] = child
            self.residency.read(child.kept, agent)
            node = child
        for used in reversed(node.chain()):
            self._readings += 1
            used.kept.last = self._readings
            self._known[used.kept.name] = used.kept
            self._known.move_to_end(used.kept.name)
        while len(self._known) > _KNOWN:
            self._known.popitem(last=False)
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

    def expect(self, thoughts: Sequence[float]) -> None:
        """Take note of when agents may think next, and read from the shelf what the next of them have read before."""
        self.residency.expect(thoughts)
        if self._shelf is not None and len(self._shelf):
            soon = heapq.nsmallest(_SOON, range(len(thoughts)), key=thoughts.__getitem__)
            self._shelf.read_ahead(soon, self._nodes.__contains__, self.limit // _AHEAD, self.residency.rank)

    def trim(self) -> None:
        """Let leaves go that nobody holds, in the order of their ranks, until `limit` is kept."""
        # What is read ahead has a part of its own, used or not: what stays must not depend on what a disk could take.
        limit = self.limit - self.limit // _AHEAD if self._shelf is not None else self.limit
        if self._held > limit:
            self._trim(limit, self._shelf)

    def forget(self) -> None:
        """Drop everything that nobody holds, in memory and on disk."""
        if self._shelf is not None:
            self._shelf.clear()
        self._trim(0, None)

    def _trim(self, limit: int, shelf: Shelf | None) -> None:
        leaves = [(self.residency.rank(n.kept), n) for n in self._nodes.values() if not n.holders and not n.children]
        heapq.heapify(leaves)  # ranks are all different: they end with the number of a reading
        while leaves and self._held > limit:
            _, node = heapq.heappop(leaves)
            parent = self._drop(node, shelf)
            if parent.parent is not None and not parent.holders and not parent.children:
                heapq.heappush(leaves, (self.residency.rank(parent.kept), parent))

    def _drop(self, node: Node, shelf: Shelf | None) -> Node:
        """Let a leaf go, to disk if it is worth that; return its parent."""
        assert node.parent is not None
        del self._nodes[node.kept.name]
        del node.parent.children[node.tokens]
        self.tokens -= len(node.tokens)
        if shelf is not None and node.last is not None and self.residency.is_worth_storing(node.kept):
            shelf.put(node.kept, node.content, self.residency.rank)
        return node.parent

    def _bring_back(self, node: Node) -> None:
        """Fill a node from the shelf, if it is there."""
        numbers = None if self._shelf is None else self._shelf.take(node.kept.name)
        if numbers is not None:
            node.content = numbers
            self.loaded += len(node.tokens)


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
