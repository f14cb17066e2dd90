"""A second line of work on the GPU, that copies while the first computes.

Without a GPU there is one line only, and everything is done at once: so all of it can be tried on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

Event = Any
"""A moment in a line of work; nothing where everything is done at once."""


def moment(device: str) -> Event | None:
    """Return the moment when what was asked to be computed so far is done."""
    return None if device == "cpu" else torch.cuda.current_stream().record_event()


def wait_for(event: Event | None) -> None:
    """Let what is computed from now on wait for a moment."""
    if event is not None:
        torch.cuda.current_stream().wait_event(event)


def settle(device: str) -> None:
    """Wait until all that was asked for is done."""
    if device != "cpu":
        torch.cuda.synchronize()


class Copying:
    """Copies, one after another, into buffers whose memory becomes nobody else's before they are over."""

    def __init__(self, device: str, buffers: Sequence[Tensor]) -> None:
        self._stream = None if device == "cpu" else torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        if self._stream is not None:
            for buffer in buffers:
                buffer.record_stream(self._stream)

    def copy(self, source: Tensor, into: Tensor, after: Event | None) -> Event | None:
        """Copy after a moment of the other line; return the moment when it is there."""
        if self._stream is None:
            into.copy_(source)
            return None
        with torch.cuda.stream(self._stream):
            if after is not None:
                self._stream.wait_event(after)
            into.copy_(source, non_blocking=True)
            return self._stream.record_event()
