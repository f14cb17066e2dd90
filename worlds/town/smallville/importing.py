"""Importing a map of the original town: from its matrices to a folder with a map of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from worlds.town.art.document import PICTURE
from worlds.town.art.draw_tiles import DATA
from worlds.town.map import TownMap
from worlds.town.smallville.document import map_text
from worlds.town.smallville.drawing import CLOSED, sheet
from worlds.town.smallville.export import maze_of
from worlds.town.smallville.finding import find_maze
from worlds.town.smallville.kept import COLLISION, Difference, Kept
from worlds.town.smallville.maze import MATRICES, Maze
from worlds.town.smallville.sound import settle

MAP = "town.tmj"


@dataclass(frozen=True, eq=False, slots=True)
class ImportedMap:
    """A map of the original town as one of ours, checked, and what is kept for the way back."""

    text: str
    """The content of the .tmj file."""
    town_map: TownMap
    kept: Kept
    warnings: tuple[str, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How much of what was taken over."""
        town = self.town_map
        return {
            "tiles": town.width * town.height, "sectors": len(town.sectors), "arenas": len(town.arenas),
            "objects": len(town.objects), "spawns": len(town.spawns),
        }  # fmt: skip

    def write(self, folder: Path) -> list[Path]:
        """Write the map, its picture and what is kept into a folder; return the files. Raises `OSError`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MAP).write_text(self.text, encoding="utf-8", newline="\n")
        (folder / PICTURE).write_bytes((DATA / PICTURE).read_bytes())
        return [folder / MAP, folder / PICTURE, self.kept.write(folder)]


def read_map(path: Path) -> ImportedMap:
    """Find and read a map of the original town. Raises `BadInput` with all faults at once."""
    source = find_maze(path)
    maze = Maze.read(source)
    town = settle(maze, str(source))
    text = map_text(town, str(source))
    town_map = TownMap.parse(text, f"{source}, as a map of ours", DATA)
    closed = sheet().tile(CLOSED) + 1
    kept = Kept(maze.meta, maze.tables, _usual_collision(maze), closed)
    return ImportedMap(text, town_map, replace(kept, differences=_differences(maze, town_map, kept)), town.warnings)


def _usual_collision(maze: Maze) -> int:
    ids, counts = np.unique(maze.matrices["collision"], return_counts=True)
    counts[ids == 0] = 0
    return int(ids[np.argmax(counts)]) or COLLISION


def _differences(maze: Maze, town_map: TownMap, kept: Kept) -> dict[str, tuple[Difference, ...]]:
    """Return where our map, brought back with its tables alone, is not what was read."""
    back = maze_of(town_map, kept)
    found = {}
    for name in MATRICES:
        ids = maze.matrices[name]
        tiles = np.argwhere(back.matrices[name] != ids).tolist()
        found[name] = tuple((x, y, int(ids[y, x])) for y, x in tiles)
    return found
