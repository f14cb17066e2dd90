"""Recorded replies: every reply of a model, kept under the hash of what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgpack

from engine.errors import BadInput
from engine.llm.requests import Answer, Usage, decode_reply, encode_reply
from engine.record.frames import DamagedLog, Frame, FrameWriter, LogKind, read_frames


def _encode(key: bytes, purpose: str, answer: Answer) -> bytes:
    usage = [answer.usage.prompt, answer.usage.computed, answer.usage.generated]
    packed: bytes = msgpack.packb([key, purpose, usage, encode_reply(answer.reply)])
    return packed


def read_replies(path: Path) -> dict[bytes, Answer]:
    """Return every recorded answer by its request's key. Raises `BadInput` at the first frame that is none."""
    return dict(_decode(path, frame) for frame in read_frames(path, LogKind.REPLIES))


def unreadable_replies(path: Path) -> list[str]:
    """Return a sentence for each whole frame that is no recorded reply, at most ten."""
    faults: list[str] = []
    try:
        for frame in read_frames(path, LogKind.REPLIES):
            try:
                _decode(path, frame)
            except DamagedLog as fault:
                faults.append(str(fault))
            if len(faults) == 10:
                break
    except BadInput:
        pass  # frames that are not whole are for `RunFolder.verify` to name
    return faults


def _decode(path: Path, frame: Frame) -> tuple[bytes, Answer]:
    try:
        key, _, usage, reply = msgpack.unpackb(frame.payload)
        if not isinstance(key, bytes):
            raise ValueError("its key is not bytes")
        return key, Answer(decode_reply(reply), Usage(*map(int, usage)))
    except (ValueError, TypeError, OverflowError, msgpack.UnpackException) as error:
        raise DamagedLog(path, frame.offset, frame.number, f"not a recorded reply: {error}") from error


class ReplyRecord:
    """The replies known so far, and the log that new ones are appended to before anyone acts on them."""

    def __init__(self, writer: FrameWriter | None = None, known: dict[bytes, Answer] | None = None) -> None:
        self._writer = writer
        self._known = dict(known or {})

    def find(self, key: bytes) -> Answer | None:
        """Return the recorded answer, if there is one."""
        return self._known.get(key)

    def __getitem__(self, key: bytes) -> Answer:
        return self._known[key]

    def add(self, answers: Iterable[tuple[bytes, str, Answer]]) -> None:
        """Record (key, purpose, answer) records and put them on disk."""
        for key, purpose, answer in answers:
            self._known[key] = answer
            if self._writer is not None:
                self._writer.append(_encode(key, purpose, answer))
        if self._writer is not None:
            self._writer.sync()
