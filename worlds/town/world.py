"""A town with people in it: who is where, does what, and sees whom, at any time.

What one agent does at a second is visible to the others from the next second on. So whatever two agents do within the
same second, in whichever order their lanes are stepped, the outcome is the same. Nobody knows anything of people and
things out of sight: that is what lets lanes run ahead of each other (`worlds.town.reach`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from engine.record.events import Body, ObjectChanged
from worlds.town.arena_distances import ArenaDistances
from worlds.town.atlas import Atlas
from worlds.town.history import History
from worlds.town.map import TownMap
from worlds.town.objects import Action, ObjectStates, Situation
from worlds.town.paths import PathFinder
from worlds.town.places import Tile
from worlds.town.reach import TownReach
from worlds.town.sight import Sight
from worlds.town.views import Views
from worlds.town.walk import Box, Walk
from worlds.town.ways import WaysIntoSight
from worlds.town.whereabouts import Engagement, Stay, Whereabouts

KEPT = 16
"""So many actions of one person are kept without looking whether they are still needed."""


class Lookout(Protocol):
    """Somebody's eyes: a lane."""

    @property
    def listening(self) -> bool:
        """Whether they wait for something to happen."""
        ...

    @property
    def next_time(self) -> float:
        """When they look up anyway."""
        ...

    def rouse(self, time: int) -> None:
        """Let them look up at a time."""
        ...


