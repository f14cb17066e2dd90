"""Tidy tables of a run for other programs: one row for each thing that happened, one column for each thing said of it.

Times are simulated seconds (`time`) and dates in the scenario's calendar (`clock`, ISO 8601); people and places go by
name; what holds several values (evidence, people concerned) is JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from engine.errors import BadInput, RunFailed, nearest
from engine.llm.records import replies_asked
from engine.record.events import Appeared, ConversationBegan, ConversationEnded, Planned, Said, Walked
from engine.record.whole_file import whole_folder
from thorp.archive import Archive
from thorp.imports import refuse_occupied
from thorp.somebody import talks_of, ties_of

FORMATS = ("csv", "parquet")
Cell = str | int | float | bool | None
Row = tuple[Cell, ...]
AT_ONCE = 50_000
"""Rows of a table that are in memory together where it is written by columns."""


def _name(archive: Archive, agent: int) -> str:
    """Return the name of an agent; an empty text for the world."""
    return archive.names[agent] if 0 <= agent < len(archive.names) else ""


def _when(archive: Archive, time: int) -> str:
    """Return a simulated second as a date and time; an empty text where the calendar has none."""
    try:
        return archive.clock.at(time).isoformat()
    except OverflowError:
        return ""


def _events(archive: Archive) -> Iterator[Row]:
    for (time, _, agent, sequence), body in archive.events:
        data = json.dumps(asdict(body), ensure_ascii=False)
        yield time, _when(archive, time), _name(archive, agent), sequence, type(body).__name__, data


def _moves(archive: Archive) -> Iterator[Row]:
    for (time, _, agent, _), body in archive.events:
        match body:
            case Appeared((x, y), address):
                yield _name(archive, agent), time, _when(archive, time), time, x, y, x, y, 0, address
            case Walked(path, pace, to) if path:
                steps = len(path) - 1
                end = time + steps * pace
                yield _name(archive, agent), time, _when(archive, time), end, *path[0], *path[-1], steps, to
            case _:
                pass


def _memories(archive: Archive) -> Iterator[Row]:
    for agent, name in enumerate(archive.names):
        for each in archive.memories(agent):
            evidence, about = json.dumps(each.evidence), json.dumps(each.about, ensure_ascii=False)
            yield (
                name, each.number, each.kind.value, each.text, each.created, _when(archive, each.created),
                each.accessed, each.importance, each.count, evidence, about,
            )  # fmt: skip


def _chats(archive: Archive) -> Iterator[Row]:
    lines: dict[str, int] = {}
    for (time, _, agent, _), body in archive.events:
        name, when = _name(archive, agent), _when(archive, time)
        match body:
            case ConversationBegan(conversation, partner):
                yield conversation, "began", None, time, when, name, partner, ""
            case Said(conversation, to, text):
                lines[conversation] = lines.get(conversation, 0) + 1
                yield conversation, "said", lines[conversation], time, when, name, to, text
            case ConversationEnded(conversation, partner, _, topics):
                yield conversation, "ended", None, time, when, name, partner, json.dumps(topics, ensure_ascii=False)
            case _:
                pass


def _plans(archive: Archive) -> Iterator[Row]:
    for (time, _, agent, _), body in archive.events:
        if isinstance(body, Planned):
            for each in body.entries:
                name, when = _name(archive, agent), _when(archive, each.start)
                yield name, time, body.level, each.start, when, each.minutes, each.activity, each.address


def _requests(archive: Archive) -> Iterator[Row]:
    for number, asked in enumerate(replies_asked(archive.folder.replies_path)):
        usage = asked.usage
        yield number, asked.purpose, usage.prompt, usage.computed, usage.generated, asked.is_inherited


def _relationships(archive: Archive) -> Iterator[Row]:
    for agent, name in enumerate(archive.names):
        talks, _ = talks_of(archive.events, archive.names, agent, archive.known)
        for tie in ties_of(name, archive.memories(agent), archive.relations(agent), talks):
            opinion = "" if tie.opinion is None else tie.opinion.text
            yield name, tie.name, tie.relation, tie.last_talk, tie.memories, opinion


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table with the types of their cells, and what gives its rows."""

    columns: Mapping[str, type]
    rows: Callable[[Archive], Iterator[Row]]


