"""What people notice of objects: changes in sight, and what they come upon; nobody looks around for nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from engine.contact import SawObject, SawPerson, Use
from engine.kernel.lane import Process
from engine.record.events import Decided
from tests.worlds.town.maps import HOUSE, house, parse
from tests.worlds.town.people import Life, Rule, Town, acts, frontier, same_second, strict, walk
from tests.worlds.town.wanderers import note
from worlds.town.body import TownBody
from worlds.town.map import TownMap

RULES = pytest.mark.parametrize("rule", [strict, same_second, frontier])
STOVE = "town:House:east:stove"
COOKING = Use(STOVE, "stove", "cooking a meal", "hot", 20)
WIPING = Use(STOVE, "stove", "wiping it", "wet", 5)
MINUTE = 60


def kitchen(consequences: str = "hot | 2 | smoking\nsmoking | 1 | on fire", seats: int = 1) -> TownMap:
    """The house with a stove of which something comes when it is left on."""
    document = json.loads(json.dumps(house(HOUSE.split())))
    stove = next(item for item in document["layers"][3]["objects"] if item["name"] == "stove")
    for name, value in (("consequences", consequences), ("seats", str(seats))):
        stove["properties"].append({"name": name, "type": "string", "value": value})
    return parse(document)


def cooks(*times: int, lasts: int = 20 * MINUTE) -> Life:
    """The life of somebody who begins to cook at the first time and breaks it off at the next one, and so on."""

    def act(number: int) -> Any:
        return lambda body: body.act("busy", "", body._lane.now + lasts, COOKING if number % 2 == 0 else None)

    return acts(*((time, act(number)) for number, time in enumerate(times)))


def things(town: Town, index: int) -> list[tuple[int, str, bool]]:
    """When a watcher saw the stove in which state, and whether somebody used it."""
    return [(time, p.state, p.used) for time, p in town.seen[index] if isinstance(p, SawObject)]


@RULES
def test_who_sees_an_object_change_notices_it_at_that_second_and_its_user_does_not(rule: Rule) -> None:
    def cook(body: TownBody) -> Process:
        yield from body._lane.sleep(5)
        body.act("cooking", "", 99, COOKING)
        yield from town.watch(0, 400)(body)

    town = Town(kitchen(), ((6, 4), cook), ((7, 2), lambda body: town.watch(1, 400)(body)))
    town.run(400, rule)
    assert things(town, 1) == [(6, "hot", True)]
    assert things(town, 0) == []


@RULES
def test_what_comes_of_an_object_is_noticed_when_it_comes(rule: Rule) -> None:
    town = Town(kitchen(), ((6, 4), cooks(5, 50)), ((7, 2), lambda body: town.watch(1, 900)(body)))
    town.run(900, rule)
    assert things(town, 1) == [(6, "hot", True), (51, "hot", False), (171, "smoking", False), (231, "on fire", False)]


@RULES
def test_that_an_object_is_as_usual_again_is_no_news(rule: Rule) -> None:
    lives = cooks(5, 50, 100, 150, lasts=20)
    town = Town(kitchen(), ((6, 4), lives), ((7, 2), lambda body: town.watch(1, 900)(body)))
    town.run(900, rule)
    assert things(town, 1) == [(6, "hot", True), (101, "hot", True)]


@RULES
def test_one_comes_upon_what_was_left_on_and_not_twice_upon_the_same(rule: Rule) -> None:
    def passes_by(body: TownBody) -> Process:
        yield from body._lane.sleep(20)
        for goal in ((7, 3), (2, 3), (7, 3), (2, 3), (7, 3)):
            walk(body, goal)
            yield from town.watch(1, body._lane.now + 60)(body)

    town = Town(kitchen("hot | 4 | smoking"), ((6, 4), cooks(5, 10)), ((2, 2), passes_by), sight=2)
    town.run(400, rule)
    tiles = {time: town.world.tile(1, time) for time, _ in town.seen[1]}
    found = things(town, 1)
    assert [state for _, state, _ in found] == ["hot", "smoking"]
    assert all(town.world.views.shows(tiles[time], STOVE) for time, _, _ in found)
    assert not town.world.views.shows(town.world.tile(1, found[0][0] - 1), STOVE)


@RULES
def test_who_slept_finds_it_on_waking(rule: Rule) -> None:
    def sleeper(body: TownBody) -> Process:
        yield from body.wait(body._lane.now)
        yield from body._lane.sleep(200)
        yield from town.watch(1, 210)(body)

    town = Town(kitchen(), ((6, 4), cooks(5, 50)), ((7, 2), sleeper))
    town.run(400, rule)
    assert things(town, 1) == [(200, "smoking", False)]


@RULES
def test_who_leaves_something_on_does_not_notice_it_itself_until_something_comes_of_it(rule: Rule) -> None:
    def forgets(body: TownBody) -> Process:
        body.act("cooking", "", 999, COOKING)
        yield from body._lane.sleep(10)
        walk(body, (7, 2))
        yield from town.watch(0, 140)(body)

    town = Town(kitchen(), ((6, 4), forgets))
    town.run(400, rule)
    assert things(town, 0) == [(131, "smoking", False)]


@RULES
def test_what_is_changed_from_outside_is_noticed_a_second_later(rule: Rule) -> None:
    town = Town(kitchen(), ((7, 2), lambda body: town.watch(0, 300)(body)), ((2, 2), acts()))
    town.world.set_state(STOVE, 40, "smoking")
    town.world.set_state(STOVE, 70, "off")
    town.world.set_state(STOVE, 90, "covered in paint")
    town.run(300, rule)
    assert things(town, 0) == [(41, "smoking", False), (91, "covered in paint", False)]


def test_nobody_is_roused_for_what_does_not_show() -> None:
    woken: list[int] = []

    def watches(body: TownBody) -> Process:
        while body._lane.now < 900:
            yield from body._lane.wait(900)
            woken.append(body._lane.now)

    town = Town(kitchen(), ((6, 4), cooks(5, 50)), ((1, 1), watches))
    town.run(1000)
    assert woken == [900]


def test_people_and_things_are_noticed_nearest_first() -> None:
    def wakes(body: TownBody) -> Process:
        yield from body._lane.sleep(30)
        yield from town.watch(2, 31)(body)

    people = [((6, 4), cooks(5, 20)), ((6, 1), acts()), ((7, 1), wakes)]
    town = Town(kitchen(), *people)
    town.run(60)
    names = [p.name for _, p in town.seen[2] if isinstance(p, SawPerson | SawObject)]
    assert names[:3] == ["Ben", "Ann", "stove"]


@pytest.mark.parametrize(
    ("state", "remedies"),
    [("hot", [COOKING, WIPING]), ("smoking", [COOKING, WIPING]), ("on fire", [COOKING, WIPING]), ("wet", [])],
)
def test_who_sees_it_knows_what_to_do_about_it(state: str, remedies: list[Use]) -> None:
    found: list[Sequence[Use]] = []
    looks = acts((50, lambda body: found.append(body.remedies(STOVE))))
    town = Town(kitchen(), ((7, 2), looks))
    town.world.set_state(STOVE, 40, state)
    town.run(60)
    assert found == [remedies]


def test_of_what_does_not_show_or_is_in_use_there_is_nothing_to_do() -> None:
    found: list[Sequence[Use]] = []
    looks = acts((50, lambda body: found.append(body.remedies(STOVE))))
    town = Town(kitchen(), ((1, 1), looks), ((6, 4), cooks(5, 20)))
    town.run(60)
    used = Town(kitchen(), ((7, 2), looks), ((6, 4), cooks(5)))
    used.run(60)
    document = house(HOUSE.split())
    document["layers"][1]["objects"].insert(
        0, {**document["layers"][1]["objects"][0], "name": "Hut", "y": 96, "height": 16}
    )
    document["layers"][2]["objects"].append(
        {**document["layers"][2]["objects"][0], "name": "floor", "y": 96, "height": 16}
    )
    away = Town(parse(document), ((7, 2), looks))
    away.world.set_state(STOVE, 40, "hot")
    away.run(60)
    assert found == [[], [], []]


def test_only_who_stands_at_an_object_uses_it() -> None:
    told: list[str] = []

    def reaches(body: TownBody) -> Process:
        with pytest.raises(RuntimeError, match="Ann does not stand at town:House:east:stove"):
            body.act("cooking", "", 99, COOKING)
        walk(body, (6, 4))
        with pytest.raises(RuntimeError, match="Ann does not stand at town:House:east:stove"):
            body.act("cooking", "", 99, COOKING)
        yield from body._lane.sleep(9)
        body.act("cooking", "", 99, COOKING)
        note(body._lane, "cooks")
        told.append("cooks")

    events = Town(kitchen(), ((7, 2), reaches)).run(60)
    assert told == ["cooks"], "an error in a life would only be logged"
    assert [e.key.time for e in events if isinstance(e.body, Decided)] == [9]
