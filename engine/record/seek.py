"""Finding a time in a log of events without reading what comes before it.

Frames can be recognised from any byte on: a head has a checksum of its own, and every event begins with one of a few
sequences of bytes. So a time is found by halving the file, with no index beside it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from engine.errors import BadInput
from engine.record.codec import coders, decode_event
from engine.record.event_log import read_event_frames, read_events
from engine.record.events import Event
from engine.record.frames import HEAD_SIZE, HEADER_SIZE, MAX_PAYLOAD, LogKind, announced_length
from engine.record.plain_file import open_plain

_WINDOW = 16 * 1024
"""Bytes that are looked at in the middle, and the distance from which on the log is simply read."""
_TRIES = 16
"""How many places of a window may look like an event and be none."""


def seek(path: Path, time: int) -> int:
    """Return the offset in bytes of the first event at second `time` or later; the end of the log if there is none.

    The result is the one of reading from the start, whatever the events hold. What the halving finds is only a guess,
    because a whole frame, with valid checksums, may lie within an event. The log is read from the last guess before
    `time` on, if that is known to be a frame of the log: an event that contained it would begin at most `MAX_PAYLOAD`
    before it, with a head that reaches beyond it, and there is none. If there is, the log is read from its start.

    Damage is found only where the log is read. Raises `DamagedLog` then, and `BadInput` when this is no log of events.
    """
    try:
        with open_plain(path) as file:
            end = _start_before(file, time)
    except OSError as error:
        raise BadInput(str(path), f"cannot be read: {error.strerror}") from error
    for frame, event in read_event_frames(path, end):
        if event.key.time >= time:
            return frame.offset
        end = frame.start + len(frame.payload)
    return end


def read_events_from(path: Path, time: int) -> Iterator[Event]:
    """Yield the events of a log at second `time` and later, in order. Raises what `seek` and `read_events` raise."""
    return read_events(path, seek(path, time))


def _start_before(file: BinaryIO, time: int) -> int:
    """Return the offset of a frame before `time` that is near to it, if one was found; else of the first."""
    low, high = HEADER_SIZE, os.fstat(file.fileno()).st_size
    while high - low > _WINDOW:
        middle = (low + high) // 2
        found = _first_event(file, middle)
        if found is not None and found[1].key.time < time:
            low = found[0]
        else:
            high = middle
    return HEADER_SIZE if _may_lie_within_another(file, low) else low


def _first_event(file: BinaryIO, start: int) -> tuple[int, Event] | None:
    """Return the first thing from byte `start` on that looks like an event, with its offset; None if it is not near."""
    file.seek(start)
    window = file.read(_WINDOW)
    for match in islice(_beginnings().finditer(window, HEAD_SIZE), _TRIES):
        offset = match.start() - HEAD_SIZE
        length = announced_length(window[offset : match.start()])
        if length is not None:
            try:
                return start + offset, decode_event(window[match.start() : match.start() + length])
            except ValueError:
                continue
    return None


def _may_lie_within_another(file: BinaryIO, offset: int) -> bool:
    """Whether something before byte `offset` that begins like an event has a head that reaches beyond it."""
    start = max(HEADER_SIZE, offset - HEAD_SIZE - MAX_PAYLOAD[LogKind.EVENTS])
    file.seek(start)
    window = file.read(offset + HEAD_SIZE + _longest_beginning() - start)
    for match in _beginnings().finditer(window, HEAD_SIZE):
        payload = match.start()
        if start + payload - HEAD_SIZE >= offset:
            break
        head = window[payload - HEAD_SIZE : payload]
        end = start + payload + int.from_bytes(head[:4], "little")
        if end > offset and announced_length(head) is not None:
            return True
    return False


@cache
def _beginnings() -> re.Pattern[bytes]:
    return re.compile(b"|".join(re.escape(coder.beginning) for coder in coders().values()))


@cache
def _longest_beginning() -> int:
    return max(len(coder.beginning) for coder in coders().values())
