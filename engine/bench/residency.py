"""What is kept of earlier contexts when memory is short: by invocation distance, by recency, and by an oracle."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from engine.bench.result import BenchResult, seconds
from engine.bench.trace import Asked, Trace
from engine.llm.choosing import questions
from engine.llm.contexts import Contexts
from engine.llm.embedded import EmbeddedBackend
from engine.llm.kv import PAGE_TOKENS, Node, Prefixes, run
from engine.llm.requests import Hint, Reply, Segments, Write
from engine.llm.residency import InvocationDistance, Kept, Rank
from engine.llm.shelf import Shelf
from engine.llm.tiers.cache import cache_folder
from engine.llm.tiers.formats import STORAGE_FORMATS, Workspace

SHARES: Final = (0.02, 0.04, 0.08, 0.16)
"""Budgets, as parts of what all contexts of the trace take together."""
MEASURED: Final = 0.04
"""The budget under which the model itself is let answer."""
PARTS, QUESTIONS = 6, 8
"""So many parts of the trace, of so many questions each, go through all engines in turn."""
_TEXTS: Final = 12
"""So many contexts show what rounding costs."""
_NO_LIMIT: Final = 1 << 62
_DISK: Final = 1 << 30


class LeastRecent:
    """What was read last goes last."""

    def read(self, kept: Kept, agent: int) -> None:
        """See `Residency.read`."""

    def expect(self, thoughts: Sequence[float]) -> None:
        """See `Residency.expect`."""

    def is_worth_storing(self, kept: Kept) -> bool:  # noqa: ARG002
        """See `Residency.is_worth_storing`."""
        return True

    def rank(self, kept: Kept) -> Rank:
        """See `Residency.rank`."""
        return True, 0.0, kept.last


class KindsAlone(InvocationDistance):
    """What will hardly be read again goes first, then what was not read for longest: without the kernel's knowledge."""

    def rank(self, kept: Kept) -> Rank:
        """See `Residency.rank`."""
        return self.is_worth_storing(kept), 0.0, kept.last


class Oracle(LeastRecent):
    """Knows when each piece is read again: it has seen the whole trace. What is read last goes first (Belady 1966)."""

    def __init__(self) -> None:
        self.question = 0
        """The number of the question that is asked now."""
        self._readings: defaultdict[bytes, list[int]] = defaultdict(list)
        self._knows = False

    def read(self, kept: Kept, agent: int) -> None:  # noqa: ARG002
        """See `Residency.read`."""
        if not self._knows:
            self._readings[kept.name].append(self.question)

    def rank(self, kept: Kept) -> Rank:
        """See `Residency.rank`."""
        readings = self._readings[kept.name]
        later = bisect_right(readings, self.question)
        return True, -float(readings[later]) if later < len(readings) else -torch.inf, kept.last

    def seen(self) -> Oracle:
        """Begin anew, with the knowledge of the whole trace."""
        self.question, self._knows = 0, True
        return self


@dataclass(slots=True)
class _Walk:
    """What reading all contexts of a trace takes, in tokens; without a model at work."""

    prompt: int = 0
    new: int = 0
    """Not in memory: computed or loaded."""
    loaded: int = 0

    @property
    def computed(self) -> int:
        return self.new - self.loaded

    def go(self, trace: Trace, contexts: Contexts, oracle: Oracle | None = None) -> _Walk:
        """Open the contexts of each question in their order."""
        last = torch.zeros(contexts.model.config.hidden)
        for number, (person, question) in enumerate(trace.in_order()):
            if oracle is not None:
                oracle.question = number
            contexts.prefixes.expect(question.thoughts)
            with ExitStack() as held:
                for request in question.requests:
                    for context, purpose in _contexts(request):
                        opened = held.enter_context(contexts.opened(context, 1, purpose, person))
                        self.prompt += opened.node.end
                        self.new += opened.computed
                        for node in opened.node.chain():
                            node.last = last
            contexts.prefixes.trim()
        self.loaded = contexts.prefixes.loaded
        return self


