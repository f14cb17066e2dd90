"""Benchmarks of whole towns: they put together what the benchmarks of the rooms cannot know."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import simpy

from agents.cognition.script import LINES
from agents.memory.bench import bench_retrieval
from engine.bench import BENCHES as ROOM_BENCHES
from engine.bench import BenchResult
from engine.bench.critical_path import CriticalPath
from engine.bench.trace import TOWN, Question, Trace, for_language_model
from engine.collection import uncollected
from engine.errors import RunFailed
from engine.kernel.frontier import Frontier
from engine.kernel.kernel import Kernel
from engine.kernel.lane import Lane, Message
from engine.llm.latency import Virtual
from engine.llm.lazy import RecordedBackend
from engine.llm.records import RecordedReplies, ReplyRecord
from engine.llm.requests import Embed, Request, request_key
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import Budget, ModelService
from engine.llm.spec import ModelSpec
from engine.record.event_log import EventLog
from engine.record.frames import FrameWriter, LogKind
from thorp.interventions import carry_out
from thorp.resume import prepare_resumption, resume
from thorp.scenario import DATA, Plan, load_scenario
from thorp.town import Means, lives, open_model, simulate
from worlds.town.bench.paths import against_others, other_walks, random_pairs
from worlds.town.bench.sight import crowd
from worlds.town.bench.timing import each, row, timed
from worlds.town.map import TownMap
from worlds.town.objects import Action
from worlds.town.settlement.write import write_town
from worlds.town.walk import Walk
from worlds.town.world import TownWorld

POPULATIONS = {5: ("+15h", 8), 25: ("+6h", 4), 100: ("+2h", 3), 500: ("+30m", 2), 1000: ("+20m", 2)}
"""For how long each population lives in `bench_schedule`, and in how many towns: some four minutes of this machine."""
STEP = 10
"""Seconds of a step in the paper's code: those that a tile takes."""
MEANING = 0.02
"""Seconds that a meaning takes in `bench_schedule`: it comes from this machine, whatever the language model is."""
DAY = 25, "+24h"
PAIRS = 10_000
"""Walks that `bench_paths` finds in the shipped town; a tenth of them in others."""
CROWD, CROWDED, LARGE = 10_000, 143, (1000, 1000)
"""People, people in a quarter, and tiles of the largest town there can be."""


def bench_schedule() -> BenchResult:
    """Lanes that run ahead against a barrier at every second and against the critical path, on a virtual clock.

    Every request takes as long in all of them, a language model's log-normal with a median of one second and a meaning
    20 ms, and any number may be under way at once.
    The barrier has the same outcome. One at every ten seconds, as in step-wise simulations, would not: there is no
    time for a question and its answer within a step; it is shown for comparison. A population lives in several towns,
    drawn by different seeds, because in one of them a single long chain of thoughts decides; seconds are summed.
    """
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float | None] = {}
    for people, (end, towns) in POPULATIONS.items():
        began = perf_counter()
        paths, clocks = zip(*(_town(people, seed, end) for seed in range(1, towns + 1)), strict=True)
        clock, barrier = sum(clocks), sum(path.barrier(1) for path in paths)
        oracle, in_sight = sum(path.oracle for path in paths), sum(path.in_sight for path in paths)
        rows.append(
            {
                "agents": people,
                "simulated": f"{towns} x {end[1:]}",
                "barrier_s": round(barrier, 1),
                "steps_10s_s": round(sum(path.barrier(STEP) for path in paths), 1),
                "out_of_order_s": round(clock, 1),
                "oracle_s": round(oracle, 1),
                "over_barrier": round(barrier / clock, 2),
                "oracle_fraction": round(oracle / clock, 3),
                "in_sight_s": round(in_sight, 1),
                "in_sight_fraction": round(in_sight / clock, 3),
                "in_flight": round(sum(path.thinking for path in paths) / clock, 1),
                "took_s": round(perf_counter() - began, 1),
            }
        )
        ratios[f"over_barrier_{people}"] = round(barrier / clock, 3)
        ratios[f"oracle_fraction_{people}"] = round(oracle / clock, 3)
        ratios[f"in_sight_fraction_{people}"] = round(in_sight / clock, 3)
    return BenchResult("schedule", rows, ratios)


