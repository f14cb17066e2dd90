"""What a user writes: a scenario with its world, people and interventions, read, checked, and ready to run."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from agents.cognition.settings import MindSettings
from agents.persona.persona import Line, Persona
from engine.collection import uncollected
from engine.config import Settings, check, read_yaml
from engine.errors import BadInput, nearest
from engine.kernel.clock import Clock
from engine.kernel.streams import Seeds
from engine.kernel.timeline import Timeline
from engine.record.manifest import Attachment
from thorp.interventions import Cast, Intervention, Moment, Timed, timed
from thorp.people import KEY, Register, gather
from worlds.town.copies import copies_of
from worlds.town.map import TownMap
from worlds.town.places import Place, UnknownAddress

DATA = Path(__file__).parent.parent / "worlds" / "town" / "data"
DEFAULT_SCENARIO = DATA / "morning.yaml"
SHIPPED = ("morning", "day", "valentine", "election")
"""The names of the scenarios that Thorp brings along."""
MISSPELT = 0.87
"""How alike two names are of which one must be a slip; members of one family are less alike."""


class WorldSettings(Settings):
    """The town."""

    kind: Literal["town"] = "town"
    map: str
    """A map of Tiled (.tmj, .tmx): a path inside the scenario's folder, or the name of a map that Thorp brings."""
    seconds_per_tile: int = Field(default=10, ge=1, le=3600)
    sight: int = Field(default=8, ge=1, le=1000)
    """How far people see, in tiles."""


