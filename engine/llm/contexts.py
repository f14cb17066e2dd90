"""Contexts as texts, turned into nodes of the prefix tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from torch import Tensor

from engine.llm.kv import Node, Prefixes, run
from engine.llm.llama import Block, Llama
from engine.llm.requests import Failure, FailureKind
from engine.llm.tokenizer import Tokenizer

BATCH_TOKENS: Final = 24576
"""Work is cut where one batch would need keys and values for more tokens than this; it bounds memory."""


class Unusable(Exception):
    """A request that has no usable answer; carries the `Failure` that says why."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(kind, detail)


@dataclass(frozen=True, slots=True)
class Opened:
    """A context's place in the prefix tree. `computed` of its tokens are new; they are in `Contexts.new`."""

    node: Node
    computed: int


class Contexts:
    """Finds the nodes of contexts and gathers those that have to be computed."""

    def __init__(self, model: Llama, tokenizer: Tokenizer, limit: int) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.prefixes = Prefixes(model, limit)
        self.new: list[Node] = []
        """Nodes found but not computed yet, parents before children."""
        self.encode = lru_cache(maxsize=8192)(tokenizer.encode)

    def open(self, segments: Sequence[str], room: int) -> Opened:
        """Return the node that ends `segments`; a context without text is the model's begin token.

        `room` is how many tokens are to follow. Raises `Unusable` when they do not fit into the model's context.
        """
        return self.open_runs([run for run in map(self.encode, segments) if run], room)

    def open_runs(self, runs: Sequence[tuple[int, ...]], room: int) -> Opened:
        """Return the node that ends runs of tokens (see `open`)."""
        runs = runs or [(self.tokenizer.begin,)]
        length, longest = sum(map(len, runs)), self.model.config.context
        if length + room > longest:
            detail = f"{length} tokens of prompt and {room} to follow, but the model's context holds {longest}"
            raise Unusable(FailureKind.TOO_LONG, detail)
        node, new = self.prefixes.find(runs)
        self.new += new
        return Opened(node, sum(len(n.tokens) for n in new))

    def run(self, blocks: Sequence[Block]) -> list[Tensor]:
        """Compute the new nodes and `blocks` in common passes; return the hidden states of each block, [n, hidden]."""
        hidden = run(self.model, [*self.new, *blocks])[len(self.new) :]
        self.new.clear()
        return hidden

    def give_up(self) -> None:
        """Forget the nodes that were not computed, after an error."""
        self.prefixes.forget(self.new)
        self.new.clear()
