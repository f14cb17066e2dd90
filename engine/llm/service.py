"""The model service: gathers requests, answers them in batches, records every reply, counts what it costs."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from engine.errors import BudgetSpent
from engine.llm.latency import Courier, Prompt
from engine.llm.records import ReplyRecord
from engine.llm.requests import Answer, Backend, Failure, FailureKind, Reply, Request, Usage, request_key


@dataclass(slots=True)
class ServiceStats:
    """What was asked and what it cost. `new` are replies that a backend gave now, the others came from the record."""

    requests: int = 0
    new: int = 0
    batches: int = 0
    usage: Usage = field(default_factory=Usage)
    by_purpose: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    busy_seconds: float = 0.0
    """Wall-clock time spent in the backend; for people only."""

    @property
    def mean_batch(self) -> float:
        """New replies per call of the backend."""
        return self.new / self.batches if self.batches else 0.0


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a run may ask anew: requests, and tokens computed or generated. The run ends where it is spent."""

    requests: int | None = None
    tokens: int | None = None


class ModelService:
    """Between the lanes and a backend."""

    def __init__(
        self,
        backend: Backend,
        record: ReplyRecord | None = None,
        courier: Courier | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.stats = ServiceStats()
        self._backend = backend
        self._record = record or ReplyRecord()
        self._courier = courier or Prompt()
        self._budget = budget or Budget()
        self._waiting: list[tuple[int, Request]] = []
        self._tickets = 0

    def submit(self, request: Request) -> int:
        """Take a request in; its reply comes from `collect` under the returned ticket."""
        ticket = self._tickets
        self._tickets += 1
        self._waiting.append((ticket, request))
        return ticket

    def collect(self) -> list[tuple[int, Reply]]:
        """Answer what waits and return (ticket, reply) for at least one request, if any is under way."""
        waiting, self._waiting = self._waiting, []
        for (ticket, request), answer in zip(waiting, self._answer([r for _, r in waiting]), strict=True):
            self._count(request, answer)
            self._courier.send(ticket, answer.reply)
        return self._courier.arrivals()

    def _answer(self, requests: list[Request]) -> list[Answer]:
        keys = [request_key(self._backend.identity, request) for request in requests]
        fresh: dict[bytes, Request] = {}
        for key, request in zip(keys, requests, strict=True):
            if self._record.find(key) is None:
                fresh.setdefault(key, request)
        if fresh:
            self._check_budget(len(fresh))
            self._ask(fresh)
        return [self._record[key] for key in keys]

    def _check_budget(self, more: int) -> None:
        tokens = self.stats.usage.computed + self.stats.usage.generated
        if self._budget.tokens is not None and tokens >= self._budget.tokens:
            raise BudgetSpent(f"the budget of {self._budget.tokens} tokens is spent")
        if self._budget.requests is not None and self.stats.new + more > self._budget.requests:
            raise BudgetSpent(f"the budget of {self._budget.requests} new requests is spent")

    def _ask(self, asked: dict[bytes, Request]) -> None:
        began = time.perf_counter()
        answers = _answers(self._backend, list(asked.values()))
        self.stats.busy_seconds += time.perf_counter() - began
        self._record.add(
            (key, request.purpose, answer) for (key, request), answer in zip(asked.items(), answers, strict=True)
        )
        self.stats.batches += 1
        self.stats.new += len(asked)
        for answer in answers:
            self.stats.usage += answer.usage

    def _count(self, request: Request, answer: Answer) -> None:
        self.stats.requests += 1
        self.stats.by_purpose[request.purpose] += 1
        if isinstance(answer.reply, Failure):
            self.stats.failures[answer.reply.kind.value] += 1


def _answers(backend: Backend, requests: list[Request]) -> list[Answer]:
    """Let a backend answer; one that raises answers one by one, so that what fails fails alone."""
    try:
        return backend.answer(requests)
    except Exception as error:  # noqa: BLE001  a request must not end a run
        if len(requests) == 1:
            return [Answer(Failure(FailureKind.BACKEND, f"{type(error).__name__}: {error}"))]
        return [answer for request in requests for answer in _answers(backend, [request])]
