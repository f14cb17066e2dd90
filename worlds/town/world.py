"""A town with people in it: who is where, does what, and sees whom, at any time.

What one agent does at a second is visible to the others from the next second on (`History.before`). So whatever two
agents do within the same second, in whichever order their lanes are stepped, the outcome is the same.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worlds.town.history import History
from worlds.town.map import TownMap
from worlds.town.paths import PathFinder
from worlds.town.places import Tile, TownObject
from worlds.town.sight import Sight
from worlds.town.walk import Walk


@dataclass(frozen=True, slots=True)
class Action:
    """What a person visibly does, where, and with which object."""

    description: str
    address: str
    using: str = ""
    """The object's address."""
    state: str = ""
    """The state that this gives the object."""

    def gives(self, address: str) -> str | None:
        """The state that this gives an object, None when it is not used."""
        return self.state if self.using == address else None


@dataclass(frozen=True, slots=True)
class Presence:
    """One person's traces in the town."""

    name: str
    walk: History[Walk]
    action: History[Action]


class TownWorld:
    """The map and everybody's positions, actions and the states of objects over time."""

    def __init__(self, town_map: TownMap, sight_radius: int, seconds_per_tile: int) -> None:
        self.map = town_map
        self.paths = PathFinder(town_map)
        self.seconds_per_tile = seconds_per_tile
        self._sight = Sight(town_map, sight_radius)
        self._people: list[Presence] = []
        self._by_name: dict[str, int] = {}
        self._idle = {thing.address: thing.state for thing in town_map.objects}

    def add_person(self, name: str, tile: Tile) -> int:
        """Put a person on a tile at time 0; returns its index. Everyone is added before the first second."""
        here = Walk(0, (tile,), self.seconds_per_tile)
        index = len(self._people)
        self._people.append(Presence(name, History(here), History(Action("", self.map.address_at(tile)))))
        self._by_name[name] = index
        return index

    @property
    def people(self) -> Sequence[Presence]:
        """Everyone, by index."""
        return self._people

    def index(self, name: str) -> int:
        """Return a person's index. Raises `LookupError`."""
        return self._by_name[name]

    def tile(self, person: int, time: int) -> Tile:
        """Where a person is; the same whether or not it sets out anew at that very second."""
        return self._people[person].walk.before(time).tile(max(time, 0))

    def set_walk(self, person: int, walk: Walk) -> None:
        """Let a person walk; replaces what is left of an earlier walk."""
        self._people[person].walk.set(walk.start, walk)

    def set_action(self, person: int, time: int, action: Action) -> None:
        """Let a person do something."""
        self._people[person].action.set(time, action)

    def object_state(self, address: str, time: int) -> str:
        """The state of an object as can be known at a time: what the first of its users gives it, else its own."""
        given = (presence.action.before(time).gives(address) for presence in self._people)
        return next((state for state in given if state is not None), self._idle[address])

    def object_changed(self, address: str, time: int) -> int | None:
        """Who changed the state of an object within the second before `time` (the first of several), if anybody did."""
        if self.object_state(address, time) == self.object_state(address, time - 1):
            return None
        return next(
            index
            for index, presence in enumerate(self._people)
            if presence.action.before(time).gives(address) != presence.action.before(time - 1).gives(address)
        )

    def users(self, address: str, time: int, besides: int) -> int:
        """How many people but `besides` use an object, as can be known at a time."""
        return sum(
            presence.action.before(time).using == address
            for index, presence in enumerate(self._people)
            if index != besides
        )

    def is_free(self, thing: TownObject, time: int, person: int) -> bool:
        """Whether an object takes one more person at a time."""
        return self.users(thing.address, time, besides=person) < thing.seats

    def occupied(self, time: int, besides: int) -> set[Tile]:
        """The tiles on which others stand or towards which they walk, as can be known at a time."""
        return {p.walk.before(time).path[-1] for index, p in enumerate(self._people) if index != besides}

    def sees(self, a: int, b: int, time: int) -> bool:
        """Whether two people see each other at a time."""
        return self._sight.sees(self.tile(a, time), self.tile(b, time))

    def sees_tile(self, person: int, tile: Tile, time: int) -> bool:
        """Whether a person sees a tile at a time."""
        return self._sight.sees(self.tile(person, time), tile)

    def in_sight(self, person: int, time: int) -> list[int]:
        """Whom a person sees at a time, nearest first."""
        here = self.tile(person, time)
        others = (other for other in range(len(self._people)) if other != person and self.sees(person, other, time))
        return sorted(others, key=lambda other: (_steps(here, self.tile(other, time)), other))

    def next_encounter(self, person: int, now: int) -> int | None:
        """The first time after `now` at which somebody comes into this person's sight, by what can be known now.

        Others may set out anew meanwhile; whoever does so tells everybody to look again.
        """
        times = (self._next_meeting(person, other, now) for other in range(len(self._people)) if other != person)
        return min((time for time in times if time is not None), default=None)

    def _next_meeting(self, person: int, other: int, now: int) -> int | None:
        mine, theirs = self._people[person].walk.at(now), self._people[other].walk.before(now)
        in_sight = self._sight.sees(mine.tile(now), theirs.tile(now))
        for time in _merged(mine.steps(now), theirs.steps(now)):
            sees = self._sight.sees(mine.tile(time), theirs.tile(time))
            if sees and not in_sight:
                return time
            in_sight = sees
        return None


def _merged(a: Iterator[int], b: Iterator[int]) -> Iterator[int]:
    last = -1
    for time in heapq.merge(a, b):
        if time != last:
            yield time
        last = time


def _steps(a: Tile, b: Tile) -> int:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])
