"""Running small towns in tests."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from engine.llm.requests import Backend
from engine.llm.service import Budget
from engine.llm.spec import ModelSpec
from engine.record.events import Event
from thorp_town import DEFAULT_SCENARIO, TownRun, load_scenario, open_model, simulate


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
    return simulate(
        plan,
        spec,
        backend or open_model(spec),
        out,
        schedule=schedule,
        budget=budget or Budget(),
        command=["test"],
        on_progress=lambda *_: None,
    )


def events_of(run: TownRun) -> list[Event]:
    """Return everything that happened in a run."""
    return list(run.folder.events())
