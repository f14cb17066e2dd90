"""When the disk refuses, that is one sentence, and nothing is lost but what was not on disk."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import RunFailed
from engine.record.frames import FrameWriter, LogKind, read_frames

ROOT = Path(__file__).parents[3]
HEADER = 12
FRAME = 12 + 100
PAYLOAD = b"x" * 100


def payloads(path: Path) -> list[bytes]:
    return [frame.payload for frame in read_frames(path, LogKind.EVENTS)]


class Disk(io.FileIO):
    """A file on a disk with room for some more bytes; then it writes what fits, and refuses."""

    def __init__(self, path: Path, room: int) -> None:
        super().__init__(path, "a+")
        self.room = room
        self.refusals = 0

    def write(self, data: bytes | bytearray) -> int:  # type: ignore[override]
        if self.room == 0:
            self.refusals += 1
            raise OSError(errno.ENOSPC, "No space left on device")
        done = super().write(data[: self.room])
        self.room -= done
        return done


def on_disk_with(room: int, path: Path) -> tuple[FrameWriter, Disk]:
    """A writer that holds 1 whole frame on a disk that takes some bytes more."""
    with FrameWriter(path, LogKind.EVENTS) as before:
        before.append(PAYLOAD)
    writer = FrameWriter(path, LogKind.EVENTS)
    writer._file.close()
    writer._file = disk = Disk(path, room)
    return writer, disk


@pytest.mark.parametrize("room", [0, 1, 12, 50, FRAME, FRAME + 3, 2 * FRAME])
def test_a_refusal_is_told_once_and_costs_the_frames_that_were_not_written(tmp_path: Path, room: int) -> None:
    path = tmp_path / "test.log"
    writer, disk = on_disk_with(room, path)
    for _ in range(3):
        writer.append(PAYLOAD)
    with pytest.raises(RunFailed, match=r"test\.log: cannot be written: No space left on device"):
        writer.sync()
    writer.close()
    assert disk.closed
    assert disk.refusals == 1, "it is not tried again"
    assert path.stat().st_size == HEADER + FRAME + room
    whole = room // FRAME
    with FrameWriter(path, LogKind.EVENTS) as again:
        assert again.dropped == room - whole * FRAME
        assert payloads(path) == [PAYLOAD] * (1 + whole)
        again.append(b"goes on")
    assert payloads(path)[-1] == b"goes on"


def test_after_a_refusal_nothing_more_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "test.log"
    writer, disk = on_disk_with(50, path)
    with pytest.raises(RunFailed):
        for _ in range(1000):
            writer.append(PAYLOAD)
    disk.room = 10**6  # room again: but the last frame is a half one
    for attempt in (lambda: writer.append(PAYLOAD), writer.flush, writer.sync):
        with pytest.raises(RunFailed, match="No space left on device"):
            attempt()
    writer.close()
    assert path.stat().st_size == HEADER + FRAME + 50


def test_closing_tells_a_refusal_that_was_not_told(tmp_path: Path) -> None:
    writer, disk = on_disk_with(50, tmp_path / "test.log")
    writer.append(PAYLOAD)
    with pytest.raises(RunFailed, match="No space left on device"):
        writer.close()
    assert disk.closed
    writer.close()


def test_a_refusal_on_the_way_out_does_not_hide_what_went_wrong(tmp_path: Path) -> None:
    writer, disk = on_disk_with(50, tmp_path / "test.log")
    with pytest.raises(KeyError, match="the reason") as caught, writer:
        writer.append(PAYLOAD)
        raise KeyError("the reason")
    assert "No space left on device" in "".join(caught.value.__notes__)
    assert disk.closed


def test_a_failed_sync_is_a_failed_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    writer = FrameWriter(tmp_path / "test.log", LogKind.EVENTS)
    writer.append(PAYLOAD)
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(RunFailed, match=r"test\.log: cannot be written: Input/output error"):
        writer.sync()
    with pytest.raises(RunFailed, match="Input/output error"):
        writer.append(PAYLOAD)
    writer.close()


LIMITED = """
import resource, sys
from pathlib import Path
from engine.errors import RunFailed
from engine.record.frames import FrameWriter, LogKind
path, most = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))  # python ignores the signal
try:
    with FrameWriter(path, LogKind.EVENTS) as writer:
        while True:
            writer.append(b"x" * 100)
except RunFailed as error:
    print(error)
"""


@pytest.mark.parametrize("most", [0, 7, HEADER, 20_000])
def test_a_limit_of_the_system_is_one_sentence_and_a_tail_that_is_cut_off(tmp_path: Path, most: int) -> None:
    path = tmp_path / "test.log"
    command = [sys.executable, "-c", LIMITED, str(path), str(most)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{path}: cannot be written: File too large\n"
    assert path.stat().st_size == most
    whole, torn = divmod(max(0, most - HEADER), FRAME)
    with FrameWriter(path, LogKind.EVENTS) as writer:
        assert writer.dropped == (torn if most >= HEADER else most)
    assert payloads(path) == [PAYLOAD] * whole
