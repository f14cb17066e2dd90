"""A map of the original town as it is on disk: its size, five matrices of ids and five block tables.

A file of a matrix is one line of width x height ids, row by row, separated by commas; 0 is nothing. One line for each
row is read too. What the ids stand for is said by the tables (`worlds.town.smallville.tables`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.faults import Faults
from engine.untrusted import read_json, read_text, shown
from worlds.town.header import MAX_SIDE
from worlds.town.places import Tile
from worlds.town.smallville.tables import COLUMNS, MAX_ID, Table, read_table, table_file, table_text

META = "maze_meta_info.json"
MATRICES = ("collision", "sector", "arena", "game_object", "spawning_location")
"""The matrices by name; all but the first have a table of the same name."""
MAX_META = 64 * 1024
BYTES_PER_TILE = 14
SLACK = 64 * 1024
"""Bytes that a matrix may have besides."""
LISTED = 10
"""Wrong values of a matrix that are listed; more are only counted."""

Ids = NDArray[np.int64]
"""[height, width]"""

_NUMBER = re.compile(r" *[0-9]{1,10} *")
_PLAIN = re.compile(r"[0-9, ]*")


@dataclass(frozen=True, eq=False, slots=True)
class Maze:
    """A map as read: every id on a matrix is 0 or in the table of the same name. Lengths in tiles."""

    meta: Mapping[str, Any]
    """The content of maze_meta_info.json."""
    width: int
    height: int
    matrices: Mapping[str, Ids] = field(repr=False)
    tables: Mapping[str, Table] = field(repr=False)
    """The table "world" has at least one row."""

    @property
    def world(self) -> str:
        """The first component of every address."""
        return self.tables["world"][0].name

    @classmethod
    def read(cls, folder: Path) -> Maze:
        """Read the folder that holds maze_meta_info.json. Raises `BadInput` with all faults, each with its place."""
        faults = Faults(str(folder), "this map")
        meta, width, height = _read_meta(folder / META, faults)
        tables = {}
        for name in COLUMNS:
            place = f"special_blocks/{table_file(name)}"
            tables[name] = read_table(folder / place, name, place, faults)
            if name == "world" and not tables[name] and not len(faults):
                faults.add(place, "names no world")
        matrices = {}
        if width and height:
            for name in MATRICES:
                place = f"maze/{matrix_file(name)}"
                ids = _read_matrix(folder / place, (width, height), place, faults)
                if ids is not None:
                    matrices[name] = ids
                    if name in tables:
                        _check_ids(ids, tables[name], place, name, faults)
        faults.check()
        return cls(meta, width, height, matrices, tables)

    def write(self, folder: Path) -> None:
        """Write the files into a folder that exists, as the original town reads them. Raises `OSError`."""
        for part in ("maze", "special_blocks"):
            (folder / part).mkdir()
        (folder / META).write_text(json.dumps(self.meta, indent=1, ensure_ascii=False), encoding="utf-8")
        for name, ids in self.matrices.items():
            text = ", ".join(map(str, ids.ravel().tolist()))
            (folder / "maze" / matrix_file(name)).write_text(text, encoding="utf-8")
        for name, table in self.tables.items():
            (folder / "special_blocks" / table_file(name)).write_text(table_text(table), encoding="utf-8")


def matrix_file(name: str) -> str:
    """Return the name of a matrix's file."""
    return f"{name}_maze.csv"


def tile_of(index: int, width: int) -> Tile:
    """Return the tile (x, y) of the value number `index`, counted from 0."""
    y, x = divmod(index, width)
    return x, y


def _read_meta(path: Path, faults: Faults) -> tuple[dict[str, Any], int, int]:
    """Return the map's description, width and height; 0 stands for a side that is wrong."""
    meta: Any = {}
    with faults.noted(META):
        meta = read_json(path, MAX_META)
        if not isinstance(meta, dict):
            faults.add(META, "must be a JSON object")
            meta = {}
        sides = [_side(meta.get(key), key, faults) for key in ("maze_width", "maze_height")]
        return meta, sides[0], sides[1]
    return {}, 0, 0


def _side(value: object, key: str, faults: Faults) -> int:
    if type(value) is int and 1 <= value <= MAX_SIDE:
        return value
    faults.add(META, f"'{key}' must be a whole number from 1 to {MAX_SIDE}, not {shown(value)}")
    return 0


def _read_matrix(path: Path, size: tuple[int, int], place: str, faults: Faults) -> Ids | None:
    width, height = size
    text = ""
    with faults.noted(place):
        text = read_text(path, width * height * BYTES_PER_TILE + SLACK)
    if not text:
        return None
    lines = [line.strip().rstrip(",") for line in text.splitlines() if line.strip()]
    if len(lines) == height > 1:
        return _from_rows(lines, width, place, faults)
    values = ",".join(lines)
    count = values.count(",") + 1 if values else 0
    if count != width * height:
        faults.add(place, f"holds {count} values; {width} x {height} tiles need {width * height}")
        return None
    return _numbers(values, size, place, faults)


def _from_rows(lines: list[str], width: int, place: str, faults: Faults) -> Ids | None:
    before = len(faults)
    for row, line in enumerate(lines, start=1):
        if line.count(",") + 1 != width:
            faults.add(f"{place}, row {row}", f"holds {line.count(',') + 1} values; {width} are needed")
    return None if len(faults) > before else _numbers(",".join(lines), (width, len(lines)), place, faults)


def _numbers(text: str, size: tuple[int, int], place: str, faults: Faults) -> Ids | None:
    width, height = size
    values = text.split(",")
    wrong = 0
    if _PLAIN.fullmatch(text) is None or any(map(_is_odd, values)):
        for index, value in enumerate(values):
            if _NUMBER.fullmatch(value) is None:
                wrong += 1
                if wrong <= LISTED:
                    tile = tile_of(index, width)
                    faults.add(f"{place}, tile {tile}", f"must be an id (0 to {MAX_ID}), not {shown(value.strip())}")
    if wrong > LISTED:
        faults.add(place, f"{wrong - LISTED} more values are no ids")
    if wrong:
        return None
    ids = np.array([int(value) for value in values], np.int64).reshape(height, width)
    large = np.argwhere(ids > MAX_ID)
    if len(large):
        y, x = large[0].tolist()
        faults.add(f"{place}, tile {(x, y)}", f"the id {ids[y, x]} is larger than {MAX_ID}{_more(len(large))}")
        return None
    ids.flags.writeable = False
    return ids


def _is_odd(value: str) -> bool:
    return not 0 < len(value) <= 12 or not value.strip().isdecimal()


def _check_ids(ids: Ids, table: Table, place: str, name: str, faults: Faults) -> None:
    """Note ids that the table does not know, each once with its first tile."""
    present, first, counts = np.unique(ids, return_index=True, return_counts=True)
    known = {block.number for block in table}
    unknown = [each for each in zip(*(a.tolist() for a in (present, first, counts)), strict=True) if each[0]]
    unknown = [each for each in unknown if each[0] not in known]
    for number, index, count in unknown[:LISTED]:
        problem = f"the id {number} is not in {table_file(name)}{_more(count)}"
        faults.add(f"{place}, tile {tile_of(index, ids.shape[1])}", problem)
    if len(unknown) > LISTED:
        faults.add(place, f"{len(unknown) - LISTED} more ids are not in {table_file(name)}")


def _more(count: int) -> str:
    return f" (and on {count - 1} more tiles)" if count > 1 else ""
