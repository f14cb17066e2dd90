"""Frames: nothing damaged passes for whole, and a crash costs at most the last frame."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, RunFailed
from engine.record.frames import MAX_PAYLOAD, VERSION, DamagedLog, FrameWriter, LogKind, header, read_frames

ROOT = Path(__file__).parents[3]
HEADER = 12
PAYLOADS = [b"one", b"", b"three" * 5, b"\x00" * 9]
in_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(path: Path, payloads: list[bytes], kind: LogKind = LogKind.EVENTS) -> bytes:
    with FrameWriter(path, kind) as writer:
        for payload in payloads:
            writer.append(payload)
    return path.read_bytes()


def read(path: Path, kind: LogKind = LogKind.EVENTS) -> list[bytes]:
    return [frame.payload for frame in read_frames(path, kind)]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "test.log"
    write(path, PAYLOADS)
    return path


def ends_of_frames() -> list[int]:
    ends = [HEADER]
    for payload in PAYLOADS:
        ends.append(ends[-1] + 12 + len(payload))
    return ends


@in_folder
@given(payloads=st.lists(st.binary(max_size=50), max_size=6), more=st.lists(st.binary(max_size=9), max_size=3))
def test_what_is_appended_is_read_also_after_reopening(
    tmp_path: Path, payloads: list[bytes], more: list[bytes]
) -> None:
    path = tmp_path / "test.log"
    path.unlink(missing_ok=True)
    write(path, payloads)
    with FrameWriter(path, LogKind.EVENTS) as writer:
        assert writer.dropped == 0
        for payload in more:
            writer.append(payload)
    assert read(path) == payloads + more
    found = list(read_frames(path, LogKind.EVENTS))
    assert [frame.number for frame in found] == list(range(len(found)))
    for frame in found:
        assert path.read_bytes()[frame.offset + 12 :].startswith(frame.payload)


def test_every_truncation_is_a_torn_tail_or_a_clean_end(log: Path) -> None:
    content = log.read_bytes()
    ends = ends_of_frames()
    for length in range(len(content)):
        log.write_bytes(content[:length])
        whole = sum(end <= length for end in ends) - 1
        if length in ends:
            assert read(log) == PAYLOADS[:whole]
            continue
        seen: list[bytes] = []
        with pytest.raises(DamagedLog, match="the file ends inside") as caught:
            seen.extend(frame.payload for frame in read_frames(log, LogKind.EVENTS))
        assert caught.value.torn
        assert caught.value.offset == max([end for end in ends if end <= length], default=0)
        with FrameWriter(log, LogKind.EVENTS) as writer:
            assert writer.dropped == length - caught.value.offset
            writer.append(b"next")
        assert read(log) == [*PAYLOADS[: max(0, whole)], b"next"]


def test_every_flipped_bit_is_found_and_never_taken_for_a_torn_tail(log: Path) -> None:
    content = log.read_bytes()
    for place in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << place % 8
        log.write_bytes(damaged)
        with pytest.raises(BadInput) as caught:
            read(log)
        assert not (isinstance(caught.value, DamagedLog) and caught.value.torn), place
        with pytest.raises(BadInput):
            FrameWriter(log, LogKind.EVENTS)
        assert log.read_bytes() == damaged, "a damaged log is left as it is"


def torn_at(path: Path) -> int:
    """Where the torn end of a log begins; opening it for writing cuts that off, and nothing else."""
    content = path.read_bytes()
    with pytest.raises(DamagedLog, match="the file is zeros") as caught:
        read(path)
    assert caught.value.torn
    with FrameWriter(path, LogKind.EVENTS) as writer:
        assert writer.dropped == len(content) - caught.value.offset
    kept = path.read_bytes()
    assert kept == (content[: caught.value.offset] or header(LogKind.EVENTS))
    return caught.value.offset


@pytest.mark.parametrize("zeros", [12, 13, 4096, 200_000])
def test_zeros_at_the_end_are_what_a_power_cut_leaves(log: Path, zeros: int) -> None:
    whole = log.stat().st_size
    with log.open("ab") as file:
        file.write(bytes(zeros))
    assert torn_at(log) == whole
    assert read(log) == PAYLOADS


@pytest.mark.parametrize("zeros_from", [512, 1024, 1536])
def test_a_frame_of_which_sectors_did_not_reach_the_disk_is_torn(tmp_path: Path, zeros_from: int) -> None:
    path = tmp_path / "test.log"
    third = 512 - 6  # its head lies on both sides of a sector's beginning
    whole = [b"whole" * 20, b"x" * (third - 2 * 12 - 100 - HEADER)]
    content = write(path, [*whole, b"torn" * 300, b"lost" * 20])
    path.write_bytes(content[:zeros_from] + bytes(len(content) - zeros_from))
    assert torn_at(path) == third
    assert read(path) == whole


def test_a_log_that_did_not_reach_the_disk_at_all_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "test.log"
    for size in (1, 12, 4096):
        path.write_bytes(bytes(size))
        assert torn_at(path) == 0
        assert read(path) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content + bytes(4096) + b"x",
        lambda content: content[:-50] + bytes(50),
        lambda content: content[:520] + b"!" + content[521:1024] + bytes(len(content) - 1024),
    ],
    ids=["not at the end", "not from the beginning of a sector on", "behind other damage"],
)
def test_other_zeros_are_damage(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "test.log"
    damaged = damage(write(path, [b"x" * 700, b"y" * 260, b"z" * 600]))
    path.write_bytes(damaged)
    with pytest.raises(DamagedLog) as caught:
        read(path)
    assert not caught.value.torn
    with pytest.raises(DamagedLog):
        FrameWriter(path, LogKind.EVENTS)
    assert path.read_bytes() == damaged


def test_more_zeros_than_a_crash_can_leave_are_damage_and_are_not_all_read(log: Path) -> None:
    os.truncate(log, 2**42)
    began = time.monotonic()
    with pytest.raises(DamagedLog, match="the checksum does not match the length") as caught:
        read(log)
    assert not caught.value.torn
    assert time.monotonic() - began < 10


@given(content=st.binary(max_size=60))
@in_folder
def test_any_bytes_after_the_header_are_frames_or_damage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "test.log"
    path.write_bytes(struct.pack("<8sHH", b"THORPLOG", VERSION, LogKind.EVENTS) + content)
    try:
        assert sum(12 + len(payload) for payload in read(path)) == len(content)
    except DamagedLog as damage:
        assert damage.place.startswith("frame ")


def test_a_length_that_is_not_possible_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    most = MAX_PAYLOAD[LogKind.EVENTS]
    sizes = struct.pack("<II", most + 1, 0)
    path = tmp_path / "test.log"
    write(path, [])
    with path.open("ab") as file:
        file.write(sizes + struct.pack("<I", zlib.crc32(sizes)) + b"x")
    with pytest.raises(DamagedLog, match=f"a frame of {most + 1} bytes is not possible"):
        read(path)


def test_a_payload_that_could_not_be_read_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MAX_PAYLOAD, LogKind.EVENTS, 10)
    path = tmp_path / "test.log"
    with FrameWriter(path, LogKind.EVENTS) as writer:
        writer.append(b"x" * 10)
        with pytest.raises(RunFailed, match="a record of 11 bytes is too large"):
            writer.append(b"x" * 11)
    assert read(path) == [b"x" * 10]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"THORPLOX" + bytes(20), b"some text that is longer than a header"])
def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="foreign, byte 0: is not a Thorp log"):
        read(path)
    with pytest.raises(BadInput, match="foreign, byte 0: is not a Thorp log"):
        FrameWriter(path, LogKind.EVENTS)
    assert path.read_bytes() == content


@pytest.mark.parametrize("version", [0, VERSION + 1, 65535])
def test_another_format_is_refused_with_its_number(tmp_path: Path, version: int) -> None:
    path = tmp_path / "test.log"
    path.write_bytes(struct.pack("<8sHH", b"THORPLOG", version, LogKind.EVENTS))
    with pytest.raises(
        BadInput, match=f"byte 8: has log format {version}; this version of Thorp reads format {VERSION}"
    ):
        read(path)


def test_a_log_of_another_kind_is_refused(log: Path) -> None:
    with pytest.raises(BadInput, match=r"test\.log, byte 10: is not a log of replies"):
        read(log, LogKind.REPLIES)
    with pytest.raises(BadInput, match="is not a log of replies"):
        FrameWriter(log, LogKind.REPLIES)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.log: cannot be read: No such file or directory"):
        read(tmp_path / "none.log")
    with pytest.raises(RunFailed, match=r"none\.log: cannot be written: No such file or directory"):
        FrameWriter(tmp_path / "no folder" / "none.log", LogKind.EVENTS)


def test_there_is_one_writer_at_a_time(log: Path) -> None:
    with FrameWriter(log, LogKind.EVENTS), pytest.raises(BadInput, match="is being written by another process"):
        FrameWriter(log, LogKind.EVENTS)
    with FrameWriter(log, LogKind.EVENTS) as writer:
        writer.append(b"free again")
    assert read(log)[-1] == b"free again"


KILLED = """
import os, sys
from pathlib import Path
from engine.record.frames import FrameWriter, LogKind
writer = FrameWriter(Path(sys.argv[1]), LogKind.EVENTS)
writer.append(b"synced")
writer.sync()
writer.append(b"lost")
os._exit(9)
"""


def test_the_lock_and_what_was_synced_outlive_a_killed_writer(tmp_path: Path) -> None:
    path = tmp_path / "test.log"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, check=False)
    assert done.returncode == 9
    with FrameWriter(path, LogKind.EVENTS):
        assert read(path)[0] == b"synced"


def test_what_is_appended_while_a_log_is_read_is_not_read(log: Path) -> None:
    with FrameWriter(log, LogKind.EVENTS) as writer:
        reading = read_frames(log, LogKind.EVENTS)
        seen = [next(reading).payload]
        for _ in range(5000):
            writer.append(b"more of it")
        writer.sync()
        seen += [frame.payload for frame in reading]
    assert seen == PAYLOADS
    assert len(read(log)) == len(PAYLOADS) + 5000


def test_reading_can_begin_at_any_frame(log: Path) -> None:
    found = list(read_frames(log, LogKind.EVENTS))
    for number, frame in enumerate(found):
        after = list(read_frames(log, LogKind.EVENTS, frame.offset))
        assert [(later.offset, later.payload) for later in after] == [(f.offset, f.payload) for f in found[number:]]
    with pytest.raises(DamagedLog, match="byte 13: ") as caught:
        list(read_frames(log, LogKind.EVENTS, 13))
    assert caught.value.place == "byte 13"


def test_an_append_says_where_the_payload_will_be(log: Path) -> None:
    with FrameWriter(log, LogKind.EVENTS) as writer:
        places = [writer.append(payload) for payload in PAYLOADS]
        writer.flush()
        content = log.read_bytes()
    for place, payload in zip(places, PAYLOADS, strict=True):
        assert content[place:].startswith(payload)
    assert [frame.start for frame in read_frames(log, LogKind.EVENTS)][len(PAYLOADS) :] == places


def test_damage_can_be_made_again_from_its_arguments() -> None:
    damage = DamagedLog(Path("a.log"), 12, 0, "the file ends inside a frame", True)
    again = type(damage)(*damage.args)
    assert (str(again), again.torn, again.offset) == (str(damage), True, 12)


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_plain_file_is_refused_and_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "test.log")
    with pytest.raises(BadInput, match=r"cannot be read: (not a plain file|Is a directory)"):
        read(tmp_path / "test.log")
    with pytest.raises(RunFailed, match=r"cannot be written: (not a plain file|Is a directory)"):
        FrameWriter(tmp_path / "test.log", LogKind.EVENTS)


OPENED_AT_ONCE = """
import sys, time
from pathlib import Path
from engine.errors import BadInput
from engine.record.frames import FrameWriter, LogKind
path, start = Path(sys.argv[1]), float(sys.argv[2])
while time.time() < start:
    pass
try:
    writer = FrameWriter(path, LogKind.EVENTS)
except BadInput as error:
    print(error)
else:
    print("is the writer")
    sys.stdout.flush()
    sys.stdin.read()
"""


def test_of_those_who_open_a_new_log_at_once_one_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "test.log"
    command = [sys.executable, "-c", OPENED_AT_ONCE, str(path), str(time.time() + 0.7)]
    openers = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [opener.stdout.readline() for opener in openers if opener.stdout is not None]
    assert sorted("is the writer" in line for line in said) == [False, False, True]
    assert sum("is being written by another process" in line for line in said) == 2
    for opener in openers:
        opener.communicate()
    assert path.read_bytes() == struct.pack("<8sHH", b"THORPLOG", VERSION, LogKind.EVENTS)