class TownWorld:
    """The map and everybody's positions, actions and the states of objects over time."""

    def __init__(self, town_map: TownMap, sight_radius: int, seconds_per_tile: int) -> None:
        self.map = town_map
        self.paths = PathFinder(town_map)
        self.distances = ArenaDistances(town_map, self.paths)
        self.seconds_per_tile = seconds_per_tile
        self._radius = sight_radius
        self._sight = Sight(town_map, sight_radius)
        self.atlas = Atlas(town_map)
        self.views = Views(town_map, self._sight)
        self._whereabouts = Whereabouts()
        self._actions: list[History[Action]] = []
        self._objects = ObjectStates(town_map.objects, town_map.standing_tiles)
        self._names: list[str] = []
        self._by_name: dict[str, int] = {}
        self._lookouts: list[Lookout] = []
        self._final = 0
        ways = WaysIntoSight(town_map, sight_radius)
        self.reach = TownReach(self._whereabouts, ways, sight_radius, seconds_per_tile)

    def add_person(self, name: str, tile: Tile, lookout: Lookout) -> int:
        """Put a person on a tile at time 0; returns its index. Everyone is added before the first second."""
        index = self._whereabouts.add(Walk(0, (tile,), self.seconds_per_tile))
        self._actions.append(History(Action("", self.map.address_at(tile))))
        self._names.append(name)
        self._by_name[name] = index
        self._lookouts.append(lookout)
        return index

    def name(self, person: int) -> str:
        """Return a person's name."""
        return self._names[person]

    def index(self, name: str) -> int:
        """Return a person's index. Raises `LookupError`."""
        return self._by_name[name]

    # -- moving and acting -------------------------------------------------------------------------------------------

    def tile(self, person: int, time: int) -> Tile:
        """Where a person is; the same whether or not it sets out anew at that very second."""
        return self._whereabouts.tile(person, time)

    def walk(self, person: int, time: int) -> Walk:
        """The walk that a person is on, one begun at that very second included."""
        return self._whereabouts.walk(person, time)

    def seen_walk(self, person: int, time: int) -> Walk:
        """The walk that a person is seen on: one begun at that very second is not yet visible."""
        return self._whereabouts.seen_walk(person, time)

    def set_walk(self, person: int, walk: Walk) -> None:
        """Let a person walk; replaces what is left of an earlier walk. Who waits will look up when the two meet."""
        self._whereabouts.move(person, walk)
        for other in self._whereabouts.near(walk.box, self._radius, walk.start):
            lookout = self._lookouts[other]
            if other != person and lookout.listening:
                meeting = self._next_meeting(other, person, walk.start, lookout.next_time)
                if meeting is not None:
                    lookout.rouse(meeting)

    def bind(self, person: int, box: Box, since: int, until: int) -> None:
        """Let a person stay within a box from a time on until another, whatever happens: lanes may rely on it.

        Does nothing if that takes back what the person has promised already.
        """
        self._whereabouts.bind(person, Stay(box, since, until))

    def engage(self, person: int, partners: Iterable[int], since: int, until: int) -> None:
        """Let nobody but some partners notice anything of what a person does until a time: lanes may rely on it.

        Does nothing if that takes back what the person has promised already.
        """
        self._whereabouts.engage(person, Engagement(frozenset(partners) - {person}, since, until))

    def engagement(self, person: int, time: int) -> Engagement | None:
        """With whom alone a person has to do at a time, if there is anybody."""
        return self._whereabouts.engagement(person, time)

    def stay(self, person: int, time: int) -> Stay | None:
        """Where a person has to stay at a time, if anywhere."""
        return self._whereabouts.stay(person, time)

    def action(self, person: int, time: int) -> Action:
        """What a person does, begun at that very second or before."""
        return self._actions[person].at(time)

    def seen_action(self, person: int, time: int) -> Action:
        """What a person is seen to do: what begins at that very second is not yet visible."""
        return self._actions[person].before(time)

    def set_action(self, person: int, time: int, action: Action) -> None:
        """Let a person do something. Who waits will look up when it shows in an object."""
        actions = self._actions[person]
        touched = self._objects.begun(person, time, actions.at(time), action)
        actions.set(time, action)
        if len(actions) > KEPT:
            actions.forget(self._final)
        for address in touched:
            self._call_to(address, person, time)

    # -- objects -----------------------------------------------------------------------------------------------------

    def situation(self, address: str, time: int) -> Situation:
        """How an object is found at a time: as can be known by those to whom it shows."""
        return self._objects.situation(address, time)

    def left_by(self, person: int, address: str, time: int) -> str:
        """The state in which a person leaves the object that it stops using at a time, if nobody else uses it."""
        return self._objects.left_by(address, person, time)

    def set_state(self, address: str, time: int, state: str) -> None:
        """Let an object be in a state from a time on, while nobody uses it. Raises `KeyError`."""
        self._objects.give(address, time, state)

    def settle(self, horizon: int) -> list[tuple[int, Body]]:
        """Return the changes of objects before a time that everybody has passed; the kernel logs them."""
        changes: list[tuple[int, Body]] = [
            (time, ObjectChanged(address, state)) for time, address, state in self._objects.settle(horizon)
        ]
        self._final = max(self._final, horizon - 2)
        self._whereabouts.forget(self._final)
        return changes

    def unusual_in_sight(self, person: int, time: int) -> list[tuple[str, Situation]]:
        """Return the objects that show to a person and are in another state than their usual one, in file order."""
        here = self.tile(person, time)
        shown = (a for a in self._objects.near((*here, *here), self._radius) if self.views.shows(here, a))
        found = [(address, self._objects.situation(address, time)) for address in shown]
        return [(address, situation) for address, situation in found if situation.state != self._objects.usual(address)]

    def next_sighting(self, person: int, now: int, until: int) -> int | None:
        """The first time after `now`, before `until`, at which an object may be seen to be another than before.

        That is by what can be known now. Who uses or leaves an object meanwhile sees to it that the person looks up.
        """
        first: float = until
        for address in self._objects.near(self.walk(person, now).box, self._radius):
            sighting = self._next_sighting(person, address, now, first)
            first = first if sighting is None else sighting
        return int(first) if first < until else None

    def _call_to(self, address: str, user: int, time: int) -> None:
        """Rouse those who wait when they will see what somebody does with an object at a time."""
        x, y = self.map.standing_tiles(address)[0]
        for other in self._whereabouts.near((x, y, x, y), self._radius, time):
            lookout = self._lookouts[other]
            if other != user and lookout.listening:
                sighting = self._next_sighting(other, address, time, lookout.next_time)
                if sighting is not None:
                    lookout.rouse(sighting)

    def _next_sighting(self, person: int, address: str, now: int, until: float) -> int | None:
        """The first time after `now`, before `until`, at which an object comes into sight or changes while in sight."""
        change = self._objects.next_change(address, now)
        in_sight = self.views.shows(self.tile(person, now), address)
        for time, tile in self._whereabouts.steps(person, now, until).items():
            if in_sight and change < time:
                break
            shows = self.views.shows(tile, address)
            if shows and (not in_sight or change == time):
                return time
            in_sight = shows
        return int(change) if in_sight and change < until else None

    # -- seeing ------------------------------------------------------------------------------------------------------

    def sees(self, a: int, b: int, time: int) -> bool:
        """Whether two people see each other at a time."""
        return self._sight.sees(self.tile(a, time), self.tile(b, time))

    def in_sight(self, person: int, time: int) -> list[int]:
        """Whom a person sees at a time, nearest first."""
        here = self.tile(person, time)
        seen = []
        for other in self._whereabouts.near((*here, *here), self._radius, time):
            there = self.tile(other, time)
            if other != person and self._sight.sees(here, there):
                seen.append((abs(here[0] - there[0]) + abs(here[1] - there[1]), other))
        return [other for _, other in sorted(seen)]

    def next_encounter(self, person: int, now: int, until: int) -> int | None:
        """The first time after `now`, before `until`, at which somebody comes into this person's sight.

        That is by what can be known now. Others may set out anew meanwhile; they see to it that the person looks up.
        """
        walk, first = self.walk(person, now), until
        for other in self._whereabouts.near(walk.box, self._radius, now):
            if other != person:
                meeting = self._next_meeting(person, other, now, first)
                first = first if meeting is None else meeting
        return first if first < until else None

    def _next_meeting(self, a: int, b: int, now: int, until: float) -> int | None:
        """The first time after `now`, before `until`, at which two people come into each other's sight."""
        if not self._whereabouts.may_meet(a, b, now, self._radius):
            return None
        here, there = self.tile(a, now), self.tile(b, now)
        in_sight = self._sight.sees(here, there)
        mine, theirs = self._whereabouts.steps(a, now, until), self._whereabouts.steps(b, now, until)
        for time in sorted({*mine, *theirs}):
            here, there = mine.get(time, here), theirs.get(time, there)
            sees = self._sight.sees(here, there)
            if sees and not in_sight:
                return time
            in_sight = sees
        return None
