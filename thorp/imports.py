"""Importers: other people's maps, personas and replays, by kind. Each reads one path and writes into one new folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import BadInput, RunFailed, nearest


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote."""

    written: tuple[Path, ...]
    """The files and folders, the most important one first."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many of what were taken over: sectors, people, events, ..."""
    warnings: tuple[str, ...] = ()
    """What could not be taken over as it was, one line each."""
    next_step: str = ""
    """The command that does something with what was written."""


Importer = Callable[[Path, Path, Path | None], Imported]
"""Reads a path and writes into a folder; the last path is a map that goes with what is read, if one was given.

Raises `BadInput` with all faults at once, and has then written nothing.
"""


def _tiled(path: Path, to: Path, _: Path | None) -> Imported:
    from thorp.imports_tiled import import_tiled

    return import_tiled(path, to)


def _smallville_map(path: Path, to: Path, _: Path | None) -> Imported:
    from worlds.town.smallville.importing import read_map

    read = read_map(path)
    written = read.write(to)
    return Imported(tuple(written), read.counts, read.warnings)


def _smallville_personas(path: Path, to: Path, map_path: Path | None) -> Imported:
    from thorp.villagers import SCENARIO, read_villagers

    villagers = read_villagers(path, map_path)
    written = villagers.write(to)
    step = f"thorp run {to / SCENARIO}" if villagers.scenario is not None else ""
    return Imported(tuple(written), villagers.counts, villagers.warnings, step)


def _smallville_replay(path: Path, to: Path, map_path: Path | None) -> Imported:
    from thorp.smallville import import_run

    replay = import_run(path, to, map_path)
    counts = {
        "people": len(replay.movement.people), "steps": replay.movement.steps,
        "records": sum(map(len, replay.movement.changes)), "events": replay.events, "memories": replay.memories,
    }  # fmt: skip
    return Imported((to,), counts, replay.warnings, f"thorp replay {to}")


IMPORTERS: Mapping[str, Importer] = {
    "tiled": _tiled,
    "smallville-map": _smallville_map,
    "smallville-personas": _smallville_personas,
    "smallville-replay": _smallville_replay,
}
WITH_MAP = ("smallville-personas", "smallville-replay")
"""The kinds that may be given a map."""


def import_into(kind: str, path: Path, to: Path, map_path: Path | None = None) -> Imported:
    """Import something into a folder that does not exist yet or is empty. Raises `BadInput` and `RunFailed`."""
    if kind not in IMPORTERS:
        raise BadInput("import", f"unknown kind '{kind}'{nearest(kind, IMPORTERS)}")
    if map_path is not None and kind not in WITH_MAP:
        raise BadInput("--map", f"does not go with the kind {kind} (allowed with: {', '.join(WITH_MAP)})")
    for each in (path, map_path):
        if each is not None and not each.exists():
            raise BadInput(str(each), "there is no such file or folder")
    refuse_occupied(to)
    try:
        return IMPORTERS[kind](path, to, map_path)
    except OSError as error:
        raise RunFailed(f"{to}: cannot be written: {error.strerror or error}") from error


def refuse_occupied(to: Path) -> None:
    """Raise `BadInput` when a folder to write is there and not empty."""
    try:
        if to.exists() and (not to.is_dir() or any(to.iterdir())):
            raise BadInput("--to", f"'{to}' exists already and is not an empty folder")
    except OSError as error:
        raise BadInput("--to", f"'{to}' cannot be looked into: {error.strerror}") from error
