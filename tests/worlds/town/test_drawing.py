"""Drawings in letters become rooms, walls and things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worlds.town.art.draw_tiles import thorp_sheet
from worlds.town.art.drawing import Drawing, Floor, Furniture, rows_of, signs_of
from worlds.town.art.ground import stroke
from worlds.town.art.plan import parts_of, tiles_of
from worlds.town.art.plot import Plot, carry_out
from worlds.town.places import Rect

SHEET = thorp_sheet()
FLOORS = {
    ".": Floor("kitchen", "where one cooks", "tiles"),
    ",": Floor("bathroom", "where one washes", "bath", capacity=1),
    "_": Floor("yard", "where one sits", ""),
}
LEGEND = {
    "c": Furniture("stove", ("stove",), "off", ("cooking a meal | hot | 20",)),
    "D": Furniture("bed", ("double_bed_blue",), "made", ("sleeping | slept in | 20",), 2, solid=False),
    "*": Furniture("plant", ("pot_plant",), "", ()),
    "O": Furniture("pond", (), "calm", ("feeding the ducks | calm | 10",), 4),
}
HOUSE = """
##=####
#c..#,#
#...+,#
#.DD###
#.DD+OO_
#*..#OO_
####+#
"""


def read(drawing: str, at: tuple[int, int] = (10, 20)) -> Drawing:
    return Drawing(signs_of(rows_of(drawing), at), FLOORS, LEGEND, SHEET)


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_parts_cover_exactly_the_tiles_and_none_twice(tiles: set[tuple[int, int]]) -> None:
    covered = list(tiles_of(parts_of(tiles)))
    assert sorted(covered) == sorted(tiles)


def test_a_rectangle_is_one_part_and_an_l_is_two() -> None:
    rect = Rect(3, 4, 5, 2)
    assert parts_of(rect) == (rect,)
    assert parts_of([*rect, (3, 6), (4, 6)]) == (rect, Rect(3, 6, 2, 1))


def test_rooms_have_the_tiles_between_the_walls_with_what_stands_on_them() -> None:
    kitchen, bathroom, yard = read(HOUSE).rooms
    assert [room.name for room in (kitchen, bathroom, yard)] == ["kitchen", "bathroom", "yard"]
    assert kitchen.parts == (Rect(11, 21, 3, 5),)
    assert bathroom.parts == (Rect(15, 21, 1, 2),) and bathroom.capacity == 1
    assert yard.parts == (Rect(15, 24, 3, 2),)
    assert [(thing.name, thing.x, thing.y, thing.rect) for thing in kitchen.things] == [
        ("stove", 11, 21, None),
        ("bed", 12, 23, None),
    ]
    assert [thing.rect for thing in yard.things] == [Rect(15, 24, 2, 2)]


def test_walls_doors_and_what_hangs_on_them() -> None:
    drawing = read(HOUSE)
    assert (12, 20) in drawing.walls and (14, 22) not in drawing.walls
    assert drawing.doors == ((14, 22), (14, 24), (14, 26))
    assert [(item.sprite, item.x, item.y) for item in drawing.decor] == [("window", 12, 20), ("pot_plant", 11, 25)]


def test_entrances_are_the_doors_that_lead_outside() -> None:
    plot = Plot("House", "home", "a house", (10, 20), HOUSE, FLOORS, LEGEND, "stone")
    ground, decor = carry_out(plot, SHEET)
    assert ground.entrances == ((14, 24), (14, 26))
    assert ground.building == Rect(10, 20, 7, 7)
    assert ("doormat", 14, 27) in [(item.sprite, item.x, item.y) for item in decor]


def test_several_drawings_make_one_sector() -> None:
    plot = Plot("Farm", "farm", "a farm", (0, 0), "___\n", FLOORS, LEGEND, more=(((5, 5), "_O\n"),))
    ground, _ = carry_out(plot, SHEET)
    assert ground.parts == (Rect(0, 0, 3, 1), Rect(5, 5, 2, 1))
    (yard,) = ground.rooms
    assert yard.parts == ground.parts


def test_things_of_one_name_are_numbered() -> None:
    (room,) = read("c.c\n...\nc..\n").rooms
    assert [thing.name for thing in room.things] == ["stove 1", "stove 2", "stove 3"]


@pytest.mark.parametrize(
    ("drawing", "problem"),
    [("..x\n", "'x' at .* means nothing"), ("D.\nD.\n", "does not cover 2 x 2"), ("#c#\n", "stands on no floor")],
)
def test_what_cannot_be_read_is_an_error(drawing: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read(drawing)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=4))
def test_one_can_walk_along_a_stroke(points: list[tuple[int, int]]) -> None:
    tiles = set(stroke(points, 1))
    assert set(points) <= tiles
    reached = [points[0]]
    for x, y in reached:
        reached += [t for t in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)) if t in tiles and t not in reached]
    assert set(reached) == tiles
