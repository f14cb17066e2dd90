"""Each engine in a process of its own, which sleeps while the others work.

Within one process they would be in each other's way: threads of torch that are pinned to cores (`pin_threads`) leave
their core to all threads that are started later, and two runtimes of OpenMP spin against each other.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

from engine.bench.peers import Peer
from engine.bench.result import seconds
from engine.bench.trace import Trace
from engine.errors import RunFailed

_PATIENCE: Final = 5.0
"""Seconds in which an engine may end by itself."""


class Apart:
    """An engine in a process of its own. Raises `ImportError` where what it needs is not installed.

    `make` makes the engine there, so it must be picklable.
    """

    def __init__(self, make: Callable[[], Peer]) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._connection: Any = ours
        self._at_work = True
        self._process = context.Process(target=_work, args=(theirs, make), daemon=True)
        self._process.start()
        theirs.close()
        try:
            self.name: str = self._received()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def replay(self, trace: Trace) -> tuple[float, int]:
        """Let it answer a trace; return how many seconds that took there, and how many tokens were generated."""
        took, generated = self.ask("replay", trace)
        return float(took), int(generated)

    def ask(self, method: str, *arguments: object) -> tuple[float, Any]:
        """Call a method of the engine; return how many seconds that took there, and what it returned.

        Raises `RunFailed` when it fails.
        """
        self._at_work = True
        self._connection.send((method, arguments))
        took, answer = self._received()
        return took, answer

    def close(self) -> None:
        """End the process, at once if it is at work."""
        self._connection.close()
        self._process.join(0.0 if self._at_work else _PATIENCE)
        self._process.terminate()
        self._process.join()

    def _received(self) -> Any:
        try:
            answer = self._connection.recv()
        except EOFError:
            raise RunFailed("the process of an engine has ended") from None
        self._at_work = False
        if isinstance(answer, Exception):
            raise answer
        return answer


def _work(connection: Any, make: Callable[[], Peer]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the benchmark, which ends this process
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # engines chatter
        os.dup2(nowhere, stream)
    try:
        peer = make()
        connection.send(peer.name)
        while True:
            method, arguments = connection.recv()
            answers: list[Any] = []
            took = seconds(lambda: answers.append(getattr(peer, method)(*arguments)))  # noqa: B023 (called at once)
            connection.send((took, answers[0]))
    except EOFError:
        return
    except ImportError as error:
        connection.send(ImportError(str(error), name=error.name))
    except Exception as error:  # noqa: BLE001 (it is told to who asked)
        connection.send(RunFailed(f"{type(error).__name__}: {error}"))
