"""What the log costs: written and read against the bare bytes, and a time sought against reading up to it."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from statistics import median

from engine.bench.result import BenchResult, seconds
from engine.record.event_log import EventLog, read_events
from engine.record.events import AGENT_PRIORITY, Decided, Event, Key
from engine.record.frames import FrameWriter, LogKind
from engine.record.seek import seek

EVENTS = 1_000_000
AGENTS = 25
"""Something happens to each of them every second."""
SEEKS = 200
READS = 3
"""How many times are looked for by reading, which takes long."""


def bench_log() -> BenchResult:
    """Write and read a log of events, and find times in it; each against its peer."""
    with tempfile.TemporaryDirectory() as folder:
        path, plain = Path(folder, "events.log"), Path(folder, "plain")
        write = _write(path)
        bare_write = seconds(lambda: _copy(path, plain))
        read = seconds(lambda: sum(1 for _ in read_events(path)))
        bare_read = seconds(lambda: sum(len(piece) for piece in _pieces(plain)))
        dice = random.Random(1)
        times = [dice.randrange(EVENTS // AGENTS) for _ in range(SEEKS)]
        seek_ms = 1000 * median(seconds(lambda t=time: seek(path, t)) for time in times)  # type: ignore[misc]
        read_ms = 1000 * median(seconds(lambda t=time: _read_up_to(path, t)) for time in times[:READS])  # type: ignore[misc]
        size = path.stat().st_size
    row = {
        "events": EVENTS,
        "write_per_s": round(EVENTS / write),
        "read_per_s": round(EVENTS / read),
        "write_s": round(write, 4),
        "bare_write_s": round(bare_write, 4),
        "read_s": round(read, 4),
        "bare_read_s": round(bare_read, 4),
        "seek_ms": round(seek_ms, 3),
        "linear_seek_ms": round(read_ms, 1),
        "bytes_per_event": round(size / EVENTS, 1),
    }
    return BenchResult("log", [row], {"bytes_per_event": row["bytes_per_event"], "seek_ms": row["seek_ms"]})


def _write(path: Path) -> float:
    """Return the seconds that the log took, without those that making the events took."""
    body = Decided("talk", "meaning", "yes: somebody (0.75)")
    spent = 0.0
    with FrameWriter(path, LogKind.EVENTS) as writer:
        log = EventLog(writer)
        for time in range(EVENTS // AGENTS):
            events = [Event(Key(time, AGENT_PRIORITY, agent, time), body) for agent in range(AGENTS)]
            spent += seconds(lambda a=events: _take(log, a))  # type: ignore[misc]
        spent += seconds(writer.sync)
    return spent


def _take(log: EventLog, events: list[Event]) -> None:
    for event in events:
        log.add(event)
    log.release(events[-1].key.time + 1)


def _read_up_to(path: Path, time: int) -> None:
    for _ in takewhile(lambda event: event.key.time < time, read_events(path)):
        pass


def _copy(path: Path, to: Path) -> None:
    with to.open("wb", buffering=0) as file:
        for piece in _pieces(path):
            file.write(piece)
        os.fsync(file.fileno())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while piece := file.read(64 * 1024):
            yield piece
