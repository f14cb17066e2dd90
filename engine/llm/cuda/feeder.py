"""Bringing to the GPU what it has not, ahead of its use, while others compute."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import torch
from torch import Tensor

from engine.llm.cuda.streams import Copying, Event, moment, wait_for
from engine.llm.tiers.reader import Reader

Source = Tensor | tuple[Reader, int]
"""Locked memory, uint8 [size], or which extent of a file that a reader reads into locked memory."""


class Feeder:
    """Gives pieces, of which there is at least one, in turn and round and round, as uint8 [size] on the GPU.

    Of its buffers one is computed with, while the next ones are filled.
    """

    def __init__(self, sources: Sequence[Source], sizes: Sequence[int], device: str, buffers: int) -> None:
        self._sources = sources
        self._sizes = sizes
        self._device = device
        count = min(buffers, len(sources))
        self._buffers = [torch.empty(max(sizes), dtype=torch.uint8, device=device) for _ in range(count)]
        self._free: list[Event | None] = [moment(device)] * count  # their memory may have been others' until now
        """When what was computed with a buffer is over."""
        self._ahead: deque[tuple[int, int, Event | None]] = deque()
        """Piece, buffer, and when it is there."""
        self._idle = deque(range(count))
        self._used: int | None = None
        self._next = 0
        self._copying = Copying(device, self._buffers)
        self._from_disk: Event | None = None

    def take(self, number: int) -> Tensor:
        """Return a piece, valid until the next call. Any may be asked for; the next one is quickest.

        Raises `RunFailed` when it has to be read from disk and cannot be.
        """
        if self._used is not None:
            self._free[self._used] = moment(self._device)
            self._idle.append(self._used)
            self._used = None
        while self._ahead and self._ahead[0][0] != number:
            self._drop()
        if not self._ahead:
            self._next = number
            self._bring()
        _, self._used, there = self._ahead.popleft()
        wait_for(there)
        while self._idle:
            self._bring()
        return self._buffers[self._used][: self._sizes[number]]

    def forget(self) -> None:
        """Drop what was brought ahead."""
        while self._ahead:
            self._drop()

    def _drop(self) -> None:
        self._idle.append(self._ahead.popleft()[1])

    def _bring(self) -> None:
        number = self._next
        source = self._sources[number]
        from_disk = isinstance(source, tuple)
        if isinstance(source, tuple):
            if self._from_disk is not None:
                self._from_disk.synchronize()  # the reader uses the memory again that was copied from
            reader, place = source
            source = reader.take(place)
        buffer = self._idle.popleft()
        self._next = (number + 1) % len(self._sources)
        there = self._copying.copy(source, self._buffers[buffer][: self._sizes[number]], self._free[buffer])
        if from_disk:
            self._from_disk = there
        self._ahead.append((number, buffer, there))
