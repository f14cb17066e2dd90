"""Writing events in their total order, and reading them back."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.record.events import Event, Key, decode_event, encode_event
from engine.record.frames import DamagedLog, FrameWriter, LogKind, read_frames


class EventsDigest:
    """BLAKE2 over the payloads of a log in order: two runs that did the same have the same digest."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def add(self, payload: bytes) -> None:
        """Take in the next payload."""
        self._hash.update(payload)

    @property
    def value(self) -> str:
        """The digest so far, 32 hexadecimal digits."""
        return self._hash.hexdigest()


class EventLog:
    """Holds events back until nothing earlier can happen any more, then writes them in key order."""

    def __init__(self, writer: FrameWriter) -> None:
        self._writer = writer
        self._waiting: list[tuple[Key, Event]] = []
        self._digest = EventsDigest()
        self.written = 0

    def add(self, event: Event) -> None:
        """Take an event in, in any order."""
        heapq.heappush(self._waiting, (event.key, event))

    def release(self, horizon: int) -> None:
        """Write every event before time `horizon`: every lane has passed it, so they are final."""
        while self._waiting and self._waiting[0][0].time < horizon:
            payload = encode_event(heapq.heappop(self._waiting)[1])
            self._digest.add(payload)
            self._writer.append(payload)
            self.written += 1

    @property
    def digest(self) -> str:
        """The digest of what has been written."""
        return self._digest.value


def read_events(path: Path) -> Iterator[Event]:
    """Yield the events of a log in order. Raises `DamagedLog` at the first frame that is no event or out of order."""
    last: Key | None = None
    for frame in read_frames(path, LogKind.EVENTS):
        try:
            event = decode_event(frame.payload)
        except ValueError as error:
            raise DamagedLog(path, frame.offset, frame.number, str(error)) from error
        if last is not None and event.key <= last:
            raise DamagedLog(path, frame.offset, frame.number, f"the key {tuple(event.key)} is out of order")
        last = event.key
        yield event


def digest_events(events: Iterable[Event]) -> str:
    """Return the digest that a log of these events has."""
    digest = EventsDigest()
    for event in events:
        digest.add(encode_event(event))
    return digest.value
