"""A run that ended early goes on as if it had never stopped, whatever was lost and wherever its files went."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import msgpack
import pytest
from typer.testing import CliRunner

from engine.errors import BadInput, Diverged, RunFailed
from engine.llm.records import read_replies
from engine.llm.requests import request_key
from engine.llm.service import Budget
from engine.record.frames import HEADER_SIZE, DamagedLog, FrameWriter, LogKind, frame_head, header
from engine.record.manifest import DRAFT, Attachment, Manifest
from engine.record.run_folder import RunFolder
from engine.record.whole_file import draft_of, write_whole
from tests.engine.record.test_full_disk import Disk
from tests.towns import Careful, payloads, reply_keys, resume_town, run_town
from thorp.cli import app
from thorp.scenario import DATA
from thorp.town import TownRun

ROOT = Path(__file__).parent.parent
UNTIL = "07:40"
PROGRAM = [sys.executable, str(ROOT / "run_sim.py")]
SLOWLY = ["run", "--until", UNTIL, "--model", "scripted:latency=sleep:0.05", "--json", "--out"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    """A morning that nobody stopped."""
    return run_town(tmp_path_factory.mktemp("whole"), changes={"end": UNTIL})


def is_whole(run: TownRun, whole: TownRun) -> bool:
    """Whether a run came out like the one that nobody stopped, with no reply recorded twice."""
    keys = reply_keys(run.folder.path)
    return (
        run.events_digest == whole.events_digest
        and run.folder.events_path.read_bytes() == whole.folder.events_path.read_bytes()
        and len(keys) == len(set(keys)) == len(reply_keys(whole.folder.path))
        and run.folder.verify().faults == ()
        and sorted(path.name for path in run.folder.path.iterdir()) == ["events.log", "manifest.json", "replies.log"]
    )


def copy_of(run: TownRun, folder: Path, *, events: int | None = None, replies: int | None = None) -> Path:
    """Copy a run with logs cut off after so many bytes, as a crash leaves them: then they were never longer."""
    copy = folder / "copy"
    shutil.copytree(run.folder.path, copy)
    if (events, replies) != (None, None):
        Manifest.read(copy).model_copy(update={"reached": 0, "holds": None}).write(copy)
    for name, size in (("events.log", events), ("replies.log", replies)):
        if size is not None:
            os.truncate(copy / name, size)
    return copy


def stopped(folder: Path, requests: int = 60, **options: Any) -> TownRun:
    """A run that ended because its budget was spent."""
    run = run_town(folder, budget=Budget(requests=requests), **({"changes": {"end": UNTIL}} | options))
    assert run.stopped
    return run


def test_a_run_cut_off_anywhere_comes_out_the_same(tmp_path: Path, whole: TownRun) -> None:
    dice = Random(11)
    sizes = [path.stat().st_size for path in (whole.folder.events_path, whole.folder.replies_path)]
    for number in range(5):
        events, replies = (dice.randrange(size) for size in sizes)
        (tmp_path / f"{number}").mkdir()
        copy = copy_of(whole, tmp_path / f"{number}", events=events, replies=replies)
        said: list[str] = []
        backend = Careful()
        run = resume_town(copy, backend=backend, said=said)
        assert is_whole(run, whole)
        assert run.events_reused < run.events
        assert len(backend.asked) == run.stats.new < len(reply_keys(copy))
        assert all("were dropped" in sentence for sentence in said)


def killed_in(work: Callable[[], object]) -> None:
    """Do something in a process of its own that is killed by it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def killed(folder: Path, patience: int, model: str = "scripted") -> Path:
    """Run a morning in a process of its own, and kill it when the model has been asked often enough."""
    killed_in(lambda: run_town(folder, model=model, changes={"end": UNTIL}, backend=Careful(patience)))
    return folder / "run0"


@pytest.mark.parametrize("patience", [0, 1, 70])
def test_a_killed_run_goes_on(tmp_path: Path, whole: TownRun, patience: int) -> None:
    folder = killed(tmp_path, patience)
    recorded = reply_keys(folder)
    assert len(recorded) == patience
    backend = Careful()
    run = resume_town(folder, backend=backend)
    assert is_whole(run, whole)
    assert reply_keys(folder)[:patience] == recorded
    assert len(backend.asked) == len(reply_keys(whole.folder.path)) - patience


