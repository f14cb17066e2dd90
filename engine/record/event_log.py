"""Writing events in their total order, and reading them back."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.errors import Diverged
from engine.record.codec import decode_event, encode_event
from engine.record.events import Event, Key
from engine.record.frames import HEADER_SIZE, DamagedLog, Frame, FrameWriter, LogKind, read_frames
from engine.record.marks import PayloadsDigest


class EventLog:
    """Holds events back until nothing earlier can happen any more, then writes them in key order.

    `recorded` are the payloads that the log holds already, such as `recorded_payloads` gives. While they last, events
    are compared with them instead of written.
    """

    def __init__(self, writer: FrameWriter, recorded: Iterable[bytes] = ()) -> None:
        self._writer = writer
        self._recorded = iter(recorded)
        self._expected = next(self._recorded, None)
        """The first recorded payload that has not come out yet."""
        self._waiting: dict[int, list[Event]] = {}
        """By their times; `_times` is a heap of these."""
        self._times: list[int] = []
        self._digest = PayloadsDigest()
        self.written = 0
        """How many events are in the log."""
        self.reused = 0
        """How many of them were in it already."""

    def add(self, event: Event) -> None:
        """Take an event in, in any order."""
        time = event.key.time
        if time not in self._waiting:
            self._waiting[time] = []
            heapq.heappush(self._times, time)
        self._waiting[time].append(event)

    def release(self, horizon: int) -> None:
        """Write every event before time `horizon`: every lane has passed it, so they are final.

        Raises `Diverged` when an event is not the one that is recorded in its place; then nothing is written.
        """
        while self._times and self._times[0] < horizon:
            for event in sorted(self._waiting.pop(heapq.heappop(self._times))):
                self._write(event)

    def _write(self, event: Event) -> None:
        payload = encode_event(event)
        if self._expected is None:
            self._writer.append(payload)
        elif self._expected == payload:
            self.reused += 1
            self._expected = next(self._recorded, None)
        else:
            raise Diverged(self._difference(event, self._expected))
        self._digest.add(payload)
        self.written += 1

    def _difference(self, event: Event, recorded: bytes) -> str:
        try:
            before = _describe(decode_event(recorded))
        except ValueError as error:
            before = str(error)
        return (
            f"{self._writer.path}: performed again, the run comes out differently from event {self.written} on, at "
            f"second {event.key.time}: {_describe(event)}; recorded: {before}. The log was not changed"
        )

    @property
    def caught_up(self) -> bool:
        """Whether everything that was recorded has come out the same by now."""
        return self._expected is None

    @property
    def digest(self) -> str:
        """The digest of what has been written."""
        return self._digest.value


def _describe(event: Event) -> str:
    return f"{type(event.body).__name__} of agent {event.key.agent} at second {event.key.time}"


def recorded_payloads(path: Path) -> Iterator[bytes]:
    """Yield the payloads of a log of events as far as it goes when the first is asked for; one is in memory at a time.

    Raises `BadInput` like `read_frames`. The log may be open for writing meanwhile.
    """
    return (frame.payload for frame in read_frames(path, LogKind.EVENTS))


def read_events(path: Path, start: int = HEADER_SIZE) -> Iterator[Event]:
    """Yield the events of a log in order, from the frame at byte `start` on.

    Raises `DamagedLog` at the first frame that is no event or out of order.
    """
    return (event for _, event in read_event_frames(path, start))


def read_event_frames(path: Path, start: int = HEADER_SIZE) -> Iterator[tuple[Frame, Event]]:
    """Yield events as `read_events` does, each with its frame."""
    last: Key | None = None
    for frame in read_frames(path, LogKind.EVENTS, start):
        try:
            event = decode_event(frame.payload)
        except ValueError as error:
            raise DamagedLog(path, frame.offset, frame.number, str(error)) from error
        if last is not None and event.key <= last:
            raise DamagedLog(path, frame.offset, frame.number, f"the key {tuple(event.key)} is out of order")
        last = event.key
        yield frame, event


def digest_events(events: Iterable[Event]) -> str:
    """Return the digest that a log of these events has."""
    digest = PayloadsDigest()
    for event in events:
        digest.add(encode_event(event))
    return digest.value
