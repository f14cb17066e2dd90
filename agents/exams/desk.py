"""Where exams are sat: many thoughts at once in front of a model, without a town and without a clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeVar, cast

import numpy as np
import simpy
from numpy.typing import NDArray

from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import Weights
from engine.kernel.streams import derive_seed
from engine.llm.requests import Answer, Backend, Embed, Reply, Request, Usage, Vectors
from engine.record.events import Body, Failed

T = TypeVar("T")
Thinking = Generator[simpy.Event, Any, T]

SEED = 20230213
AT_ONCE = 64
"""So many requests are put to the model together."""


@dataclass(slots=True)
class Cost:
    """What thinking cost: requests, prompt tokens, those that no shared prefix spared, seconds of the wall clock."""

    requests: int = 0
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "requests": self.requests,
            "prompt_tokens": self.usage.prompt,
            "prompt_tokens_computed": self.usage.computed,
            "generated_tokens": self.usage.generated,
            "seconds": round(self.seconds, 2),
            "failures": dict(sorted(self.failures.items())),
        }


class _Candidate:
    """A lane of one who sits an exam: what it asks is handed to the invigilator, and its clock stands still."""

    def __init__(self, number: int, cost: Cost) -> None:
        self._number = number
        self._cost = cost
        self._asked: Counter[str] = Counter()

    def ask(self, *requests: Request) -> Generator[simpy.Event, Any, list[Reply]]:
        if not requests:
            return []
        # What a lane yields is opaque to the mind; here it is the requests themselves.
        replies: list[Reply] = yield cast(simpy.Event, requests)
        return replies

    def request_seed(self, purpose: str) -> int:
        self._asked[purpose] += 1
        return derive_seed(SEED, f"case {self._number}", 0, purpose, self._asked[purpose])

    def emit(self, body: Body) -> None:
        if isinstance(body, Failed):
            self._cost.failures[body.kind] += 1


class Desk:
    """Lets thoughts be thought by one model, many at once, and counts what they cost."""

    def __init__(self, backend: Backend, progress: Callable[[int], None] = lambda _: None) -> None:
        self._backend = backend
        self._progress = progress
        self._meanings: dict[str, NDArray[np.float32]] = {}

    def sit(self, ways: Weights, thoughts: Sequence[Callable[[Thinker], Thinking[T]]]) -> tuple[list[T], Cost]:
        """Think some thoughts, each in a mind of its own that goes the given ways; return their answers in order.

        The same request of several minds is put to the model once, as it is in a run, where replies are recorded.
        """
        cost, began = Cost(), perf_counter()
        answers: dict[int, T] = {}
        waiting: list[tuple[int, Thinking[T], tuple[Request, ...]]] = []
        for number, think in enumerate(thoughts):
            mind = think(Thinker(_Candidate(number, cost), lambda _: ways))
            _go_on(number, mind, None, answers, waiting)
        known: dict[Request, Reply] = {}
        while waiting:
            asked, waiting = waiting, []
            new = list(dict.fromkeys(r for _, _, requests in asked for r in requests if r not in known))
            for start in range(0, len(new), AT_ONCE):
                some = new[start : start + AT_ONCE]
                for request, answer in zip(some, self._answers(some), strict=True):
                    known[request] = self._counted(answer, cost)
                self._progress(len(some))
            for number, mind, requests in asked:
                _go_on(number, mind, [known[request] for request in requests], answers, waiting)
        cost.seconds = perf_counter() - began
        return [answers[number] for number in range(len(thoughts))], cost

    def _answers(self, requests: Sequence[Request]) -> list[Answer]:
        """Ask the model. The meaning of a text is asked for once: minds keep that of phrases that come up again."""
        embeds = [request for request in requests if isinstance(request, Embed)]
        texts = tuple(dict.fromkeys(t for request in embeds for t in request.texts if t not in self._meanings))
        usage = Usage()
        if texts:
            (answer,) = self._backend.answer([Embed(embeds[0].purpose, texts)])
            if not isinstance(answer.reply, Vectors):
                return [answer if isinstance(r, Embed) else self._backend.answer([r])[0] for r in requests]
            self._meanings.update(zip(texts, answer.reply.array, strict=True))
            usage = answer.usage
        others = [request for request in requests if not isinstance(request, Embed)]
        found = iter(self._backend.answer(others) if others else [])
        answers = []
        for request in requests:
            if isinstance(request, Embed):
                answers.append(Answer(Vectors(np.stack([self._meanings[text] for text in request.texts])), usage))
                usage = Usage()
            else:
                answers.append(next(found))
        return answers

    def _counted(self, answer: Answer, cost: Cost) -> Reply:
        cost.requests += 1
        cost.usage += answer.usage
        return answer.reply


def _go_on(
    number: int,
    mind: Thinking[T],
    replies: list[Reply] | None,
    answers: dict[int, T],
    waiting: list[tuple[int, Thinking[T], tuple[Request, ...]]],
) -> None:
    try:
        waiting.append((number, mind, cast(tuple[Request, ...], mind.send(replies))))
    except StopIteration as end:
        answers[number] = end.value
