"""The map as a picture: tiles turned, of any size, from sheets and from single pictures."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.errors import BadInput
from engine.record.events import WORLD_AGENT, Appeared, ObjectChanged
from engine.record.run_folder import RunFolder
from replay.camera import Camera
from replay.drawing import Stage
from replay.ground import Ground
from replay.scenery import Scenery
from replay.timeline import Timeline
from replay.view import View
from tests.replay.synthetic import HEIGHT, TILE, WIDTH, small_map, small_tiles, write_run

Pixels = NDArray[np.uint8]

H, V, D = 0x80000000, 0x40000000, 0x20000000
ROTATIONS: dict[str, tuple[int, Callable[[Pixels], Pixels]]] = {
    "none": (0, lambda tile: tile),
    "90 degrees clockwise": (H | D, lambda tile: np.rot90(tile, -1)),
    "180 degrees": (H | V, lambda tile: np.rot90(tile, 2)),
    "90 degrees counterclockwise": (V | D, lambda tile: np.rot90(tile, 1)),
    "left and right swapped": (H, np.fliplr),
    "top and bottom swapped": (V, np.flipud),
    "swapped, 90 degrees clockwise": (D, lambda tile: np.rot90(np.flipud(tile), -1)),
    "swapped, 90 degrees counterclockwise": (H | V | D, lambda tile: np.rot90(np.flipud(tile), 1)),
}
"""Tiled's bits, and what the keys X, Y and Z make of a tile in its editor."""


def picture(width: int, height: int, seed: int = 0) -> Pixels:
    """A picture without any symmetry."""
    return np.random.default_rng(seed).integers(1, 256, (height, width, 3), np.uint8)


def png(pixels: Pixels) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def run_with(folder: Path, data: dict[tuple[int, int], int], sets: list[dict[str, Any]], **images: Pixels) -> RunFolder:
    """Write a run on the small map with some tiles, by position, on one layer more."""
    document = json.loads(small_map())
    gids = [0] * (WIDTH * HEIGHT)
    for (x, y), gid in data.items():
        gids[y * WIDTH + x] = gid
    drawn = {"name": "Drawn", "type": "tilelayer", "width": WIDTH, "height": HEIGHT, "data": gids}
    document["layers"].append(drawn)
    document["tilesets"] += sets
    files = {f"{name}.png": png(pixels) for name, pixels in images.items()} | {"tiles.png": small_tiles()}
    return write_run(
        folder / "run", ("Mara",), [(0, 0, Appeared((5, 12), ""))], map_text=json.dumps(document), images=files
    )


def below(run: RunFolder) -> Pixels:
    """The ground below the people, [height, width, 3]."""
    pixels: Pixels = pygame.surfarray.array3d(Ground(Scenery.of(run)).below)
    return pixels.transpose(1, 0, 2)


def sheet(name: str, width: int, height: int, **more: Any) -> dict[str, Any]:
    """A tileset of one tile, which is all of a picture; its id is 100."""
    return {
        "name": name, "firstgid": 100, "tilecount": 1, "columns": 1, "tilewidth": width, "tileheight": height,
        "image": f"{name}.png", "imagewidth": width, "imageheight": height, "spacing": 0, "margin": 0, **more,
    }  # fmt: skip


def test_tiles_are_turned_as_in_tiled(tmp_path: Path) -> None:
    tile = picture(TILE, TILE)
    data = {(index, 12): 100 | bits for index, (bits, _) in enumerate(ROTATIONS.values())}
    drawn = below(run_with(tmp_path, data, [sheet("odd", TILE, TILE)], odd=tile))
    seen = set()
    for index, (name, (_, turned)) in enumerate(ROTATIONS.items()):
        part = drawn[12 * TILE : 13 * TILE, index * TILE : (index + 1) * TILE]
        assert (part == turned(tile)).all(), name
        seen.add(part.tobytes())
    assert len(seen) == 8


def test_large_tiles_stand_on_the_bottom_left_of_their_cell(tmp_path: Path) -> None:
    tree = picture(20, 40)
    bare = below(run_with(tmp_path / "a", {}, []))
    drawn = below(run_with(tmp_path / "b", {(5, 12): 100, (9, 12): 100 | D}, [sheet("tree", 20, 40)], tree=tree))
    for left, turned in ((5, tree), (9, tree.transpose(1, 0, 2))):
        high, wide = turned.shape[:2]
        part = np.s_[13 * TILE - high : 13 * TILE, left * TILE : left * TILE + wide]
        assert (drawn[part] == turned).all()
        bare[part] = drawn[part]
    assert (drawn == bare).all(), "nothing else is drawn"


