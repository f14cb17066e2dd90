"""Recorded replies: every reply of a model, kept under the hash of what was asked.

A frame of the log is ``[key, purpose, [prompt, computed, generated], reply]``, and one more item, True, where the reply
was not given to this run but to the one that it was forked from.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgpack

from engine.errors import BadInput, RunFailed
from engine.llm.requests import Answer, Reply, Usage, Vectors, decode_reply, encode_reply
from engine.record.frames import HEAD_SIZE, DamagedLog, Frame, FrameWriter, LogKind, read_frames, whole_frames
from engine.record.plain_file import open_plain
from engine.record.unpacking import MAX_FIELDS, unpack

MAX_PLAIN = 1024 * 1024
"""The most bytes of a reply without its vectors: small bytes can stand for large objects, and must not fill the memory.
"""
MAX_TOKENS = 2**48
"""Of one reply."""
MAX_PURPOSE = 200
"""The most letters of a purpose that are told of."""
_BINARY = (0xC4, 0xC5, 0xC6)
"""What a run of bytes begins with in msgpack."""
_KINDS = frozenset(kind.__name__ for kind in get_args(Reply))


class ReplyCounts(NamedTuple):
    """How many replies a log holds: those given to this run, and those taken over from the run it was forked from."""

    own: int
    inherited: int


class Asked(NamedTuple):
    """What one reply was asked for, and what it cost; `is_inherited` if the run it was forked from asked for it.

    `of_encoder` if the sentence encoder gave it, vectors; all else, failures too, counts as the language model's.
    """

    purpose: str
    usage: Usage
    is_inherited: bool
    of_encoder: bool


def _encode(key: bytes, purpose: str, answer: Answer) -> bytes:
    usage = [answer.usage.prompt, answer.usage.computed, answer.usage.generated]
    packed: bytes = msgpack.packb([key, purpose, usage, encode_reply(answer.reply)])
    if _is_too_large(packed):
        raise RunFailed(f"a reply to '{purpose}' of {len(packed)} bytes is too large to be recorded")
    return packed


def _as_inherited(payload: bytes) -> bytes:
    packed: bytes = msgpack.packb([*_unpack(payload)[:4], True])
    return packed


def _decode(path: Path, frame: Frame) -> tuple[bytes, Answer]:
    with _as_damage(path, frame):
        key, _, usage, reply, *inherited = _unpack(frame.payload)
        if not isinstance(key, bytes):
            raise ValueError("its key is not bytes")
        if inherited not in ([], [True]):
            raise ValueError("it has too many parts")
        return key, Answer(decode_reply(reply), _usage(usage))


def _usage(counts: Any) -> Usage:
    """Return what a reply cost, checked. Raises `TypeError` and `ValueError`."""
    if any(type(count) is not int or not 0 <= count <= MAX_TOKENS for count in counts):
        raise ValueError("its cost is not told in tokens")
    return Usage(*counts)


@contextmanager
def _as_damage(path: Path, frame: Frame) -> Iterator[None]:
    """Raise `DamagedLog` for whatever a frame that is no recorded reply leads to."""
    try:
        yield
    except (ValueError, TypeError, OverflowError, RecursionError, msgpack.UnpackException) as error:
        raise DamagedLog(path, frame.offset, frame.number, f"not a recorded reply: {str(error)[:200]}") from error


def _unpack(payload: bytes) -> Any:
    """Unpack a frame that anybody may have written. Raises `ValueError` and `msgpack.UnpackException`."""
    if _is_too_large(payload):
        raise ValueError("only vectors can be that large")
    return unpack(payload, _is_reply)


def _is_reply(record: dict[str, Any]) -> bool:
    return record.get("is") in _KINDS


def _is_too_large(payload: bytes) -> bool:
    return len(payload) > MAX_PLAIN and len(payload) - _bytes_of_vectors(payload) > MAX_PLAIN


def _bytes_of_vectors(payload: bytes) -> int:
    """Return how much of a packed reply is plain bytes, without making objects of anything."""
    unpacker = msgpack.Unpacker(max_buffer_size=len(payload))
    unpacker.feed(payload)
    unpacker.read_array_header()
    for _ in ("key", "purpose", "usage"):
        unpacker.skip()
    size, fields = 0, unpacker.read_map_header()
    for _ in range(min(fields, MAX_FIELDS)):
        unpacker.skip()
        start = unpacker.tell()
        unpacker.skip()
        if payload[start] in _BINARY:
            size += unpacker.tell() - start
    return size


def read_replies(path: Path) -> Iterator[tuple[bytes, Answer]]:
    """Yield every recorded answer with its request's key. Raises `BadInput` at the first frame that is none."""
    return (_decode(path, frame) for frame in read_frames(path, LogKind.REPLIES))


