"""The past that a forked run shares with its parent: read from the parent's log, and held against the fork's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine.errors import Diverged
from engine.record.codec import decode_event
from engine.record.frames import DamagedLog, FrameWriter, LogKind, whole_frames
from engine.record.marks import PayloadsDigest


@dataclass(frozen=True, slots=True)
class SharedPast:
    """The events of a run before the second `at`, as far as its log goes: how many, and their digest."""

    path: Path
    at: int
    events: int
    digest: str

    @classmethod
    def of(cls, path: Path, at: int, most: int | None = None) -> SharedPast:
        """Read the past, or its first `most` events, from the log at `path`.

        Raises `BadInput` when it is damaged (other than cut off).
        """
        digest, events = PayloadsDigest(), 0
        for payload in islice(payloads_before(path, at), most):
            digest.add(payload)
            events += 1
        return cls(path, at, events, digest.value)


def payloads_before(path: Path, at: int) -> Iterator[bytes]:
    """Yield the payloads of all whole events before second `at`; none when there is no log yet. Raises `BadInput`."""
    for frame in whole_frames(path, LogKind.EVENTS):
        try:
            time = decode_event(frame.payload).key.time
        except ValueError as error:
            raise DamagedLog(path, frame.offset, frame.number, str(error)) from error
        if time >= at:
            return
        yield frame.payload


class SharingWriter(FrameWriter):
    """Writes the events of a fork and sees to it that they begin with the shared past, byte for byte."""

    def __init__(self, path: Path, past: SharedPast) -> None:
        super().__init__(path, LogKind.EVENTS)
        self._past = past
        self._expected = payloads_before(past.path, past.at)

    def append(self, payload: bytes) -> int:
        """Append one event. Raises `Diverged` when the parent's log has another one in its place."""
        expected = next(self._expected, None)
        if expected is not None and expected != payload:
            event = decode_event(expected)
            raise Diverged(
                f"{self.path}: differs from the log of the run that it was forked from, {self._past.path}, at second "
                f"{event.key.time}, before the fork at second {self._past.at}"
            )
        return super().append(payload)
