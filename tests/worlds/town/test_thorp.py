"""The shipped town is sound, liveable, and made by its scripts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from replay.art import draw_people
from tests.worlds.town.maps import SHIPPED
from worlds.town.art import draw_thorp
from worlds.town.art.sheet import COLUMNS
from worlds.town.map import TownMap
from worlds.town.paths import PathFinder


@pytest.fixture(scope="module")
def town() -> TownMap:
    return TownMap.load(SHIPPED)


def test_scripts_reproduce_the_committed_files(tmp_path: Path) -> None:
    draw_thorp.main(tmp_path)
    assert (tmp_path / "thorp.tmj").read_bytes() == SHIPPED.read_bytes()
    assert _same_picture(tmp_path / "tiles.png", SHIPPED.parent / "tiles.png")
    draw_people.main(tmp_path)
    assert (tmp_path / "people.json").read_bytes() == (draw_people.DATA / "people.json").read_bytes()
    assert _same_picture(tmp_path / "people.png", draw_people.DATA / "people.png")


def test_size_and_places(town: TownMap) -> None:
    assert (town.name, town.width, town.height, town.tile_size) == ("thorp", 60, 40, 16)
    kinds = [sector.kind for sector in town.sectors]
    assert kinds.count("home") == 5
    assert {"cafe", "shop", "school", "library", "pub", "park"} <= set(kinds)
    assert len(town.arenas) >= 25 and len(town.objects) >= 80


def test_every_object_has_concrete_uses(town: TownMap) -> None:
    for item in town.objects:
        assert 2 <= len(item.affordances) <= 4, item.address
        for use in item.affordances:
            assert use.activity.split()[0].endswith("ing"), use.activity
            assert 5 <= use.minutes <= 20


def test_there_is_room_for_all_seats(town: TownMap) -> None:
    for item in town.objects:
        assert item.seats <= len(town.standing_tiles(item.address)), item.address


def test_every_home_has_bed_stove_and_bathroom(town: TownMap) -> None:
    for sector in town.sectors:
        if sector.kind == "home":
            names = " ".join(item.name for arena in sector.arenas for item in arena.objects)
            assert all(word in names for word in ("bed", "stove", "toilet", "washbasin")), sector.name


def test_walks_between_sectors_are_short(town: TownMap) -> None:
    finder = PathFinder(town)
    doors = [town.standing_tiles(sector.arenas[0].address)[0] for sector in town.sectors]
    lengths = [finder.distance(a, b) for a in doors for b in doors if a < b]
    assert all(length is not None for length in lengths)
    known = [length for length in lengths if length is not None]
    assert np.median(known) <= 50
    assert max(known) <= 100


def test_everything_is_reachable_from_everything(town: TownMap) -> None:
    finder = PathFinder(town)
    start = town.standing_tiles(town.arenas[0].address)[0]
    for address in [place.address for place in town.arenas] + [item.address for item in town.objects]:
        for tile in town.standing_tiles(address):
            assert finder.distance(start, tile) is not None


def test_tileset_fits_its_picture(town: TownMap) -> None:
    (tileset,) = town.tilesets
    with Image.open(tileset.pictures[0].path) as picture:
        assert picture.size == (COLUMNS * 16, tileset.count // COLUMNS * 16)
    used = {int(gid) for layer in town.tile_layers for gid in np.unique(layer.gids)}
    assert max(used) < tileset.firstgid + tileset.count


def test_people_are_all_different() -> None:
    sheet, _ = draw_people.draw()
    rows = np.split(sheet, len(draw_people.FIGURES))
    assert len(rows) >= 12
    assert len({row.tobytes() for row in rows}) == len(rows)


def _same_picture(first: Path, second: Path) -> bool:
    # The bytes of a PNG depend on the version of zlib, its pixels do not.
    with Image.open(first) as a, Image.open(second) as b:
        return a.size == b.size and a.mode == b.mode and a.tobytes() == b.tobytes()
