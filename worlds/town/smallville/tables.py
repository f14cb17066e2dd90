"""Block tables of the original town: which id on a matrix stands for which sector, arena, object or spawning place."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadInput
from engine.faults import Faults
from engine.untrusted import read_text, shown
from worlds.town.places import SEPARATOR

MAX_BYTES = 4 * 2**20
MAX_ROWS = 10_000
MAX_ID = 2**32 - 1
"""Ids are Tiled's global tile ids."""
MAX_NAME = 80
COLUMNS = {"world": 2, "sector": 3, "arena": 4, "game_object": 4, "spawning_location": 5}
"""The tables by name, with the number of columns of each."""

_ID = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Block:
    """One row: an id, and the names of the world, of the places inside it, and of the thing itself, the last one."""

    number: int
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the id stands for."""
        return self.names[-1]


Table = tuple[Block, ...]
"""In file order; every id stands once."""


def table_file(name: str) -> str:
    """Return the name of a table's file."""
    return f"{name}_blocks.csv"


def read_table(path: Path, name: str, place: str, faults: Faults) -> Table:
    """Return the rows of a block table; what is wrong with them is noted at `place`, with the row."""
    rows: list[list[str]] = []
    with faults.noted(place):
        rows = _rows(read_text(path, MAX_BYTES), str(path))
    found: dict[int, Block] = {}
    for row, cells in enumerate(rows, start=1):
        block = _block([cell.strip() for cell in cells], COLUMNS[name], f"{place}, row {row}", faults)
        if block is not None and block.number in found:
            faults.add(f"{place}, row {row}", f"the id {block.number} stands for '{found[block.number].name}' already")
        elif block is not None:
            found[block.number] = block
    return tuple(found.values())


def table_text(table: Iterable[Block]) -> str:
    """Return the content of a table's file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for block in table:
        writer.writerow([block.number, *block.names])
    return text.getvalue()


def _rows(text: str, source: str) -> list[list[str]]:
    """Return the rows that are not empty. Raises `BadInput`."""
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text), skipinitialspace=True, strict=True):
            rows += [cells] if any(cell.strip() for cell in cells) else []
            if len(rows) > MAX_ROWS:
                raise BadInput(source, f"holds more than {MAX_ROWS} rows")
    except csv.Error as error:
        raise BadInput(source, f"is not CSV: {error}", f"row {len(rows) + 1}") from error
    return rows


def _block(cells: list[str], columns: int, place: str, faults: Faults) -> Block | None:
    if len(cells) != columns:
        faults.add(place, f"has {len(cells)} columns; {columns} are needed")
        return None
    if _ID.fullmatch(cells[0]) is None or not 0 < int(cells[0]) <= MAX_ID:
        faults.add(place, f"the id must be a whole number from 1 to {MAX_ID}, not {shown(cells[0])}")
        return None
    wrong = [name for name in cells[1:] if not is_name(name)]
    if wrong:
        allowed = f"1 to {MAX_NAME} printable characters without '{SEPARATOR}'"
        faults.add(place, f"the name {shown(wrong[0])} cannot be part of an address (allowed: {allowed})")
        return None
    return Block(int(cells[0]), tuple(cells[1:]))


def is_name(text: str) -> bool:
    """Return whether a text can be the name of a place."""
    return 0 < len(text) <= MAX_NAME and text.isprintable() and SEPARATOR not in text
