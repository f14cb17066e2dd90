"""Append-only files of checked frames.

A file begins with 12 bytes: the magic ``THORPLOG``, a format version and a kind (both uint16, little-endian). Then come
frames: payload length (uint32), CRC-32 of the payload (uint32), CRC-32 of these two (uint32), payload. A crash can only
leave a torn end, because frames are appended by one writer; the writer cuts it off when it opens the file again and
says so. After a crash of the process the last frame is cut short. After one of the machine the file may also be as long
as it was to be, with zeros for what did not reach the disk. The length has a checksum of its own because a damaged
length must not look like a torn frame: all that follows it would be cut off.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from engine.errors import BadInput, RunFailed
from engine.record.lock import lock
from engine.record.marks import Mark, Tally
from engine.record.plain_file import open_plain, require_plain

MAGIC = b"THORPLOG"
VERSION = 1
_HEADER = struct.Struct("<8sHH")
_SIZES = struct.Struct("<II")
_HEAD = struct.Struct("<III")
HEADER_SIZE = _HEADER.size
HEAD_SIZE = _HEAD.size
_SECTOR = 512
"""Bytes that a disk writes as a whole."""
_MOST_ZEROS = 64 * 1024 * 1024
"""The most zeros that a crash is believed to have left; more are not read."""
_SCANNED = 64 * 1024
"""Bytes of them that are looked at together."""
_BUFFER = 8 * 1024
"""Bytes of whole frames that wait before they are handed to the system."""


class LogKind(IntEnum):
    """What a log's frames hold."""

    EVENTS = 1
    REPLIES = 2


MAX_PAYLOAD = {LogKind.EVENTS: 256 * 1024, LogKind.REPLIES: 64 * 1024 * 1024}
"""The most bytes that a payload may have.

An event is unpacked as a whole, and small bytes can stand for large objects: a wrong one must not fill the memory.
"""


class Frame(NamedTuple):
    """A frame's place in the file (bytes), its number from 0, and its payload."""

    offset: int
    number: int
    payload: bytes

    @property
    def start(self) -> int:
        """The place of the payload's first byte in the file."""
        return self.offset + HEAD_SIZE


class DamagedLog(BadInput):
    """A log is not whole. `torn` says that only its end is missing, as after a crash."""

    def __init__(self, path: Path, offset: int, number: int, problem: str, torn: bool = False) -> None:
        self.offset = offset
        self.torn = torn
        super().__init__(str(path), problem, f"frame {number} at byte {offset}" if number >= 0 else f"byte {offset}")
        self.args = path, offset, number, problem, torn


def header(kind: LogKind) -> bytes:
    """Return what a log of this kind begins with."""
    return _HEADER.pack(MAGIC, VERSION, kind)


def frame_head(payload: bytes) -> bytes:
    """Return what comes before a payload in its frame."""
    sizes = _SIZES.pack(len(payload), zlib.crc32(payload))
    return sizes + zlib.crc32(sizes).to_bytes(4, "little")


def announced_length(head: bytes) -> int | None:
    """Return the length of the payload that a frame's head announces; None if its checksum says that it is no head."""
    length, _, checksum = _HEAD.unpack(head)
    return int(length) if zlib.crc32(head[: _SIZES.size]) == checksum else None


def read_frames(path: Path, kind: LogKind, start: int = HEADER_SIZE) -> Iterator[Frame]:
    """Yield the frames of a log in order, holding one in memory at a time.

    What is appended after the first frame was asked for is not read. `start` is the offset of a frame to begin with;
    numbers are -1 if it is not the first. Raises `DamagedLog` at the first frame that is not whole, and `BadInput` when
    the file is not such a log.
    """
    try:
        with open_plain(path) as file:
            yield from frames_of(file, path, kind, start)
    except OSError as error:
        raise BadInput(str(path), f"cannot be read: {error.strerror}") from error


def whole_frames(path: Path, kind: LogKind) -> Iterator[Frame]:
    """Yield the frames of a log as `read_frames` does, up to a torn end; none if there is no log yet."""
    try:
        if path.exists():
            yield from read_frames(path, kind)
    except DamagedLog as damage:
        if not damage.torn:
            raise


