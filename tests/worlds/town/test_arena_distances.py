"""Distances between arenas are those of the shortest walks between their standing tiles."""

from __future__ import annotations

import json
from functools import cache

import pytest

from tests.worlds.town.maps import SHIPPED, house, parse
from worlds.town import arena_distances
from worlds.town.arena_distances import ArenaDistances
from worlds.town.map import TownMap
from worlds.town.paths import PathFinder
from worlds.town.places import UnknownAddress


@cache
def shipped() -> tuple[TownMap, PathFinder]:
    town = TownMap.load(SHIPPED)
    return town, PathFinder(town)


def test_between_arenas_of_the_shipped_town() -> None:
    town, paths = shipped()
    distances = ArenaDistances(town, paths)
    for one in town.arenas[::9]:
        for other in town.arenas[::7]:
            goals = town.standing_tiles(other.address)
            walks = [paths.nearest(tile, goals) for tile in town.standing_tiles(one.address)]
            steps = distances.between(one.address, other.address)
            assert steps == min(len(walk) - 1 for walk in walks if walk)
            assert (
                steps == distances.between(other.address, one.address) >= distances.at_least(one.address, other.address)
            )


def test_from_tiles_of_the_shipped_town() -> None:
    town, paths = shipped()
    distances = ArenaDistances(town, paths)
    for tile in town.standing_tiles(town.name)[::211]:
        for arena in town.arenas:
            walk = paths.nearest(tile, town.standing_tiles(arena.address))
            assert walk is not None
            assert distances.steps(tile, arena.address) == len(walk) - 1 >= distances.at_least(tile, arena.address)


def test_in_a_house_of_two_rooms() -> None:
    town = parse(json.loads(json.dumps(house())))
    distances = ArenaDistances(town, PathFinder(town))
    assert distances.between("town:House:west", "town:House:west") == 0
    assert distances.between("town:House:west", "town:House:east") == 2
    assert distances.steps((0, 7), "town:House:east") == 9
    assert distances.at_least((0, 7), "town:House:east") == 8
    with pytest.raises(UnknownAddress):
        distances.between("town:House:west", "town:House:attic")


def test_what_is_kept_is_bounded_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    town, paths = shipped()
    pairs = [(one.address, other.address) for one in town.arenas[:8] for other in town.arenas[:8]]
    distances = ArenaDistances(town, paths)
    known = [distances.between(*pair) for pair in pairs]
    monkeypatch.setattr(arena_distances, "MOST_KEPT", 10)
    forgetful = ArenaDistances(town, paths)
    assert [forgetful.between(*pair) for pair in pairs] == known
    assert len(forgetful._kept) <= 12
