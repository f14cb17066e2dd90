"""What clients wait for: texts that are written step by step, and what is done in one go."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.llm.branches import Branches
from engine.llm.constraint import Constraints
from engine.llm.contexts import Contexts, Unusable
from engine.llm.jobs import Compute, Job, Predict
from engine.llm.requests import Answer, Embed, Failure, FailureKind, Texts, Usage
from engine.llm.scoring import Trie, score
from engine.llm.serving.track import Sampling, Track

_PIECE: Final = 64
"""Prompts that begin alike share what they have in common in whole pieces of so many tokens."""
_READ_TOKENS: Final = 2048
"""The most tokens that are read together; it bounds the memory of one attention call."""

PORTION: Final = 64
"""So many texts are encoded before others have their turn."""

NOT_FINITE: Final = "the model gave scores that are not finite numbers"

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
        self._living: list[Track] = []
        self._tokens: list[int] = []
        self._going: list[tuple[Track, int]] = []

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

    def job(self, contexts: Contexts, constraints: Constraints) -> Job:
        """Return the job that writes the texts."""
        try:
            grammar = None if self._grammar is None else constraints.matcher(*self._grammar)
            with contexts.opened_runs(pieces(self.prompt), self.sampling.max_tokens) as opened:
                self.computed = opened.computed
                self.tracks = [
                    Track(contexts.tokenizer, self.sampling, index, None if grammar is None else grammar.deep_copy())
                    for index in range(self.samples)
                ]
                self._living = list(self.tracks)
                yield Compute((opened.node,))
                assert opened.node.last is not None
                yield Predict(opened.node.last[None], self._begin)  # all samples begin there
                branches: Branches | None = None
                while self._advanced():
                    self.tell(self)
                    branches = branches or Branches(contexts.model.config, opened.node)
                    branches.advance([track.index for track in self._living], self._tokens)
                    (states,) = yield Compute((), (branches,))  # [living, hidden]
                    yield Predict(states, self._go_on)
        except Unusable as reason:
            self.failure = reason.failure
        return Answer(self.failure or NOTHING, self.usage)

    def _begin(self, _: int, logs: Tensor) -> None:
        self._step(self._living, [logs[0].numpy()] * len(self._living))

    def _go_on(self, start: int, logs: Tensor) -> None:
        self._step(self._living[start : start + len(logs)], list(logs.numpy()))

    def _step(self, tracks: Sequence[Track], rows: Sequence[NDArray[np.float32]]) -> None:
        """Draw the next token of each text from its row of log-probabilities [vocabulary]."""
        if not all(np.isfinite(row.max()) for row in rows):
            self.failure = Failure(FailureKind.NOT_A_NUMBER, NOT_FINITE)
            return
        drawn = [(track, track.step(row)) for track, row in zip(tracks, rows, strict=True)]
        self._going += [(track, token) for track, token in drawn if token is not None]
        flaws = [track.flaw for track in tracks if track.flaw]
        if self._grammar is not None and flaws:
            self.failure = Failure(FailureKind.MISFIT, f"{self._grammar[1]} {flaws[0]}")

    def _advanced(self) -> bool:
        """Whether a text goes on after a step."""
        self._living, self._tokens = [track for track, _ in self._going], [token for _, token in self._going]
        self._going = []
        return not self.is_over


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

    def job(self, contexts: Contexts) -> Job:
        """Return the job that reads everything."""
        try:
            if max(map(len, self.texts)) > _READ_TOKENS:
                detail = f"texts of more than {_READ_TOKENS} tokens are not read (echo)"
                raise Unusable(FailureKind.TOO_LONG, detail)
            found: list[tuple[float | None, ...]] = []
            for group in self._groups():
                rest = tuple(text[1:] for text in group if len(text) > 1)
                with contexts.opened_runs([group[0][:1]], len(max(group, key=len))) as opened:
                    trie = Trie.of(opened.node, rest)
                    (logs,) = (yield from score([trie])) if rest else ([],)
                self.computed += opened.computed + len(trie.tokens)
                if not all(map(math.isfinite, itertools.chain(*logs))):
                    raise Unusable(FailureKind.NOT_A_NUMBER, NOT_FINITE)
                read = iter(logs)
                found += [(None, *(next(read) if len(text) > 1 else ())) for text in group]
            self.logs = tuple(found)
        except Unusable as reason:
            self.failure = reason.failure
        return Answer(self.failure or NOTHING)

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


@dataclass(slots=True, eq=False)
class Meaning:
    """The meanings of texts as unit vectors; `tell` is called at the end, in the thread that works."""

    texts: tuple[str, ...]
    tell: Callable[[], None]
    cancelled: bool = False
    failure: Failure | None = None
    portions: list[NDArray[np.float32]] = field(default_factory=list)
    """The vectors of the first texts, PORTION at a time."""

    @property
    def request(self) -> Embed:
        """What is asked of the encoder next."""
        start = len(self.portions) * PORTION
        return Embed("served", self.texts[start : start + PORTION])

    @property
    def is_wanting(self) -> bool:
        """Whether there are more texts."""
        return len(self.portions) * PORTION < len(self.texts)


Order = Generation | Reading | Meaning
"""What a client waits for."""

NOTHING: Final = Texts(())
"""What the engine gives back for an order: its results are in the order itself."""


def pieces(tokens: Tokens) -> list[Tokens]:
    """Cut a prompt into pieces."""
    return [tokens[start : start + _PIECE] for start in range(0, len(tokens), _PIECE)]
