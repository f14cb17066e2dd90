"""What a benchmark gives back: a table, its ratios, and the machine it ran on."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.llm.embedded import usable_cores
from engine.machine import memory_bytes


@dataclass(frozen=True, slots=True)
class BenchResult:
    """A table and the ratios that matter; a ratio is None where its peer is not installed."""

    bench: str
    rows: list[dict[str, Any]]
    ratios: dict[str, float | None]
    machine: dict[str, Any] = field(default_factory=lambda: describe_machine())
    partial: str = ""
    """How much of it was measured, if it was ended early."""

    def as_json(self) -> dict[str, Any]:
        """Return it under the names of the command line's contract."""
        whole = {"bench": self.bench, "machine": self.machine, "rows": self.rows, "ratios": self.ratios}
        return whole | {"partial": self.partial} if self.partial else whole


def describe_machine() -> dict[str, Any]:
    """Return processor, cores usable by this process, and memory in GiB."""
    return {
        "cpu": _cpu(),
        "cores": len(usable_cores()) or os.cpu_count(),
        "memory_gib": round(memory_bytes() / 2**30, 1),
    }


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes, in seconds of the wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def processor_seconds(work: Callable[[], object]) -> float:
    """Return how much time of the processor this process takes for `work`, in seconds: others do not count."""
    began = time.process_time()
    work()
    return time.process_time() - began
