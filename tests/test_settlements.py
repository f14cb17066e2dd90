"""Generated towns load like any other scenario, and their people live without a failed mind."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from engine.record.events import ConversationBegan, Event, Failed, Walked
from tests.settlements import KINDS, SmallTown, draw_map, small_towns
from tests.towns import events_of, run_town
from tests.worlds.town.maps import parse
from thorp.scenario import load_scenario
from worlds.town.paths import PathFinder
from worlds.town.settlement.write import write_town


def failed_minds(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event.body, Failed) and event.body.thought == "mind"]


@pytest.mark.parametrize("people", [1, 5, 25, 26, 130])
def test_a_settlement_loads_with_all_its_people(tmp_path: Path, people: int) -> None:
    plan = load_scenario(write_town(tmp_path, people, seed=people))
    persons = plan.scenario.people
    assert len(persons) == people
    assert len({person.name for person in persons}) == people
    assert all(len(person.name.split()) == 2 and 2 <= len(person.habits) <= 5 for person in persons)
    assert any(person.news for person in persons)
    assert all(len(person.knows) >= 2 for person in persons) or people < 5


def test_acquaintances_know_each_other(tmp_path: Path) -> None:
    persons = {person.name: person for person in load_scenario(write_town(tmp_path, 60, seed=2)).scenario.people}
    for person in persons.values():
        assert all(person.name in persons[other].knows for other in person.knows)


def test_everybody_has_a_bed_at_home_to_which_they_can_walk(tmp_path: Path) -> None:
    plan = load_scenario(write_town(tmp_path, 50, seed=4))
    town_map, paths = plan.town_map, PathFinder(plan.town_map)
    residents = Counter(person.home for person in plan.scenario.people)
    for person in plan.scenario.people:
        beds = [
            thing
            for thing in town_map.objects
            if thing.address.startswith(f"{town_map.name}:{person.home}:") and "bed" in thing.name.split()
        ]
        assert sum(bed.seats for bed in beds) >= residents[person.home]
        far = f"{town_map.name}:{person.work or person.habits[0].where or person.home}"
        assert paths.nearest(town_map.standing_tiles(far)[0], town_map.standing_tiles(beds[0].address)) is not None


def test_what_the_caller_chooses_stands_in_the_scenario(tmp_path: Path) -> None:
    path = write_town(
        tmp_path, 3, seed=9, start="11:15", end="+2h", seconds_per_tile=4, sight=5, minds={"attention": 7}
    )
    plan = load_scenario(path)
    scenario = plan.scenario
    assert (f"{scenario.start:%H:%M}", plan.end, scenario.seed) == ("11:15", 7200, 9)
    assert (scenario.world.seconds_per_tile, scenario.world.sight, scenario.minds.attention) == (4, 5, 7)


def test_25_people_live_through_two_hours(tmp_path: Path) -> None:
    run = run_town(tmp_path, scenario=write_town(tmp_path, 25, seed=1, end="+2h"))
    events = events_of(run)
    assert failed_minds(events) == []
    assert {event.key.agent for event in events} >= set(range(25))
    assert sum(isinstance(event.body, Walked) for event in events) > 100
    assert any(isinstance(event.body, ConversationBegan) for event in events)


@pytest.mark.slow
def test_a_thousand_people_load(tmp_path: Path) -> None:
    assert len(load_scenario(write_town(tmp_path, 1000, seed=1)).scenario.people) == 1000


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_small_maps_of_every_kind_are_sound(kind: str) -> None:
    for seed in range(12):
        drawn = draw_map(kind, 12 + seed, 40 - seed, seed)
        town_map = parse(drawn.document)
        assert {town_map.resolve(f"{town_map.name}:{place}").address for place in drawn.places} == {
            place.address for places in (town_map.sectors, town_map.arenas, town_map.objects) for place in places
        }


@settings(max_examples=20, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(small_towns(hours=1))
def test_small_towns_live_well(town: SmallTown) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = run_town(Path(folder), scenario=town.write(Path(folder)))
        assert failed_minds(events_of(run)) == []
