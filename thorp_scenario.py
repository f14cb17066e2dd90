"""What a user writes: a scenario with its world, people and interventions, read, checked, and ready to run."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from agents.cognition.settings import MindSettings
from agents.persona.persona import Line, Persona
from engine.config import Settings, check, read_yaml
from engine.errors import BadInput, nearest
from engine.kernel.clock import Clock
from engine.kernel.streams import Seeds
from engine.kernel.timeline import Timeline
from engine.record.manifest import Attachment
from thorp_interventions import Cast, Intervention, Moment, Timed, timed
from worlds.town.map import TownMap
from worlds.town.places import Place, UnknownAddress

DATA = Path(__file__).parent / "worlds" / "town" / "data"
DEFAULT_SCENARIO = DATA / "morning.yaml"
MISSPELT = 0.87
"""How alike two names are of which one must be a slip; members of one family are less alike."""


class WorldSettings(Settings):
    """The town."""

    kind: Literal["town"] = "town"
    map: str
    """A Tiled JSON map (.tmj): a path inside the scenario's folder, or the name of a map that Thorp brings along."""
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
        names = [person.name for person in people]
        twice = next((name for name in names if names.count(name) > 1), None)
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
    """The files that it was made from: `scenario`, `map`, `image:PATH`, `tileset:PATH`."""

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


def load_scenario(path: Path, changes: Mapping[str, Any] | None = None, agents: int | None = None) -> Plan:
    """Read and check a scenario and its map. `changes` are settings by dotted key. Raises `BadInput`."""
    data = read_yaml(path)
    everybody = _names(data.get("people"))
    set_keys(data, changes or {}, "--set")
    if agents is not None:
        _keep_first(data, agents, everybody)
    scenario = check(Scenario, data, str(path))
    map_path = _find_map(path, scenario.world.map)
    world = scenario.world.model_copy(update={"map": str(map_path)})
    scenario = scenario.model_copy(update={"world": world})
    town_map = TownMap.load(map_path)
    copies = {"scenario": Attachment.of(path, path.read_bytes()), **_copies_of_map(map_path, town_map)}
    return plan_of(scenario, town_map, copies, str(path), everybody)


def plan_of(
    scenario: Scenario, town_map: TownMap, copies: Mapping[str, Attachment], source: str, everybody: set[str]
) -> Plan:
    """Check a scenario against its map. `everybody` are the names of people who may be spoken of.

    Raises `BadInput` about `source`.
    """
    _check_people(scenario, everybody, town_map, source)
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


def _keep_first(data: dict[str, Any], count: int, everybody: set[str]) -> None:
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


def _copies_of_map(map_path: Path, town_map: TownMap) -> dict[str, Attachment]:
    """The map's own files: the map, the tilesets beside it, and their pictures where they are there."""
    folder = map_path.parent.resolve()
    copies = {"map": Attachment.of(map_path, map_path.read_bytes())}
    for tileset in town_map.tilesets:
        for kind, path in (("image", tileset.image), ("tileset", tileset.file)):
            if path is not None and path.is_file():
                key = f"{kind}:{path.resolve().relative_to(folder).as_posix()}"
                copies[key] = Attachment.of(path, path.read_bytes())
    return copies


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
        places = {f"knows_places[{i}]": place for i, place in enumerate(person.knows_places)}
        for key, address in (addresses | places).items():
            required = key == "home" or key in places
            _check_address(town_map, address, source, f"key people[{number}].{key}", required=required)
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