def _town(people: int, seed: int, end: str) -> tuple[CriticalPath, float]:
    """Let the people of a random town live; return their critical path, and what the virtual clock shows."""
    with tempfile.TemporaryDirectory() as folder:
        plan = load_scenario(write_town(Path(folder, "town"), people, seed=seed, end=end))
        return _measure(plan, Path(folder))


def bench_resume() -> BenchResult:
    """A day of 25 people, and the same day once more from its recorded replies, without a model."""
    people, end = DAY
    with tempfile.TemporaryDirectory() as folder:
        plan = load_scenario(write_town(Path(folder, "town"), people, seed=1, end=end))
        model = ModelSpec.parse("scripted")
        means = Means(model, open_model(model), Frontier.name, Budget())
        run = simulate(plan, means, Path(folder, "run"), ["bench"], lambda *_: None)
        began = perf_counter()
        resumption = prepare_resumption(Path(folder, "run"), model=ModelSpec.parse("recorded"))
        again = resume(resumption, open_model, Budget(), ["bench"], lambda *_: None, lambda _: None)
        took = perf_counter() - began
    if again.events_digest != run.events_digest:
        raise RunFailed("the resumed day is not the same day")
    row = {
        "agents": people,
        "simulated": end,
        "events": again.events,
        "replies": again.stats.requests,
        "first_time_s": round(run.wall_seconds, 1),
        "resumed_s": round(took, 1),
        "events_per_s": round(again.events / took),
    }
    return BenchResult("resume", [row], {f"seconds_per_day_{people}": round(took, 2)})


