"""Looking for everything that can be wrong with the files of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadInput
from engine.record.beginning import Beginning
from engine.record.event_log import read_event_frames
from engine.record.events import WORLD_AGENT, Key
from engine.record.frames import DamagedLog, Frame, LogKind, read_frames
from engine.record.manifest import Manifest
from engine.record.marks import PayloadsDigest


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: counts, the digest of the whole events, and every fault as a sentence."""

    events: int
    replies: int
    events_digest: str
    faults: tuple[str, ...]


def verify(manifest: Manifest, events_path: Path, replies_path: Path) -> Verification:
    """Check every frame, the keys of the events, what the manifest knows of the logs, and the copies in it.

    A log is read up to its first frame that is not whole, no event, or out of order.
    """
    faults: list[str] = []
    digest, events, replies, keys = PayloadsDigest(), 0, 0, _Keys(manifest)
    with _told(Beginning(events_path, LogKind.EVENTS, manifest.marks(LogKind.EVENTS)), faults) as beginning:
        for frame, event in read_event_frames(events_path):
            digest.add(frame.payload)
            events += 1
            keys.look_at(frame, event.key)
            beginning.look_at(frame)
    faults += keys.faults(events_path)
    with _told(Beginning(replies_path, LogKind.REPLIES, manifest.marks(LogKind.REPLIES)), faults) as beginning:
        for frame in read_frames(replies_path, LogKind.REPLIES):
            replies += 1
            beginning.look_at(frame)
    for attachment in manifest.attachments.values():
        try:
            attachment.content()
        except BadInput as error:
            faults.append(str(error))
    return Verification(events, replies, digest.value, tuple(faults))


class _Keys:
    """Holds the keys of a run's events against its manifest; each fault is told once, with its first place."""

    def __init__(self, manifest: Manifest) -> None:
        self._agents = range(WORLD_AGENT, len(manifest.people))
        self._end = manifest.end
        self._seen: Counter[int] = Counter()
        """How many events of each agent there were."""
        self._first: dict[str, Frame] = {}
        self._times: Counter[str] = Counter()

    def look_at(self, frame: Frame, key: Key) -> None:
        """Take in the next event."""
        for problem in self._problems(key):
            self._first.setdefault(problem, frame._replace(payload=b""))
            self._times[problem] += 1

    def _problems(self, key: Key) -> Iterator[str]:
        if key.time < 0:
            yield "the event lies before the start"
        if key.time >= self._end:
            yield "the event lies after the end that the manifest gives"
        if key.agent not in self._agents:
            yield "the event is of an agent whom the manifest does not name"
        else:
            if key.sequence != self._seen[key.agent]:
                yield "the event is not the next one of its agent: something is missing before it"
            self._seen[key.agent] = key.sequence + 1

    def faults(self, path: Path) -> Iterator[str]:
        """Yield a sentence for each fault."""
        for problem, frame in self._first.items():
            more = f" (the first of {self._times[problem]} such events)" if self._times[problem] > 1 else ""
            yield str(DamagedLog(path, frame.offset, frame.number, f"{problem}{more}"))


@contextmanager
def _told(beginning: Beginning, faults: list[str]) -> Iterator[Beginning]:
    """Add to the faults why a log could not be read further, and how it differs from what the manifest knows of it."""
    ended = True
    try:
        yield beginning
    except BadInput as error:
        faults.append(_describe(error))
        ended = isinstance(error, DamagedLog) and error.torn
    found = beginning.fault or (beginning.missing if ended else None)
    if found is not None:
        faults.append(str(found))


def _describe(error: BadInput) -> str:
    if isinstance(error, DamagedLog) and error.torn:
        return f"{error} (a torn tail: what a crash leaves; everything before it is whole)"
    return str(error)