def test_tiles_and_layers_may_be_moved(tmp_path: Path) -> None:
    tile = picture(TILE, TILE)
    run = run_with(tmp_path, {(5, 12): 100}, [sheet("odd", TILE, TILE, tileoffset={"x": 3, "y": -5})], odd=tile)
    document = json.loads(run.manifest.attachments["map"].content())
    document["layers"][-1] |= {"offsetx": 4, "offsety": -2}
    files = {"odd.png": png(tile), "tiles.png": small_tiles()}
    moved = write_run(tmp_path / "moved", ("Mara",), [], map_text=json.dumps(document), images=files)
    for drawn, (right, down) in ((below(run), (3, -5)), (below(moved), (7, -7))):
        left, top = 5 * TILE + right, 12 * TILE + down
        assert (drawn[top : top + TILE, left : left + TILE] == tile).all()


def test_a_colour_may_be_seen_through(tmp_path: Path) -> None:
    tile = picture(TILE, TILE)
    tile[4:9] = (255, 0, 255)
    bare = below(run_with(tmp_path / "a", {}, []))
    pink = sheet("pink", TILE, TILE, transparentcolor="#ff00ff")
    drawn = below(run_with(tmp_path / "b", {(5, 12): 100}, [pink], pink=tile))
    bare[12 * TILE : 12 * TILE + 4, 5 * TILE : 6 * TILE] = tile[:4]
    bare[12 * TILE + 9 : 13 * TILE, 5 * TILE : 6 * TILE] = tile[9:]
    assert (drawn == bare).all()


def single(**images: Pixels) -> dict[str, Any]:
    """A tileset with a picture for each tile; tile 2 is missing."""
    tiles = [
        {"id": number, "image": f"{name}.png", "imagewidth": pixels.shape[1], "imageheight": pixels.shape[0]}
        for number, (name, pixels) in zip((0, 1, 3), images.items(), strict=False)
    ]
    return {"name": "single", "firstgid": 100, "tilecount": len(tiles), "columns": 0, "tilewidth": 99, "tileheight": 99,
            "tiles": tiles}  # fmt: skip


def test_a_tileset_may_have_a_picture_for_each_tile(tmp_path: Path) -> None:
    images = {"a": picture(8, 8, 1), "b": picture(24, 30, 2), "c": picture(16, 16, 3)}
    drawn = below(run_with(tmp_path, {(2, 12): 100, (5, 12): 101, (9, 12): 103}, [single(**images)], **images))
    for left, pixels in zip((2, 5, 9), images.values(), strict=True):
        high, wide = pixels.shape[:2]
        assert (drawn[13 * TILE - high : 13 * TILE, left * TILE : left * TILE + wide] == pixels).all()


def test_a_tile_that_is_missing_in_its_set_is_a_fault(tmp_path: Path) -> None:
    images = {"a": picture(8, 8, 1), "b": picture(24, 30, 2), "c": picture(16, 16, 3)}
    run = run_with(tmp_path, {(5, 12): 102}, [single(**images)], **images)
    with pytest.raises(BadInput, match=r"layer 'Drawn', tile \(5, 12\): tile id 102 is in no tileset"):
        Scenery.of(run)


@pytest.mark.parametrize("kind", ["sheet", "single"])
def test_a_picture_that_is_smaller_than_the_map_says_is_refused(tmp_path: Path, kind: str) -> None:
    said = sheet("a", TILE, TILE) if kind == "sheet" else single(a=picture(TILE, TILE))
    with pytest.raises(BadInput, match="the picture is too small"):
        Scenery.of(run_with(tmp_path, {}, [said], a=picture(TILE, TILE - 1)))


def test_pictures_are_bounded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = {"a": picture(80, 80, 1), "b": picture(80, 80, 2)}
    run = run_with(tmp_path, {}, [single(**images)], **images)
    Scenery.of(run)
    monkeypatch.setattr("replay.scenery.MAX_PIXELS", 80 * 80 + 4 * TILE * TILE)
    with pytest.raises(BadInput, match="together"):
        Scenery.of(run)


def test_every_part_of_a_used_object_is_lit(tmp_path: Path) -> None:
    document = json.loads(small_map())
    stove = document["layers"][-1]["objects"][0]
    document["layers"][-1]["objects"].append(stove | {"x": 5 * TILE})
    pictures = []
    for state in ("idle", "hot"):
        change = (1, WORLD_AGENT, ObjectChanged("Little Thorp:Cottage:kitchen:stove", state))
        run = write_run(tmp_path / state, ("Mara",), [change], map_text=json.dumps(document))
        surface = pygame.Surface((900, 600))
        stage = Stage(Timeline.of(run), Scenery.of(run))
        camera = stage.camera(surface.get_size())
        stage.draw(surface, View(5), camera)
        pictures.append(pygame.surfarray.array3d(surface).astype(int))
    changed = (pictures[0] != pictures[1]).any(axis=2)
    lit = {tile for tile in range(WIDTH) if changed[centre(camera, tile, 3)]}
    assert lit == {3, 5}


def centre(camera: Camera, x: int, y: int) -> tuple[int, int]:
    return camera.to_window((x + 0.5) * TILE, (y + 0.5) * TILE)
