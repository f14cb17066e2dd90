"""Coroutines that run beside the program, and what comes of them, in the order in which it comes."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
Result = TypeVar("Result")
T = TypeVar("T")


class Background(Generic[Key, Result]):
    """An event loop in a thread of its own. The program is never made to wait for it at its end."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model server", daemon=True)
        self._thread.start()
        self._done: queue.SimpleQueue[tuple[Key, Result | BaseException]] = queue.SimpleQueue()
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run one coroutine to its end and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def start(self, key: Key, work: Coroutine[Any, Any, Result]) -> None:
        """Begin with a coroutine; what comes of it, result or exception, is for `take`."""
        self._loop.call_soon_threadsafe(self._begin, key, work)

    def put(self, key: Key, result: Result) -> None:
        """Add a result that is there already."""
        self._done.put((key, result))

    def take(self, wait: float) -> list[tuple[Key, Result | BaseException]]:
        """Return what has come since the last time, waiting up to `wait` seconds for something."""
        found = []
        try:
            found.append(self._done.get(timeout=wait) if wait > 0 else self._done.get_nowait())
            while True:
                found.append(self._done.get_nowait())
        except queue.Empty:
            return found

    def close(self, last: Callable[[], Coroutine[Any, Any, None]], grace: float) -> None:
        """Let what is under way end within `grace` seconds, cancel the rest, run `last`, and end the thread.

        An interrupt shortens the grace. What has come can still be taken.
        """
        if self._loop.is_closed():
            return
        with suppress(KeyboardInterrupt):
            self.run(self._settle(grace))
        self.run(self._cancel())
        self.run(last())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _begin(self, key: Key, work: Coroutine[Any, Any, Result]) -> None:
        task = self._loop.create_task(self._follow(key, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self, key: Key, work: Coroutine[Any, Any, Result]) -> None:
        try:
            self._done.put((key, await work))
        except Exception as error:  # noqa: BLE001 (whoever takes it judges it)
            self._done.put((key, error))

    async def _settle(self, grace: float) -> None:
        if self._tasks and grace > 0:
            await asyncio.wait(self._tasks, timeout=grace)

    async def _cancel(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
