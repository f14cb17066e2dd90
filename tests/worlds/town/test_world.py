"""Who is where, sees whom and uses what, at any time; and what a body tells its mind of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contact import Heard, Obstacle, Refused, Use
from engine.kernel.lane import Process
from engine.record.events import WORLD_AGENT, Acted, Event, ObjectChanged, Walked
from tests.worlds.town.maps import house, parse, rectangle, walls
from tests.worlds.town.people import Rule, Town, acts, frontier, same_second, shared_stove, strict, walk
from worlds.town.body import TownBody
from worlds.town.objects import Action
from worlds.town.places import Tile
from worlds.town.walk import Walk
from worlds.town.world import TownWorld

RULES = pytest.mark.parametrize("rule", [strict, same_second, frontier])
MAP = parse(house())
STREET = walls("............", "............", "....####....", "............", "............")
FREE = [(x, y) for y in range(5) for x in range(12) if not (y == 2 and 4 <= x < 8)]
STOVE = "town:House:east:stove"
COOKING = Use(STOVE, "stove", "cooking a meal", "hot", 20)
WIPING = Use(STOVE, "stove", "wiping it", "wet", 5)

tiles = st.sampled_from(FREE)
goals = st.lists(st.tuples(st.integers(0, 20), tiles), max_size=4).map(sorted)


class Eyes:
    """Somebody who is not a lane, and remembers when they were to look up."""

    listening = True
    next_time = 10_000.0

    def __init__(self) -> None:
        self.roused: list[int] = []

    def rouse(self, time: int) -> None:
        self.roused.append(time)


def wander(world: TownWorld, person: int, goals: list[tuple[int, Tile]]) -> None:
    """Let a person set out for goals at times."""
    for time, goal in goals:
        path = world.paths.path(world.tile(person, time), goal)
        assert path is not None
        world.set_walk(person, Walk(time, path, world.seconds_per_tile))


@given(st.lists(st.tuples(tiles, goals), min_size=2, max_size=3), st.integers(1, 3), st.integers(20, 40))
def test_encounters_are_those_of_a_scan_second_by_second(
    people: list[tuple[Tile, list[tuple[int, Tile]]]], speed: int, now: int
) -> None:
    world = TownWorld(STREET, 3, speed)
    for number, (tile, ways) in enumerate(people):
        assert world.add_person(str(number), tile, Eyes()) == number
        wander(world, number, [way for way in ways if way[0] < now])
    for person in range(len(people)):
        others = [other for other in range(len(people)) if other != person]
        scan = (
            time
            for time in range(now + 1, now + 100)
            if any(world.sees(person, other, time) and not world.sees(person, other, time - 1) for other in others)
        )
        assert world.next_encounter(person, now, now + 100) == next(scan, None)
        seen = world.in_sight(person, now)
        assert sorted(seen) == [other for other in others if world.sees(person, other, now)]
        here = world.tile(person, now)
        away = [sum(abs(a - b) for a, b in zip(here, world.tile(other, now), strict=True)) for other in seen]
        assert away == sorted(away)


def test_who_sets_out_rouses_those_whom_it_will_meet_and_nobody_else() -> None:
    world = TownWorld(STREET, 3, 1)
    eyes = [Eyes() for _ in range(3)]
    a, b, _ = (world.add_person(str(n), tile, eyes[n]) for n, tile in enumerate([(0, 0), (11, 0), (0, 2)]))
    wander(world, a, [(5, (11, 0))])
    assert [each.roused for each in eyes] == [[], [13], []]
    assert [world.sees(a, b, time) for time in (12, 13)] == [False, True]
    assert world.next_encounter(b, 6, 20) == world.next_encounter(a, 6, 20) == 13
    assert world.next_encounter(b, 6, 13) is None
    assert world.seen_walk(a, 5).path == ((0, 0),)
    assert world.seen_walk(a, 6).path[-1] == (11, 0)
    assert [world.tile(a, time) for time in (5, 6, 7)] == [(0, 0), (1, 0), (2, 0)]


def test_what_happens_within_a_second_is_invisible_until_the_next() -> None:
    world = TownWorld(MAP, 3, 1)
    ann = world.add_person("Ann", (6, 3), Eyes())
    world.set_action(ann, 5, Action("cooking", STOVE, STOVE, "hot"))
    assert [world.situation(STOVE, time) for time in (5, 6)] == [("off", False), ("hot", True)]
    assert world.settle(6) == []
    assert world.settle(7) == [(6, ObjectChanged(STOVE, "hot"))]
    assert world.settle(99) == []


def test_an_object_keeps_the_state_it_was_given_while_nobody_uses_it() -> None:
    world = TownWorld(MAP, 3, 1)
    ann = world.add_person("Ann", (6, 3), Eyes())
    world.set_state(STOVE, 8, "burning")
    world.set_action(ann, 5, Action("cooking", STOVE, STOVE, "hot"))
    world.set_action(ann, 20, Action("resting", "town:House:east"))
    changes = [change for horizon in range(0, 40, 3) for change in world.settle(horizon)]
    assert changes == [(6, ObjectChanged(STOVE, "hot")), (21, ObjectChanged(STOVE, "burning"))]


# -- bodies ----------------------------------------------------------------------------------------------------------


@RULES
def test_who_walks_into_sight_is_perceived_exactly_once_by_both(rule: Rule) -> None:
    def passer_by(body: TownBody) -> Process:
        yield from body._lane.sleep(4)
        walk(body, (11, 0))
        body.act("walking by", "", 99)
        yield from town.watch(0, 60)(body)

    town = Town(STREET, ((0, 0), passer_by), ((5, 1), lambda body: town.watch(1, 60)(body)))
    town.run(60, rule)
    assert town.people_seen(1) == [(6, "Ann", "walking by")]
    assert town.people_seen(0) == [(6, "Ben", "")]
    assert [town.world.sees(0, 1, time) for time in (5, 6, 12, 13)] == [False, True, True, False]


def test_who_comes_back_is_perceived_again() -> None:
    ways = acts((1, lambda body: walk(body, (6, 0))), (20, lambda body: walk(body, (0, 0))),
                (40, lambda body: walk(body, (6, 0))))  # fmt: skip
    town = Town(STREET, ((0, 0), ways), ((6, 1), lambda body: town.watch(1, 60)(body)))
    town.run(60)
    assert [time for time, _, _ in town.people_seen(1)] == [4, 43]


@RULES
def test_an_act_is_noticed_a_second_later_by_those_in_sight_only(rule: Rule) -> None:
    sings = acts((7, lambda body: body.act("singing", "", 99)))
    town = Town(
        STREET,
        ((1, 0), sings),
        ((3, 0), lambda body: town.watch(1, 60)(body)),
        ((11, 4), lambda body: town.watch(2, 60)(body)),
    )
    events = town.run(60, rule)
    assert town.people_seen(1) == [(0, "Ann", ""), (8, "Ann", "singing")]
    assert town.people_seen(2) == []
    assert [(e.key.time, e.body) for e in events] == [(7, Acted("singing", "", "town:all:all", 99))]


def test_one_hears_what_is_told_at_its_time_if_the_teller_was_in_sight_then() -> None:
    tells = acts(
        (3, lambda body: body.tell("Ben", 9, "too far")),
        (4, lambda body: walk(body, (8, 0))),
        (20, lambda body: body.tell("Ben", 9, "hello")),
        (21, lambda body: walk(body, (0, 0))),
    )
    town = Town(STREET, ((0, 0), tells), ((11, 0), lambda body: town.watch(1, 60)(body)))
    town.run(60)
    assert [(time, heard) for time, heard in town.seen[1] if isinstance(heard, Heard)] == [(29, Heard("Ann", "hello"))]


def test_of_what_was_seen_with_closed_eyes_only_what_still_goes_on_counts() -> None:
    def sleeper(body: TownBody) -> Process:
        yield from body.wait(body._lane.now)
        yield from body._lane.sleep(30)
        yield from town.watch(1, 60)(body)

    ann = acts((5, lambda body: body.act("singing", "", 9)), (9, lambda body: body.act("humming", "", 99)))
    cas = acts((5, lambda body: body.act("waving", "", 9)), (9, lambda body: walk(body, (0, 4))))
    town = Town(STREET, ((10, 0), ann), ((11, 0), sleeper), ((9, 0), cas))
    town.run(60)
    assert town.people_seen(1) == [(30, "Ann", "humming")]


def test_who_is_engaged_with_somebody_has_to_do_with_nobody_else() -> None:
    told: list[str] = []

    def busy(body: TownBody) -> Process:
        yield from body._lane.sleep(4)
        body.act("talking", "", 20)
        body.engage(["Ben"], 20)
        assert body.engaged_until == 20
        with pytest.raises(RuntimeError, match="Ann has promised to do nothing that others notice until 20"):
            body.act("singing", "", 9)
        with pytest.raises(RuntimeError, match="Ann has promised to do nothing that others notice until 20"):
            walk(body, (3, 0))
        told.append("refused")
        body.tell("Ben", 1, "to you")
        body.tell("Cas", 1, "to you too")
        yield from body._lane.sleep(20)
        assert body.engaged_until == 20 == body._lane.now
        body.tell("Cas", 1, "now")

    town = Town(
        STREET,
        ((1, 0), busy),
        ((2, 0), lambda body: town.watch(1, 60)(body)),
        ((1, 1), lambda body: town.watch(2, 60)(body)),
    )
    town.run(60)
    assert told == ["refused"], "an error in a life would only be logged"
    heard = [[(time, p.content) for time, p in seen if isinstance(p, Heard)] for seen in town.seen[1:]]
    assert heard == [[(5, "to you")], [(21, "now")]]


@pytest.mark.parametrize(
    ("names", "until", "kept"),
    [
        (["Ben", "Cas"], 15, ({1, 2}, 20)),
        ([], 15, ({1, 2}, 20)),
        (["Ben", "Cas", "Dot"], 30, ({1, 2}, 20)),
        (["Dot"], 30, ({1, 2}, 20)),
        (["Ben", "Cas"], 30, ({1, 2}, 30)),
        (["Ben"], 20, ({1}, 20)),
        (["Ann"], 20, (set(), 20)),
    ],
)
def test_who_is_engaged_promises_nothing_less_before_the_time_is_over(
    names: list[str], until: int, kept: tuple[set[int], int]
) -> None:
    found: list[tuple[set[int], int]] = []

    def looks(body: TownBody) -> None:
        engagement = body._world.engagement(body._me, body._lane.now)
        assert engagement is not None
        found.append((set(engagement.partners), body.engaged_until))

    ann = acts(
        (2, lambda body: body.engage(["Ben", "Cas"], 20)),
        (3, lambda body: body.engage(names, until)),
        (3, looks),
        (30, lambda body: body.engage(["Dot"], 31)),
        (30, looks),
    )
    Town(STREET, ((1, 0), ann), ((2, 0), acts()), ((3, 0), acts()), ((4, 0), acts())).run(60)
    assert found == [kept, ({3}, 31)]


@pytest.mark.parametrize(
    ("address", "until", "kept"),
    [
        ("town:House:east", 15, 20),
        ("town:House", 15, 20),
        ("town:House", 30, 20),
        ("town:House:east", 30, 30),
    ],
)
def test_who_stays_somewhere_promises_nothing_less_before_the_time_is_over(address: str, until: int, kept: int) -> None:
    found: list[tuple[int, bool]] = []

    def looks(body: TownBody) -> None:
        found.append((body.stays_until, isinstance(body.set_out("town:House:west"), Refused)))

    ann = acts(
        (2, lambda body: body.stay("town:House:east", 20)),
        (3, lambda body: body.stay(address, until)),
        (3, looks),
        (30, lambda body: body.stay("town:House", 31)),
        (30, looks),
    )
    Town(MAP, ((6, 3), ann), sight=9).run(60)
    assert found == [(kept, True), (31, False)]


def test_who_stays_somewhere_leaves_it_only_when_the_time_is_over() -> None:
    arrivals: list[Any] = []
    refused: list[int | Refused] = []
    stays = acts(
        (2, lambda body: body.stay("town:House:east", 30)),
        (3, lambda body: refused.append(body.set_out("town:House:west"))),
        (4, lambda body: arrivals.append(body.stays_until)),
        (5, lambda body: arrivals.append(body.can_approach("Ben"))),
        (30, lambda body: arrivals.append(body.set_out("town:House:west"))),
    )
    town = Town(MAP, ((6, 3), stays), ((2, 3), acts()), sight=9)
    town.run(60)
    assert refused == [Refused(Obstacle.NO_WAY)]
    assert arrivals[:2] == [30, False]
    assert arrivals[2] > 30


def test_who_stays_in_a_place_of_several_parts_is_bound_only_from_within_one() -> None:
    document = house()
    document["layers"][1]["objects"].append(rectangle("House", 0, 6, 9, 2))
    document["layers"][2]["objects"].append(rectangle("west", 3, 5, 1, 2))
    bound: list[tuple[Tile, int]] = []

    def stays(body: TownBody) -> None:
        body.stay("town:House:west", 9)
        bound.append((body._tile, body.stays_until))

    where = [((3, 6), 9), ((2, 6), 1), ((2, 2), 9), ((5, 2), 1)]
    Town(parse(document), *((tile, acts((1, stays))) for tile, _ in where)).run(5)
    assert bound == where, "(2, 6) is in the rectangle around both parts, but in neither"


def test_of_two_on_one_tile_the_one_who_came_last_makes_room() -> None:
    def comes(time: int) -> Any:
        return acts((time, lambda body: walk(body, (7, 3))), (40, lambda body: body.make_room("town:House:east")))

    town = Town(MAP, ((5, 3), comes(9)), ((6, 4), comes(5)))
    town.run(60)
    assert town.world.tile(1, 59) == (7, 3)
    assert town.world.tile(0, 59) != (7, 3)


def test_walking_leads_to_the_nearest_free_tile_and_standing_needs_no_walk() -> None:
    arrivals: list[Any] = []
    goes = acts((2, lambda body: arrivals.append(body.set_out("town:House:east"))),
                (90, lambda body: arrivals.append(body.set_out("town:House:east"))),
                (91, lambda body: arrivals.append(body.set_out("town:House:west"))),
                (93, lambda body: body.halt()), (94, lambda body: body.halt()),
                (95, lambda body: arrivals.append(body.approach("Ben") or 0)))  # fmt: skip
    town = Town(MAP, ((2, 3), goes), ((5, 3), acts()), speed=2)
    events = town.run(200)
    walked = [(e.key.time, e.body) for e in events if isinstance(e.body, Walked)]
    first = walked[0][1]
    assert first.path[-1] != (5, 3), "somebody stands there"
    assert arrivals[0] == 2 + 2 * (len(first.path) - 1)
    assert arrivals[1] == 90
    assert [time for time, _ in walked] == [2, 91, 93, 95]
    assert len(walked[2][1].path) == 1
    x, y = walked[3][1].path[-1]
    assert abs(x - 5) + abs(y - 3) == 1


def changes(events: list[Event]) -> list[tuple[int, str]]:
    """When the world logged which state."""
    assert {e.key.agent for e in events if isinstance(e.body, ObjectChanged)} <= {WORLD_AGENT}
    return [(e.key.time, e.body.state) for e in events if isinstance(e.body, ObjectChanged)]


def uses(time: int, use: Use | None) -> tuple[int, Any]:
    return time, lambda body: body.act("busy", "", 99, use)


@RULES
def test_an_object_changes_its_state_while_it_is_used(rule: Rule) -> None:
    free: list[int] = []
    looks = acts(*((time, lambda body: free.append(len(body.uses(STOVE)))) for time in (5, 6, 12, 13)))
    town = Town(MAP, ((6, 4), acts(uses(5, COOKING), uses(8, COOKING), uses(12, None))), ((7, 3), looks))
    assert changes(town.run(60, rule)) == [(6, "hot"), (13, "off")]
    assert free == [2, 0, 0, 2]


def test_walking_away_ends_the_use() -> None:
    town = Town(MAP, ((6, 4), acts(uses(5, COOKING), (9, lambda body: body.set_out("town:House:west")))))
    assert changes(town.run(60)) == [(6, "hot"), (10, "off")]


def test_an_object_is_idle_again_when_the_last_user_leaves() -> None:
    people = [((6, 4), acts(uses(1, COOKING), uses(9, None))), ((5, 3), acts(uses(4, COOKING), uses(15, None)))]
    assert changes(Town(shared_stove(2), *people).run(60)) == [(2, "hot"), (16, "off")]


@RULES
def test_two_who_leave_at_once_leave_nothing_on(rule: Rule) -> None:
    people = [(tile, acts(uses(1, COOKING), uses(9, None))) for tile in ((6, 4), (5, 3))]
    assert changes(Town(shared_stove(2), *people).run(60, rule)) == [(2, "hot"), (10, "off")]


@RULES
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_begins_as_another_leaves_is_not_overruled(rule: Rule, order: tuple[int, int]) -> None:
    lives = [acts(uses(1, COOKING), uses(9, None)), acts(uses(9, WIPING), uses(15, None))]
    people = [((6, 4), lives[order[0]]), ((5, 3), lives[order[1]])]
    expected = [(2, "hot"), (10, "wet"), (16, "off")]
    assert changes(Town(shared_stove(2), *people).run(60, rule)) == expected


def test_several_acts_within_a_second_are_one_change() -> None:
    town = Town(MAP, ((6, 4), acts(uses(1, COOKING), uses(1, None), uses(1, WIPING), uses(5, None), uses(5, WIPING))))
    assert changes(town.run(60)) == [(2, "wet")]


def test_a_body_knows_its_home_and_speaks_of_places() -> None:
    town = Town(MAP, ((6, 3), acts()))
    town.run(1)
    (body,) = town.bodies
    assert (body.name, body.address, body.place) == ("Ann", "town:House:east", "the east of House")
    assert [(spot.address, spot.home) for spot in body.spots()] == [
        ("town:House:west", True),
        ("town:House:east", True),
    ]
    assert body.describe(STOVE) == "the stove in the east of House"
    assert body.describe("town") == "the street"
    assert body.is_open(STOVE, 0)
    assert [use.activity for use in body.uses("town:House")] == ["sleeping", "cooking a meal", "wiping it"]
    with pytest.raises(LookupError, match="no place has the address 'town:Hose'"):
        body.describe("town:Hose")
