"""Maps of the original town: read, made sound, and written back tile by tile."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from tests.originals import MAZE, WORLD, write_map
from tests.shared_data import VILLE, needs_ville
from worlds.town.map import TownMap
from worlds.town.smallville.export import maze_of
from worlds.town.smallville.finding import find_maze
from worlds.town.smallville.importing import MAP, ImportedMap, read_map
from worlds.town.smallville.kept import Kept
from worlds.town.smallville.maze import MATRICES, Maze
from worlds.town.smallville.tables import COLUMNS, Block


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("front")
    write_map(folder)
    return folder


@pytest.fixture(scope="module")
def imported(front: Path) -> ImportedMap:
    return read_map(front)


def differing(one: Maze, other: Maze) -> dict[str, int]:
    """Count the tiles on which two mazes differ, by matrix."""
    return {name: int((one.matrices[name] != other.matrices[name]).sum()) for name in MATRICES}


def same(one: Maze, other: Maze) -> None:
    assert differing(one, other) == dict.fromkeys(MATRICES, 0)
    assert {name: list(one.tables[name]) for name in COLUMNS} == {name: list(other.tables[name]) for name in COLUMNS}
    assert dict(one.meta) == dict(other.meta)


def test_places_get_their_names_shapes_and_uses(imported: ImportedMap) -> None:
    town = imported.town_map
    assert town.name == WORLD
    assert [sector.kind for sector in town.sectors] == ["home", "cafe", "park"]
    assert [sector.landmark for sector in town.sectors] == [False, True, True]
    bed = town.resolve("Brookside:Ann Reed's house:main room:bed")
    assert "sleeping" in [use.activity for use in town.objects[town.objects.index(bed)].affordances]
    strange = next(thing for thing in town.objects if thing.name == "strange machine")
    assert [use.activity for use in strange.affordances] == [
        "using the strange machine",
        "looking at the strange machine",
    ]
    garden = next(thing for thing in town.objects if thing.name == "park garden")
    assert (garden.tiles, garden.seats) == (((7, 8), (8, 8)), 2)
    assert town.spawns == ((2, 2), (2, 3))
    assert town.arenas[1].tiles == ((9, 2), (10, 2), (9, 3), (10, 3))


def test_walls_block_sight_where_rooms_are_and_nowhere_else(imported: ImportedMap) -> None:
    town = imported.town_map
    assert town.opaque[1, 3] and town.opaque[4, 2]
    assert not town.opaque[9, 8], "a hedge in the park"
    assert (town.blocked & ~town.opaque).any()
    assert not (town.opaque & ~town.blocked).any()


def test_ground_that_nobody_can_walk_to_is_closed_and_said_so(imported: ImportedMap) -> None:
    town = imported.town_map
    assert town.blocked[8, 2] and town.blocked[8, 3]
    assert imported.warnings == (
        "2 tiles cannot be walked to from where people live and were closed (the first at tile (2, 8))",
    )
    assert maze_of(town, imported.kept).matrices["collision"][8, 2] == 0


def test_a_map_comes_back_tile_by_tile(front: Path, imported: ImportedMap) -> None:
    same(Maze.read(find_maze(front)), maze_of(imported.town_map, imported.kept))
    assert all(not tiles for tiles in imported.kept.differences.values())


def test_a_map_comes_back_from_the_folder_that_was_written(front: Path, imported: ImportedMap, tmp_path: Path) -> None:
    imported.write(tmp_path / "town")
    back = maze_of(TownMap.load(tmp_path / "town" / MAP), Kept.read(tmp_path / "town"))
    (tmp_path / "matrix").mkdir()
    back.write(tmp_path / "matrix")
    same(Maze.read(find_maze(front)), Maze.read(tmp_path / "matrix"))


def test_new_places_get_new_ids(imported: ImportedMap) -> None:
    maze = maze_of(imported.town_map)
    assert maze.world == WORLD
    numbers = [block.number for table in maze.tables.values() for block in table]
    assert len(numbers) == len(set(numbers))
    assert [block.name for block in maze.tables["sector"]] == [sector.name for sector in imported.town_map.sectors]
    assert [block.name for block in maze.tables["spawning_location"]] == ["sp-A", "sp-B"]
    for name in MATRICES[1:]:
        known = {block.number for block in maze.tables[name]} | {0}
        assert set(np.unique(maze.matrices[name]).tolist()) <= known


def test_the_map_is_found_in_its_folder_and_above(front: Path, tmp_path: Path) -> None:
    matrix = front / "static_dirs" / "assets" / MAZE / "matrix"
    assert find_maze(front) == find_maze(matrix.parent) == find_maze(matrix) == matrix
    with pytest.raises(BadInput, match="holds no map"):
        find_maze(tmp_path)
    shutil.copytree(matrix, tmp_path / "one" / "matrix")
    shutil.copytree(matrix, tmp_path / "two" / "matrix")
    with pytest.raises(BadInput, match=r"holds 2 maps; choose one \(one/matrix, two/matrix\)"):
        find_maze(tmp_path)


def test_a_matrix_may_have_a_line_for_each_row(front: Path, tmp_path: Path) -> None:
    folder = copied(front, tmp_path)
    maze = Maze.read(folder)
    for name in MATRICES:
        rows = [", ".join(map(str, row)) + "," for row in maze.matrices[name].tolist()]
        (folder / "maze" / f"{name}_maze.csv").write_text("\r\n".join(rows))
    same(maze, Maze.read(folder))


def copied(front: Path, to: Path) -> Path:
    return Path(shutil.copytree(find_maze(front), to / "matrix"))


def cut(text: str) -> str:
    return text.rpartition(", ")[0]


def other_id(text: str) -> str:
    return text.replace("101", "777", 1)


ARENA_ROWS, SECTOR_ROWS, WORLD_ROWS = (f"special_blocks/{name}_blocks.csv" for name in ("arena", "sector", "world"))
BROKEN: dict[str, tuple[str, Callable[[str], str], tuple[str, ...]]] = {
    "too few values": ("maze/arena_maze.csv", cut, ("arena_maze.csv", "holds 153 values", "14 x 11 tiles need 154")),
    "no number": ("maze/sector_maze.csv", lambda t: t.replace("101", "x1", 1), ("sector_maze.csv, tile (1, 1)", "x1")),
    "a fraction": ("maze/sector_maze.csv", lambda t: t.replace("101", "1.5", 1), ("tile (1, 1)", "'1.5'")),
    "negative": ("maze/collision_maze.csv", lambda t: t.replace("99", "-99", 1), ("tile (1, 1)", "'-99'")),
    "underscores": ("maze/collision_maze.csv", lambda t: t.replace("99", "9_9", 1), ("tile (1, 1)", "'9_9'")),
    "other digits": ("maze/collision_maze.csv", lambda t: t.replace("99", "٩٩", 1), ("tile (1, 1)",)),
    "empty value": ("maze/collision_maze.csv", lambda t: t.replace("99", "", 1), ("tile (1, 1)", "''")),
    "huge id": ("maze/collision_maze.csv", lambda t: t.replace("99", "9999999999", 1), ("tile (1, 1)", "larger than")),
    "unknown id": ("maze/sector_maze.csv", other_id, ("tile (1, 1)", "the id 777 is not in sector_blocks.csv")),
    "too large": ("maze/arena_maze.csv", lambda t: t + " " * 100_000, ("arena_maze.csv", "bytes; at most")),
    "columns": (ARENA_ROWS, lambda t: t.replace(", main room", ""), ("row 1", "has 3 columns; 4")),
    "id of a row": (SECTOR_ROWS, lambda t: t.replace("102", "b"), ("row 2", "whole number", "'b'")),
    "same id": (SECTOR_ROWS, lambda t: t.replace("102", "101"), ("row 2", "stands for", "Ann Reed")),
    "name": (SECTOR_ROWS, lambda t: t.replace("Green", "Gr:een"), ("row 3", "'Gr:een Park'")),
    "long name": (SECTOR_ROWS, lambda t: t.replace("Green", "G" * 80), ("row 3", "1 to 80")),
    "no world": (WORLD_ROWS, lambda _: "\n", ("world_blocks.csv", "names no world")),
    "quotes": (SECTOR_ROWS, lambda t: '"' + t, ("sector_blocks.csv, row", "is not CSV")),
    "meta": ("maze_meta_info.json", lambda t: t.replace("14", '"14"'), ("maze_width", "whole number", "'14'")),
    "huge map": ("maze_meta_info.json", lambda t: t.replace("14", "100000"), ("maze_width", "1 to 1000", "100000")),
    "NaN": ("maze_meta_info.json", lambda t: t.replace("14", "NaN"), ("NaN is no number",)),
    "twice": ("maze_meta_info.json", lambda t: t.replace("}", ', "maze_width": 3}'), ("'maze_width' stands twice",)),
    "no object": ("maze_meta_info.json", lambda _: "[]", ("must be a JSON object",)),
    "deep": ("maze_meta_info.json", lambda _: "[" * 60_000, ("nested too deeply",)),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_is_said_with_file_and_place(case: str, front: Path, tmp_path: Path) -> None:
    file, change, expected = BROKEN[case]
    folder = copied(front, tmp_path)
    path = folder / file
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_map(folder)
    assert [part for part in expected if part not in str(error.value)] == [], str(error.value)


def test_all_faults_are_told_at_once(front: Path, tmp_path: Path) -> None:
    folder = copied(front, tmp_path)
    for file, change, _ in (BROKEN["too few values"], BROKEN["no number"], BROKEN["id of a row"]):
        path = folder / file
        path.write_text(change(path.read_text()))
    (folder / "maze" / "game_object_maze.csv").unlink()
    with pytest.raises(BadInput) as error:
        read_map(folder)
    told = str(error.value)
    assert "4 faults in this map" in told
    parts = (
        "arena_maze.csv: holds 153",
        "sector_maze.csv, tile (1, 1)",
        "sector_blocks.csv, row 2",
        "game_object_maze",
    )
    assert [part for part in parts if part not in told] == []


def test_a_matrix_of_wrong_values_is_not_listed_to_its_end(front: Path, tmp_path: Path) -> None:
    folder = copied(front, tmp_path)
    (folder / "maze" / "arena_maze.csv").write_text(", ".join(["x"] * 154))
    with pytest.raises(BadInput, match="144 more values are no ids"):
        read_map(folder)


def redrawn(front: Path, to: Path, **changes: dict[tuple[int, int], int]) -> Path:
    """Copy the map with other ids on some tiles, by matrix."""
    folder = copied(front, to)
    maze = Maze.read(folder)
    for name, tiles in changes.items():
        ids = maze.matrices[name].copy()
        for (x, y), number in tiles.items():
            ids[y, x] = number
        (folder / "maze" / f"{name}_maze.csv").write_text(", ".join(map(str, ids.ravel().tolist())))
    return folder


CHANGES: dict[str, tuple[dict[str, dict[tuple[int, int], int]], str]] = {
    "arena outside": ({"arena": {(0, 0): 201}}, "1 tiles of arenas lie in no sector"),
    "object outside": ({"game_object": {(0, 0): 301}}, "1 tiles of objects lie in no arena"),
    "walled bed": ({"collision": {(2, 2): 99, (3, 2): 99, (2, 3): 99}}, "objects that nobody can walk to (1): Ann"),
    "walled room": ({"collision": {(3, 4): 99}}, "arenas that nobody can walk to (1): Ann Reed's house:main room"),
    "walled house": ({"collision": {(3, 4): 99}}, "sectors without an arena that can be walked to (1): Ann"),
    "spawn outside": ({"spawning_location": {(0, 0): 401}}, "1 tiles are spawning places that"),
    "another sector": ({"sector": {(9, 2): 101}}, "another sector than their table says (1): Ann Reed's house:cafe"),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGES)
def test_what_does_not_fit_is_left_out_and_comes_back(case: str, front: Path, tmp_path: Path) -> None:
    changes, warning = CHANGES[case]
    folder = redrawn(front, tmp_path, **changes)
    imported = read_map(folder)
    assert any(warning in line for line in imported.warnings), imported.warnings
    imported.write(tmp_path / "town")
    same(Maze.read(folder), maze_of(TownMap.load(tmp_path / "town" / MAP), Kept.read(tmp_path / "town")))


def test_people_live_where_most_of_the_rooms_are_however_large_the_wilderness(front: Path, tmp_path: Path) -> None:
    elsewhere = {(x, y): 0 for x in range(14) for y in range(11) if not (2 <= x <= 4 and 2 <= y <= 3)}
    folder = redrawn(front, tmp_path, arena=elsewhere, collision={(3, 4): 99})
    imported = read_map(folder)
    free = {(x, y) for y, x in np.argwhere(imported.town_map.ground).tolist()}
    assert free == {(x, y) for x in (2, 3, 4) for y in (2, 3)}
    same(Maze.read(folder), maze_of(imported.town_map, imported.kept))


def test_a_map_without_a_place_to_be_is_refused(front: Path, tmp_path: Path) -> None:
    folder = redrawn(front, tmp_path, collision={(x, y): 5 for x in range(14) for y in range(11)})
    with pytest.raises(BadInput, match="nobody could live there"):
        read_map(folder)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"kind": "x"}, "is not what an import"),
        ({"tables": {"sector": [[1, "a"]]}}, "tables.sector, row 1"),
        ({"tables": {"sector": [[1, WORLD, "a:b"]]}}, "cannot be the name of a place"),
        ({"tables": 5}, "tables.world"),
        ({"collision": 0}, "collision"),
        ({"differences": {"arena": [[1, 2]]}}, "differences.arena"),
        ({"differences": {"arena": [[1, -2, 3]]}}, "differences.arena"),
        ({"meta": []}, "meta"),
    ],
)
def test_what_is_kept_is_not_trusted(
    change: dict[str, object], expected: str, imported: ImportedMap, tmp_path: Path
) -> None:
    path = imported.kept.write(tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(BadInput, match=expected):
        Kept.read(tmp_path)


def test_what_is_kept_of_a_larger_map_is_refused(imported: ImportedMap) -> None:
    kept = Kept(differences={"arena": ((14, 0, 201),)})
    with pytest.raises(BadInput, match=r"tile \(14, 0\), which the map does not have"):
        maze_of(imported.town_map, kept)


@st.composite
def mazes(draw: st.DrawFn) -> Maze:
    """Small mazes of any shape: ids in several copies, places in pieces, outside of each other, and closed in."""
    width, height = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    names = st.sampled_from(["kitchen", "bed", "Ann's room", "Old Park", "x"])
    tables: dict[str, tuple[Block, ...]] = {"world": (Block(1, (WORLD,)),)}
    number = 2
    for name, columns in list(COLUMNS.items())[1:]:
        rows = draw(st.lists(st.tuples(*[names] * (columns - 2)), min_size=1, max_size=4))
        tables[name] = tuple(Block(number + place, (WORLD, *row)) for place, row in enumerate(rows))
        number += len(rows)
    matrices = {}
    for name in MATRICES:
        allowed = [0, *(block.number for block in tables[name])] if name in tables else [0, 0, 7, 8]
        cells = draw(st.lists(st.sampled_from(allowed), min_size=width * height, max_size=width * height))
        matrices[name] = np.array(cells, np.int64).reshape(height, width)
    meta = {"world_name": "b", "maze_width": width, "maze_height": height, "sq_tile_size": 32}
    return Maze(meta, width, height, matrices, tables)


@settings(max_examples=60)
@given(mazes())
def test_any_map_comes_back_or_is_refused(maze: Maze) -> None:
    with tempfile.TemporaryDirectory() as name:
        maze.write(Path(name))
        same(maze, Maze.read(Path(name)))
        try:
            imported = read_map(Path(name))
        except BadInput as error:
            assert "nobody could live there" in str(error)
            return
    same(maze, maze_of(imported.town_map, imported.kept))


@needs_ville
def test_the_original_town_comes_back_tile_by_tile() -> None:
    original, imported = Maze.read(find_maze(VILLE)), read_map(VILLE)
    counts = {"tiles": 14000, "sectors": 19, "arenas": 63, "objects": 222, "spawns": 40}
    assert imported.counts == counts
    assert not any(imported.kept.differences.values()), "all of it can be said by our map and the block tables"
    same(original, maze_of(imported.town_map, imported.kept))
