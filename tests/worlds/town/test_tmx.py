"""Both forms of Tiled say the same; what is hostile in XML or packed in it is refused with little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, ManyFaults
from tests.settlements import KINDS, draw_map
from tests.worlds.town.maps import house, layer, parse, rectangle, tileset
from tests.worlds.town.tmx import ENCODINGS, encoded, tmx, tsx
from worlds.town.map import TownMap
from worlds.town.places import Consequence

FOLDER = Path("/maps")
ROOT = Path(__file__).parents[3]
FLIPS = (0, 0x80000000, 0x40000000, 0x20000000, 0xE0000000)


def same(one: TownMap, other: TownMap) -> None:
    """Hold that two maps differ in nothing but the file that they come from."""
    for name in TownMap.__dataclass_fields__:
        mine, theirs = getattr(one, name), getattr(other, name)
        if isinstance(mine, np.ndarray):
            assert (mine == theirs).all(), name
        elif name == "tile_layers":
            for a, b in zip(mine, theirs, strict=True):
                assert (a.name, a.visible, a.opacity, a.offset) == (b.name, b.visible, b.opacity, b.offset)
                assert (a.gids == b.gids).all() and (a.flips == b.flips).all()
        elif name != "digest":
            assert mine == theirs, name


def decorated(document: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return a map with more on it: turned tiles in a hidden group, doors, spawn points, properties of all types."""
    dice = Random(seed)
    width, height = document["width"], document["height"]
    data = [dice.choice((0, 1, 2, 3, 4)) for _ in range(width * height)]
    drawn = layer("Ground & <more>", ["." * width] * height) | {"offsetx": 2.5, "offsety": -8}
    drawn["data"] = [gid and gid + dice.choice(FLIPS) for gid in data]
    group = {"name": "group", "type": "group", "visible": False, "opacity": 0.5, "offsety": 1.25, "layers": [drawn]}
    town = parse(document)
    places = [(x, y) for arena in town.arenas for x, y in town.standing_tiles(arena.address)]
    door, (x, y) = rectangle("", *dice.choice(places), 1, 1), dice.choice(places)
    _give(document["layers"][2]["objects"][0], "capacity", "int", 3)
    _give(document["layers"][1]["objects"][0], "landmark", "bool", True)
    for item in document["layers"][3]["objects"]:
        _give(item, "consequences", "string", 'so "&" | 5 | thus <\n\nthus < | 1440 | é')
    spawn = {"id": 7, "name": "", "x": 16 * x + 3.75, "y": 16 * y, "width": 0, "height": 0, "point": True}
    more = [
        {"name": name, "type": "objectgroup", "objects": objects}
        for name, objects in (("Doors", [door]), ("Spawns", [spawn]))
    ]
    kept = [drawn for drawn in document["layers"] if drawn["name"] != "Doors"]
    return document | {"layers": [group, *kept, *more], "infinite": False}


def _give(item: dict[str, Any], name: str, kind: str, value: object) -> None:
    """Give a drawn object a property in place of one of this name."""
    others = [given for given in item["properties"] if given["name"] != name]
    item["properties"][:] = [*others, {"name": name, "type": kind, "value": value}]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(KINDS)), st.integers(8, 16), st.integers(8, 14), st.integers(0, 2**32),
    st.sampled_from(("embedded", "tsj", "tsx")),
)  # fmt: skip
def test_a_map_is_the_same_in_every_form_and_encoding(
    tmp_path: Path, kind: str, width: int, height: int, seed: int, where: str
) -> None:
    document = decorated(draw_map(kind, width, height, seed).document, seed)
    if where != "embedded":
        (body,) = document["tilesets"]
        body = {key: value for key, value in body.items() if key != "firstgid"}
        (tmp_path / "set.tsj").write_text(json.dumps(body), encoding="utf-8")
        (tmp_path / "set.tsx").write_bytes(tsx(body))
        document["tilesets"] = [{"firstgid": 1, "source": f"set.{where}"}]
    expected = TownMap.parse(json.dumps(document), "x.tmj", tmp_path)
    assert len(expected.doors) == len(expected.spawns) == 1
    for encoding in ENCODINGS:
        same(TownMap.parse(json.dumps(encoded(document, encoding)), "x.tmj", tmp_path), expected)
        same(TownMap.parse(tmx(document, encoding), "x.tmx", tmp_path), expected)


