"""Running small towns in tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from itertools import count, pairwise
from pathlib import Path
from typing import Any

from agents.cognition.script import LINES
from engine.kernel.clock import MINUTE
from engine.llm.records import read_replies
from engine.llm.requests import Answer, Backend, Request
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import Budget
from engine.llm.spec import ModelSpec
from engine.record.events import Event, Planned
from engine.record.frames import LogKind, read_frames
from thorp.fork import fork, prepare_fork
from thorp.manifest import plan_from
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
    said: list[str] | None = None,
    **changes: Any,
) -> TownRun:
    """Fork a run; `interventions` is what stands in the file, `changes` are options of `prepare_fork`.

    `said` gets what is said about replies that are missing.
    """
    path = None
    if interventions:
        path = out.with_suffix(".yaml")
        path.write_text(interventions, encoding="utf-8")
    what = prepare_fork(parent, at, interventions=path, **changes)
    load = open_model if backend is None else lambda _: backend
    say = (said if said is not None else []).append
    return fork(what, out, load, budget or Budget(), ["test"], lambda *_: None, say)


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


WAIT = 600
"""Seconds that one waits for a place to open, or bears with one that shuts too early for what one has in mind."""


def plans_of(run: TownRun, name: str = "") -> list[tuple[int, str, Planned]]:
    """Return all plans that people made (or one of them), with times and names, after checking that they hold.

    They have entries, which follow each other without gap or overlap and last a minute or more, at places that exist,
    and that are open to the person when an entry begins and ends.
    """
    plan = plan_from(run.folder.manifest, run.folder.path)
    found = []
    for event in events_of(run):
        if not isinstance(event.body, Planned):
            continue
        person, entries = plan.scenario.people[event.key.agent], event.body.entries
        assert entries, "a plan of nothing"
        assert all(b.start == a.start + MINUTE * a.minutes for a, b in pairwise(entries)), event
        assert all(entry.minutes for entry in entries), event
        assert entries[-1].start + MINUTE * (entries[-1].minutes + 1) > event.key.time, event
        for entry in entries:
            plan.town_map.resolve(entry.address)
            local = entry.address.removeprefix(f"{plan.town_map.name}:")
            own = [place.split(":")[0] for place in (person.home, person.work) if place]
            sector = next((s for s in plan.town_map.sectors if s.name == local.split(":")[0]), None)
            if sector is None or sector.name in own:
                continue
            ends = entry.start + MINUTE * entry.minutes
            begins = [entry.start, entry.start + WAIT] + ([entry.start - WAIT] if event.body.level == "step" else [])
            assert any(sector.is_open(plan.clock.second_of_day(time)) for time in begins), (event, entry)
            until = [ends - WAIT, ends] + ([ends + WAIT] if event.body.level == "step" else [])
            assert any(sector.is_open(plan.clock.second_of_day(time)) for time in until), (event, entry)
        found.append((event.key.time, person.name, event.body))
    return [each for each in found if name in ("", each[1])]


def events_of(run: TownRun) -> list[Event]:
    """Return everything that happened in a run."""
    return list(run.folder.events())
