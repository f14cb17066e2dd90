"""Finding the map of an original town: a folder, what lies in it, or what lies beside a simulation."""

from __future__ import annotations

from pathlib import Path

from engine.errors import BadInput
from engine.untrusted import is_plain_name
from worlds.town.smallville.maze import META

MAX_DEPTH = 8
MAX_FOLDERS = 5_000
MAX_ABOVE = 6
"""Folders above a simulation in which its map is looked for."""


def find_maze(path: Path) -> Path:
    """Return the folder with maze_meta_info.json: `path`, `matrix` in it, or the only one somewhere below.

    Links are not followed. Raises `BadInput` when there is none or more than one.
    """
    for near in (path, path / "matrix"):
        if (near / META).is_file():
            return near
    found = _below(path)
    if not found:
        raise BadInput(str(path), f"holds no map: no {META} within {MAX_DEPTH} folders")
    if len(found) > 1:
        listed = ", ".join(str(folder.relative_to(path)) for folder in found[:4])
        raise BadInput(str(path), f"holds {len(found)} maps; choose one ({listed}{', …' if len(found) > 4 else ''})")
    return found[0]


def find_maze_of(simulation: Path, maze_name: str) -> Path | None:
    """Return the map's folder beside a simulation, `static_dirs/assets/<maze_name>/matrix`; None when it is not there.

    The name comes from a file: one that is no plain name of a folder finds nothing.
    """
    if not is_plain_name(maze_name):
        return None
    for above in simulation.absolute().parents[:MAX_ABOVE]:
        folder = above / "static_dirs" / "assets" / maze_name / "matrix"
        if (folder / META).is_file():
            return folder
    return None


def _below(path: Path) -> list[Path]:
    """Return the folders below that hold a map. Raises `BadInput` when there is too much to look through."""
    found: list[Path] = []
    waiting = [(path, 0)]
    looked_at = 0
    while waiting:
        folder, depth = waiting.pop()
        looked_at += 1
        if looked_at > MAX_FOLDERS:
            raise BadInput(str(path), f"holds more than {MAX_FOLDERS} folders; name the map's own folder")
        if (folder / META).is_file():
            found.append(folder)
        if depth < MAX_DEPTH:
            waiting += [(inner, depth + 1) for inner in _folders(folder)]
    return sorted(found)


def _folders(folder: Path) -> list[Path]:
    try:
        return [inner for inner in folder.iterdir() if inner.is_dir() and not inner.is_symlink()]
    except OSError:
        return []