def test_what_is_written_in_several_lines_is_read_as_such() -> None:
    document = house()
    document["layers"][3]["objects"][1]["properties"].append(
        {"name": "consequences", "value": "hot | 5 | off\na | 1 | b"}
    )
    content = tmx(document)
    assert b"hot | 5 | off\na | 1 | b</property>" in content
    stove = TownMap.parse(content, "x.tmx", FOLDER).objects[1]
    assert stove.consequences == (Consequence("hot", 5, "off"), Consequence("a", 1, "b"))


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("string", "a & <b>", "a & <b>"), ("int", -3, "-3"), ("float", 2.0, "2"), ("float", 0.25, "0.25"),
        ("bool", True, "true"), ("bool", False, "false"), ("color", "#ffa33636", "#ffa33636"),
        ("file", "../a/b.txt", "../a/b.txt"), ("object", 7, "7"),
    ],
)  # fmt: skip
def test_properties_of_every_type_are_read_as_text(kind: str, value: object, said: str) -> None:
    document = house()
    properties = document["layers"][2]["objects"][0]["properties"]
    properties[:] = [{"name": "description", "type": kind, "value": value}]
    assert parse(document).arenas[0].description == said
    assert TownMap.parse(tmx(document), "x.tmx", FOLDER).arenas[0].description == said


def test_maps_as_old_versions_of_tiled_wrote_them() -> None:
    document = house()
    text = tmx(document).decode()
    for attribute in ('version="1.10" ', 'infinite="0" ', ' tilecount="4" columns="2"', ' margin="0" spacing="0"'):
        assert attribute in text
        text = text.replace(attribute, "")
    text = text.replace("?>", '?>\n<!DOCTYPE map SYSTEM "http://mapeditor.org/dtd/1.0/map.dtd">', 1)
    same(TownMap.parse(text, "old.tmx", FOLDER), parse(document))


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8"])
def test_other_encodings_of_text(encoding: str) -> None:
    document = house()
    document["layers"][1]["objects"][0]["name"] = "Café"
    text = tmx(document).decode().partition("?>")[2]
    content = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
    assert TownMap.parse(content, "x.tmx", FOLDER).sectors[0].name == "Café"


def test_what_no_town_needs_is_skipped() -> None:
    extra = (
        '<editorsettings><export target="x"/></editorsettings>'
        '<tileset firstgid="1" name="small" tilewidth="16" tileheight="16" tilecount="4" columns="2">'
        '<image source="small.png" width="32" height="32"/><wangsets><wangset name="a" type="corner" tile="-1">'
        '<wangtile tileid="0" wangid="0,1"/></wangset></wangsets>'
        '<tile id="0"><animation><frame tileid="0" duration="100"/></animation></tile></tileset>'
    )
    document = house()
    text = tmx(document | {"tilesets": []}).decode().replace("<layer", f"{extra}<layer", 1)
    same(TownMap.parse(text, "x.tmx", FOLDER), parse(document))


def entity(declared: str, used: str) -> Callable[[str], str]:
    """A change of a map that declares entities and uses one as the name of a layer."""

    def change(text: str) -> str:
        return text.replace("?>", f"?><!DOCTYPE map [{declared}]>", 1).replace('name="Walls"', f'name="{used}"')

    return change


