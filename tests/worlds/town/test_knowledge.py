"""What people know of the town: at first, by sight and by hearing of it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.kernel.lane import Process
from engine.record.events import Discovered, Event
from tests.worlds.town.maps import house, parse, rectangle
from tests.worlds.town.people import Rule, Town, acts, frontier, strict
from worlds.town.atlas import Atlas
from worlds.town.body import TownBody
from worlds.town.knowledge import Knowledge, Ties
from worlds.town.map import TownMap
from worlds.town.sight import Sight
from worlds.town.views import Views

DRAWING = """
#############....#####
#...#...#...#....#...#
#...#...#...#....#...#
#...............#....#
#...#...#...#........#
#############....#####
"""


def street(**hours: str) -> TownMap:
    """A house of three rooms in the west, the home of somebody else in the east."""
    document = house(DRAWING.split())
    sectors, arenas, things = (document["layers"][index] for index in (1, 2, 3))
    sectors["objects"] = [
        rectangle("House", 0, 0, 13, 6, kind="home", description="a house"),
        rectangle("Cafe", 14, 0, 2, 2, kind="cafe", description="a cafe", **hours),
        rectangle("Next Door", 17, 0, 5, 6, kind="home", description="a home"),
    ]
    arenas["objects"] = [
        rectangle("west", 1, 1, 3, 4, description="a room"),
        rectangle("middle", 5, 1, 3, 4, description="a room"),
        rectangle("east", 9, 1, 3, 4, description="a room"),
        rectangle("tables", 14, 0, 2, 2, description="tables in the sun"),
        rectangle("hall", 18, 1, 3, 4, description="a hall"),
    ]
    things["objects"] = [
        rectangle("bed", 1, 1, 1, 1, state="made"),
        rectangle("chair", 18, 1, 1, 1, state="free"),
    ]
    del document["layers"][4]
    return parse(document)


def knowledge(town_map: TownMap, ties: Ties, radius: int = 3) -> Knowledge:
    return Knowledge(Atlas(town_map), Views(town_map, Sight(town_map, radius)), ties)


def test_at_first_one_knows_home_work_and_what_is_named_and_the_landmarks() -> None:
    town_map = street(opens="08:00", closes="18:00")
    known = knowledge(town_map, Ties("town:House:west", familiar=("town:Next Door:hall:chair",)))
    assert set(known.first) == {
        "town:House", "town:House:west", "town:House:middle", "town:House:east", "town:House:west:bed",
        "town:Next Door", "town:Next Door:hall", "town:Next Door:hall:chair",
    }  # fmt: skip
    assert "town:Cafe" in known
    assert "town:Cafe:tables" not in known, "of a landmark one knows that it is there"
    assert [spot.address for spot in known.spots][-1] == "town:Cafe"
    assert "town:Cafe" not in knowledge(street(), Ties("town:House"))


def test_one_gets_to_know_what_one_sees_and_nobody_chooses_the_home_of_another() -> None:
    known = knowledge(street(), Ties("town:House"))
    assert known.see([(9, 3)]) == ()
    assert known.see([(13, 1)]) == ("town:Cafe", "town:Cafe:tables")
    assert known.see([(13, 1)]) == ()
    assert "town:Next Door" in known.see([(16, 2)])
    assert [spot.address for spot in known.spots] == [
        "town:House:west", "town:House:middle", "town:House:east", "town:Cafe:tables",
    ]  # fmt: skip


def test_one_who_works_at_a_home_may_go_there() -> None:
    known = knowledge(street(), Ties("town:House", work="town:Next Door:hall"))
    assert [(spot.address, spot.home) for spot in known.spots][-1] == ("town:Next Door:hall", False)


def test_by_hearing_of_a_place_one_knows_its_sector() -> None:
    known = knowledge(street(), Ties("town:House"))
    assert known.hear_of("town:Cafe:tables") == ("town:Cafe",)
    assert known.hear_of("town:Cafe") == ()
    assert known.hear_of("town") == ()
    assert [(spot.address, spot.description) for spot in known.spots][-1] == ("town:Cafe", "a cafe")


def discoveries(events: list[Event]) -> list[tuple[int, str, str]]:
    return [(e.key.time, e.body.how, a) for e in events if isinstance(e.body, Discovered) for a in e.body.addresses]


@pytest.mark.parametrize("rule", [strict, frontier])
def test_it_is_logged_when_one_next_does_something_and_only_for_tiles_walked_over(rule: Rule) -> None:
    seen: list[Any] = []

    def explores(body: TownBody) -> Process:
        body.appear()
        body.set_out("town:Next Door:hall")
        yield from body._lane.sleep(2)  # on the tile (11, 3), from which the cafe does not show
        seen.append([spot.address for spot in body.spots()])
        yield from body._lane.sleep(5)
        body.halt()
        yield from body._lane.sleep(20)
        seen.append([spot.address for spot in body.spots()])
        body.hear_of("town:Next Door")

    events = Town(street(), ((9, 3), explores), speed=1, sight=2).run(60, rule)
    found = discoveries(events)
    assert found[0] == (0, "start", "town:House")
    assert [entry for entry in found if entry[1] == "sight"] == [
        (5, "sight", "town:Cafe"), (5, "sight", "town:Cafe:tables"),
    ]  # fmt: skip
    assert (20, "hearing", "town:Next Door") in found
    assert [len(spots) for spots in seen] == [3, 4]


def test_what_can_be_done_is_known_of_objects_that_are_known_only() -> None:
    document = house()
    document["layers"][1]["objects"][0]["properties"][0]["value"] = "cafe"
    document["layers"][1]["objects"].insert(0, rectangle("Hut", 0, 6, 2, 2, kind="home", description="a hut"))
    document["layers"][2]["objects"].append(rectangle("floor", 0, 6, 2, 2, description="a floor"))
    known: list[list[str]] = []

    def look(body: TownBody) -> None:
        known.append([use.name for use in body.uses("town:House")])

    goes = acts((1, look), (2, lambda body: body.set_out("town:House:east")), (40, look))
    Town(parse(document), ((1, 7), goes), sight=4).run(60)
    assert known == [[], ["bed", "stove", "stove"]], "the bed shows through the door"
