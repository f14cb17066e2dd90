"""Shortest walks over the tiles of a town.

Nothing is kept from one walk to the next, and nothing is prepared but where the `Exits` are. A walk from behind one
exit to behind another leads through both, so it is found in three parts. Most parts make no detour (`direct_way`);
those that do are found by `Detours`, and where that would take too many layers, as in a maze, by a plain `Flood`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from worlds.town.detours import Detours
from worlds.town.direct import direct_way
from worlds.town.exits import Exits
from worlds.town.flood import Flood
from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.rows import Grid
from worlds.town.steps import Step, Stretch, Tiles

MOST_LAYERS = 200
"""A search with more layers goes tile by tile instead."""

FAR = 2**31
"""More steps than any walk has."""
NOTHING: frozenset[Tile] = frozenset()


class PathFinder:
    """Walks on one map, from tile to 4-neighbour over free tiles. A tile off the map or blocked is on no walk.

    `avoid` are tiles on which no walk steps, such as closed doors and those on which people stand; it may begin on one.
    """

    def __init__(self, town_map: TownMap) -> None:
        self._free = Grid.of(~town_map.blocked)
        self._ground = Grid.of(town_map.ground)
        self._exits = Exits(town_map.ground)
        self._tiles = Tiles(town_map.width, town_map.height)

    def distance(self, start: Tile, goal: Tile, avoid: Set[Tile] = NOTHING) -> int | None:
        """Return the steps of a shortest walk, or None when there is none."""
        walk = self.path(start, goal, avoid)
        return None if walk is None else len(walk) - 1

    def path(self, start: Tile, goal: Tile, avoid: Set[Tile] = NOTHING) -> tuple[Tile, ...] | None:
        """Return a shortest walk with both ends, or None when there is none.

        Among equals it goes straight on as long as it can, and otherwise along the axis with the longer way left.
        """
        if start not in self._free or goal not in self._free:
            return None
        walk = self._walk(self._free, start, goal)
        if not avoid or walk is None or avoid.isdisjoint(walk[1:]):
            # A shortest walk that touches nothing is the same with and without it, whatever the ties.
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

    def _nearest(self, grid: Grid, start: Tile, goals: Sequence[Tile]) -> tuple[Tile, ...] | None:
        if not goals:
            return None
        exit = self._common_exit(goals)
        origin = start if exit is None or exit == self._exits.of(start) else exit
        found = self._closest(grid, (origin,), goals)
        walk = None if found is None else self._walk(grid, found[1], start)
        return None if walk is None else walk[::-1]

    def exit(self, tile: Tile) -> Tile | None:
        """Return the tile through which every walk leads that leaves what is around a tile; None if there are several.

        What is around it is as large as can be: in a house with one front door, that is the door.
        """
        return self._exits.of(tile)

    def between(self, sources: Iterable[Tile], goals: Sequence[Tile]) -> int | None:
        """Return the steps of a shortest walk from any of several tiles to any of others; None when there is none."""
        # Detours are counted in pairs of steps, so sources on the white and on the black tiles are searched apart.
        colours: tuple[list[Tile], list[Tile]] = [], []
        for x, y in sources:
            colours[(x + y) % 2].append((x, y))
        found = [self._closest(self._free, same, goals) for same in colours if same]
        return min((steps for steps, _ in filter(None, found)), default=None)

    def _closest(self, grid: Grid, sources: Sequence[Tile], goals: Sequence[Tile]) -> tuple[int, Tile] | None:
        """Return the steps to the nearest of some goals, and the first of those that are as near.

        Any two sources are an even number of steps apart. The layers lead towards one of the goals; another that they
        have not yet reached is farther than ways through the newest one, less the steps from goal to goal.
        """
        aim = min(goals, key=lambda goal: min(_apart(source, goal) for source in sources))
        rows = grid.between(sources[0], aim)
        if len(sources) == 1 and direct_way(rows, sources[0], aim, aim, None) is not None:
            return _apart(sources[0], aim), aim
        search = Detours(rows, sources, aim)
        waiting, best = list(range(len(goals))), (FAR, 0)
        while search.widen():
            reached = [number for number in waiting if search.reaches(goals[number])]
            best = min([best, *((search.length - _apart(goals[number], aim), number) for number in reached)])
            farthest = search.length + 2 - best[0]
            waiting = [n for n in waiting if n not in reached and _apart(goals[n], aim) >= farthest]
            if not waiting:
                break
            if len(search.layers) == MOST_LAYERS:
                flood = Flood(grid, sources)
                steps = flood.reach(goals)
                return None if steps is None else (steps, next(filter(flood.reaches, goals)))
        return None if best[0] == FAR else (best[0], goals[best[1]])

    def _walk(self, grid: Grid, start: Tile, goal: Tile) -> tuple[Tile, ...] | None:
        way = self._way(grid, start, goal)
        return None if way is None else self._tiles.along(start, way)

    def _way(self, grid: Grid, start: Tile, goal: Tile) -> list[Stretch] | None:
        """Return a shortest way."""
        if (start in self._ground) != (goal in self._ground):
            return None
        way: list[Stretch] = []
        here, step = start, None
        for stop in self._stops(start, goal):
            if stop != here:
                part = self._part(grid, here, stop, goal, step)
                if part is None:
                    return None
                way += part
                here, step = stop, part[-1][0]
        return way

    def _part(self, grid: Grid, start: Tile, stop: Tile, goal: Tile, step: Step | None) -> list[Stretch] | None:
        """Return a shortest way to a stop on the way to a goal, that comes with a step."""
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

    def _stops(self, start: Tile, goal: Tile) -> Iterator[Tile]:
        """Yield the tiles through which every way leads, the goal last."""
        mine, theirs = self._exits.of(start), self._exits.of(goal)
        if mine != theirs:
            if mine is not None:
                yield mine
            if theirs is not None:
                yield theirs
        yield goal

    def _common_exit(self, tiles: Iterable[Tile]) -> Tile | None:
        exits = {self._exits.of(tile) for tile in tiles}
        return exits.pop() if len(exits) == 1 else None


def _apart(a: Tile, b: Tile) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])
