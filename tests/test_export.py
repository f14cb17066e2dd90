"""A run as tables."""

from __future__ import annotations

import csv
import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from engine.errors import BadInput, RunFailed
from engine.llm.service import Budget
from engine.record.codec import encode_event
from engine.record.events import Event, Key, PlanEntry, Planned, Remembered, Said, Walked
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import Manifest
from tests.towns import events_of, fork_town, run_town
from thorp.cli import run_command_line
from thorp.export import TABLES, export_tables
from thorp.manifest import plan_from
from thorp.scenario import Plan
from thorp.town import TownRun

HAS_PYARROW = find_spec("pyarrow") is not None


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    return run_town(tmp_path_factory.mktemp("morning"), changes={"end": "08:30"})


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_hold_what_the_logs_hold(morning: TownRun, tmp_path: Path) -> None:
    rows = export_tables(morning.folder.path, tmp_path / "tables")
    found = {name: table(tmp_path / "tables", name) for name in TABLES}
    assert {name: len(entries) for name, entries in found.items()} == rows
    assert {name: tuple(entries[0]) for name, entries in found.items()} == {
        name: tuple(each.columns) for name, each in TABLES.items()
    }
    events = events_of(morning)
    people = morning.folder.manifest.people
    assert rows["events"] == morning.events
    assert [json.loads(row["data"])["text"] for row in found["events"] if row["kind"] == "Said"] == [
        event.body.text for event in events if isinstance(event.body, Said)
    ]
    assert [row["text"] for row in found["chats"] if row["what"] == "said"] == [
        event.body.text for event in events if isinstance(event.body, Said)
    ]
    walks = [event for event in events if isinstance(event.body, Walked)]
    assert rows["moves"] == len(walks) + len(people)
    last = walks[-1]
    assert isinstance(last.body, Walked)
    row = found["moves"][-1]
    assert (int(row["to_x"]), int(row["to_y"])) == last.body.path[-1]
    assert int(row["arrival"]) == last.key.time + (len(last.body.path) - 1) * last.body.seconds_per_tile
    remembered = [event for event in events if isinstance(event.body, Remembered)]
    assert sorted((row["agent"], row["text"]) for row in found["memories"]) == sorted(
        (people[event.key.agent], event.body.text) for event in remembered if isinstance(event.body, Remembered)
    )
    assert rows["plans"] == sum(len(event.body.entries) for event in events if isinstance(event.body, Planned))
    assert rows["requests"] == morning.stats.new
    assert sum(int(row["prompt_tokens"]) for row in found["requests"]) == morning.stats.usage.prompt
    ties = {(row["agent"], row["other"]): row for row in found["relationships"]}
    assert ties["Ida Calder", "Jonas Reed"]["relation"] == "a regular guest"


def test_replies_taken_over_by_a_fork_are_marked(morning: TownRun, tmp_path: Path) -> None:
    run = fork_town(morning.folder.path, tmp_path / "fork", "08:00", seed=5)
    export_tables(run.folder.path, tmp_path / "tables")
    marks = [row["inherited"] for row in table(tmp_path / "tables", "requests")]
    assert (marks.count("False"), marks.count("True")) == (run.stats.new, len(marks) - run.stats.new)
    assert 0 < run.stats.new < len(marks)


