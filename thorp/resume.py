"""Going on with a run that ended early, or beyond its end.

Nothing is restored: the run is performed again from the first second, with the recorded replies and against the
recorded events, which takes seconds; where the record ends, it simply goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import BadInput, Diverged
from engine.kernel.clock import Clock
from engine.llm.lazy import LazyBackend, RecordedBackend
from engine.llm.records import RecordedReplies, ReplyRecord
from engine.llm.requests import Backend
from engine.llm.service import Budget
from engine.llm.spec import RECORDED, ModelSpec
from engine.record.frames import DamagedLog, FrameWriter, LogKind, read_frames
from engine.record.manifest import NAME, Continuation
from engine.record.run_folder import RunFolder
from engine.record.shared_past import SharedPast
from thorp.manifest import Book, diverged, now, plan_from, schedule_of
from thorp.scenario import Plan
from thorp.town import Means, OnProgress, TownRun, concluded, perform


@dataclass(frozen=True, slots=True)
class Resumption:
    """A run to go on with: its folder, what to do until when, and with which model."""

    folder: RunFolder
    plan: Plan
    model: ModelSpec
    schedule: str

    @property
    def extends(self) -> bool:
        """Whether the run is to last longer than it was asked to before."""
        return self.plan.end > self.folder.manifest.end


def prepare_resumption(
    path: Path, until: str | None = None, model: ModelSpec | None = None, schedule: str | None = None
) -> Resumption:
    """Read a run folder. Without a model or schedule those of the run are taken. Raises `BadInput`; changes nothing."""
    folder = RunFolder.open(path)
    manifest = folder.manifest
    plan = plan_from(manifest, path)
    if until is not None:
        plan = replace(plan, end=_later_end(plan.clock, until, manifest.end))
    for log, kind in ((folder.events_path, LogKind.EVENTS), (folder.replies_path, LogKind.REPLIES)):
        _check(log, kind)
    model = model or ModelSpec.parse(manifest.model, str(path / NAME))
    return Resumption(folder, plan, model, schedule or schedule_of(manifest, path))


def _later_end(clock: Clock, until: str, end: int) -> int:
    try:
        later = clock.parse(until)
    except ValueError as error:
        raise BadInput("--until", str(error)) from None
    if later < end:
        problem = f"'{until}' is {clock.label(later)}, before the end of the run, {clock.label(end)}"
        raise BadInput("--until", f"{problem}; it can only be made longer")
    return later


def _check(path: Path, kind: LogKind) -> None:
    """Raise `BadInput` if a log is damaged in another way than by a crash, which cuts off its last frame."""
    try:
        for _ in read_frames(path, kind) if path.exists() else ():
            pass
    except DamagedLog as damage:
        if not damage.torn:
            raise


def resume(
    what: Resumption,
    load: Callable[[ModelSpec], Backend],
    budget: Budget,
    command: Sequence[str],
    on_progress: OnProgress,
    say: Callable[[str], None],
    begun: Callable[[], None] = lambda: None,
) -> TownRun:
    """Go on with a run. `load` is called when something is asked that has no recorded reply.

    `say` gets a sentence about each log whose torn tail was cut off; `begun` is called when nobody else writes them.
    Raises `BadInput` and `RunFailed`.
    """
    path = what.folder.path
    with (
        FrameWriter(what.folder.events_path, LogKind.EVENTS) as events,
        FrameWriter(what.folder.replies_path, LogKind.REPLIES) as replies,
    ):
        if RunFolder.open(path).manifest != what.folder.manifest:
            raise BadInput(str(path), "was gone on with by another process at the same time; try again")
        begun()
        for log in (events, replies):
            if log.dropped:
                say(f"{log.path}: the last {log.dropped} bytes were no whole record, as a crash leaves them; they were dropped")
        record = ReplyRecord(replies, _inherited(what.folder, say))
        book = Book(
            what.folder,
            Continuation(command=list(command), created=now(), end=what.plan.end, replies=record.reused),
        )
        if what.extends:
            book.go_on()
        backend = backend_for(what.model, what.folder.manifest.model_identity, load, book.go_on)
        means = Means(what.model, backend, what.schedule, budget)
        try:
            run = perform(what.plan, means, book, events, record, on_progress, say)
        except Diverged as error:
            raise diverged(error, what.folder.manifest) from error
        return concluded(run, events, replies)


def _inherited(folder: RunFolder, say: Callable[[str], None]) -> RecordedReplies | None:
    """The replies that a fork may still take over: those of its parent, if that is there and the very run."""
    parent = folder.manifest.parent
    if parent is None:
        return None
    try:
        before = RunFolder.open(Path(parent.path))
        past = SharedPast.of(before.events_path, parent.at, parent.events)
        if past.digest != parent.digest or before.manifest.model_identity != folder.manifest.model_identity:
            raise BadInput(parent.path, "is not the run that this one was forked from")
        return RecordedReplies(before.replies_path)
    except BadInput as error:
        say(f"{error}; of its replies only those are known that were taken over before")
        return None


def backend_for(
    model: ModelSpec, identity: str, load: Callable[[ModelSpec], Backend], first: Callable[[], None] = lambda: None
) -> Backend:
    """Return a model that is not loaded before it is needed; `first` is called before that."""
    if model.kind == RECORDED:
        return RecordedBackend(identity)

    def load_now() -> Backend:
        backend = load(model)
        first()
        return backend

    return LazyBackend(identity, load_now)
