"""A run folder is begun once, and verified as a whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, get_ident

import pytest

from engine.errors import BadInput
from engine.record.codec import encode_event
from engine.record.event_log import EventLog, digest_events
from engine.record.events import WORLD_AGENT, Decided, Event, Key
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import Attachment
from engine.record.run_folder import RunFolder
from tests.engine.record.runs import example


def events(*agents: int) -> list[Event]:
    """An event of one of these agents every second."""
    return [
        Event(Key(time, 1, agent, agents[:time].count(agent)), Decided("t", "rule", "yes"))
        for time, agent in enumerate(agents)
    ]


def offsets(written: list[Event]) -> list[int]:
    """The offset of each of these events, and the end of the log."""
    sizes = [12 + len(encode_event(event)) for event in written]
    return [12 + sum(sizes[:number]) for number in range(len(sizes) + 1)]


def rewrite(run: RunFolder, written: list[Event]) -> None:
    """Put other events in the place of the run's."""
    run.events_path.unlink()
    with FrameWriter(run.events_path, LogKind.EVENTS) as writer:
        for event in written:
            writer.append(encode_event(event))


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A run of three events and two replies, of which the manifest does not know."""
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
    with pytest.raises(BadInput, match="run: holds a run already"):
        RunFolder.create(run.path, example())
    assert {path.name: path.read_bytes() for path in run.path.iterdir()} == before
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="file: is not empty"):
        RunFolder.create(tmp_path / "file", example())


def test_of_those_who_begin_a_run_in_one_folder_at_once_one_succeeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = Barrier(2)
    look = RunFolder.refuse_occupied
    first: set[int] = set()

    def look_together(path: Path) -> None:
        look(path)
        if get_ident() not in first:
            first.add(get_ident())
            looks.wait(10)  # both have seen that nothing is there

    def begin(seed: int) -> RunFolder | str:
        try:
            return RunFolder.create(tmp_path / "run", example(seed=seed))
        except BadInput as refusal:
            return refusal.problem

    monkeypatch.setattr(RunFolder, "refuse_occupied", staticmethod(look_together))
    with ThreadPoolExecutor(2) as pool:
        begun = list(pool.map(begin, (1, 2)))
    (one,) = [each for each in begun if isinstance(each, RunFolder)]
    (refusal,) = [each for each in begun if isinstance(each, str)]
    assert RunFolder.open(tmp_path / "run").manifest == one.manifest
    assert "holds a run already" in refusal or "is being written by another process" in refusal


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
    assert "replies.log, byte 0: is not a Thorp log" in faults[1]
    assert "the copy of a.tmj is damaged" in faults[2]


@pytest.mark.parametrize(
    ("changes", "number", "problem"),
    [
        ({1: {"time": -1}, 0: {"time": -2}}, 0, "lies before the start (the first of 2 such events)"),
        ({5: {"time": 3600}}, 5, "lies after the end that the manifest gives"),
        ({5: {"agent": 2}}, 5, "is of an agent whom the manifest does not name"),
        (
            {4: {"agent": -2}, 5: {"agent": 99}},
            4,
            "is of an agent whom the manifest does not name (the first of 2 such",
        ),
        ({3: {"sequence": 2}, 5: {"sequence": 3}}, 3, "is not the next one of its agent: something is missing before"),
        ({5: {"sequence": 0}}, 5, "is not the next one of its agent"),
    ],
)
def test_what_is_wrong_with_keys_is_one_fault_that_names_the_first(
    run: RunFolder, changes: dict[int, dict[str, int]], number: int, problem: str
) -> None:
    written = events(0, 1, WORLD_AGENT, 1, 0, 1)
    for index, change in changes.items():
        written[index] = written[index]._replace(key=written[index].key._replace(**change))
    rewrite(run, written)
    found = run.verify()
    assert len(found.faults) == 1
    place = f"{run.events_path}, frame {number} at byte {offsets(written)[number]}"
    assert found.faults[0].startswith(f"{place}: the event {problem}")
    assert found.events == 6


def test_an_event_that_was_taken_out_is_missed(run: RunFolder) -> None:
    written = events(0, 1, 0, 1, 0, 1)
    rewrite(run, written)
    content, place = run.events_path.read_bytes(), offsets(written)
    run.events_path.write_bytes(content[: place[2]] + content[place[3] :])
    (fault,) = run.verify().faults
    assert f"frame 3 at byte {place[3]}: the event is not the next one of its agent" in fault


def ended(run: RunFolder) -> RunFolder:
    """The run, with what its logs hold in its manifest."""
    with FrameWriter(run.events_path, LogKind.EVENTS) as one, FrameWriter(run.replies_path, LogKind.REPLIES) as other:
        return run.holding(one, other, reached=100)


def test_a_run_that_ended_knows_what_it_holds(run: RunFolder) -> None:
    found = ended(run)
    assert RunFolder.open(run.path) == found
    assert found.manifest.reached == 100
    assert found.manifest.marks(LogKind.EVENTS)[-1].digest == digest_events(events(0, 1, WORLD_AGENT))
    assert [found.manifest.marks(kind)[-1].frames for kind in LogKind] == [3, 2]
    assert found.verify().faults == ()
    before = (run.path / "manifest.json").stat()
    assert ended(found) is found
    assert (run.path / "manifest.json").stat() == before, "it is written only when it changes"


def test_what_was_cut_off_at_the_end_of_a_frame_is_missed(run: RunFolder) -> None:
    found = ended(run)
    places = offsets(events(0, 1, WORLD_AGENT))
    for path, size in ((run.events_path, places[2]), (run.replies_path, 12)):
        path.write_bytes(path.read_bytes()[:size])
    held = "the log ends here, but the manifest says that it held"
    assert found.verify().faults == (
        f"{run.events_path}, frame 2 at byte {places[2]}: {held} 3 events",
        f"{run.replies_path}, frame 0 at byte 12: {held} 2 replies",
    )


def test_a_torn_end_of_what_was_on_disk_is_both(run: RunFolder) -> None:
    found = ended(run)
    run.replies_path.write_bytes(run.replies_path.read_bytes()[:-1])
    torn, missing = found.verify().faults
    assert "frame 1 at byte 27: the file ends inside a frame (a torn tail" in torn
    assert "frame 1 at byte 27: the log ends here, but" in missing


def test_frames_of_others_are_a_fault_though_they_are_whole(run: RunFolder) -> None:
    found = ended(run)
    content = run.replies_path.read_bytes()
    run.replies_path.write_bytes(content[:12] + content[27:] + content[12:27])
    written = events(0, 1, WORLD_AGENT)
    rewrite(run, [written[0], written[1]._replace(body=Decided("t", "rule", "no")), written[2]])
    assert [fault.partition(" it is not")[0] for fault in found.verify().faults] == [
        f"{run.events_path}, frame 1 at byte {offsets(written)[1]}: from here to frame 1",
        f"{run.replies_path}, frame 0 at byte 12: from here to frame 0",
    ]


def test_behind_damage_nothing_is_missed(run: RunFolder) -> None:
    found = ended(run)
    content = bytearray(run.replies_path.read_bytes())
    content[24] ^= 1
    run.replies_path.write_bytes(content)
    (fault,) = found.verify().faults
    assert "frame 0 at byte 12: the checksum does not match the content" in fault


def test_events_out_of_order_are_a_fault(run: RunFolder) -> None:
    written = events(0, 1, 0, 1)
    written[1], written[2] = written[2], written[1]
    rewrite(run, written)
    found = run.verify()
    assert found.faults == (
        f"{run.events_path}, frame 2 at byte {offsets(written)[2]}: the key (1, 1, 1, 0) is out of order",
    )


def test_an_event_that_is_there_twice_is_out_of_order(run: RunFolder) -> None:
    content = run.events_path.read_bytes()
    last = offsets(events(0, 1, WORLD_AGENT))[2]
    run.events_path.write_bytes(content + content[last:])
    (fault,) = run.verify().faults
    assert f"frame 3 at byte {len(content)}: the key (2, 1, -1, 0) is out of order" in fault


def test_a_log_of_a_newer_version_is_called_that(run: RunFolder) -> None:
    for path in (run.events_path, run.replies_path):
        content = bytearray(path.read_bytes())
        content[8:10] = (7).to_bytes(2, "little")
        path.write_bytes(content)
    assert run.verify().faults == tuple(
        f"{path}, byte 8: has log format 7; this version of Thorp reads format 1"
        for path in (run.events_path, run.replies_path)
    )


def test_logs_that_were_exchanged_are_faults(run: RunFolder) -> None:
    events_log, replies_log = run.events_path.read_bytes(), run.replies_path.read_bytes()
    run.events_path.write_bytes(replies_log)
    run.replies_path.write_bytes(events_log)
    assert run.verify().faults == (
        f"{run.events_path}, byte 10: is not a log of events",
        f"{run.replies_path}, byte 10: is not a log of replies",
    )


def test_the_digest_is_the_one_of_what_is_on_disk(run: RunFolder) -> None:
    assert run.verify().events_digest == digest_events(events(0, 1, WORLD_AGENT))
