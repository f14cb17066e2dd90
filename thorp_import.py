"""Importers: other people's maps, personas and replays, by kind. Each reads one path and writes into one new folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import BadInput, nearest


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


Importer = Callable[[Path, Path], Imported]
"""Reads a path and writes into a folder. Raises `BadInput` with all faults at once, and has then written nothing."""


def _tiled(path: Path, to: Path) -> Imported:
    from thorp_import_tiled import import_tiled

    return import_tiled(path, to)


IMPORTERS: Mapping[str, Importer] = {"tiled": _tiled}


def import_into(kind: str, path: Path, to: Path) -> Imported:
    """Import something into a folder that does not exist yet or is empty. Raises `BadInput`."""
    if kind not in IMPORTERS:
        raise BadInput("import", f"unknown kind '{kind}'{nearest(kind, IMPORTERS)}")
    if not path.exists():
        raise BadInput(str(path), "there is no such file or folder")
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise BadInput("--to", f"'{to}' exists already and is not an empty folder")
    return IMPORTERS[kind](path, to)