def bench_paths() -> BenchResult:
    """Walks in the shipped town against networkx and a flood fill; and the largest town possible.

    All is processor time. `ready_s` is what is prepared once: for finding walks, and for the large town everything from
    its files to the people who stand in it.
    """
    with tempfile.TemporaryDirectory() as folder:
        town_map = TownMap.load(DATA / "thorp.tmj")
        rows, ratios = against_others(town_map, PAIRS)
        rows += other_walks(town_map, PAIRS // 10)
        scenario = write_town(Path(folder, "large"), CROWD, seed=1, quarter=CROWDED, least_size=LARGE)
        ready, world = timed(_peopled, scenario, Path(folder))
        walks = each(world.paths.path, random_pairs(world.map, PAIRS // 10))
        size = f"{world.map.width} x {world.map.height}"
        rows.append(row(size, f"thorp: with {CROWD:,} people, first walk", walks[:1], ready))
        rows.append(row(size, "thorp", walks))
        rows += other_walks(world.map, PAIRS // 10)
        rows += crowd(world.map, CROWD // 10, 0.1) + crowd(world.map, CROWD, 1)
    return BenchResult("paths", rows, ratios)


def _peopled(scenario: Path, folder: Path) -> TownWorld:
    """Return a town as it is when its first second begins."""
    plan = load_scenario(scenario)
    world = TownWorld(plan.town_map, plan.scenario.world.sight, plan.scenario.world.seconds_per_tile)
    names = [person.name for person in plan.scenario.people]
    with FrameWriter(folder / "large.log", LogKind.EVENTS) as events, uncollected():
        service = ModelService(ScriptedBackend(LINES), ReplyRecord())
        kernel = Kernel(names, plan.seeds, Frontier(world.reach), service, EventLog(events))
        kernel.begin(lives(plan, world, kernel.lanes))
    return world


def _measure(plan: Plan, folder: Path) -> tuple[CriticalPath, float]:
    """Run a plan out of order on a virtual clock; return its critical path and what the clock shows at the end."""
    path = CriticalPath(len(plan.scenario.people))
    backend, record, courier = ScriptedBackend(LINES), ReplyRecord(), Virtual(plan.scenario.seed, meanings=MEANING)
    service = ModelService(backend, record, courier)
    names = [person.name for person in plan.scenario.people]
    world = _TracedWorld(path, plan.town_map, plan.scenario.world.sight, plan.scenario.world.seconds_per_tile)
    with FrameWriter(folder / "events.log", LogKind.EVENTS) as events:
        kernel = _TracedKernel(
            path, backend.identity, record, courier, names, plan.seeds, Frontier(world.reach), service, EventLog(events)
        )
        kernel.begin(lives(plan, world, kernel.lanes))
        kernel.run(plan.end)
    return path, courier.clock


class _TracedKernel(Kernel):
    """A kernel that tells a critical path of questions and messages."""

    def __init__(
        self, path: CriticalPath, identity: str, record: ReplyRecord, courier: Virtual, *arguments: Any
    ) -> None:
        super().__init__(*arguments)
        self._path = path
        self._identity = identity
        self._record = record
        self._courier = courier

    def ask(self, lane: Lane, requests: Sequence[Request]) -> simpy.Event:
        keys = [request_key(self._identity, request) for request in requests]
        latencies = [
            self._courier.latency(key, is_meaning=isinstance(request, Embed))
            for key, request in zip(keys, requests, strict=True)
            if self._record.find(key) is None
        ]
        self._path.asked(lane.index, lane.now, latencies)
        return super().ask(lane, requests)

    def deliver(self, to: int, message: Message) -> None:
        if message.sender >= 0:
            self._path.sent(message.sender, self.lanes[message.sender].now, to, message.time)
        super().deliver(to, message)


class _TracedWorld(TownWorld):
    """A town that tells a critical path who does something and who looks at whom."""

    def __init__(self, path: CriticalPath, town_map: TownMap, sight: int, pace: int) -> None:
        super().__init__(town_map, sight, pace)
        self._path = path

    def set_walk(self, person: int, walk: Walk) -> None:
        self._path.acted(person, walk.start)
        super().set_walk(person, walk)

    def set_action(self, person: int, time: int, action: Action) -> None:
        self._path.acted(person, time)
        super().set_action(person, time, action)

    def in_sight(self, person: int, time: int) -> list[int]:
        others = super().in_sight(person, time)
        self._path.looked(person, time, others)
        return others


def record_trace(run: Path, to: Path = TOWN) -> Trace:
    """Perform a run again from its recorded replies, and keep what its people ask the language model.

    So the shipped trace was made: `thorp run morning --until 18:41 --out RUN`, then
    `python -c "from thorp.bench import *; record_trace(Path('RUN'))"`. It has to be made anew when minds ask in other
    ways.
    """
    what = prepare_resumption(run, model=ModelSpec.parse("recorded"))
    plan, manifest = what.plan, what.folder.manifest
    asked: list[list[Question]] = [[] for _ in plan.scenario.people]
    record = ReplyRecord(inherited=[RecordedReplies(what.folder.replies_path)])
    service = ModelService(RecordedBackend(manifest.model_identity), record)
    world = TownWorld(plan.town_map, plan.scenario.world.sight, plan.scenario.world.seconds_per_tile)
    names = [person.name for person in plan.scenario.people]
    with tempfile.TemporaryDirectory() as folder, FrameWriter(Path(folder, "events.log"), LogKind.EVENTS) as events:
        rule = Frontier(world.reach)
        kernel = _ListeningKernel(asked, names, plan.seeds, rule, service, EventLog(events), ledger=world)
        kernel.begin(lives(plan, world, kernel.lanes))
        carry_out(plan.interventions, kernel, world, plan.cast)
        kernel.run(manifest.reached)
    trace = Trace(asked)
    trace.save(to)
    return trace


class _ListeningKernel(Kernel):
    """A kernel that keeps what each lane asks the language model."""

    def __init__(self, asked: list[list[Question]], *arguments: Any, **others: Any) -> None:
        super().__init__(*arguments, **others)
        self._asked = asked

    def ask(self, lane: Lane, requests: Sequence[Request]) -> simpy.Event:
        if wanted := for_language_model(requests):
            thoughts = [*self.next_thoughts()]
            thoughts[lane.index] = lane.now  # it will wait for the answer
            self._asked[lane.index].append(Question(wanted, sum(map(len, self._asked)), tuple(thoughts)))
        return super().ask(lane, requests)


BENCHES: dict[str, Callable[[], BenchResult]] = {
    **ROOM_BENCHES,
    "schedule": bench_schedule,
    "resume": bench_resume,
    "paths": bench_paths,
    "retrieval": bench_retrieval,
}
