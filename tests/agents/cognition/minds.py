"""Minds whose thoughts can be computed by hand: what texts mean and what a model writes is told to them."""

from __future__ import annotations

import random
from collections.abc import Generator, Mapping, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import simpy

from agents.cognition.mind import Call, Mind
from agents.cognition.settings import MindSettings
from agents.memory.stream import Vector
from agents.persona.persona import Persona
from engine.contact import Spot
from engine.kernel.clock import Clock
from engine.kernel.timeline import Timeline
from engine.llm.requests import DIMENSIONS, Embed, Reply, Request, Sample, Texts, Vectors, Write
from engine.record.events import Body, Decided

ANN: Mapping[str, Any] = {
    "name": "Ann Ash",
    "age": 30,
    "traits": "calm",
    "biography": ["Ann Ash lives here"],
    "currently": "Ann is at home",
    "lifestyle": "regular",
    "home": "Home",
    "wakes": "07:00",
    "sleeps": "23:00",
}
HOME = "town:Home"
Meanings = Mapping[str, Sequence[float]]
"""The first coordinates of texts' vectors, all others are 0. They need not be unit vectors: with one that is (1, 0, …)
the inner product is the first coordinate. What is not told means nothing: its inner products are 0.
"""


def vector(*coordinates: float) -> Vector:
    """Return the vector with these first coordinates."""
    return np.array([*coordinates, *[0.0] * (DIMENSIONS - len(coordinates))], np.float32)


class Lots:
    """Dice that fall as they are told to."""

    def __init__(self, lots: list[float]) -> None:
        self._lots = lots

    def random(self) -> float:
        return self._lots.pop(0)


class Lane:
    """A lane at one moment, a second of a day that began at 0. Whatever is asked is answered at once."""

    def __init__(self, now: int, meanings: Meanings, written: Sequence[str], lots: Sequence[float]) -> None:
        self.now = now
        self.activity = ""
        self.meanings = dict(meanings)
        self.asked: list[Request] = []
        self.logged: list[Body] = []
        self._written = written
        self._lots = Lots(list(lots))

    def ask(self, *requests: Request) -> Generator[simpy.Event, Any, list[Reply]]:
        self.asked += requests
        return [self._reply(request) for request in requests]
        yield

    def _reply(self, request: Request) -> Reply:
        if isinstance(request, Embed):
            return Vectors(np.stack([vector(*self.meanings.get(text, ())) for text in request.texts]))
        return Texts(tuple(Sample(text, 0.0, 1) for text in self._written))

    def dice(self, purpose: str) -> random.Random:
        return cast(random.Random, self._lots)

    def request_seed(self, purpose: str) -> int:
        return len(self.asked)

    def emit(self, body: Body) -> None:
        self.logged.append(body)

    @property
    def decided(self) -> list[str]:
        """The answers of discrete thoughts, in their order."""
        return [body.answer for body in self.logged if isinstance(body, Decided)]

    @property
    def worded(self) -> list[Write]:
        """What texts were asked for."""
        return [request for request in self.asked if isinstance(request, Write)]


def mind(
    meanings: Meanings | None = None,
    *,
    now: int = 0,
    written: Sequence[str] = (),
    lots: Sequence[float] = (),
    persona: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    calls: tuple[Call, ...] = (),
    **settings: Any,
) -> tuple[Mind, Lane]:
    """Return a mind, and its lane. Its body is at home, the one place it knows, and open at all times.

    `persona` and `body` are what is different about those of Ann Ash, `settings` those of her mind.
    """
    lane = Lane(now, meanings or {}, written, lots)
    at_home: dict[str, Any] = {
        "address": HOME,
        "place": "Home",
        "stays_until": now,
        "spots": lambda: [Spot(HOME, "Home", "where one lives", home=True)],
        "people": list,
        "company": lambda _: [],
        "can_approach": lambda _: True,
        "describe": lambda address: f"the {address.rsplit(':', 1)[-1]}",
        "hear_of": lambda _: None,
        "uses": lambda _: [],
        "is_open": lambda *_: True,
        "admits": lambda *_: True,
        "opens": lambda *_: None,
        "closes": lambda *_: None,
        "way": lambda *_: 0,
        "way_at_least": lambda *_: 0,
    }
    me = Mind(
        Persona.model_validate({**ANN, **(persona or {})}),
        Timeline(MindSettings.model_validate(settings)),
        cast(Any, lane),
        cast(Any, SimpleNamespace(**{**at_home, **(body or {})})),
        Clock(datetime(2023, 2, 13)),
        "town",
        calls,
    )
    return me, lane
