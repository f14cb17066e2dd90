"""A lane: one agent's own SimPy environment and clock.

A lane's behaviour is a generator that yields SimPy events. It waits with `wait`, asks models with `ask`, speaks to
other lanes with `post`, and logs with `emit`. While it waits for a model its clock stands still: model latency never
enters simulated time.

Order within a lane never depends on when other lanes were stepped: messages that are due at a second are delivered
before anything else of that second, sorted by (time, sender, number of the message within its sender).
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import simpy
from simpy.events import URGENT

from engine.errors import RunFailed
from engine.kernel.streams import derive_seed, stream
from engine.llm.requests import Reply, Request
from engine.record.events import AGENT_PRIORITY, Body, Event, Key

Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """Something one lane tells another; it takes effect at `time`. Ordered by time, sender and number."""

    time: int
    sender: int
    number: int
    body: object


class Post(Protocol):
    """How a lane reaches the rest of the kernel."""

    def ask(self, lane: Lane, request: Request) -> simpy.Event:
        """Hand a request to the model service; the event succeeds with its reply."""
        ...

    def deliver(self, to: int, message: Message) -> None:
        """Put a message into another lane's mailbox."""
        ...

    def log(self, event: Event) -> None:
        """Take in an event of a lane."""
        ...


class Lane:
    """An agent's clock, mailbox, log and dice."""

    def __init__(self, index: int, name: str, run_seed: int, post: Post) -> None:
        self.index = index
        self.name = name
        self.env = simpy.Environment(initial_time=0)
        self.waiting_for_replies = 0
        self.activity = ""
        """What the agent does now, in a few words, for progress displays."""
        self._run_seed = run_seed
        self._post = post
        self._mailbox: list[Message] = []
        self._arrived: list[Message] = []
        self._wake: simpy.Event | None = None
        self._events_logged = 0
        self._messages_sent = 0
        self._ordinals: dict[str, tuple[int, int]] = {}

    @property
    def now(self) -> int:
        """Simulated time in seconds."""
        return int(self.env.now)

    @property
    def next_time(self) -> float:
        """The time of the lane's next event: now while it waits for a model, infinity when nothing is left to do."""
        return self.env.now if self.waiting_for_replies else self.env.peek()

    def begin(self, behaviour: Callable[[], Process]) -> None:
        """Start the agent's life."""
        self.env.process(behaviour())

    def step(self) -> None:
        """Process the next event of this lane."""
        self.env.step()

    # -- what a behaviour uses ---------------------------------------------------------------------------------------

    def wait(self, until: int) -> Generator[simpy.Event, Any, list[Message]]:
        """Wait for messages, at the latest until the time `until`; returns those that arrived, in their order."""
        if not self._arrived and until > self.now:
            self._wake = wake = self.env.event()
            timer = self.env.timeout(until - self.env.now)
            timer.callbacks.append(lambda _: _ring(wake))
            yield wake
            self._wake = None
        arrived, self._arrived = self._arrived, []
        return arrived

    def sleep(self, until: int) -> Generator[simpy.Event, Any, None]:
        """Let time pass until `until`; messages stay in the mailbox."""
        if until > self.now:
            yield self.env.timeout(until - self.env.now)

    def ask(self, *requests: Request) -> Generator[simpy.Event, Any, list[Reply]]:
        """Ask for several things at once; returns the replies in the order of the requests, no simulated time later."""
        replies: list[Reply] = []
        for event in [self._post.ask(self, request) for request in requests]:
            replies.append((yield event))  # noqa: PERF401  a comprehension cannot yield
        return replies

    def post(self, to: int, delay: int, body: object) -> None:
        """Send a message to lane `to`, to take effect `delay` seconds from now (at least one)."""
        if delay < 1:
            raise ValueError("a message takes at least one second")
        message = Message(self.now + delay, self.index, self._messages_sent, body)
        self._messages_sent += 1
        self._post.deliver(to, message)

    def later(self, seconds: int, action: Callable[[], None]) -> None:
        """Do something `seconds` from now, whatever the behaviour is doing then."""
        self.env.timeout(seconds).callbacks.append(lambda _: action())

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
        time, ordinal = self._ordinals.get(purpose, (-1, 0))
        ordinal = ordinal + 1 if time == self.now else 0
        self._ordinals[purpose] = (self.now, ordinal)
        return derive_seed(self._run_seed, self.name, self.now, purpose, ordinal)

    # -- what the kernel uses ----------------------------------------------------------------------------------------

    def receive(self, message: Message) -> None:
        """Take a message into the mailbox, to be delivered at its time. Raises `RunFailed` if that has come already."""
        if message.time <= self.now:
            raise RunFailed(f"causality broken: {self.name} is at {self.now}, a message came for {message.time}")
        heapq.heappush(self._mailbox, message)
        bell = self.env.event()
        bell.callbacks.append(self._deliver)
        bell._ok, bell._value = True, None
        self.env.schedule(bell, priority=URGENT, delay=message.time - self.env.now)

    def _deliver(self, _: simpy.Event) -> None:
        self._arrived.extend(self._due())
        if self._arrived and self._wake is not None:
            _ring(self._wake)

    def _due(self) -> Iterator[Message]:
        while self._mailbox and self._mailbox[0].time <= self.now:
            yield heapq.heappop(self._mailbox)


def _ring(wake: simpy.Event) -> None:
    if not wake.triggered:
        wake.succeed()
