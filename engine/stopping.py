"""Ending a run on Ctrl-C or SIGTERM at a moment at which nothing is half done."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Self

from engine.errors import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopSignals:
    """While this is open the first signal is kept until `check` is called; a second one ends the run at once.

    In a thread other than the main one signals are left alone.
    """

    def __init__(self) -> None:
        self._received: signal.Signals | None = None
        self._before: dict[signal.Signals, signal._HANDLER] = {}

    def check(self) -> None:
        """Raise `Interrupted` if a signal has come."""
        if self._received is not None:
            by_hand = self._received is signal.SIGINT
            raise Interrupted("stopped by hand" if by_hand else f"stopped by {self._received.name}")

    def _receive(self, number: int, _: FrameType | None) -> None:
        if self._received is not None:
            raise KeyboardInterrupt
        self._received = signal.Signals(number)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {each: signal.signal(each, self._receive) for each in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)
