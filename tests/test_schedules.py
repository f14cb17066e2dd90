"""The central promise, with whole minds: how a run is scheduled and how long replies take leaves no trace."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from engine.record.events import Failed
from tests.settlements import SmallTown, small_towns
from tests.towns import events_of, plans_of, run_town
from thorp.scenario import DEFAULT_SCENARIO, SHIPPED, find_scenario
from worlds.town.settlement.write import write_town

relaxed = settings(suppress_health_check=list(HealthCheck))
WAYS = (
    ("scripted", "out-of-order"),
    ("scripted:latency=lognormal", "out-of-order"),
    ("scripted:latency=fixed:0.5", "out-of-order"),
    ("scripted:latency=lognormal", "strict"),
)

SPANS = {
    "morning": {"end": "10:00"},
    "day": {"end": "09:30"},
    "valentine": {"start": "2023-02-14T16:15", "end": "18:45"},
    "election": {"start": "2023-09-11T17:00", "end": "20:00"},
}
"""What is lived of the shipped scenarios: the party's evening, and that of the speech."""


def lives_the_same_life(scenario: Path, folder: Path, end: str, **changes: str) -> int:
    """Run a scenario in strict order and in all other ways; returns the number of events."""
    changes |= {"end": end}
    strict = run_town(folder, scenario=scenario, schedule="strict", changes=changes)
    log = strict.folder.events_path.read_bytes()
    for model, schedule in WAYS:
        run = run_town(folder, scenario=scenario, model=model, schedule=schedule, changes=changes)
        assert run.folder.events_path.read_bytes() == log, f"{model}, {schedule}"
        assert run.events_digest == strict.events_digest
    plans_of(strict)
    failed = [e.body for e in events_of(strict) if isinstance(e.body, Failed) and e.body.thought == "mind"]
    assert failed == []
    return strict.events


def a_small_town_lives_the_same_life(town: SmallTown) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "town")
        source.mkdir()
        lives_the_same_life(town.write(source), Path(folder), "+3h")


@settings(relaxed, max_examples=12)
@given(small_towns())
def test_small_towns_live_the_same_life(town: SmallTown) -> None:
    a_small_town_lives_the_same_life(town)


@pytest.mark.slow
@settings(relaxed, max_examples=300)
@given(small_towns())
def test_very_many_small_towns_live_the_same_life(town: SmallTown) -> None:
    a_small_town_lives_the_same_life(town)


def test_the_shipped_town_lives_the_same_life(tmp_path: Path) -> None:
    assert lives_the_same_life(DEFAULT_SCENARIO, tmp_path, "+30h") > 3000


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_lives_the_same_life(tmp_path: Path, name: str) -> None:
    assert lives_the_same_life(find_scenario(name), tmp_path, **SPANS[name]) > 700


@pytest.mark.slow
@pytest.mark.parametrize(("people", "end"), [(25, "+24h"), (60, "+6h"), (200, "+90m")])
def test_settlements_live_the_same_life(tmp_path: Path, people: int, end: str) -> None:
    assert lives_the_same_life(write_town(tmp_path / "town", people, seed=3), tmp_path, end) > 2000
