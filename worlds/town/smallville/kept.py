"""What our map cannot say of an original one, ids and what was left out, kept beside the map for the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import BadInput
from engine.faults import Faults
from engine.untrusted import read_json, shown
from worlds.town.smallville.maze import MATRICES
from worlds.town.smallville.tables import COLUMNS, MAX_ID, Block, Table, is_name

NAME = "smallville.json"
KIND = "smallville-map"
MAX_BYTES = 64 * 2**20
COLLISION = 1
"""The id of a collision where nothing says another one."""

Difference = tuple[int, int, int]
"""A tile (x, y), and the id there."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The content of smallville.json beside a map."""

    meta: Mapping[str, Any] = field(default_factory=dict)
    """That of maze_meta_info.json."""
    tables: Mapping[str, Table] = field(default_factory=dict)
    collision: int = COLLISION
    """The usual id of a collision."""
    closed: int = 0
    """The global tile id that stands on the layer Collisions where the original lets people walk; 0 for none."""
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    """Where the original says something else than our map does, by matrix."""

    def write(self, folder: Path) -> Path:
        """Write it and return the file. Raises `OSError`."""
        said = {
            "kind": KIND,
            "meta": self.meta,
            "collision": self.collision,
            "closed": self.closed,
            "tables": {name: [[block.number, *block.names] for block in table] for name, table in self.tables.items()},
            "differences": self.differences,
        }
        path = folder / NAME
        path.write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        return path

    @classmethod
    def read(cls, folder: Path) -> Kept:
        """Read it. Raises `BadInput` with everything that is wrong with it."""
        path = folder / NAME
        data = read_json(path, MAX_BYTES)
        if not isinstance(data, dict) or data.get("kind") != KIND:
            raise BadInput(str(path), f"is not what an import of the kind {KIND} keeps beside its map")
        faults = Faults(str(path), "this file")
        meta = data.get("meta")
        if not isinstance(meta, dict):
            faults.add("meta", "must be an object")
        tables = {name: _table(_part(data, "tables", name), name, faults) for name in COLUMNS}
        differences = {name: _differences(_part(data, "differences", name), name, faults) for name in MATRICES}
        collision = _whole(data.get("collision"), 1, MAX_ID, "collision", faults)
        closed = _whole(data.get("closed"), 0, MAX_ID, "closed", faults)
        faults.check()
        return cls(dict(meta or {}), tables, collision, closed, differences)


def _part(data: Mapping[str, Any], key: str, name: str) -> object:
    part = data.get(key)
    return part.get(name, []) if isinstance(part, dict) else None


def _table(rows: object, name: str, faults: Faults) -> Table:
    if not isinstance(rows, list):
        faults.add(f"tables.{name}", "must be a list of rows")
        return ()
    found: dict[int, Block] = {}
    for number, row in enumerate(rows, start=1):
        place = f"tables.{name}, row {number}"
        if not isinstance(row, list) or len(row) != COLUMNS[name]:
            faults.add(place, f"must be an id and {COLUMNS[name] - 1} names")
        elif not _is_whole(row[0], 1, MAX_ID) or row[0] in found:
            faults.add(place, f"must begin with an id that no other row has, not {shown(row[0])}")
        elif not all(isinstance(text, str) and is_name(text) for text in row[1:]):
            faults.add(place, "holds something that cannot be the name of a place")
        else:
            found[row[0]] = Block(row[0], tuple(row[1:]))
    return tuple(found.values())


def _differences(rows: object, name: str, faults: Faults) -> tuple[Difference, ...]:
    if not isinstance(rows, list):
        faults.add(f"differences.{name}", "must be a list of tiles with their ids")
        return ()
    wrong = next((row for row in rows if not _is_difference(row)), None)
    if wrong is not None:
        faults.add(f"differences.{name}", f"must hold [x, y, id], not {shown(wrong)}")
        return ()
    return tuple((x, y, number) for x, y, number in rows)


def _is_difference(row: object) -> bool:
    return isinstance(row, list) and len(row) == 3 and all(_is_whole(value, 0, MAX_ID) for value in row)


def _whole(value: object, low: int, high: int, place: str, faults: Faults) -> int:
    if isinstance(value, int) and _is_whole(value, low, high):
        return value
    faults.add(place, f"must be a whole number from {low} to {high}, not {shown(value)}")
    return low


def _is_whole(value: object, low: int, high: int) -> bool:
    return type(value) is int and low <= value <= high
