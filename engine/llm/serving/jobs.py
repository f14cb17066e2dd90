"""What clients wait for: texts that are written step by step, and what is done in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import llguidance
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.llm.branches import Branches
from engine.llm.constraint import Constraints
from engine.llm.contexts import Contexts, Opened, Unusable
from engine.llm.embedded import EmbeddedBackend
from engine.llm.requests import Embed, Failure, FailureKind, Usage, Vectors
from engine.llm.scoring import Trie, score
from engine.llm.serving.track import Sampling, Track

_PIECE: Final = 64
"""Prompts that begin alike share what they have in common in whole pieces of so many tokens."""
_READ_TOKENS: Final = 2048
"""The most tokens that are read together; it bounds the memory of one attention call."""

Tokens = tuple[int, ...]


class Generation:
    """Texts that continue one prompt: `samples` of them, all under one grammar if there is one."""

    def __init__(
        self,
        prompt: Tokens,
        sampling: Sampling,
        samples: int,
        grammar: tuple[str, str] | None,
        tell: Callable[[Generation], None],
    ) -> None:
        """Take what to continue.

        `grammar` is one of llguidance, and how to name it in an error. `tell` is called after each step, in the thread
        that works; `cancelled` is set by a client that has gone.
        """
        self.prompt = prompt
        self.sampling = sampling
        self.samples = samples
        self.tell = tell
        self.cancelled = False
        self.failure: Failure | None = None
        self.tracks: list[Track] = []
        self.computed = 0
        """How many tokens of the prompt no kept prefix spared."""
        self._grammar = grammar
        self._opened: Opened | None = None
        self._living: list[Track] = []
        self._tokens: list[int] = []
        self._branches: Branches | None = None

    @property
    def size(self) -> int:
        """Prompt, and all samples at their longest."""
        return len(self.prompt) + self.samples * self.sampling.max_tokens

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.failure is not None or self.cancelled or (bool(self.tracks) and not self._living)

    @property
    def usage(self) -> Usage:
        """What it has cost so far."""
        return Usage(len(self.prompt), self.computed, sum(track.spent for track in self.tracks))

    def begin(self, contexts: Contexts, constraints: Constraints) -> None:
        """Find the prompt's place in the prefix tree. Raises `Unusable`."""
        matcher: llguidance.LLMatcher | None = None
        if self._grammar is not None:
            matcher = constraints.matcher(*self._grammar)
        self._opened = contexts.open_runs(pieces(self.prompt), self.sampling.max_tokens)
        self.computed = self._opened.computed
        self.tracks = [
            Track(contexts.tokenizer, self.sampling, index, matcher.deep_copy() if matcher is not None else None)
            for index in range(self.samples)
        ]
        self._living = list(self.tracks)

    def first(self) -> Tensor:
        """Return the hidden state that ends the prompt [1, hidden]; all samples begin there."""
        assert self._opened is not None
        assert self._opened.node.last is not None
        return self._opened.node.last[None]

    def step(self, rows: Sequence[NDArray[np.float32]]) -> None:
        """Draw the next token of each text from log-probabilities [rows, vocabulary]: its own, or one row for all."""
        rows = rows if len(rows) == len(self._living) else [rows[0]] * len(self._living)
        if not all(np.isfinite(row.max()) for row in rows):
            self.failure = Failure(FailureKind.NOT_A_NUMBER, "the model gave scores that are not finite numbers")
            return
        drawn = [(track, track.step(row)) for track, row in zip(self._living, rows, strict=True)]
        self._living = [track for track, token in drawn if token is not None]
        self._tokens = [token for _, token in drawn if token is not None]

    def block(self, contexts: Contexts) -> Branches:
        """Return the block that computes the newest tokens."""
        assert self._opened is not None
        if self._branches is None:
            self._branches = Branches(contexts.model.config, self._opened.node)
        self._branches.advance([track.index for track in self._living], self._tokens)
        return self._branches


@dataclass(slots=True)
class Reading:
    """Texts that are read: the log-probability of each token after those before it, None for the first.

    `tell` is called at the end, in the thread that works.
    """

    texts: tuple[Tokens, ...]
    tell: Callable[[], None]
    cancelled: bool = False
    failure: Failure | None = None
    logs: tuple[tuple[float | None, ...], ...] = ()
    computed: int = 0
    """How many tokens were computed: what texts have in common is read once."""

    @property
    def size(self) -> int:
        """All tokens of all texts."""
        return sum(map(len, self.texts))

    def run(self, backend: EmbeddedBackend) -> None:
        """Read everything. Raises `Unusable`."""
        contexts = backend.contexts
        if max(map(len, self.texts)) > _READ_TOKENS:
            raise Unusable(FailureKind.TOO_LONG, f"texts of more than {_READ_TOKENS} tokens are not read (echo)")
        found: list[tuple[float | None, ...]] = []
        for group in self._groups():
            opened = contexts.open_runs([group[0][:1]], len(max(group, key=len)))
            rest = tuple(text[1:] for text in group if len(text) > 1)
            trie = Trie.of(opened.node, rest)
            (logs,) = score(contexts, [trie]) if rest else ([],)
            contexts.run([])
            self.computed += opened.computed + len(trie.tokens)
            read = iter(logs)
            found += [(None, *(next(read) if len(text) > 1 else ())) for text in group]
            contexts.prefixes.trim()
        self.logs = tuple(found)

    def _groups(self) -> list[list[Tokens]]:
        """Texts in their order, together as long as they begin with the same token and are few enough."""
        groups: list[list[Tokens]] = []
        size = 0
        for text in self.texts:
            if not groups or groups[-1][0][:1] != text[:1] or size + len(text) > _READ_TOKENS:
                groups.append([])
                size = 0
            groups[-1].append(text)
            size += len(text)
        return groups


@dataclass(slots=True)
class Meaning:
    """The meanings of texts as unit vectors; `tell` is called at the end, in the thread that works."""

    texts: tuple[str, ...]
    tell: Callable[[], None]
    cancelled: bool = False
    failure: Failure | None = None
    vectors: NDArray[np.float32] | None = None

    @property
    def size(self) -> int:
        """Nothing: the encoder keeps no keys and values."""
        return 0

    def run(self, backend: EmbeddedBackend) -> None:
        """Encode everything."""
        (answer,) = backend.answer([Embed("served", self.texts)])
        if isinstance(answer.reply, Vectors):
            self.vectors = answer.reply.array
        elif isinstance(answer.reply, Failure):
            self.failure = answer.reply


Job = Generation | Reading | Meaning


def pieces(tokens: Tokens) -> list[Tokens]:
    """Cut a prompt into pieces."""
    return [tokens[start : start + _PIECE] for start in range(0, len(tokens), _PIECE)]
