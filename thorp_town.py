"""Assembly of town simulations: scenario, map, people and model become a run.

This module joins what must not know each other (`worlds`, `agents`, `engine`) and decides nothing itself.
"""

from __future__ import annotations

import difflib
import hashlib
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from pydantic import Field, field_validator

from agents.cognition.life import live
from agents.cognition.mind import Mind
from agents.cognition.script import LINES
from agents.cognition.settings import MindSettings
from agents.persona.persona import Line, Persona
from engine.config import Settings, check, read_yaml
from engine.errors import BadInput, BudgetSpent, nearest
from engine.kernel.clock import Clock
from engine.kernel.kernel import Kernel, Progress
from engine.kernel.lane import Lane, Process
from engine.kernel.schedule import SCHEDULES
from engine.llm.records import ReplyRecord
from engine.llm.requests import Backend
from engine.llm.service import Budget, ModelService, ServiceStats
from engine.llm.spec import ModelSpec
from engine.record.event_log import EventLog
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import Attachment, Manifest
from engine.record.run_folder import RunFolder
from worlds.town.body import TownBody
from worlds.town.map import TownMap
from worlds.town.places import Place, Tile, UnknownAddress
from worlds.town.world import TownWorld

DATA = Path(__file__).parent / "worlds" / "town" / "data"
DEFAULT_SCENARIO = DATA / "morning.yaml"
MISSPELT = 0.87
"""How alike two names are of which one must be a slip; members of one family are less alike."""
PACKAGES = ("thorp", "simpy", "torch", "tokenizers", "sentence-transformers", "faiss-cpu", "numpy")


class WorldSettings(Settings):
    """The town."""

    kind: Literal["town"] = "town"
    map: str
    """A Tiled JSON map (.tmj): a path inside the scenario's folder, or the name of a map that Thorp brings along."""
    seconds_per_tile: int = Field(default=10, ge=1, le=3600)
    sight: int = Field(default=8, ge=1, le=1000)
    """How far people see, in tiles."""


