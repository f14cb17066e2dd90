"""Sight is symmetric, ends at walls, and fills an arena."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.town.maps import SHIPPED, house, parse, plain
from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.sight import Sight

TOWN = TownMap.load(SHIPPED)
SIGHTS = {radius: Sight(TOWN, radius) for radius in (0, 1, 4, 8)}
tiles = st.tuples(st.integers(-2, TOWN.width + 1), st.integers(-2, TOWN.height + 1))


@settings(max_examples=300, deadline=None)
@given(tiles, st.integers(-9, 9), st.integers(-9, 9), st.sampled_from(sorted(SIGHTS)))
def test_symmetric_and_bounded(a: Tile, dx: int, dy: int, radius: int) -> None:
    b, sight = (a[0] + dx, a[1] + dy), SIGHTS[radius]
    assert sight.sees(a, b) == sight.sees(b, a)
    assert not sight.sees(a, b) or max(abs(dx), abs(dy)) <= radius
    assert not sight.sees(a, b) or (a in TOWN and b in TOWN)


@given(tiles, st.sampled_from(sorted(SIGHTS)))
def test_reflexive_on_the_map(a: Tile, radius: int) -> None:
    assert SIGHTS[radius].sees(a, a) == (a in TOWN)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(".#", min_size=7, max_size=7), min_size=6, max_size=6), st.data())
def test_symmetric_between_random_walls(rows: list[str], data: st.DataObject) -> None:
    # The arena lies below, on the largest free region, so that lines of sight count everywhere above.
    document = plain("\n".join([*rows, *["......."] * 7]))
    for layer in document["layers"][1:3]:
        layer["objects"][0] |= {"y": 16 * 12, "height": 16}
    sight = Sight(parse(document), 5)
    a, b = (data.draw(st.tuples(st.integers(0, 6), st.integers(0, 7))) for _ in range(2))
    assert sight.sees(a, b) == sight.sees(b, a)


def test_walls_end_sight_and_doors_do_not() -> None:
    sight = Sight(parse(house()), 8)
    assert sight.sees((3, 3), (5, 3))
    assert not sight.sees((3, 1), (5, 1))
    assert sight.sees((1, 1), (3, 4)), "one arena"
    assert sight.sees((0, 6), (8, 7)), "both outdoors"
    assert not sight.sees((1, 4), (1, 6))
    assert sight.sees((5, 4), (5, 4))


def test_no_sight_through_the_gap_between_two_corners() -> None:
    document = plain(".#.\n#..\n...")
    for layer in document["layers"][1:3]:
        layer["objects"][0] |= {"y": 32, "height": 16}
    sight = Sight(parse(document), 3)
    assert not sight.sees((0, 0), (1, 1))
    assert sight.sees((1, 1), (2, 0)), "past one corner"


def test_seen_from_is_what_sees_says() -> None:
    sight = SIGHTS[4]
    for tile in TOWN.standing_tiles(TOWN.name)[::211]:
        seen = sight.seen_from(tile)
        assert tile in seen
        assert seen == tuple((x, y) for y in range(TOWN.height) for x in range(TOWN.width) if sight.sees(tile, (x, y)))


def test_negative_radius() -> None:
    with pytest.raises(ValueError, match="radius"):
        Sight(TOWN, -1)
