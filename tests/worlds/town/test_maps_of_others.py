"""Maps that others drew for other purposes: what their files hold is read, and what is said is what a town lacks."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from engine.errors import BadInput, ManyFaults
from worlds.town.documents import read_document
from worlds.town.drawn import read_layers
from worlds.town.faults import Faults
from worlds.town.header import read_header
from worlds.town.map import TownMap
from worlds.town.tilesets import Sheet, read_tilesets

SHARED = Path(os.environ.get("THORP_DATA", Path(__file__).parents[4] / "shared" / "data"))
FOLDER = SHARED / "tiled"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"needs the data in {FOLDER}")

FLAT = {
    "desert.tmx": 1, "perspective_walls.tmx": 3, "rpg/island.tmx": 3, "sewers.tmx": 2, "orthogonal-outside.tmx.gz": 2,
    "sewer_automap/sewers.tmx": 1, "sewer_automap/rule_001.tmx": 3, "sewer_automap/rule_002.tmx": 3,
    "sewer_automap/rule_003.tmx": 4, "sewer_automap/rule_004.tmx": 4, "sewer_automap/rule_005.tmx": 4,
    "sewer_automap/rule_006.tmx": 6, "sewer_automap/rule_007.tmx": 5, "sewer_automap/rule_008.tmx": 3,
    "sewer_automap/rule_009.tmx": 2, "sticker-knight/map/sandbox.tmx.gz": 0, "sticker-knight/map/sandbox2.tmx.gz": 0,
}  # fmt: skip
"""The maps that are seen from above, and how many tile layers they have."""

OTHERS = {
    "hexagonal-mini.tmx": "hexagonal",
    "test_hexagonal_tile_60x60x30.tmx": "hexagonal",
    "isometric_grass_and_water.tmx": "isometric",
    "isometric_staggered_grass_and_water.tmx.gz": "staggered",
}


def content_of(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def test_all_maps_are_tested() -> None:
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.tmx*")}
    assert found == FLAT.keys() | OTHERS.keys()


@pytest.mark.parametrize("name", FLAT)
def test_layers_are_read_and_what_a_town_lacks_is_said_at_once(name: str) -> None:
    path, faults = FOLDER / name, Faults(name)
    root = read_document(content_of(path), "", faults)
    assert root is not None
    header = read_header(root)
    drawn = read_layers(root, header.size, header.tile_size)
    assert len(drawn.tiles) == len(drawn.tile_layer_names) == FLAT[name]
    tilesets = read_tilesets(root, path.parent)
    for layer in drawn.tiles:
        assert layer.gids.shape == (header.size.height, header.size.width)
        assert layer.gids.any()
        if tilesets and not name.startswith("sewer_automap"):
            assert all(any(tileset.piece(int(gid)) for tileset in tilesets) for gid in layer.gids.ravel() if gid)
    with pytest.raises(ManyFaults) as caught:
        TownMap.parse(content_of(path), name, path.parent)
    said = str(caught.value)
    for expected in ("the map property 'name'", "object layer 'Sectors' is missing: add it", "'Arenas' is missing"):
        assert expected in said
    for broken in ("not valid", "unpacks", "the data", "in no tileset"):
        assert broken not in said


@pytest.mark.parametrize("name", OTHERS)
def test_maps_that_are_not_seen_from_above_are_refused(name: str) -> None:
    with pytest.raises(BadInput, match=f"'orientation' must be orthogonal, not {OTHERS[name]}") as caught:
        TownMap.parse(content_of(FOLDER / name), name, FOLDER)
    assert "layer" not in str(caught.value), "what follows from that is not told"


@pytest.mark.parametrize("name", [name for name in (*FLAT, *OTHERS) if name.endswith(".gz")])
def test_a_map_packed_as_a_whole_says_how_to_unpack_it(name: str) -> None:
    with pytest.raises(BadInput, match="gunzip"):
        TownMap.load(FOLDER / name)


def test_tilesets_of_others() -> None:
    def tilesets(name: str) -> list[tuple[str, int, int]]:
        root = read_document(content_of(FOLDER / name), "", faults := Faults(name))
        assert root is not None
        found = read_tilesets(root, (FOLDER / name).parent)
        faults.check()
        return [(t.name, t.count, t.tiles.columns if isinstance(t.tiles, Sheet) else len(t.tiles)) for t in found]

    assert tilesets("desert.tmx") == [("Desert", 48, 8)]
    assert tilesets("rpg/island.tmx") == [("beach_tileset", 936, 36)]
    assert tilesets("sewers.tmx") == [("sewer_tileset", 72, 8)], "by the picture's size in the file"
    assert tilesets("perspective_walls.tmx") == [("perspective_walls", 16, 4)], "by the picture itself"
    assert tilesets("orthogonal-outside.tmx.gz") == [("outdoor", 288, 24)]


def test_a_tileset_of_single_pictures(tmp_path: Path) -> None:
    folder = FOLDER / "sticker-knight" / "map"
    (tmp_path / "objs.tsx").write_bytes(gzip.decompress((folder / "objs.tsx.gz").read_bytes()))
    root = read_document(content_of(folder / "sandbox2.tmx.gz"), "", faults := Faults("x"))
    assert root is not None
    (tileset,) = read_tilesets(root, tmp_path)
    faults.check()
    assert (tileset.firstgid, tileset.count, len(tileset.pictures)) == (1, 63, 62)
    bomb = tileset.piece(5)
    assert bomb is not None and (bomb.picture.path.name, bomb.width, bomb.height) == ("bombStroked.png", 96, 128)