class Scenario(Settings):
    """What a user writes: world, people, start, end, seed, and what happens to the people from outside."""

    name: Line
    description: str = ""
    start: datetime
    end: Moment = "+24h"
    """A time of day, a date and time, or a span such as +3h."""
    seed: int = Field(default=1, ge=0, lt=2**63)
    world: WorldSettings
    people_from: str = ""
    """A file of persons beside the scenario, or one that Thorp brings along; `people` changes or adds some."""
    people: tuple[Persona, ...] = Field(min_length=1)
    minds: MindSettings = MindSettings()
    interventions: tuple[Intervention, ...] = ()

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
        counts = Counter(person.name for person in people)
        twice = next((name for name, count in counts.items() if count > 1), None)
        if twice:
            raise ValueError(f"two people are called '{twice}'")
        return people


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked scenario, ready to run. Times are simulated seconds."""

    scenario: Scenario
    town_map: TownMap
    clock: Clock
    end: int
    minds: Timeline[MindSettings]
    seeds: Seeds
    interventions: tuple[Timed, ...]
    copies: Mapping[str, Attachment]
    """The files that it was made from: `scenario`, `people`, `map`, `image:PATH`, `tileset:PATH`."""

    def with_ways(self, ways: Mapping[str, str | dict[str, float]]) -> Plan:
        """Return a plan in which minds go these ways, but for thoughts of which the scenario itself says how they go.

        The scenario says so too from then on, and with it the manifest of the run.
        """
        if not ways:
            return self
        minds = self.scenario.minds.model_copy(update={"ways": {**ways, **self.scenario.minds.ways}})
        return replace(self, scenario=self.scenario.model_copy(update={"minds": minds}), minds=Timeline(minds))

    def with_interventions(self, more: Sequence[Timed]) -> Plan:
        """Return a plan in which more happens from outside."""
        scenario = self.scenario.model_copy(
            update={"interventions": (*self.scenario.interventions, *(each.what for each in more))}
        )
        happens = tuple(sorted((*self.interventions, *more), key=lambda each: each.time))
        return replace(self, scenario=scenario, interventions=happens)

    @property
    def cast(self) -> Cast:
        """Whom and what interventions can concern."""
        return Cast(tuple(person.name for person in self.scenario.people), self.town_map, self.clock)

    def changed(self, at: int, settings: Mapping[str, Any], seed: int | None, source: str) -> Plan:
        """Return a plan in which settings of minds (by dotted key) and the seed are others from a time on.

        Raises `BadInput`.
        """

        def with_settings(minds: MindSettings) -> MindSettings:
            data = self.scenario.model_dump(mode="json") | {"minds": minds.model_dump(mode="json")}
            set_keys(data, settings, source)
            return check(Scenario, data, source).minds

        minds = self.minds.changed(at, with_settings) if settings else self.minds
        return replace(self, minds=minds, seeds=self.seeds if seed is None else self.seeds.changed(at, lambda _: seed))


def find_scenario(name: str) -> Path:
    """Return the file of a scenario: that at a path, or the shipped one of a bare name. Raises `BadInput`."""
    path = Path(name)
    if path.suffix or path.name != name or path.is_file():
        return path
    if name in SHIPPED:
        return DATA / f"{name}.yaml"
    raise BadInput(name, f"there is no such file, and no shipped scenario of that name{nearest(name, SHIPPED)}")


@uncollected()
def load_scenario(path: Path, changes: Mapping[str, Any] | None = None, agents: int | None = None) -> Plan:
    """Read and check a scenario and its map. `changes` are settings by dotted key. Raises `BadInput`."""
    data = read_yaml(path)
    register, copies = _gather(data, path)
    set_keys(data, changes or {}, "--set")
    if agents is not None:
        _keep_first(data, agents, register.names)
    scenario = check(Scenario, data, str(path))
    map_path = _find_map(path, scenario.world.map)
    world = scenario.world.model_copy(update={"map": str(map_path)})
    scenario = scenario.model_copy(update={"world": world})
    town_map = TownMap.load(map_path)
    copies = {"scenario": Attachment.of(path, path.read_bytes()), **copies, **copies_of(map_path, town_map)}
    return plan_of(scenario, town_map, copies, str(path), register)


def plan_of(
    scenario: Scenario, town_map: TownMap, copies: Mapping[str, Attachment], source: str, register: Register
) -> Plan:
    """Check a scenario against its map. Raises `BadInput` about `source`, or where the register says it is written."""
    _check_people(scenario, register, town_map)
    clock = Clock(scenario.start)
    try:
        end = clock.parse(scenario.end)
    except ValueError as error:
        raise BadInput(source, str(error), "key end") from error
    cast = Cast(tuple(person.name for person in scenario.people), town_map, clock)
    interventions = timed(scenario.interventions, cast, source, lambda number: f"key interventions[{number}].")
    minds, seeds = Timeline(scenario.minds), Seeds(scenario.seed)
    return Plan(scenario, town_map, clock, end, minds, seeds, interventions, copies)


def set_keys(data: dict[str, Any], changes: Mapping[str, Any], source: str) -> None:
    """Set values deep in the scenario, each by its dotted key; list items are named by their number."""
    for whole, value in changes.items():
        _set(data, whole.split("."), value, whole, source)


def _set(data: dict[str, Any], keys: Sequence[str], value: Any, whole: str, source: str) -> None:
    branch: Any = data
    for key in keys[:-1]:
        if isinstance(branch, list) and key.isdecimal() and int(key) < len(branch):
            branch = branch[int(key)]
        elif isinstance(branch, dict):
            branch = branch.setdefault(key, {})
        else:
            raise BadInput(source, f"there is no '{key}' in '{whole}'")
    if isinstance(branch, list) and keys[-1].isdecimal() and int(keys[-1]) < len(branch):
        branch[int(keys[-1])] = value
    elif isinstance(branch, dict):
        branch[keys[-1]] = value
    else:
        raise BadInput(source, f"there is no '{keys[-1]}' in '{whole}'")


def _gather(data: dict[str, Any], path: Path) -> tuple[Register, dict[str, Attachment]]:
    """Put the people of a people file into the scenario's data."""
    if KEY not in data:
        return Register(frozenset(_names(data.get("people"))), str(path)), {}
    gathered = gather(data, path, _find_people(path, data[KEY]))
    data["people"] = gathered.people
    return gathered.register, gathered.copies