def test_what_was_cut_off_is_told_in_bytes(tmp_path: Path, whole: TownRun) -> None:
    last = len(payloads(whole.folder.replies_path, LogKind.REPLIES)[-1])
    copy = copy_of(whole, tmp_path, replies=whole.folder.replies_path.stat().st_size - 3)
    said: list[str] = []
    assert is_whole(resume_town(copy, said=said), whole)
    (sentence,) = said
    assert str(copy / "replies.log") in sentence
    assert f"the last {last + 12 - 3} bytes" in sentence


@pytest.mark.parametrize("name", ["events.log", "replies.log"])
def test_zeros_that_a_power_cut_left_are_cut_off_and_told(tmp_path: Path, whole: TownRun, name: str) -> None:
    copy = copy_of(whole, tmp_path)
    with (copy / name).open("ab") as log:
        log.write(bytes(4096))
    (fault,) = RunFolder.open(copy).verify().faults
    assert "a torn tail" in fault
    said: list[str] = []
    assert is_whole(resume_town(copy, said=said), whole)
    (sentence,) = said
    assert sentence.startswith(f"{copy / name}: the last 4096 bytes were no whole record")


@pytest.mark.parametrize("size", [0, 5, 12])
def test_logs_that_had_hardly_begun_are_no_hindrance(tmp_path: Path, whole: TownRun, size: int) -> None:
    assert is_whole(resume_town(copy_of(whole, tmp_path, events=size, replies=size)), whole)


def test_a_run_killed_before_it_had_logs_goes_on(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path)
    for name in ("events.log", "replies.log"):
        (copy / name).unlink()
    assert is_whole(resume_town(copy), whole)


def test_a_run_killed_while_its_manifest_was_written_never_began(tmp_path: Path) -> None:
    folder = tmp_path / "run0"
    folder.mkdir()
    (folder / DRAFT).write_text('{"format": 1, "scen')
    with pytest.raises(BadInput, match="stopped before it began; begin it again with thorp run"):
        resume_town(folder)
    shutil.move(folder, tmp_path / "begun")
    assert RunFolder.create(tmp_path / "begun", Manifest.read(stopped(tmp_path).folder.path)).path.is_dir()
    assert [path.name for path in (tmp_path / "begun").iterdir()] == ["manifest.json"]


def test_a_draft_of_another_manifest_says_nothing(tmp_path: Path, whole: TownRun) -> None:
    run = stopped(tmp_path)
    (run.folder.path / DRAFT).write_text('{"format": 1, "scen')
    assert is_whole(resume_town(run.folder.path), whole)


def test_a_finished_run_has_nothing_to_go_on_with(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path)
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    run = resume_town(copy, backend=Careful(patience=0))
    assert (run.stats.new, run.events_reused) == (0, run.events)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before


def test_a_run_is_extended_as_if_it_had_been_longer_from_the_start(tmp_path: Path, whole: TownRun) -> None:
    longer = run_town(tmp_path, changes={"end": "08:20"})
    copy = copy_of(whole, tmp_path)
    run = resume_town(copy, until="08:20")
    assert is_whole(run, longer)
    assert run.folder.manifest.end == longer.folder.manifest.end
    (continuation,) = Manifest.read(copy).continuations
    assert (continuation.end, continuation.replies) == (longer.folder.manifest.end, len(reply_keys(whole.folder.path)))
    assert run.folder.manifest.reached == continuation.end
    again = resume_town(copy)
    assert again.events_digest == run.events_digest
    assert len(Manifest.read(copy).continuations) == 1


def test_a_run_cannot_be_made_shorter(whole: TownRun) -> None:
    with pytest.raises(BadInput, match=r"--until: '07:00' is .* before the end of the run"):
        resume_town(whole.folder.path, until="07:00")


