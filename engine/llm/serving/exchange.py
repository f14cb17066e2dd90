"""The way between the thread that works and a call that waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.requests import ClientDisconnect, Request

from engine.llm.requests import Failure, FailureKind
from engine.llm.serving.jobs import Generation, Meaning, Order, Reading, Tokens
from engine.llm.serving.track import Drawn
from engine.llm.serving.wishes import Flaw

_LOOK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """What is new about one text of an answer."""

    index: int
    text: str
    drawn: Sequence[Drawn]
    finish: str


class Exchange:
    """What one call waits for."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news: asyncio.Queue[Piece | Order] = asyncio.Queue()
        self._pieces: list[Piece] = []

    def reading(self, texts: tuple[Tokens, ...]) -> Reading:
        """Return a job whose end is told here."""
        job = Reading(texts, lambda: self._put(job))
        return job

    def meaning(self, texts: tuple[str, ...]) -> Meaning:
        """Return a job whose end is told here."""
        job = Meaning(texts, lambda: self._put(job))
        return job

    def tell(self, job: Generation, index: int, streams: bool) -> None:
        """Pass on what is new about texts; called in the thread that works."""
        if (streams or job.is_over) and job.failure is None:
            for track in job.tracks:
                text = track.news()
                drawn = track.new_tokens()
                if text or drawn or (track.finish and not track.told):
                    track.told = bool(track.finish)
                    self._put(Piece(index + track.index, text, drawn, track.finish))
        if job.is_over:
            self._put(job)

    def _put(self, news: Piece | Order) -> None:
        with suppress(RuntimeError):  # the loop has ended, and with it everybody who waits
            self._loop.call_soon_threadsafe(self._news.put_nowait, news)

    async def pieces(self, jobs: Sequence[Order]) -> AsyncIterator[Piece]:
        """Yield what comes until all jobs are over. Raises `Flaw` when one fails; gives them up when it is left."""
        left = len(jobs)
        try:
            while left:
                news = await self._news.get()
                if isinstance(news, Piece):
                    yield news
                    continue
                left -= 1
                if news.failure is not None:
                    raise _flaw(news.failure)
        finally:
            for job in jobs:
                job.cancelled = True

    async def finished(self, request: Request, jobs: Sequence[Order]) -> None:
        """Wait until all jobs are over. Raises `Flaw`, and `ClientDisconnect` when nobody waits any more."""

        async def gather() -> None:
            self._pieces = [piece async for piece in self.pieces(jobs)]

        task = asyncio.ensure_future(gather())
        try:
            while not (await asyncio.wait({task}, timeout=_LOOK_SECONDS))[0]:
                if await request.is_disconnected():
                    raise ClientDisconnect
            task.result()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, Flaw):
                await task

    def whole(self) -> list[Piece]:
        """Return all texts in their order."""
        return sorted(self._pieces, key=lambda piece: piece.index)


def _flaw(failure: Failure) -> Flaw:
    """Return how a job's failure is said."""
    match failure.kind:
        case FailureKind.TOO_LONG:
            return Flaw(failure.detail, "prompt", code="context_length_exceeded")
        case FailureKind.MISFIT:
            return Flaw(failure.detail[:500], "response_format")
        case _:
            return Flaw(failure.detail[:500], status=500)
