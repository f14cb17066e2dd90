"""Log-probabilities of given texts: the choices and ratings that need no generation.

All continuations of a context go through the model together, as a trie of tokens: beginnings that they share are
computed once, and the last token of a continuation never enters the model, because only its probability is wanted.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.llm.jobs import Compute, Predict, Wish
from engine.llm.kv import Node, gather

Tokens = tuple[int, ...]


@dataclass(slots=True)
class Trie:
    """Continuations (each at least one token) of the context that `node` ends, as a `Block`.

    Its tokens attend to the context, to their ancestors in the trie and to themselves.
    """

    node: Node
    continuations: tuple[Tokens, ...]
    tokens: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    ancestors: list[list[int]] = field(default_factory=list)
    """Per token, the indices of the tokens above it and its own."""
    paths: list[list[int]] = field(default_factory=list)
    """Per continuation, for each of its tokens, the index of the token before it; -1 where that is the context's."""

    @classmethod
    def of(cls, node: Node, continuations: tuple[Tokens, ...]) -> Trie:
        """Build the trie of `continuations` after `node`."""
        trie = cls(node, continuations)
        children: dict[tuple[int, int], int] = {}
        for continuation in continuations:
            at, path = -1, [-1]
            for token in continuation[:-1]:
                below = children.get((at, token))
                if below is None:
                    below = children[at, token] = len(trie.tokens)
                    above = trie.ancestors[at] if at >= 0 else []
                    trie.tokens.append(token)
                    trie.positions.append(node.end + len(above))
                    trie.ancestors.append([*above, below])
                at = below
                path.append(at)
            trie.paths.append(path)
        return trie

    def mask(self) -> Tensor:
        """Return 0 for the context and a token's ancestors, -inf elsewhere, [n, end of the context + n]."""
        return torch.cat([torch.zeros(len(self.tokens), self.node.end), self.tail()], dim=1)

    def tail(self) -> Tensor:
        """Return the mask of the trie's own tokens [n, n]."""
        own = torch.full((len(self.tokens), len(self.tokens)), -torch.inf)
        for row, seen in zip(own, self.ancestors, strict=True):
            row[seen] = 0.0
        return own

    def key_positions(self) -> Tensor:
        """Return the positions of the context's tokens and of the trie's [end of the context + n]."""
        return torch.cat([torch.arange(self.node.end), torch.tensor(self.positions)])

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Return the keys and values of the context followed by the given ones (see `Block.extend`)."""
        before_keys, before_values = gather(self.node.chain(), layer)
        return torch.cat([before_keys, keys], dim=1), torch.cat([before_values, values], dim=1)

    def past(self) -> list[tuple[Tensor, Tensor]]:
        """Return keys and values of the context (see `Block.past`)."""
        return [(node.keys, node.values) for node in self.node.chain()]

    def home(self) -> None:
        """Return nothing: nobody needs the keys of an option afterwards (see `Block.home`)."""


def score(tries: Sequence[Trie]) -> Generator[Wish, list[Tensor], list[list[list[float]]]]:
    """Return, per trie and continuation, the log-probability of each token: a part of a job."""
    read = tuple(trie.node for trie in tries)
    hidden = iter((yield Compute(read, tuple(trie for trie in tries if trie.tokens))))
    states: list[Tensor] = []  # [n, hidden] each; their rows are numbered through
    wanted: list[tuple[int, int]] = []  # row, token whose log-probability after that row is wanted
    ends: dict[Node, int] = {}  # a node may end several tries; its row is needed once
    count = 0
    for trie in tries:
        if trie.node not in ends:
            assert trie.node.last is not None
            states.append(trie.node.last[None])
            ends[trie.node] = count
            count += 1
        if trie.tokens:
            states.append(next(hidden))
        for continuation, path in zip(trie.continuations, trie.paths, strict=True):
            rows = (ends[trie.node] if at < 0 else count + at for at in path)
            wanted.extend(zip(rows, continuation, strict=True))
        count += len(trie.tokens)
    picking = _Picking(wanted)
    yield Predict(torch.cat(states), picking.pick)
    found = iter(picking.found.tolist())
    return [[[next(found) for _ in continuation] for continuation in trie.continuations] for trie in tries]


class _Picking:
    """Picks wanted (row, token) log-probabilities out of the pieces in which rows come."""

    def __init__(self, wanted: Sequence[tuple[int, int]]) -> None:
        self._rows, self._tokens = torch.tensor(wanted).unbind(1)  # [wanted] twice
        self.found = torch.empty(len(wanted))

    def pick(self, start: int, logs: Tensor) -> None:
        """Take the log-probabilities [some rows, vocabulary] of the rows from `start` on."""
        here = (self._rows >= start) & (self._rows < start + len(logs))
        self.found[here] = logs[self._rows[here] - start, self._tokens[here]]