class Scenario(Settings):
    """What a user writes: world, people, start, end, seed."""

    name: Line
    description: str = ""
    start: datetime
    end: str = "+24h"
    """A time of day, a date and time, or a span such as +3h."""
    seed: int = Field(default=1, ge=0, lt=2**63)
    world: WorldSettings
    people: tuple[Persona, ...] = Field(min_length=1)
    minds: MindSettings = MindSettings()

    @field_validator("start", mode="before")
    @classmethod
    def _is_written_out(cls, value: Any) -> Any:
        if isinstance(value, int | float):  # else pydantic takes a number for seconds since 1970
            raise ValueError("must be a date and time such as 2023-02-13T06:30")
        return value

    @field_validator("start")
    @classmethod
    def _without_zone(cls, value: datetime) -> datetime:
        return value.replace(tzinfo=None, microsecond=0)

    @field_validator("people")
    @classmethod
    def _unique(cls, people: tuple[Persona, ...]) -> tuple[Persona, ...]:
        names = [person.name for person in people]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"two people are called '{twice}'")
        return people


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

    def as_json(self) -> dict[str, Any]:
        """Return the numbers under the names of the command line's contract."""
        usage = self.stats.usage
        return {
            "run": str(self.folder.path),
            "agents": len(self.folder.manifest.people),
            "sim_seconds": self.sim_seconds,
            "wall_seconds": round(self.wall_seconds, 3),
            "events": self.events,
            "requests": self.stats.requests,
            "replies_recorded": self.stats.requests - self.stats.new,
            "replies_new": self.stats.new,
            "prompt_tokens": usage.prompt,
            "prompt_tokens_computed": usage.computed,
            "generated_tokens": usage.generated,
            "mean_batch": round(self.stats.mean_batch, 3),
            "failures": dict(sorted(self.failures.items())),
            "events_digest": self.events_digest,
            "model": self.model,
            "stopped": self.stopped,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked scenario, ready to run."""

    scenario: Scenario
    source: Path
    content: bytes
    map_path: Path
    town_map: TownMap
    clock: Clock
    end: int


def load_scenario(path: Path, changes: Mapping[str, Any] | None = None, agents: int | None = None) -> Plan:
    """Read and check a scenario and its map. `changes` are settings by dotted key. Raises `BadInput`."""
    data = read_yaml(path)
    everybody = _names(data.get("people"))
    for key, value in (changes or {}).items():
        _set(data, key.split("."), value, key)
    if agents is not None:
        data["people"] = _first(data.get("people"), agents)
    scenario = check(Scenario, data, str(path))
    map_path = _find_map(path, scenario.world.map)
    town_map = TownMap.load(map_path)
    _check_people(scenario, everybody, town_map, str(path))
    clock = Clock(scenario.start)
    try:
        end = clock.parse(scenario.end)
    except ValueError as error:
        raise BadInput(str(path), str(error), "key end") from error
    return Plan(scenario, path, path.read_bytes(), map_path, town_map, clock, end)


def _set(data: dict[str, Any], keys: Sequence[str], value: Any, whole: str) -> None:
    """Set a value deep in the scenario; list items are named by their number."""
    branch: Any = data
    for key in keys[:-1]:
        if isinstance(branch, list) and key.isdecimal() and int(key) < len(branch):
            branch = branch[int(key)]
        elif isinstance(branch, dict):
            branch = branch.setdefault(key, {})
        else:
            raise BadInput("--set", f"there is no '{key}' in '{whole}'")
    if isinstance(branch, list) and keys[-1].isdecimal() and int(keys[-1]) < len(branch):
        branch[int(keys[-1])] = value
    elif isinstance(branch, dict):
        branch[keys[-1]] = value
    else:
        raise BadInput("--set", f"there is no '{keys[-1]}' in '{whole}'")


def _first(people: Any, count: int) -> Any:
    if not isinstance(people, list):
        return people
    if not 1 <= count <= len(people):
        raise BadInput("--agents", f"the scenario has {len(people)} people (allowed: 1 to {len(people)})")
    return people[:count]


def _find_map(scenario: Path, name: str) -> Path:
    try:
        beside = (scenario.parent / name).resolve()
        if beside.is_relative_to(scenario.parent.resolve()) and beside.is_file():
            return beside
    except (OSError, ValueError) as error:
        raise BadInput(str(scenario), f"this cannot be the name of a file: {error}", "key world.map") from error
    shipped = {path.name: path for path in sorted(DATA.glob("*.tmj"))}
    if name in shipped:
        return shipped[name]
    near = sorted(path.name for path in scenario.parent.glob("*.tmj"))
    problem = f"there is no map '{name}' in the scenario's folder or among the shipped maps"
    raise BadInput(str(scenario), problem + nearest(name, [*near, *shipped]), "key world.map")


def _names(people: Any) -> set[str]:
    """The names in a file that is still to be checked, of those too whom `--agents` leaves out."""
    found = people if isinstance(people, list) else []
    return {str(person["name"]).strip() for person in found if isinstance(person, dict) and "name" in person}


def _check_people(scenario: Scenario, everybody: set[str], town_map: TownMap, source: str) -> None:
    """Check every address and acquaintance that people name."""
    names = everybody | {person.name for person in scenario.people}
    for number, person in enumerate(scenario.people):
        addresses = {"home": person.home, "work": person.work}
        addresses |= {f"habits[{i}].where": habit.where for i, habit in enumerate(person.habits)}
        addresses |= {f"news[{i}].where": news.where for i, news in enumerate(person.news)}
        for key, address in addresses.items():
            _check_address(town_map, address, source, f"key people[{number}].{key}", required=key == "home")
        for name in person.knows:
            if name == person.name:
                raise BadInput(source, "a person cannot know themselves", f"key people[{number}].knows")
            # Somebody who does not take part is a name to talk about, not a mistake, unless a letter or two are wrong.
            if name not in names and (meant := difflib.get_close_matches(name, sorted(names), n=1, cutoff=MISSPELT)):
                problem = f"nobody is called '{name}' (did you mean '{meant[0]}'?)"
                raise BadInput(source, problem, f"key people[{number}].knows")


def _check_address(town_map: TownMap, address: str, source: str, key: str, *, required: bool) -> None:
    if not address and not required:
        return
    try:
        town_map.resolve(f"{town_map.name}:{address}")
    except UnknownAddress:
        places: list[Place] = [*town_map.sectors, *town_map.arenas, *town_map.objects]
        local = [place.address.removeprefix(f"{town_map.name}:") for place in places]
        problem = f"there is no place '{address}' on the map{nearest(address, local)}"
        raise BadInput(source, problem, key) from None


def open_model(model: ModelSpec) -> Backend:
    """Load a model; the scripted one gets the lines of the minds' script. Raises `BadInput`."""
    return model.open(LINES)


def simulate(
    plan: Plan,
    model: ModelSpec,
    backend: Backend,
    out: Path,
    *,
    schedule: str,
    budget: Budget,
    command: Sequence[str],
    on_progress: Callable[[Progress, ServiceStats], None],
) -> TownRun:
    """Run a scenario into a new folder. `backend` is what `model` names, loaded (see `open_model`).

    Raises `BadInput` and `RunFailed`; Ctrl-C leaves everything kept.
    """
    began = perf_counter()
    folder = RunFolder.create(out, _manifest(plan, model, backend, schedule, command))
    seed = plan.scenario.seed
    with (
        FrameWriter(folder.events_path, LogKind.EVENTS) as events,
        FrameWriter(folder.replies_path, LogKind.REPLIES) as replies,
    ):
        service = ModelService(backend, ReplyRecord(replies), model.courier(seed), budget)
        log = EventLog(events)
        names = [person.name for person in plan.scenario.people]
        rule = SCHEDULES[schedule]()
        kernel = Kernel(names, seed, rule, service, log, lambda progress: on_progress(progress, service.stats))
        kernel.begin(_lives(plan, kernel.lanes))
        stopped = ""
        try:
            kernel.run(plan.end)
        except BudgetSpent as spent:
            stopped = str(spent)
        except KeyboardInterrupt:
            stopped = "stopped by hand"
    return TownRun(
        folder=folder,
        sim_seconds=min(plan.end, kernel.horizon) if stopped else plan.end,
        wall_seconds=perf_counter() - began,
        events=log.written,
        events_digest=log.digest,
        stats=service.stats,
        failures=kernel.failures,
        model=str(model),
        stopped=stopped,
    )


def _lives(plan: Plan, lanes: Sequence[Lane]) -> list[Callable[[Lane], Process]]:
    """Give every lane a body in one world and a mind."""
    town_map = plan.town_map
    world = TownWorld(town_map, plan.scenario.world.sight, plan.scenario.world.seconds_per_tile)
    taken: set[Tile] = set()
    lives = []
    for lane, persona in zip(lanes, plan.scenario.people, strict=True):
        home = f"{town_map.name}:{persona.home}"
        tile = _start_tile(town_map, home, taken)
        taken.add(tile)
        body = TownBody(world, lane, plan.clock, home, tile)
        lives.append(_life(Mind(persona, plan.scenario.minds, lane, body, plan.clock, town_map.name), body))
    return lives


def _start_tile(town_map: TownMap, home: str, taken: set[Tile]) -> Tile:
    """Beside a bed that is still free, else anywhere at home."""
    beds = [o for o in town_map.objects if o.address.startswith(f"{home}:") and "bed" in o.name.split()]
    for address in [*(bed.address for bed in beds), home]:
        free = [tile for tile in town_map.standing_tiles(address) if tile not in taken]
        if free:
            return free[0]
    return town_map.standing_tiles(home)[0]


def _life(mind: Mind, body: TownBody) -> Callable[[Lane], Process]:
    def behaviour(lane: Lane) -> Process:
        if lane.now == 0:
            body.appear()
        yield from live(mind)

    return behaviour


def _manifest(plan: Plan, model: ModelSpec, backend: Backend, schedule: str, command: Sequence[str]) -> Manifest:
    scenario = plan.scenario.model_dump(mode="json")
    scenario["world"]["map"] = str(plan.map_path)
    folder = plan.map_path.parent.resolve()
    attachments = {
        "scenario": Attachment.of(plan.source, plan.content),
        "map": Attachment.of(plan.map_path, plan.map_path.read_bytes()),
    }
    for tileset in plan.town_map.tilesets:
        if tileset.image.is_file():
            key = f"image:{tileset.image.resolve().relative_to(folder).as_posix()}"
            attachments[key] = Attachment.of(tileset.image, tileset.image.read_bytes())
    return Manifest(
        scenario=scenario,
        scenario_digest=hashlib.sha256(plan.content).hexdigest(),
        people=[person.name for person in plan.scenario.people],
        start=plan.scenario.start.isoformat(),
        end=plan.end,
        seed=plan.scenario.seed,
        schedule=schedule,
        model=str(model),
        model_identity=backend.identity,
        versions={"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        command=list(command),
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        attachments=attachments,
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