def _contexts(request: Asked) -> list[tuple[Segments, str]]:
    """Return the contexts that a request reads, and for what."""
    if isinstance(request, Write):
        own = [((*request.context, request.begin), request.purpose)]
        less = ((*request.contrast, request.begin), f"contrast of {request.purpose}")
        return [*own, less] if request.contrast else own
    return [(ask.context, request.purpose) for ask in questions(request)]


def bench_residency(trace: Trace | None = None, path: Path | None = None) -> BenchResult:
    """Read the contexts of the shipped trace under several budgets of memory, in the order in which they came.

    Which tokens have to be computed is counted without a model, by the very tree that the engine uses. Then the model
    answers the beginning of the trace under one budget, in parts that go through all engines in turn. `path` is
    another model's file.
    """
    trace = trace or Trace.load()
    plain = EmbeddedBackend.load(path, kv_disk=0)
    tokenizer, model = plain.contexts.tokenizer, plain.contexts.model
    config, page = model.config, PAGE_TOKENS * model.config.token_bytes
    oracle = Oracle()
    all_ = _Walk().go(trace, Contexts(Prefixes(model, _NO_LIMIT, oracle), tokenizer), oracle)
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float | None] = {}
    for share in SHARES:
        budget = round(share * all_.computed) * config.token_bytes
        found: dict[str, int] = {}
        for name, residency, shelf in (
            ("least recently used", LeastRecent(), None),
            ("kind and recency", KindsAlone(), None),
            ("invocation distance", InvocationDistance(), None),
            ("Belady's oracle", oracle.seen(), None),
            ("invocation distance and disk", InvocationDistance(), Shelf(cache_folder(), _DISK, page)),
        ):
            prefixes = Prefixes(model, budget, residency, shelf)
            walk = _Walk().go(trace, Contexts(prefixes, tokenizer), oracle if residency is oracle else None)
            found[name] = walk.computed
            rows.append(_row(budget, name, walk))
        lru, distance, best, disk = (
            found[name]
            for name in (
                "least recently used",
                "invocation distance",
                "Belady's oracle",
                "invocation distance and disk",
            )
        )
        at = f"{share:.0%}".rstrip("%")
        ratios[f"computed_lru_over_distance_{at}"] = round(lru / distance, 3)
        ratios[f"computed_distance_over_oracle_{at}"] = round(distance / best, 3)
        ratios[f"computed_lru_over_disk_{at}"] = round(lru / disk, 3)
    rows.append(_row(_NO_LIMIT, "everything is kept", all_))
    measured, speeds = _measure(trace, path, round(MEASURED * all_.computed) * config.token_bytes)
    return BenchResult("residency", rows + measured, ratios | speeds | _rounding(trace, plain.contexts))


def _row(budget: int, name: str, walk: _Walk) -> dict[str, Any]:
    return {
        "memory": "all" if budget == _NO_LIMIT else f"{budget / 2**20:.3g} MiB",
        "what is kept": name,
        "prompt tokens": walk.prompt,
        "computed": walk.computed,
        "from disk": walk.loaded,
        "hit rate": round(1 - walk.computed / walk.prompt, 3),
        "seconds": "",
        "requests_per_s": "",
    }


@dataclass(slots=True)
class _Timed:
    """An engine under a budget, and what it took so far."""

    name: str
    backend: EmbeddedBackend
    seconds: float = 0.0
    walk: _Walk | None = None

    def answer(self, questions: Sequence[Any]) -> list[Reply]:
        """Let it answer a part of the trace."""
        replies: list[Reply] = []
        self.seconds += seconds(lambda: replies.extend(self._answer(questions)))
        return replies

    def _answer(self, questions: Sequence[Any]) -> list[Reply]:
        walk = self.walk = self.walk or _Walk()
        replies: list[Reply] = []
        for person, question in questions:
            tickets = [self.backend.put(request, Hint(agent=person)) for request in question.requests]
            self.backend.expect(question.thoughts)
            answers = dict(self.backend.advance())
            while not answers.keys() >= set(tickets):
                answers |= dict(self.backend.advance())
            replies += [answers[ticket].reply for ticket in tickets]
            walk.prompt += sum(answer.usage.prompt for answer in answers.values())
            walk.new += sum(answer.usage.computed for answer in answers.values())
        walk.loaded = self.backend.contexts.prefixes.loaded
        return replies


