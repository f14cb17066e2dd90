"""How long replies take to arrive, for a model that answers at once: for tests and benchmarks of the schedule."""

from __future__ import annotations

import heapq
import random
import time
from typing import Protocol

from engine.llm.requests import Reply, Vectors


class Courier(Protocol):
    """Decides in which order replies arrive. What a run does must not depend on it."""

    def send(self, ticket: int, key: bytes, reply: Reply) -> None:
        """Take a reply that is ready; `key` names the request that it answers."""
        ...

    def arrivals(self) -> list[tuple[int, Reply]]:
        """Return the replies that arrive next, at least one if any is under way."""
        ...


class Prompt:
    """Everything arrives at once."""

    def __init__(self) -> None:
        self._ready: list[tuple[int, Reply]] = []

    def send(self, ticket: int, key: bytes, reply: Reply) -> None:  # noqa: ARG002
        """Take a reply that is ready."""
        self._ready.append((ticket, reply))

    def arrivals(self) -> list[tuple[int, Reply]]:
        """Return all replies."""
        ready, self._ready = self._ready, []
        return ready


class Virtual:
    """Replies arrive one by one on a virtual clock; nobody sleeps unless `sleep` says so.

    Latencies are log-normal with a median of one second, or `fixed` seconds. They are drawn from `seed` and the
    request, so that the same request travels as long under any schedule. Meanings take `meanings` seconds, if given.
    """

    def __init__(
        self, seed: int, fixed: float | None = None, *, sleep: bool = False, meanings: float | None = None
    ) -> None:
        self.clock = 0.0
        self._seed = seed
        self._fixed = fixed
        self._meanings = meanings
        self._sleep = sleep
        self._under_way: list[tuple[float, int, Reply]] = []

    def latency(self, key: bytes, *, is_meaning: bool = False) -> float:
        """Return how long the reply to a request travels, in seconds."""
        if is_meaning and self._meanings is not None:
            return self._meanings
        if self._fixed is not None:
            return self._fixed
        return random.Random(int.from_bytes(key, "little") ^ self._seed).lognormvariate(0.0, 0.75)

    def send(self, ticket: int, key: bytes, reply: Reply) -> None:
        """Take a reply that is ready and let it travel."""
        arrival = self.clock + self.latency(key, is_meaning=isinstance(reply, Vectors))
        heapq.heappush(self._under_way, (arrival, ticket, reply))

    def arrivals(self) -> list[tuple[int, Reply]]:
        """Return the reply that arrives first."""
        if not self._under_way:
            return []
        arrival, ticket, reply = heapq.heappop(self._under_way)
        if self._sleep:
            time.sleep(max(0.0, arrival - self.clock))
        self.clock = max(self.clock, arrival)
        return [(ticket, reply)]
