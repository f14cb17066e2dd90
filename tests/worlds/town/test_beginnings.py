"""Where people begin: at spawn points, beside beds, anywhere at home, each on a tile of their own if there is one."""

from __future__ import annotations

from typing import Any

from tests.worlds.town.maps import house, parse, rectangle
from worlds.town.beginnings import Beginnings

WEST, HOUSE = "town:House:west", "town:House"


def with_spawns(*tiles: tuple[int, int]) -> dict[str, Any]:
    document = house()
    objects = [rectangle("", x, y, 1, 1) for x, y in tiles]
    document["layers"].append({"id": 9, "name": "Spawns", "type": "objectgroup", "objects": objects})
    return document


def test_spawn_points_come_first_in_file_order_then_beds_then_the_rest() -> None:
    town = parse(with_spawns((6, 3), (2, 2)))
    beginnings = Beginnings(town)
    taken = [beginnings.take(HOUSE) for _ in range(8)]
    assert taken[:2] == [(6, 3), (2, 2)]
    assert taken[2:4] == [(1, 1), (1, 2)], "the two tiles of the bed"
    assert len(set(taken)) == 8
    assert all(town.arena_at(tile) for tile in taken)


def test_a_home_of_one_room_has_what_is_in_it() -> None:
    beginnings = Beginnings(parse(with_spawns((6, 3), (2, 2))))
    assert [beginnings.take("town:House:east"), beginnings.take(WEST), beginnings.take(WEST)] == [
        (6, 3),
        (2, 2),
        (1, 1),
    ]
    assert beginnings.take("town:House:west:bed") == (1, 2)


def test_who_finds_no_free_tile_begins_where_somebody_else_does() -> None:
    town = parse(house())
    beginnings = Beginnings(town)
    room = len(town.standing_tiles(WEST)) + 2
    tiles = [beginnings.take(WEST) for _ in range(room + 2)]
    assert len(set(tiles)) == room
    assert tiles[-1] == tiles[-2] == town.standing_tiles(WEST)[0]
