"""Reading maps: every kind of fault is named, with its place, and all of them at once."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadInput
from tests.worlds.town.maps import house, layer, parse, rectangle, tileset
from worlds.town.map import TownMap

Document = dict[str, Any]
Change = Callable[[Document], object]


def fault(document: Document, folder: Path = Path("/maps")) -> str:
    with pytest.raises(BadInput) as caught:
        parse(document, folder)
    return str(caught.value)


def packed(data: bytes, compression: str = "zlib") -> Document:
    return {"encoding": "base64", "compression": compression, "data": base64.b64encode(data).decode()}


def prop(document: Document, kind: int, index: int, name: str, value: object) -> None:
    properties = document["layers"][kind]["objects"][index]["properties"]
    properties[:] = [item for item in properties if item["name"] != name]
    properties.append({"name": name, "type": "string", "value": value})


def drawn(document: Document, name: str, *objects: Document) -> None:
    document["layers"].append({"id": 9, "name": name, "type": "objectgroup", "objects": list(objects)})


def spawn(x: int, y: int) -> Document:
    return {"id": 9, "name": "", "x": 16 * x + 8, "y": 16 * y + 15.5, "width": 0, "height": 0, "point": True}


def beside_a_yard(document: Document, *doors: Document) -> None:
    """Draw a sector `Yard` south-east of the house, with an arena of the same size, and doors."""
    document["layers"][1]["objects"].append(rectangle("Yard", 4, 6, 4, 2, kind="yard", description="a yard"))
    document["layers"][2]["objects"].append(rectangle("lawn", 4, 6, 4, 2, description="grass"))
    drawn(document, "Doors", *doors)


CASES: dict[str, tuple[Change, tuple[str, ...]]] = {
    "unknown encoding": (lambda d: d["layers"][0].update(encoding="utf9"), ("layer 'Walls'", "utf9", "base64")),
    "unknown compression": (lambda d: d["layers"][0].update(packed(b"", "lzma")), ("layer 'Walls'", "lzma", "zlib")),
    "data too short": (lambda d: d["layers"][0]["data"].pop(), ("layer 'Walls'", "71", "72")),
    "no tile number": (lambda d: d["layers"][0]["data"].__setitem__(3, "x"), ("layer 'Walls'", "number 4")),
    "layer size": (lambda d: d["layers"][0].update(width=8), ("layer 'Walls'", "9 x 8")),
    "no base64": (lambda d: d["layers"][0].update(packed(b"")) or d["layers"][0].update(data="%%"), ("base64",)),
    "no zlib": (lambda d: d["layers"][0].update(packed(b"nonsense")), ("layer 'Walls'", "valid zlib")),
    "cut zlib": (lambda d: d["layers"][0].update(packed(zlib.compress(bytes(288))[:-2])), ("cut off",)),
    "short zlib": (lambda d: d["layers"][0].update(packed(zlib.compress(bytes(280)))), ("280", "288")),
    "bomb": (lambda d: d["layers"][0].update(packed(zlib.compress(bytes(50_000_000)))), ("unpacks to more", "288")),
    "unknown tile": (lambda d: d["layers"][0]["data"].__setitem__(11, 99), ("'Walls', tile (2, 1)", "99")),
    "no walls": (
        lambda d: [d["layers"][i].update(name=name) for i, name in ((0, "wall"), (4, "Hedges"))],
        ("'Walls'", "rename 'wall'"),
    ),
    "image layer": (lambda d: d["layers"].append({"name": "sky", "type": "imagelayer"}), ("layer 'sky'", "imagelayer")),
    "object layer": (lambda d: d["layers"][1].update(name="Sector"), ("layer 'Sector'", "did you mean 'Sectors'")),
    "half a character": (lambda d: d["layers"][0].update(name="\ud83d"), ("layer", "'name' holds half of a character")),
    "half a picture": (lambda d: d.update(tilesets=[tileset(image="a\ud83d.png")]), ("'image' holds half",)),
    "no sectors": (lambda d: [d["layers"][i].update(objects=[]) for i in (1, 2, 3)], ("layer 'Sectors': is empty",)),
    "two layers": (lambda d: d["layers"].append(d["layers"][1] | {}), ("two object layers 'Sectors'",)),
    "infinite": (lambda d: d.update(infinite=True), ("infinite",)),
    "isometric": (lambda d: d.update(orientation="isometric"), ("orthogonal",)),
    "huge": (lambda d: d.update(width=10**9), ("'width' is 1000000000", "1000")),
    "zero": (lambda d: d.update(height=0), ("'height' is 0",)),
    "oblong tiles": (lambda d: d.update(tileheight=8), ("square",)),
    "no name": (lambda d: d.update(properties=[]), ("'name'", "Custom Properties")),
    "colon in name": (lambda d: d["properties"][0].update(value="a:b"), ("without ':'",)),
    "image outside": (lambda d: d.update(tilesets=[tileset(image="../x.png")]), ("tileset 1 'small'", "../x.png")),
    "image absolute": (lambda d: d.update(tilesets=[tileset(image="/etc/x.png")]), ("/etc/x.png", "folder")),
    "image in Windows": (lambda d: d.update(tilesets=[tileset(image="..\\x.png")]), ("folder",)),
    "tileset outside": (lambda d: d.update(tilesets=[{"firstgid": 1, "source": "../a.tsj"}]), ("../a.tsj", "folder")),
    "tileset missing": (lambda d: d.update(tilesets=[{"firstgid": 1, "source": "a.tsj"}]), ("a.tsj", "cannot be read")),
    "no tileset file": (lambda d: d.update(tilesets=[{"firstgid": 1, "source": "a.txt"}]), (".tsj",)),
    "tile size": (lambda d: d.update(tilesets=[tileset(tilewidth=0)]), ("'tilewidth' is 0",)),
    "tiles too large": (lambda d: d.update(tilesets=[tileset(tilewidth=32)]), ("'imagewidth' is too small for 2",)),
    "image size": (lambda d: d.update(tilesets=[tileset(columns=4)]), ("'imagewidth' is too small",)),
    "tilesets overlap": (lambda d: d["tilesets"].append(tileset(name="b", firstgid=3)), ("'small' and 'b' overlap",)),
    "orphan arena": (
        lambda d: d["layers"][2]["objects"].append(rectangle("shed", 0, 6, 2, 2, description="x")),
        ("layer 'Arenas', 'shed' at tile (0, 6)", "lies in no sector"),
    ),
    "arena across": (
        lambda d: d["layers"][2]["objects"].append(rectangle("porch", 4, 5, 1, 2, description="x")),
        ("'porch' at tile (4, 5)", "partly in 'House'"),
    ),
    "orphan object": (
        lambda d: d["layers"][3]["objects"].append(rectangle("mat", 4, 5, 1, 1, state="flat")),
        ("layer 'Objects', 'mat' at tile (4, 5)", "lies in no arena"),
    ),
    "overlap": (
        lambda d: d["layers"][3]["objects"].append(rectangle("cot", 1, 2, 2, 1, state="made")),
        ("'cot' at tile (1, 2)", "overlaps 'bed' at tile (1, 2)"),
    ),
    "parts differ": (
        lambda d: d["layers"][3]["objects"].append(rectangle("bed", 3, 1, 1, 1, state="slept in")),
        ("'bed' at tile (3, 1)", "'state' is not what it is on the part", "(1, 1)"),
    ),
    "part elsewhere": (
        lambda d: d["layers"][3]["objects"].append(rectangle("bed", 6, 1, 1, 1)),
        ("'bed' at tile (6, 1)", "'state' is missing"),
    ),
    "parts of two overlap": (
        lambda d: d["layers"][2]["objects"].append(rectangle("east", 3, 2, 2, 1)),
        ("'east' at tile (3, 2)", "overlaps 'west' at tile (3, 2)"),
    ),
    "empty sector": (
        lambda d: d["layers"][1]["objects"].append(rectangle("Field", 0, 6, 9, 2, kind="field", description="x")),
        ("'Field' at tile (0, 6)", "holds no arena"),
    ),
    "unreachable object": (
        lambda d: d["layers"][4].update(
            layer("Collisions", ["........."] * 3 + [".....###.", ".....#...", *["." * 9] * 3])
        ),
        ("layer 'Objects', 'stove' at tile (5, 4)", "nobody can walk"),
    ),
    "unreachable arena": (
        lambda d: d["layers"][0]["data"].__setitem__(3 * 9 + 4, 1),
        ("layer 'Arenas', 'east' at tile (5, 1)", "can be walked to"),
    ),
    "off the grid": (lambda d: d["layers"][3]["objects"][0].update(x=17), ("'bed' at tile (1.0625, 1)", "whole tiles")),
    "out of the map": (
        lambda d: d["layers"][3]["objects"][0].update(x=-16),
        ("'bed' at tile (-1, 1)", "out of the map"),
    ),
    "not a rectangle": (lambda d: d["layers"][3]["objects"][0].update(ellipse=True), ("'bed'", "plain rectangle")),
    "no object name": (lambda d: d["layers"][3]["objects"][0].update(name=""), ("tile (1, 1)", "the name")),
    "bad affordance": (lambda d: prop(d, 3, 1, "affordances", "cooking | hot"), ("'stove'", "line 1", "cooking | hot")),
    "bad minutes": (lambda d: prop(d, 3, 1, "affordances", "\na | b | 5\nc | d | x"), ("'stove'", "line 2")),
    "same activity": (lambda d: prop(d, 3, 1, "affordances", "a | b | 5\na | c | 5"), ("'stove'", "repeats")),
    "long affordance": (lambda d: prop(d, 3, 1, "affordances", "a | b | 5 | c | d"), ("line 1", "state afterwards")),
    "empty afterwards": (lambda d: prop(d, 3, 1, "affordances", "a | b | 5 |"), ("line 1", "1 to 300")),
    "bad consequence": (lambda d: prop(d, 3, 1, "consequences", "hot | smoking"), ("'stove'", "line 1", "next state")),
    "slow consequence": (lambda d: prop(d, 3, 1, "consequences", "hot | 1441 | cold"), ("line 1", "1 to 1440")),
    "two consequences": (
        lambda d: prop(d, 3, 1, "consequences", "hot | 5 | cold\nhot | 6 | smoking"),
        ("consequence line 2", "repeats the state 'hot'"),
    ),
    "no consequence": (lambda d: prop(d, 3, 1, "consequences", "hot | 5 | hot"), ("from 'hot' to itself",)),
    "capacity": (lambda d: prop(d, 2, 0, "capacity", 0), ("'west'", "'capacity'", "1 to 9999", "'0'")),
    "landmark": (lambda d: prop(d, 1, 0, "landmark", "yes"), ("'House'", "'landmark'", "true or false", "'yes'")),
    "door in a wall": (
        lambda d: drawn(d, "Doors", rectangle("", 4, 5, 1, 1)),
        ("layer 'Doors', at tile (4, 5)", "(4, 5)"),
    ),
    "door nowhere": (lambda d: drawn(d, "Doors", rectangle("gate", 0, 7, 1, 1)), ("'gate'", "touches none")),
    "door of two": (
        lambda d: beside_a_yard(d, rectangle("gate", 8, 6, 1, 1)),
        ("'gate'", "'House' and 'Yard'"),
    ),
    "doors overlap": (
        lambda d: beside_a_yard(d, rectangle("gate", 3, 5, 1, 2), rectangle("stile", 3, 6, 2, 1)),
        ("'stile' at tile (3, 6)", "overlaps the door of another sector"),
    ),
    "door with a kind": (
        lambda d: drawn(d, "Doors", rectangle("gate", 3, 5, 1, 1, kind="iron")),
        ("'gate'", "unknown property 'kind'"),
    ),
    "spawn outside": (
        lambda d: drawn(d, "Spawns", rectangle("", 3, 5, 1, 1)),
        ("layer 'Spawns'", "(3, 5)", "no arena"),
    ),
    "wide spawn": (lambda d: drawn(d, "Spawns", rectangle("", 1, 1, 2, 1)), ("layer 'Spawns'", "one tile")),
    "spawn on a stove": (lambda d: drawn(d, "Spawns", rectangle("", 5, 4, 1, 1)), ("(5, 4)", "nobody can walk")),
    "two spawns": (lambda d: drawn(d, "Spawns", spawn(1, 1), spawn(1, 1)), ("two spawn points",)),
    "spawn off the map": (lambda d: drawn(d, "Spawns", spawn(1, 9)), ("out of the map",)),
    "point in the wrong layer": (lambda d: drawn(d, "Doors", spawn(3, 5)), ("layer 'Doors'", "plain rectangle")),
    "no state": (lambda d: d["layers"][3]["objects"][0].update(properties=[]), ("'bed'", "'state' is missing")),
    "seats": (lambda d: prop(d, 3, 0, "seats", "many"), ("'bed'", "'seats'", "many")),
    "unknown property": (lambda d: prop(d, 3, 0, "seat", "2"), ("'bed'", "'seat'", "did you mean 'seats'")),
    "odd property": (lambda d: prop(d, 3, 0, "seats", [2]), ("'bed'", "'seats' must be a text")),
    "hours": (lambda d: prop(d, 1, 0, "opens", "8am"), ("'House'", "08:00", "8am", "'closes'")),
    "text in a list": (lambda d: d["layers"].append("x"), ("layer 6", "JSON object")),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_named_with_its_place(name: str) -> None:
    change, expected = CASES[name]
    document = house()
    change(document)
    message = fault(document)
    assert message.startswith("test.tmj")
    for part in expected:
        assert part in message


def test_all_faults_come_at_once() -> None:
    document = house()
    names = ("bad affordance", "hours", "image outside", "orphan arena", "unreachable arena")
    for name in names:
        CASES[name][0](document)
    message = fault(document)
    first, *rest = message.splitlines()
    assert f"{len(rest)} faults in this map" in first
    for name in names:
        assert all(part in message for part in CASES[name][1])
    assert "in no tileset" not in message, "a fault of a tileset is not told again for every tile"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        (json.dumps(house())[:500], "cut off"),
        ("[1]", "a JSON object is expected"),
        ("[" * 100_000, "not usable JSON"),
        ('{"a": NaN}', "NaN"),
        ('{"a": ' + "1" * 5000 + "}", "not usable JSON"),
        ("{}", "orientation"),
        ('{"type": "tileset"}', "a Tiled tileset, not a map"),
        (json.dumps(house() | {"width": 1e300}), "'width'"),
        (json.dumps(house() | {"width": True}), "'width'"),
    ],
)
def test_text_that_is_no_map(text: str, expected: str) -> None:
    with pytest.raises(BadInput, match=expected):
        TownMap.parse(text, "test.tmj", Path("/maps"))


def test_a_link_may_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "small.png").touch()
    (tmp_path / "maps" / "small.png").symlink_to(tmp_path / "small.png")
    assert "not inside the map's folder" in fault(house(), tmp_path / "maps")


def test_very_many_faults_are_counted() -> None:
    document = house()
    document["layers"][3]["objects"] += [rectangle("x", 0, 0, 0, 0)] * 1500
    message = fault(document)
    assert "1500 faults" in message and "… and 500 more" in message


def test_nothing_walkable() -> None:
    document = house(["#" * 9] * 8)
    assert "can be walked to" in fault(document)
