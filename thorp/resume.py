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
from engine.llm.records import ReplyRecord
from engine.llm.requests import Backend
from engine.llm.service import Budget
from engine.llm.spec import RECORDED, ModelSpec
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import NAME, Continuation
from engine.record.run_folder import RunFolder
from thorp.inheritance import inherited, missing
from thorp.manifest import Book, diverged, now, plan_from, schedule_of
from thorp.scenario import Plan
from thorp.town import Means, OnProgress, TownRun, perform


@dataclass(frozen=True, slots=True)
class Resumption:
    """A run to go on with: its folder, what to do until when, and with which model."""

    folder: RunFolder
    plan: Plan
    model: ModelSpec
    schedule: str
    missing: tuple[str, ...]
    """What the logs lack of what they held once, as far as is known."""

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
    lacking = tuple(filter(None, (missing(folder, kind) for kind in LogKind)))
    model = model or ModelSpec.parse(manifest.model, str(path / NAME))
    return Resumption(folder, plan, model, schedule or schedule_of(manifest, path), lacking)


def _later_end(clock: Clock, until: str, end: int) -> int:
    try:
        later = clock.parse(until)
    except ValueError as error:
        raise BadInput("--until", str(error)) from None
    if later < end:
        problem = f"'{until}' is {clock.label(later)}, before the end of the run, {clock.label(end)}"
        raise BadInput("--until", f"{problem}; it can only be made longer")
    return later


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

    `say` gets a sentence about each log that ends too early, or whose torn end was cut off; `begun` is called when
    nobody else writes them.
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
                what_it_was = "were no whole record, as a crash leaves them"
                say(f"{log.path}: the last {log.dropped} bytes {what_it_was}; they were dropped")
        record = ReplyRecord(replies, inherited(what.folder, say))
        continuation = Continuation(command=list(command), created=now(), end=what.plan.end, replies=record.reused)
        book = Book(what.folder, events, replies, continuation)
        if what.missing:
            for sentence in what.missing:
                say(sentence)
            book.enter_holdings()  # what is asked again may come in another order
        if what.extends:
            book.go_on()
        backend = backend_for(what.model, what.folder.manifest.model_identity, load, book.go_on)
        means = Means(what.model, backend, what.schedule, budget)
        try:
            return perform(what.plan, means, book, record, on_progress, say)
        except Diverged as error:
            raise diverged(error, what.folder.manifest) from error


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