@pytest.mark.parametrize("schedule", ["strict", "out-of-order"])
@pytest.mark.parametrize("model", ["scripted", "scripted:latency=lognormal"])
def test_neither_schedule_nor_latency_matters(tmp_path: Path, whole: TownRun, schedule: str, model: str) -> None:
    run = stopped(tmp_path, schedule="strict" if schedule == "out-of-order" else "out-of-order")
    assert is_whole(resume_town(run.folder.path, schedule=schedule, model=model), whole)


def test_budgets_may_be_spent_again_and_again(tmp_path: Path, whole: TownRun) -> None:
    run = stopped(tmp_path, requests=50)
    folder = run.folder.path
    rounds = 0
    while run.stopped:
        run = resume_town(folder, budget=Budget(requests=15))
        assert run.stats.new <= 15
        rounds += 1
    assert rounds > 2
    assert len(run.folder.manifest.continuations) == rounds
    assert is_whole(run, whole)


def own_town(folder: Path) -> Path:
    """The default scenario in files of its own, its tileset in a file beside the map."""
    folder.mkdir()
    for name in ("morning.yaml", "thorp.tmj", "tiles.png"):
        shutil.copy(DATA / name, folder / name)
    town = json.loads((folder / "thorp.tmj").read_text(encoding="utf-8"))
    (tileset,) = town["tilesets"]
    (folder / "sets").mkdir()
    shutil.move(folder / tileset["image"], folder / "sets" / "tiles.png")
    outside = {key: value for key, value in tileset.items() if key != "firstgid"} | {"image": "tiles.png"}
    (folder / "sets" / "tiles.tsj").write_text(json.dumps(outside), encoding="utf-8")
    town["tilesets"] = [{"firstgid": tileset["firstgid"], "source": "sets/tiles.tsj"}]
    (folder / "thorp.tmj").write_text(json.dumps(town), encoding="utf-8")
    return folder / "morning.yaml"


@pytest.mark.parametrize("fate", ["gone", "changed"])
def test_the_original_files_are_not_needed(tmp_path: Path, whole: TownRun, fate: str) -> None:
    scenario = own_town(tmp_path / "town")
    run = stopped(tmp_path, scenario=scenario)
    if fate == "gone":
        shutil.rmtree(scenario.parent)
    else:
        for path in (scenario, scenario.parent / "thorp.tmj", scenario.parent / "sets" / "tiles.tsj"):
            path.write_text("nonsense: [", encoding="utf-8")
    assert resume_town(run.folder.path).events_digest == whole.events_digest


def test_settings_given_on_the_command_line_hold_on(tmp_path: Path) -> None:
    changes = {"end": UNTIL, "seed": 9, "minds.attention": 1, "people.0.wakes": "06:45"}
    control = run_town(tmp_path, changes=changes, agents=3)
    run = stopped(tmp_path, changes=changes, agents=3, requests=40)
    assert is_whole(resume_town(run.folder.path), control)


