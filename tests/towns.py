"""Running small towns in tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from agents.cognition.script import LINES
from engine.llm.records import read_replies
from engine.llm.requests import Answer, Backend, Request
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import Budget
from engine.llm.spec import ModelSpec
from engine.record.events import Event
from engine.record.frames import LogKind, read_frames
from thorp.fork import fork, prepare_fork
from thorp.resume import prepare_resumption, resume
from thorp.scenario import DEFAULT_SCENARIO, load_scenario
from thorp.town import Means, TownRun, open_model, simulate


def run_town(
    folder: Path,
    *,
    model: str = "scripted",
    scenario: Path = DEFAULT_SCENARIO,
    schedule: str = "out-of-order",
    agents: int | None = None,
    changes: Mapping[str, Any] | None = None,
    backend: Backend | None = None,
    budget: Budget | None = None,
) -> TownRun:
    """Run a scenario with the scripted model (or a backend of one's own) into a new folder below `folder`."""
    spec = ModelSpec.parse(model)
    plan = load_scenario(scenario, changes, agents)
    out = next(path for number in count() if not (path := folder / f"run{number}").exists())
    means = Means(spec, backend or open_model(spec), schedule, budget or Budget())
    return simulate(plan, means, out, ["test"], lambda *_: None)


def resume_town(
    folder: Path,
    *,
    until: str | None = None,
    model: str | None = None,
    schedule: str | None = None,
    backend: Backend | None = None,
    budget: Budget | None = None,
    said: list[str] | None = None,
) -> TownRun:
    """Go on with a run; `backend` is what its model turns out to be, `said` gets what is said about repairs."""
    what = prepare_resumption(folder, until, ModelSpec.parse(model) if model else None, schedule)
    load = open_model if backend is None else lambda _: backend
    say = (said if said is not None else []).append
    return resume(what, load, budget or Budget(), ["test"], lambda *_: None, say)


def fork_town(
    parent: Path,
    out: Path,
    at: str,
    *,
    interventions: str = "",
    backend: Backend | None = None,
    budget: Budget | None = None,
    **changes: Any,
) -> TownRun:
    """Fork a run; `interventions` is what stands in the file, `changes` are options of `prepare_fork`."""
    path = None
    if interventions:
        path = out.with_suffix(".yaml")
        path.write_text(interventions, encoding="utf-8")
    what = prepare_fork(parent, at, interventions=path, **changes)
    load = open_model if backend is None else lambda _: backend
    return fork(what, out, load, budget or Budget(), ["test"], lambda *_: None)


class Careful(ScriptedBackend):
    """The scripted model; notes what it is asked, and is killed (as a process) when it has been asked too often."""

    def __init__(self, patience: int | None = None) -> None:
        super().__init__(LINES)
        self.asked: list[Request] = []
        self._patience = patience

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        self.asked += requests
        if self._patience is not None and len(self.asked) > self._patience:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().answer(requests)


def payloads(path: Path, kind: LogKind) -> list[bytes]:
    """Return the payloads of the frames of a log."""
    return [frame.payload for frame in read_frames(path, kind)]


def reply_keys(folder: Path) -> list[bytes]:
    """Return the keys under which a run's replies are recorded, in their order."""
    return [key for key, _ in read_replies(folder / "replies.log")]


def events_of(run: TownRun) -> list[Event]:
    """Return everything that happened in a run."""
    return list(run.folder.events())
