"""A run folder is begun once, and verified as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import BadInput
from engine.record.event_log import EventLog
from engine.record.events import WORLD_AGENT, Decided, Event, Key, encode_event
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import Attachment
from engine.record.run_folder import RunFolder
from tests.engine.record.runs import example


def events(*agents: int) -> list[Event]:
    return [Event(Key(time, 1, agent, time), Decided("t", "rule", "yes")) for time, agent in enumerate(agents)]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A run of three events and two replies."""
    folder = RunFolder.create(tmp_path / "run", example(attachments={"map": Attachment.of(Path("a.tmj"), b"map")}))
    with FrameWriter(folder.events_path, LogKind.EVENTS) as writer:
        log = EventLog(writer)
        for event in events(0, 1, WORLD_AGENT):
            log.add(event)
        log.release(100)
    with FrameWriter(folder.replies_path, LogKind.REPLIES) as writer:
        writer.append(b"one")
        writer.append(b"two")
    return folder


def test_a_whole_run_has_no_faults(run: RunFolder) -> None:
    found = RunFolder.open(run.path).verify()
    assert (found.events, found.replies, found.faults) == (3, 2, ())
    assert list(run.events()) == events(0, 1, WORLD_AGENT)


def test_a_run_begins_in_a_new_or_an_empty_folder(tmp_path: Path) -> None:
    assert RunFolder.create(tmp_path / "a" / "b", example()).manifest == example()
    (tmp_path / "empty").mkdir()
    RunFolder.create(tmp_path / "empty", example())
    assert RunFolder.open(tmp_path / "empty").manifest == example()


def test_a_folder_that_holds_something_is_refused_and_left_alone(tmp_path: Path, run: RunFolder) -> None:
    before = {path.name: path.read_bytes() for path in run.path.iterdir()}
    with pytest.raises(BadInput, match="run: is not empty; a run needs a folder of its own"):
        RunFolder.create(run.path, example())
    assert {path.name: path.read_bytes() for path in run.path.iterdir()} == before
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="file: is not empty"):
        RunFolder.create(tmp_path / "file", example())


def test_a_folder_below_a_file_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="is a file"):
        RunFolder.create(tmp_path / "file" / "run", example())


def test_a_flipped_bit_is_named_with_frame_and_byte(run: RunFolder) -> None:
    content = bytearray(run.events_path.read_bytes())
    content[-1] ^= 4
    run.events_path.write_bytes(content)
    offset = 12 + sum(12 + len(encode_event(event)) for event in events(0, 1))
    found = run.verify()
    fault = f"{run.events_path}, frame 2 at byte {offset}: the checksum does not match the content"
    assert found.faults == (fault,)
    assert found.events == 2


def test_a_torn_tail_is_called_one(run: RunFolder) -> None:
    content = run.replies_path.read_bytes()
    run.replies_path.write_bytes(content[:-1])
    (fault,) = run.verify().faults
    assert "replies.log, frame 1 at byte 27: the file ends inside a frame (a torn tail" in fault


def test_every_file_is_looked_at(run: RunFolder) -> None:
    run.events_path.unlink()
    run.replies_path.write_bytes(b"not a log at all")
    damaged = Attachment(path="a.tmj", sha256="0" * 64, data="")
    faults = RunFolder(run.path, example(attachments={"map": damaged})).verify().faults
    assert len(faults) == 3
    assert "events.log: cannot be read: No such file" in faults[0]
    assert "replies.log: is not a Thorp log" in faults[1]
    assert "the copy of a.tmj is damaged" in faults[2]


def test_events_of_unknown_agents_are_one_fault(run: RunFolder) -> None:
    run.events_path.unlink()
    with FrameWriter(run.events_path, LogKind.EVENTS) as writer:
        for event in events(0, 2, -2, 99, WORLD_AGENT):
            writer.append(encode_event(event))
    expected = f"{run.events_path}: 3 events are of agents whom the manifest does not name"
    assert run.verify().faults == (expected,)


def test_events_out_of_order_are_a_fault(run: RunFolder) -> None:
    run.events_path.unlink()
    with FrameWriter(run.events_path, LogKind.EVENTS) as writer:
        for event in reversed(events(0, 1)):
            writer.append(encode_event(event))
    (fault,) = run.verify().faults
    assert "frame 1" in fault
    assert "the key (0, 1, 0, 0) is out of order" in fault
