"""Where one person can go, and on which way: past those in sight, through doors that are open, into rooms with room."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from engine.contact import Obstacle, Refused
from engine.kernel.lane import Lane
from worlds.town.access import Access
from worlds.town.places import Arena, Tile, TownObject
from worlds.town.rooms import Rooms
from worlds.town.world import TownWorld

Path = tuple[Tile, ...]
"""A way that begins where the person is; of one tile if it stays there."""


class Routes:
    """The ways of the person with index `me`, by what it sees and by what it has promised."""

    def __init__(self, world: TownWorld, lane: Lane, me: int, access: Access) -> None:
        self._world = world
        self._lane = lane
        self._me = me
        self._access = access
        self.rooms = Rooms(world, me)

    @property
    def _tile(self) -> Tile:
        return self._world.tile(self._me, self._lane.now)

    @property
    def on_the_way(self) -> bool:
        """Whether the person walks."""
        return self._world.walk(self._me, self._lane.now).end > self._lane.now

    def to(self, address: str) -> Path | Refused:
        """The way to the nearest tile of an address that nobody in sight takes.

        A way into a room that takes only so many people ends before its door, and goes on from there unless the room is
        seen to be full. Who finds inside that it is one too many gets a way out again. Raises UnknownAddress.
        """
        now, here = self._lane.now, self._tile
        tiles = self._tiles(address)
        room = self.rooms.at(here)
        if here in tiles and room is not None and self.rooms.is_one_too_many(room, now):
            return self.nearest(self.rooms.around(room)) or (here,)
        if here in tiles and not self.on_the_way:
            return (here,) if self._access.admits(address, now) else self._closed(address)
        taken = self._taken()
        goals = [tile for tile in tiles if tile not in taken] or tiles
        path = self.nearest(goals)
        if path is None:
            return self._why_not(address, goals)
        return (
            self._before_full_rooms(path)
            if self._access.admits(address, self._arrival(path))
            else self._closed(address)
        )

    def aside(self, address: str) -> Path | None:
        """A way to a free tile of an address, if somebody stood first on the tile on which the person stands."""
        now, here = self._lane.now, self._tile
        mine = (self._world.walk(self._me, now).end, self._me)
        same = [other for other in self._world.in_sight(self._me, now) if self._world.tile(other, now) == here]
        standing = [(self._world.seen_walk(other, now).end, other) for other in same]
        if not any(theirs < mine and theirs[0] <= now for theirs in standing):
            return None
        taken = self._taken() | {here}
        return self.nearest([tile for tile in self._tiles(address) if tile not in taken and self._may_step(tile)])

    def may_approach(self, other: int) -> bool:
        """Whether somebody is in sight, and neither where one has promised not to go nor in a room for few."""
        now = self._lane.now
        if not self._world.sees(self._me, other, now):
            return False
        there, stay = self._world.tile(other, now), self._world.stay(self._me, now)
        return (stay is None or there in stay) and self._may_step(there)

    def beside(self, other: int) -> Path | None:
        """A way to the nearest free tile beside somebody; none beyond where the person is if there is no such tile."""
        x, y = self._world.tile(other, self._lane.now)
        taken, ground = self._taken(), self._world.map.ground
        around = [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
        free = [t for t in around if t in self._world.map and ground[t[1], t[0]] and t not in taken]
        return self.nearest([tile for tile in free if self._may_step(tile)] or [self._tile])

    def nearest(self, goals: Sequence[Tile]) -> Path | None:
        """The shortest way to one of some tiles through no door that is shut, within where one has promised to stay."""
        now, avoid = self._lane.now, frozenset[Tile]()
        path = self._world.paths.nearest(self._tile, goals)
        while path is not None and (shut := self._access.shut(path, now, self._world.seconds_per_tile)):
            avoid |= shut
            path = self._world.paths.nearest(self._tile, goals, avoid)
        stay = self._world.stay(self._me, now)
        return None if path is None or (stay is not None and not all(tile in stay for tile in path)) else path

    def _before_full_rooms(self, path: Path) -> Path | Refused:
        """A way as far as the door of the first room that it enters; into it from there, if it is not full."""
        entered = self.rooms.entered(path)
        if entered is None:
            return path
        now, (number, room) = self._lane.now, entered
        until = self.rooms.full_until(room, now, now + number * self._world.seconds_per_tile)
        if until > now:
            return Refused(Obstacle.FULL, None if until == inf else int(until))
        return path if number == 1 else path[:number]

    def _why_not(self, address: str, goals: Sequence[Tile]) -> Refused:
        """Why no way leads to tiles of an address: because it is closed, now or when one would come there, or not."""
        now, direct = self._lane.now, self._world.paths.nearest(self._tile, goals)
        times = (now, now if direct is None else self._arrival(direct))
        is_open = all(self._access.admits(address, time) for time in times)
        return Refused(Obstacle.NO_WAY) if is_open else self._closed(address)

    def _closed(self, address: str) -> Refused:
        return Refused(Obstacle.CLOSED, self._access.opens(address, self._lane.now))

    def _tiles(self, address: str) -> Sequence[Tile]:
        """Where to stand to be at an address; rooms that take only so many are meant only where nothing else is."""
        tiles = self._world.map.standing_tiles(address)
        if isinstance(self._world.map.resolve(address), Arena | TownObject):
            return tiles
        return [tile for tile in tiles if self.rooms.at(tile) is None] or tiles

    def _may_step(self, tile: Tile) -> bool:
        """Whether a tile is in no room that takes only so many people, or in the one in which the person is."""
        return self.rooms.at(tile) in (None, self.rooms.at(self._tile))

    def _taken(self) -> set[Tile]:
        """The tiles on which people in sight stand or towards which they walk."""
        now = self._lane.now
        return {self._world.seen_walk(other, now).path[-1] for other in self._world.in_sight(self._me, now)}

    def _arrival(self, path: Path) -> int:
        return self._lane.now + (len(path) - 1) * self._world.seconds_per_tile
