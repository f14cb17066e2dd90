"""The model service: gathers requests, answers them in batches, records every reply, counts what it costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Protocol

from engine.errors import BudgetSpent, ThorpError, Unrecorded
from engine.llm.latency import Courier, Prompt
from engine.llm.lazy import LazyBackend
from engine.llm.records import ReplyRecord
from engine.llm.requests import (
    NOBODY,
    Answer,
    Backend,
    Correspondent,
    Failure,
    FailureKind,
    Hint,
    Reply,
    Request,
    Urgency,
    Usage,
    request_key,
)

_PULSE: Final = 0.2
_GRACE: Final = 5.0


@dataclass(slots=True)
class ServiceStats:
    """What was asked and what it cost. `new` are replies that a backend gave now, the others came from the record."""

    requests: int = 0
    new: int = 0
    rounds: int = 0
    """Times that the backend was let work, or that it was looked whether something has come from it."""
    worked_on: int = 0
    """Requests that the backend worked on, summed over the rounds."""
    usage: Usage = field(default_factory=Usage)
    by_purpose: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    busy_seconds: float = 0.0
    """Wall-clock time spent in the backend; for people only."""

    def begin_again(self) -> None:
        """Count from nothing what is asked, because all of it is asked again; what was paid for stays paid for."""
        self.requests = 0
        self.by_purpose.clear()
        self.failures.clear()

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
    the smallest simulated time. A `Correspondent` answers them one by one while others are under way; while nothing
    else can be done than wait for it, `meanwhile` is called several times a second, and may raise `EndedEarly`.
    `stats` are counted on with, and against the budget: those of another service of the same backend.
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
        meanwhile: Callable[[], None] = lambda: None,
        stats: ServiceStats | None = None,
    ) -> None:
        self.stats = stats or ServiceStats()
        self.outlook: Outlook = _NoOutlook()
        """Set by the kernel."""
        self._backend = backend
        self._record = record or ReplyRecord()
        self._courier = courier or Prompt()
        self._budget = budget or Budget()
        self._gather = gather or isinstance(backend, Correspondent)  # whose answers take their time
        self._at_once = at_once
        self._meanwhile = meanwhile
        self._waiting: list[_Submitted] = []
        self._under_way = 0
        self._tickets = 0
        self._correspondent: Correspondent | None = None
        self._away: dict[bytes, Request] = {}
        """What a correspondent has been asked and has not answered."""
        self._open: dict[bytes, list[_Submitted]] = {}
        """What waits for the answer under each key."""
        self._told: dict[bytes, Hint] = {}
        """What a correspondent was told about what it has not answered."""

    def submit(self, request: Request, agent: int = NOBODY, time: int = 0) -> int | Reply:
        """Take in what an agent, or nobody in particular, asks at a simulated time.

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
        for each in batch:
            self._open.setdefault(each.key, []).append(each)
        self._under_way += len(batch)
        asked = {each.key: each.request for each in missing if each.key not in self._away}
        try:
            self._ask(asked)
        except Unrecorded:
            first = min(missing, key=lambda each: (each.time, each.agent, each.ticket))
            raise Unrecorded(first.request.purpose, first.agent, first.time) from None
        if self._away and self._correspondent is not None:
            self._correspondent.expect(self.outlook.next_thoughts())
            if not asked and (changed := self._new_hints()):
                self._correspondent.send({}, changed)
        self._deliver()
        arrived = self._courier.arrivals()
        while not arrived and self._away:
            self._receive()
            self._deliver()
            arrived = self._courier.arrivals()
        self._under_way -= len(arrived)
        return arrived

    def ask_all(self, requests: Sequence[Request], on_replies: Callable[[int], None] = lambda _: None) -> list[Reply]:
        """Ask for all of these together, outside of any lane; return the replies in the order of the requests.

        `on_replies` is told, as replies come, how many more there are. Raises `RunFailed`.
        """
        replies: dict[int, Reply] = {}
        tickets: dict[int, int] = {}
        for place, request in enumerate(requests):
            known = self.submit(request)
            if isinstance(known, int):
                tickets[known] = place
            else:
                replies[place] = known
        on_replies(len(replies))
        while tickets:
            arrived = self.collect()
            replies.update((tickets.pop(ticket), reply) for ticket, reply in arrived)
            on_replies(len(arrived))
        return [replies[place] for place in range(len(requests))]

    def settle(self) -> None:
        """Wait for all that is under way and record it, so that another service can go on with the same backend."""
        while self._away:
            self._receive()

    def close(self) -> None:
        """Wait a moment for what is under way, record it, and let a correspondent go."""
        if self._correspondent is not None:
            self._keep(self._correspondent.close(_GRACE))

    def _receive(self) -> None:
        """Wait for a correspondent's answers and record them."""
        assert self._correspondent is not None
        began = time.perf_counter()
        while True:
            self.stats.rounds += 1
            self.stats.worked_on += len(self._away)
            if answers := self._correspondent.received(_PULSE):
                break
            self._meanwhile()
        self.stats.busy_seconds += time.perf_counter() - began
        self._keep(answers)

    def _deliver(self) -> None:
        """Send on their way the replies that are there."""
        for key in [key for key in self._open if key not in self._away]:
            answer = self._record[key]
            for each in self._open.pop(key):
                self._count(each.request, answer)
                self._courier.send(each.ticket, key, answer.reply)

    def _next_batch(self) -> list[_Submitted]:
        room = len(self._waiting) if self._at_once is None else self._at_once - self._under_way
        if len(self._waiting) > 1:
            self._waiting.sort(key=self._urgency())
        batch, self._waiting = self._waiting[:room], self._waiting[room:]
        return batch

    def _urgency(self) -> Callable[[_Submitted], Urgency]:
        """Return what says how urgent requests are: critical path first, then simulated time."""
        held_up = cache(self.outlook.held_up)
        return lambda each: (-held_up(each.agent), each.time, each.agent, each.ticket)

    def _new_hints(self) -> dict[bytes, Hint]:
        """Return what a correspondent does not know yet: urgency grows as more agents have to wait."""
        before, self._told, urgency = self._told, {}, self._urgency()
        for key in self._away:
            first = min(self._open.get(key, ()), key=urgency, default=None)
            if first is not None:
                self._told[key] = Hint(urgency(first), first.agent)
        return {key: hint for key, hint in self._told.items() if before.get(key) != hint}

    def _spent(self, more: int) -> str:
        """Return why no more requests can be asked anew, an empty text if they can."""
        tokens = self.stats.usage.computed + self.stats.usage.generated
        if self._budget.tokens is not None and tokens >= self._budget.tokens:
            return f"the budget of {self._budget.tokens} tokens is spent"
        if self._budget.requests is not None and self.stats.new + len(self._away) + more > self._budget.requests:
            return f"the budget of {self._budget.requests} new requests is spent"
        return ""

    def _ask(self, asked: dict[bytes, Request]) -> None:
        if not asked:
            return
        if spent := self._spent(len(asked)):
            self.settle()  # what is paid for is kept
            raise BudgetSpent(spent)
        backend = self._backend.model() if isinstance(self._backend, LazyBackend) else self._backend
        if self._gather and isinstance(backend, Correspondent):  # which takes as long as an instant answer
            self._correspondent = backend
            self._away |= asked
            backend.send(asked, self._new_hints())
            return
        self.stats.rounds += 1
        self.stats.worked_on += len(asked)
        began = time.perf_counter()
        answers = _answers(backend, list(asked.values()))
        self.stats.busy_seconds += time.perf_counter() - began
        self._away |= asked
        self._keep(list(zip(asked, answers, strict=True)))

    def _keep(self, answers: Sequence[tuple[bytes, Answer]]) -> None:
        """Record answers before anyone acts on them."""
        known = [(key, self._away.pop(key).purpose, answer) for key, answer in answers]
        self._record.add(known, durable=self._gather)
        self.stats.new += len(known)
        for _, _, answer in known:
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
