"""Reading pieces of a file ahead of their use.

The pieces of a model are used in the same order in every pass, so the next ones are known: a thread reads them into a
fixed set of buffers while those before are computed with.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from engine.errors import RunFailed
from engine.llm.embedded import unpin_thread

BUFFERS: Final = 3
"""Of these one is computed with, while the next ones are read."""


@dataclass(frozen=True, slots=True)
class Extent:
    """A run of bytes in a file."""

    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A piece on its way into a buffer."""

    number: int
    buffer: Tensor
    done: Future[None]


def _memory(size: int) -> Tensor:
    return torch.empty(size, dtype=torch.uint8)


class Reader:
    """Gives the extents of a file, of which there is at least one, in turn and round and round."""

    def __init__(
        self,
        path: Path,
        extents: Sequence[Extent],
        cores: Sequence[int] = (),
        buffers: int = BUFFERS,
        memory: Callable[[int], Tensor] = _memory,
    ) -> None:
        self.path = path
        self._extents = extents
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._thread = ThreadPoolExecutor(1, "reader", initializer=unpin_thread, initargs=(cores,))
        size = max(extent.size for extent in extents)
        self._buffers = [memory(size) for _ in range(min(buffers, len(extents)))]
        self._ahead: deque[_Reading] = deque()
        self._used: Tensor | None = None
        self._next = 0

    def take(self, number: int) -> Tensor:
        """Return an extent, uint8 [size], valid until the next call. Any may be asked for; the next one is quickest.

        Raises `RunFailed` when it cannot be read.
        """
        self._used = None
        while self._ahead and self._ahead[0].number != number:
            self._drop()
        if not self._ahead:
            self._next = number
        self._read_ahead()
        reading = self._ahead[0]
        self._used = reading.buffer
        self._ahead.popleft()
        try:
            reading.done.result()
        except OSError as error:
            raise RunFailed(f"{self.path}: cannot be read: {error.strerror or error}") from error
        self._read_ahead()
        return reading.buffer[: self._extents[number].size]

    def forget(self) -> None:
        """Drop what was read ahead, and what the system keeps of the file in memory: as after a start."""
        while self._ahead:
            self._drop()
        os.posix_fadvise(self._file, 0, 0, os.POSIX_FADV_DONTNEED)

    def close(self) -> None:
        """Stop reading."""
        while self._ahead:
            self._drop()
        self._thread.shutdown()
        os.close(self._file)

    def _read_ahead(self) -> None:
        for buffer in self._buffers:
            if buffer is self._used or any(buffer is reading.buffer for reading in self._ahead):
                continue
            extent = self._extents[self._next]
            done = self._thread.submit(self._read, buffer, extent)
            self._ahead.append(_Reading(self._next, buffer, done))
            self._next = (self._next + 1) % len(self._extents)

    def _drop(self) -> None:
        reading = self._ahead.popleft()
        if not reading.done.cancel():
            reading.done.exception()  # waits; whoever needs the piece sees the fault

    def _read(self, buffer: Tensor, extent: Extent) -> None:
        read_extent(self._file, extent, buffer)


def read_extent(file: int, extent: Extent, into: Tensor) -> None:
    """Read an extent of an open file into memory of at least its size, uint8. Raises `OSError`."""
    view, offset = into.numpy().data[: extent.size], extent.offset
    while view:
        count = os.preadv(file, [view], offset)
        if not count:
            raise OSError("it ends before its end")
        view, offset = view[count:], offset + count
