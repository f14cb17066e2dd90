"""`Choose` and `Rate`: replies made of the scores of texts."""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.llm.choices import choice_of, mean, rating_of
from engine.llm.contexts import BATCH_TOKENS, Contexts, Unusable
from engine.llm.requests import (
    Answer,
    Choose,
    Failure,
    FailureKind,
    Rate,
    Reply,
    Segments,
    Usage,
    Way,
)
from engine.llm.scoring import Trie, score

_TRIE_TOKENS: Final = 1024
_KEPT_SCORES: Final = 1 << 16

TokenLogs = list[float]
"""The log-probability of each token of a text."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How likely is each of `texts` after `context`? `keep` marks what depends on no agent and is asked again."""

    context: Segments
    texts: tuple[str, ...]
    keep: bool = False


@dataclass(slots=True)
class Scored:
    """The answer to an `Ask`: one `TokenLogs` per text, or why there is none."""

    logs: list[TokenLogs] = field(default_factory=list)
    failure: Failure | None = None
    usage: Usage = field(default_factory=Usage)


class Choosing:
    """Answers `Choose` and `Rate` requests, all of a batch in common passes."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._kept: OrderedDict[bytes, list[TokenLogs]] = OrderedDict()

    def answer(self, requests: Sequence[Choose | Rate]) -> list[Answer]:
        """Answer all requests, in their order."""
        asks = [questions(request) for request in requests]
        scored = iter(self._score([ask for several in asks for ask in several]))
        answers = []
        for request, several in zip(requests, asks, strict=True):
            found = [next(scored) for _ in several]
            failure = next((s.failure for s in found if s.failure), None)
            reply = failure or _reply(request, [s.logs for s in found])
            answers.append(Answer(reply, sum((s.usage for s in found), Usage())))
        return answers

    def forget(self) -> None:
        """Drop the scores that are kept."""
        self._kept.clear()

    def _score(self, asks: Sequence[Ask]) -> list[Scored]:
        results: list[Scored] = []
        waiting: list[tuple[Scored, Trie]] = []
        pending: dict[bytes, Scored] = {}
        size = 0
        for ask in asks:
            key = _name(ask) if ask.keep else b""
            result = Scored()
            results.append(result)
            if key in self._kept:
                self._kept.move_to_end(key)
                result.logs = self._kept[key]
                continue
            if key in pending:
                result.logs = pending[key].logs  # the same list, filled when the batch is computed
                continue
            try:
                tries = self._open(ask, result)
            except Unusable as reason:
                result.failure = reason.failure
                continue
            if key:
                pending[key] = result
            waiting += [(result, trie) for trie in tries]
            size += result.usage.computed
            if size > BATCH_TOKENS:
                self._compute(waiting, pending)
                waiting, pending, size = [], {}, 0
        self._compute(waiting, pending)
        return results

    def _open(self, ask: Ask, result: Scored) -> list[Trie]:
        """Return the tries that answer `ask`; several only when one would be too large."""
        texts = [self._contexts.encode(text) for text in ask.texts]
        if not all(texts):
            raise Unusable(FailureKind.MISFIT, "an empty text has no likelihood")
        opened = self._contexts.open(ask.context, room=max(map(len, texts)))
        groups: list[list[tuple[int, ...]]] = [[]]
        size = 0
        for text in texts:
            if groups[-1] and size + len(text) > _TRIE_TOKENS:
                groups.append([])
                size = 0
            groups[-1].append(text)
            size += len(text)
        tries = [Trie.of(opened.node, tuple(group)) for group in groups]
        own = sum(len(trie.tokens) for trie in tries)
        result.usage = Usage(prompt=opened.node.end + own, computed=opened.computed + own)
        return tries

    def _compute(self, waiting: Sequence[tuple[Scored, Trie]], pending: dict[bytes, Scored]) -> None:
        found = score(self._contexts, [trie for _, trie in waiting])
        for (result, _), logs in zip(waiting, found, strict=True):
            result.logs.extend(logs)
        self._contexts.prefixes.trim()
        for key, result in pending.items():
            self._kept[key] = result.logs
        while len(self._kept) > _KEPT_SCORES:
            self._kept.popitem(last=False)


def questions(request: Choose | Rate) -> list[Ask]:
    """Return what has to be scored for `request`."""
    if isinstance(request, Rate):
        return [Ask(request.context, tuple(f" {n}\n" for n in range(request.low, request.high + 1)))]
    if request.way is Way.LIKELIHOOD:
        asks = [Ask(request.context, request.options)]
        return [*asks, Ask(request.prior, request.options, keep=True)] if request.prior else asks
    asks = []
    for option in request.options:
        context = (*request.context, option)
        asks.append(Ask(context, (request.evidence,)))
        # One question per reference: then its score has the same bits whichever other references there are.
        asks += [Ask(context, (reference,), keep=True) for reference in request.references]
    return asks


def _reply(request: Choose | Rate, found: list[list[TokenLogs]]) -> Reply:
    """Turn the answers to `questions(request)` into the reply."""
    if isinstance(request, Rate):
        # Terminated numbers exclude one another, so their probabilities are those of whole texts, not per token.
        return rating_of(request.low, [math.fsum(logs) for logs in found[0]])
    if request.way is Way.LIKELIHOOD:
        scores = [mean(logs) for logs in found[0]]
        if request.prior:
            scores = [score - mean(logs) for score, logs in zip(scores, found[1], strict=True)]
    else:
        means = [mean(answer[0]) for answer in found]
        each = 1 + len(request.references)
        grouped = [means[start : start + each] for start in range(0, len(means), each)]
        scores = [own - (mean(others) if others else 0.0) for own, *others in grouped]
    return choice_of(request.options, scores)


def _name(ask: Ask) -> bytes:
    """Return 16 bytes that stand for the texts of `ask`."""
    digest = hashlib.blake2b(digest_size=16)
    for text in (*ask.context, "", *ask.texts):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.digest()