TABLES: Mapping[str, Table] = {
    "events": Table(
        {"time": int, "clock": str, "agent": str, "sequence": int, "kind": str, "data": str},
        _events,
    ),
    "moves": Table(
        {
            "agent": str, "time": int, "clock": str, "arrival": int, "from_x": int, "from_y": int, "to_x": int,
            "to_y": int, "steps": int, "to": str,
        },
        _moves,
    ),
    "memories": Table(
        {
            "agent": str, "memory": int, "kind": str, "text": str, "time": int, "clock": str, "accessed": int,
            "importance": float, "count": int, "evidence": str, "about": str,
        },
        _memories,
    ),
    "chats": Table(
        {
            "conversation": str, "what": str, "line": int, "time": int, "clock": str, "agent": str, "to": str,
            "text": str,
        },
        _chats,
    ),
    "plans": Table(
        {
            "agent": str, "time": int, "level": str, "start": int, "clock": str, "minutes": int, "activity": str,
            "address": str,
        },
        _plans,
    ),
    "requests": Table(
        {
            "request": int, "purpose": str, "prompt_tokens": int, "prompt_tokens_computed": int,
            "generated_tokens": int, "inherited": bool,
        },
        _requests,
    ),
    "relationships": Table(
        {"agent": str, "other": str, "relation": str, "last_talk": int, "memories": int, "opinion": str},
        _relationships,
    ),
}  # fmt: skip
"""The tables that a run is exported as, by name."""


def export_tables(path: Path, to: Path, format_: str = "csv") -> dict[str, int]:
    """Write all tables of a run into a folder that does not exist yet or is empty. Returns their numbers of rows.

    They are all there or none is. Raises `BadInput`, and `RunFailed` when the disk refuses.
    """
    if format_ not in FORMATS:
        raise BadInput("--format", f"unknown format '{format_}'{nearest(format_, FORMATS)}")
    write = _write_csv if format_ == "csv" else _parquet_writer()
    refuse_occupied(to)
    archive = Archive(path)
    try:
        with whole_folder(to) as draft:
            return {
                name: write(draft / f"{name}.{format_}", table.columns, table.rows(archive))
                for name, table in TABLES.items()
            }
    except OSError as error:
        raise RunFailed(f"{to}: cannot be written: {error.strerror or error}") from error


def _write_csv(path: Path, columns: Mapping[str, type], rows: Iterable[Row]) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        return sum(1 for row in rows if writer.writerow(row))


def _parquet_writer() -> Callable[[Path, Mapping[str, type], Iterable[Row]], int]:
    """Return what writes Parquet. Raises `BadInput` where pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        problem = 'parquet needs pyarrow: pip install "thorp[export]" (or take --format csv)'
        raise BadInput("--format", problem) from error
    kinds = {str: pyarrow.string(), int: pyarrow.int64(), float: pyarrow.float64(), bool: pyarrow.bool_()}

    def write(path: Path, columns: Mapping[str, type], rows: Iterable[Row]) -> int:
        form = pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
        rows, written = iter(rows), 0
        with parquet.ParquetWriter(path, form) as writer:
            while some := list(islice(rows, AT_ONCE)):
                cells = zip(*some, strict=True)
                try:
                    arrays = [pyarrow.array(each, kind) for each, kind in zip(cells, form.types, strict=True)]
                except OverflowError as error:
                    raise BadInput("--format", f"parquet has no room for a number of {path.stem} (take csv)") from error
                writer.write_table(pyarrow.Table.from_arrays(arrays, schema=form))
                written += len(some)
        return written

    return write
