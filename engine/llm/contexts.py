"""Contexts as texts, turned into nodes of the prefix tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from engine.llm.decoder import Decoder
from engine.llm.kv import Node, Prefixes
from engine.llm.requests import NOBODY, Failure, FailureKind
from engine.llm.tokenizer import Tokenizer


class Unusable(Exception):
    """A request that has no usable answer; carries the `Failure` that says why."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(kind, detail)


@dataclass(frozen=True, slots=True)
class Opened:
    """A context's place in the prefix tree, and how many of its tokens were not there before."""

    node: Node
    computed: int


class Contexts:
    """Finds the nodes of contexts."""

    def __init__(self, prefixes: Prefixes, tokenizer: Tokenizer) -> None:
        self.model: Decoder = prefixes.model
        self.tokenizer = tokenizer
        self.prefixes = prefixes
        self.encode = lru_cache(maxsize=8192)(tokenizer.encode)
        self._encode_first = lru_cache(maxsize=1024)(tokenizer.encode_first)

    def size(self, segments: Sequence[str]) -> int:
        """Return how many tokens `segments` have."""
        return sum(len(self.encode(segment)) for segment in segments)

    @contextmanager
    def opened(self, segments: Sequence[str], room: int, purpose: str = "", agent: int = NOBODY) -> Iterator[Opened]:
        """Give the node that ends `segments`, kept meanwhile; a context without text is the model's begin token.

        `room` is how many tokens are to follow; who reads it for what is a hint (`residency`). Raises `Unusable` when
        they do not fit into the model's context.
        """
        first, *others = [segment for segment in segments if segment] or [""]
        runs = [run for run in (self._encode_first(first), *map(self.encode, others)) if run]
        with self.opened_runs(runs, room, purpose, agent) as opened:
            yield opened

    @contextmanager
    def opened_runs(
        self, runs: Sequence[tuple[int, ...]], room: int, purpose: str = "", agent: int = NOBODY
    ) -> Iterator[Opened]:
        """Give the node that ends runs of tokens (see `opened`)."""
        runs = runs or [(self.tokenizer.begin,)]
        length, longest = sum(map(len, runs)), self.model.config.context
        if length + room > longest:
            detail = f"{length} tokens of prompt and {room} to follow, but the model's context holds {longest}"
            raise Unusable(FailureKind.TOO_LONG, detail)
        node, new = self.prefixes.find(runs, purpose, agent)
        with self.prefixes.holding(node):
            yield Opened(node, new)
