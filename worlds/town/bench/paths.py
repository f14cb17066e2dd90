"""Walks of `PathFinder` against those of networkx and of a flood fill, between the same tiles."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

import numpy as np

from engine.errors import RunFailed
from worlds.town.arena_distances import ArenaDistances
from worlds.town.bench.timing import each, row, timed
from worlds.town.map import TownMap
from worlds.town.paths import PathFinder
from worlds.town.places import Tile

Pair = tuple[Tile, Tile]

BLOCK = 500
"""Every finder walks so many pairs in a row before it is the next one's turn, as whoever uses it would: if others came
in between each time, nothing of it would be left in the processor's caches."""
SEARCH_EVERY = 5
NETWORKX_EVERY = 1
BOTH_WAYS_EVERY = 10
FLOOD_EVERY = 50
"""Some are slow: they find the walk of every so many-th pair."""
IN_THE_WAY = 30
"""Tiles that walks have to avoid in one of the rows."""


@dataclass(slots=True)
class Finder:
    """A way of finding walks, and the seconds that it took for each pair."""

    name: str
    ready: float | None
    """Seconds of preparation, once for a map."""
    find: Callable[[Tile, Tile], Sequence[Tile] | None]
    every: int
    seconds: dict[int, float] = field(default_factory=dict)


def against_others(town_map: TownMap, count: int) -> tuple[list[dict[str, Any]], dict[str, float | None]]:
    """Find walks between so many random pairs of tiles in turns, and check that all are as long.

    The ratios are the mean time of the others over ours between the same tiles, without preparation. For networkx it is
    A* led by the distance in columns and rows, or the bidirectional search if that is faster.
    """
    ready, paths = timed(PathFinder, town_map)
    searching = timed(PathFinder, town_map, False)
    finders = [
        Finder("thorp", ready, paths.path, 1),
        Finder("thorp: without tables", searching[0], searching[1].path, SEARCH_EVERY),
        *_networkx(town_map),
        _flood_fill(town_map),
    ]
    pairs = random_pairs(town_map, count)
    for block in range(0, count, BLOCK):
        lengths: defaultdict[int, set[int]] = defaultdict(set)
        for finder in finders:
            for number in range(block, min(block + BLOCK, count)):
                if number % finder.every == 0:
                    finder.seconds[number], walk = timed(finder.find, *pairs[number])
                    lengths[number].add(0 if walk is None else len(walk))
        for number, found in lengths.items():
            if len(found) > 1 or 0 in found:
                start, goal = pairs[number]
                raise RunFailed(f"the walks from {start} to {goal} have {sorted(found)} tiles")
    ours, searched, *networkx, flood = finders
    rows = [row(_size(town_map), finder.name, list(finder.seconds.values()), finder.ready) for finder in finders]
    return rows, {
        "over_networkx": round(min(_ratio(finder, ours) for finder in networkx), 1),
        "over_flood_fill": round(_ratio(flood, ours), 1),
        "over_search": round(_ratio(searched, ours), 1),
    }


def other_walks(town_map: TownMap, count: int) -> list[dict[str, Any]]:
    """Walks around people, to the nearest tile of an arena, and distances of arenas, so many of each."""
    paths, dice, ground = PathFinder(town_map), random.Random(2), _ground(town_map)
    pairs = random_pairs(town_map, count)
    starts = [start for start, _ in pairs]
    taken = [frozenset(dice.sample(ground, IN_THE_WAY)) for _ in pairs]
    arenas = [dice.choice(town_map.arenas).address for _ in pairs]
    tiles = [town_map.standing_tiles(arena) for arena in arenas]
    distances = ArenaDistances(town_map, paths)
    size = _size(town_map)
    around = [(start, goal, avoid) for (start, goal), avoid in zip(pairs, taken, strict=True)]
    return [
        row(size, f"thorp: around {IN_THE_WAY} tiles", each(paths.path, around)),
        row(size, "thorp: to the nearest tile of an arena", each(paths.nearest, zip(starts, tiles, strict=True))),
        row(size, "thorp: steps to an arena", each(distances.steps, zip(starts, arenas, strict=True))),
        row(size, "thorp: steps to an arena, again", each(distances.steps, zip(starts, arenas, strict=True))),
    ]


def _size(town_map: TownMap) -> str:
    return f"{town_map.width} x {town_map.height}"


def random_pairs(town_map: TownMap, count: int) -> list[Pair]:
    """Return so many pairs of tiles that can be walked to, the same every time."""
    dice, ground = random.Random(1), _ground(town_map)
    return [(dice.choice(ground), dice.choice(ground)) for _ in range(count)]


def _ground(town_map: TownMap) -> list[Tile]:
    return [(int(x), int(y)) for y, x in np.argwhere(town_map.ground)]


def _ratio(theirs: Finder, ours: Finder) -> float:
    return fmean(theirs.seconds.values()) / fmean(ours.seconds[number] for number in theirs.seconds)


def _networkx(town_map: TownMap) -> list[Finder]:
    import networkx as nx

    def grid() -> nx.Graph[Tile]:
        graph: nx.Graph[Tile] = nx.grid_2d_graph(town_map.width, town_map.height)
        graph.remove_nodes_from([(int(x), int(y)) for y, x in np.argwhere(town_map.blocked)])
        return graph

    def apart(a: Tile, b: Tile) -> int:
        return abs(a[0] - b[0]) + abs(a[1] - b[1])

    ready, graph = timed(grid)
    return [
        Finder("networkx: A*", ready, lambda a, b: nx.astar_path(graph, a, b, apart), NETWORKX_EVERY),
        Finder("networkx: both ways", ready, lambda a, b: nx.bidirectional_shortest_path(graph, a, b), BOTH_WAYS_EVERY),
    ]


def _flood_fill(town_map: TownMap) -> Finder:
    """Return the search of the original generative agents, as it is described, without its limit of 150 waves.

    A matrix as large as the map is filled with the number of the wave that reaches each tile. Every wave goes over the
    whole matrix and fills the free 4-neighbours of what the last one reached, until it comes to the goal.
    """
    free = (~town_map.blocked).tolist()
    width, height = town_map.width, town_map.height

    def neighbours(x: int, y: int) -> list[Tile]:
        around = ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
        return [(x, y) for x, y in around if 0 <= x < width and 0 <= y < height and free[y][x]]

    def find(start: Tile, goal: Tile) -> list[Tile] | None:
        waves = [[0] * width for _ in range(height)]
        waves[start[1]][start[0]] = wave = 1
        while not waves[goal[1]][goal[0]]:
            for y, line in enumerate(waves):
                for x, reached in enumerate(line):
                    if reached == wave:
                        for x2, y2 in neighbours(x, y):
                            if not waves[y2][x2]:
                                waves[y2][x2] = wave + 1
            wave += 1
            if wave > width * height:
                return None
        walk = [goal]
        while wave > 1:
            wave -= 1
            walk.append(next((x, y) for x, y in neighbours(*walk[-1]) if waves[y][x] == wave))
        return walk[::-1]

    return Finder("flood fill", None, find, FLOOD_EVERY)
