"""What a run shows to the person who waits for it. Everything here goes to stderr."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from engine.kernel.clock import Clock
from engine.kernel.kernel import Progress
from engine.kernel.lane import Lane
from engine.llm.service import ServiceStats

REDRAW_SECONDS = 0.1
PLAIN_SECONDS = 10.0
SPOTLIGHT_SECONDS = 2.0


class ProgressLine:
    """One line that stays up to date on a terminal; elsewhere a line every ten seconds."""

    def __init__(self, clock: Clock, end: int) -> None:
        self._clock = clock
        self._end = end
        self._console = Console(stderr=True)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._began = self._drawn = time.monotonic()

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._live.stop()

    def __call__(self, progress: Progress, stats: ServiceStats) -> None:
        """Show where the run is, not more often than one can read."""
        now = time.monotonic()
        if now - self._drawn < (REDRAW_SECONDS if self._console.is_terminal else PLAIN_SECONDS):
            return
        self._drawn = now
        line = self._line(progress, stats, now - self._began)
        if self._console.is_terminal:
            self._live.update(line, refresh=True)
        else:
            self._console.print(line, soft_wrap=True)

    def say(self, text: str) -> None:
        """Print a sentence, in rich markup, above the line."""
        self._console.print(text, soft_wrap=True, highlight=False)

    def _line(self, progress: Progress, stats: ServiceStats, elapsed: float) -> Text:
        tokens = stats.usage.computed + stats.usage.generated
        speed = tokens / stats.busy_seconds if stats.busy_seconds else 0.0
        done = min(1.0, progress.horizon / self._end) if self._end else 1.0
        line = Text(no_wrap=self._console.is_terminal, overflow="ellipsis")
        line.append(f"{self._clock.at(progress.horizon):%a %H:%M} ", style="bold cyan")
        line.append(f"{done:4.0%}  {elapsed:4.0f} s  ")
        line.append(f"{progress.events} events  {stats.requests} requests  {speed:.0f} tokens/s  ", style="dim")
        line.append(_spotlight(progress.lanes, elapsed), style="green")
        return line


def _spotlight(lanes: Sequence[Lane], elapsed: float) -> str:
    """One person after the other, and what they do."""
    lane = lanes[int(elapsed / SPOTLIGHT_SECONDS) % len(lanes)]
    return f"{lane.name}: {lane.activity}" if lane.activity else lane.name