def test_a_damaged_log_is_refused_and_nothing_is_changed(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path, events=whole.folder.events_path.stat().st_size - 5)
    content = bytearray((copy / "replies.log").read_bytes())
    content[len(content) // 2] ^= 1
    (copy / "replies.log").write_bytes(content)
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    with pytest.raises(DamagedLog, match=r"replies\.log, frame \d+ at byte \d+"):
        resume_town(copy)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before


# -- whole frames that are not those of the run ----------------------------------------------------------------------


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def put(path: Path, kind: LogKind, frames: list[bytes]) -> None:
    """Put a log with these payloads in the place of another."""
    path.write_bytes(header(kind) + b"".join(frame_head(each) + each for each in frames))


@pytest.mark.parametrize("left", [0, 1, 100])
def test_events_cut_off_between_two_are_told_and_come_to_pass_again(tmp_path: Path, whole: TownRun, left: int) -> None:
    copy = copy_of(whole, tmp_path)
    put(copy / "events.log", LogKind.EVENTS, payloads(copy / "events.log", LogKind.EVENTS)[:left])
    held = f"the log ends here, but the manifest says that it held {whole.events} events"
    (fault,) = RunFolder.open(copy).verify().faults
    assert f"events.log, frame {left} at byte {(copy / 'events.log').stat().st_size}: {held}" in fault
    said: list[str] = []
    assert is_whole(resume_town(copy, backend=Careful(patience=0), said=said), whole)
    assert said == [f"{fault}; what is missing comes to pass again"]


@pytest.mark.parametrize("left", [0, 1, 100, None])
def test_replies_that_are_missing_are_told_and_asked_for_again(
    tmp_path: Path, whole: TownRun, left: int | None
) -> None:
    copy = copy_of(whole, tmp_path)
    recorded = payloads(copy / "replies.log", LogKind.REPLIES)
    put(copy / "replies.log", LogKind.REPLIES, recorded[:left])
    if left is None:
        (copy / "replies.log").unlink()
    said: list[str] = []
    backend = Careful()
    assert is_whole(resume_town(copy, backend=backend, said=said), whole)
    assert len(backend.asked) == len(recorded) - (left or 0)
    (sentence,) = said
    place = f"replies.log, frame {left or 0} at byte"
    held = f"the log ends here, but the manifest says that it held {len(recorded)} replies"
    assert place in sentence and f"{held}; what is missing has to be asked again" in sentence


def test_a_reply_taken_out_of_the_middle_is_told_and_asked_for_again(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path)
    recorded = payloads(copy / "replies.log", LogKind.REPLIES)
    put(copy / "replies.log", LogKind.REPLIES, [*recorded[:90], *recorded[91:]])
    said: list[str] = []
    backend = Careful()
    assert is_whole(resume_town(copy, backend=backend, said=said), whole)
    assert len(backend.asked) == len(said) == 1


def test_what_is_asked_again_may_come_in_another_order_and_be_cut_short(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path)
    put(copy / "replies.log", LogKind.REPLIES, payloads(copy / "replies.log", LogKind.REPLIES)[:20])
    killed_in(lambda: resume_town(copy, model="scripted:latency=lognormal", backend=Careful(patience=70)))
    assert reply_keys(copy) != reply_keys(whole.folder.path)[: len(reply_keys(copy))]
    assert [fault for fault in RunFolder.open(copy).verify().faults if "replies.log" in fault] == []
    assert is_whole(resume_town(copy), whole)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    """Another morning of the same people."""
    return run_town(tmp_path_factory.mktemp("other"), changes={"end": UNTIL, "seed": 3})


@pytest.mark.parametrize("name", ["events.log", "replies.log"])
@pytest.mark.parametrize("share", [1.0, 0.5])
def test_a_log_of_another_run_is_refused(
    tmp_path: Path, whole: TownRun, other: TownRun, name: str, share: float
) -> None:
    copy = copy_of(whole, tmp_path)
    kind = LogKind.EVENTS if name == "events.log" else LogKind.REPLIES
    frames = payloads(other.folder.path / name, kind)
    put(copy / name, kind, frames[: int(share * len(frames))])
    before = files_of(copy)
    place = rf"{name}, frame \d+ at byte \d+: from here to frame \d+ it is not what the manifest says it held"
    faults = RunFolder.open(copy).verify().faults
    assert any(re.search(place, fault) for fault in faults)
    with pytest.raises(DamagedLog, match=place):
        resume_town(copy)
    assert files_of(copy) == before


CHANGED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "exchanged": lambda frames: [*frames[:10], frames[11], frames[10], *frames[12:]],
    "put in": lambda frames: [*frames[:10], msgpack.packb([b"new", *msgpack.unpackb(frames[10])[1:]]), *frames[10:]],
    "put in twice": lambda frames: [*frames[:10], frames[3], *frames[10:]],
    "appended twice": lambda frames: [*frames, frames[3]],
}


@pytest.mark.parametrize("change", list(CHANGED))
def test_replies_that_were_moved_or_put_in_are_refused(tmp_path: Path, whole: TownRun, change: str) -> None:
    copy = copy_of(whole, tmp_path)
    recorded = payloads(copy / "replies.log", LogKind.REPLIES)
    put(copy / "replies.log", LogKind.REPLIES, CHANGED[change](recorded))
    before = files_of(copy)
    done = CliRunner().invoke(app, ["verify", str(copy)])
    assert done.exit_code == 1
    place = 3 if change == "appended twice" else 8
    assert f"frame {len(recorded) if place == 3 else place} at byte" in done.stderr
    with pytest.raises(DamagedLog, match=r"it is not what the manifest says|answers what the reply at byte"):
        resume_town(copy)
    assert files_of(copy) == before


