"""Shortest ways on a grid, by whatever search suits them.

Most ways make no detour (`direct_way`). Those that do are found by `Detours`, and where that would take too many
layers, as in a maze, by a plain `Flood`.
"""

from __future__ import annotations

from collections.abc import Sequence

from worlds.town.detours import Detours
from worlds.town.direct import direct_way
from worlds.town.flood import Flood
from worlds.town.places import Tile
from worlds.town.rows import Grid
from worlds.town.steps import Step, Stretch

MOST_LAYERS = 200
"""A search with more layers goes tile by tile instead."""

FAR = 2**31
"""More steps than any way has."""


def shortest_way(grid: Grid, start: Tile, stop: Tile, goal: Tile, step: Step | None) -> list[Stretch] | None:
    """Return a shortest way to a stop on the way to a goal, None if there is none.

    It comes with `step`, and takes the `preferred` moves.
    """
    rows = grid.between(start, stop)
    way = direct_way(rows, start, stop, goal, step)
    if way is not None:
        return way
    search = Detours(rows, (stop,), start)
    while search.widen():
        if search.reaches(start):
            return search.descend(start, goal, step)
        if len(search.layers) == MOST_LAYERS:
            flood = Flood(grid, (stop,))
            return None if flood.reach((start,)) is None else flood.descend(start, goal, step)
    return None


def closest(grid: Grid, sources: Sequence[Tile], goals: Sequence[Tile]) -> tuple[int, Tile] | None:
    """Return the steps to the nearest of some goals, and the first of those that are as near; None if none is in reach.

    Any two sources are an even number of steps apart. The layers lead towards one of the goals; another that they have
    not yet reached is farther than ways through the newest one, less the steps from goal to goal.
    """
    aim = min(goals, key=lambda goal: min(apart(source, goal) for source in sources))
    rows = grid.between(sources[0], aim)
    if len(sources) == 1 and direct_way(rows, sources[0], aim, aim, None) is not None:
        return apart(sources[0], aim), aim
    search = Detours(rows, sources, aim)
    waiting, best = list(range(len(goals))), (FAR, 0)
    while search.widen():
        reached = [number for number in waiting if search.reaches(goals[number])]
        best = min([best, *((search.length - apart(goals[number], aim), number) for number in reached)])
        farthest = search.length + 2 - best[0]
        waiting = [n for n in waiting if n not in reached and apart(goals[n], aim) >= farthest]
        if not waiting:
            break
        if len(search.layers) == MOST_LAYERS:
            flood = Flood(grid, sources)
            steps = flood.reach(goals)
            return None if steps is None else (steps, next(filter(flood.reaches, goals)))
    return None if best[0] == FAR else (best[0], goals[best[1]])


def apart(a: Tile, b: Tile) -> int:
    """Return how many columns and rows lie between two tiles: no way from one to the other is shorter."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1])
