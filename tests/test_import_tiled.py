"""Maps drawn in Tiled: taken over with everything they need, run, kept and played without the files they came from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.errors import BadInput, ManyFaults
from engine.record.run_folder import RunFolder
from replay.export import export
from replay.scenery import Scenery
from tests.settlements import KINDS, draw_map
from tests.towns import resume_town, run_town
from tests.worlds.town.maps import house, rectangle, tileset
from tests.worlds.town.test_tmx import decorated, same
from tests.worlds.town.tmx import tmx, tsx
from thorp.cli import run_command_line
from thorp.imports import import_into
from thorp.scenario import load_scenario
from worlds.town.map import TownMap
from worlds.town.tilesets import Picture, Piece

Document = dict[str, Any]


def picture(path: Path, width: int = 32, height: int = 32) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    colours = np.random.default_rng(1).integers(0, 256, (height, width, 3), np.uint8)
    Image.fromarray(colours).save(path)


def workshop(folder: Path) -> Path:
    """Write a map as people have them: XML, with tilesets in both forms and of both kinds, in a folder below."""
    document = house()
    walls, sectors, arenas = (document["layers"][i] for i in (0, 1, 2))
    sectors["objects"].append(rectangle("Field", 0, 6, 9, 2, kind="field", description="grass"))
    arenas["objects"].append(rectangle("meadow", 0, 6, 9, 2, description="grass and flowers"))
    ground = walls | {"name": "Ground", "data": [(1, 0x80000002, 11, 21, 0x60000017)[i % 5] for i in range(72)]}
    document["layers"].insert(0, ground)
    trees = {"name": "trees", "tileoffset": {"x": -2, "y": 3}, "tiles": [
        {"id": number, "image": f"../art/{name}.png", "imagewidth": 20, "imageheight": 40}
        for number, name in ((0, "oak"), (2, "Über ÄSCHE"))
    ]}  # fmt: skip
    floor = tileset(name="floor", image="floor.png")
    del floor["firstgid"]
    document["tilesets"] = [
        tileset(image="art/small.png", transparentcolor="#010203"),
        {"firstgid": 11, "source": "sets/floor.tsj"},
        {"firstgid": 21, "source": "sets/trees.tsx"},
    ]
    for name in ("art/small", "sets/floor"):
        picture(folder / f"{name}.png", 32, 32)
    for name in ("art/oak", "art/Über ÄSCHE"):
        picture(folder / f"{name}.png", 20, 40)
    (folder / "sets" / "floor.tsj").write_text(json.dumps(floor), encoding="utf-8")
    (folder / "sets" / "trees.tsx").write_bytes(tsx(trees))
    path = folder / "house.tmx"
    path.write_bytes(tmx(document, "zstd"))
    return path


def test_an_imported_map_is_the_same_town_in_one_folder(tmp_path: Path) -> None:
    path, to = workshop(tmp_path / "source"), tmp_path / "town"
    before = TownMap.load(path)
    imported = import_into("tiled", path, to)
    assert imported.warnings == ()
    assert imported.counts == {
        "sectors": 2, "arenas": 3, "objects": 2, "door tiles": 0, "spawn points": 0, "pictures": 4
    }  # fmt: skip
    names = ["town.tmj", "town.yaml", "01-small.png", "02-floor.png", "03-oak.png", "04-ber-sche.png"]
    assert [file.name for file in imported.written] == names
    assert sorted(file.name for file in to.iterdir()) == sorted(names)
    shutil.rmtree(tmp_path / "source")
    after = TownMap.load(to / "town.tmj")
    assert after.sectors == before.sectors and after.objects == before.objects
    for old, new in zip(before.tile_layers, after.tile_layers, strict=True):
        assert (old.gids == new.gids).all() and (old.flips == new.flips).all()
    pieces = [after.tilesets[0].piece(4), after.tilesets[1].piece(12), after.tilesets[2].piece(23)]
    assert pieces == [
        Piece(Picture(to / "01-small.png", (1, 2, 3)), 16, 16, 16, 16),
        Piece(Picture(to / "02-floor.png"), 16, 0, 16, 16),
        Piece(Picture(to / "04-ber-sche.png"), 0, 0, 20, 40),
    ]
    assert after.tilesets[2].offset == (-2, 3)


def test_the_scenario_that_comes_with_a_map_runs_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = tmp_path / "town"
    assert run_command_line(["import", "tiled", str(workshop(tmp_path / "source")), "--to", str(to), "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out.splitlines()[-1])["counts"]["arenas"] == 3
    assert f"thorp run {to / 'town.yaml'} --model scripted" in said.err.replace("\n", "")
    assert run_command_line(["run", str(to / "town.yaml"), "--model", "scripted", "--out", str(tmp_path / "run")]) == 0
    plan = load_scenario(to / "town.yaml")
    assert [person.home for person in plan.scenario.people] == ["House", "House"]
    assert plan.scenario.people[0].work == "Field"


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(KINDS)), st.integers(8, 16), st.integers(8, 14), st.integers(0, 2**32))
def test_importing_changes_nothing(tmp_path: Path, kind: str, width: int, height: int, seed: int) -> None:
    path, to = tmp_path / "small.tmx", tmp_path / "to"
    shutil.rmtree(to, ignore_errors=True)
    picture(tmp_path / "small.png")
    path.write_bytes(tmx(decorated(draw_map(kind, width, height, seed).document, seed), "base64"))
    before = TownMap.load(path)
    import_into("tiled", path, to)
    text = (to / "town.tmj").read_text(encoding="utf-8").replace("01-small.png", "small.png")
    same(TownMap.parse(text, "x", tmp_path), before)


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = house()
    document["properties"] = []
    document["layers"][1]["name"] = "Sektors"
    document["layers"][1]["objects"][0]["width"] -= 3
    document["layers"][2]["objects"] += [
        rectangle("shed", 0, 6, 2, 2, description="x"),
        rectangle("", 4.25, 3, 0.5, 1, description="x"),
    ]
    document["layers"][3]["objects"][0]["properties"] = []
    (tmp_path / "small.png").write_bytes(b"no picture")
    path, to = tmp_path / "house.tmx", tmp_path / "to"
    path.write_bytes(tmx(document))
    assert run_command_line(["import", "tiled", str(path), "--to", str(to)]) == 2
    first, *faults = capsys.readouterr().err.splitlines()
    assert first == f"thorp: {path}: 8 faults in this map; mend them and load it again"
    for expected in (
        "'name', the town's name, is missing",
        "layer 'Sektors': unknown object layer (did you mean 'Sectors'?)",
        "layer 'Sektors', 'House' at tile (0, 0): the rectangle of 8.8125 x 6 tiles must cover whole tiles",
        "layer 'Arenas', at tile (4.25, 3): the rectangle of 0.5 x 1 tiles must cover whole tiles",
        "layer 'Arenas', at tile (4.25, 3): the name must be",
        "tileset 'small': small.png: is not a picture",
        "layer 'Arenas', 'shed' at tile (0, 6): lies in no sector",
        "layer 'Objects', 'bed' at tile (1, 1): property 'state' is missing",
    ):
        assert sum(fault.startswith(f"  - {expected}") or expected in fault for fault in faults) == 1, expected
    assert len(faults) == 8 and not to.exists()


def test_a_map_without_the_convention_says_how_to_add_it(tmp_path: Path) -> None:
    document = house()
    walls, fence = document["layers"][0], document["layers"][4]
    document["layers"] = [walls | {"name": "Sectors"}, fence | {"name": "fence"}]
    path = tmp_path / "bare.tmx"
    path.write_bytes(tmx(document))
    with pytest.raises(ManyFaults) as caught:
        import_into("tiled", path, tmp_path / "to")
    said = caught.value.faults
    assert len(said) == 4
    assert said[0].startswith("object layer 'Sectors' is missing: add it (Layer > New > Object Layer), and draw")
    assert said[0].endswith("'Sectors' is a tile layer, which cannot hold rectangles")
    assert said[3].startswith("no tile layer 'Walls' or 'Collisions' says where nobody can walk: add one")


def test_pictures_that_are_missing_or_wrong(tmp_path: Path) -> None:
    path = workshop(tmp_path / "source")
    (tmp_path / "source" / "art" / "oak.png").unlink()
    imported = import_into("tiled", path, tmp_path / "a")
    assert imported.warnings == ("the picture 'oak.png' is not there: its tiles are drawn as plain ground",)
    TownMap.load(tmp_path / "a" / "town.tmj")
    picture(tmp_path / "source" / "art" / "small.png", 31, 32)
    (tmp_path / "source" / "sets" / "floor.png").write_bytes(bytes(100))
    with pytest.raises(ManyFaults) as caught:
        import_into("tiled", path, tmp_path / "b")
    assert caught.value.faults == (
        "tileset 'small': small.png: the picture is too small for its tiles",
        "tileset 'floor': floor.png: is not a picture (allowed: PNG, GIF, JPEG, BMP)",
    )
    assert not (tmp_path / "b").exists()


def test_a_map_without_homes_gets_people_all_the_same(tmp_path: Path) -> None:
    document = house()
    document["layers"][1]["objects"][0]["properties"][0]["value"] = "barn"
    (tmp_path / "barn.tmj").write_text(json.dumps(document), encoding="utf-8")
    imported = import_into("tiled", tmp_path / "barn.tmj", tmp_path / "to")
    assert any("no sector of the kind 'home'" in warning for warning in imported.warnings)
    assert load_scenario(tmp_path / "to" / "town.yaml").scenario.people[0].home == "House"


@pytest.mark.parametrize(
    ("kind", "path", "to", "expected"),
    [
        ("tilde", "house.tmx", "to", "unknown kind 'tilde' (did you mean 'tiled'?)"),
        ("tiled", "none.tmx", "to", "there is no such file or folder"),
        ("tiled", "sets", "to", "the map cannot be read: it is no file"),
        ("tiled", "house.tmx", ".", "exists already and is not an empty folder"),
    ],
)
def test_what_cannot_be_imported(kind: str, path: str, to: str, expected: str, tmp_path: Path) -> None:
    workshop(tmp_path)
    with pytest.raises(BadInput) as caught:
        import_into(kind, tmp_path / path, tmp_path / to)
    assert expected in str(caught.value)


# -- runs keep their map -------------------------------------------------------------------------------------------


SCENARIO = """
name: A morning in a workshop
start: 2023-02-13T07:00
end: "09:00"
world: {map: house.tmx}
people:
  - {name: Ann Ash, age: 40, traits: calm, biography: [Ann is here], currently: Ann works, lifestyle: x, home: House}
  - {name: Ben Birk, age: 50, traits: loud, biography: [Ben is here], currently: Ben rests, lifestyle: x, home: Field}
