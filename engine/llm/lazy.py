"""Models that are loaded only when something new is asked, for runs that have most replies in their record."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.errors import BadInput, Unrecorded
from engine.llm.requests import Answer, Backend, Request


class LazyBackend:
    """Goes by the identity of the model that gave the recorded replies, and loads it at the first new request."""

    def __init__(self, identity: str, load: Callable[[], Backend]) -> None:
        self.identity = identity
        self._load = load
        self._backend: Backend | None = None

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer all requests. Raises `BadInput` when the model is not there or is another one."""
        return self.model().answer(requests)

    def model(self) -> Backend:
        """Return the model itself. Raises `BadInput` when it is not there or is another one."""
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
