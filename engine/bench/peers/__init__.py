"""Our engine and other people's, asked for the same: only for benchmarks, and theirs only where they are installed."""

from __future__ import annotations

from typing import Protocol

from engine.bench.trace import Trace


class Peer(Protocol):
    """An engine that can be asked for what a trace holds. What it writes is not used, only how long it takes."""

    name: str

    def replay(self, trace: Trace) -> int:
        """Answer a trace, each person's questions one after another; return how many tokens were generated."""
        ...
