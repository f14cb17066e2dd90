"""Rows of a table: how often something was done, and the time that it took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, quantiles
from time import process_time
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def timed(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> tuple[float, T]:
    """Return the seconds of processor time that some work takes, and what it returns.

    On an idle machine that is what a clock shows; on a busy one only this is comparable.
    """
    began = process_time()
    found = work(*arguments, **options)
    return process_time() - began, found


def each(work: Callable[..., object], arguments: Iterable[tuple[Any, ...]]) -> list[float]:
    """Return the seconds that some work takes with each of several arguments."""
    return [timed(work, *given)[0] for given in arguments]


def row(town: str, what: str, seconds: Sequence[float], ready: float | None = None) -> dict[str, Any]:
    """Return a row: what was done where, after how many seconds of preparation, and the milliseconds of each time."""
    cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [*seconds] * 99
    return {
        "town": town,
        "what": what,
        "ready_s": None if ready is None else round(ready, 4),
        "times": len(seconds),
        "mean_ms": round(1000 * fmean(seconds), 4),
        "median_ms": round(1000 * cuts[49], 4),
        "p99_ms": round(1000 * cuts[98], 4),
        "max_ms": round(1000 * max(seconds), 4),
    }
