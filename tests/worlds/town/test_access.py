"""Opening hours, doors and full rooms: who comes in, and what others are told."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contact import Obstacle, Refused
from engine.kernel.clock import DAY, MINUTE
from engine.kernel.lane import Process
from engine.record.events import Walked
from tests.worlds.town.maps import house, parse, rectangle
from tests.worlds.town.people import CLOCK, Rule, Town, acts, frontier, strict, walk
from tests.worlds.town.wanderers import Wanderers, random_map
from worlds.town.access import Access
from worlds.town.body import TownBody
from worlds.town.knowledge import Ties
from worlds.town.map import TownMap
from worlds.town.places import Place

RULES = pytest.mark.parametrize("rule", [strict, frontier])

SHOP = """
...........
.#########.
.#...#...#.
.#.......#.
.#...#...#.
.##.####.#.
...........
"""
"""A shop of two rooms with a door in the south of each, and the street all around."""
ROOM = "town:Shop:west"


def shop(opens: str = "", closes: str = "", capacity: str = "", *, doors: bool = True) -> TownMap:
    """People live on the street; the clock starts at 09:00."""
    document = house(SHOP.split())
    hours = {"opens": opens, "closes": closes} if opens else {}
    document["layers"][1]["objects"] = [
        rectangle("Hut", 0, 6, 11, 1, kind="home", description="a hut"),
        rectangle("Shop", 1, 1, 9, 5, kind="shop", description="a shop", **hours),
    ]
    limited = {"capacity": capacity} if capacity else {}
    document["layers"][2]["objects"] = [
        rectangle("floor", 0, 6, 11, 1, description="a floor"),
        rectangle("west", 2, 2, 3, 3, description="a room", **limited),
        rectangle("east", 6, 2, 3, 3, description="a room"),
    ]
    document["layers"][3]["objects"] = [
        rectangle("shelf", 2, 2, 1, 1, state="full", affordances="choosing | half full | 5")
    ]
    drawn = [rectangle("", 3, 5, 1, 1), rectangle("", 8, 5, 1, 1)] if doors else []
    document["layers"][4] = {"id": 9, "name": "Doors", "type": "objectgroup", "objects": drawn}
    return parse(document)


def tries(*times: int, to: str = ROOM) -> tuple[Any, list[int | Refused]]:
    """The life of somebody who sets out for a place at times, and the answers."""
    answers: list[int | Refused] = []
    return acts(*((time, lambda body: answers.append(body.set_out(to))) for time in times)), answers


# -- opening hours and doors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("doors", [True, False])
def test_a_closed_place_lets_nobody_in_until_it_opens(doors: bool) -> None:
    opens = 10 * MINUTE
    first = opens - 1 if doors else opens - 2  # the door is one step away, the room two
    life, answers = tries(0, first - 1, first)
    Town(shop("09:10", "10:00", doors=doors), ((3, 6), life)).run(30 * MINUTE)
    closed = Refused(Obstacle.CLOSED, until=opens)
    assert answers == [closed, closed, first + 2]


@pytest.mark.parametrize("doors", [True, False])
def test_who_would_arrive_after_closing_time_is_not_let_in(doors: bool) -> None:
    life, answers = tries(60 * MINUTE - 2, 60 * MINUTE - 1, 60 * MINUTE)
    Town(shop("09:00", "10:00", doors=doors), ((3, 6), life)).run(120 * MINUTE)
    assert answers == [Refused(Obstacle.CLOSED, DAY)] * 3


def test_who_is_inside_at_closing_time_may_leave_but_not_come_back() -> None:
    answers: list[Any] = []

    def stays_too_long(body: TownBody) -> Process:
        answers.append(body.closes(ROOM, 0))
        answers.append(body.set_out(ROOM))
        yield from body._lane.sleep(61 * MINUTE)
        answers.append(body.set_out(ROOM))
        answers.append(body.set_out("town:Hut"))
        yield from body._lane.sleep(62 * MINUTE)
        answers.append(body.address)
        answers.append(body.set_out("town:Shop:west:shelf"))

    Town(shop("09:00", "10:00"), ((3, 6), stays_too_long)).run(70 * MINUTE)
    closed = Refused(Obstacle.CLOSED, DAY)
    assert answers == [60 * MINUTE, 2, closed, 61 * MINUTE + 2, "town:Hut:floor", closed]


def test_who_works_there_comes_in_and_never_has_to_leave() -> None:
    town_map = shop("12:00", "13:00")
    access = Access(town_map, CLOCK, Ties("town:Hut", work=ROOM))
    assert access.admits(ROOM, 0)
    assert access.closes(ROOM, 0) is None
    assert access.shut(((3, 6), (3, 5), (3, 4)), 0, 1) == frozenset()
    guest = Access(town_map, CLOCK, Ties("town:Hut"))
    assert not guest.admits(ROOM, 0)
    assert guest.shut(((3, 6), (3, 5), (3, 4)), 0, 1) == {(3, 5), (8, 5)}
    assert guest.shut(((3, 4), (3, 5), (3, 6)), 0, 1) == frozenset(), "anybody may leave"
    assert (guest.opens(ROOM, 0), guest.closes(ROOM, 3 * 3600)) == (3 * 3600, 4 * 3600)
    assert guest.is_open(ROOM, 3 * 3600)
    assert not access.is_open(ROOM, 0), "it does not receive people"


def test_ways_lead_around_closed_doors() -> None:
    across = """
    .........
    ####.####
    .........
    """
    document = house(across.split())
    document["layers"][0]["data"][9 + 8] = 0  # a way round in the far east
    document["layers"][1]["objects"] = [
        rectangle("Hut", 0, 2, 9, 1, kind="home", description="a hut"),
        rectangle("Passage", 4, 1, 1, 1, kind="shop", description="a passage", opens="10:00", closes="11:00"),
    ]
    document["layers"][2]["objects"] = [
        rectangle("floor", 0, 2, 9, 1, description="a floor"),
        rectangle("passage", 4, 1, 1, 1, description="a passage"),
    ]
    document["layers"][3]["objects"] = []
    document["layers"][4] = {"id": 9, "name": "Doors", "type": "objectgroup", "objects": [rectangle("", 4, 1, 1, 1)]}
    there = [(time, lambda body: walk(body, (4, 0))) for time in (0, 3600)]
    back = [(time, lambda body: walk(body, (4, 2))) for time in (100,)]
    town = Town(parse(document), ((4, 2), acts(*sorted(there + back, key=lambda deed: deed[0]))))
    events = town.run(4000)
    ways = [e.body.path for e in events if isinstance(e.body, Walked)]
    assert [len(way) for way in ways] == [11, 11, 3]
    assert (4, 1) not in ways[0]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_no_walk_goes_through_the_door_of_a_closed_place(seed: int) -> None:
    town = Wanderers(seed)
    for event in town.events(strict, 15 * town.restlessness):
        if not isinstance(event.body, Walked):
            continue
        path, pace = event.body.path, event.body.seconds_per_tile
        access = Access(town.town_map, town.clock, town.ties[event.key.agent])
        begins = {town.town_map.doors.get(path[0], -1), int(town.town_map.sector_index[path[0][1], path[0][0]])}
        for number, tile in enumerate(path):
            sector = town.town_map.doors.get(tile, -1)
            if sector not in {-1, *begins}:
                assert access.admits(town.town_map.sectors[sector].address, event.key.time + number * pace)
        assert all(abs(a - c) + abs(b - d) == 1 for (a, b), (c, d) in pairwise(path))


# -- full rooms ------------------------------------------------------------------------------------------------------


FULL = Refused(Obstacle.FULL)


@RULES
def test_who_comes_second_to_a_room_for_one_stays_before_it(rule: Rule) -> None:
    first, came = tries(1, 3)
    second, answers = tries(20, 23, 40)
    town = Town(shop(capacity="1"), ((3, 6), first), ((5, 6), second), speed=1, sight=8)
    town.run(60, rule)
    assert came == [2, 4], "up to the door and then into the room"
    assert answers == [23, FULL, FULL], "before the door it shows that the room is full"
    assert town.world.map.address_at(town.world.tile(0, 59)) == ROOM
    assert town.world.tile(1, 59) == (3, 5)


@RULES
def test_who_sees_that_somebody_leaves_knows_when_there_is_room(rule: Rule) -> None:
    leaves = acts((1, lambda body: walk(body, (3, 2))), (30, lambda body: body.set_out("town:Hut")))
    second, answers = tries(20, 31, 34)
    town = Town(shop(capacity="1"), ((3, 6), leaves), ((3, 5), second), speed=1, sight=8)
    town.run(60, rule)
    assert answers == [FULL, Refused(Obstacle.FULL, 33), 35]


@RULES
def test_of_two_who_enter_at_once_the_second_steps_out_again(rule: Rule) -> None:
    first, _ = tries(1, 3, 5, 7)
    second, answers = tries(1, 3, 5, 7, 9)
    town = Town(shop(capacity="1"), ((2, 6), first), ((4, 6), second), speed=1, sight=8)
    town.run(60, rule)
    addresses = [town.world.map.address_at(town.world.tile(person, 59)) for person in (0, 1)]
    assert addresses[0] == ROOM
    assert addresses[1] != ROOM
    assert isinstance(answers[-1], Refused)
    assert answers[-1].why is Obstacle.FULL


def test_a_room_that_is_not_seen_to_be_full_is_tried() -> None:
    first, _ = tries(1, 3)
    second, answers = tries(20)
    Town(shop(capacity="1"), ((3, 6), first), ((10, 0), second), speed=1, sight=2).run(60)
    assert isinstance(answers[0], int)


def test_to_be_somewhere_in_a_sector_is_not_to_be_in_a_room_for_few() -> None:
    life, _ = tries(1, 2, 30, to="town:Shop")
    town = Town(shop(capacity="1"), ((3, 6), life), speed=1)
    town.run(60)
    assert town.world.map.address_at(town.world.tile(0, 59)) == "town:Shop:east"


def test_what_is_in_a_full_room_cannot_be_used_and_nobody_is_spoken_to_there() -> None:
    first, _ = tries(1, 3)
    seen: list[Any] = []

    def look(body: TownBody) -> None:
        seen.append([use.name for use in body.uses("town:Shop")])
        seen.append(body.can_approach("Ann"))

    def knows(body: TownBody) -> Process:
        yield from body._lane.sleep(1)
        body.set_out("town:Shop:east")
        yield from body._lane.sleep(30)
        walk(body, (3, 6))
        yield from body._lane.sleep(60)
        look(body)

    town = Town(shop(capacity="1"), ((3, 6), first), ((6, 6), knows), speed=1, sight=9)
    town.run(90)
    assert seen == [[], False]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_addresses_resolve_down_the_tree_to_a_tile_that_nobody_takes(seed: int) -> None:
    dice = Random(seed)
    town_map = random_map(dice)
    free = town_map.standing_tiles(town_map.name)
    in_rooms = {tile for arena in town_map.arenas if arena.capacity is not None for tile in arena.tiles}
    other = dice.choice([tile for tile in free if tile not in in_rooms] or [(-1, -1)])
    levels: tuple[Sequence[Place], ...] = (town_map.sectors, town_map.arenas, town_map.objects)
    for address in (town_map.name, *(dice.choice(level).address for level in levels if level)):
        answers: list[int | Refused] = []

        def goes(body: TownBody, address: str = address, answers: list[int | Refused] = answers) -> Process:
            yield from body._lane.sleep(1)
            while isinstance(way := body.set_out(address), int) and way > body._lane.now:
                yield from body._lane.sleep(way)
            answers.append(way)
            body.make_room(address)

        people = [(dice.choice(free), goes)] + ([(other, acts())] if other in free else [])
        town = Town(town_map, *people, speed=1, sight=9)
        town.run(2000)
        if isinstance(answers[0], Refused):
            assert answers[0].why is Obstacle.CLOSED
            continue
        stands = town_map.standing_tiles(address)
        tile = town.world.tile(0, 1999)
        assert tile in stands
        assert tile != other or len(stands) == 1 or people[0][0] == other