def replies_asked(path: Path) -> Iterator[Asked]:
    """Yield what each reply of a log was asked for, up to a torn tail. Raises `BadInput` when it is damaged else."""
    for frame in whole_frames(path, LogKind.REPLIES):
        with _as_damage(path, frame):
            _, purpose, usage, reply, *inherited = _unpack(frame.payload)
            of_encoder = isinstance(reply, dict) and reply.get("is") == Vectors.__name__
            asked = Asked(str(purpose)[:MAX_PURPOSE], _usage(usage), bool(inherited), of_encoder)
        yield asked


def count_replies(path: Path) -> ReplyCounts:
    """Count the replies of a log up to a torn tail. Raises `BadInput` when it is damaged in another way."""
    taken_over = Counter(asked.is_inherited for asked in replies_asked(path))
    return ReplyCounts(taken_over[False], taken_over[True])


def _second(path: Path, frame: Frame, first: int) -> DamagedLog:
    return DamagedLog(path, frame.offset, frame.number, f"it answers what the reply at byte {first} answers already")


def unreadable_replies(path: Path) -> list[str]:
    """Return a sentence for each whole frame that is no recorded reply, or the second one of a key; at most ten."""
    faults: list[str] = []
    first: dict[bytes, int] = {}
    try:
        for frame in read_frames(path, LogKind.REPLIES):
            try:
                key, _ = _decode(path, frame)
                if key in first:
                    raise _second(path, frame, first[key])
                first[key] = frame.offset
            except DamagedLog as fault:
                faults.append(str(fault))
            if len(faults) == 10:
                break
    except BadInput:
        pass  # frames that are not whole are for `RunFolder.verify` to name
    return faults


class RecordedReplies:
    """The replies in a log by their keys. Memory holds only where each is; it is read when it is asked for."""

    def __init__(self, path: Path) -> None:
        """Find and check every reply up to a torn tail.

        Raises `BadInput` at the first frame that is none, or the second one of a key.
        """
        self._path = path
        self._places: dict[bytes, tuple[int, int]] = {}
        for frame in whole_frames(path, LogKind.REPLIES):
            key, _ = _decode(path, frame)
            if key in self._places:
                raise _second(path, frame, self._places[key][0] - HEAD_SIZE)
            self._places[key] = frame.start, len(frame.payload)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: bytes) -> bool:
        return key in self._places

    def payload(self, key: bytes) -> bytes:
        """Return the payload of a reply's frame. Raises `KeyError`, and `RunFailed` when the log is gone."""
        start, length = self._places[key]
        try:
            with open_plain(self._path) as file:
                return os.pread(file.fileno(), length, start)
        except OSError as error:
            raise RunFailed(f"{self._path}: cannot be read any more: {error.strerror}") from error

    def __getitem__(self, key: bytes) -> Answer:
        start, _ = self._places[key]
        return _decode(self._path, Frame(start, -1, self.payload(key)))[1]

    def note(self, key: bytes, start: int, length: int) -> None:
        """Take note of a reply that was appended to the log since it was read."""
        self._places[key] = start, length


class ReplyRecord:
    """The replies known so far, and the log that new ones are appended to before anyone acts on them.

    What the log holds already is known; `inherited` is what other runs know, and goes into the log as it is used.
    Without a log everything is kept in memory.
    """

    def __init__(self, writer: FrameWriter | None = None, inherited: Sequence[RecordedReplies] = ()) -> None:
        self._writer = writer
        self._recorded = RecordedReplies(writer.path) if writer is not None else None
        self._inherited = inherited
        self._latest: dict[bytes, Answer] = {}
        self.reused = len(self._recorded) if self._recorded is not None else 0
        """How many replies were known at the beginning."""

    def find(self, key: bytes) -> Answer | None:
        """Return the recorded answer, if there is one."""
        if key in self._latest:
            return self._latest[key]
        if self._recorded is not None and key in self._recorded:
            return self._recorded[key]
        other = next((each for each in self._inherited if key in each), None)
        return None if other is None else self._take_over(key, other)

    def __getitem__(self, key: bytes) -> Answer:
        answer = self.find(key)
        if answer is None:
            raise KeyError(key)
        return answer

    def add(self, answers: Iterable[tuple[bytes, str, Answer]], *, durable: bool = True) -> None:
        """Record (key, purpose, answer) records and put them on disk.

        Without `durable` they are only safe from a crash of this process, not of the machine: for models that give
        the same answer again at no cost.
        """
        if self._writer is not None:
            self._latest.clear()
        for key, purpose, answer in answers:
            self._latest[key] = answer
            if self._writer is not None:
                self._append(key, _encode(key, purpose, answer))
        if self._writer is not None and durable:
            self._writer.sync()
        elif self._writer is not None:
            self._writer.flush()

    def _take_over(self, key: bytes, inherited: RecordedReplies) -> Answer:
        answer = inherited[key]
        self._append(key, _as_inherited(inherited.payload(key)))
        if self._writer is not None:
            self._writer.flush()  # in the kernel's hands before an event that follows from it is
        return answer

    def _append(self, key: bytes, payload: bytes) -> None:
        if self._writer is not None and self._recorded is not None:
            self._recorded.note(key, self._writer.append(payload), len(payload))