LAUGHS = '<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(12))
HOSTILE: dict[str, tuple[Callable[[str], str], str]] = {
    "billion laughs": (entity(LAUGHS, "&l12;"), "document type of its own"),
    "one entity": (entity('<!ENTITY a "Walls">', "&a;"), "document type of its own"),
    "external entity": (entity('<!ENTITY a SYSTEM "file:///etc/passwd">', "Walls"), "document type of its own"),
    "parameter entity": (entity('<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;', "Walls"), "document type of its own"),
    "default attribute": (entity(f'<!ATTLIST object class CDATA "{"x" * 9999}">', "Walls"), "document type of its own"),
    "unknown entity in a name": (
        lambda text: text.replace("?>", '?><!DOCTYPE map SYSTEM "http://localhost/x.dtd">').replace("House", "&a;"),
        "the name must be 1 to 80",
    ),
    "entity in text": (
        lambda text: text.replace("?>", '?><!DOCTYPE map SYSTEM "http://localhost/x.dtd">').replace("1,1,1", "&a;", 1),
        "it uses entities",
    ),
    "nesting": (lambda text: text.replace("<layer", "<group>" * 500_000 + "<layer", 1), "more than 64 deep"),
    "unknown nesting": (lambda text: text.replace("<layer", "<x>" * 500_000 + "<layer", 1), "more than 64 deep"),
    "huge name": (lambda text: text.replace('"House"', f'"{"x" * 10**7}"', 1), "1 to 80 printable characters"),
    "huge number": (lambda text: text.replace('width="9"', f'width="{"9" * 10**6}"', 1), "'width' must be a whole"),
    "no number": (lambda text: text.replace('height="8"', 'height="NaN"', 1), "'height' must be a whole number"),
    "no flag": (lambda text: text.replace('infinite="0"', 'infinite="no"', 1), "'infinite' must be true or false"),
    "no tile": (lambda text: text.replace("1,1,1", "1,x,1", 1), "tile number 2 in the data"),
    "long tile": (lambda text: text.replace("1,1,1", f"1,{'1' * 5000},1", 1), "tile number 2 in the data"),
    "cut off": (lambda text: text[: len(text) // 2], "not valid XML, or cut off"),
    "empty": (lambda _: " ", "not valid JSON"),
    "another root": (lambda _: "<html/>", "no Tiled map or tileset: it holds a 'html'"),
    "a tileset": (lambda _: "<tileset/>", "a Tiled tileset, not a map"),
    "unknown encoding": (lambda text: text.replace("utf-8", "utf-9", 1), "not valid XML|not usable XML"),
    "zero": (lambda text: text.replace("House", "Ho\0use"), "not valid XML"),
    "no data": (lambda text: text.replace("<data", "<dat").replace("</data", "</dat"), "'data' must be a list"),
    "chunks": (
        lambda text: text.replace(">\n1,1,1", '><chunk x="0" y="0" width="16" height="16">1</chunk>\n1,1,1', 1),
        "infinite maps cannot be read",
    ),
    "template": (lambda text: text.replace('name="bed"', 'name="bed" template="a.tx"'), "comes from a template"),
    "class": (
        lambda text: text.replace('name="state" value="made"', 'name="state" type="class" propertytype="x"'),
        "property 'state' must be a text",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_or_broken_xml_is_one_report(name: str) -> None:
    change, expected = HOSTILE[name]
    content = change(tmx(house()).decode())
    with pytest.raises(BadInput, match=expected) as caught:
        TownMap.parse(content, "x.tmx", FOLDER)
    faults = caught.value.faults if isinstance(caught.value, ManyFaults) else (str(caught.value),)
    assert all(len(fault) < 500 for fault in faults)


def test_more_elements_than_any_town_has(monkeypatch: pytest.MonkeyPatch) -> None:
    content = tmx(house()).replace(b"</map>", b"<tileset/>" * 1000 + b"<x/>" * 10_000 + b"</map>")
    with pytest.raises(BadInput, match="more than 256 tilesets"):
        TownMap.parse(content, "x.tmx", FOLDER)
    monkeypatch.setattr("worlds.town.tmx.MAX_ELEMENTS", 1000)
    with pytest.raises(BadInput, match="more than 1000 elements"):
        TownMap.parse(content, "x.tmx", FOLDER)


def test_a_map_that_is_packed_as_a_whole_says_how_to_unpack_it() -> None:
    with pytest.raises(BadInput, match="gunzip"):
        TownMap.parse(b"\x1f\x8b\x08\x00", "x.tmx.gz", FOLDER)


BOMBS = """
import base64, gzip, resource, sys, zlib
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000,) * 2)
from pathlib import Path
import numpy, scipy.ndimage, zstandard
from engine.errors import BadInput
from tests.worlds.town.maps import house
from tests.worlds.town.tmx import tmx
from tests.worlds.town.test_tmx import LAUGHS, entity
from worlds.town.map import TownMap

def data(encoding, packed):
    text = tmx(house(), "base64").decode()
    start = text.index("<data"); end = text.index("</data>")
    said = f'<data encoding="base64" compression="{encoding}">'
    return text[:start] + said + base64.b64encode(packed).decode() + text[end:]

zeros = bytes(40_000_000)
stream = zstandard.ZstdCompressor(write_content_size=False).compressobj()
unsaid = b"".join([stream.compress(zeros) for _ in range(20)]) + stream.flush()
squeeze = zlib.compressobj(1)
deflated = b"".join([squeeze.compress(zeros) for _ in range(20)]) + squeeze.flush()
far = zstandard.ZstdCompressionParameters.from_level(3, window_log=26)
window = zstandard.ZstdCompressor(compression_params=far).compressobj()
bombs = {
    "declared": data("zstd", zstandard.compress(zeros)),
    "not declared": data("zstd", unsaid),
    "wide window": data("zstd", window.compress(bytes(288)) + window.flush()),
    "zlib": data("zlib", deflated),
    "laughs": entity(LAUGHS, "&l12;")(tmx(house()).decode()),
}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name, content in bombs.items():
    try:
        TownMap.parse(content, name, Path("/maps"))
        print(name, "was read")
    except BadInput as error:
        print(error)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_bombs_are_refused_in_little_memory() -> None:
    done = subprocess.run([sys.executable, "-c", BOMBS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    declared, unsaid, window, deflated, laughs, more = done.stdout.splitlines()
    assert "says that it unpacks to 40000000 bytes; its tiles need 288" in declared
    assert "more than the 288 bytes" in unsaid and "more than the 288 bytes" in deflated
    assert "not valid zstd" in window
    assert "document type of its own" in laughs
    assert int(more) < 60, "MiB"


@pytest.mark.parametrize("cut", [1, 5, 12])
def test_zstandard_that_is_cut_off_or_no_zstandard(cut: int) -> None:
    document = encoded(house(), "zstd")
    import base64

    packed = base64.b64decode(document["layers"][0]["data"])
    for content in (packed[:-cut], packed[cut:]):
        document["layers"][0]["data"] = base64.b64encode(content).decode()
        with pytest.raises(BadInput, match="layer 'Walls': the data"):
            parse(document)


# -- mutations -----------------------------------------------------------------------------------------------------


SEEDS: tuple[tuple[str, bytes], ...] = (
    ("map.tmx", tmx(decorated(house(), 1))),
    ("map.tmx", tmx(decorated(house(), 1), "zstd")),
    ("map.tmj", json.dumps(encoded(decorated(house(), 1), "zlib")).encode()),
    ("map.tmj", json.dumps(decorated(house(), 1)).encode()),
    ("set.tsx", tsx(tileset(tileoffset={"x": 3, "y": -2}, transparentcolor="#ff00ff"))),
    ("set.tsj", json.dumps(tileset(tileoffset={"x": 3, "y": -2})).encode()),
    ("set.tsx", tsx({"name": "single", "tiles": [{"id": 3, "image": "a.png", "imagewidth": 9, "imageheight": 9}]})),
)

PIECES = (b"<", b"&a;", b'"', b"-1", b"99999999999", b"{", b"null", b"\xff\xfe")

edits = st.lists(
    st.tuples(
        st.sampled_from(("set", "cut", "double", "insert", "truncate")),
        st.floats(0, 1),
        st.integers(0, 40),
        st.one_of(st.binary(min_size=1, max_size=6), st.sampled_from(PIECES)),
    ),
    min_size=1,
    max_size=6,
)  # fmt: skip


def mutated(content: bytes, changes: list[tuple[str, float, int, bytes]]) -> bytes:
    for kind, where, length, piece in changes:
        at = int(where * len(content))
        match kind:
            case "set":
                content = content[:at] + piece + content[at + len(piece) :]
            case "cut":
                content = content[:at] + content[at + length :]
            case "double":
                content = content[: at + length] + content[at:]
            case "insert":
                content = content[:at] + piece + content[at:]
            case "truncate":
                content = content[:at] if length == 0 else content
    return content


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(range(len(SEEDS))), edits)
def test_mutated_files_are_read_or_refused(
    tmp_path: Path, seed: int, changes: list[tuple[str, float, int, bytes]]
) -> None:
    name, content = SEEDS[seed]
    path = tmp_path / name
    path.write_bytes(mutated(content, changes))
    if name.startswith("set"):
        path = tmp_path / "whole.tmj"
        path.write_text(json.dumps(house() | {"tilesets": [{"firstgid": 1, "source": name}]}), encoding="utf-8")
    try:
        TownMap.load(path)
    except BadInput as error:
        assert str(error).startswith(str(path))


ODD: tuple[object, ...] = (
    None, True, 0, -1, 2**70, 10**400, 1.5, 1e308, "", "x", "1", "\ud800", "\0", "../x", "x" * 999, [], [1], {}, [{}],
)  # fmt: skip


def spots(value: object, within: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a document a value could stand that is another one."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:9]) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*within, key)
        yield from spots(item, (*within, key))


WHOLE = decorated(house(), 1) | {
    "tilesets": [
        tileset(tileoffset={"x": 1, "y": 2}, transparentcolor="#ff00ff"),
        {"firstgid": 9, "tiles": [{"id": 3, "image": "a.png", "imagewidth": 9, "imageheight": 9, "x": 1, "width": 3}]},
    ]
}
SPOTS = list(spots(WHOLE))


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(SPOTS), st.sampled_from(ODD)), min_size=1, max_size=2))
def test_any_value_anywhere_is_read_or_refused(changes: list[tuple[tuple[Any, ...], object]]) -> None:
    document = json.loads(json.dumps(WHOLE))
    for where, value in changes:
        with suppress(LookupError, TypeError):  # what an earlier change has removed
            branch: Any = document
            for key in where[:-1]:
                branch = branch[key]
            branch[where[-1]] = value
    try:
        parse(document)
    except BadInput as error:
        assert str(error).startswith("test.tmj")
