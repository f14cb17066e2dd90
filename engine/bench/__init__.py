"""Benchmarks: each compares two things in one run, because machines are noisy."""

from __future__ import annotations

from collections.abc import Callable

from engine.bench.engine import bench_engine
from engine.bench.kernel import bench_kernel
from engine.bench.log import bench_log
from engine.bench.offload import bench_offload
from engine.bench.result import BenchResult, describe_machine

BENCHES: dict[str, Callable[[], BenchResult]] = {
    "kernel": bench_kernel,
    "log": bench_log,
    "engine": bench_engine,
    "offload": bench_offload,
}

__all__ = ["BENCHES", "BenchResult", "bench_engine", "bench_kernel", "bench_log", "bench_offload", "describe_machine"]
