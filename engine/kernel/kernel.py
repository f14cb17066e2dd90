"""The kernel: steps lanes as the schedule allows and carries requests, messages and events between them."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import simpy

from engine.errors import EndedEarly, ThorpError
from engine.kernel.lane import NEVER, Lane, Message, Process
from engine.kernel.schedule import NOBODY, Schedule
from engine.kernel.streams import Seeds
from engine.llm.requests import Reply, Request
from engine.llm.service import ModelService
from engine.record.event_log import EventLog
from engine.record.events import WORLD_AGENT, WORLD_PRIORITY, Body, Event, Failed, Key


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: the time that every lane has passed, events logged, and the lanes themselves."""

    horizon: int
    events: int
    lanes: Sequence[Lane]


Behaviour = Callable[[Lane], Process]

RECOVERY = 600
"""Seconds that an agent pauses after its mind failed."""
STEPS_PER_REPORT = 256


class Ledger(Protocol):
    """What the world derives from what agents did, once it is final."""

    def settle(self, horizon: int) -> Iterable[tuple[int, Body]]:
        """Return what is new before time `horizon`, which every lane has passed, as (time, body) in their order."""
        ...


class _NoLedger:
    def settle(self, horizon: int) -> Iterable[tuple[int, Body]]:  # noqa: ARG002
        return ()


@dataclass(slots=True)
class _Question:
    """What a lane has asked at once: replies, tickets in the place of missing ones, and how many these are."""

    lane: Lane
    event: simpy.Event
    answers: list[int | Reply]
    missing: int


