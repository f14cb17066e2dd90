"""What shows from a tile, against looking at every tile by itself; and who could have changed it."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.town.maps import house, parse, rectangle
from tests.worlds.town.wanderers import random_map
from worlds.town.atlas import Atlas
from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.reach import TownReach
from worlds.town.sight import Sight
from worlds.town.views import MADE_OUT, Views
from worlds.town.walk import Walk
from worlds.town.ways import WaysIntoSight
from worlds.town.whereabouts import Whereabouts

towns = st.integers(0, 2**32).map(lambda seed: random_map(Random(seed)))
radii = st.integers(0, 9) | st.just(MADE_OUT + 1)
several = settings(max_examples=30, deadline=None)


def free_tiles(town_map: TownMap, dice: Random, most: int) -> list[Tile]:
    free = town_map.standing_tiles(town_map.name)
    return dice.sample(free, min(most, len(free)))


@several
@given(towns, radii, st.randoms(use_true_random=False))
def test_the_places_that_show_are_those_of_the_tiles_in_sight(town_map: TownMap, radius: int, dice: Random) -> None:
    sight = Sight(town_map, radius)
    views, addresses = Views(town_map, sight), Atlas(town_map).addresses
    tiles = free_tiles(town_map, dice, 40)
    for tile, numbers in zip(tiles, views.places(tiles), strict=True):
        x, y = tile
        seen = {t for t in sight.seen_from(tile) if max(abs(t[0] - x), abs(t[1] - y)) <= MADE_OUT}
        walls = {(x, y) for x, y in seen if town_map.opaque[y, x]}
        expected = {sector.address for sector in town_map.sectors if seen & set(sector.tiles)}
        expected |= {arena.address for arena in town_map.arenas if (seen - walls) & set(arena.tiles)}
        expected |= {thing.address for thing in town_map.objects if seen & set(thing.tiles)}
        assert {addresses[number] for number in numbers} == expected


def test_a_room_is_not_known_by_its_walls() -> None:
    document = house()
    document["layers"][2]["objects"][0] = rectangle("west", 0, 0, 4, 5, description="a bedroom")
    town_map = parse(document)
    views, addresses = Views(town_map, Sight(town_map, 5)), Atlas(town_map).addresses
    (outside, inside) = views.places([(8, 7), (1, 3)])
    assert [addresses[number] for number in outside] == ["town:House"]
    assert "town:House:west" in [addresses[number] for number in inside]


@several
@given(towns, st.integers(1, 9), st.sampled_from([1, 2, 10, 60]), st.randoms(use_true_random=False))
def test_who_could_have_changed_what_shows_holds_up_who_looks(
    town_map: TownMap, radius: int, pace: int, dice: Random
) -> None:
    """The least that causality needs: whoever stands at an object is waited for to the last second."""
    views = Views(town_map, Sight(town_map, radius))
    for thing in town_map.objects:
        for tile in free_tiles(town_map, dice, 60):
            if not views.shows(tile, thing.address):
                continue
            whereabouts = Whereabouts()
            reach = TownReach(whereabouts, WaysIntoSight(town_map, radius), radius, pace)
            whereabouts.add(Walk(0, (tile,), pace))
            users = [whereabouts.add(Walk(0, (stand,), pace)) for stand in town_map.standing_tiles(thing.address)]
            latest = dict(reach.around(0, 1000, 0, 1, lambda _: 1))
            assert [latest.get(user) for user in users] == [999] * len(users)


def test_an_object_shows_from_the_room_and_not_from_where_only_a_part_of_its_users_is_seen() -> None:
    town_map = parse(house())
    views = Views(town_map, Sight(town_map, 9))
    bed = "town:House:west:bed"
    assert town_map.standing_tiles(bed) == ((1, 1), (1, 2))
    assert views.shows((3, 4), bed)
    sight = Sight(town_map, 9)
    half = [
        tile
        for tile in town_map.standing_tiles("town")
        if {sight.sees(tile, s) for s in ((1, 1), (1, 2))} == {True, False}
    ]
    assert half
    assert not any(views.shows(tile, bed) for tile in half)
