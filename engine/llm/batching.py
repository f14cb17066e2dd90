"""Continuous batching: the jobs of all requests go through the model together, each from when it comes to when it ends.

In every pass all texts that are being written advance by a token, and beside them new contexts are read in portions of
at most `Sizes.read` tokens, the most urgent ones first; a context that several jobs share is read once. A job is begun
when there is room for the keys and values that it may need. Nothing here has an influence on answers, only on when they
come (`llama`: every row gets the same bits whatever blocks share its pass).

The scheme is that of Orca (Yu et al. 2022) and vLLM (Kwon et al. 2023), with the prefix tree of SGLang (Zheng et al.
2024).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import torch
from torch import Tensor

from engine.llm.decoder import LOGIT_ROWS, Block
from engine.llm.jobs import Compute, Job, Predict, Wait, Wish
from engine.llm.kv import PASS_TOKENS, Node, Prefixes, run
from engine.llm.requests import Answer, Failure, FailureKind, Urgency

READ: Final = 510
ROOM: Final = 24576


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large passes are, and how much is under way at once, in tokens."""

    read: int = READ
    """About so many tokens of new contexts and options are read in one pass."""
    most: int = PASS_TOKENS
    """A pass has at most so many tokens, or one block."""
    room: int = ROOM
    """Jobs are begun as long as they need keys and values for no more tokens than this together; it bounds memory."""
    strict: bool = False
    """Whether a job that needs more room than there is fails. Else it is done alone."""


@dataclass(slots=True, order=True)
class _Entry:
    """A job on its way: what it waits for, if it has begun, and how many tokens it may need room for."""

    urgency: Urgency
    ticket: int
    begin: Callable[[], Job] = field(compare=False)
    tokens: int = field(compare=False)
    job: Job | None = field(compare=False, default=None)
    wish: Wish = field(compare=False, default_factory=Wait)


