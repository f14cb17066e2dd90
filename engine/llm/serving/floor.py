"""Where the model works: one thread that hands what clients wait for to the engine, and tells them what comes of it.

The engine moves all texts on together, one token each at a time; who comes meanwhile joins as soon as there is room
(`engine.llm.batching`). What a text becomes depends on its request alone (`engine.llm.decoder`).

Nobody starves. The oldest call comes first, but the second text of a call waits as if it had been asked one call later,
the third two calls later, and so on: a call of one text passes most of a call of sixty, which it delays by one text.
Meanings are made a portion at a time, the calls in turn, and texts move on between any two portions.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Final

from engine.llm.batching import ROOM
from engine.llm.constraint import Constraints
from engine.llm.embedded import EmbeddedBackend, pin_threads, unpin_thread
from engine.llm.requests import Answer, Failure, FailureKind, Urgency, Vectors
from engine.llm.serving.jobs import PORTION, Generation, Meaning, Order

MOST_TOKENS: Final = ROOM
"""The largest order, in tokens of keys and values."""


class Busy(Exception):
    """Too much waits already."""


class Floor:
    """Works on orders until it is closed. At most `most_waiting` of them wait."""

    def __init__(self, backend: EmbeddedBackend, most_waiting: int = 256) -> None:
        self._backend = backend
        self._constraints = Constraints(backend.contexts.tokenizer)
        self._most_waiting = most_waiting
        self._new: deque[tuple[Urgency, Order]] = deque()
        """What the thread has not taken in yet."""
        self._orders: dict[int, Order] = {}
        """What the engine has, by its tickets."""
        self._meanings: deque[Meaning] = deque()
        """Those of which the engine has no portion."""
        self._meant = False
        """Whether the last round was for meanings."""
        self._calls = 0
        self._news = threading.Condition()
        self._closing = False
        self.answered = 0
        """How many orders are done."""
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many orders have not been begun."""
        return len(self._new) + len(self._meanings) + self._backend.batching.waiting

    @property
    def under_way(self) -> int:
        """How many orders are worked on."""
        return self._backend.batching.under_way

    def submit(self, orders: Sequence[Order]) -> None:
        """Take in the orders of a call, all or none. Raises `Busy`."""
        with self._news:
            if self._closing or self.waiting + len(orders) > self._most_waiting:
                raise Busy
            self._calls += 1
            self._new.extend(((self._calls + place,), order) for place, order in enumerate(orders))
            self._news.notify()

    def close(self) -> None:
        """Give up everything and end the thread."""
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join()

    def _work(self) -> None:
        unpin_thread(pin_threads())
        while True:
            with self._news:
                self._news.wait_for(lambda: self._new or self._orders or self._meanings or self._closing)
                if self._closing:
                    break
                new = [self._new.popleft() for _ in range(len(self._new))]
            for urgency, order in new:
                self._take_in(order, urgency)
            self._give_up()
            self._start_meanings()
            try:
                for ticket, answer in self._backend.advance():
                    self._finish(self._orders.pop(ticket), answer)
            except Exception as error:  # noqa: BLE001 (the boundary of the thread: the server goes on)
                self._fail(f"{type(error).__name__}: {error}")
        self._fail("the server is shutting down")

    def _take_in(self, order: Order, urgency: Urgency) -> None:
        if isinstance(order, Meaning):
            self._meanings.append(order)
            return
        begin = (
            partial(order.job, self._backend.contexts, self._constraints)
            if isinstance(order, Generation)
            else partial(order.job, self._backend.contexts)
        )
        self._orders[self._backend.start(begin, order.size, urgency)] = order

    def _start_meanings(self) -> None:
        """Give the engine some meanings, for which alone it then works, unless it is the turn of texts."""
        self._meant = bool(self._meanings) and not (self._meant and self._orders)
        texts = 0
        while self._meant and self._meanings and texts < PORTION:
            order = self._meanings.popleft()
            self._orders[self._backend.put(order.request)] = order
            texts += len(order.request.texts)

    def _finish(self, order: Order, answer: Answer) -> None:
        if isinstance(answer.reply, Failure):
            order.failure = answer.reply
        elif isinstance(order, Meaning) and isinstance(answer.reply, Vectors):
            order.portions.append(answer.reply.array)
            if order.is_wanting:
                self._meanings.append(order)
                return
        self._end(order)

    def _give_up(self) -> None:
        """Let go of orders for which nobody waits any more."""
        tickets = {ticket for ticket, order in self._orders.items() if order.cancelled}
        if tickets:
            self._backend.drop(tickets)
        for ticket in tickets:
            self._end(self._orders.pop(ticket))
        for order in [order for order in self._meanings if order.cancelled]:
            self._meanings.remove(order)
            self._end(order)

    def _end(self, order: Order) -> None:
        self.answered += 1
        _tell(order)

    def _fail(self, detail: str) -> None:
        """Tell all clients that nothing more comes."""
        with self._news:
            left = [*self._orders.values(), *self._meanings, *(order for _, order in self._new)]
            self._new.clear()
        self._backend.drop(set(self._orders))
        self._orders = {}
        self._meanings.clear()
        for order in left:
            order.failure = Failure(FailureKind.BACKEND, detail)
            _tell(order)


def _tell(order: Order) -> None:
    if isinstance(order, Generation):
        order.tell(order)
    else:
        order.tell()
