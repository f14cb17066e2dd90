"""The kernel: steps lanes as the schedule allows and carries requests, messages and events between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import simpy

from engine.errors import RunFailed
from engine.kernel.lane import Lane, Message, Process
from engine.kernel.schedule import Schedule
from engine.llm.requests import Request
from engine.llm.service import ModelService
from engine.record.event_log import EventLog
from engine.record.events import Event, Failed


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: the time that every lane has passed, events logged, and the lanes themselves."""

    horizon: int
    events: int
    lanes: Sequence[Lane]


Behaviour = Callable[[Lane], Process]

RECOVERY = 600
"""Seconds that an agent pauses after its mind failed."""


class Kernel:
    """Runs all lanes to a common end.

    `on_progress` is called after each round of model replies and now and then in between; it must not change anything.
    """

    def __init__(
        self,
        names: Sequence[str],
        run_seed: int,
        schedule: Schedule,
        service: ModelService,
        log: EventLog,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self.lanes = [Lane(index, name, run_seed, self) for index, name in enumerate(names)]
        self._schedule = schedule
        self._service = service
        self._log = log
        self._on_progress = on_progress
        self._asked: dict[int, tuple[Lane, simpy.Event]] = {}
        self._events = 0
        self.failures: Counter[str] = Counter()
        """What went wrong and was gone on without, by kind."""

    def begin(self, behaviours: Sequence[Behaviour]) -> None:
        """Give each lane its behaviour; a behaviour that raises is begun again after a pause, and that is logged."""
        for lane, behaviour in zip(self.lanes, behaviours, strict=True):
            lane.begin(partial(_isolated, lane, behaviour))

    def run(self, until: int) -> None:
        """Run until every lane has nothing left to do before the time `until`, and write the events up to there."""
        while True:
            self._advance(until)
            if not self._asked:
                break
            for ticket, reply in self._service.collect():
                lane, event = self._asked.pop(ticket)
                lane.waiting_for_replies -= 1
                event.succeed(reply)
            self._report()
        self._log.release(until)
        self._report()

    def _advance(self, until: int) -> None:
        for steps, lane in enumerate(self._schedule.movable(self.lanes, until), start=1):
            lane.step()
            if steps % 256 == 0:
                self._report()

    def _report(self) -> None:
        horizon = self.horizon
        self._log.release(horizon)
        self._on_progress(Progress(horizon, self._events, self.lanes))

    @property
    def horizon(self) -> int:
        """The time before which nothing can happen any more."""
        times = [lane.next_time for lane in self.lanes]
        finite = [time for time in times if time != float("inf")]
        return int(min(finite)) if finite else max(lane.now for lane in self.lanes)

    # -- the Post of the lanes ---------------------------------------------------------------------------------------

    def ask(self, lane: Lane, request: Request) -> simpy.Event:
        """Hand a request to the model service; the lane stands still until its reply is there."""
        event = lane.env.event()
        self._asked[self._service.submit(request)] = lane, event
        lane.waiting_for_replies += 1
        return event

    def deliver(self, to: int, message: Message) -> None:
        """Put a message into a lane's mailbox."""
        self.lanes[to].receive(message)

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
        except RunFailed:
            raise
        except Exception as error:  # noqa: BLE001  the one boundary that isolates an agent
            lane.emit(Failed("mind", type(error).__name__, str(error)[:200]))
            yield from lane.sleep(lane.now + RECOVERY)
