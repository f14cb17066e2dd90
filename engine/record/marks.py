"""Marks: what a log began with, so that it can be told later whether it still does.

The manifest keeps marks of the first 1, 2, 4, … frames of a log, and of all that were on disk when it was written. What
is appended afterwards leaves them true; what is exchanged, taken out or cut off before does not.
"""

from __future__ import annotations

import hashlib

from pydantic import BaseModel, ConfigDict, Field


class PayloadsDigest:
    """BLAKE2 over the payloads of a log in order: two runs that did the same have the same digest of their events."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def add(self, payload: bytes) -> None:
        """Take in the next payload."""
        self._hash.update(payload)

    @property
    def value(self) -> str:
        """The digest so far, 32 hexadecimal digits."""
        return self._hash.hexdigest()


class Mark(BaseModel):
    """The digest of the first so many payloads of a log (see `PayloadsDigest`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    frames: int = Field(ge=1)
    digest: str


class Tally:
    """Counts the frames of a log from the first on, and marks its beginnings."""

    def __init__(self) -> None:
        self.frames = 0
        self._digest = PayloadsDigest()
        self._marks: list[Mark] = []
        self._next = 1
        """The number of frames that are marked next."""

    def add(self, payload: bytes) -> None:
        """Take in the next frame."""
        self._digest.add(payload)
        self.frames += 1
        if self.frames == self._next:
            self._marks.append(self.latest)
            self._next *= 2

    @property
    def latest(self) -> Mark:
        """The mark of all frames so far, one or more."""
        return Mark(frames=self.frames, digest=self._digest.value)

    @property
    def marks(self) -> list[Mark]:
        """The marks of the first 1, 2, 4, … frames, and of all."""
        is_marked = self.frames in (0, self._next // 2)
        return [*self._marks, *([] if is_marked else [self.latest])]
