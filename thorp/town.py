"""Assembly of town simulations: scenario, map, people and model become a run.

This module joins what must not know each other (`worlds`, `agents`, `engine`) and decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from agents.cognition.life import live
from agents.cognition.mind import Mind
from agents.cognition.script import LINES
from agents.persona.persona import Persona
from engine.collection import uncollected
from engine.errors import Addressed, Diverged, EndedEarly, Unrecorded
from engine.kernel.frontier import schedule as schedule_named
from engine.kernel.kernel import Kernel, Progress
from engine.kernel.lane import Lane, Process
from engine.llm.records import ReplyRecord
from engine.llm.requests import Backend
from engine.llm.service import Budget, ModelService, ServiceStats
from engine.llm.spec import ModelSpec
from engine.record.event_log import EventLog, recorded_payloads
from engine.record.frames import FrameWriter, LogKind
from engine.record.run_folder import RunFolder
from engine.stopping import StopSignals
from thorp.interventions import calls_of, carry_out
from thorp.live import Audience, Say, settled
from thorp.manifest import Book, manifest_of
from thorp.scenario import Plan
from worlds.town.beginnings import Beginnings
from worlds.town.body import TownBody
from worlds.town.knowledge import Ties
from worlds.town.map import TownMap
from worlds.town.world import TownWorld

OnProgress = Callable[[Progress, ServiceStats], None]

ADDRESSED = "interventions were handed over"
"""Why a performance ends that is followed by another one, with these."""


def silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class TownRun:
    """What a finished run was: its folder, the numbers of its log and of its model."""

    folder: RunFolder
    sim_seconds: int
    wall_seconds: float
    events: int
    events_digest: str
    stats: ServiceStats
    failures: Mapping[str, int]
    """What agents went on without, by kind."""
    model: str
    stopped: str = ""
    """Why the run ended before its time, if it did."""
    cost: float | None = None
    """What the new replies cost at most, if the model's prices were given."""
    events_reused: int = 0
    """How many of the events were in the log already and came out the same."""

    def as_json(self) -> dict[str, Any]:
        """Return the numbers under the names of the command line's contract."""
        usage = self.stats.usage
        return {
            "run": str(self.folder.path),
            "agents": len(self.folder.manifest.people),
            "sim_seconds": self.sim_seconds,
            "wall_seconds": round(self.wall_seconds, 3),
            "events": self.events,
            "events_reused": self.events_reused,
            "requests": self.stats.requests,
            "replies_recorded": max(0, self.stats.requests - self.stats.new),  # a new one may not be asked for again
            "replies_new": self.stats.new,
            "prompt_tokens": usage.prompt,
            "prompt_tokens_computed": usage.computed,
            "generated_tokens": usage.generated,
            "cost": None if self.cost is None else round(self.cost, 6),
            "mean_batch": round(self.stats.mean_batch, 3),
            "failures": dict(sorted(self.failures.items())),
            "events_digest": self.events_digest,
            "model": self.model,
            "stopped": self.stopped,
        }


@dataclass(frozen=True, slots=True)
class Means:
    """What a run is made with. `backend` is what `model` names, loaded (see `open_model`) or loaded when needed."""

    model: ModelSpec
    backend: Backend
    schedule: str
    budget: Budget


def open_model(model: ModelSpec, source: str = "--model") -> Backend:
    """Load a model; the scripted one gets the lines of the minds' script. Raises `BadInput`, as `ModelSpec.open`."""
    return model.open(LINES, source)


def simulate(
    plan: Plan, means: Means, out: Path, command: Sequence[str], on_progress: OnProgress, say: Say = silent
) -> TownRun:
    """Run a scenario into a new folder. Raises `BadInput` and `RunFailed`; Ctrl-C leaves everything kept.

    `say` gets a sentence about all that is handed over to the run meanwhile.
    """
    manifest = manifest_of(plan, means.model, means.backend.identity, means.schedule, command)
    folder = RunFolder.create(out, manifest)
    with (
        FrameWriter(folder.events_path, LogKind.EVENTS) as events,
        FrameWriter(folder.replies_path, LogKind.REPLIES) as replies,
    ):
        return perform(plan, means, Book(folder, events, replies), ReplyRecord(replies), on_progress, say)


