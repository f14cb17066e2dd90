"""Models that are loaded only when something new is asked, for runs that have most replies in their record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.errors import BadInput, Unrecorded
from engine.llm.requests import Answer, Backend, Request
from engine.llm.stream import Stream, Urgency, as_stream


class LazyBackend:
    """Goes by the identity of the model that gave the recorded replies, and loads it at the first new request."""

    def __init__(self, identity: str, load: Callable[[], Backend]) -> None:
        self.identity = identity
        self._load = load
        self._backend: Backend | None = None
        self._stream: Stream | None = None

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer all requests. Raises `BadInput` when the model is not there or is another one."""
        return self._opened().answer(requests)

    def put(self, request: Request, urgency: Urgency = ()) -> int:
        """Take in a request (see `Stream`). Raises `BadInput` when the model is not there or is another one."""
        self._stream = self._stream or as_stream(self._opened())
        return self._stream.put(request, urgency)

    def advance(self) -> list[tuple[int, Answer]]:
        """Work on what was put in (see `Stream`)."""
        return self._stream.advance() if self._stream else []

    def _opened(self) -> Backend:
        if self._backend is None:
            backend = self._load()
            if backend.identity != self.identity:
                problem = (
                    f"this model is {backend.identity}, but the recorded replies are of {self.identity}: "
                    "they would not fit together (allowed: the same model, or recorded)"
                )
                raise BadInput("--model", problem)
            self._backend = backend
        return self._backend


class RecordedBackend:
    """Knows nothing but what is recorded."""

    def __init__(self, identity: str) -> None:
        self.identity = identity

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        """Raise `Unrecorded`: whatever is asked here has no recorded reply."""
        raise Unrecorded(requests[0].purpose)
