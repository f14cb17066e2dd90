"""Other people's engines, asked for the same as ours: only for benchmarks, and only where they are installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.bench.trace import Asked


class Peer(Protocol):
    """An engine that can be asked for what a trace holds. What it writes is not used, only how long it takes."""

    name: str

    def answer(self, requests: Sequence[Asked]) -> int:
        """Answer requests that came together; return how many tokens were generated."""
        ...
