"""Benchmarks: each compares two things in one run, because machines are noisy."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import simpy

from engine.kernel.kernel import Kernel
from engine.kernel.lane import Lane, Process
from engine.kernel.schedule import SameSecond
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import ModelService
from engine.record.event_log import EventLog, read_events
from engine.record.events import AGENT_PRIORITY, Decided, Event, Key
from engine.record.frames import FrameWriter, LogKind

ROUNDS = 5
SECONDS_OF_LIFE = 40_000
"""Waits shared among all lanes of a kernel round."""
EVENTS = 100_000


@dataclass(frozen=True, slots=True)
class BenchResult:
    """A table and the ratios that matter; a ratio is None where its peer is not installed."""

    bench: str
    rows: list[dict[str, Any]]
    ratios: dict[str, float | None]
    machine: dict[str, Any] = field(default_factory=lambda: describe_machine())

    def as_json(self) -> dict[str, Any]:
        """Return it under the names of the command line's contract."""
        return {"bench": self.bench, "machine": self.machine, "rows": self.rows, "ratios": self.ratios}


def describe_machine() -> dict[str, Any]:
    """Return processor, cores usable by this process, and memory in GiB."""
    return {"cpu": _cpu(), "cores": len(os.sched_getaffinity(0)), "memory_gib": round(_memory() / 2**30, 1)}


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bench_kernel() -> BenchResult:
    """Lanes that wait one second at a time and log it, against as many bare SimPy timeouts, in interleaved rounds."""
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float | None] = {}
    for lanes in (25, 1000):
        waits = SECONDS_OF_LIFE // lanes
        pairs = [(_seconds(lambda n=lanes, w=waits: _bare(n, w)), _kernel_seconds(lanes, waits)) for _ in range(ROUNDS)]  # type: ignore[misc]
        bare, ours = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        rows.append(
            {
                "agents": lanes,
                "waits": lanes * waits,
                "bare_simpy_per_s": round(lanes * waits / bare),
                "kernel_per_s": round(lanes * waits / ours),
                "cost_over_bare": round(ours / bare, 2),
            }
        )
        ratios[f"bare_simpy_{lanes}"] = round(ours / bare, 3)
    return BenchResult("kernel", rows, ratios)


def _bare(processes: int, waits: int) -> None:
    env = simpy.Environment()

    def life() -> Process:
        for _ in range(waits):
            yield env.timeout(1)

    for _ in range(processes):
        env.process(life())
    env.run()


def _kernel_seconds(lanes: int, waits: int) -> float:
    def life(lane: Lane) -> Process:
        for _ in range(waits):
            yield from lane.wait(lane.now + 1)
            lane.emit(_NOTHING)

    with tempfile.TemporaryDirectory() as folder, FrameWriter(Path(folder) / "events.log", LogKind.EVENTS) as writer:
        service = ModelService(ScriptedBackend({}))
        kernel = Kernel([f"agent {n}" for n in range(lanes)], 1, SameSecond(), service, EventLog(writer))
        kernel.begin([life] * lanes)
        return _seconds(lambda: kernel.run(waits + 1))


_NOTHING = Decided("bench", "rule", "")


def bench_log() -> BenchResult:
    """Writing a log of events against writing the same bytes without frames, and reading it back."""
    with tempfile.TemporaryDirectory() as folder:
        path, plain = Path(folder) / "events.log", Path(folder) / "plain"
        body = Decided("talk", "meaning", "yes: somebody (0.75)")
        events = [Event(Key(number // 25, AGENT_PRIORITY, number % 25, number), body) for number in range(EVENTS)]
        write = _seconds(lambda: _write(path, events))
        raw = path.read_bytes()
        bare = _seconds(lambda: plain.write_bytes(raw))
        read = _seconds(lambda: sum(1 for _ in read_events(path)))
    row = {
        "events": EVENTS,
        "write_per_s": round(EVENTS / write),
        "read_per_s": round(EVENTS / read),
        "bytes_per_event": round(len(raw) / EVENTS, 1),
        "bare_write_s": round(bare, 4),
        "write_s": round(write, 4),
    }
    return BenchResult("log", [row], {"bytes_per_event": round(len(raw) / EVENTS, 1), "seek_ms": None})


def _write(path: Path, events: list[Event]) -> None:
    with FrameWriter(path, LogKind.EVENTS) as writer:
        log = EventLog(writer)
        for event in events:
            log.add(event)
        log.release(events[-1].key.time + 1)


BENCHES: dict[str, Callable[[], BenchResult]] = {"kernel": bench_kernel, "log": bench_log}