class Kernel:
    """Runs all lanes to a common end.

    `on_progress` is called after each round of model replies and now and then in between; it must not change anything.
    Every call of `run` ends at a barrier: all lanes have passed the same time, and what concerns everybody can be done.
    """

    def __init__(
        self,
        names: Sequence[str],
        run_seed: int | Seeds,
        schedule: Schedule,
        service: ModelService,
        log: EventLog,
        on_progress: Callable[[Progress], None] = lambda _: None,
        ledger: Ledger | None = None,
    ) -> None:
        self.lanes = [Lane(index, name, run_seed, self) for index, name in enumerate(names)]
        schedule.begin(self.lanes)
        self._schedule = schedule
        self._service = service
        service.outlook = self
        self._log = log
        self._on_progress = on_progress
        self._ledger: Ledger = ledger or _NoLedger()
        self._next: list[float] = [NEVER] * len(self.lanes)
        """The next time of every lane that does not wait for a model, `NEVER` of one that does."""
        self._ready: list[tuple[int, int]] = []
        """(time, index) of lanes that might move; an entry whose time is not the lane's next one is out of date."""
        self._thinking: list[tuple[int, int]] = []
        """(time, index) of lanes that wait for a model; an entry of one that does not do so is out of date."""
        self._behind: defaultdict[int, list[int]] = defaultdict(list)
        """The lanes that each lane holds up."""
        self._in_flight: dict[int, _Question] = {}
        self._announced: list[tuple[int, int, Body]] = []
        self._announcements = 0
        self._world_events = 0
        self._events = 0
        self.final = 0
        """The time up to which everything has been written."""
        self.failures: Counter[str] = Counter()
        """What went wrong and was gone on without, by kind."""

    def begin(self, behaviours: Sequence[Behaviour]) -> None:
        """Give each lane its behaviour; a behaviour that raises is begun again after a pause, and that is logged."""
        for lane, behaviour in zip(self.lanes, behaviours, strict=True):
            lane.begin(partial(_isolated, lane, behaviour))
            self.rescheduled(lane)

    def announce(self, time: int, to: Iterable[int], body: object) -> None:
        """Let the world send a message to some lanes, at a time that none of them has come to yet (at least 1).

        Known from the first second on or sent at a barrier, it needs no rule of the schedule. Raises `RunFailed` when
        a lane has passed that time.
        """
        for index in to:
            self.deliver(index, Message(time, WORLD_AGENT, self._announcements, body))
        self._announcements += 1

    def log_world(self, time: int, body: Body) -> None:
        """Let the world log an event at a time that is not final yet."""
        heapq.heappush(self._announced, (time, self._announcements, body))
        self._announcements += 1

    def run(self, until: int) -> None:
        """Run until every lane has nothing left to do before the time `until`, and write the events up to there."""
        while True:
            self._advance(until)
            if not self._in_flight:
                break
            for ticket, reply in self._arrivals():
                self._resolve(ticket, reply)
            self._report()
        self._release(until)
        self._on_progress(Progress(self.horizon, self._events, self.lanes))

    def _arrivals(self) -> list[tuple[int, Reply]]:
        try:
            return self._service.collect()
        except EndedEarly:
            self._report()  # what has come to pass by now is kept
            raise

    def _advance(self, until: int) -> None:
        """Move lanes, those furthest behind first, until all have come to `until` or stand behind a lane that waits."""
        ready, following, lanes, steps = self._ready, self._next, self.lanes, 0
        while ready and ready[0][0] < until:
            time, index = entry = ready[0]
            if following[index] != time or (self._thinking and self._is_blocked(entry)):
                heapq.heappop(ready)
                continue
            lane = lanes[index]
            after = lane.advance(time)
            # Whatever the lane has done takes effect later, so its entry is still the first one.
            if lane.thinking:
                following[index] = NEVER
                heapq.heappush(self._thinking, heapq.heappop(ready))
            elif after == NEVER:
                following[index] = NEVER
                heapq.heappop(ready)
            else:
                following[index] = after
                heapq.heapreplace(ready, (int(after), index))
            if index in self._behind:
                for other in self._behind.pop(index):
                    self.rescheduled(self.lanes[other])
            steps += 1
            if steps % STEPS_PER_REPORT == 0:
                self._report()

    def _is_blocked(self, entry: tuple[int, int]) -> bool:
        """Whether a lane stands behind another one; takes note of that."""
        first = self._first_thinking()
        if first is None or entry < first:
            return False
        blocker = self._schedule.blocker(self.lanes[entry[1]], entry[0], first)
        if blocker != NOBODY:
            self._behind[blocker].append(entry[1])
        return blocker != NOBODY

    def _first_thinking(self) -> tuple[int, int] | None:
        waiting = self._thinking
        while waiting and not self._waits_at(*waiting[0]):
            heapq.heappop(waiting)
        return waiting[0] if waiting else None

    def _waits_at(self, time: int, index: int) -> bool:
        return self.lanes[index].thinking and self.lanes[index].now == time

    def _resolve(self, ticket: int, reply: Reply) -> None:
        question = self._in_flight.pop(ticket)
        question.answers[question.answers.index(ticket)] = reply
        question.missing -= 1
        if not question.missing:
            question.lane.thinking = False
            question.event.succeed(question.answers)
            self.rescheduled(question.lane)

    def _report(self) -> None:
        horizon = self.horizon
        self._release(horizon)
        self._on_progress(Progress(horizon, self._events, self.lanes))

    def _release(self, horizon: int) -> None:
        """Write what is final: events before `horizon`, and what the world derives from them."""
        derived = [(time, body) for time, body in self._ledger.settle(horizon)]
        while self._announced and self._announced[0][0] < horizon:
            time, _, body = heapq.heappop(self._announced)
            derived.append((time, body))
        for time, body in sorted(derived, key=lambda entry: entry[0]):
            self.log(Event(Key(time, WORLD_PRIORITY, WORLD_AGENT, self._world_events), body))
            self._world_events += 1
        self._log.release(horizon)
        self.final = max(self.final, horizon)

    @property
    def horizon(self) -> int:
        """The time before which nothing can happen any more."""
        first = self._first_thinking()
        times = [first[0]] if first else []
        while self._ready and self._next[self._ready[0][1]] != self._ready[0][0]:
            heapq.heappop(self._ready)
        times += [self._ready[0][0]] if self._ready else []
        # A lane that stands behind another one has a later next event than the one that is furthest behind.
        return min(times) if times else max(lane.now for lane in self.lanes)

    # -- the Outlook of the model service ----------------------------------------------------------------------------

    def next_thoughts(self) -> list[float]:
        """Return, for each agent, the simulated time from which on it may ask again.

        That is its present for those that wait, the horizon for those whom others can make think, and else the time at
        which it does something by itself.
        """
        horizon = self.horizon
        return [horizon if lane.listening else lane.next_time for lane in self.lanes]

    def held_up(self, agent: int) -> int:
        """Return how many lanes stand behind an agent's lane, directly or behind one that does."""
        found: set[int] = set()
        search = [agent]
        while search:
            for index in self._behind.get(search.pop(), ()):
                if index not in found:
                    found.add(index)
                    search.append(index)
        return len(found)

    # -- the Post of the lanes ---------------------------------------------------------------------------------------

    def ask(self, lane: Lane, requests: Sequence[Request]) -> simpy.Event:
        """Hand requests to the model service; the lane stands still until the last reply is there."""
        answers = [self._service.submit(request, lane.index, lane.now) for request in requests]
        tickets = [answer for answer in answers if isinstance(answer, int)]
        event = lane.env.event()
        if not tickets:
            return event.succeed(answers)
        lane.thinking = True
        question = _Question(lane, event, answers, len(tickets))
        self._in_flight.update(dict.fromkeys(tickets, question))
        return event

    def deliver(self, to: int, message: Message) -> None:
        """Put a message into a lane's mailbox."""
        self.lanes[to].receive(message)

    def rescheduled(self, lane: Lane) -> None:
        """Take note of a lane's next event."""
        self._next[lane.index] = time = NEVER if lane.thinking else lane.next_time
        if time != NEVER:
            heapq.heappush(self._ready, (int(time), lane.index))

    def log(self, event: Event) -> None:
        """Take in an event."""
        self._events += 1
        if isinstance(event.body, Failed):
            self.failures[event.body.kind] += 1
        self._log.add(event)


def _isolated(lane: Lane, behaviour: Behaviour) -> Process:
    """Run a behaviour so that its failure is its agent's alone: logged, and begun again after a pause."""
    while True:
        try:
            yield from behaviour(lane)
            return
        except ThorpError:
            raise
        except Exception as error:  # noqa: BLE001  the one boundary that isolates an agent
            lane.emit(Failed("mind", type(error).__name__, str(error)[:200]))
            yield from lane.sleep(lane.now + RECOVERY)