def _measure(trace: Trace, path: Path | None, budget: int) -> tuple[list[dict[str, Any]], dict[str, float | None]]:
    engines = [
        _Timed(name, EmbeddedBackend.load(path, kv_bytes=budget, kv_disk=disk))
        for name, disk in (
            ("least recently used", 0),
            ("invocation distance", 0),
            ("invocation distance and disk", _DISK),
        )
    ]
    engines[0].backend.contexts.prefixes.residency = LeastRecent()
    order, same = trace.in_order(), True
    for number in range(PARTS):
        part = order[number * QUESTIONS : (number + 1) * QUESTIONS]
        turn = [engines[(number + place) % len(engines)] for place in range(len(engines))]
        replies = [engine.answer(part) for engine in turn]
        same = same and all(one == replies[0] for one in replies)
    asked = sum(len(question.requests) for _, question in order[: PARTS * QUESTIONS])
    rows = []
    for engine in engines:
        assert engine.walk is not None
        speed = round(asked / engine.seconds, 2)
        rows.append(
            _row(budget, f"{engine.name}, answering", engine.walk)
            | {"seconds": round(engine.seconds, 1), "requests_per_s": speed}
        )
    return rows, {
        "seconds_lru_over_distance": round(engines[0].seconds / engines[1].seconds, 3),
        "seconds_lru_over_disk": round(engines[0].seconds / engines[2].seconds, 3),
        "same_replies": float(same),
    }


def _rounding(trace: Trace, contexts: Contexts) -> dict[str, float | None]:
    """Return what it would cost to keep keys and values rounded: mean KL of what may follow, in nats."""
    chains = [
        [contexts.encode(segment) for segment in context if segment]
        for _, question in trace.in_order()
        for request in question.requests[:1]
        for context, _ in _contexts(request)[:1]
    ][:: max(1, len(trace.in_order()) // _TEXTS)][:_TEXTS]
    lost: dict[str, list[float]] = {"int8": [], "4bit": []}
    for *before, end in (chain for chain in chains if len(chain) > 1):
        expected = _following(contexts, before, end, None)
        for name, divergences in lost.items():
            found = _following(contexts, before, end, name)
            divergences.append(float((expected.exp() * (expected - found)).sum(dim=1).mean()))
    return {f"kl_{name}": float(f"{sum(each) / len(each):.2e}") for name, each in lost.items() if each}


def _following(contexts: Contexts, before: Sequence[Sequence[int]], end: Sequence[int], form: str | None) -> Tensor:
    """Return log-probabilities [tokens of `end`, vocabulary] where what comes before `end` was kept in a form."""
    model, node = contexts.model, None
    for tokens in before:
        node = Node(model.config, node, tuple(tokens))
        run(model, [node])
    for part in node.chain() if node and form else ():
        for numbers in (part.keys, part.values):
            numbers.copy_(_rounded(numbers, str(form)))
    (states,) = run(model, [Node(model.config, node, tuple(end))])
    return model.log_probabilities(states)


def _rounded(numbers: Tensor, form: str) -> Tensor:
    """Return numbers [..., head_dim] as they come back from groups of a head's numbers in 8 or 4 bits."""
    rows = numbers.flatten(0, -2)  # [groups, head_dim]
    if form == "int8":
        scale = rows.abs().amax(dim=1, keepdim=True) / 127
        return (torch.round(rows / scale.clamp(min=1e-12)) * scale).view_as(numbers)
    storage, (count, width) = STORAGE_FORMATS[form], rows.shape
    workspace = Workspace(storage.room(count, width))
    return storage.expand(storage.pack(rows), count, width, workspace).view_as(numbers)
