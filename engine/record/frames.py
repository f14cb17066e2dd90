"""Append-only files of checked frames.

A file begins with 12 bytes: the magic ``THORPLOG``, a format version and a kind (both uint16, little-endian). Then come
frames: payload length (uint32), CRC-32 of the payload (uint32), CRC-32 of these two (uint32), payload. A crash can only
leave a torn last frame, because frames are appended by one writer; the writer cuts it off when it opens the file again
and says so. The length has a checksum of its own because a damaged length must not look like a torn frame: all that
follows it would be cut off.
"""

from __future__ import annotations

import fcntl
import os
import struct
import zlib
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from engine.errors import BadInput, RunFailed

MAGIC = b"THORPLOG"
VERSION = 1
MAX_PAYLOAD = 64 * 1024 * 1024
_HEADER = struct.Struct("<8sHH")
_SIZES = struct.Struct("<II")
_FRAME = struct.Struct("<III")


class LogKind(IntEnum):
    """What a log's frames hold."""

    EVENTS = 1
    REPLIES = 2


class Frame(NamedTuple):
    """A frame's place in the file (bytes), its number from 0, and its payload."""

    offset: int
    number: int
    payload: bytes


class DamagedLog(BadInput):
    """A log is not whole. `torn` says that only the last frame is cut short, as after a crash."""

    def __init__(self, path: Path, offset: int, number: int, problem: str, *, torn: bool = False) -> None:
        self.offset = offset
        self.torn = torn
        super().__init__(str(path), problem, f"frame {number} at byte {offset}")


def read_frames(path: Path, kind: LogKind) -> Iterator[Frame]:
    """Yield the frames of a log in order, holding one in memory at a time.

    Raises `DamagedLog` at the first frame that is not whole, and `BadInput` when the file is not such a log.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInput(str(path), f"cannot be read: {error.strerror}") from error
    with file:
        size = os.fstat(file.fileno()).st_size
        _check_header(path, file.read(_HEADER.size), kind)
        offset, number = _HEADER.size, 0
        while head := file.read(_FRAME.size):
            if len(head) < _FRAME.size:
                raise DamagedLog(path, offset, number, "the file ends inside a frame", torn=True)
            length, checksum, head_checksum = _FRAME.unpack(head)
            if zlib.crc32(head[: _SIZES.size]) != head_checksum:
                raise DamagedLog(path, offset, number, "the checksum does not match the length")
            if length > MAX_PAYLOAD:
                raise DamagedLog(path, offset, number, f"a frame of {length} bytes is not possible")
            if offset + _FRAME.size + length > size:
                raise DamagedLog(path, offset, number, "the file ends inside a frame", torn=True)
            payload = file.read(length)
            if zlib.crc32(payload) != checksum:
                raise DamagedLog(path, offset, number, "the checksum does not match the content")
            yield Frame(offset, number, payload)
            offset += _FRAME.size + length
            number += 1


def _check_header(path: Path, header: bytes, kind: LogKind) -> None:
    if len(header) < _HEADER.size and _HEADER.pack(MAGIC, VERSION, kind).startswith(header):
        raise DamagedLog(path, 0, 0, "the file ends inside its header", torn=True)
    if len(header) < _HEADER.size or header[: len(MAGIC)] != MAGIC:
        raise BadInput(str(path), "is not a Thorp log")
    _, version, found = _HEADER.unpack(header)
    if version != VERSION:
        raise BadInput(str(path), f"has log format {version}; this version of Thorp reads format {VERSION}")
    if found != kind:
        raise BadInput(str(path), f"is not a log of {kind.name.lower()}")


class FrameWriter:
    """The only writer of one log; a lock that dies with the process keeps others out.

    Opening an existing log checks it as a whole and cuts off a torn tail; `dropped` is the number of bytes cut off.
    Raises `BadInput` when the file is another log, is damaged or has a writer, and `RunFailed` when the disk refuses.
    """

    def __init__(self, path: Path, kind: LogKind) -> None:
        self.path = path
        self.dropped = 0
        try:
            self._file: BinaryIO = path.open("a+b")
        except OSError as error:
            raise self._refused(error) from error
        try:
            self._lock()
            self._drop_torn_tail(kind)
            if self._file.seek(0, os.SEEK_END) == 0:
                self._file.write(_HEADER.pack(MAGIC, VERSION, kind))
                self.sync()
        except BaseException:
            self._file.close()
            raise

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BadInput(str(self.path), "is being written by another process; wait for it or stop it") from error
        except OSError as error:
            raise RunFailed(f"{self.path}: cannot be locked: {error.strerror}") from error

    def _drop_torn_tail(self, kind: LogKind) -> None:
        try:
            for _ in read_frames(self.path, kind):
                pass
        except DamagedLog as damage:
            if not damage.torn:
                raise
            self.dropped = self.path.stat().st_size - damage.offset
            self._file.truncate(damage.offset)

    def append(self, payload: bytes) -> None:
        """Append one frame; it is on disk only after `sync`.

        Raises `RunFailed` when the disk refuses or the payload is larger than `MAX_PAYLOAD`.
        """
        if len(payload) > MAX_PAYLOAD:
            raise RunFailed(f"{self.path}: a record of {len(payload)} bytes is too large (at most {MAX_PAYLOAD})")
        sizes = _SIZES.pack(len(payload), zlib.crc32(payload))
        try:
            self._file.write(sizes + zlib.crc32(sizes).to_bytes(4, "little") + payload)
        except OSError as error:
            raise self._refused(error) from error

    def sync(self) -> None:
        """Put everything appended so far on disk. Raises `RunFailed` when the disk refuses."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> RunFailed:
        return RunFailed(f"{self.path}: cannot be written: {error.strerror}")

    def close(self) -> None:
        """Sync and close; the lock is released."""
        if not self._file.closed:
            self.sync()
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
