"""Models that take requests at any time, and any other model made into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from engine.errors import ThorpError
from engine.llm.requests import Answer, Backend, Failure, FailureKind, Request

Urgency = tuple[int, ...]
"""The smaller, the more urgent."""


@runtime_checkable
class Stream(Protocol):
    """A model that takes requests at any time and gives each answer as soon as it is there."""

    def put(self, request: Request, urgency: Urgency = ()) -> int:
        """Take in a request and return its ticket. The more urgent ones are worked on first."""
        ...

    def advance(self) -> list[tuple[int, Answer]]:
        """Work on what was put in for a while; return (ticket, answer) of what is done by now, perhaps nothing."""
        ...


class Batches:
    """A `Backend` as a `Stream`: everything that was put in is answered together."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._waiting: dict[int, Request] = {}
        self._tickets = 0

    def put(self, request: Request, urgency: Urgency = ()) -> int:  # noqa: ARG002
        """Take in a request."""
        self._tickets += 1
        self._waiting[self._tickets] = request
        return self._tickets

    def advance(self) -> list[tuple[int, Answer]]:
        """Answer everything."""
        answers = answer_apart(self._backend, list(self._waiting.values()))
        tickets, self._waiting = list(self._waiting), {}
        return list(zip(tickets, answers, strict=True))


def as_stream(backend: Backend) -> Stream:
    """Return a backend itself if it is a stream, else one that answers in batches."""
    return backend if isinstance(backend, Stream) else Batches(backend)


def answer_apart(backend: Backend, requests: Sequence[Request]) -> list[Answer]:
    """Let a backend answer; one that raises answers one by one, so that what fails fails alone."""
    try:
        return backend.answer(requests) if requests else []
    except ThorpError:
        raise  # not about a request: the model itself is not there
    except Exception as error:  # noqa: BLE001  a request must not end a run
        if len(requests) == 1:
            return [Answer(Failure(FailureKind.BACKEND, f"{type(error).__name__}: {error}"))]
        return [answer for request in requests for answer in answer_apart(backend, [request])]
