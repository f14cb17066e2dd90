"""People of the original town as people of ours: a people file, what does not go into it, and a scenario that runs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from agents.persona.smallville.folders import Cast, history_for, read_cast, read_history, write_persona
from agents.persona.smallville.memories import OldMemory, memories_of
from agents.persona.smallville.persona import Settled, check, settle
from agents.persona.smallville.places import Places
from agents.persona.smallville.records import PersonaRecord
from engine.config import MAX_BYTES, place
from engine.errors import BadInput
from engine.faults import Faults
from engine.untrusted import read_json
from thorp.people import KEY
from thorp.smallville import MapAtHand
from worlds.town.art.document import PICTURE
from worlds.town.places import UnknownAddress
from worlds.town.smallville.finding import find_maze_of
from worlds.town.smallville.importing import MAP
from worlds.town.smallville.simulation import SimulationMeta, has_meta, read_meta_of

PEOPLE, SCENARIO, RECORDS, MEMORIES = "people.yaml", "town.yaml", "personas.json", "memories.json"
"""The files of an import: people, a scenario, the records, and memories."""
KIND = "smallville-personas"
MAX_RECORDS = 2**28
DEFAULT_START = "2023-02-13T00:00:00"
MINDS = {
    "att_bandwidth": "attention", "retention": "retention", "importance_trigger_max": "reflection_threshold",
}  # fmt: skip
"""Settings of minds that the original keeps for each person, and ours for all: taken over where all agree."""


@dataclass(frozen=True, slots=True)
class Villagers:
    """What an import of people yields, checked but not written yet."""

    cast: Cast
    settled: tuple[Settled, ...] = field(repr=False)
    people_text: str = field(repr=False)
    """The content of the people file."""
    memories: Mapping[str, Sequence[OldMemory]] = field(repr=False)
    scenario: Mapping[str, Any] | None = field(repr=False)
    """None where there is no map, or somebody's home is not on it."""
    at_hand: MapAtHand | None
    warnings: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How much of what was taken over."""
        entries = [person.entry for person in self.settled]
        return {
            "people": len(entries),
            "habits": sum(len(entry.get("habits", ())) for entry in entries),
            "sentences": sum(len(entry["biography"]) for entry in entries),
            "acquaintances": sum(len(entry.get("knows", ())) for entry in entries),
            "memories": sum(map(len, self.memories.values())),
        }

    def write(self, to: Path) -> list[Path]:
        """Write all files into a folder; return them, the most important one first. Raises `OSError`."""
        to.mkdir(parents=True, exist_ok=True)
        files = {PEOPLE: self.people_text}
        files[RECORDS] = _json({"kind": KIND, "people": [record.as_files() for record in self.cast.people]})
        if any(self.memories.values()):
            told = {name: [memory.as_json() for memory in each] for name, each in self.memories.items()}
            files[MEMORIES] = _json(told)
        for name, text in files.items():
            (to / name).write_text(text, encoding="utf-8", newline="\n")
        written = [to / name for name in files]
        if self.scenario is None or self.at_hand is None:
            return written
        (to / SCENARIO).write_text(_yaml(dict(self.scenario)), encoding="utf-8", newline="\n")
        if self.at_hand.imported is not None:
            return [to / SCENARIO, *written, *self.at_hand.imported.write(to)]
        return [to / SCENARIO, *written, *_copy_map(self.at_hand, to)]


def read_villagers(path: Path, given: Path | None) -> Villagers:
    """Read people of the original town; their map is `given`, or beside them. Raises `BadInput` with all faults."""
    cast = read_cast(path)
    meta = read_meta_of(cast.folder) if has_meta(cast.folder) else None
    at_hand = _map(cast, meta, given)
    names = [record.name for record in cast.people]
    places = Places(_sectors(at_hand, cast.people), names)
    folders = [cast.folder, *([at_hand.path.parent] if at_hand is not None else [])]
    history = history_for(names, folders)
    whispers = read_history(history) if history is not None else {}
    settled = tuple(
        settle(record, number, names, whispers.get(record.name, ()), places)
        for number, record in enumerate(cast.people)
    )
    _check(settled, str(path))
    people_text = _yaml([dict(person.entry) for person in settled])
    if len(people_text.encode()) > MAX_BYTES:
        raise BadInput(str(path), f"what these people are is more than {MAX_BYTES // 2**20} MiB of text")
    warnings = [note for person in settled for note in person.notes]
    homeless = _without_home(settled, at_hand)
    if homeless:
        warnings.append(f"no scenario was written: not on the map is the home of {', '.join(homeless[:5])}")
    memories = {record.name: memories_of(record, names) for record in cast.people}
    if any(memories.values()):
        warnings.append(f"minds begin without the memories of before; {MEMORIES} keeps them")
    scenario = None if at_hand is None or homeless else _scenario(cast, settled, meta)
    more = at_hand.warnings if at_hand is not None and scenario is not None else ()
    return Villagers(cast, settled, people_text, memories, scenario, at_hand, (*more, *warnings))


def write_personas(folder: Path, to: Path) -> list[PersonaRecord]:
    """Write the people of an import back as the original's persona folders, into the folder `to`.

    Raises `BadInput` and `OSError`.
    """
    path = folder / RECORDS
    data = read_json(path, MAX_RECORDS)
    people = data.get("people") if isinstance(data, dict) and data.get("kind") == KIND else None
    if not isinstance(people, list):
        raise BadInput(str(path), f"is not what an import of the kind {KIND} keeps")
    faults = Faults(str(path), "these people")
    found = []
    for number, files in enumerate(people, start=1):
        if not isinstance(files, dict):
            faults.add(f"person {number}", "must be an object with the content of each file")
        elif (record := PersonaRecord.of(files, f"person {number}", faults)) is not None:
            found.append(record)
    faults.check()
    for record in found:
        write_persona(record, to)
    return found


def _map(cast: Cast, meta: SimulationMeta | None, given: Path | None) -> MapAtHand | None:
    path = given or (find_maze_of(cast.folder, meta.maze_name) if meta is not None else None)
    return MapAtHand.at(path) if path is not None else None


def _sectors(at_hand: MapAtHand | None, people: Sequence[PersonaRecord]) -> dict[str, list[str]]:
    """Return the arenas of each sector: those of the map, else those that people know or live in."""
    if at_hand is not None:
        return {sector.name: [arena.name for arena in sector.arenas] for sector in at_hand.town_map.sectors}
    found: dict[str, list[str]] = {}
    for record in people:
        lived_in = [part.strip() for part in record.scratch.living_area.split(":")[1:3]]
        known = [
            (sector, arena) for tree in (record.spatial or {}).values() for sector in tree for arena in tree[sector]
        ]
        for sector, arena in [*known, *([(lived_in[0], lived_in[1])] if len(lived_in) == 2 else [])]:
            arenas = found.setdefault(sector.strip(), [])
            arenas += [arena.strip()] if arena.strip() not in arenas else []
    return found


def _check(settled: Sequence[Settled], source: str) -> None:
    faults = Faults(source, "these people")
    for person in settled:
        try:
            check(person.entry)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                faults.add(f"{str(person.entry['name'])[:80]}, {place(fault['loc'])}", fault["msg"])
    faults.check()


def _without_home(settled: Sequence[Settled], at_hand: MapAtHand | None) -> list[str]:
    if at_hand is None:
        return []
    found = []
    for person in settled:
        try:
            at_hand.town_map.resolve(f"{at_hand.town_map.name}:{person.entry['home']}")
        except UnknownAddress:
            found.append(str(person.entry["name"]))
    return found


def _scenario(cast: Cast, settled: Sequence[Settled], meta: SimulationMeta | None) -> dict[str, Any]:
    start = meta.time.isoformat() if meta is not None else DEFAULT_START
    sight = {record.scratch.vision_r for record in cast.people}
    minds: dict[str, int] = {}
    for theirs, ours in MINDS.items():
        values = {getattr(record.scratch, theirs) for record in cast.people}
        minds |= {ours: int(next(iter(values)))} if len(values) == 1 and min(values) >= 1 else {}
    return {
        "name": cast.folder.name[:80] or "people",
        "description": f"{len(settled)} people of the original town.",
        "start": start,
        "end": "+24h",
        "world": {
            "map": MAP,
            "seconds_per_tile": meta.seconds_per_step if meta is not None else 10,
            "sight": max(1, min(1000, max(sight))),
        },
        "minds": minds,
        KEY: PEOPLE,
    }


def _copy_map(at_hand: MapAtHand, to: Path) -> list[Path]:
    """Copy a map of ours, and its picture, beside the scenario."""
    written = []
    for key, name in (("map", MAP), (f"image:{PICTURE}", PICTURE)):
        if key in at_hand.copies:
            (to / name).write_bytes(at_hand.copies[key].content())
            written.append(to / name)
    return written


def _yaml(data: Any) -> str:
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=120)
    return text


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
