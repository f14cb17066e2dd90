"""A run on disk: ``manifest.json``, ``events.log``, ``replies.log``; all else is derived from these three."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import BadInput, RunFailed
from engine.record.beginning import missing_in
from engine.record.event_log import read_events
from engine.record.events import Event
from engine.record.frames import DamagedLog, FrameWriter, LogKind
from engine.record.lock import locked_folder
from engine.record.manifest import DRAFT, NAME, Holdings, Manifest
from engine.record.verification import Verification, verify


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of one run."""

    path: Path
    manifest: Manifest

    @classmethod
    def create(cls, path: Path, manifest: Manifest) -> RunFolder:
        """Begin a run in a new or empty folder; of those who do so at once, one succeeds.

        Raises `BadInput` when it already holds something, and `RunFailed` when the disk refuses.
        """
        cls.refuse_occupied(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            with locked_folder(path):
                cls.refuse_occupied(path)  # somebody may have been faster
                manifest.write(path)
        except OSError as error:
            raise RunFailed(f"{path}: cannot be written: {error.strerror}") from error
        return cls(path, manifest)

    @staticmethod
    def refuse_occupied(path: Path) -> None:
        """Raise `BadInput` when a new run cannot begin at `path` because something is there."""
        try:
            occupied = path.exists() and (not path.is_dir() or any(inside.name != DRAFT for inside in path.iterdir()))
        except OSError as error:
            raise BadInput(str(path), f"cannot be looked into: {error.strerror}") from error
        above = next((parent for parent in path.absolute().parents if parent.exists()), path)
        if not above.is_dir():
            raise BadInput(str(path), f"cannot be a folder, because {above} is a file")
        if occupied and (path / NAME).exists():
            problem = "holds a run already (go on with it by thorp resume, or choose another folder with --out)"
            raise BadInput(str(path), problem)
        if occupied:
            raise BadInput(str(path), "is not empty; a run needs a folder of its own (choose another with --out)")

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open an existing run. Raises `BadInput` when it is not one."""
        return cls(path, Manifest.read(path))

    def rewritten(self, **changes: Any) -> RunFolder:
        """Return the run with another manifest, which replaces the one on disk at once or not at all.

        Only for who holds the locks of the logs. Raises `RunFailed` when the disk refuses.
        """
        manifest = self.manifest.model_copy(update=changes)
        try:
            manifest.write(self.path)
        except OSError as error:
            raise RunFailed(f"{self.path}: cannot be written: {error.strerror}") from error
        return replace(self, manifest=manifest)

    def holding(self, events: FrameWriter, replies: FrameWriter, **changes: Any) -> RunFolder:
        """Put the logs on disk and then say in the manifest what they hold, with other changes; as `rewritten` does."""
        holds = Holdings(events=events.marks(), replies=replies.marks())
        changes = {"holds": holds, **changes}
        if all(getattr(self.manifest, key) == value for key, value in changes.items()):
            return self
        return self.rewritten(**changes)

    @property
    def events_path(self) -> Path:
        """The log of events."""
        return self.path / "events.log"

    @property
    def replies_path(self) -> Path:
        """The log of recorded replies."""
        return self.path / "replies.log"

    def events(self) -> Iterator[Event]:
        """Yield the run's events in order."""
        return read_events(self.events_path)

    def whole_events(self) -> Iterator[Event]:
        """Yield the run's events in order up to a torn tail, as a crash leaves it; none if there is no log yet."""
        try:
            yield from self.events() if self.events_path.exists() else ()
        except DamagedLog as damage:
            if not damage.torn:
                raise

    def missing(self, kind: LogKind) -> DamagedLog | None:
        """Return that a log, up to a torn end, is shorter than it was on disk once, if it is and the manifest knows.

        Raises `BadInput` when it is damaged in another way, or is not the log that the manifest speaks of.
        """
        path = self.events_path if kind is LogKind.EVENTS else self.replies_path
        found = missing_in(path, kind, self.manifest.marks(kind))
        if found is None and kind is LogKind.REPLIES and not path.exists() and any(True for _ in self.whole_events()):
            return DamagedLog(path, 0, 0, "the log is not there, though there is one of events")
        return found

    def verify(self) -> Verification:
        """Check every frame, the keys of the events and the copies in the manifest, and gather the faults."""
        return verify(self.manifest, self.events_path, self.replies_path)
