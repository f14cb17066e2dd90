"""What a manifest says about a run, and the plan that it can be run again from."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from engine.config import check
from engine.errors import BadInput, Diverged, nearest
from engine.kernel.frontier import SCHEDULES
from engine.llm.spec import ModelSpec
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import NAME, Continuation, Manifest
from engine.record.run_folder import RunFolder
from thorp.people import Register
from thorp.scenario import Plan, Scenario, plan_of
from worlds.town.copies import map_from_copies

IMPORTED = "imported"
"""Stands for the model and the schedule of a run that was recorded by another program."""
PACKAGES = ("thorp", "simpy", "torch", "tokenizers", "sentence-transformers", "faiss-cpu", "numpy")


def manifest_of(plan: Plan, model: ModelSpec, identity: str, schedule: str, command: Sequence[str]) -> Manifest:
    """Return the manifest of a new run."""
    return Manifest(
        scenario=plan.scenario.model_dump(mode="json"),
        scenario_digest=plan.copies["scenario"].sha256,
        people=[person.name for person in plan.scenario.people],
        start=plan.scenario.start.isoformat(),
        end=plan.end,
        seed=plan.scenario.seed,
        schedule=schedule,
        model=str(model),
        model_identity=identity,
        versions=versions(),
        command=list(command),
        created=now(),
        attachments=dict(plan.copies),
    )


def plan_from(manifest: Manifest, folder: Path) -> Plan:
    """Return the plan of a run as it was: from the checked scenario and the copies in its manifest.

    The original files are not looked at. Raises `BadInput` when the manifest does not hold together.
    """
    source = str(folder / NAME)
    if manifest.model == IMPORTED:
        problem = "was imported: it can be watched, told and checked (thorp replay, inspect, verify)"
        raise BadInput(
            str(folder), f"{problem}, but neither resumed nor forked, because its people's minds are not here"
        )
    scenario = check(Scenario, manifest.scenario, source)
    said = {"people": [p.name for p in scenario.people], "start": scenario.start.isoformat(), "seed": scenario.seed}
    for key, value in said.items():
        if getattr(manifest, key) != value:
            raise BadInput(source, "does not fit the scenario", key)
    register = Register(frozenset(name for person in scenario.people for name in person.knows), source)
    town_map = map_from_copies(manifest, source)
    plan = replace(plan_of(scenario, town_map, manifest.attachments, source, register), end=manifest.end)
    for change in manifest.changes:
        plan = plan.changed(change.at, change.settings, change.seed, source)
    return plan


def schedule_of(manifest: Manifest, folder: Path) -> str:
    """Return the schedule of a run. Raises `BadInput` when there is none of that name."""
    if manifest.schedule not in SCHEDULES:
        problem = f"unknown schedule '{manifest.schedule}'{nearest(manifest.schedule, SCHEDULES)}"
        raise BadInput(str(folder / NAME), problem, "schedule")
    return manifest.schedule


def diverged(error: Diverged, manifest: Manifest) -> Diverged:
    """Return the error with a word on what has changed here since the run was recorded."""
    here = versions()
    changed = [f"{name} {old} is {here.get(name)}" for name, old in manifest.versions.items() if here.get(name) != old]
    return Diverged(f"{error} (since it was recorded: {', '.join(changed)})") if changed else error


FIRST_MARKED = 16
"""So many replies are recorded before the manifest says for the first time what the logs hold."""


class Book:
    """The manifest of a run while it is performed, for who holds the locks of its logs."""

    def __init__(
        self, folder: RunFolder, events: FrameWriter, replies: FrameWriter, continuation: Continuation | None = None
    ) -> None:
        self.folder = folder
        """The run with the manifest as it is on disk."""
        self.events = events
        self._replies = replies
        self._continuation = continuation
        self._marked = max((mark.frames for mark in folder.manifest.marks(LogKind.REPLIES)), default=0)
        """How many replies the manifest knows of."""

    def enter(self, **changes: Any) -> None:
        """Change the manifest, on disk at once. Raises `RunFailed` when the disk refuses."""
        self.folder = self.folder.rewritten(**changes)

    def go_on(self) -> None:
        """Enter the continuation, if this is one, now that there is something to go on with; once.

        Raises `RunFailed` when the disk refuses.
        """
        if self._continuation is not None:
            entries = [*self.folder.manifest.continuations, self._continuation]
            self.enter(end=self._continuation.end, continuations=entries)
            self._continuation = None

    def keep_up(self) -> None:
        """Enter what the logs hold if it is twice as many replies as the manifest knows of; quick to tell if not.

        So a run that was killed knows half of its replies again, or more. Raises `RunFailed` when the disk refuses.
        """
        if self._replies.frames >= max(FIRST_MARKED, 2 * self._marked):
            self.enter_holdings()

    def enter_holdings(self, **changes: Any) -> None:
        """Put the logs on disk and enter what they hold, with other changes. Raises `RunFailed`."""
        self.folder = self.folder.holding(self.events, self._replies, **changes)
        self._marked = self._replies.frames

    def conclude(self, until: int) -> None:
        """Put the logs on disk and enter how far they go: everything before second `until`. Raises `RunFailed`."""
        self.enter_holdings(reached=max(self.folder.manifest.reached, until))


def versions() -> dict[str, str]:
    """Return the versions of Python and of what answers depend on."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def now() -> str:
    """Return the wall-clock time; for people, used by nothing."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