@pytest.mark.parametrize("patience", [30, 100])
def test_of_a_killed_run_half_of_the_replies_are_known(
    tmp_path: Path, whole: TownRun, other: TownRun, patience: int
) -> None:
    folder = killed(tmp_path, patience, "scripted:latency=lognormal")
    recorded = payloads(folder / "replies.log", LogKind.REPLIES)
    known = Manifest.read(folder).marks(LogKind.REPLIES)[-1].frames
    assert len(recorded) / 2 < known <= len(recorded)
    assert RunFolder.open(folder).verify().faults == ()
    foreign = payloads(other.folder.replies_path, LogKind.REPLIES)
    for frames in (foreign, [recorded[1], recorded[0], *recorded[2:]], [*recorded[:5], *recorded[6:]]):
        put(folder / "replies.log", LogKind.REPLIES, frames)
        assert RunFolder.open(folder).verify().faults != ()
        with pytest.raises(DamagedLog, match="it is not what the manifest says it held"):
            resume_town(folder)
    put(folder / "replies.log", LogKind.REPLIES, recorded)
    assert is_whole(resume_town(folder), whole)


def test_replies_of_a_killed_run_that_are_gone_are_missed(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path, events=whole.folder.events_path.stat().st_size)
    (copy / "replies.log").unlink()
    said: list[str] = []
    assert is_whole(resume_town(copy, said=said), whole)
    (sentence,) = said
    assert "replies.log, frame 0 at byte 0: the log is not there, though there is one of events" in sentence


def test_a_whole_frame_that_is_no_reply_is_refused(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path)
    with FrameWriter(copy / "replies.log", LogKind.REPLIES) as writer:
        writer.append(b"\x93\x01\x02\x03")
    with pytest.raises(DamagedLog, match="not a recorded reply"):
        resume_town(copy)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"seed": 2}, "seed: does not fit the scenario"),
        ({"people": ["Ida Calder"]}, "people: does not fit the scenario"),
        ({"scenario": {"name": "x"}}, "is required"),
        ({"attachments": {}}, "holds no copy of the map"),
        ({"schedule": "by moonlight"}, "unknown schedule 'by moonlight'"),
        ({"parent": {"path": "", "at": 10**15, "events": 0, "digest": ""}}, "lies too far from the start"),
        (
            {"letters": [{"name": "", "created": "", "since": 10**15, "interventions": 1}]},
            "lies too far from the start",
        ),
        ({"model": "telepathy"}, "unknown model 'telepathy'"),
        ({"changes": [{"at": 5, "settings": {"minds.wisdom": 3}, "seed": None}]}, "unknown key 'wisdom'"),
    ],
)
def test_a_manifest_that_does_not_hold_together_is_refused(
    tmp_path: Path, whole: TownRun, changes: dict[str, Any], expected: str
) -> None:
    copy = copy_of(whole, tmp_path)
    content = json.loads((copy / "manifest.json").read_text(encoding="utf-8")) | changes
    (copy / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BadInput, match=r"manifest\.json") as caught:
        resume_town(copy)
    assert expected in str(caught.value)


@pytest.mark.parametrize("name", ["../escaped.tsj", "/tmp/escaped.tsj", "a/../../escaped.tsj", ""])
def test_copies_stay_in_their_folder(tmp_path: Path, whole: TownRun, name: str) -> None:
    copy = copy_of(whole, tmp_path)
    manifest = Manifest.read(copy)
    copies = {**manifest.attachments, f"tileset:{name}": Attachment.of(Path(name), b"{}")}
    manifest.model_copy(update={"attachments": copies}).write(copy)
    with pytest.raises(BadInput, match="outside of the map's folder"):
        resume_town(copy)


def test_an_event_that_comes_out_differently_ends_the_run(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path)
    manifest = Manifest.read(copy)
    scenario = manifest.scenario | {"minds": manifest.scenario["minds"] | {"sketch_lines": 1}}
    versions = manifest.versions | {"torch": "0.1"}
    manifest.model_copy(update={"scenario": scenario, "versions": versions}).write(copy)
    before = (copy / "events.log").read_bytes()
    with pytest.raises(Diverged, match=r"events\.log.*since it was recorded: torch 0\.1 is "):
        resume_town(copy)
    assert (copy / "events.log").read_bytes() == before


