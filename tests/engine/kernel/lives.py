"""Little behaviours for tests of the kernel, and towns of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import simpy

from engine.kernel.kernel import Behaviour, Kernel, Progress
from engine.kernel.lane import Lane, Message, Process
from engine.kernel.schedule import Schedule
from engine.llm.latency import Courier, Prompt
from engine.llm.requests import Answer, Request, Sample, Texts, Usage, Write
from engine.llm.service import ModelService
from engine.record.event_log import EventLog, read_events
from engine.record.events import Decided, Event
from engine.record.frames import FrameWriter, LogKind
from worlds.town.history import History

Doing = Generator[simpy.Event, Any, None]


class Echo:
    """A model that says what it was asked, and with which seed."""

    identity = "echo"

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        assert all(isinstance(request, Write) for request in requests)
        self.batches.append([request.context[-1] for request in requests if isinstance(request, Write)])
        return [
            Answer(Texts((Sample(f"{request.context[-1]} {request.seed}", 0.0, 1),)), Usage(1, 1, 1))
            for request in requests
            if isinstance(request, Write)
        ]


class WatchfulLog(EventLog):
    """Fails as soon as an event comes for a time that was released already."""

    released = 0

    def add(self, event: Event) -> None:
        assert event.key.time >= self.released, f"{event} came after {self.released} was final"
        super().add(event)

    def release(self, horizon: int) -> None:
        self.released = max(self.released, horizon)
        super().release(horizon)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run left behind."""

    log: bytes
    digest: str
    events: list[Event]
    kernel: Kernel
    backend: Echo

    def notes(self, agent: int) -> list[tuple[int, str]]:
        """The (time, answer) of what one agent decided."""
        return [
            (event.key.time, event.body.answer)
            for event in self.events
            if event.key.agent == agent and isinstance(event.body, Decided)
        ]


def run(
    behaviours: Sequence[Behaviour],
    schedule: Schedule,
    until: int = 100,
    courier: Courier | None = None,
    stops: Sequence[int] = (),
    seed: int = 7,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Outcome:
    """Run behaviours, with an echo for a model, until a time (with `stops` on the way)."""
    backend = Echo()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "events.log")
        with FrameWriter(path, LogKind.EVENTS) as writer:
            log = WatchfulLog(writer)
            service = ModelService(backend, courier=courier or Prompt())
            names = [f"agent {index}" for index in range(len(behaviours))]
            kernel = Kernel(names, seed, schedule, service, log, on_progress)
            kernel.begin(behaviours)
            for stop in (*stops, until):
                kernel.run(stop)
        return Outcome(path.read_bytes(), log.digest, list(read_events(path)), kernel, backend)


def note(lane: Lane, answer: str) -> None:
    """Log something."""
    lane.emit(Decided("test", "rule", answer))


def question(lane: Lane, purpose: str = "thought", text: str = "") -> Write:
    """A request as minds make them."""
    return Write(purpose, (text or f"{lane.name} at {lane.now}",), seed=lane.request_seed(purpose))


def told(messages: Sequence[Message]) -> str:
    """Messages in a few words."""
    return " ".join(f"{m.sender}.{m.number}@{m.time}:{m.body}" for m in messages)


# -- random little lives ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: wait, sleep, post, ask, show, roll, rouse or fail; `a` and `b` say how."""

    what: str
    a: int
    b: int


def life(steps: Sequence[Step], shown: list[History[int]]) -> Behaviour:
    """A behaviour that takes some steps again and again and logs everything that it perceives.

    It answers some messages, goes by what the model says, and shows a number that the others see a second later.
    """

    def behaviour(lane: Lane) -> Process:
        while True:
            before = lane.now
            for step in steps:
                yield from _take(lane, step, shown)
            if lane.now == before:
                yield from lane.sleep(lane.now + 1)

    return behaviour


def _take(lane: Lane, step: Step, shown: list[History[int]]) -> Doing:
    match step.what:
        case "wait":
            messages = yield from lane.wait(lane.now + step.a)
            note(lane, told(messages))
            for message in messages:
                if isinstance(message.body, int) and message.body > 0:
                    lane.post(message.sender, 1 + step.b % 3, message.body - 1)
        case "sleep":
            yield from lane.sleep(lane.now + step.a)
        case "post":
            lane.post(step.a % len(shown), 1 + step.b, step.b % 4)
        case "ask":
            replies = yield from lane.ask(*(question(lane, f"thought {i % 2}") for i in range(1 + step.a % 3)))
            texts = [reply.samples[0].text for reply in replies if isinstance(reply, Texts)]
            note(lane, " ".join(texts))
            yield from lane.sleep(lane.now + len(texts[0]) % 3)
        case "show":
            shown[lane.index].set(lane.now, lane.now + step.a)
            note(lane, " ".join(str(history.before(lane.now)) for history in shown))
        case "roll":
            note(lane, f"{lane.dice('roll').random()} {lane.request_seed('roll')}")
        case "rouse":
            lane.rouse(lane.now + step.a)
        case "fail":
            raise ValueError(f"at {lane.now}")


def town(lives: Sequence[Sequence[Step]]) -> Callable[[], list[Behaviour]]:
    """Return what makes fresh behaviours out of the steps of several lives."""

    def fresh() -> list[Behaviour]:
        shown = [History(0) for _ in lives]
        return [life(steps, shown) for steps in lives]

    return fresh
