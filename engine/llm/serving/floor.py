"""Where the model works: one thread that takes what waits in its order and moves everything on step by step.

Texts that are being written move on together, one token each at a time; who comes meanwhile joins as soon as there is
room, and nobody overtakes. Long prompts are taken a few at a time, so that others get their tokens in between. What a
text becomes depends on its request alone (see `engine.llm.llama`).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import Final

import torch

from engine.llm.constraint import Constraints
from engine.llm.contexts import BATCH_TOKENS, Unusable
from engine.llm.embedded import EmbeddedBackend, pin_threads, unpin_thread
from engine.llm.kv import run
from engine.llm.llama import LOGIT_ROWS
from engine.llm.requests import Failure, FailureKind
from engine.llm.serving.jobs import Generation, Job

MOST_TOKENS: Final = BATCH_TOKENS
"""The largest job, and all jobs that are under way together, in tokens of keys and values."""
_NEW_TOKENS: Final = 1024
"""Once so many tokens of new prompts are taken, those under way get their next token first."""


class Busy(Exception):
    """Too much waits already."""


class Floor:
    """Works on jobs until it is closed. At most `most_waiting` jobs wait."""

    def __init__(self, backend: EmbeddedBackend, most_waiting: int = 256) -> None:
        self._backend = backend
        self._constraints = Constraints(backend.contexts.tokenizer)
        self._most_waiting = most_waiting
        self._waiting: deque[Job] = deque()
        self._going: list[Generation] = []
        self._begun: list[Generation] = []
        """Those whose prompt is not computed yet."""
        self._states: list[torch.Tensor] = []
        self._news = threading.Condition()
        self._closing = False
        self.answered = 0
        """How many jobs are done."""
        self._thread = threading.Thread(target=self._work, name="model", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many jobs have not been begun."""
        return len(self._waiting)

    @property
    def under_way(self) -> int:
        """How many texts are being written."""
        return len(self._going)

    def submit(self, jobs: Sequence[Job]) -> None:
        """Take in jobs, all or none. Raises `Busy`."""
        with self._news:
            if self._closing or len(self._waiting) + len(jobs) > self._most_waiting:
                raise Busy
            self._waiting.extend(jobs)
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
                self._news.wait_for(lambda: self._waiting or self._going or self._closing)
                if self._closing:
                    break
            try:
                self._take_in()
                self._step()
            except Exception as error:  # noqa: BLE001 (the boundary of the thread: the server goes on)
                self._backend.contexts.give_up()
                self._going += self._begun
                self._begun = []
                for going in self._going:
                    going.failure = Failure(FailureKind.BACKEND, f"{type(error).__name__}: {error}")
                self._tell_and_let_go()
        left: list[Job] = [*self._going, *self._waiting]
        for job in left:
            job.failure = Failure(FailureKind.BACKEND, "the server is shutting down")
            _tell(job)

    def _take_in(self) -> None:
        """Begin with what waits, as far as there is room."""
        contexts = self._backend.contexts
        new = 0
        while self._waiting and new < _NEW_TOKENS:
            job = self._waiting[0]
            others = (*self._going, *self._begun)
            if others and job.size + sum(each.size for each in others) > MOST_TOKENS:
                break
            self._waiting.popleft()
            if job.cancelled:
                continue
            try:
                if isinstance(job, Generation):
                    job.begin(contexts, self._constraints)
                    self._begun.append(job)
                    new += 1 + job.computed
                    continue
                contexts.run([])  # what has begun does not share the fate of this one
                job.run(self._backend)
                new += _NEW_TOKENS
            except Unusable as reason:
                job.failure = reason.failure
            except Exception as error:  # noqa: BLE001 (one job must not end the server)
                if not isinstance(job, Generation):
                    contexts.give_up()
                job.failure = Failure(FailureKind.BACKEND, f"{type(error).__name__}: {error}")
            self.answered += 1
            _tell(job)
        contexts.run([])
        self._states += [job.first() for job in self._begun]
        self._going += self._begun
        self._begun = []
        contexts.prefixes.trim()

    def _step(self) -> None:
        """Give every text its next token."""
        model = self._backend.contexts.model
        start = 0
        while start < len(self._going):
            end, rows = start, 0
            while end < len(self._going) and rows < LOGIT_ROWS:
                rows += len(self._states[end])
                end += 1
            logs = model.log_probabilities(torch.cat(self._states[start:end])).numpy()  # [rows, vocabulary]
            place = 0
            for job, own in zip(self._going[start:end], self._states[start:end], strict=True):
                if not job.is_over:
                    job.step(list(logs[place : place + len(own)]))
                place += len(own)
            start = end
        self._tell_and_let_go()
        self._states = run(model, [job.block(self._backend.contexts) for job in self._going])

    def _tell_and_let_go(self) -> None:
        for job in self._going:
            job.tell(job)
        self.answered += sum(job.is_over for job in self._going)
        self._going = [job for job in self._going if not job.is_over]
        if not self._going:
            self._states = []


def _tell(job: Job) -> None:
    if isinstance(job, Generation):
        job.tell(job)
    else:
        job.tell()
