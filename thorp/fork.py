"""Forking: another run that shares a run's past up to a moment, with a change from then on.

As in a resumption everything is performed again with recorded replies; only what the change touches is thought anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import BadInput, Diverged
from engine.kernel.clock import Clock
from engine.llm.records import RecordedReplies, ReplyRecord
from engine.llm.requests import Backend
from engine.llm.service import Budget
from engine.llm.spec import RECORDED, ModelSpec
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import NAME, Change, Manifest, Parent
from engine.record.run_folder import RunFolder
from engine.record.shared_past import SharedPast, SharingWriter
from thorp.inheritance import inherited, missing
from thorp.interventions import Timed, read_interventions
from thorp.live import Say, beyond
from thorp.manifest import Book, diverged, now, plan_from, schedule_of, versions
from thorp.resume import backend_for
from thorp.scenario import Plan
from thorp.town import Means, OnProgress, TownRun, perform, silent


@dataclass(frozen=True, slots=True)
class Fork:
    """A run to fork: which, when (simulated seconds), into what, and with which model and schedule."""

    parent: RunFolder
    at: int
    plan: Plan
    happens: tuple[Timed, ...]
    """What is to happen from outside that does not in its parent."""
    change: Change
    model: ModelSpec
    schedule: str
    missing: str
    """Which of the parent's replies are missing, as a sentence; empty if none that is known of."""

    @property
    def beyond(self) -> str:
        """Which of the interventions lie beyond the end, as a sentence; empty if none does."""
        return beyond(self.happens, self.plan)


def prepare_fork(
    path: Path,
    at: str,
    *,
    interventions: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    seed: int | None = None,
    until: str | None = None,
    model: ModelSpec | None = None,
    schedule: str | None = None,
) -> Fork:
    """Read a run to fork and check what is to change. Raises `BadInput`; changes nothing."""
    parent = RunFolder.open(path)
    plan = plan_from(parent.manifest, path)
    moment = _moment(plan.clock, at, "--at")
    minds = dict(settings or {})
    end = str(minds.pop("end")) if "end" in minds else None
    if seed is not None and not 0 <= seed < 2**63:
        raise BadInput("--seed", f"{seed} is out of range (allowed: 0 to {2**63 - 1})")
    for key in minds:
        if not key.startswith("minds."):
            problem = f"'{key}' cannot change in the middle of a run: what was would have been another (allowed: minds."
            raise BadInput("--set", f"{problem}…, end)")
    plan = plan.changed(moment, minds, seed, "--set")
    if until is not None:
        plan = replace(plan, end=_moment(plan.clock, until, "--until"))
    elif end is not None:
        plan = replace(plan, end=_moment(plan.clock, end, "--set end"))
    if moment >= plan.end:
        problem = f"'{at}' is {plan.clock.label(moment)}, not before the end, {plan.clock.label(plan.end)}"
        raise BadInput("--at", f"{problem} (--until makes a fork last longer)")
    happens = () if interventions is None else read_interventions(interventions, plan.cast, moment, plan.interventions)
    plan = plan.with_interventions(happens)
    model = model or ModelSpec.parse(parent.manifest.model, str(path / NAME))
    change = Change(at=moment, settings=minds, seed=seed)
    schedule = schedule or schedule_of(parent.manifest, path)
    return Fork(parent, moment, plan, happens, change, model, schedule, missing(parent, LogKind.REPLIES))


def _moment(clock: Clock, text: str, option: str) -> int:
    try:
        return clock.parse(text)
    except ValueError as error:
        raise BadInput(option, str(error)) from None


def fork(
    what: Fork,
    out: Path,
    load: Callable[[ModelSpec], Backend],
    budget: Budget,
    command: Sequence[str],
    on_progress: OnProgress,
    say: Say = silent,
) -> TownRun:
    """Perform a fork into a new folder. `load` is called when something is asked that has no recorded reply.

    `say` gets a sentence about each ancestor that is not there or lacks something, and about all that is handed over to
    the run meanwhile.
    Raises `BadInput` and `RunFailed`.
    """
    if what.missing:
        say(what.missing)
    RunFolder.refuse_occupied(out)
    past = SharedPast.of(what.parent.events_path, what.at)
    known = [RecordedReplies(what.parent.replies_path), *inherited(what.parent, say)]
    folder = RunFolder.create(out, _manifest(what, past, command))
    means = Means(what.model, backend_for(what.model, folder.manifest.model_identity, load), what.schedule, budget)
    with (
        SharingWriter(folder.events_path, past) as events,
        FrameWriter(folder.replies_path, LogKind.REPLIES) as replies,
    ):
        record = ReplyRecord(replies, known)
        try:
            return perform(what.plan, means, Book(folder, events, replies), record, on_progress, say)
        except Diverged as error:
            raise diverged(error, what.parent.manifest) from error


def _manifest(what: Fork, past: SharedPast, command: Sequence[str]) -> Manifest:
    before = what.parent.manifest
    parent = Parent(path=str(what.parent.path.absolute()), at=what.at, events=past.events, digest=past.digest)
    model = before.model if what.model.kind == RECORDED else str(what.model)
    changed = bool(what.change.settings) or what.change.seed is not None
    return before.model_copy(
        update={
            "scenario": what.plan.scenario.model_dump(mode="json"),
            "end": what.plan.end,
            "schedule": what.schedule,
            "model": model,
            "versions": versions(),
            "command": list(command),
            "created": now(),
            "parent": parent,
            "changes": [*before.changes, *([what.change] if changed else [])],
            "continuations": [],
            "letters": [],
            "reached": 0,
            "holds": None,
        }
    )
