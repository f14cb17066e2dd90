"""Reading maps: what a sound one gives."""

from __future__ import annotations

import base64
import copy
import gzip
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import BadInput
from tests.worlds.town.maps import HOUSE, house, parse, rectangle, tileset
from worlds.town.map import TownMap
from worlds.town.places import Affordance, Consequence, Rect, UnknownAddress
from worlds.town.tilesets import Picture, Piece


def test_tree_and_addresses() -> None:
    town = parse(house())
    assert [sector.name for sector in town.sectors] == ["House"]
    assert [arena.address for arena in town.arenas] == ["town:House:west", "town:House:east"]
    assert [item.address for item in town.objects] == ["town:House:west:bed", "town:House:east:stove"]
    stove = town.objects[1]
    assert stove.affordances == (Affordance("cooking a meal", "hot", 20), Affordance("wiping it", "wet", 5))
    assert (stove.state, stove.seats, stove.description) == ("off", 1, "stove: cooking a meal, wiping it")
    assert town.sectors[0].arenas == town.arenas
    assert town.resolve("town:House:east:stove") is stove
    assert town.resolve("town") is town.town


def test_address_at_a_tile_is_the_deepest_place() -> None:
    town = parse(house())
    assert town.address_at((1, 1)) == "town:House:west"
    assert town.address_at((4, 3)) == "town:House"
    assert town.address_at((0, 7)) == "town"
    assert town.address_at((-1, 0)) == town.address_at((0, 8)) == "town"
    assert town.arena_at((4, 3)) is None and town.sector_at((4, 3)) is town.sectors[0]


def test_unknown_address_names_the_nearest() -> None:
    with pytest.raises(UnknownAddress, match="town:House:east:stove"):
        parse(house()).resolve("town:House:east:Stove")


def test_blocked_and_opaque() -> None:
    town = parse(house())
    wall = np.array([[char == "#" for char in row] for row in HOUSE.split()])
    assert (town.opaque == wall).all()
    assert town.blocked[4, 5] and not town.opaque[4, 5]
    with pytest.raises(ValueError, match="read-only"):
        town.blocked[0, 0] = False


def test_standing_tiles() -> None:
    town = parse(house())
    assert town.standing_tiles("town:House:west:bed") == ((1, 1), (1, 2))
    assert town.standing_tiles("town:House:east:stove") == ((5, 3), (6, 4))
    assert (1, 1) not in town.standing_tiles("town:House:west")
    assert town.standing_tiles("town:House:west")[0] == (2, 1)
    assert set(town.standing_tiles("town:House")) == {
        *town.standing_tiles("town:House:west"),
        *town.standing_tiles("town:House:east"),
    }
    assert len(town.standing_tiles("town")) == int(town.ground.sum())


def test_opening_hours() -> None:
    document = house()
    document["layers"][1]["objects"][0]["properties"] += [
        {"name": "opens", "type": "string", "value": "18:00"},
        {"name": "closes", "type": "string", "value": "01:30"},
    ]
    sector = parse(document).sectors[0]
    assert (sector.opens, sector.closes) == (18 * 3600, 5400)
    assert [sector.is_open(hour * 3600) for hour in (0, 2, 17, 18, 23, 25, 42)] == [1, 0, 0, 1, 1, 1, 1]
    assert parse(house()).sectors[0].is_open(3)


def test_all_encodings_give_the_same_arrays() -> None:
    document = house()
    document["tilesets"] = [tileset(tilecount=4)]
    data = document["layers"][0]["data"]
    data[60:66] = [2, 3, 0x80000001, 0x40000002, 0x20000003, 0xE0000004]
    raw = np.array(data, dtype="<u4").tobytes()
    packings: list[tuple[str, bytes]] = [
        ("", raw), ("zlib", zlib.compress(raw)), ("gzip", gzip.compress(raw, mtime=0))
    ]  # fmt: skip
    expected = parse(document)
    assert expected.tile_layers[0].flips.reshape(-1)[60:66].tolist() == [0, 0, 4, 2, 1, 7]
    assert expected.tile_layers[0].gids.reshape(-1)[60:66].tolist() == [2, 3, 1, 2, 3, 4]
    for compression, packed in packings:
        other = copy.deepcopy(document)
        other["layers"][0] |= {
            "encoding": "base64",
            "compression": compression,
            "data": base64.b64encode(packed).decode(),
        }
        read = parse(other).tile_layers[0]
        assert (read.gids == expected.tile_layers[0].gids).all() and (read.flips == expected.tile_layers[0].flips).all()