def perform(
    plan: Plan,
    means: Means,
    book: Book,
    record: ReplyRecord,
    on_progress: OnProgress,
    say: Say = silent,
) -> TownRun:
    """Run a plan from the first second to its end. What `record` knows is not asked again.

    What lies in the log of events already must come out the same. When interventions are handed over meanwhile the
    run is performed again with them; nothing before the second at which that happens can come out differently.

    Raises `BadInput` and `RunFailed`, except where the run ended early in good order: `TownRun.stopped` says so.
    """
    began = perf_counter()
    stats = ServiceStats()
    audience = Audience(book, say)
    if audience.is_waited_for:
        plan = audience.take_in(plan, settled(book.folder), strict=True)
    with StopSignals() as signals:
        while True:
            book.events.flush()
            log = EventLog(book.events, recorded_payloads(book.events.path))
            run = _performed(plan, means, book, log, record, stats, on_progress, signals.check, audience)
            if run.events > run.events_reused:
                book.go_on()
            if run.stopped in ("", ADDRESSED):
                plan = audience.take_in(plan, max(run.sim_seconds, book.folder.manifest.reached))
            if run.stopped != ADDRESSED:
                break
            say("Performing the run again up to there, from its recorded replies …")
            stats.begin_again()
    if not run.stopped and not log.caught_up:
        raise Diverged(f"{book.events.path}: holds more than the {run.events} events of the run, performed again")
    book.conclude(run.sim_seconds)
    return replace(run, folder=book.folder, wall_seconds=perf_counter() - began)


def _performed(
    plan: Plan,
    means: Means,
    book: Book,
    log: EventLog,
    record: ReplyRecord,
    stats: ServiceStats,
    on_progress: OnProgress,
    check: Callable[[], None],
    audience: Audience,
) -> TownRun:
    """Run a plan once, until its end or until it is `stopped`, which it also is when the audience is waited for."""
    began = perf_counter()
    names = [person.name for person in plan.scenario.people]
    world = TownWorld(plan.town_map, plan.scenario.world.sight, plan.scenario.world.seconds_per_tile)
    rule = schedule_named(means.schedule, world.reach)
    stopped = ""
    model = means.model

    def meanwhile() -> None:
        check()
        audience.listen(log)

    service = ModelService(
        means.backend,
        record,
        model.courier(plan.scenario.seed),
        means.budget,
        gather=model.gathers,
        at_once=model.at_once,
        meanwhile=meanwhile,
        stats=stats,
    )

    def tell(progress: Progress) -> None:
        on_progress(progress, stats)
        book.keep_up()
        meanwhile()

    with uncollected():
        kernel = Kernel(names, plan.seeds, rule, service, log, tell, ledger=world)
        kernel.begin(lives(plan, world, kernel.lanes))
    carry_out(plan.interventions, kernel, world, plan.cast)
    try:
        try:
            kernel.run(plan.end)
        except Addressed:
            service.settle()
            stopped = ADDRESSED if kernel.final < plan.end else ""
    except EndedEarly as early:
        stopped = _reason(early, plan)
    except KeyboardInterrupt:
        stopped = "stopped by hand"
    finally:
        if stopped != ADDRESSED:
            service.close()
    return TownRun(
        folder=book.folder,
        sim_seconds=min(plan.end, kernel.final),
        wall_seconds=perf_counter() - began,
        events=log.written,
        events_reused=log.reused,
        events_digest=log.digest,
        stats=stats,
        failures=kernel.failures,
        model=str(model),
        cost=None if model.prices is None else model.prices.of(stats.usage),
        stopped=stopped,
    )


def _reason(early: EndedEarly, plan: Plan) -> str:
    if isinstance(early, Unrecorded) and early.agent >= 0:
        return f"{early} of {plan.scenario.people[early.agent].name} at {plan.clock.label(early.time)}"
    return str(early)


def lives(plan: Plan, world: TownWorld, lanes: Sequence[Lane]) -> list[Callable[[Lane], Process]]:
    """Give every lane a body in one world and a mind."""
    town_map = plan.town_map
    beginnings = Beginnings(town_map)
    found = []
    for lane, persona in zip(lanes, plan.scenario.people, strict=True):
        home = f"{town_map.name}:{persona.home}"
        calls = calls_of(plan.interventions, persona.name)
        body = TownBody(world, lane, plan.clock, _ties(town_map, persona), beginnings.take(home))
        found.append(_life(Mind(persona, plan.minds, lane, body, plan.clock, town_map.name, calls), body))
    return found


def _ties(town_map: TownMap, persona: Persona) -> Ties:
    """What a person knows by heart: home, work, what habits and news speak of, and what the scenario adds."""
    spoken_of = (*(habit.where for habit in persona.habits), *(news.where for news in persona.news))
    home, work, *familiar = (
        f"{town_map.name}:{local}" if local else ""
        for local in (persona.home, persona.work, *spoken_of, *persona.knows_places)
    )
    return Ties(home, work, tuple(dict.fromkeys(address for address in familiar if address)))


def _life(mind: Mind, body: TownBody) -> Callable[[Lane], Process]:
    def behaviour(lane: Lane) -> Process:
        if lane.now == 0:
            body.appear()
        yield from live(mind)

    return behaviour
