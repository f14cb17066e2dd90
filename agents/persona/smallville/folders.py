"""Persona folders of the original town on disk: finding, reading and writing them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from agents.persona.smallville.records import NODES, SCRATCH, SPATIAL, STRENGTHS, PersonaRecord
from engine.errors import BadInput
from engine.faults import Faults
from engine.untrusted import is_plain_name, read_json, read_text, shown

PERSONAS, MEMORY = "personas", "bootstrap_memory"
META = "reverie/meta.json"
MAX_PEOPLE = 1_000
MAX_NODES = 500_000
"""Memories of all people together."""
LIMITS: Mapping[str, tuple[int, int]] = {
    SCRATCH: (2**20, 100_000), SPATIAL: (2**22, 100_000), NODES: (2**26, 4_000_000), STRENGTHS: (2**22, 100_000),
}  # fmt: skip
"""The most bytes, and values, of each file."""
MAX_HISTORY = 2**22
HISTORIES = "agent_history*.csv"


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of a simulation, and where they are from."""

    folder: Path
    """That of the simulation, or of what was given."""
    people: tuple[PersonaRecord, ...]


def read_cast(path: Path) -> Cast:
    """Read the people in a simulation's folder, in its folder `personas`, or one persona folder.

    They come in the order in which the simulation names them, else by name. Raises `BadInput` with all faults at once.
    """
    folders, root = _folders(path)
    faults = Faults(str(path), "these people")
    found: dict[str, PersonaRecord] = {}
    nodes = 0
    for folder in folders:
        record = _read(folder, faults)
        if record is None:
            continue
        nodes += len(record.nodes or ())
        if record.name in found:
            faults.add(f"{folder.name}/{SCRATCH}", f"another persona is called {shown(record.name)}, too")
        if nodes > MAX_NODES:
            faults.stop(folder.name, f"more than {MAX_NODES} memories; at most so many are read")
        found[record.name] = record
    faults.check()
    order = {name: number for number, name in enumerate(_named_by(root))}
    people = sorted(found.values(), key=lambda record: (order.get(record.name, len(order)), record.name))
    return Cast(root, tuple(people))


def write_persona(record: PersonaRecord, personas: Path) -> None:
    """Write a persona folder into the folder `personas`, without vectors. Raises `BadInput` and `OSError`."""
    if not is_plain_name(record.name):
        raise BadInput(str(personas), f"{shown(record.name)} cannot be the name of a folder")
    memory = personas / record.name / MEMORY
    (memory / NODES).parent.mkdir(parents=True)
    for name, content in record.as_files().items():
        (memory / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def read_history(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the whispers of a history file by name. Raises `BadInput` with all faults, each with its row."""
    faults = Faults(str(path), "this history")
    found: dict[str, tuple[str, ...]] = {}
    rows: list[list[str]] = []
    try:
        rows = list(csv.reader(io.StringIO(read_text(path, MAX_HISTORY)), strict=True))
    except csv.Error as error:
        faults.stop("", f"is not CSV: {error}")
    if not rows or [cell.strip() for cell in rows[0]] != ["Name", "Whisper"]:
        faults.add("row 1", "must be the header Name,Whisper")
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) < 2 or not row[0].strip():
            faults.add(f"row {number}", "must be a name and what is whispered to it")
        elif row[0].strip() in found:
            faults.add(f"row {number}", f"{shown(row[0].strip())} stands there twice")
        else:
            whole = ",".join(row[1:])  # commas without quotes are part of the text
            found[row[0].strip()] = tuple(text for part in whole.split(";") if (text := " ".join(part.split())))
    faults.check()
    return found


def history_for(names: Iterable[str], folders: Sequence[Path]) -> Path | None:
    """Return the history file in one of the folders that tells of all of these people, and of the fewest others."""
    wanted, found = set(names), []
    for folder in folders:
        for path in sorted(islice(folder.glob(HISTORIES), MAX_PEOPLE)) if folder.is_dir() else ():
            told = read_history(path)
            if wanted <= told.keys():
                found.append((len(told), path))
    return min(found)[1] if found else None


def _folders(path: Path) -> tuple[list[Path], Path]:
    """Return the persona folders, and the simulation's folder. Raises `BadInput` when there are none."""
    if (path / MEMORY).is_dir():
        parents = path.absolute().parents
        return [path], parents[1] if parents[0].name == PERSONAS else path
    personas, root = (path / PERSONAS, path) if (path / PERSONAS).is_dir() else (path, path.parent)
    try:
        inner = list(islice(personas.iterdir(), MAX_PEOPLE + 1)) if personas.is_dir() else []
    except OSError as error:
        raise BadInput(str(personas), f"cannot be read: {error.strerror}") from error
    if len(inner) > MAX_PEOPLE:
        raise BadInput(str(personas), f"holds more than {MAX_PEOPLE} people")
    found = sorted(each for each in inner if (each / MEMORY).is_dir() and not each.is_symlink())
    if not found:
        problem = f"holds no people: neither '{PERSONAS}' with a folder for each of them, nor '{MEMORY}' of one"
        raise BadInput(str(path), problem)
    return found, root


def _read(folder: Path, faults: Faults) -> PersonaRecord | None:
    before = len(faults)
    files = {}
    for name, (most_bytes, most_values) in LIMITS.items():
        path = folder / MEMORY / name
        if path.exists():
            with faults.noted(f"{folder.name}/{name}"):
                files[name] = read_json(path, most_bytes, most_values)
    if SCRATCH not in files and len(faults) == before:
        faults.add(folder.name, f"has no {MEMORY}/{SCRATCH}")
    return PersonaRecord.of(files, folder.name, faults) if len(faults) == before else None


def _named_by(simulation: Path) -> list[str]:
    """Return the names in a simulation's meta.json; none where there is no such file, or it says nothing of use."""
    path = simulation / META
    if not path.is_file():
        path = simulation / "meta.json"
    if not path.is_file():
        return []
    data = read_json(path, 2**20)
    names = data.get("persona_names") if isinstance(data, dict) else None
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