def frames_of(file: BinaryIO, path: Path, kind: LogKind, start: int = HEADER_SIZE) -> Iterator[Frame]:
    """Yield the frames of an open log as `read_frames` does; `path` is for messages."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    _check_header(file, path, kind)
    most = MAX_PAYLOAD[kind]
    offset, number, step = (start, 0, 1) if start == HEADER_SIZE else (start, -1, 0)
    file.seek(offset)
    while offset < size:
        head = file.read(HEAD_SIZE)
        if offset + HEAD_SIZE > size or len(head) < HEAD_SIZE:
            raise DamagedLog(path, offset, number, "the file ends inside a frame", torn=True)
        length, checksum, head_checksum = _HEAD.unpack(head)
        if zlib.crc32(head[: _SIZES.size]) != head_checksum:
            _refuse_zeros(file, path, offset, number, offset + HEAD_SIZE)
            raise DamagedLog(path, offset, number, "the checksum does not match the length")
        if length > most:
            raise DamagedLog(path, offset, number, f"a frame of {length} bytes is not possible")
        if offset + HEAD_SIZE + length > size:
            raise DamagedLog(path, offset, number, "the file ends inside a frame", torn=True)
        payload = file.read(length)
        if zlib.crc32(payload) != checksum:
            _refuse_zeros(file, path, offset, number, offset + HEAD_SIZE + length)
            raise DamagedLog(path, offset, number, "the checksum does not match the content")
        yield Frame(offset, number, payload)
        offset += HEAD_SIZE + length
        number += step


def _check_header(file: BinaryIO, path: Path, kind: LogKind) -> None:
    found = file.read(HEADER_SIZE)
    if len(found) < HEADER_SIZE and header(kind).startswith(found):
        raise DamagedLog(path, 0, 0, "the file ends inside its header", torn=True)
    if len(found) < HEADER_SIZE or found[: len(MAGIC)] != MAGIC:
        _refuse_zeros(file, path, 0, 0, 0)
        raise BadInput(str(path), "is not a Thorp log", "byte 0")
    _, version, found_kind = _HEADER.unpack(found)
    if version != VERSION:
        problem = f"has log format {version}; this version of Thorp reads format {VERSION}"
        raise BadInput(str(path), problem, f"byte {len(MAGIC)}")
    if found_kind != kind:
        raise BadInput(str(path), f"is not a log of {kind.name.lower()}", f"byte {len(MAGIC) + 2}")


def _refuse_zeros(file: BinaryIO, path: Path, offset: int, number: int, end: int) -> None:
    """Raise `DamagedLog` for a torn end if a frame is damaged because the rest of the file did not reach the disk.

    That is so if all is zeros from the frame's `offset` on, or from the beginning of a sector on that lies before its
    `end`.
    """
    size = os.fstat(file.fileno()).st_size
    zeros = _start_of_zeros(file, offset, size)
    sector = -(-zeros // _SECTOR) * _SECTOR
    if zeros == offset < size or sector < min(end, size):
        raise DamagedLog(path, offset, number, f"from byte {zeros} on the file is zeros", torn=True)


def _start_of_zeros(file: BinaryIO, start: int, size: int) -> int:
    """Return from which byte on, `start` or later, all is zeros: `size` if nothing is, or more than is looked at."""
    end = size
    while start < end and size - end < _MOST_ZEROS:
        begin = max(start, end - _SCANNED)
        file.seek(begin)
        rest = len(file.read(end - begin).rstrip(b"\0"))
        if rest:
            return begin + rest
        end = begin
    return size if start < end else start


class FrameWriter:
    """The only writer of one log; a lock that dies with the process keeps others out.

    Opening an existing log checks it as a whole and cuts off a torn tail; `dropped` is the number of bytes cut off.
    Raises `BadInput` when the file is another log, is damaged or has a writer, and `RunFailed` when the disk refuses.
    After a refusal the log takes nothing more: a frame behind a half one would be lost.
    """

    def __init__(self, path: Path, kind: LogKind) -> None:
        self.path = path
        self.dropped = 0
        self._most = MAX_PAYLOAD[kind]
        self._pending = bytearray()
        self._tally = Tally()
        self._end = 0
        self._refusal = ""
        try:
            # Without a buffer of Python's, which would keep what the disk refused, and try again when it is closed.
            self._file = path.open("a+b", buffering=0)
        except OSError as error:
            raise self._refused(error) from error
        try:
            lock(self._file, path)
            self._drop_torn_tail(kind)
            if self._end == 0:
                self._pending += header(kind)
                self._end = HEADER_SIZE
                self.sync()
        except BaseException:
            self._file.close()
            raise

    def _drop_torn_tail(self, kind: LogKind) -> None:
        descriptor = self._file.fileno()
        try:
            require_plain(descriptor)
            self._end = os.fstat(descriptor).st_size
            try:
                # The locked file itself: by its name there could be another one by now.
                with os.fdopen(descriptor, "rb", closefd=False) as file:
                    for frame in frames_of(file, self.path, kind):
                        self._tally.add(frame.payload)
            except DamagedLog as damage:
                if not damage.torn:
                    raise
                self.dropped = self._end - damage.offset
                self._end = damage.offset
                self._file.truncate(damage.offset)
        except OSError as error:
            raise self._refused(error) from error

    @property
    def frames(self) -> int:
        """How many frames the log has, those included that are not on disk yet."""
        return self._tally.frames

    def marks(self) -> list[Mark]:
        """Put everything appended so far on disk, and return its marks. Raises `RunFailed` when the disk refuses."""
        self.sync()
        return self._tally.marks

    def append(self, payload: bytes) -> int:
        """Append one frame; it is on disk only after `sync`. Returns the place of the payload's first byte.

        Raises `RunFailed` when the disk refuses or the payload is larger than `MAX_PAYLOAD`.
        """
        if len(payload) > self._most:
            raise RunFailed(f"{self.path}: a record of {len(payload)} bytes is too large (at most {self._most})")
        if self._refusal:
            raise RunFailed(self._refusal)
        start = self._end + HEAD_SIZE
        self._pending += frame_head(payload)
        self._pending += payload
        self._tally.add(payload)
        self._end = start + len(payload)
        if len(self._pending) >= _BUFFER:
            self.flush()
        return start

    def flush(self) -> None:
        """Hand everything appended so far to the system: a crash of this process cannot lose it any more.

        Raises `RunFailed` when the disk refuses.
        """
        if self._refusal:
            raise RunFailed(self._refusal)
        try:
            while self._pending:
                del self._pending[: self._file.write(self._pending)]
        except OSError as error:
            raise self._refused(error) from error

    def sync(self) -> None:
        """Put everything appended so far on disk. Raises `RunFailed` when the disk refuses."""
        self.flush()
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._refused(error) from error

    def _refused(self, error: OSError) -> RunFailed:
        self._refusal = f"{self.path}: cannot be written: {error.strerror}"
        return RunFailed(self._refusal)

    def close(self) -> None:
        """Sync and close; the lock is released. Raises `RunFailed` when the disk refuses and that was not said yet."""
        if self._file.closed:
            return
        try:
            if not self._refusal:
                self.sync()
        finally:
            with suppress(OSError):
                self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except RunFailed as refusal:
            if error is None:
                raise
            error.add_note(str(refusal))
