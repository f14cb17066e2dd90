"""A person's body in a town: the `engine.contact.Body` of one lane."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import simpy

from engine.contact import Heard, Percept, SawObject, SawPerson, Spot, Use
from engine.kernel.clock import Clock
from engine.kernel.lane import Lane, Message
from engine.record.events import Acted, Appeared, ObjectChanged, Walked
from worlds.town.map import TownMap
from worlds.town.places import Arena, Place, Sector, Tile, Town, TownObject, parent_address
from worlds.town.walk import Walk
from worlds.town.world import Action, TownWorld

HOME = "home"
"""The kind of sector that only those who live there may choose to go to."""


@dataclass(frozen=True, slots=True)
class _LookAgain:
    """Somebody set out: what the receiver computed about encounters no longer holds."""


_LOOK_AGAIN = _LookAgain()


class TownBody:
    """Walks, acts, looks and listens for one person. Create all bodies before the first second."""

    def __init__(self, world: TownWorld, lane: Lane, clock: Clock, home: str, tile: Tile) -> None:
        self._world = world
        self._lane = lane
        self._clock = clock
        self._me = world.add_person(lane.name, tile)
        self._spots = tuple(_known_spots(world.map, home))
        self._in_view: frozenset[int] = frozenset()
        self._noticed: dict[int, int] = {}
        self._unsettled: set[str] = set()

    def appear(self) -> None:
        """Log where the person is when the run begins."""
        self._lane.emit(Appeared(self._tile, self.address))

    # -- where -------------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The agent's name."""
        return self._lane.name

    @property
    def _tile(self) -> Tile:
        return self._world.tile(self._me, self._lane.now)

    @property
    def address(self) -> str:
        """The address of the arena, sector or town the agent stands in."""
        return self._world.map.address_at(self._tile)

    @property
    def place(self) -> str:
        """Where the agent is now, in words for a sentence."""
        return self.describe(self.address)

    def describe(self, address: str) -> str:
        """Return an address in words for a sentence. Raises `LookupError` when there is no such place."""
        return in_words(self._world.map, self._world.map.resolve(address))

    def spots(self) -> Sequence[Spot]:
        """Return the arenas of the agent's home and of every sector that is nobody's home."""
        return self._spots

    def is_open(self, address: str, time: int) -> bool:
        """Return whether the sector of an address is open at a time."""
        sector = _sector_of(self._world.map, address)
        return sector is None or sector.is_open(self._clock.second_of_day(time))

    def uses(self, address: str) -> Sequence[Use]:
        """Return what can be done at an address with the objects that are free now."""
        things = _objects_below(self._world.map.resolve(address))
        free = (thing for thing in things if self._world.is_free(thing, self._lane.now, self._me))
        return [
            Use(thing.address, thing.name, a.activity, a.state, a.minutes) for thing in free for a in thing.affordances
        ]

    # -- moving and acting -------------------------------------------------------------------------------------------

    def set_out(self, address: str) -> int:
        """Walk to the nearest free tile of an address; returns the time of arrival."""
        tiles = self._world.map.standing_tiles(address)
        taken = self._world.occupied(self._lane.now, besides=self._me)
        return self._walk([tile for tile in tiles if tile not in taken] or list(tiles), address)

    def approach(self, name: str) -> int:
        """Walk up to a person: to the nearest free tile beside them."""
        other = self._world.index(name)
        x, y = self._world.tile(other, self._lane.now)
        taken = self._world.occupied(self._lane.now, besides=self._me)
        beside = [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
        goals = [t for t in beside if t in self._world.map and self._world.map.ground[t[1], t[0]] and t not in taken]
        return self._walk(goals or [self._tile], name)

    def halt(self) -> None:
        """Stop walking."""
        self._walk([self._tile], self.address)

    def _walk(self, goals: list[Tile], to: str) -> int:
        now, here = self._lane.now, self._tile
        path = self._world.paths.nearest(here, goals) or (here,)
        walking = self._world.people[self._me].walk.at(now).end > now
        if len(path) == 1 and not walking:
            return now
        walk = Walk(now, path, self._world.seconds_per_tile)
        self._begin(replace(self._world.people[self._me].action.at(now), using="", state=""))
        self._world.set_walk(self._me, walk)
        self._lane.emit(Walked(path, walk.seconds_per_tile, to))
        for other in range(len(self._world.people)):
            if other != self._me:
                self._lane.post(other, 1, _LOOK_AGAIN)
        return walk.end

    def act(self, description: str, emoji: str, until: int, use: Use | None = None) -> None:
        """Begin to do something; those who see the agent notice it a second later."""
        address = use.address if use else self.address
        self._begin(Action(description, address, use.address, use.state) if use else Action(description, address))
        self._lane.emit(Acted(description, emoji, address, until))
        self._lane.activity = description
        for other in self._world.in_sight(self._me, self._lane.now):
            self._lane.post(other, 1, SawPerson(self.name, description, self.address))

    def _begin(self, action: Action) -> None:
        """Do something else from now on; what that means for objects is settled a second later."""
        before = self._world.people[self._me].action.at(self._lane.now)
        self._world.set_action(self._me, self._lane.now, action)
        if (before.using, before.state) != (action.using, action.state):
            if not self._unsettled:
                self._lane.later(1, self._settle)
            self._unsettled |= {before.using, action.using} - {""}

    def _settle(self) -> None:
        """Log the new states of objects whose use changed a second ago.

        Only now is known who else began or ended to use them in that second. Of several, the first logs.
        """
        now = self._lane.now
        for address in sorted(self._unsettled):
            if self._world.object_changed(address, now) == self._me:
                self._lane.emit(ObjectChanged(address, self._world.object_state(address, now)))
        self._unsettled.clear()

    # -- perceiving --------------------------------------------------------------------------------------------------

    def people(self) -> Sequence[SawPerson]:
        """Return whom the agent sees now, nearest first."""
        return [self._sighting(other) for other in self._world.in_sight(self._me, self._lane.now)]

    def _sighting(self, other: int) -> SawPerson:
        presence, now = self._world.people[other], self._lane.now
        address = self._world.map.address_at(self._world.tile(other, now))
        return SawPerson(presence.name, presence.action.before(now).description, address)

    def wait(self, until: int) -> Generator[simpy.Event, Any, list[Percept]]:
        """Let time pass until somebody comes into sight, is seen to begin something, or sends something."""
        while True:
            percepts = self._look()
            if percepts or self._lane.now >= until:
                return percepts
            encounter = self._world.next_encounter(self._me, self._lane.now)
            messages = yield from self._lane.wait(until if encounter is None else min(until, encounter))
            percepts = [p for message in messages if (p := self._percept(message)) is not None]
            if percepts:
                return [*self._look(), *percepts]

    def _look(self) -> list[Percept]:
        """Return who came into sight since the agent last looked."""
        now = self._lane.now
        visible = self._world.in_sight(self._me, now)
        fresh = [other for other in visible if self._is_new(other, now)]
        self._in_view = frozenset(visible)
        self._noticed.update(dict.fromkeys(fresh, now))
        return [self._sighting(other) for other in fresh]

    def _is_new(self, other: int, now: int) -> bool:
        if self._noticed.get(other) == now:
            return False
        return other not in self._in_view or (now > 0 and not self._world.sees(self._me, other, now - 1))

    def _percept(self, message: Message) -> Percept | None:
        if isinstance(message.body, _LookAgain):
            return None
        if isinstance(message.body, SawPerson | SawObject):
            return message.body
        return Heard(self._world.people[message.sender].name, message.body)

    def tell(self, name: str, delay: int, content: object) -> None:
        """Send something to another agent's mind."""
        self._lane.post(self._world.index(name), delay, content)


def in_words(town_map: TownMap, place: Place) -> str:
    """Return a place as it stands in a sentence: "the kitchen of Rose Cottage", "Willow Park", "the street"."""
    match place:
        case Town():
            return "the street"
        case Sector():
            return place.name
        case Arena():
            sector = town_map.resolve(parent_address(place.address))
            return f"the {place.name} of {sector.name}"
        case TownObject():
            return f"the {place.name} in {in_words(town_map, town_map.resolve(parent_address(place.address)))}"


def _known_spots(town_map: TownMap, home: str) -> list[Spot]:
    home_sector = _sector_of(town_map, home)
    return [
        Spot(
            arena.address,
            in_words(town_map, arena),
            f"{arena.description} {sector.description}".strip(),
            sector is home_sector,
        )
        for sector in town_map.sectors
        if sector.kind != HOME or sector is home_sector
        for arena in sector.arenas
    ]


def _sector_of(town_map: TownMap, address: str) -> Sector | None:
    place = town_map.resolve(address)
    while not isinstance(place, Sector | Town):
        place = town_map.resolve(parent_address(place.address))
    return place if isinstance(place, Sector) else None


def _objects_below(place: Place) -> list[TownObject]:
    match place:
        case TownObject():
            return [place]
        case Arena():
            return list(place.objects)
        case Sector():
            return [thing for arena in place.arenas for thing in arena.objects]
        case Town():
            return []
