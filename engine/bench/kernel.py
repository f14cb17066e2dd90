"""What a kernel of lanes costs, against as many timeouts of bare SimPy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import simpy

from engine.bench.result import BenchResult, seconds
from engine.kernel.kernel import Kernel
from engine.kernel.lane import Lane, Process
from engine.kernel.schedule import SameSecond
from engine.llm.requests import Write
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import ModelService
from engine.record.event_log import EventLog
from engine.record.events import Decided
from engine.record.frames import FrameWriter, LogKind

ROUNDS = 5
WAITS = 40_000
"""Waits shared among all lanes of a round."""
SCRIPT = {"bench": ("yes", "no")}
NOTHING = Decided("bench", "rule", "")


@dataclass(frozen=True, slots=True)
class Load:
    """What lanes do beside waiting: how many messages, questions to the model and log entries per hundred waits."""

    name: str
    messages: int = 0
    questions: int = 0
    logged: int = 0


LOADS = (
    Load("waits"),
    Load("waits, messages", messages=33),
    Load("waits, questions", questions=31),
    Load("waits, log", logged=119),
    Load("all, as in the shipped day", messages=33, questions=31, logged=119),
)
"""The last one has the shares of the shipped town from 06:30 to 12:30 the next day, counted with the scripted model."""


def bench_kernel() -> BenchResult:
    """Lanes that wait 10 to 16 seconds at a time, with the instant scripted model, in rounds with bare SimPy.

    The ratios are the cost of a wait in a lane over that of a bare timeout; the other rows show what is added by
    messages, by questions (hashing, the scripted answer and its record in memory) and by the log on disk.
    """
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float | None] = {}
    for lanes in (25, 1000):
        for load in LOADS:
            pairs = [(_bare(lanes), _kernel(lanes, load)) for _ in range(ROUNDS)]
            bare, ours = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
            rows.append(
                {
                    "agents": lanes,
                    "load": load.name,
                    "bare_simpy_per_s": round(WAITS / bare),
                    "kernel_per_s": round(WAITS / ours),
                    "cost_over_bare": round(ours / bare, 2),
                }
            )
            if load is LOADS[0]:
                ratios[f"bare_simpy_{lanes}"] = round(ours / bare, 3)
            if load is LOADS[-1]:
                ratios[f"all_over_bare_simpy_{lanes}"] = round(ours / bare, 3)
    return BenchResult("kernel", rows, ratios)


def _bare(processes: int) -> float:
    env = simpy.Environment()

    def life(span: int) -> Process:
        for _ in range(WAITS // processes):
            yield env.timeout(span)

    for number in range(processes):
        env.process(life(10 + number % 7))
    return seconds(env.run)


def _kernel(lanes: int, load: Load) -> float:
    service = ModelService(ScriptedBackend(SCRIPT), gather=False)
    names = [f"agent {number}" for number in range(lanes)]
    with tempfile.TemporaryDirectory() as folder, FrameWriter(Path(folder, "events.log"), LogKind.EVENTS) as writer:
        kernel = Kernel(names, 1, SameSecond(), service, EventLog(writer))
        kernel.begin([_life(load, lanes)] * lanes)
        return seconds(lambda: kernel.run(WAITS * 20))


def _life(load: Load, lanes: int) -> Callable[[Lane], Process]:
    def life(lane: Lane) -> Process:
        span, messages, questions, logged = 10 + lane.index % 7, 0, 0, 0
        for number in range(1, WAITS // lanes + 1):
            yield from lane.wait(lane.now + span)
            if number * load.messages // 100 > messages:
                messages += 1
                lane.post((lane.index + 1) % lanes, 1 + span, None)
            if number * load.questions // 100 > questions:
                questions += 1
                yield from lane.ask(Write("bench", ("Yes or no?",), seed=lane.request_seed("bench")))
            while number * load.logged // 100 > logged:
                logged += 1
                lane.emit(NOTHING)

    return life
