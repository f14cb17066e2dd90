"""What lies behind the one gap through which all ways lead."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings

from tests.worlds.town.maps import walls
from tests.worlds.town.test_paths import Drawing, drawings, graph
from worlds.town.exits import Exits
from worlds.town.places import Tile


def exits(*rows: str) -> dict[Tile, Tile]:
    ground = walls(*rows).ground
    found = Exits(ground)
    tiles = [(int(x), int(y)) for y, x in np.argwhere(ground)]
    return {tile: exit for tile in tiles if (exit := found.of(tile)) is not None}


def test_a_house_is_behind_its_front_door() -> None:
    found = exits(
        "........",
        ".######.",
        ".#..#.#.",
        ".#....#.",
        ".#..#.#.",
        ".##.###.",
        "........",
    )
    assert set(found.values()) == {(3, 5)}
    assert set(found) == {(2, 2), (3, 2), (2, 3), (3, 3), (2, 4), (3, 4), (4, 3), (5, 2), (5, 3), (5, 4)}


def test_a_house_with_a_back_door_has_no_exit_but_its_inner_rooms_have() -> None:
    found = exits(
        "..........",
        ".##.#####.",
        ".#...#..#.",
        ".#......#.",
        ".#...#..#.",
        ".##.#####.",
        "..........",
    )
    assert found == dict.fromkeys([(6, 2), (7, 2), (6, 3), (7, 3), (6, 4), (7, 4)], (5, 3))


def test_of_a_passage_the_first_tile_is_the_exit() -> None:
    found = exits("#####", "#...#", "#...#", "##.##", "##.##", ".....", ".....", ".....")
    assert set(found.values()) == {(2, 3)}
    assert len(found) == 6


def test_rooms_on_a_circle_are_behind_the_door_of_the_circle() -> None:
    found = exits(
        "###########........",
        "#...#...#..........",
        "#.......#..........",
        "#...#..............",
        "#.......#..........",
        "#...#...#..........",
        "###########........",
    )
    assert set(found.values()) == {(8, 3)}
    assert (4, 2) in found and (4, 4) in found and (8, 3) not in found


@settings(max_examples=150, deadline=None)
@given(drawings)
def test_nobody_comes_out_but_through_the_exit(rows: Drawing) -> None:
    known = graph(rows)
    found = exits(*rows)
    for exit in set(found.values()):
        behind = {tile for tile, its in found.items() if its == exit}
        assert exit not in found, "an exit is outside"
        parts = list(nx.connected_components(graph(rows, [exit])))
        within = [part for part in parts if part & behind]
        assert set().union(*within) == behind, "what is behind it is whole and shut off"
        assert len(behind) < len(nx.node_connected_component(known, exit)) - 1
