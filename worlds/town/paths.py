"""Shortest walks over the tiles of a town.

On a map of moderate size they are read off tables (`Hubs`). On a larger one, and around what is in the way, they are
searched for, with nothing kept from one walk to the next. A walk out of one part of the town and into another leads
through an exit of each (`Exits`), so it is then found in three parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from worlds.town.direct import direct_way
from worlds.town.exits import Exits
from worlds.town.hubs import hubs_of
from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.rows import Grid
from worlds.town.search import FAR, apart, closest, shortest_way
from worlds.town.steps import Stretch, Tiles

NOTHING: frozenset[Tile] = frozenset()


class PathFinder:
    """Walks on one map, from tile to 4-neighbour over free tiles. A tile off the map or blocked is on no walk.

    `avoid` are tiles on which no walk steps, such as closed doors and those on which people stand; it may begin on one.
    """

    def __init__(self, town_map: TownMap, tables: bool = True) -> None:
        """Without `tables` all walks are searched for."""
        self._free = Grid.of(~town_map.blocked)
        self._hubs = hubs_of(~town_map.blocked) if tables else None
        self._ground = Grid.of(town_map.ground)
        self._exits = Exits(town_map.ground)
        self._tiles = Tiles(town_map.width, town_map.height)

    def distance(self, start: Tile, goal: Tile, avoid: Set[Tile] = NOTHING) -> int | None:
        """Return the steps of a shortest walk, or None when there is none."""
        walk = self.path(start, goal, avoid)
        return None if walk is None else len(walk) - 1

    def path(self, start: Tile, goal: Tile, avoid: Set[Tile] = NOTHING) -> tuple[Tile, ...] | None:
        """Return a shortest walk with both ends, or None when there is none.

        Among equals it is always the same one, which goes straight on where it can.
        """
        if start not in self._free or goal not in self._free:
            return None
        walk = self._walk(self._free, start, goal)
        if not avoid or walk is None or avoid.isdisjoint(walk[1:]):
            return walk
        return None if goal in avoid else self._walk(self._free.without(avoid - {start}), start, goal)

    def nearest(self, start: Tile, goals: Iterable[Tile], avoid: Set[Tile] = NOTHING) -> tuple[Tile, ...] | None:
        """Return a shortest walk to the nearest of several tiles, the first of equals; None when none is in reach.

        It is the walk that `path` gives for the way back.
        """
        if start not in self._free:
            return None
        avoid = avoid - {start}
        region = self._ground if start in self._ground else self._free
        reachable = [goal for goal in dict.fromkeys(goals) if goal in region and goal not in avoid]
        walk = self._nearest(self._free, start, reachable)
        if walk is not None and not avoid.isdisjoint(walk):
            walk = self._nearest(self._free.without(avoid), start, reachable)
        return walk

    def exits(self, tile: Tile) -> tuple[Tile, ...]:
        """Return the tiles, a few, through one of which every walk leads out of the part of town that a tile is in.

        There are none where that cannot be said, as on the street. All that has the same exits is one part of town.
        """
        return self._exits.of(tile)

    def between(self, sources: Iterable[Tile], goals: Sequence[Tile]) -> int | None:
        """Return the steps of a shortest walk from any of several tiles to any of others; None when there is none."""
        if self._hubs is not None:
            free = [[tile for tile in side if tile in self._free] for side in (sources, goals)]
            return self._hubs.between(*free)
        # Detours are counted in pairs of steps, so sources on the white and on the black tiles are searched apart.
        colours: tuple[list[Tile], list[Tile]] = [], []
        for x, y in sources:
            colours[(x + y) % 2].append((x, y))
        found = [closest(self._free, same, goals) for same in colours if same]
        return min((steps for steps, _ in filter(None, found)), default=None)

    def _walk(self, grid: Grid, start: Tile, goal: Tile) -> tuple[Tile, ...] | None:
        if self._hubs is not None and grid is self._free:
            return self._hubs.walk(start, goal)
        way = self._way(grid, start, goal)
        return None if way is None else self._tiles.along(start, way)

    def _nearest(self, grid: Grid, start: Tile, goals: Sequence[Tile]) -> tuple[Tile, ...] | None:
        found = self._nearest_goal(grid, start, goals) if goals else None
        walk = None if found is None else self._walk(grid, found, start)
        return None if walk is None else walk[::-1]

    def _nearest_goal(self, grid: Grid, start: Tile, goals: Sequence[Tile]) -> Tile | None:
        if self._hubs is not None and grid is self._free:
            return self._hubs.nearest(start, goals)
        parts = {self._exits.of(goal) for goal in goals}
        exits = parts.pop() if len(parts) == 1 else ()
        if not exits or exits == self._exits.of(start):
            exits = (start,)
        inside = {exit: found for exit in exits if (found := closest(grid, (exit,), goals))}
        if len(inside) == 1:
            return inside.popitem()[1][1]
        steps: dict[Tile, int] = {}
        for bound, exit in sorted((apart(start, exit) + within, exit) for exit, (within, _) in inside.items()):
            if bound > min(steps.values(), default=FAR):
                break
            way = self._way(grid, start, exit)
            if way is not None:
                steps[exit] = sum(count for _, count in way) + inside[exit][0]
        nearest = {inside[exit][1] for exit in steps if steps[exit] == min(steps.values())}
        return next((goal for goal in goals if goal in nearest), None)

    def _way(self, grid: Grid, start: Tile, goal: Tile) -> list[Stretch] | None:
        if (start in self._ground) != (goal in self._ground):
            return None
        mine, theirs = self._exits.of(start), self._exits.of(goal)
        if mine == theirs:
            return shortest_way(grid, start, goal, goal, None)
        if len(mine) <= 1 and len(theirs) <= 1:
            return _in_parts(grid, start, (*mine, *theirs, goal))
        way = direct_way(grid.between(start, goal), start, goal, goal, None)
        return way if way is not None else _in_parts(grid, start, _stops(grid, start, mine, theirs, goal))


def _in_parts(grid: Grid, start: Tile, stops: Iterable[Tile]) -> list[Stretch] | None:
    """Return a shortest way through some tiles to the last of them, the goal."""
    *_, goal = stops = tuple(stops)
    way: list[Stretch] = []
    here, step = start, None
    for stop in stops:
        if stop != here:
            part = shortest_way(grid, here, stop, goal, step)
            if part is None:
                return None
            way += part
            here, step = stop, part[-1][0]
    return way


def _stops(grid: Grid, start: Tile, mine: Sequence[Tile], theirs: Sequence[Tile], goal: Tile) -> tuple[Tile, ...]:
    """Return the exits through which all shortest ways from a start to a goal lead, and the goal."""
    out = {exit: _steps(grid, start, exit) for exit in mine} or {start: 0}
    into = {exit: _steps(grid, exit, goal) for exit in theirs} or {goal: 0}
    bounds = sorted((out[a] + apart(a, b) + into[b], a, b) for a in out for b in into)
    shortest, pairs = FAR, [(goal, goal)]
    for bound, a, b in bounds:
        if bound > shortest:
            break
        steps = out[a] + _steps(grid, a, b) + into[b]
        if steps <= shortest:
            pairs = [*(pairs if steps == shortest else ()), (a, b)]
            shortest = steps
    stops = [set(side) for side in zip(*pairs, strict=True)]
    return (*(stop for side in stops if len(side) == 1 for stop in side), goal)


def _steps(grid: Grid, start: Tile, goal: Tile) -> int:
    found = closest(grid, (start,), (goal,))
    return FAR if found is None else found[0]
