"""Walks are shortest, straight where they can be, step on nothing that they avoid, and the same every time."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.worlds.town.maps import SHIPPED, walls
from worlds.town import search
from worlds.town.bench.paths import random_pairs
from worlds.town.flood import Flood
from worlds.town.hubs import MOST_TILES, Hubs, hubs_of
from worlds.town.map import TownMap
from worlds.town.paths import PathFinder
from worlds.town.places import Tile
from worlds.town.rows import Grid

Drawing = list[str]


def ground(free: str) -> st.SearchStrategy[Drawing]:
    """Single tiles blocked here and there."""
    sizes = st.tuples(st.integers(1, 9), st.integers(1, 9))
    return sizes.flatmap(lambda size: st.lists(_row(free, size[0]), min_size=size[1], max_size=size[1]))


def _row(free: str, width: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(free), min_size=width, max_size=width).map("".join)


@st.composite
def rooms(draw: st.DrawFn) -> Drawing:
    """Walls of rooms, which may cut each other, and doors in them."""
    width, height = draw(st.integers(5, 16)), draw(st.integers(5, 12))
    tiles = np.full((height, width), ".")
    for _ in range(draw(st.integers(1, 4))):
        left, top = draw(st.integers(0, width - 3)), draw(st.integers(0, height - 3))
        right, bottom = draw(st.integers(left + 2, width - 1)), draw(st.integers(top + 2, height - 1))
        tiles[top, left : right + 1] = tiles[bottom, left : right + 1] = "#"
        tiles[top : bottom + 1, left] = tiles[top : bottom + 1, right] = "#"
    wall = [(int(y), int(x)) for y, x in np.argwhere(tiles == "#")]
    for y, x in draw(st.lists(st.sampled_from(wall), max_size=6)):
        tiles[y, x] = "."
    return ["".join(row) for row in tiles]


# An arena needs a free tile, so a free row is put below.
drawings = st.one_of(ground("...#"), ground(".#"), rooms()).map(lambda rows: [*rows, "." * len(rows[0])])
spiral = [
    "...........",
    ".#########.",
    ".#.......#.",
    ".#.#####.#.",
    ".#.#...#.#.",
    ".#.#.###.#.",
    ".#.#.....#.",
    ".#.#######.",
    ".#.........",
]


def tiles_of(rows: Drawing) -> st.SearchStrategy[Tile]:
    return st.tuples(st.integers(-1, len(rows[0])), st.integers(-1, len(rows)))


def graph(rows: Drawing, avoid: Iterable[Tile] = ()) -> nx.Graph[Tile]:
    found: nx.Graph[Tile] = nx.grid_2d_graph(len(rows[0]), len(rows))
    found.remove_nodes_from([(x, y) for y, row in enumerate(rows) for x, char in enumerate(row) if char == "#"])
    found.remove_nodes_from(avoid)
    return found


def blocked(rows: Drawing, tiles: Iterable[Tile]) -> Drawing:
    """The drawing with some more tiles blocked."""
    taken = set(tiles)
    return ["".join("#" if (x, y) in taken else char for x, char in enumerate(row)) for y, row in enumerate(rows)]


@settings(max_examples=150, deadline=None)
@given(drawings, st.data())
@example(spiral, None)
def test_walks_are_shortest_and_step_on_nothing_that_they_avoid(rows: Drawing, data: st.DataObject | None) -> None:
    if data is None:
        start, goal, avoid = (5, 4), (10, 0), frozenset[Tile]()
    else:
        start, goal = data.draw(tiles_of(rows)), data.draw(tiles_of(rows))
        avoid = data.draw(st.frozensets(tiles_of(rows), max_size=4))
    for tables in (True, False):
        is_shortest(rows, start, goal, avoid, tables)


def is_shortest(rows: Drawing, start: Tile, goal: Tile, avoid: frozenset[Tile], tables: bool) -> None:
    finder, known = PathFinder(walls(*rows), tables), graph(rows, avoid - {start})
    walk = finder.path(start, goal, avoid)
    assert finder.distance(start, goal, avoid) == (None if walk is None else len(walk) - 1)
    if start not in known or goal not in known or not nx.has_path(known, start, goal):
        assert walk is None
        return
    assert walk is not None
    assert len(walk) - 1 == nx.shortest_path_length(known, start, goal)
    assert walk[0] == start and walk[-1] == goal
    assert all(known.has_edge(a, b) for a, b in pairwise(walk))
    assert walk == PathFinder(walls(*rows), tables).path(start, goal, avoid)


@settings(max_examples=150, deadline=None)
@given(drawings, st.data())
def test_the_nearest_is_the_first_of_those_that_are_as_near(rows: Drawing, data: st.DataObject) -> None:
    start = data.draw(tiles_of(rows))
    goals = data.draw(st.lists(tiles_of(rows), max_size=12))
    avoid = data.draw(st.frozensets(tiles_of(rows), max_size=4))
    known = graph(rows, avoid - {start})
    away = nx.single_source_shortest_path_length(known, start) if start in known else {}
    reachable = [goal for goal in goals if goal in away]
    for tables in (True, False):
        finder = PathFinder(walls(*rows), tables)
        walk = finder.nearest(start, goals, avoid)
        if not reachable:
            assert walk is None
            continue
        goal = min(reachable, key=away.__getitem__)
        back = finder.path(goal, start, avoid - {start})
        assert walk is not None and back is not None
        assert walk == back[::-1]


@settings(max_examples=100, deadline=None)
@given(drawings, st.data())
def test_what_is_avoided_is_like_a_wall(rows: Drawing, data: st.DataObject) -> None:
    start, goal = data.draw(tiles_of(rows)), data.draw(tiles_of(rows))
    avoid = data.draw(st.frozensets(tiles_of(rows), max_size=3)) - {start, (0, len(rows) - 1)}
    expected = PathFinder(walls(*blocked(rows, avoid)), tables=False).path(start, goal)
    assert PathFinder(walls(*rows), tables=False).path(start, goal, avoid) == expected


@settings(max_examples=100, deadline=None)
@given(drawings, st.data())
def test_between_several_tiles(rows: Drawing, data: st.DataObject) -> None:
    known = graph(rows)
    some = st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=5)
    sources, goals = data.draw(some), data.draw(some)
    lengths = [
        nx.shortest_path_length(known, a, b) for a in sources for b in goals if nx.has_path(known, a, b)
    ]  # fmt: skip
    for tables in (True, False):
        assert PathFinder(walls(*rows), tables).between(sources, goals) == min(lengths, default=None)


@settings(max_examples=100, deadline=None)
@given(drawings, st.data())
def test_mazes_are_walked_as_everything_else(rows: Drawing, data: st.DataObject) -> None:
    start, goals = data.draw(tiles_of(rows)), data.draw(st.lists(tiles_of(rows), min_size=1, max_size=5))
    finder = PathFinder(walls(*rows), tables=False)
    ways = finder.path(start, goals[0]), finder.nearest(start, goals)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "MOST_LAYERS", 1)
        assert (finder.path(start, goals[0]), finder.nearest(start, goals)) == ways


def test_a_maze_is_flooded(monkeypatch: pytest.MonkeyPatch) -> None:
    flooded: list[Flood] = []

    class Spy(Flood):
        def __init__(self, grid: Grid, sources: Iterable[Tile]) -> None:
            super().__init__(grid, sources)
            flooded.append(self)

    monkeypatch.setattr(search, "Flood", Spy)
    width, height = 80, 2 * search.MOST_LAYERS // 20 - 1
    rows = ["...#" * 20, *[".#.#" * 20] * height, ".#.." * 20]
    start, goal = (0, height), (width - 2, height)
    walk = PathFinder(walls(*rows), tables=False).path(start, goal)
    assert walk is not None
    assert len(walk) - 1 == nx.shortest_path_length(graph(rows), start, goal)
    assert flooded


def test_goes_straight_on() -> None:
    finder = PathFinder(walls("......", "......", "......"), tables=False)
    assert finder.path((0, 0), (5, 2)) == ((0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (5, 1), (5, 2))
    assert finder.path((2, 1), (2, 1)) == ((2, 1),)


def test_goes_straight_on_through_doors() -> None:
    finder = PathFinder(walls("#####..", "#...#..", "#......", "#...#..", "#####.."), tables=False)
    assert finder.path((1, 2), (6, 3)) == ((1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (6, 2), (6, 3))


@pytest.mark.parametrize("tables", [True, False])
def test_nearest_takes_the_first_of_equals(tables: bool) -> None:
    finder = PathFinder(walls(".......", "..###..", "......."), tables)
    assert finder.nearest((3, 0), [(6, 0), (0, 0)]) == ((3, 0), (4, 0), (5, 0), (6, 0))
    assert finder.nearest((3, 0), [(3, 2), (3, 1), (0, 0)]) == ((3, 0), (2, 0), (1, 0), (0, 0))
    assert finder.nearest((3, 0), [(3, 1), (9, 9)]) is None
    assert finder.nearest((3, 1), [(3, 0)]) is None
    assert finder.nearest((3, 0), []) is None


@pytest.mark.parametrize("tables", [True, False])
def test_walks_around_people_and_closed_doors(tables: bool) -> None:
    finder = PathFinder(walls(".....", ".###.", ".###.", "....."), tables)
    assert finder.path((0, 0), (4, 0), frozenset({(2, 0)})) == (
        (0, 0), (0, 1), (0, 2), (0, 3), (1, 3), (2, 3), (3, 3), (4, 3), (4, 2), (4, 1), (4, 0)
    )  # fmt: skip
    assert finder.path((0, 0), (4, 0), frozenset({(2, 0), (2, 3)})) is None
    assert finder.path((0, 0), (4, 0), frozenset({(4, 0)})) is None, "nobody goes where somebody stands"
    assert finder.path((0, 0), (0, 0), frozenset({(0, 0)})) == ((0, 0),), "one may stay where one stands"
    assert finder.nearest((0, 0), [(1, 0), (0, 2)], frozenset({(1, 0)})) == ((0, 0), (0, 1), (0, 2))


@pytest.mark.parametrize("repeat", [200])
def test_a_walk_through_the_town_is_fast(repeat: int) -> None:
    town = TownMap.load(SHIPPED)
    finder = PathFinder(town)
    start, goal = town.standing_tiles(town.arenas[0].address)[0], town.standing_tiles(town.arenas[-1].address)[0]
    before = time.perf_counter()
    for _ in range(repeat):
        finder.path(start, goal)
    assert (time.perf_counter() - before) / repeat < 0.002


def test_symmetry_on_the_shipped_town() -> None:
    town = TownMap.load(SHIPPED)
    tiles = np.argwhere(town.ground)[::71]
    pairs = [((int(a[1]), int(a[0])), (int(b[1]), int(b[0]))) for a in tiles for b in tiles]
    finder = PathFinder(town)
    assert all(finder.distance(a, b) == finder.distance(b, a) for a, b in pairs)


@settings(max_examples=60, deadline=None)
@given(drawings)
def test_tables_know_all_distances(rows: Drawing) -> None:
    tables, known = Hubs(np.array([[char != "#" for char in row] for row in rows])), graph(rows)
    for start in known:
        away = nx.single_source_shortest_path_length(known, start)
        assert all(tables.distance(start, goal) == away.get(goal) for goal in known)


@pytest.mark.parametrize("size", [(40, 1), (60, 50), (64, 64)])
def test_tables_of_mazes_and_fields(size: tuple[int, int]) -> None:
    width, height = size
    snake = np.ones((height, width), bool)
    snake[1::4, :-1] = snake[3::4, 1:] = False
    rng = np.random.default_rng(3)
    for free in (np.ones((height, width), bool), snake, rng.random((height, width)) < 0.7):
        rows = ["".join("#."[tile] for tile in row) for row in free.tolist()]
        tables, known = Hubs(free), graph(rows)
        for start in sorted(known)[::37]:
            away = nx.single_source_shortest_path_length(known, start)
            for goal in sorted(known)[::29]:
                walk = tables.walk(start, goal)
                assert (None if walk is None else len(walk) - 1) == away.get(goal) == tables.distance(start, goal)
                assert walk is None or all(known.has_edge(a, b) for a, b in pairwise(walk))


def test_walks_from_tables_turn_as_seldom_as_those_found_by_search() -> None:
    town = TownMap.load(SHIPPED)
    pairs = random_pairs(town, 300)

    def turns(tables: bool) -> int:
        walks = filter(None, (PathFinder(town, tables).path(*pair) for pair in pairs))
        corners = (corner for walk in walks for corner in zip(walk, walk[1:], walk[2:], strict=False))
        return sum((b[0] - a[0], b[1] - a[1]) != (c[0] - b[0], c[1] - b[1]) for a, b, c in corners)

    assert turns(True) < 1.2 * turns(False)


def test_maps_that_are_too_large_have_no_tables() -> None:
    assert hubs_of(np.ones((100, MOST_TILES // 100), bool)) is not None
    assert hubs_of(np.ones((100, MOST_TILES // 100 + 1), bool)) is None
    assert hubs_of(np.zeros((3, 3), bool)) is None
