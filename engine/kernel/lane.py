"""A lane: one agent's own SimPy environment and clock.

A lane's behaviour is a generator that yields SimPy events. It waits with `wait`, asks models with `ask`, speaks to
other lanes with `post`, and logs with `emit`. While it waits for a model its clock stands still: model latency never
enters simulated time.

Order within a lane never depends on when other lanes were stepped: messages that are due at a second are all there
when the lane comes to that second, and are handed over sorted by (time, sender, number of the message within its
sender). A lane has one event ahead of it at a time (an alarm, the end of a sleep, a reply), so `next_time` is exact:
it is the earliest moment at which the agent does anything by itself.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import simpy

from engine.errors import RunFailed
from engine.kernel.streams import Seeds, derive_seed, stream
from engine.kernel.timeline import Timeline
from engine.llm.requests import Reply, Request
from engine.record.events import AGENT_PRIORITY, Body, Event, Key

Process = Generator[simpy.Event, Any, None]

NEVER = float("inf")


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """Something one lane (or the world, as `WORLD_AGENT`) tells another; it takes effect at `time`.

    Ordered by time, sender and number.
    """

    time: int
    sender: int
    number: int
    body: object


class Post(Protocol):
    """How a lane reaches the rest of the kernel."""

    def ask(self, lane: Lane, requests: Sequence[Request]) -> simpy.Event:
        """Hand requests to the model service; the event succeeds with the list of their replies."""
        ...

    def deliver(self, to: int, message: Message) -> None:
        """Put a message into another lane's mailbox."""
        ...

    def rescheduled(self, lane: Lane) -> None:
        """Take note that a lane's next event comes earlier than it seemed."""
        ...

    def log(self, event: Event) -> None:
        """Take in an event of a lane."""
        ...


class Lane:
    """An agent's clock, mailbox, log and dice."""

    def __init__(self, index: int, name: str, run_seed: int | Seeds, post: Post) -> None:
        self.index = index
        self.name = name
        self.env = simpy.Environment(initial_time=0)
        self.thinking = False
        """Whether the lane stands still because it waits for replies of a model."""
        self.activity = ""
        """What the agent does now, in a few words, for progress displays."""
        self._seeds = Timeline(run_seed) if isinstance(run_seed, int) else run_seed
        self._post = post
        self._mailbox: list[Message] = []
        self._alarm: simpy.Event | None = None
        self._alarm_time = 0
        self._events_logged = 0
        self._messages_sent = 0
        self._ordinals: dict[str, tuple[int, int]] = {}

    @property
    def now(self) -> int:
        """Simulated time in seconds."""
        return int(self.env._now)

    @property
    def next_time(self) -> float:
        """The time of the lane's next event: now while it waits for a model, infinity when nothing is left to do."""
        if self.thinking:
            return self.env._now
        queue = self.env._queue
        while queue and queue[0][3].callbacks is None:
            heapq.heappop(queue)  # an alarm that has rung already, at an earlier time than it was first set to
        return queue[0][0] if queue else NEVER

    @property
    def listening(self) -> bool:
        """Whether a message or a call to look up can make the agent act before `next_time`."""
        return self._alarm is not None

    def begin(self, behaviour: Callable[[], Process]) -> None:
        """Start the agent's life."""
        self.env.process(behaviour())

    def advance(self, time: int) -> float:
        """Process all events of this lane at `time`, its next one, until it waits for a model or for a later time.

        Returns the `next_time` that it has then.
        """
        env, queue = self.env, self.env._queue
        step = env.step
        while True:
            step()
            if self.thinking:
                return env._now
            while queue and queue[0][3].callbacks is None:
                heapq.heappop(queue)
            if not queue or queue[0][0] != time:
                return queue[0][0] if queue else NEVER

    # -- what a behaviour uses ---------------------------------------------------------------------------------------

    def wait(self, until: int) -> Generator[simpy.Event, Any, list[Message]]:
        """Wait for messages, at the latest until the time `until`; returns those that arrived, in their order.

        May return early with none, when `rouse` was called.
        """
        env, mailbox = self.env, self._mailbox
        due = self._due() if mailbox else []
        if due or until <= env._now:
            return due
        alarm = simpy.Event(env)
        # Triggered beforehand, so that it can be scheduled again for an earlier time; `next_time` drops what is left.
        alarm._ok, alarm._value = True, None
        self._alarm = alarm
        self._alarm_time = time = min(until, mailbox[0].time) if mailbox else until
        env.schedule(alarm, delay=time - env._now)
        yield alarm
        self._alarm = None
        return self._due() if mailbox else []

    def sleep(self, until: int) -> Generator[simpy.Event, Any, None]:
        """Let time pass until `until`, deaf to everything; messages stay in the mailbox."""
        if until > self.env._now:
            yield self.env.timeout(until - self.env._now)

    def ask(self, *requests: Request) -> Generator[simpy.Event, Any, list[Reply]]:
        """Ask for several things at once; returns the replies in the order of the requests, no simulated time later."""
        if not requests:
            return []
        replies: list[Reply] = yield self._post.ask(self, requests)
        return replies

    def post(self, to: int, delay: int, body: object) -> None:
        """Send a message to lane `to`, to take effect `delay` seconds from now (at least one)."""
        if delay < 1:
            raise ValueError("a message takes at least one second")
        message = Message(self.now + delay, self.index, self._messages_sent, body)
        self._messages_sent += 1
        self._post.deliver(to, message)

    def emit(self, body: Body) -> None:
        """Log an event of this agent at the present time."""
        key = Key(self.now, AGENT_PRIORITY, self.index, self._events_logged)
        self._events_logged += 1
        self._post.log(Event(key, body))

    def dice(self, purpose: str) -> random.Random:
        """Return fresh dice for this agent, moment and purpose."""
        return stream(self._request_seed(purpose), self.name, purpose)

    def request_seed(self, purpose: str) -> int:
        """Return the sampling seed of the agent's next request for a purpose at this moment."""
        return self._request_seed(f"request:{purpose}")

    def _request_seed(self, purpose: str) -> int:
        now = self.now
        time, ordinal = self._ordinals.get(purpose, (-1, 0))
        ordinal = ordinal + 1 if time == now else 0
        self._ordinals[purpose] = (now, ordinal)
        return derive_seed(self._seeds.at(now), self.name, now, purpose, ordinal)

    # -- what others use ---------------------------------------------------------------------------------------------

    def receive(self, message: Message) -> None:
        """Take a message into the mailbox, to be there at its time. Raises `RunFailed` if that has come already."""
        if message.time <= self.env._now:
            raise self._too_late("a message", message.time)
        heapq.heappush(self._mailbox, message)
        self._bring_forward(message.time)

    def rouse(self, time: int) -> None:
        """Let the agent look up at a time, if it waits then. Raises `RunFailed` if that has come already."""
        if self._alarm is not None and time <= self.env._now:
            raise self._too_late("a call to look up", time)
        self._bring_forward(time)

    def _bring_forward(self, time: int) -> None:
        if self._alarm is not None and time < self._alarm_time:
            self._set(self._alarm, time)
            self._post.rescheduled(self)

    def _set(self, alarm: simpy.Event, time: int) -> None:
        self._alarm_time = time
        self.env.schedule(alarm, delay=time - self.env._now)

    def _due(self) -> list[Message]:
        due: list[Message] = []
        while self._mailbox and self._mailbox[0].time <= self.env._now:
            due.append(heapq.heappop(self._mailbox))
        return due

    def _too_late(self, what: str, time: int) -> RunFailed:
        return RunFailed(f"causality broken: {self.name} is at {self.now}, {what} came for {time}")
