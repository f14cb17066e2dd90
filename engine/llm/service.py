"""The model service: gathers requests, answers them in batches, records every reply, counts what it costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.errors import BudgetSpent, Unrecorded
from engine.llm.latency import Courier, Prompt
from engine.llm.records import ReplyRecord
from engine.llm.requests import Answer, Backend, Failure, Reply, Request, Usage, request_key
from engine.llm.stream import answer_apart, as_stream


@dataclass(slots=True)
class ServiceStats:
    """What was asked and what it cost. `new` are replies that a backend gave now, the others came from the record."""

    requests: int = 0
    new: int = 0
    rounds: int = 0
    """Calls of the backend."""
    worked_on: int = 0
    """Requests that the backend worked on, summed over the rounds."""
    usage: Usage = field(default_factory=Usage)
    by_purpose: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    busy_seconds: float = 0.0
    """Wall-clock time spent in the backend; for people only."""

    @property
    def mean_batch(self) -> float:
        """How many requests the backend worked on at a time, on average."""
        return self.worked_on / self.rounds if self.rounds else 0.0


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
        self._stream = as_stream(backend)
        self._record = record or ReplyRecord()
        self._courier = courier or Prompt()
        self._budget = budget or Budget()
        self._gather = gather
        self._at_once = at_once
        self._waiting: list[_Submitted] = []
        self._asked: dict[bytes, list[_Submitted]] = {}
        """What the backend works on, by key, each with all who have asked for it."""
        self._keys: dict[int, bytes] = {}
        """The key of what each ticket of the backend stands for."""
        self._under_way = 0
        self._tickets = 0

    def submit(self, request: Request, agent: int = 0, time: int = 0) -> int | Reply:
        """Take in what an agent asks at a simulated time.

        Returns the reply if it is known; else a ticket, under which the reply comes from `collect`.
        """
        key = request_key(self._backend.identity, request)
        known = self._record.find(key)
        if known is None and not self._gather and not self._spent(1):
            known = self._answer(key, request)
        if known is not None:
            self._count(request, known)
            return known.reply
        self._tickets += 1
        self._waiting.append(_Submitted(self._tickets, request, key, agent, time))
        return self._tickets

    def collect(self) -> list[tuple[int, Reply]]:
        """Answer what waits and return (ticket, reply) for at least one request, if any is under way."""
        self._hand_over(self._next_batch())
        while True:
            if self._asked:
                self._work()
            arrived = self._courier.arrivals()
            if arrived or not self._asked:
                self._under_way -= len(arrived)
                return arrived

    def _next_batch(self) -> list[_Submitted]:
        """Return what is to be asked now, the most urgent first."""
        urgency = {agent: -self.outlook.held_up(agent) for agent in {each.agent for each in self._waiting}}
        self._waiting.sort(key=lambda each: (urgency[each.agent], each.time, each.agent, each.ticket))
        room = len(self._waiting) if self._at_once is None else self._at_once - self._under_way
        return self._waiting[:room]

    def _hand_over(self, batch: Sequence[_Submitted]) -> None:
        """Let the backend work on what is neither known nor asked yet; if the budget is spent, after all else is done.

        Raises `BudgetSpent`.
        """
        missing = {each.key for each in batch if each.key not in self._asked and not self._record.find(each.key)}
        spent = self._spent(len(self._asked) + len(missing)) if missing else ""
        if spent and self._asked:
            return
        if spent:
            raise BudgetSpent(spent)
        for place, each in enumerate(batch):
            if each.key in missing:
                missing.remove(each.key)
                self._asked[each.key] = []
                self._keys[self._stream.put(each.request, (each.time, place))] = each.key
            if each.key in self._asked:
                self._asked[each.key].append(each)
            else:
                self._send(each, self._record[each.key])
        self._under_way += len(batch)
        self._waiting = self._waiting[len(batch) :]

    def _work(self) -> None:
        """Let the backend work for a while; record what is done, and send it to all who asked."""
        self.stats.rounds += 1
        self.stats.worked_on += len(self._asked)
        began = time.perf_counter()
        try:
            done = [(self._keys.pop(ticket), answer) for ticket, answer in self._stream.advance()]
        except Unrecorded:
            everybody = [each for several in self._asked.values() for each in several]
            first = min(everybody, key=lambda each: (each.time, each.agent, each.ticket))
            raise Unrecorded(first.request.purpose, first.agent, first.time) from None
        finally:
            self.stats.busy_seconds += time.perf_counter() - began
        self._note([(key, self._asked[key][0].request, answer) for key, answer in done])
        for key, answer in done:
            for each in self._asked.pop(key):
                self._send(each, answer)

    def _send(self, each: _Submitted, answer: Answer) -> None:
        self._count(each.request, answer)
        self._courier.send(each.ticket, each.key, answer.reply)

    def _answer(self, key: bytes, request: Request) -> Answer:
        """Let the backend answer a request at once."""
        self.stats.rounds += 1
        self.stats.worked_on += 1
        began = time.perf_counter()
        (answer,) = answer_apart(self._backend, [request])
        self.stats.busy_seconds += time.perf_counter() - began
        self._note([(key, request, answer)])
        return answer

    def _note(self, done: Sequence[tuple[bytes, Request, Answer]]) -> None:
        """Record new answers before anyone acts on them."""
        self._record.add(((key, request.purpose, answer) for key, request, answer in done), durable=self._gather)
        self.stats.new += len(done)
        for _, _, answer in done:
            self.stats.usage += answer.usage

    def _spent(self, more: int) -> str:
        """Return why no more requests can be asked anew, an empty text if they can."""
        tokens = self.stats.usage.computed + self.stats.usage.generated
        if self._budget.tokens is not None and tokens >= self._budget.tokens:
            return f"the budget of {self._budget.tokens} tokens is spent"
        if self._budget.requests is not None and self.stats.new + more > self._budget.requests:
            return f"the budget of {self._budget.requests} new requests is spent"
        return ""

    def _count(self, request: Request, answer: Answer) -> None:
        self.stats.requests += 1
        self.stats.by_purpose[request.purpose] += 1
        if isinstance(answer.reply, Failure):
            self.stats.failures[answer.reply.kind.value] += 1