def test_the_command_tells_and_refuses(morning: TownRun, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, to = str(morning.folder.path), str(tmp_path / "tables")
    assert run_command_line(["export", folder, "--to", to, "--json"]) == 0
    said = capsys.readouterr()
    assert set(json.loads(said.out)["rows"]) == set(TABLES)
    assert f"{morning.events:,} events" in said.err
    assert run_command_line(["export", folder, "--to", to]) == 2
    assert "exists already and is not an empty folder" in capsys.readouterr().err
    assert run_command_line(["export", folder, "--to", f"{to}2", "--format", "cvs"]) == 2
    assert "did you mean 'csv'" in capsys.readouterr().err
    assert run_command_line(["export", "nowhere", "--to", f"{to}2"]) == 2
    assert not (tmp_path / "tables2").exists()


def test_a_run_that_is_cut_off_and_odd_times_are_exported(tmp_path: Path) -> None:
    run = run_town(tmp_path, changes={"end": "07:30"}, budget=Budget(requests=30))
    with FrameWriter(run.folder.events_path, LogKind.EVENTS) as log:
        entries = (PlanEntry(10**15, 5, "waiting for the end of time", ""),)
        log.append(encode_event(Event(Key(9999, 1, 0, 9999), Planned("hour", entries))))
    with run.folder.replies_path.open("ab") as file:
        file.write(b"torn")
    export_tables(run.folder.path, tmp_path / "tables")
    row = table(tmp_path / "tables", "plans")[-1]
    assert (row["clock"], row["start"]) == ("", str(10**15))
    assert len(table(tmp_path / "tables", "requests")) == 30


@pytest.mark.parametrize("fault", ["damage", "disk"])
def test_tables_are_all_there_or_none_is(
    morning: TownRun, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(morning.folder.path, copy)
    if fault == "damage":  # in the replies, which are read after four tables have been written
        content = bytearray((copy / "replies.log").read_bytes())
        content[len(content) // 2] ^= 1
        (copy / "replies.log").write_bytes(content)
    else:
        monkeypatch.setattr(Path, "rename", full_disk)
    with pytest.raises(BadInput if fault == "damage" else RunFailed):
        export_tables(copy, tmp_path / "tables")
    assert list(tmp_path.iterdir()) == [copy]


def full_disk(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_the_plan_of_a_run_is_built_once(morning: TownRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Path] = []

    def counted(manifest: Manifest, folder: Path) -> Plan:
        built.append(folder)
        return plan_from(manifest, folder)

    monkeypatch.setattr("thorp.archive.plan_from", counted)
    export_tables(morning.folder.path, tmp_path / "tables")
    assert len(morning.folder.manifest.people) > len(built) == 1


@pytest.mark.skipif(HAS_PYARROW, reason="pyarrow is installed")
def test_parquet_says_what_is_missing(morning: TownRun, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r'parquet needs pyarrow: pip install "thorp\[export\]"'):
        export_tables(morning.folder.path, tmp_path / "tables", "parquet")
    assert not (tmp_path / "tables").exists()


@pytest.mark.skipif(not HAS_PYARROW, reason="pyarrow is not installed")
def test_parquet_holds_the_same(morning: TownRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    rows = export_tables(morning.folder.path, tmp_path / "csv")
    monkeypatch.setattr("thorp.export.AT_ONCE", 100)
    assert max(rows.values()) > 200
    assert export_tables(morning.folder.path, tmp_path / "tables", "parquet") == rows
    for name, described in TABLES.items():
        found = parquet.read_table(tmp_path / "tables" / f"{name}.parquet").to_pylist()
        assert [tuple(row) for row in found[:1]] == [tuple(described.columns)]
        texts = [["" if value is None else str(value) for value in row.values()] for row in found]
        assert texts == [list(row.values()) for row in table(tmp_path / "csv", name)]


@pytest.mark.skipif(not HAS_PYARROW, reason="pyarrow is not installed")
def test_a_number_that_parquet_cannot_hold_is_said(tmp_path: Path) -> None:
    run = run_town(tmp_path, changes={"end": "07:00"})
    with FrameWriter(run.folder.events_path, LogKind.EVENTS) as log:
        entries = (PlanEntry(2**64 - 1, 5, "waiting for the end of time", ""),)
        log.append(encode_event(Event(Key(9999, 1, 0, 9999), Planned("hour", entries))))
    with pytest.raises(BadInput, match="parquet has no room for a number of plans"):
        export_tables(run.folder.path, tmp_path / "tables", "parquet")
    assert not (tmp_path / "tables").exists()