def _keep_first(data: dict[str, Any], count: int, everybody: Set[str]) -> None:
    """Leave people out, and what happens to nobody else."""
    people, interventions = data.get("people"), data.get("interventions")
    if not isinstance(people, list):
        return
    if not 1 <= count <= len(people):
        raise BadInput("--agents", f"the scenario has {len(people)} people (allowed: 1 to {len(people)})")
    data["people"] = people[:count]
    left_out = everybody - _names(data["people"])
    if isinstance(interventions, list):
        data["interventions"] = [i for i in interventions if not (isinstance(i, dict) and i.get("to") in left_out)]


def _find_map(scenario: Path, name: str) -> Path:
    beside = _beside(scenario, name, "key world.map")
    shipped = {path.name: path for path in sorted(DATA.glob("*.tmj"))}
    if beside or name in shipped:
        return beside or shipped[name]
    near = sorted(path.name for path in scenario.parent.glob("*.tm[jx]"))
    problem = f"there is no map '{name}' in the scenario's folder or among the shipped maps"
    raise BadInput(str(scenario), problem + nearest(name, [*near, *shipped]), "key world.map")


def _find_people(scenario: Path, name: Any) -> Path:
    if not isinstance(name, str):
        raise BadInput(str(scenario), "must be the name of a file", f"key {KEY}")
    beside = _beside(scenario, name, f"key {KEY}")
    shipped = {path.name: path for path in sorted(DATA.glob("*.yaml")) if path.stem not in SHIPPED}
    if beside or name in shipped:
        return beside or shipped[name]
    near = sorted(path.name for path in scenario.parent.glob("*.yaml"))
    problem = f"there is no people file '{name}' in the scenario's folder or among the shipped ones"
    raise BadInput(str(scenario), problem + nearest(name, [*near, *shipped]), f"key {KEY}")


def _beside(scenario: Path, name: str, key: str) -> Path | None:
    """Return a file in the scenario's folder, or below it; None when there is none, or it lies elsewhere."""
    try:
        beside = (scenario.parent / name).resolve()
        return beside if beside.is_relative_to(scenario.parent.resolve()) and beside.is_file() else None
    except (OSError, ValueError) as error:
        raise BadInput(str(scenario), f"this cannot be the name of a file: {error}", key) from error


def _names(people: Any) -> set[str]:
    """The names in a file that is still to be checked, of those too whom `--agents` leaves out."""
    found = people if isinstance(people, list) else []
    return {str(person["name"]).strip() for person in found if isinstance(person, dict) and "name" in person}


def _check_people(scenario: Scenario, register: Register, town_map: TownMap) -> None:
    """Check every address and acquaintance that people name."""
    names = register.names | {person.name for person in scenario.people}
    for number, person in enumerate(scenario.people):
        addresses = {"home": person.home, "work": person.work}
        addresses |= {f"habits[{i}].where": habit.where for i, habit in enumerate(person.habits)}
        addresses |= {f"news[{i}].where": news.where for i, news in enumerate(person.news)}
        places = {f"knows_places[{i}]": place for i, place in enumerate(person.knows_places)}
        for key, address in (addresses | places).items():
            source, place = register.place(person.name, number, key)
            _check_address(town_map, address, source, place, required=key == "home" or key in places)
        source, place = register.place(person.name, number, "knows")
        for name in person.knows:
            if name == person.name:
                raise BadInput(source, "a person cannot know themselves", place)
            # Somebody who does not take part is a name to talk about, not a mistake, unless a letter or two are wrong.
            if name not in names and (meant := difflib.get_close_matches(name, sorted(names), n=1, cutoff=MISSPELT)):
                problem = f"nobody is called '{name}' (did you mean '{meant[0]}'?)"
                raise BadInput(source, problem, place)


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
