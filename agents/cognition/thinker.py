"""Asking models on behalf of one mind: the one place where replies that cannot be used are handled.

Every method is a generator to be run with ``yield from`` in the mind's lane. What a model could not answer comes back
as None (or as vectors of nothing), is logged and counted, and the caller goes on with a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import simpy

from agents.cognition.thoughts import (
    AS_DECLARED,
    BIAS,
    CHANNEL,
    LIKELIHOOD,
    MEANING,
    Lean,
    Pick,
    Thought,
    Weights,
    name_of,
)
from agents.cognition.wording import copies, strangers
from agents.memory.stream import Vector
from engine.llm.requests import DIMENSIONS, Choice, Choose, Embed, Failure, Reply, Request, Texts, Vectors, Write
from engine.record.events import Body, Decided, Failed

Asking = Generator[simpy.Event, Any, Any]
Numbers = Generator[simpy.Event, Any, list[float]]


class Asker(Protocol):
    """What a thinker needs of a lane; exams have one without a clock."""

    def ask(self, *requests: Request) -> Generator[simpy.Event, Any, list[Reply]]:
        """Ask for several things at once."""
        ...

    def request_seed(self, purpose: str) -> int:
        """Return the sampling seed of the next request for a purpose."""
        ...

    def emit(self, body: Body) -> None:
        """Log an event."""
        ...


def _as_declared(name: str) -> Weights:  # noqa: ARG001 (the same for every thought)
    return AS_DECLARED


class Thinker:
    """One agent's way to the models, with a memory for the meaning of phrases that come up again and again.

    `ways` says for a discrete thought how much each way counts in it now.
    """

    def __init__(self, lane: Asker, ways: Callable[[str], Weights] = _as_declared) -> None:
        self._lane = lane
        self._ways = ways
        self._meanings: dict[str, Vector] = {}

    # -- by meaning --------------------------------------------------------------------------------------------------

    def meanings(self, thought: str, texts: Sequence[str]) -> Generator[simpy.Event, Any, list[Vector]]:
        """Return the unit vector of each text, all asked for at once."""
        unknown = tuple(dict.fromkeys(text for text in texts if text not in self._meanings))
        if unknown:
            (reply,) = yield from self._lane.ask(Embed(thought, unknown))
            if isinstance(reply, Vectors) and reply.array.shape == (len(unknown), DIMENSIONS):
                self._meanings.update(zip(unknown, reply.array, strict=True))
            else:
                self._note(thought, reply)
        nothing = np.zeros(DIMENSIONS, np.float32)
        return [self._meanings.get(text, nothing) for text in texts]

    def knows(self, texts: Sequence[str]) -> bool:
        """Whether the vectors of all these texts can be looked up."""
        return all(text in self._meanings for text in texts)

    def likeness(self, thought: str, situation: str, options: Sequence[str]) -> Numbers:
        """Return how close in meaning each option is to a situation: cosines."""
        here, *there = yield from self.meanings(thought, [situation, *options])
        return [float(np.dot(here, option)) for option in there]

    # -- discrete thoughts -------------------------------------------------------------------------------------------

    def weigh(self, thought: Pick, situation: str, options: Sequence[str], **values: str) -> Numbers:
        """Return a number for each option of a pick: the higher, the better it answers the situation.

        `values` are what the prompts of the thought speak of besides `situation`.
        """
        total = [0.0] * len(options)
        values = {**values, "situation": situation}
        for way, weight in self._ways(thought.name).items():
            if way == MEANING:
                numbers = yield from self.likeness(thought.name, situation, options)
            elif way in (CHANNEL, LIKELIHOOD):
                ask = thought.asked.channel if way == CHANNEL else thought.asked.likelihood
                distinct = tuple(dict.fromkeys(options))
                (scores,) = yield from self._scores(thought, [ask(thought.name, distinct, values)])
                numbers = [scores[distinct.index(option)] for option in options]
            else:
                continue
            total = [sum_ + weight * number for sum_, number in zip(total, numbers, strict=True)]
        return total

    def pick(self, thought: Pick, situation: str, options: Sequence[str], **values: str) -> Asking:
        """Return the index of the option that answers a situation best, the first of equals."""
        numbers = yield from self.weigh(thought, situation, options, **values)
        return int(np.argmax(numbers))

    def lean(self, thought: Lean, texts: Sequence[str], **values: str) -> Numbers:
        """Return for each text how far it lies towards the high pole; `values` as in `weigh`."""
        ways = self._ways(thought.name)
        total = [ways.get(BIAS, 0.0)] * len(texts)
        for way, weight in ways.items():
            if way == MEANING:
                numbers = yield from self._lean_by_meaning(thought, texts)
            elif way in (CHANNEL, LIKELIHOOD):
                ask = thought.asked.channel if way == CHANNEL else thought.asked.likelihood
                asked = [ask(thought.name, thought.labels, {**values, "situation": text}) for text in texts]
                scores = yield from self._scores(thought, asked)
                numbers = [towards - away for away, towards in scores]
            else:
                continue
            total = [sum_ + weight * number for sum_, number in zip(total, numbers, strict=True)]
        return total

    def _lean_by_meaning(self, thought: Lean, texts: Sequence[str]) -> Numbers:
        vectors = yield from self.meanings(thought.name, [*texts, *thought.low, *thought.high])
        poles = vectors[len(texts) :]
        lows, highs = poles[: len(thought.low)], poles[len(thought.low) :]
        return [max(float(v @ a) for a in highs) - max(float(v @ a) for a in lows) for v in vectors[: len(texts)]]

    def _scores(
        self, thought: Thought, requests: Sequence[Choose]
    ) -> Generator[simpy.Event, Any, list[tuple[float, ...]]]:
        """Return the scores of all options of each choice; zeros where the model has none."""
        distinct = tuple(dict.fromkeys(requests))
        replies = yield from self._lane.ask(*distinct)
        found: dict[Choose, tuple[float, ...]] = {}
        for request, reply in zip(distinct, replies, strict=True):
            if isinstance(reply, Choice) and len(reply.scores) == len(request.options):
                found[request] = reply.scores
            else:
                self._note(thought.name, reply)
        return [found.get(request, (0.0,) * len(request.options)) for request in requests]

    def decided(self, thought: str, way: str, answer: str) -> None:
        """Log how a discrete thought was settled."""
        self._lane.emit(Decided(thought, way, answer))

    def way_of(self, thought: Thought) -> str:
        """Return the name of the way that a thought goes now."""
        return name_of(self._ways(thought.name))

    # -- texts -------------------------------------------------------------------------------------------------------

    def write(
        self, requests: Sequence[Write], fits: Callable[[str], bool] = bool
    ) -> Generator[simpy.Event, Any, list[list[str]]]:
        """Let the language model word several texts at once; for each, the samples that fit, best first.

        No sample fits that copies the examples of its prompt or names somebody who is not in it. Where none does, it is
        asked once more, with another seed; there may be none then, too.
        """
        found: list[list[str]] = [[] for _ in requests]
        wanting = list(range(len(requests)))
        for kind in ("resampled", "degenerate"):
            seeded = [replace(requests[n], seed=self._lane.request_seed(requests[n].purpose)) for n in wanting]
            replies = yield from self._lane.ask(*seeded)
            for number, request, reply in zip(wanting, seeded, replies, strict=True):
                found[number] = self._fit(request, reply, fits, kind)
            answered = zip(wanting, replies, strict=True)
            wanting = [n for n, reply in answered if not found[n] and isinstance(reply, Texts)]
        return found

    def _fit(self, request: Write, reply: Reply, fits: Callable[[str], bool], otherwise: str) -> list[str]:
        """Return the samples that fit; where none does, log it as this kind."""
        if not isinstance(reply, Texts):
            self._note(request.purpose, reply)
            return []
        texts = [sample.text for sample in reply.samples]
        fit = [text for text in texts if fits(text) and is_original(text, request)]
        if not fit:
            self._lane.emit(Failed(request.purpose, otherwise, f"none of {len(texts)} samples is fit for use"))
        return fit

    def _note(self, thought: str, reply: Reply) -> None:
        kind = reply.kind.value if isinstance(reply, Failure) else "wrong_type"
        self._lane.emit(Failed(thought, kind, reply.detail if isinstance(reply, Failure) else type(reply).__name__))


def is_original(text: str, request: Write) -> bool:
    """Whether a text copies no example of its prompt, and names nobody who is not in it."""
    said = request.begin + text  # a text often begins within a sentence, where a capital tells more
    return not copies(text, request.context[:1]) and not strangers(said, (*request.context, request.begin))