class Batching:
    """The jobs that wait and those under way."""

    def __init__(self, prefixes: Prefixes, sizes: Sizes = Sizes()) -> None:
        self._prefixes = prefixes
        self._sizes = sizes
        self._model = prefixes.model
        self._waiting: list[_Entry] = []
        self._going: list[_Entry] = []
        """By urgency."""
        self._done: list[tuple[int, Answer]] = []

    @property
    def waiting(self) -> int:
        """How many jobs have not begun."""
        return len(self._waiting)

    @property
    def under_way(self) -> int:
        """How many jobs have begun."""
        return len(self._going)

    def put(self, ticket: int, begin: Callable[[], Job], tokens: int, urgency: Urgency = ()) -> None:
        """Take in a job that needs room for at most so many tokens. Equally urgent ones go by their tickets."""
        heapq.heappush(self._waiting, _Entry(urgency, ticket, begin, tokens))

    def urge(self, urgencies: Mapping[int, Urgency]) -> None:
        """Take note of how urgent jobs are by now, by their tickets."""
        for entry in (*self._waiting, *self._going):
            entry.urgency = urgencies.get(entry.ticket, entry.urgency)
        heapq.heapify(self._waiting)

    def drop(self, tickets: set[int]) -> None:
        """Give up jobs whose answers nobody wants any more."""
        self._waiting = [entry for entry in self._waiting if entry.ticket not in tickets]
        heapq.heapify(self._waiting)
        for entry in [entry for entry in self._going if entry.ticket in tickets]:
            self._end(entry)

    def advance(self) -> list[tuple[int, Answer]]:
        """Let all jobs advance by one pass of the model; return (ticket, answer) of those that are done.

        A pass that is interrupted can be made again.
        """
        self._admit()
        reading, ready = self._next_pass()
        if ready or reading:
            self._compute(reading, ready)
        for entry in [entry for entry in self._going if isinstance(entry.wish, Wait)]:
            self._resume(entry, [])
        self._predict()
        self._prefixes.trim()
        done, self._done = self._done, []
        return done

    def _admit(self) -> None:
        used, room = sum(entry.tokens for entry in self._going), self._sizes.room
        while self._waiting and (not self._going or used + self._waiting[0].tokens <= room):
            entry = heapq.heappop(self._waiting)
            if self._sizes.strict and entry.tokens > room:
                problem = f"needs keys and values of {entry.tokens} tokens, and memory was given for {room}"
                self._done.append((entry.ticket, Answer(Failure(FailureKind.TOO_LONG, problem))))
                continue
            used += entry.tokens
            self._going.append(entry)
            try:
                entry.job = entry.begin()
            except Exception as error:  # noqa: BLE001 (a failing job is the failure of its request alone)
                self._end(entry, _failure(error))
            else:
                self._resume(entry, None)
        self._going.sort()

    def _next_pass(self) -> tuple[list[Node], list[_Entry]]:
        """Return the contexts to read in the next pass, and the jobs that will then have what they wish for."""
        reading: dict[Node, None] = {}
        ready: list[_Entry] = []
        count = 0
        for entry in self._going:
            wish = entry.wish
            if not isinstance(wish, Compute):
                continue
            unread = dict.fromkeys(node for end in wish.contexts for node in end.chain() if node.last is None)
            new = [node for node in unread if node not in reading]
            if wish.contexts and count >= self._sizes.read:
                continue  # texts under way, which read no contexts, always advance
            for node in new:
                if reading and count + len(node.tokens) > self._sizes.read:
                    break
                reading[node] = None
                count += len(node.tokens)
            if all(node in reading for node in new):
                ready.append(entry)
                count += sum(len(block.tokens) for block in wish.blocks) if wish.contexts else 0
        return list(reading), ready

    def _compute(self, reading: Sequence[Node], ready: Sequence[_Entry]) -> None:
        """Read contexts, compute what jobs wish for, and let them go on."""
        wishes = [entry.wish for entry in ready if isinstance(entry.wish, Compute)]
        blocks: list[Block] = [block for wish in wishes for block in wish.blocks]
        try:
            hidden = iter(run(self._model, [*reading, *blocks], self._sizes.most)[len(reading) :])
        except Exception as error:  # noqa: BLE001 (this is the boundary: one request must not stop a simulation)
            if len(ready) <= 1:
                for entry in ready or [entry for entry in self._going if isinstance(entry.wish, Compute)][:1]:
                    self._end(entry, _failure(error))
                return
            for entry, wish in zip(ready, wishes, strict=True):
                unread = dict.fromkeys(node for end in wish.contexts for node in end.chain() if node.last is None)
                self._compute(list(unread), [entry])
            return
        for entry, wish in zip(ready, wishes, strict=True):
            self._resume(entry, [next(hidden) for _ in wish.blocks])

    def _predict(self) -> None:
        """Compute what may follow the states of all jobs that ask for it, and let them go on."""
        while asking := [entry for entry in self._going if isinstance(entry.wish, Predict)]:
            failed: dict[int, Exception] = {}
            for piece in _pieces([entry.wish.states for entry in asking if isinstance(entry.wish, Predict)]):
                states = [self._states(asking[index])[start:end] for index, start, end in piece]
                try:
                    logs = self._model.log_probabilities(torch.cat(states))  # [rows of the piece, vocabulary]
                except Exception as error:  # noqa: BLE001 (this is the boundary: a failure must not stop a simulation)
                    failed |= dict.fromkeys((index for index, _, _ in piece), error)
                    continue
                first = 0
                for index, start, end in piece:
                    wish = asking[index].wish
                    assert isinstance(wish, Predict)
                    try:
                        wish.use(start, logs[first : first + end - start])
                    except Exception as error:  # noqa: BLE001 (a failing job is the failure of its request alone)
                        failed[index] = error
                    first += end - start
            for index, entry in enumerate(asking):
                if index in failed:
                    self._end(entry, _failure(failed[index]))
                else:
                    self._resume(entry, [])

    @staticmethod
    def _states(entry: _Entry) -> Tensor:
        assert isinstance(entry.wish, Predict)
        return entry.wish.states

    def _resume(self, entry: _Entry, found: list[Tensor] | None) -> None:
        """Let a job go on until its next wish or its answer."""
        assert entry.job is not None
        try:
            entry.wish = next(entry.job) if found is None else entry.job.send(found)
        except StopIteration as end:
            self._end(entry, end.value)
        except Exception as error:  # noqa: BLE001 (a failing job is the failure of its request alone)
            self._end(entry, _failure(error))

    def _end(self, entry: _Entry, answer: Answer | None = None) -> None:
        self._going.remove(entry)
        if entry.job is not None:
            entry.job.close()
        if answer is not None:
            self._done.append((entry.ticket, answer))


def _failure(error: Exception) -> Answer:
    return Answer(Failure(FailureKind.BACKEND, f"{type(error).__name__}: {error}"))


def _pieces(states: Sequence[Tensor]) -> list[list[tuple[int, int, int]]]:
    """Return (which states, from row, to row) in pieces of at most `LOGIT_ROWS` rows."""
    pieces: list[list[tuple[int, int, int]]] = []
    room = 0
    for index, own in enumerate(states):
        start = 0
        while start < len(own):
            if not room:
                pieces.append([])
                room = LOGIT_ROWS
            end = min(len(own), start + room)
            pieces[-1].append((index, start, end))
            room -= end - start
            start = end
    return pieces
