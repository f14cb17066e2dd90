"""Towns nobody wrote: random people with random lives at random hours must live through days without a failed mind."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.record.events import WORLD_AGENT, Acted, Failed, Walked
from tests.towns import events_of, run_town
from thorp.scenario import DATA
from worlds.town.map import TownMap

MAP = TownMap.load(DATA / "thorp.tmj")
PREFIX = f"{MAP.name}:"
EVERYWHERE = [
    place.address.removeprefix(PREFIX) for places in (MAP.sectors, MAP.arenas, MAP.objects) for place in places
]
times = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))
places = st.sampled_from(EVERYWHERE)
lines = st.text("abc äß'\"[]{}:,.!?\\0", min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


habits = st.fixed_dictionaries({"at": times, "do": lines, "minutes": st.integers(5, 960)}, optional={"where": places})
news = st.fixed_dictionaries({"text": lines}, optional={"at": times, "where": places})


def person(number: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "name": lines.map(lambda text: f"P{number} {text.strip()}"),
            "age": st.integers(1, 120),
            "traits": lines,
            "biography": st.lists(lines, min_size=1, max_size=3),
            "currently": lines,
            "lifestyle": lines,
            "home": places,
        },
        optional={
            "work": places,
            "wakes": times,
            "sleeps": times,
            "habits": st.lists(habits, max_size=5),
            "news": st.lists(news, max_size=2),
        },
    )


scenarios = st.integers(1, 6).flatmap(
    lambda count: st.fixed_dictionaries(
        {
            "name": st.just("any town"),
            "start": st.builds("2024-02-28T{}".format, times),
            "end": st.integers(1, 50).map("+{}h".format),
            "seed": st.integers(0, 2**62),
            "world": st.fixed_dictionaries(
                {"map": st.just("thorp.tmj"), "seconds_per_tile": st.integers(1, 60), "sight": st.integers(1, 30)}
            ),
            "minds": st.fixed_dictionaries(
                {},
                optional={
                    "reflection_threshold": st.floats(1, 300),
                    "attention": st.integers(1, 5),
                    "retention": st.integers(0, 5),
                    "sketch_lines": st.integers(0, 12),
                    "conversation_lines": st.integers(2, 16),
                    "conversation_topics": st.integers(0, 4),
                    "conversation_cooldown": st.integers(0, 8000),
                },
            ),
            "people": st.tuples(*(person(number) for number in range(count))).map(list),
        }
    )
)


def lives_well(scenario: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.yaml"
        path.write_text(yaml.safe_dump(scenario, allow_unicode=True), encoding="utf-8")
        run = run_town(Path(folder), scenario=path)
        events = events_of(run)
        assert [event for event in events if isinstance(event.body, Failed) and event.body.thought == "mind"] == []
        assert run.folder.verify().faults == ()
        assert {event.key.agent for event in events} - {WORLD_AGENT} == set(range(len(scenario["people"])))
        for event in events:
            if isinstance(event.body, Walked):
                assert all(not MAP.blocked[y, x] for x, y in event.body.path)
            if isinstance(event.body, Acted):
                MAP.resolve(event.body.address)
                assert event.body.until >= event.key.time
        again = run_town(Path(folder), scenario=path, model="scripted:latency=lognormal", schedule="strict")
        assert again.events_digest == run.events_digest


@settings(max_examples=10, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(scenarios)
def test_any_town_lives_well(scenario: dict[str, Any]) -> None:
    lives_well(scenario)


@pytest.mark.slow
@settings(max_examples=100, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(scenarios)
def test_very_many_towns_live_well(scenario: dict[str, Any]) -> None:
    lives_well(scenario)