def test_groups_are_flattened_in_order() -> None:
    document = house()
    walls, *others, collisions = document["layers"]
    inner = {"name": "inner", "type": "group", "visible": False, "opacity": 0.5, "layers": [walls, collisions]}
    document["layers"] = [{"name": "outer", "type": "group", "layers": [inner, *others]}]
    town = parse(document)
    assert [(layer.name, layer.visible, layer.opacity) for layer in town.tile_layers] == [
        ("Walls", False, 0.5),
        ("Collisions", False, 0.5),
    ]


def test_external_tileset(tmp_path: Path) -> None:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "a.tsj").write_text(json.dumps(tileset(spacing=1, margin=2, imagewidth=37, imageheight=37)))
    document = house() | {"tilesets": [{"firstgid": 1, "source": "sets/a.tsj"}]}
    path = tmp_path / "map.tmj"
    path.write_text(json.dumps(document))
    town = TownMap.load(path)
    picture = Picture((tmp_path / "sets" / "small.png").resolve())
    assert town.tilesets[0].piece(4) == Piece(picture, 19, 19, 16, 16)
    assert town.tilesets[0].piece(5) is None and town.tilesets[0].pictures == (picture,)
    assert town.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert TownMap.parse(path.read_text(), "copy", tmp_path).digest == town.digest


