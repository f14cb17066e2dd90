"""The model service: gathers requests, answers them in batches, records every reply, counts what it costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.errors import BudgetSpent, ThorpError, Unrecorded
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


class Outlook(Protocol):
    """What the kernel knows about the thoughts to come."""

    def next_thoughts(self) -> Sequence[float]:
        """Return, for each agent, the simulated time from which on it may ask again: its invocation distance."""
        ...

    def held_up(self, agent: int) -> int:
        """Return how many agents cannot go on before this one: how critical its request is."""
        ...


class _NoOutlook:
    def next_thoughts(self) -> Sequence[float]:
        return ()

    def held_up(self, agent: int) -> int:  # noqa: ARG002
        return 0


@dataclass(frozen=True, slots=True)
class _Submitted:
    """A request that waits: its ticket, its key, who asks, and when in simulated time."""

    ticket: int
    request: Request
    key: bytes
    agent: int
    time: int


class ModelService:
    """Between the lanes and a backend.

    What is in the record is answered at once. Everything else is gathered, so that the backend gets large batches,
    unless `gather` is False: then each request is answered as it comes, for backends to which a batch means nothing.
    At most `at_once` requests are under way at a time; those that hold up most agents go first, and of equals those of
    the smallest simulated time.
    """

    def __init__(
        self,
        backend: Backend,
        record: ReplyRecord | None = None,
        courier: Courier | None = None,
        budget: Budget | None = None,
        *,
        gather: bool = True,
        at_once: int | None = None,
    ) -> None:
        self.stats = ServiceStats()
        self.outlook: Outlook = _NoOutlook()
        """Set by the kernel."""
        self._backend = backend
        self._record = record or ReplyRecord()
        self._courier = courier or Prompt()
        self._budget = budget or Budget()
        self._gather = gather
        self._at_once = at_once
        self._waiting: list[_Submitted] = []
        self._under_way = 0
        self._tickets = 0

    def submit(self, request: Request, agent: int = 0, time: int = 0) -> int | Reply:
        """Take in what an agent asks at a simulated time.

        Returns the reply if it is known; else a ticket, under which the reply comes from `collect`.
        """
        key = request_key(self._backend.identity, request)
        known = self._record.find(key)
        if known is None and not self._gather and not self._spent(1):
            self._ask({key: request})
            known = self._record[key]
        if known is not None:
            self._count(request, known)
            return known.reply
        self._tickets += 1
        self._waiting.append(_Submitted(self._tickets, request, key, agent, time))
        return self._tickets

    def collect(self) -> list[tuple[int, Reply]]:
        """Answer what waits and return (ticket, reply) for at least one request, if any is under way."""
        batch = self._next_batch()
        missing = [each for each in batch if self._record.find(each.key) is None]
        try:
            self._ask({each.key: each.request for each in missing})
        except Unrecorded:
            first = min(missing, key=lambda each: (each.time, each.agent, each.ticket))
            raise Unrecorded(first.request.purpose, first.agent, first.time) from None
        for each in batch:
            answer = self._record[each.key]
            self._count(each.request, answer)
            self._courier.send(each.ticket, each.key, answer.reply)
        self._under_way += len(batch)
        arrived = self._courier.arrivals()
        self._under_way -= len(arrived)
        return arrived

    def _next_batch(self) -> list[_Submitted]:
        room = len(self._waiting) if self._at_once is None else self._at_once - self._under_way
        if room < len(self._waiting):
            urgency = {each.agent: -self.outlook.held_up(each.agent) for each in self._waiting}
            self._waiting.sort(key=lambda each: (urgency[each.agent], each.time, each.agent, each.ticket))
        batch, self._waiting = self._waiting[:room], self._waiting[room:]
        return batch

    def _spent(self, more: int) -> str:
        """Return why no more requests can be asked anew, an empty text if they can."""
        tokens = self.stats.usage.computed + self.stats.usage.generated
        if self._budget.tokens is not None and tokens >= self._budget.tokens:
            return f"the budget of {self._budget.tokens} tokens is spent"
        if self._budget.requests is not None and self.stats.new + more > self._budget.requests:
            return f"the budget of {self._budget.requests} new requests is spent"
        return ""

    def _ask(self, asked: dict[bytes, Request]) -> None:
        if not asked:
            return
        if spent := self._spent(len(asked)):
            raise BudgetSpent(spent)
        began = time.perf_counter()
        answers = _answers(self._backend, list(asked.values()))
        self.stats.busy_seconds += time.perf_counter() - began
        given = zip(asked.items(), answers, strict=True)
        records = ((key, request.purpose, answer) for (key, request), answer in given)
        self._record.add(records, durable=self._gather)
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
    except ThorpError:
        raise  # not about a request: the model itself is not there
    except Exception as error:  # noqa: BLE001  a request must not end a run
        if len(requests) == 1:
            return [Answer(Failure(FailureKind.BACKEND, f"{type(error).__name__}: {error}"))]
        return [answer for request in requests for answer in _answers(backend, [request])]
