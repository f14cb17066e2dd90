"""A map of ours as the matrices and block tables of the original town: the way back of an import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from engine.errors import BadInput
from worlds.town.drawn import COLLISIONS
from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.smallville.grids import Mask
from worlds.town.smallville.kept import NAME, Kept
from worlds.town.smallville.maze import MATRICES, Ids, Maze
from worlds.town.smallville.tables import COLUMNS, Block, Table

ALL = "<all>"
"""Stands in the table of objects in the place of a sector and an arena."""
TILE_SIZE = 32


def maze_of(town_map: TownMap, kept: Kept | None = None) -> Maze:
    """Return a map in the original's form. What the import kept gives ids and tiles back; new names get new ids.

    Raises `BadInput` when what was kept is not of a map of this size.
    """
    kept = kept or Kept()
    tables = _Tables(kept.tables, town_map.name)
    ids = {name: np.zeros((town_map.height, town_map.width), np.int64) for name in MATRICES}
    ids["collision"][town_map.blocked & ~_closed(town_map, kept.closed)] = kept.collision
    for sector in town_map.sectors:
        for part in sector.parts:
            ids["sector"][part.area] = tables.number("sector", (sector.name,))
        for arena in sector.arenas:
            number = tables.number("arena", (sector.name, arena.name))
            for part in arena.parts:
                ids["arena"][part.area] = number
            for thing in arena.objects:
                for part in thing.parts:
                    ids["game_object"][part.area] = tables.number("game_object", (ALL, thing.name))
    _set_spawns(ids["spawning_location"], town_map, tables)
    for name, differences in kept.differences.items():
        _set(ids[name], differences, name)
    meta = kept.meta or {"world_name": town_map.name, "sq_tile_size": TILE_SIZE, "special_constraint": ""}
    meta = {**meta, "maze_width": town_map.width, "maze_height": town_map.height}
    return Maze(meta, town_map.width, town_map.height, ids, tables.tables(ids))


def _closed(town_map: TownMap, gid: int) -> Mask:
    closed = np.zeros_like(town_map.blocked)
    for layer in town_map.tile_layers:
        if gid and layer.name == COLLISIONS:
            closed |= layer.gids == gid
    return closed


def _set(ids: Ids, differences: Iterable[tuple[int, int, int]], name: str) -> None:
    height, width = ids.shape
    for x, y, number in differences:
        if not (x < width and y < height):
            raise BadInput(NAME, f"gives the {name} of tile ({x}, {y}), which the map does not have")
        ids[y, x] = number


def _set_spawns(ids: Ids, town_map: TownMap, tables: _Tables) -> None:
    """Give the spawning places of each arena the ids of its rows, in the order of both."""
    in_arena: dict[tuple[str, str], list[Tile]] = defaultdict(list)
    for tile in town_map.spawns:
        sector, arena = town_map.sector_at(tile), town_map.arena_at(tile)
        if sector is not None and arena is not None:
            in_arena[sector.name, arena.name].append(tile)
    for names, tiles in in_arena.items():
        for number, (x, y) in zip(tables.spawns(names, len(tiles)), tiles, strict=True):
            ids[y, x] = number


class _Tables:
    """The block tables, which grow when something has no row yet."""

    def __init__(self, tables: Mapping[str, Table], world: str) -> None:
        self._rows = {name: list(tables.get(name, ())) for name in COLUMNS}
        self._next = 1 + max((block.number for table in self._rows.values() for block in table), default=0)
        self._new: set[int] = set()
        if not self._rows["world"]:
            self._add("world", (world,))
        self._world = self._rows["world"][0].name
        self._known = {name: self._by_names(name) for name in COLUMNS}

    def number(self, name: str, names: tuple[str, ...]) -> int:
        """Return the id of the first row with these names (after the world's), in a new row if there is none."""
        known = self._known[name]
        if names not in known:
            known[names] = self._add(name, (self._world, *names))
        return known[names]

    def spawns(self, arena: tuple[str, str], count: int) -> list[int]:
        """Return the ids of as many spawning places of an arena, in the order of the table."""
        rows = [block.number for block in self._rows["spawning_location"] if block.names[1:3] == arena]
        while len(rows) < count:
            label = f"sp-{chr(ord('A') + len(rows))}" if len(rows) < 26 else f"sp-{len(rows) + 1}"
            rows.append(self._add("spawning_location", (self._world, *arena, label)))
        return rows[:count]

    def tables(self, ids: Mapping[str, Ids]) -> dict[str, Table]:
        """Return all tables, without new rows for which no tile has use in the end."""
        found = {}
        for name, rows in self._rows.items():
            used = set(np.unique(ids[name]).tolist()) if name in ids else self._new
            found[name] = tuple(row for row in rows if row.number not in self._new or row.number in used)
        return found

    def _by_names(self, name: str) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for block in self._rows[name]:
            found.setdefault(block.names[1:], block.number)
        return found

    def _add(self, name: str, names: tuple[str, ...]) -> int:
        self._rows[name].append(Block(self._next, names))
        self._new.add(self._next)
        self._next += 1
        return self._next - 1
