"""Holding a log against the marks that its manifest has of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.record.frames import HEADER_SIZE, DamagedLog, Frame, LogKind, whole_frames
from engine.record.marks import Mark, PayloadsDigest


class Beginning:
    """Looks at the frames of a log, from the first on, and finds what is not as it was when it was marked."""

    def __init__(self, path: Path, kind: LogKind, marks: Sequence[Mark]) -> None:
        self._path = path
        self._kind = kind
        self._digests = {mark.frames: mark.digest for mark in marks}
        self._most = max(self._digests, default=0)
        self._digest = PayloadsDigest()
        self._frames = 0
        self._since = 0, HEADER_SIZE
        """The number and the offset of the first frame that no mark has confirmed."""
        self._end = HEADER_SIZE
        self.fault: DamagedLog | None = None
        """What differs first."""

    def look_at(self, frame: Frame) -> None:
        """Take in the next frame."""
        self._digest.add(frame.payload)
        self._frames += 1
        self._end = frame.start + len(frame.payload)
        digest = self._digests.get(self._frames)
        if digest is None or self.fault is not None:
            return
        if self._digest.value != digest:
            number, offset = self._since
            where = f"from here to frame {frame.number}"
            problem = f"{where} it is not what the manifest says it held: of another run, or moved, taken out, put in"
            self.fault = DamagedLog(self._path, offset, number, problem)
        self._since = self._frames, self._end

    @property
    def missing(self) -> DamagedLog | None:
        """That the log has ended too early, if it has ended now and has done so."""
        if self._frames >= self._most:
            return None
        problem = f"the log ends here, but the manifest says that it held {self._most} {self._kind.name.lower()}"
        return DamagedLog(self._path, self._end, self._frames, problem)


def missing_in(path: Path, kind: LogKind, marks: Sequence[Mark]) -> DamagedLog | None:
    """Return that a log ends earlier than its manifest says, if it does; it need not be there.

    Raises `BadInput` when it is damaged in another way than by a crash, or does not begin as the manifest says.
    """
    beginning = Beginning(path, kind, marks)
    for frame in whole_frames(path, kind):
        beginning.look_at(frame)
    if beginning.fault is not None:
        raise beginning.fault
    return beginning.missing