def test_a_log_of_more_than_happens_is_refused(tmp_path: Path, whole: TownRun) -> None:
    copy = copy_of(whole, tmp_path)
    Manifest.read(copy).model_copy(update={"end": 3000}).write(copy)
    with pytest.raises(Diverged, match="holds more than"):
        resume_town(copy)


def test_another_model_is_refused_when_it_is_needed(tmp_path: Path, whole: TownRun) -> None:
    other = Careful()
    other.identity = "another-model"
    run = stopped(tmp_path)
    before = (run.folder.path / "replies.log").read_bytes()
    with pytest.raises(BadInput, match="this model is another-model, but the recorded replies are of scripted"):
        resume_town(run.folder.path, backend=other)
    assert other.asked == []
    assert (run.folder.path / "replies.log").read_bytes() == before
    assert resume_town(copy_of(whole, tmp_path), backend=other).events_digest == whole.events_digest


def test_without_a_model_a_run_goes_as_far_as_its_record(tmp_path: Path, whole: TownRun) -> None:
    run = stopped(tmp_path)
    again = resume_town(run.folder.path, model="recorded")
    assert again.stats.new == 0
    assert again.sim_seconds >= run.sim_seconds
    assert "no reply is recorded to the thought '" in again.stopped
    assert any(f"of {name} at Monday 13 February 2023" in again.stopped for name in run.folder.manifest.people)
    assert resume_town(copy_of(whole, tmp_path), model="recorded").stopped == ""
    assert is_whole(resume_town(run.folder.path), whole)


def test_a_run_has_one_writer(tmp_path: Path, whole: TownRun) -> None:
    run = stopped(tmp_path)
    with (
        FrameWriter(run.folder.replies_path, LogKind.REPLIES),
        pytest.raises(BadInput, match="is being written by another process"),
    ):
        resume_town(run.folder.path)
    assert is_whole(resume_town(run.folder.path), whole)


# -- processes -------------------------------------------------------------------------------------------------------


