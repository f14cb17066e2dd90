"""How far it is from place to place, and from a tile to a place: exact, found when first asked for, and kept."""

from __future__ import annotations

from collections.abc import Sequence

from worlds.town.map import TownMap
from worlds.town.paths import PathFinder
from worlds.town.places import Rect, Tile

MOST_KEPT = 200_000
"""Distances that are kept: about 40 MB. Beyond that they are found anew."""

End = Tile | str
"""A tile, or an arena by its address."""


class ArenaDistances:
    """Steps of shortest walks between the standing tiles of arenas or sectors.

    What lies behind few exits is reached through them, so most distances are sums of some that many have in common:
    from the tile to the front door, from door to door, and from there to the arena.
    """

    def __init__(self, town_map: TownMap, paths: PathFinder) -> None:
        self._map = town_map
        self._paths = paths
        self._kept: dict[tuple[End, End], int] = {}
        self._exits: dict[End, tuple[Tile, ...] | None] = {}

    def between(self, one: str, other: str) -> int:
        """Return the steps between the nearest standing tiles of two places. Raises `UnknownAddress`."""
        return self._steps(one, other)

    def steps(self, tile: Tile, arena: str) -> int:
        """Return the steps from a tile of the ground to the nearest standing tile of an arena.

        Raises `UnknownAddress`.
        """
        return self._steps(tile, arena)

    def at_least(self, end: End, arena: str) -> int:
        """Return what `between` and `steps` are never below, without looking for a way. Raises `UnknownAddress`."""
        one = self._map.resolve(end).rect if isinstance(end, str) else Rect(*end, 1, 1)
        other = self._map.resolve(arena).rect
        columns = max(other.x - one.x - one.width, one.x - other.x - other.width, -1) + 1
        rows = max(other.y - one.y - one.height, one.y - other.y - other.height, -1) + 1
        return columns + rows

    def _steps(self, one: End, other: End) -> int:
        mine, theirs = self._exits_of(one), self._exits_of(other)
        if mine is None or theirs is None or mine == theirs:
            return self._straight(one, other)
        return min(
            self._straight(one, a) + self._straight(a, b) + self._straight(b, other)
            for a in (mine or (one,))
            for b in (theirs or (other,))
        )

    def _straight(self, one: End, other: End) -> int:
        """Return the steps from one end to another that are not taken apart."""
        if one == other:
            return 0
        steps = self._kept.get((one, other))
        if steps is None:
            found = self._paths.between(self._tiles(one), self._tiles(other))
            assert found is not None, "arenas and the ground hang together"
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[one, other] = self._kept[other, one] = steps = found
        return steps

    def _exits_of(self, end: End) -> tuple[Tile, ...] | None:
        """Return the exits of the part of town that an end is in, none if it is outside; None if it is in several."""
        if end not in self._exits:
            exits = set(map(self._paths.exits, self._tiles(end)))
            found = exits.pop() if len(exits) == 1 else None
            if not isinstance(end, str):
                return found
            self._exits[end] = found
        return self._exits[end]

    def _tiles(self, end: End) -> Sequence[Tile]:
        return self._map.standing_tiles(end) if isinstance(end, str) else (end,)
