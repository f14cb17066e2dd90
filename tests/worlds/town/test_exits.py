"""Which parts of a town have few ways out, and where these are."""

from __future__ import annotations

from collections import defaultdict

import networkx as nx
import numpy as np
from hypothesis import given, settings

from tests.worlds.town.maps import walls
from tests.worlds.town.test_paths import Drawing, drawings, graph
from worlds.town.exits import MOST, Exits
from worlds.town.places import Tile


def parts(*rows: str) -> dict[tuple[Tile, ...], set[Tile]]:
    """The tiles of each part by its exits; not those that are outside."""
    ground = walls(*rows).ground
    exits = Exits(ground)
    found: defaultdict[tuple[Tile, ...], set[Tile]] = defaultdict(set)
    for y, x in np.argwhere(ground):
        tile = int(x), int(y)
        found[exits.of(tile)].add(tile)
    found.pop((), None)
    return found


def test_a_house_is_behind_its_front_door() -> None:
    assert parts(
        "..........",
        "..........",
        "..######..",
        "..#..#.#..",
        "..#....#..",
        "..#..#.#..",
        "..##.###..",
        "..........",
        "..........",
    ) == {((4, 6),): {(3, 3), (4, 3), (3, 4), (4, 4), (3, 5), (4, 5), (5, 4), (6, 3), (6, 4), (6, 5)}}


def test_a_house_with_a_back_door_has_two_exits() -> None:
    found = parts(
        "............",
        "............",
        "..##.#####..",
        "..#...#..#..",
        "..#......#..",
        "..#...#..#..",
        "..##.#####..",
        "............",
        "............",
    )
    assert {exits: len(tiles) for exits, tiles in found.items()} == {((4, 2), (4, 6)): 9 + 1 + 6}


def test_of_a_passage_the_first_tile_is_the_exit() -> None:
    found = parts("#####", "#...#", "#...#", "##.##", "##.##", ".....", ".....", ".....")
    assert {exits: len(tiles) for exits, tiles in found.items()} == {((2, 3),): 6}


def test_a_yard_with_a_shed_is_one_part() -> None:
    found = parts(
        "#########........",
        "#....####........",
        "#.......#........",
        "#....##.#........",
        "#................",
        "#########........",
    )
    assert found.keys() == {((8, 4),)}
    assert (7, 2) in found[((8, 4),)]


def test_what_has_too_many_exits_is_outside() -> None:
    fence = "#.#." * MOST + "####"
    inside = "#" + "." * (len(fence) - 2) + "#"
    outside = "." * len(fence)
    assert not parts(outside, outside, outside, fence, inside, "#" * len(fence))


@settings(max_examples=200, deadline=None)
@given(drawings)
def test_nobody_comes_out_but_through_an_exit(rows: Drawing) -> None:
    for exits, tiles in parts(*rows).items():
        assert tiles.isdisjoint(exits)
        within = [part for part in nx.connected_components(graph(rows, exits)) if part & tiles]
        assert set().union(*within) == tiles, "without its exits a part is shut off, and all of it is part of it"
        assert all(any(nx.has_path(graph(rows), exit, tile) for tile in tiles) for exit in exits)
