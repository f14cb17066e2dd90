"""Walks are shortest, straight where they can be, and the same every time."""

from __future__ import annotations

import time
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds.town.maps import SHIPPED, walls
from worlds.town.map import TownMap
from worlds.town.paths import PathFinder
from worlds.town.places import Tile

grids = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda size: st.lists(
        st.lists(st.sampled_from("...#"), min_size=size[0], max_size=size[0]).map("".join),
        min_size=size[1],
        max_size=size[1],
    )
)


def graph(rows: list[str]) -> nx.Graph[Tile]:
    found: nx.Graph[Tile] = nx.grid_2d_graph(len(rows[0]), len(rows))
    found.remove_nodes_from([(x, y) for y, row in enumerate(rows) for x, char in enumerate(row) if char == "#"])
    return found


@settings(max_examples=80, deadline=None)
@given(grids, st.data())
def test_walks_are_shortest(rows: list[str], data: st.DataObject) -> None:
    # The arena needs one free tile, so a free row is put below.
    rows = [*rows, "." * len(rows[0])]
    finder, known = PathFinder(walls(*rows)), graph(rows)
    tiles = st.tuples(st.integers(-1, len(rows[0])), st.integers(-1, len(rows)))
    start, goal = data.draw(tiles), data.draw(tiles)
    walk = finder.path(start, goal)
    if start not in known or goal not in known or not nx.has_path(known, start, goal):
        assert walk is None and finder.distance(start, goal) is None
        return
    assert walk is not None
    assert len(walk) - 1 == finder.distance(start, goal) == nx.shortest_path_length(known, start, goal)
    assert walk[0] == start and walk[-1] == goal
    assert all(known.has_edge(a, b) for a, b in pairwise(walk))
    assert walk == PathFinder(walls(*rows)).path(start, goal)


def test_goes_straight_on() -> None:
    finder = PathFinder(walls("......", "......", "......"))
    assert finder.path((0, 0), (5, 2)) == ((0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (5, 1), (5, 2))
    assert finder.path((2, 1), (2, 1)) == ((2, 1),)


def test_nearest_takes_the_first_of_equals() -> None:
    finder = PathFinder(walls(".......", "..###..", "......."))
    assert finder.nearest((3, 0), [(6, 0), (0, 0)]) == ((3, 0), (4, 0), (5, 0), (6, 0))
    assert finder.nearest((3, 0), [(3, 2), (3, 1), (0, 0)]) == ((3, 0), (2, 0), (1, 0), (0, 0))
    assert finder.nearest((3, 0), [(3, 1), (9, 9)]) is None
    assert finder.nearest((3, 1), [(3, 0)]) is None
    assert finder.nearest((3, 0), []) is None


def test_cache_is_bounded_and_changes_nothing() -> None:
    town = TownMap.load(SHIPPED)
    small, large = PathFinder(town, cache_bytes=0), PathFinder(town)
    tiles = town.standing_tiles(town.name)[::97]
    assert all(small.path(a, b) == large.path(a, b) for a in tiles for b in tiles)
    assert len(small._fields) == 8


@pytest.mark.parametrize("repeat", [200])
def test_a_cached_field_is_fast(repeat: int) -> None:
    town = TownMap.load(SHIPPED)
    finder = PathFinder(town)
    start, goal = town.standing_tiles(town.arenas[0].address)[0], town.standing_tiles(town.arenas[-1].address)[0]
    finder.path(start, goal)
    before = time.perf_counter()
    for _ in range(repeat):
        finder.path(start, goal)
    assert (time.perf_counter() - before) / repeat < 0.002


def test_symmetry_on_the_shipped_town() -> None:
    town = TownMap.load(SHIPPED)
    tiles = np.argwhere(town.ground)[::71]
    pairs = [((int(a[1]), int(a[0])), (int(b[1]), int(b[0]))) for a in tiles for b in tiles]
    one, other = PathFinder(town, cache_bytes=0), PathFinder(town)
    assert all(one.distance(a, b) == other.distance(b, a) for a, b in pairs)
