"""Rooms that take only so many people, as one of them sees it: what cannot be seen from there is not known."""

from __future__ import annotations

from collections.abc import Sequence

from worlds.town.places import Arena, Tile
from worlds.town.world import TownWorld

REMEMBERED = 180
"""Seconds for which who has found itself to be one too many in a room does not try it again."""


class Rooms:
    """Arenas with a capacity, in the eyes of the person with index `me`."""

    def __init__(self, world: TownWorld, me: int) -> None:
        self._world = world
        self._me = me
        self._limited = world.atlas.has_limited_rooms
        self._full_until: dict[str, int] = {}

    def at(self, tile: Tile) -> Arena | None:
        """Return the room with a capacity in which a tile lies."""
        arena = self._world.map.arena_at(tile) if self._limited else None
        return None if arena is None or arena.capacity is None else arena

    def entered(self, path: Sequence[Tile]) -> tuple[int, Arena] | None:
        """Return the first room that a walk enters, with the number of the tile at which it does."""
        inside = self.at(path[0])
        for number, tile in enumerate(path if self._limited else ()):
            room = self.at(tile)
            if room is not None and room is not inside:
                return number, room
        return None

    def full_until(self, room: Arena, now: int, entering: int) -> float:
        """Return until when a room is full for who would enter it at a time: a time that has come if it is not.

        People in it count until they leave, and so do those on their way into it. Infinity: nobody is about to leave.
        """
        staying, leaving = 0, []
        for other in self._world.in_sight(self._me, now):
            walk = self._world.seen_walk(other, now)
            if walk.path[-1] in room:
                staying += 1
            elif walk.tile(entering) in room:
                out = next(number for number in range(len(walk.path), 0, -1) if walk.path[number - 1] in room)
                leaving.append(walk.start + out * walk.seconds_per_tile)
        assert room.capacity is not None
        too_many = staying + len(leaving) - room.capacity + 1
        if too_many > 0:
            return float("inf") if too_many > len(leaving) else sorted(leaving)[too_many - 1]
        return self._full_until.get(room.address, now)

    def is_one_too_many(self, room: Arena, now: int) -> bool:
        """Whether as many as a room takes came into it before the person who is in it; takes note of that."""
        mine = self._world.walk(self._me, now).end, self._me
        before = [
            other
            for other in self._world.in_sight(self._me, now)
            if (walk := self._world.seen_walk(other, now)).path[-1] in room and (walk.end, other) < mine
        ]
        assert room.capacity is not None
        if len(before) < room.capacity:
            return False
        self._full_until[room.address] = now + REMEMBERED
        return True

    def around(self, room: Arena) -> list[Tile]:
        """Return the tiles beside a room on which people can stand, row by row."""
        ground = self._world.map.ground
        beside = {(x + dx, y + dy) for x, y in room.tiles for dx, dy in ((0, -1), (-1, 0), (1, 0), (0, 1))}
        free = (t for t in beside if t in self._world.map and ground[t[1], t[0]] and t not in room)
        return sorted(free, key=lambda tile: (tile[1], tile[0]))
