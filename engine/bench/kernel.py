"""What a kernel of lanes costs, against as many timeouts of bare SimPy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import simpy

from engine.bench.result import BenchResult, processor_seconds
from engine.kernel.frontier import Frontier
from engine.kernel.kernel import Kernel
from engine.kernel.lane import Lane, Process
from engine.kernel.schedule import SameSecond, Schedule
from engine.llm.requests import Write
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import ModelService
from engine.record.event_log import EventLog
from engine.record.events import Decided
from engine.record.frames import FrameWriter, LogKind

ROUNDS = 5
WAITS = 20_000
"""Waits shared among all lanes of a round."""
DELAY = 60
"""Seconds that a message takes."""
GOALS = {25: 3, 1000: 5}
"""The most that it may cost with the scripted model, in bare timeouts, by the number of agents."""
SCRIPT = {"bench": ("yes", "no")}
NOTHING = Decided("bench", "rule", "")


@dataclass(frozen=True, slots=True)
class Load:
    """What lanes do beside waiting: how many messages, questions to the model and log entries per hundred waits.

    By the `frontier` rule questions are gathered, and lanes run ahead of those that wait for their replies.
    """

    name: str
    messages: int = 0
    questions: int = 0
    logged: int = 0
    frontier: bool = False

    @property
    def events(self) -> float:
        """How much there is to each wait: its end, messages, replies and log entries."""
        return 1 + (self.messages + self.questions + self.logged) / 100


DAY = Load("all, as in the shipped day", messages=33, questions=31, logged=119)
"""The shares of the shipped town from 06:30 to 12:30 the next day, counted with the scripted model."""
LOADS = (
    Load("waits"),
    Load("waits, messages", messages=DAY.messages),
    Load("waits, log", logged=DAY.logged),
    Load("waits, questions", questions=DAY.questions),
    DAY,
    replace(DAY, name="all, questions gathered, by the frontier rule", frontier=True),
)


class Ring:
    """A `Reach` of lanes of which each hears from the one before it only, after `DELAY` seconds."""

    def __init__(self, lanes: int) -> None:
        self._lanes = lanes

    def around(
        self,
        lane: int,
        time: int,
        settled: int,  # noqa: ARG002
        first: int,  # noqa: ARG002
        quiet: Callable[[int], float],  # noqa: ARG002
    ) -> Iterator[tuple[int, int]]:
        """Yield the one before."""
        yield (lane - 1) % self._lanes, time - DELAY


def bench_kernel() -> BenchResult:
    """Lanes that wait 10 to 16 seconds at a time, in rounds with as many timeouts of bare SimPy.

    What counts is the least processor time of all rounds. `over_bare` is what a wait costs, with all that comes with
    it, over a bare timeout; `over_bare_per_event` divides that by all the ends of waits, messages, replies and log
    entries that there are to a wait. The first row is the kernel alone. Questions are hashed, answered by the instant
    scripted model and recorded in memory; log entries are written to disk. The goal is meant for the kernel with the
    model: where no question is asked there is none.
    """
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float | None] = {}
    for lanes, goal in GOALS.items():
        for load in LOADS:
            pairs = [(_bare(lanes), _kernel(lanes, load)) for _ in range(ROUNDS)]
            bare, ours = map(min, zip(*pairs, strict=True))
            over = ours / bare
            rows.append(
                {
                    "agents": lanes,
                    "load": load.name,
                    "bare_timeouts_per_s": round(WAITS / bare),
                    "waits_per_s": round(WAITS / ours),
                    "over_bare": round(over, 2),
                    "over_bare_per_event": round(over / load.events, 2),
                    "goal": f"at most {goal}: {'met' if over <= goal else 'missed'}" if load.questions else "",
                }
            )
            if load is LOADS[0]:
                ratios[f"waits_alone_over_bare_simpy_{lanes}"] = round(over, 3)
            if load is DAY:
                ratios[f"bare_simpy_{lanes}"] = round(over, 3)
                ratios[f"per_event_over_bare_simpy_{lanes}"] = round(over / load.events, 3)
            if load.frontier:
                ratios[f"frontier_over_bare_simpy_{lanes}"] = round(over, 3)
    return BenchResult("kernel", rows, ratios)


def _bare(processes: int) -> float:
    env = simpy.Environment()

    def life(span: int) -> Process:
        for _ in range(WAITS // processes):
            yield env.timeout(span)

    for number in range(processes):
        env.process(life(10 + number % 7))
    return processor_seconds(env.run)


def _kernel(lanes: int, load: Load) -> float:
    service = ModelService(ScriptedBackend(SCRIPT), gather=load.frontier)
    rule: Schedule = Frontier(Ring(lanes)) if load.frontier else SameSecond()
    names = [f"agent {number}" for number in range(lanes)]
    with tempfile.TemporaryDirectory() as folder, FrameWriter(Path(folder, "events.log"), LogKind.EVENTS) as writer:
        kernel = Kernel(names, 1, rule, service, EventLog(writer))
        kernel.begin([_life(load, lanes)] * lanes)
        return processor_seconds(lambda: kernel.run(WAITS * 20))


def _life(load: Load, lanes: int) -> Callable[[Lane], Process]:
    def life(lane: Lane) -> Process:
        span, messages, questions, logged = 10 + lane.index % 7, 0, 0, 0
        for number in range(1, WAITS // lanes + 1):
            yield from lane.wait(lane.now + span)
            if number * load.messages // 100 > messages:
                messages += 1
                lane.post((lane.index + 1) % lanes, DELAY, None)
            if number * load.questions // 100 > questions:
                questions += 1
                yield from lane.ask(Write("bench", ("Yes or no?",), seed=lane.request_seed("bench")))
            while number * load.logged // 100 > logged:
                logged += 1
                lane.emit(NOTHING)

    return life