"""


def pixels(run: RunFolder, path: Path) -> Any:
    export(run, path, size=(480, 320))
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_a_run_goes_on_and_is_played_without_the_files_of_its_map(tmp_path: Path) -> None:
    source = tmp_path / "source"
    workshop(source)
    (source / "town.yaml").write_text(SCENARIO, encoding="utf-8")
    run = run_town(tmp_path, scenario=source / "town.yaml", changes={"end": "08:00"})
    keys = set(run.folder.manifest.attachments)
    assert keys == {
        "scenario", "map", "tileset:sets/floor.tsj", "tileset:sets/trees.tsx", "image:art/small.png",
        "image:sets/floor.png", "image:art/oak.png", "image:art/Über ÄSCHE.png",
    }  # fmt: skip
    before = pixels(run.folder, tmp_path / "before.png")
    whole = run_town(tmp_path, scenario=source / "town.yaml")
    shutil.rmtree(source)

    assert (pixels(run.folder, tmp_path / "after.png") == before).all()
    assert len(Scenery.of(run.folder).pictures) == 4
    longer = resume_town(run.folder.path, until="09:00")
    assert longer.events_digest == whole.events_digest and longer.events > run.events
    pixels(longer.folder, tmp_path / "longer.png")


def test_a_picture_that_cannot_be_kept_is_refused_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop(tmp_path)
    (tmp_path / "town.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.setattr("worlds.town.documents.MAX_BYTES", 3000)
    with pytest.raises(BadInput, match=r"small\.png: cannot be kept: it is larger"):
        load_scenario(tmp_path / "town.yaml")