def test_a_file_that_is_no_map(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        TownMap.load(tmp_path / "none.tmj")
    (tmp_path / "binary.tmj").write_bytes(b"\xff\x00")
    with pytest.raises(BadInput, match="UTF-8"):
        TownMap.load(tmp_path / "binary.tmj")


def test_order_of_objects_is_that_of_the_file() -> None:
    document: dict[str, Any] = house()
    document["layers"][3]["objects"].reverse()
    document["layers"][2]["objects"].reverse()
    town = parse(document)
    assert [item.name for item in town.objects] == ["stove", "bed"]
    assert [arena.name for arena in town.arenas] == ["east", "west"]


def test_a_place_may_have_several_parts() -> None:
    document = house()
    sectors, arenas, objects = (document["layers"][i]["objects"] for i in (1, 2, 3))
    sectors.append(rectangle("House", 2, 6, 3, 2))
    arenas.insert(1, rectangle("west", 3, 6, 1, 2, description="a bedroom"))
    objects += [rectangle("bed", 3, 2, 1, 1), rectangle("bed", 1, 2, 1, 1, state="made")]
    town = parse(document)
    sector, (west, east), bed = town.sectors[0], town.arenas, town.objects[0]
    assert sector.arenas == (west, east) and west.objects == (bed,)
    assert west.parts == (Rect(1, 1, 3, 4), Rect(3, 6, 1, 2)) and west.rect == Rect(1, 1, 3, 7)
    assert (3, 7) in west and (1, 6) not in west and (4, 2) not in west
    assert bed.tiles == ((1, 1), (1, 2), (3, 2)), "a tile that two parts cover counts once"
    assert town.standing_tiles(bed.address) == bed.tiles
    assert town.standing_tiles(west.address) == (
        (2, 1), (3, 1), (2, 2), (1, 3), (2, 3), (3, 3), (1, 4), (2, 4), (3, 4), (3, 6), (3, 7)
    )  # fmt: skip
    assert town.address_at((3, 7)) == west.address
    assert town.address_at((2, 7)) == sector.address
    assert town.address_at((1, 6)) == town.name
    for place in (sector, west, east, bed):
        covered = {(x, y) for x in range(9) for y in range(8) if (x, y) in place}
        assert set(place.tiles) == covered and len(place.tiles) == len(covered)
        assert list(place.tiles) == sorted(covered, key=lambda tile: (tile[1], tile[0]))
    assert set(west.tiles) == {(int(x), int(y)) for y, x in np.argwhere(town.arena_index == 0)}


def test_parts_in_different_parents_are_different_places() -> None:
    document = house()
    document["layers"][3]["objects"].append(rectangle("bed", 7, 1, 1, 1, state="unmade"))
    assert [(bed.address, bed.state) for bed in parse(document).objects if bed.name == "bed"] == [
        ("town:House:west:bed", "made"),
        ("town:House:east:bed", "unmade"),
    ]


def test_people_stand_beside_every_part_of_a_blocked_object() -> None:
    document = house()
    document["layers"][4]["data"][9 + 7] = 1
    document["layers"][3]["objects"].append(rectangle("stove", 7, 1, 1, 1))
    assert parse(document).standing_tiles("town:House:east:stove") == ((6, 1), (7, 2), (5, 3), (6, 4))


def test_what_properties_say() -> None:
    document = house()
    sector, west, stove = (document["layers"][i]["objects"][j] for i, j in ((1, 0), (2, 0), (3, 1)))
    plain = parse(document)
    assert (plain.sectors[0].landmark, plain.arenas[0].capacity) == (False, None)
    assert plain.objects[1].consequences == () and plain.objects[1].affordances[0].afterwards == ""
    sector["properties"].append({"name": "landmark", "type": "bool", "value": True})
    west["properties"].append({"name": "capacity", "type": "int", "value": 1})
    stove["properties"][1]["value"] = "cooking a meal | hot | 20 | dirty\nwiping it | wet | 5"
    stove["properties"].append({"name": "consequences", "value": "hot | 30 | smoking\n\n smoking | 10 | on fire "})
    town = parse(document)
    assert town.sectors[0].landmark and [arena.capacity for arena in town.arenas] == [1, None]
    assert [use.afterwards for use in town.objects[1].affordances] == ["dirty", ""]
    assert town.objects[1].consequences == (
        Consequence("hot", 30, "smoking"),
        Consequence("smoking", 10, "on fire"),
    )


@pytest.mark.parametrize(("said", "landmark"), [(None, True), ("false", False), ("true", True)])
def test_who_has_hours_is_a_landmark_unless_it_says_no(said: str | None, landmark: bool) -> None:
    document = house()
    texts = {"opens": "08:00", "closes": "18:00"} | ({"landmark": said} if said else {})
    document["layers"][1]["objects"][0]["properties"] += [{"name": key, "value": text} for key, text in texts.items()]
    assert parse(document).sectors[0].landmark is landmark


def test_doors_belong_to_the_sector_in_which_they_lie_or_that_they_touch() -> None:
    document = house()
    document["layers"][1]["objects"].append(rectangle("Yard", 5, 7, 4, 1, kind="yard", description="a yard"))
    document["layers"][2]["objects"].append(rectangle("lawn", 5, 7, 4, 1, description="grass"))
    assert dict(parse(document).doors) == {} and parse(document).spawns == ()
    doors = [rectangle("", 3, 5, 1, 2), rectangle("gate", 4, 7, 1, 1), rectangle("inner", 4, 3, 1, 1)]
    document["layers"].append({"name": "Doors", "type": "objectgroup", "objects": doors})
    assert dict(parse(document).doors) == {(3, 5): 0, (3, 6): 0, (4, 7): 1, (4, 3): 0}


def test_spawn_points_are_points_or_tiles_in_file_order() -> None:
    document = house()
    point = {"id": 1, "name": "first", "x": 16 * 7 + 8, "y": 16 * 2, "width": 0, "height": 0, "point": True}
    spawns = [point, rectangle("", 1, 1, 1, 1)]
    document["layers"].append({"name": "Spawns", "type": "objectgroup", "objects": spawns})
    assert parse(document).spawns == ((7, 2), (1, 1))
