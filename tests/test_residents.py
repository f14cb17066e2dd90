"""The people of Thorp and the scenarios that are shipped with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from engine.record.events import Acted, Failed, Remembered
from tests.towns import events_of, run_town
from thorp.scenario import DATA, SHIPPED, Plan, load_scenario
from thorp.town import TownRun
from worlds.town.places import TownObject

HOUR = 3600


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_scenario(DATA / "day.yaml")


def beds_at(plan: Plan, home: str) -> list[TownObject]:
    below = f"{plan.town_map.name}:{home}:"
    return [
        thing
        for thing in plan.town_map.objects
        if thing.address.startswith(below) and any("sleeping" in use.activity for use in thing.affordances)
    ]


def test_there_are_twenty_five_different_people(plan: Plan) -> None:
    people = plan.scenario.people
    assert len(people) == len({person.name for person in people}) == len({person.figure for person in people}) == 25
    assert min(person.age for person in people) < 18 and max(person.age for person in people) > 75
    assert {person.pronoun for person in people} == {"she", "he", "they"}
    assert sum(not person.work for person in people) <= 3
    for person in people:
        assert 3 <= len(person.biography) <= 5
        assert all(line.startswith((person.name, person.first_name)) for line in person.biography)
        assert len(person.habits) >= 8
        times = [(habit.at - (person.wakes or 0)) % (24 * HOUR) for habit in person.habits]
        assert times == sorted(times), person.name
        assert len({habit.where for habit in person.habits}) >= 4, person.name


def test_households_have_one_to_four_people_and_a_bed_for_each(plan: Plan) -> None:
    households = Counter(person.home.partition(":")[0] for person in plan.scenario.people)
    assert set(households.values()) == {1, 2, 3, 4}
    for home, inhabitants in households.items():
        assert sum(bed.seats for bed in beds_at(plan, home)) >= inhabitants, home
    rooms = Counter(person.home for person in plan.scenario.people)
    for home, sleepers in rooms.items():
        assert sum(bed.seats for bed in beds_at(plan, home)) >= sleepers, home


def test_most_acquaintances_are_mutual(plan: Plan) -> None:
    knows = {person.name: person.knows for person in plan.scenario.people}
    pairs = [(name, other) for name, others in knows.items() for other in others]
    assert sum(name in knows[other] for name, other in pairs) > 0.9 * len(pairs)
    assert all(len(others) >= 4 for others in knows.values())
    families = {"Wren Oakes": "her mother", "Samira Nadeem": "her husband", "Rufus Holt": "his father"}
    assert all(relation in knows[name].values() for name, relation in families.items())


def test_nobody_works_or_goes_where_it_is_closed(plan: Plan) -> None:
    town = plan.town_map
    sectors = {sector.name: sector for sector in town.sectors}
    for person in plan.scenario.people:
        own = {person.home.partition(":")[0], person.work.partition(":")[0]}
        for habit in person.habits:
            name = habit.where.partition(":")[0]
            if name not in own:
                assert sectors[name].is_open(habit.at), (person.name, habit.do)
                assert sectors[name].kind != "home", (person.name, habit.do)


def test_the_five_of_the_morning_are_who_they_are_on_the_day(plan: Plan) -> None:
    residents = {person.name: person for person in plan.scenario.people}
    morning = load_scenario(DATA / "morning.yaml").scenario.people
    assert len(morning) == 5
    for person in morning:
        same = residents[person.name]
        assert (person.age, person.pronoun, person.traits) == (same.age, same.pronoun, same.traits)
        assert same.home.startswith(person.home) and (person.work, person.figure) == (same.work, same.figure)
        assert set(person.biography) <= set(same.biography)


@pytest.mark.parametrize("name", sorted(set(SHIPPED) - {"morning"}))
def test_each_scenario_begins_with_one_piece_of_news_that_one_person_knows(name: str) -> None:
    scenario = load_scenario(DATA / f"{name}.yaml").scenario
    assert [len(person.news) for person in scenario.people if person.news] == [1]
    (knows,) = (person for person in scenario.people if person.news)
    others = [person for person in scenario.people if person is not knows]
    said = " ".join(" ".join((*p.biography, p.currently, *p.knows.values())) for p in others)
    assert not any(word in said for word in ("Valentine", "is running for mayor", "to be felled"))


def test_the_scenarios_last_as_long_as_they_say() -> None:
    spans = {name: load_scenario(DATA / f"{name}.yaml").end for name in SHIPPED}
    assert (spans["morning"], spans["day"], spans["election"]) == (3.5 * HOUR, 24 * HOUR, 24 * HOUR)
    assert 24 * HOUR < spans["valentine"] <= timedelta(days=2).total_seconds()


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    folder: Path = tmp_path_factory.mktemp("day")
    return run_town(folder, scenario=DATA / "day.yaml")


@pytest.mark.slow
def test_everybody_sleeps_at_home_in_a_bed(day: TownRun, plan: Plan) -> None:
    asleep: dict[int, int] = defaultdict(int)
    for event in events_of(day):
        if isinstance(event.body, Acted) and event.body.description == "sleeping" and event.key.agent >= 0:
            person = plan.scenario.people[event.key.agent]
            assert event.body.address in {bed.address for bed in beds_at(plan, person.home)}, person.name
            asleep[event.key.agent] += min(event.body.until, plan.end) - event.key.time
    assert len(asleep) == 25
    assert min(asleep.values()) >= 6 * HOUR


@pytest.mark.slow
def test_the_town_is_used_and_the_news_spreads(day: TownRun, plan: Plan) -> None:
    events = events_of(day)
    used = {":".join(e.body.address.split(":")[:2]) for e in events if isinstance(e.body, Acted)}
    public = {sector.address for sector in plan.town_map.sectors if sector.kind != "home"}
    assert len(used & public) >= 0.8 * len(public)
    heard = {
        e.key.agent for e in events if isinstance(e.body, Remembered) and "old linden on Market Square" in e.body.text
    }
    assert len(heard) >= 5
    assert not [e for e in events if isinstance(e.body, Failed) and e.body.thought == "mind"]
