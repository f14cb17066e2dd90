"""Generated towns are sound maps with homes, doors and streets."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from random import Random

import pytest
import yaml

from worlds.town.art.build import raise_walls, set_things
from worlds.town.art.document import packed_map
from worlds.town.art.draw_tiles import thorp_sheet
from worlds.town.art.sketch import Sketch
from worlds.town.map import TownMap
from worlds.town.paths import PathFinder
from worlds.town.settlement import buildings, quarter, write
from worlds.town.settlement.people import clock, households, in_words
from worlds.town.settlement.plans import Plan, build
from worlds.town.settlement.write import MAP, write_town

SHEET = thorp_sheet()
PLANS = [plan for plan in (*buildings.HOMES, *vars(buildings).values()) if isinstance(plan, Plan)]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: f"{plan.kind} {plan.size}")
def test_every_room_and_thing_of_a_plan_can_be_walked_to(plan: Plan) -> None:
    width, height = plan.size
    for upside_down in (False, True):
        mirrored = set()
        for seed in range(8):
            site = build(plan, "It", (2, 3), SHEET, Random(seed), upside_down=upside_down)
            mirrored.add(site.ground.doors)
            sketch = Sketch(SHEET, width + 4, height + 6)
            raise_walls(sketch, [site.ground])
            things = set_things(sketch, "town", [site.ground])
            for item in site.decor:
                base = sketch.sprite(item.sprite, item.x, item.y)
                if item.solid:
                    sketch.block(base)
            town_map = TownMap.parse(packed_map(sketch, "town", [site.ground], things), "test.tmj", Path("/maps"))
            assert {room.name for room in site.ground.rooms} == {arena.name for arena in town_map.arenas}
            assert town_map.opaque.any() == bool(site.ground.doors)
        assert len(mirrored) == (2 if site.ground.doors else 1)


def test_homes_have_a_place_to_sleep_for_everybody() -> None:
    for plan in buildings.HOMES:
        ground = build(plan, "It", (0, 0), SHEET, Random(1)).ground
        beds = [thing for room in ground.rooms for thing in room.things if "bed" in thing.name.split()]
        assert sum(bed.seats for bed in beds) >= plan.residents
        assert all("sleeping" in bed.uses[0] for bed in beds)
    assert {plan.residents for plan in buildings.HOMES} == {1, 2, 3}


def test_a_letter_that_does_not_cover_its_thing_is_an_error() -> None:
    home = buildings.HOMES[0]
    cut = Plan(home.kind, "", home.drawing.replace("b", ",", 1), home.floors, home.legend)
    with pytest.raises(ValueError, match=r"'b' at .* does not cover 1 x 2"):
        build(cut, "It", (0, 0), SHEET, Random(1))


@pytest.mark.parametrize("people", range(1, 26))
def test_people_are_divided_into_households_that_fit_a_quarter(people: int) -> None:
    for seed in range(20):
        sizes = households(people, Random(seed))
        assert sum(sizes) == people
        assert set(sizes) <= {1, 2, 3}
        assert len(sizes) <= quarter.MOST_HOMES


def test_quarters_lie_side_by_side_and_their_streets_meet(tmp_path: Path) -> None:
    write_town(tmp_path, 130, seed=3)
    town_map = TownMap.load(tmp_path / MAP)
    assert (town_map.width, town_map.height) == (3 * quarter.WIDTH, 2 * quarter.HEIGHT)
    assert sum(sector.kind == "park" for sector in town_map.sectors) == 6
    across, down = quarter.STREETS[0].y + 1, quarter.STREETS[2].x + 1
    assert not town_map.blocked[across].any()
    assert not town_map.blocked[:, down].any()


def test_crowded_quarters_on_a_larger_map(tmp_path: Path) -> None:
    path = write_town(tmp_path, 160, seed=2, quarter=80, least_size=(300, 120))
    town_map = TownMap.load(tmp_path / MAP)
    people = yaml.safe_load(path.read_text(encoding="utf-8"))["people"]
    homes = {f"{town_map.name}:{person['home']}" for person in people}
    assert (town_map.width, town_map.height) == (300, 120)
    assert len({person["name"] for person in people}) == 160
    assert all(town_map.standing_tiles(home) for home in homes)
    assert len(homes) == 2 * quarter.MOST_HOMES


def test_very_many_people_are_written_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = write_town(tmp_path / "plain", 30, seed=1).read_text(encoding="utf-8")
    monkeypatch.setattr(write, "MANY", 29)
    dense = write_town(tmp_path / "dense", 30, seed=1).read_text(encoding="utf-8")
    assert json.loads(dense) == yaml.safe_load(plain)


def test_buildings_have_doors_to_the_street(tmp_path: Path) -> None:
    write_town(tmp_path, 25, seed=5)
    town_map = TownMap.load(tmp_path / MAP)
    paths = PathFinder(town_map)
    street = (0, quarter.STREETS[0].y)
    for sector in town_map.sectors:
        way = paths.nearest(street, town_map.standing_tiles(sector.address))
        assert way is not None
        assert len(way) < quarter.WIDTH + quarter.HEIGHT
    walled = [s for s in town_map.sectors if town_map.opaque[s.rect.area].any()]
    assert {sector.kind for sector in town_map.sectors} - {sector.kind for sector in walled} == {"park", "garden"}


def test_homes_are_as_many_as_there_are_people(tmp_path: Path) -> None:
    homes = {}
    for people in (5, 25):
        write_town(tmp_path / str(people), people, seed=1)
        town_map = TownMap.load(tmp_path / str(people) / MAP)
        homes[people] = sum(sector.kind == "home" for sector in town_map.sectors)
    assert homes[5] == 3
    assert 10 <= homes[25] <= 12


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_town(tmp_path: Path) -> None:
    written = []
    for folder, seed in (("a", 1), ("b", 1), ("c", 2)):
        path = write_town(tmp_path / folder, 30, seed=seed)
        files = sorted(path.parent.iterdir())
        assert [file.name for file in files] == ["tiles.png", "town.tmj", "town.yaml"]
        written.append([file.read_bytes() for file in files[1:]])
    assert written[0] == written[1]
    assert all(one != other for one, other in zip(written[0], written[2], strict=True))


@pytest.mark.parametrize(("people", "problem"), [(0, "at least 1"), (1800, "at most"), (10**6, "at most")])
def test_a_town_of_an_impossible_size_is_refused(tmp_path: Path, people: int, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        write_town(tmp_path, people, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_the_map_is_plain_json_without_the_tiles_written_out(tmp_path: Path) -> None:
    write_town(tmp_path, 25, seed=1)
    document = json.loads((tmp_path / MAP).read_text(encoding="utf-8"))
    numbers = [item["id"] for item in chain.from_iterable(layer.get("objects", ()) for layer in document["layers"])]
    assert numbers == list(range(1, document["nextobjectid"]))
    assert all(layer.get("compression") == "zlib" for layer in document["layers"] if layer["type"] == "tilelayer")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "midnight"), (390, "half past six"), (400, "a quarter to seven"), (715, "twelve"),
     (720, "twelve"), (1185, "a quarter to eight"), (1435, "midnight"), (20, "a quarter past midnight"),
     (1425, "a quarter to twelve")],
)  # fmt: skip
def test_times_in_words(minutes: int, words: str) -> None:
    assert in_words(minutes) == words
    assert clock(minutes + 24 * 60) == clock(minutes)
