"""`Choose` and `Rate`: replies made of the scores of texts."""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from torch import Tensor

from engine.llm.choices import choice_of, mean, rating_of
from engine.llm.contexts import Contexts, Unusable
from engine.llm.jobs import Job, Wait, Wish
from engine.llm.requests import (
    NOBODY,
    Answer,
    Choose,
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
    """How likely is each of `texts` after `context`? What depends on no agent, and so is asked again, has a key."""

    context: Segments
    texts: tuple[str, ...]
    key: bytes = b""


class Choosing:
    """Makes the jobs of `Choose` and `Rate` requests. What depends on no agent is scored once and kept."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._kept: OrderedDict[bytes, list[TokenLogs]] = OrderedDict()
        self._under_way: set[bytes] = set()

    def forget(self) -> None:
        """Drop the scores that are kept."""
        self._kept.clear()

    def size(self, request: Choose | Rate) -> int:
        """Return for about how many tokens a request needs keys and values."""
        return sum(self._contexts.size((*ask.context, *ask.texts)) for ask in questions(request))

    def job(self, request: Choose | Rate, agent: int = NOBODY) -> Job:
        """Return the job that answers a request of an agent."""
        asks = questions(request)
        found: dict[int, list[TokenLogs]] = {}
        usage = Usage()
        try:
            while missing := [number for number in range(len(asks)) if number not in found]:
                for number in missing:
                    if asks[number].key in self._kept:
                        self._kept.move_to_end(asks[number].key)
                        found[number] = self._kept[asks[number].key]
                mine = [n for n in missing if n not in found and asks[n].key not in self._under_way]
                if mine:
                    scored, cost = yield from self._score([asks[number] for number in mine], request.purpose, agent)
                    found.update(zip(mine, scored, strict=True))
                    usage += cost
                elif any(number not in found for number in missing):
                    yield Wait()
        except Unusable as reason:
            return Answer(reason.failure, usage)
        return Answer(_reply(request, [found[number] for number in range(len(asks))]), usage)

    def _score(
        self, asks: Sequence[Ask], purpose: str, agent: int
    ) -> Generator[Wish, list[Tensor], tuple[list[list[TokenLogs]], Usage]]:
        """Return the scores of the texts of several questions, and what they cost; what is to be kept is kept."""
        usage = Usage()
        keys = {ask.key for ask in asks if ask.key}
        self._under_way |= keys
        with ExitStack() as held:
            held.callback(self._under_way.difference_update, keys)
            groups: list[list[Trie]] = []
            for ask in asks:
                tries, cost = self._open(ask, held, purpose, agent)
                groups.append(tries)
                usage += cost
            flat = iter((yield from score([trie for tries in groups for trie in tries])))
            scored = [[logs for _ in tries for logs in next(flat)] for tries in groups]
            for ask, logs in zip(asks, scored, strict=True):
                if ask.key:
                    self._kept[ask.key] = logs
            while len(self._kept) > _KEPT_SCORES:
                self._kept.popitem(last=False)
        return scored, usage

    def _open(self, ask: Ask, held: ExitStack, purpose: str, agent: int) -> tuple[list[Trie], Usage]:
        """Return the tries that answer `ask`; several only when one would be too large."""
        texts = [self._contexts.encode(text) for text in ask.texts]
        if not all(texts):
            raise Unusable(FailureKind.MISFIT, "an empty text has no likelihood")
        opened = held.enter_context(self._contexts.opened(ask.context, max(map(len, texts)), purpose, agent))
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
        return tries, Usage(prompt=opened.node.end + own, computed=opened.computed + own)


def questions(request: Choose | Rate) -> list[Ask]:
    """Return what has to be scored for `request`."""
    if isinstance(request, Rate):
        return [Ask(request.context, tuple(f" {n}\n" for n in range(request.low, request.high + 1)))]
    if request.way is Way.LIKELIHOOD:
        asks = [Ask(request.context, request.options)]
        return [*asks, _kept(request.prior, request.options)] if request.prior else asks
    asks = []
    for option in request.options:
        context = (*request.context, option)
        asks.append(Ask(context, (request.evidence,)))
        # One question per reference: then its score has the same bits whichever other references there are.
        asks += [_kept(context, (reference,)) for reference in request.references]
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


def _kept(context: Segments, texts: tuple[str, ...]) -> Ask:
    """Return a question whose answer is worth keeping."""
    digest = hashlib.blake2b(digest_size=16)
    for text in (*context, "", *texts):
        data = text.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return Ask(context, texts, digest.digest())
