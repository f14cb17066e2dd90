"""People who are written down in a file of their own, for several scenarios: the file, and what a scenario changes.

A scenario's entry with the name of somebody in the file says only what is different; any other entry adds somebody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.persona.persona import Persona
from engine.config import check, read_yaml_list
from engine.errors import BadInput, nearest
from engine.record.manifest import Attachment

KEY = "people_from"
Entry = dict[str, Any]
"""A person as written: the keys of a `Persona`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it is written who somebody is: entry `number` (from 1) of a people file, but for the keys `own`."""

    file: str
    number: int
    own: frozenset[str] = frozenset()
    """What the scenario's own entry says."""
    own_number: int = -1
    """Which entry of the scenario that is, counted from 0."""


@dataclass(frozen=True, slots=True)
class Register:
    """Who may be spoken of in a scenario, and where it is written who the people are."""

    names: frozenset[str]
    source: str
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """By name; who is not in it stands in the scenario itself."""

    def place(self, name: str, number: int, key: str) -> tuple[str, str]:
        """Return the file and the place in it where the `key` of a person is written, who is number `number`."""
        origin = self.origins.get(name)
        if origin is None:
            return self.source, f"key people[{number}].{key}"
        if key.partition(".")[0].partition("[")[0] in origin.own:
            return self.source, f"key people[{origin.own_number}].{key}"
        return origin.file, f"entry {origin.number}, key {key}"


@dataclass(frozen=True, slots=True)
class Gathered:
    """The people of a scenario, those of the people file first, and a copy of that file if there is one."""

    people: list[Entry]
    register: Register
    copies: dict[str, Attachment]


def gather(data: Mapping[str, Any], scenario: Path, file: Path) -> Gathered:
    """Join the people of a file with what a scenario says about them. Raises `BadInput`."""
    entries = read_yaml_list(file)
    people: dict[str, Entry] = {}
    origins: dict[str, Origin] = {}
    for number, entry in enumerate(entries, start=1):
        name = check(Persona, entry, f"{file}, entry {number}").name
        if name in people:
            raise BadInput(str(file), f"two people are called '{name}'", f"entry {number}")
        people[name], origins[name] = entry, Origin(str(file), number)
    for number, entry in enumerate(_own(data, scenario)):
        place = f"{scenario}, key people[{number}]"
        name = str(entry.get("name", "")).strip()
        if not name:
            raise BadInput(place, "an entry needs the name of the person that it is about", "key name")
        if name in people:
            origins[name] = Origin(str(file), origins[name].number, frozenset(entry), number)
        elif not {"home", "biography", "age"} & set(entry):
            raise BadInput(place, f"nobody in {file.name} is called '{name}'{nearest(name, people)}", "key name")
        people[name] = people.get(name, {}) | entry
        check(Persona, people[name], place)
    register = Register(frozenset(people), str(scenario), origins)
    return Gathered(list(people.values()), register, {"people": Attachment.of(file, file.read_bytes())})


def _own(data: Mapping[str, Any], scenario: Path) -> Sequence[Entry]:
    people = data.get("people") or []
    if not isinstance(people, list) or not all(isinstance(entry, dict) for entry in people):
        raise BadInput(str(scenario), "must be a list of people", "key people")
    return people
