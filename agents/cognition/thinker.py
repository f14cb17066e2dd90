"""Asking models on behalf of one mind: the one place where replies that cannot be used are handled.

Every method is a generator to be run with ``yield from`` in the mind's lane. What a model could not answer comes back
as None (or as vectors of nothing), is logged and counted, and the caller goes on with a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import simpy

from agents.memory.stream import Vector
from engine.kernel.lane import Lane
from engine.llm.requests import DIMENSIONS, Embed, Failure, Reply, Texts, Vectors, Write
from engine.record.events import Decided, Failed

Asking = Generator[simpy.Event, Any, Any]


class Thinker:
    """One agent's way to the models, with a memory for the meaning of phrases that come up again and again."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._meanings: dict[str, Vector] = {}

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

    def likeness(
        self, thought: str, situation: str, options: Sequence[str]
    ) -> Generator[simpy.Event, Any, list[float]]:
        """Return how close in meaning each option is to a situation: cosines."""
        here, *there = yield from self.meanings(thought, [situation, *options])
        return [float(np.dot(here, option)) for option in there]

    def nearest(self, thought: str, situation: str, options: Sequence[str]) -> Generator[simpy.Event, Any, int]:
        """Choose by meaning: the index of the option closest to a situation, the first of equals."""
        cosines = yield from self.likeness(thought, situation, options)
        return int(np.argmax(cosines))

    def write(
        self, requests: Sequence[Write], fits: Callable[[str], bool] = bool
    ) -> Generator[simpy.Event, Any, list[list[str]]]:
        """Let the language model word several texts at once; for each, the samples that fit, best first."""
        seeded = [replace(request, seed=self._lane.request_seed(request.purpose)) for request in requests]
        replies = yield from self._lane.ask(*seeded)
        return [self._fit(request.purpose, reply, fits) for request, reply in zip(seeded, replies, strict=True)]

    def _fit(self, thought: str, reply: Reply, fits: Callable[[str], bool]) -> list[str]:
        if not isinstance(reply, Texts):
            self._note(thought, reply)
            return []
        fit = [sample.text for sample in reply.samples if fits(sample.text)]
        if not fit:
            self._lane.emit(Failed(thought, "degenerate", f"none of {len(reply.samples)} samples is fit for use"))
        return fit

    def _note(self, thought: str, reply: Reply) -> None:
        kind = reply.kind.value if isinstance(reply, Failure) else "wrong_type"
        self._lane.emit(Failed(thought, kind, reply.detail if isinstance(reply, Failure) else type(reply).__name__))

    def decided(self, thought: str, way: str, answer: str) -> None:
        """Log how a discrete thought was settled."""
        self._lane.emit(Decided(thought, way, answer))
