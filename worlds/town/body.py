"""A person's body in a town: the `engine.contact.Body` of one lane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from typing import Any

import simpy

from engine.contact import Percept, Refused, SawPerson, Spot, Use
from engine.kernel.clock import Clock
from engine.kernel.lane import Lane
from engine.record.events import Acted, Appeared, Discovered, Walked
from worlds.town.access import Access
from worlds.town.atlas import in_words, objects_below
from worlds.town.eyes import Eyes
from worlds.town.knowledge import Knowledge, Ties
from worlds.town.objects import Action, goes_wrong, known_states, remedies
from worlds.town.places import SEPARATOR, Affordance, Arena, Tile, Town, TownObject, parent_address
from worlds.town.routes import Path, Routes
from worlds.town.walk import Walk
from worlds.town.world import TownWorld

TOGETHER = 3
"""People so many steps apart stand together."""


class TownBody:
    """Walks, acts, looks and listens for one person. Create all bodies before the first second."""

    def __init__(self, world: TownWorld, lane: Lane, clock: Clock, ties: Ties, tile: Tile) -> None:
        self._world = world
        self._lane = lane
        self._me = world.add_person(lane.name, tile, lane)
        self._eyes = Eyes(world, lane, self._me)
        self._access = Access(world.map, clock, ties)
        self._routes = Routes(world, lane, self._me, self._access)
        self._knowledge = Knowledge(world.atlas, world.views, ties)
        self._looked_from = 0
        """From so many tiles of the present walk the person has looked about."""

    def appear(self) -> None:
        """Log where the person is when the run begins, and what it knows of the town beside the landmarks."""
        self._lane.emit(Appeared(self._tile, self.address))
        self._discover("start", self._knowledge.first)
        self._look_about()

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
        """Return the arenas that the agent knows of its own sectors and of those that are nobody's home."""
        self._look_about()
        return self._knowledge.spots

    def hear_of(self, address: str) -> None:
        """Get to know the sector in which a place lies."""
        self._discover("hearing", self._knowledge.hear_of(address))

    def is_open(self, address: str, time: int) -> bool:
        """Return whether the sector of an address is open at a time."""
        return self._access.is_open(address, time)

    def admits(self, address: str, time: int) -> bool:
        """Return whether the sector of an address lets the agent in at a time: its own ones always do."""
        return self._access.admits(address, time)

    def opens(self, address: str, time: int) -> int | None:
        """Return when after a time the sector of an address opens; None if it has no hours."""
        return self._access.opens(address, time)

    def closes(self, address: str, time: int) -> int | None:
        """Return when after a time the agent has to have left the sector of an address; None if never."""
        return self._access.closes(address, time)

    def way(self, start: str, goal: str) -> int:
        """Return how many seconds the shortest walk from one room or sector to another takes, all doors being open.

        From what lies in no sector, as the street does, it begins where the agent is.
        """
        one, other = self._end(start), self._room(goal)
        distances = self._world.distances
        steps = distances.between(one, other) if isinstance(one, str) else distances.steps(one, other)
        return steps * self._world.seconds_per_tile

    def way_at_least(self, start: str, goal: str) -> int:
        """Return what `way` is never below, at once: the seconds of a walk through all walls."""
        steps = self._world.distances.at_least(self._end(start), self._room(goal))
        return steps * self._world.seconds_per_tile

    def _end(self, address: str) -> Tile | str:
        """Where a way from an address begins: in its room or sector; at the agent if it names the town as a whole."""
        return self._tile if address == self._world.map.name else self._room(address)

    def _room(self, address: str) -> str:
        """The address, or the arena of an object."""
        return parent_address(address) if isinstance(self._world.map.resolve(address), TownObject) else address

    def uses(self, address: str) -> Sequence[Use]:
        """Return what can be done at an address with the objects known to which nobody in sight leaves no room."""
        self._look_about()
        now = self._lane.now
        taken = Counter(self._world.seen_action(other, now).using for other in self._world.in_sight(self._me, now))
        things = (
            thing for thing in objects_below(self._world.map.resolve(address)) if thing.address in self._knowledge
        )
        free = [thing for thing in things if taken[thing.address] < thing.seats and self._is_within_reach(thing)]
        return [_use(thing, affordance) for thing in free for affordance in thing.affordances]

    def _is_within_reach(self, thing: TownObject) -> bool:
        """Whether an object is in no room that is seen to be full."""
        room, now = self._world.map.resolve(parent_address(thing.address)), self._lane.now
        if not isinstance(room, Arena) or room.capacity is None or self._tile in room:
            return True
        return self._routes.rooms.full_until(room, now, now) <= now

    def remedies(self, address: str) -> Sequence[Use]:
        """Return what puts an object right that goes wrong and that nobody uses, if it shows from here."""
        thing, now = self._world.map.resolve(address), self._lane.now
        if not isinstance(thing, TownObject) or not self._world.views.shows(self._tile, address):
            return []
        state, used = self._world.situation(address, now)
        return [] if used else [_use(thing, use) for use in remedies(thing, state)]

    def has_remedy(self, address: str, state: str) -> bool:
        """Return whether the map knows a use that puts an object right that is in a state."""
        thing = self._world.map.resolve(address)
        return isinstance(thing, TownObject) and bool(remedies(thing, state))

    def is_expected(self, address: str, state: str) -> bool:
        """Return whether the map knows a state of an object, and nothing goes wrong with it."""
        thing = self._world.map.resolve(address)
        return isinstance(thing, TownObject) and state in known_states(thing) and not goes_wrong(thing, state)

    def cares_for(self, address: str) -> bool:
        """Return whether an object stands where the agent lives or works."""
        return any(address.startswith(f"{sector}{SEPARATOR}") for sector in self._access.own)

    # -- moving and acting -------------------------------------------------------------------------------------------

    def set_out(self, address: str) -> int | Refused:
        """Walk to the nearest tile of an address that nobody in sight takes; returns the time of arrival.

        A walk into a room that takes only so many people ends before its door; from there it goes on at the next call.
        """
        way = self._routes.to(address)
        return way if isinstance(way, Refused) else self._follow(way, address)

    def stay(self, address: str, until: int) -> None:
        """Promise not to leave the place that an address is in before a time, whatever happens.

        Does nothing while walking or elsewhere, nor while a promise holds that ends no sooner or leaves less room.
        Others may go ahead of who stays out of their sight.
        """
        place = self._world.map.resolve(address)
        if isinstance(place, TownObject):
            place = self._world.map.resolve(parent_address(address))
        now = self._lane.now
        if isinstance(place, Town) or self._tile not in place or self._world.walk(self._me, now).end > now:
            return
        if until > max(now, self.stays_until):
            rect = place.rect
            box = (rect.x, rect.y, rect.x + rect.width - 1, rect.y + rect.height - 1)
            self._world.bind(self._me, box, now, until)

    def engage(self, names: Iterable[str], until: int) -> None:
        """Promise that until a time nobody but those named will notice anything of what the agent does.

        It then neither moves nor begins to do anything, and what it tells others is not heard. Does nothing while
        walking, nor while a promise holds that ends later or names fewer people: `engaged_until` tells.
        """
        if self._world.walk(self._me, self._lane.now).end <= self._lane.now < until:
            self._world.engage(self._me, map(self._world.index, names), self._lane.now, until)

    @property
    def engaged_until(self) -> int:
        """Until when the agent has promised to have to do with some people only; the present time if it has not."""
        engagement = self._world.engagement(self._me, self._lane.now)
        return self._lane.now if engagement is None else engagement.until

    def _require_free(self) -> None:
        if self.engaged_until > self._lane.now:
            raise RuntimeError(f"{self.name} has promised to do nothing that others notice until {self.engaged_until}")

    @property
    def stays_until(self) -> int:
        """Until when the agent has promised to stay where it is; the present time if it has not."""
        stay = self._world.stay(self._me, self._lane.now)
        return self._lane.now if stay is None else stay.until

    def can_approach(self, name: str) -> bool:
        """Whether a person is in sight, and neither where the agent has promised not to go nor in a room for few."""
        return self._routes.may_approach(self._world.index(name))

    def company(self, name: str) -> Sequence[str]:
        """Return who stands with somebody in sight: in the same place, a few steps apart, nearest to them first."""
        now, one = self._lane.now, self._world.index(name)
        here, seen = self._world.tile(one, now), self._world.in_sight(self._me, now)
        place = self._world.map.address_at(here)
        found = []
        for other in seen if one in seen else ():
            walk = self._world.seen_walk(other, now)
            there = walk.path[-1]
            apart = abs(here[0] - there[0]) + abs(here[1] - there[1])
            if other != one and walk.end <= now and apart <= TOGETHER and self._world.map.address_at(there) == place:
                found.append((apart, other))
        return [self._world.name(other) for _, other in sorted(found)]

    def make_room(self, address: str) -> int:
        """Step aside, within an address, when somebody stood on the same tile first; returns the time of arrival."""
        way = self._routes.aside(address)
        return self._lane.now if way is None else self._follow(way, address)

    def approach(self, name: str) -> int | None:
        """Walk up to a person: to the nearest free tile beside them; None when `can_approach` says no."""
        if not self.can_approach(name):
            return None
        way = self._routes.beside(self._world.index(name))
        return None if way is None else self._follow(way, name)

    def halt(self) -> None:
        """Stop walking."""
        self._follow((self._tile,), self.address)

    def _follow(self, path: Path, to: str) -> int:
        """Walk along a path that begins here; returns the time of arrival."""
        now = self._lane.now
        if len(path) == 1 and not self._routes.on_the_way:
            return now
        self._require_free()
        self._look_about()
        walk = Walk(now, path, self._world.seconds_per_tile)
        self._do(replace(self._world.action(self._me, now), using="", state="", afterwards="", until=0))
        self._world.set_walk(self._me, walk)
        self._looked_from = 1
        self._lane.emit(Walked(path, walk.seconds_per_tile, to))
        return walk.end

    def act(self, description: str, emoji: str, until: int, use: Use | None = None) -> None:
        """Begin to do something; those who see the agent notice it a second later."""
        self._require_free()
        self._look_about()
        now, address = self._lane.now, self.address
        action = Action(description, address)
        if use is not None:
            if self._routes.on_the_way or self._tile not in self._world.map.standing_tiles(use.address):
                raise RuntimeError(f"{self.name} does not stand at {use.address}")
            address = use.address
            action = Action(description, address, address, use.state, use.afterwards, until)
        self._do(action)
        self._lane.emit(Acted(description, emoji, address, until))
        self._lane.activity = description
        for other in self._world.in_sight(self._me, now):
            self._lane.post(other, 1, SawPerson(self.name, description, self.address))

    def _do(self, action: Action) -> None:
        now = self._lane.now
        before = self._world.action(self._me, now)
        if before.using and before.using != action.using:
            self._eyes.left(before.using, self._world.left_by(self._me, before.using, now))
        self._world.set_action(self._me, now, action)

    # -- perceiving --------------------------------------------------------------------------------------------------

    def people(self) -> Sequence[SawPerson]:
        """Return whom the agent sees now, nearest first."""
        return self._eyes.people()

    def wait(self, until: int) -> Generator[simpy.Event, Any, list[Percept]]:
        """Let time pass until somebody comes into sight or begins something, an object changes, or one is spoken to."""
        return self._eyes.wait(until)

    def _look_about(self) -> None:
        """Take in what shows on the way so far."""
        now = self._lane.now
        walk = self._world.walk(self._me, now)
        reached = min(len(walk.path), (now - walk.start) // walk.seconds_per_tile + 1)
        if reached > self._looked_from:
            self._discover("sight", self._knowledge.see(walk.path[self._looked_from : reached]))
            self._looked_from = reached

    def _discover(self, how: str, addresses: tuple[str, ...]) -> None:
        if addresses:
            self._lane.emit(Discovered(how, addresses))

    def tell(self, name: str, delay: int, content: object) -> None:
        """Send something to the mind of another agent, who hears it only if it is in sight."""
        other, engagement = self._world.index(name), self._world.engagement(self._me, self._lane.now)
        if engagement is not None and other not in engagement.partners:
            return
        if self._world.sees(self._me, other, self._lane.now):
            self._lane.post(other, delay, content)


def _use(thing: TownObject, affordance: Affordance) -> Use:
    return Use(
        thing.address, thing.name, affordance.activity, affordance.state, affordance.minutes, affordance.afterwards
    )
