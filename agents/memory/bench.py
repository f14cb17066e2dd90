"""What it takes to remember and to recall: against a plain scan with numpy, and against a bare flat search of faiss."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from agents.memory.retrieval import HOUR, RetrievalSettings, retrieve
from agents.memory.stream import MemoryKind, MemoryStream, Vector
from engine.bench.result import BenchResult, seconds

SIZES = (1_000, 10_000, 100_000)
"""Memories of one agent."""
DIMENSIONS = 384
COUNT = 30
"""Memories that come to mind at a time, as in the code released with the paper."""
ROUNDS = 25
"""How often everything is measured, all in turns, because machines are noisy; the median counts."""
CROWD, EACH = 1_000, 300
"""Agents, and memories of each: about as many as three days leave."""
SETTINGS = RetrievalSettings(profile="paper")
"""The most costly profile: everything is scaled."""
Vectors = NDArray[np.float32]


def bench_retrieval() -> BenchResult:
    """Scoring all memories and taking the best, against a scan with numpy and a bare search for the nearest.

    The scan computes the same scores and sorts them all. The bare search knows neither recency nor importance: it is
    what the relevance alone would take at the least with faiss.
    """
    rows: list[dict[str, Any]] = []
    ratios: dict[str, float | None] = {}
    for size in SIZES:
        row = _one_agent(size)
        rows.append(row)
        ratios[f"over_bare_faiss_{size}"] = round(row["thorp_ms"] / row["bare_faiss_ms"], 3)
        ratios[f"over_numpy_scan_{size}"] = round(row["thorp_ms"] / row["numpy_scan_ms"], 3)
    rows.append(_many_agents(CROWD, EACH))
    return BenchResult("retrieval", rows, ratios)


def _one_agent(size: int) -> dict[str, Any]:
    vectors, times, importance = _memories(size, seed=size)
    stream, bare = MemoryStream(DIMENSIONS), faiss.IndexFlatIP(DIMENSIONS)
    added = seconds(lambda: _fill(stream, vectors, times, importance))
    bare_added = seconds(lambda: [bare.add(vector[None]) for vector in vectors])
    accessed = times.copy()
    now = int(times[-1])
    queries = _unit(np.random.default_rng(1), ROUNDS)
    taken: dict[str, list[float]] = {"thorp": [], "numpy": [], "faiss": []}
    for query in queries:
        ways: dict[str, Callable[[], object]] = {
            "thorp": partial(retrieve, stream, query, now, COUNT, SETTINGS),
            "numpy": partial(_scan, vectors, accessed, importance, query, now),
            "faiss": partial(bare.search, query[None], COUNT),
        }
        for way, work in ways.items():
            taken[way].append(seconds(work))
    return {
        "agents": 1,
        "memories": size,
        "thorp_ms": _milliseconds(taken["thorp"]),
        "bare_faiss_ms": _milliseconds(taken["faiss"]),
        "numpy_scan_ms": _milliseconds(taken["numpy"]),
        "thorp_add_us": round(1e6 * added / size, 2),
        "bare_faiss_add_us": round(1e6 * bare_added / size, 2),
    }


def _many_agents(agents: int, each: int) -> dict[str, Any]:
    """Every agent has its own memories; each recalls once in a round."""
    vectors, times, importance = _memories(each, seed=agents)
    streams = [MemoryStream(DIMENSIONS) for _ in range(agents)]
    bare = [faiss.IndexFlatIP(DIMENSIONS) for _ in range(agents)]
    added = sum(seconds(partial(_fill, stream, vectors, times, importance)) for stream in streams)
    bare_added = seconds(lambda: [index.add(vector[None]) for index in bare for vector in vectors])
    (query,) = _unit(np.random.default_rng(1), 1)
    now = int(times[-1])
    recalled = seconds(lambda: [retrieve(stream, query, now, COUNT, SETTINGS) for stream in streams])
    searched = seconds(lambda: [index.search(query[None], COUNT) for index in bare])
    scanned = seconds(lambda: [_scan(vectors, times, importance, query, now) for _ in streams])
    return {
        "agents": agents,
        "memories": each,
        "thorp_ms": round(1e3 * recalled / agents, 4),
        "bare_faiss_ms": round(1e3 * searched / agents, 4),
        "numpy_scan_ms": round(1e3 * scanned / agents, 4),
        "thorp_add_us": round(1e6 * added / (agents * each), 2),
        "bare_faiss_add_us": round(1e6 * bare_added / (agents * each), 2),
    }


def _scan(
    vectors: Vectors, accessed: NDArray[np.int64], importance: NDArray[np.float64], query: Vector, now: int
) -> NDArray[np.int64]:
    """The paper's retrieval as one writes it down with numpy: score everything, sort everything."""
    total = np.zeros(len(vectors))
    for part in (np.power(0.995, (now - accessed) / HOUR), importance, vectors @ query):
        total += (part - part.min()) / (part.max() - part.min())
    return np.lexsort((-np.arange(len(total)), -total))[:COUNT]


def _memories(size: int, seed: int) -> tuple[Vectors, NDArray[np.int64], NDArray[np.float64]]:
    """Random unit vectors, times in order and importances."""
    dice = np.random.default_rng(seed)
    times = np.sort(dice.integers(0, 30 * 24 * HOUR, size))
    return _unit(dice, size), times, dice.integers(10, 101, size) / 10


def _unit(dice: np.random.Generator, size: int) -> Vectors:
    vectors = dice.standard_normal((size, DIMENSIONS), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _fill(stream: MemoryStream, vectors: Vectors, times: NDArray[np.int64], importance: NDArray[np.float64]) -> None:
    for number, vector in enumerate(vectors):
        stream.add(MemoryKind.OBSERVATION, f"memory {number}", int(times[number]), float(importance[number]), vector)


def _milliseconds(taken: list[float]) -> float:
    return round(1e3 * median(taken), 3)