def begin(out: Path, *arguments: str) -> subprocess.Popen[str]:
    """Begin a run that takes some seconds, in a process of its own."""
    command = [*PROGRAM, *SLOWLY, str(out), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def thorp(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def under_way(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A run in a process of its own that has recorded some replies and needs some more seconds."""
    out = tmp_path / "run"
    process = begin(out, "--model", "scripted:latency=sleep:0.2")
    log = out / "replies.log"
    deadline = time.monotonic() + 60
    while (not log.exists() or log.stat().st_size < 200_000) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield process, out
    process.kill()
    process.communicate()


def test_a_running_run_is_left_alone_and_ends_in_good_order_on_sigterm(
    under_way: tuple[subprocess.Popen[str], Path], whole: TownRun
) -> None:
    process, out = under_way
    refused = thorp("resume", out)
    assert refused.returncode == 2
    assert "is being written by another process" in refused.stderr
    assert refused.stderr.count("\n") == 1
    process.terminate()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stopped by SIGTERM; all of it is kept; go on with: thorp resume" in said
    assert thorp("verify", out).returncode == 0
    assert Manifest.read(out).reached > 0
    assert is_whole(resume_town(out, model="scripted"), whole)


LITTLE_DISK = f"""
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
sys.argv = ["thorp", "run", "--until", "{UNTIL}", "--model", "scripted", "--out", sys.argv[1]]
sys.path.insert(0, {str(ROOT)!r})
runpy.run_path({str(ROOT / "run_sim.py")!r}, run_name="__main__")
"""


def test_a_full_disk_ends_a_run_in_one_sentence_and_it_goes_on_later(tmp_path: Path, whole: TownRun) -> None:
    out = tmp_path / "run"
    done = subprocess.run([sys.executable, "-c", LITTLE_DISK, out], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("thorp: ")]
    assert "replies.log: cannot be written" in sentence
    assert "go on with: thorp resume" in sentence
    assert "Traceback" not in done.stderr
    assert is_whole(resume_town(out), whole)


@pytest.mark.parametrize("name", ["events.log", "replies.log"])
@pytest.mark.parametrize("room", [0, 7, 20_000, 50_000])
def test_a_log_that_the_disk_has_no_room_for_ends_a_run_and_it_goes_on_later(
    tmp_path: Path, whole: TownRun, monkeypatch: pytest.MonkeyPatch, name: str, room: int
) -> None:
    def on_a_little_disk(self: FrameWriter, path: Path, kind: LogKind) -> None:
        begin_writing(self, path, kind)
        if path.name == name:
            self._file.close()
            self._file = Disk(path, room)

    begin_writing = FrameWriter.__init__
    monkeypatch.setattr(FrameWriter, "__init__", on_a_little_disk)
    with pytest.raises(RunFailed, match=rf"{name}: cannot be written: No space left on device"):
        run_town(tmp_path, changes={"end": UNTIL})
    monkeypatch.undo()
    folder = tmp_path / "run0"
    assert (folder / name).stat().st_size == HEADER_SIZE + room
    said: list[str] = []
    backend = Careful()
    kept = reply_keys_until_torn(folder)
    assert is_whole(resume_town(folder, backend=backend, said=said), whole)
    assert not keys_asked(backend) & set(kept)
    assert len(said) == (room > 0)


# -- kills -----------------------------------------------------------------------------------------------------------


def keys_asked(backend: Careful) -> set[bytes]:
    return {request_key(backend.identity, request) for request in backend.asked}


def killed_while_writing(name: str, moment: int, share: float) -> Callable[[FrameWriter], None]:
    """What `FrameWriter.flush` is to be in a process that is killed by a write: the one of this number to this log.

    The share is how much of it is written.
    """
    flush, writes = FrameWriter.flush, count()

    def flush_and_die(self: FrameWriter) -> None:
        if self.path.name == name and self._pending and next(writes) == moment:
            os.write(self._file.fileno(), self._pending[: int(share * len(self._pending))])
            os.kill(os.getpid(), signal.SIGKILL)
        flush(self)

    return flush_and_die


def goes_on_after_a_kill(folder: Path, whole: TownRun) -> None:
    """Hold a run that was killed, and is resumed, against the one that was not."""
    recorded = reply_keys_until_torn(folder)
    backend = Careful()
    assert is_whole(resume_town(folder, backend=backend), whole)
    assert reply_keys(folder)[: len(recorded)] == recorded
    assert not keys_asked(backend) & set(recorded)


def die_in_a_write(tmp_path: Path, whole: TownRun, name: str, moment: int, share: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FrameWriter, "flush", killed_while_writing(name, moment, share))
        killed_in(lambda: run_town(tmp_path, model="scripted:latency=lognormal", changes={"end": UNTIL}))
    goes_on_after_a_kill(tmp_path / "run0", whole)


WRITES = {"events.log": 9, "replies.log": 80}
"""So often are the logs of a morning written, at least, after which they are headers."""


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize(
    ("name", "moment"), [("events.log", 0), ("events.log", 4), ("replies.log", 0), ("replies.log", 33)]
)
def test_kill_minus_nine_in_a_write_to_a_log(
    tmp_path: Path, whole: TownRun, name: str, moment: int, share: float
) -> None:
    die_in_a_write(tmp_path, whole, name, moment, share)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(30))
def test_kill_minus_nine_in_any_write_to_a_log(tmp_path: Path, whole: TownRun, number: int) -> None:
    dice = Random(number)
    name = dice.choice(list(WRITES))
    die_in_a_write(tmp_path, whole, name, dice.randrange(WRITES[name]), dice.random())


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("moment", [1, 3, 4])
def test_kill_minus_nine_while_the_manifest_is_written(
    tmp_path: Path, whole: TownRun, moment: int, is_done: bool
) -> None:
    write, writes = write_whole, count()

    def write_and_die(path: Path, content: bytes) -> None:
        if next(writes) != moment:
            write(path, content)
            return
        if is_done:
            write(path, content)
        else:
            draft_of(path).write_bytes(content[: len(content) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.record.manifest.write_whole", write_and_die)
        killed_in(lambda: run_town(tmp_path, model="scripted:latency=lognormal", changes={"end": UNTIL}))
    assert (tmp_path / "run0" / DRAFT).exists() == (not is_done)
    goes_on_after_a_kill(tmp_path / "run0", whole)


def begun(command: list[str], out: Path) -> subprocess.Popen[str]:
    """Begin a run, or a fork, in a process of its own, and wait until its manifest is there."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)
    deadline = time.monotonic() + 60
    while not (out / "manifest.json").exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return process


def length_of(command: list[str], out: Path) -> float:
    """How long a run, or a fork, takes after its manifest is there, in seconds."""
    process = begun(command, out)
    began = time.monotonic()
    assert process.wait() == 0
    return time.monotonic() - began


def killed_alive(command: list[str], out: Path, after: float) -> None:
    """Kill a run, or a fork, so many seconds after its manifest is there; or sooner, if it was faster than that."""
    while True:
        process = begun(command, out)
        time.sleep(after)
        is_alive = process.poll() is None
        process.kill()
        if is_alive:
            assert process.wait() == -signal.SIGKILL
            return
        assert process.returncode == 0
        shutil.rmtree(out)
        after /= 2


@pytest.fixture(scope="module")
def length(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a morning takes with a slow model, in seconds."""
    out = tmp_path_factory.mktemp("length") / "run"
    return length_of([*PROGRAM, *SLOWLY, str(out)], out)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(60))
def test_kill_minus_nine_at_any_moment(tmp_path: Path, whole: TownRun, length: float, number: int) -> None:
    dice = Random(number)
    out = tmp_path / "run"
    killed_alive([*PROGRAM, *SLOWLY, str(out)], out, dice.uniform(0.0, length))
    for name in ("events.log", "replies.log"):
        path = out / name
        if number % 3 == 0 and path.exists() and path.stat().st_size > 100:
            os.truncate(path, path.stat().st_size - dice.randrange(40))
    if number % 4 == 1:
        again = subprocess.Popen([*PROGRAM, "resume", str(out)], stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.5, 3.0))
        again.kill()
        again.communicate()
    before = reply_keys_until_torn(out)
    done = thorp("resume", out, "--model", "scripted", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["events_digest"] == whole.events_digest
    keys = reply_keys(out)
    assert keys[: len(before)] == before
    assert len(keys) == len(set(keys))
    assert RunFolder.open(out).verify().faults == ()


def reply_keys_until_torn(out: Path) -> list[bytes]:
    keys: list[bytes] = []
    try:
        for key, _ in read_replies(out / "replies.log"):
            keys.append(key)
    except BadInput:
        pass
    return keys


@pytest.mark.slow
@pytest.mark.parametrize("number", range(12))
def test_a_fork_killed_at_any_moment_goes_on(tmp_path: Path, whole: TownRun, number: int) -> None:
    dice = Random(number)
    news = tmp_path / "news.yaml"
    news.write_text("- {at: 07:05, kind: broadcast, text: the bridge is closed today}", encoding="utf-8")
    parent, out, control = (str(tmp_path / name) for name in ("parent", "fork", "control"))
    shutil.copytree(whole.folder.path, parent)
    change = ["--at", "07:00", "--seed", "5", "--intervene", str(news)]
    assert thorp("fork", parent, *change, "--out", control).returncode == 0
    slowly = ["--model", "scripted:latency=sleep:0.05", "--out"]
    length = length_of([*PROGRAM, "fork", parent, *change, *slowly, f"{out}-whole"], Path(f"{out}-whole"))
    killed_alive([*PROGRAM, "fork", parent, *change, *slowly, out], Path(out), dice.uniform(0.0, length))
    if number % 2:
        shutil.rmtree(parent)
    done = thorp("resume", out, "--model", "scripted")
    assert done.returncode == 0, done.stderr
    assert (Path(out) / "events.log").read_bytes() == (Path(control) / "events.log").read_bytes()
    keys = reply_keys(Path(out))
    assert len(keys) == len(set(keys))
    assert sorted(keys) == sorted(reply_keys(Path(control)))
