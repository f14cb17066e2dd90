"""A run on disk: ``manifest.json``, ``events.log``, ``replies.log``; all else is derived from these three."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadInput, RunFailed
from engine.record.event_log import EventsDigest, read_events
from engine.record.events import WORLD_AGENT, Event, encode_event
from engine.record.frames import DamagedLog, LogKind, read_frames
from engine.record.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Verification:
    """What `RunFolder.verify` found: counts, the digest of the whole events, and every fault as a sentence."""

    events: int
    replies: int
    events_digest: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of one run."""

    path: Path
    manifest: Manifest

    @classmethod
    def create(cls, path: Path, manifest: Manifest) -> RunFolder:
        """Begin a run in a new or empty folder.

        Raises `BadInput` when it already holds something, and `RunFailed` when the disk refuses.
        """
        cls.refuse_occupied(path)
        try:
            path.mkdir(parents=True, exist_ok=True)
            manifest.write(path)
        except OSError as error:
            raise RunFailed(f"{path}: cannot be written: {error.strerror}") from error
        return cls(path, manifest)

    @staticmethod
    def refuse_occupied(path: Path) -> None:
        """Raise `BadInput` when a new run cannot begin at `path` because something is there."""
        try:
            occupied = path.exists() and (not path.is_dir() or any(path.iterdir()))
        except OSError as error:
            raise BadInput(str(path), f"cannot be looked into: {error.strerror}") from error
        above = next((parent for parent in path.absolute().parents if parent.exists()), path)
        if not above.is_dir():
            raise BadInput(str(path), f"cannot be a folder, because {above} is a file")
        if occupied:
            raise BadInput(str(path), "is not empty; a run needs a folder of its own (choose another with --out)")

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open an existing run. Raises `BadInput` when it is not one."""
        return cls(path, Manifest.read(path))

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

    def verify(self) -> Verification:
        """Check every frame, the order of the events and the copies in the manifest, and gather the faults."""
        faults: list[str] = []
        digest, events, replies, strangers = EventsDigest(), 0, 0, 0
        try:
            for event in self.events():
                digest.add(encode_event(event))
                events += 1
                strangers += not WORLD_AGENT <= event.key.agent < len(self.manifest.people)
        except BadInput as error:
            faults.append(_describe(error))
        if strangers:
            faults.append(f"{self.events_path}: {strangers} events are of agents whom the manifest does not name")
        try:
            replies = sum(1 for _ in read_frames(self.replies_path, LogKind.REPLIES))
        except BadInput as error:
            faults.append(_describe(error))
        for attachment in self.manifest.attachments.values():
            try:
                attachment.content()
            except BadInput as error:
                faults.append(str(error))
        return Verification(events, replies, digest.value, tuple(faults))


def _describe(error: BadInput) -> str:
    if isinstance(error, DamagedLog) and error.torn:
        return f"{error} (a torn tail: what a crash leaves; everything before it is whole)"
    return str(error)
