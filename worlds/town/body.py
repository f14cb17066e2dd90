"""A person's body in a town: the `engine.contact.Body` of one lane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

import simpy

from engine.contact import Heard, Percept, SawPerson, Spot, Use
from engine.kernel.clock import Clock
from engine.kernel.lane import Lane, Message
from engine.record.events import Acted, Appeared, Walked
from worlds.town.map import TownMap
from worlds.town.objects import Action
from worlds.town.places import Arena, Place, Sector, Tile, Town, TownObject, parent_address
from worlds.town.walk import Walk
from worlds.town.world import TownWorld

HOME = "home"
"""The kind of sector that only those who live there may choose to go to."""


class TownBody:
    """Walks, acts, looks and listens for one person. Create all bodies before the first second."""

    def __init__(self, world: TownWorld, lane: Lane, clock: Clock, home: str, tile: Tile) -> None:
        self._world = world
        self._lane = lane
        self._clock = clock
        self._me = world.add_person(lane.name, tile, lane)
        self._spots = _known_spots(world, home)
        self._in_view: frozenset[int] = frozenset()
        self._noticed: dict[int, int] = {}

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
        """Return what can be done at an address with the objects that nobody in sight leaves no room at."""
        things = _objects_below(self._world.map.resolve(address))
        now = self._lane.now
        taken = Counter(self._world.seen_action(other, now).using for other in self._world.in_sight(self._me, now))
        free = (thing for thing in things if taken[thing.address] < thing.seats)
        return [
            Use(thing.address, thing.name, a.activity, a.state, a.minutes) for thing in free for a in thing.affordances
        ]

    # -- moving and acting -------------------------------------------------------------------------------------------

    def set_out(self, address: str) -> int:
        """Walk to the nearest tile of an address that nobody in sight takes; returns the time of arrival."""
        tiles = self._world.map.standing_tiles(address)
        taken = self._taken()
        arrival = self._walk([tile for tile in tiles if tile not in taken] or list(tiles), address)
        return self._lane.now if arrival is None else arrival

    def stay(self, address: str, until: int) -> None:
        """Promise not to leave the place that an address is in before a time, whatever happens.

        Does nothing while walking or elsewhere. Others may go ahead of who stays out of their sight.
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

    def engage(self, name: str, until: int) -> None:
        """Promise that until a time nobody but `name` will notice anything of what the agent does.

        It then neither moves nor begins to do anything, and what it tells others is not heard.
        """
        if self._world.walk(self._me, self._lane.now).end <= self._lane.now < until:
            self._world.engage(self._me, self._world.index(name), self._lane.now, until)

    @property
    def engaged_until(self) -> int:
        """Until when the agent has promised to have to do with one person only; the present time if it has not."""
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
        """Whether a person is in sight and nowhere where the agent has promised not to go."""
        other, now = self._world.index(name), self._lane.now
        stay = self._world.stay(self._me, now)
        return self._world.sees(self._me, other, now) and (stay is None or self._world.tile(other, now) in stay)

    def make_room(self, address: str) -> int:
        """Step aside, within an address, when somebody stood on the same tile first; returns the time of arrival."""
        now, here = self._lane.now, self._tile
        mine = (self._world.walk(self._me, now).end, self._me)
        same = [other for other in self._world.in_sight(self._me, now) if self._world.tile(other, now) == here]
        standing = [(self._world.seen_walk(other, now).end, other) for other in same]
        if not any(theirs < mine and theirs[0] <= now for theirs in standing):
            return now
        taken = self._taken() | {here}
        free = [tile for tile in self._world.map.standing_tiles(address) if tile not in taken]
        return (self._walk(free, address) if free else None) or now

    def approach(self, name: str) -> int | None:
        """Walk up to a person: to the nearest free tile beside them; None when `can_approach` says no."""
        other = self._world.index(name)
        if not self.can_approach(name):
            return None
        x, y = self._world.tile(other, self._lane.now)
        taken = self._taken()
        beside = [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]
        goals = [t for t in beside if t in self._world.map and self._world.map.ground[t[1], t[0]] and t not in taken]
        return self._walk(goals or [self._tile], name)

    def halt(self) -> None:
        """Stop walking."""
        self._walk([self._tile], self.address)

    def _taken(self) -> set[Tile]:
        """The tiles on which people in sight stand or towards which they walk."""
        now = self._lane.now
        return {self._world.seen_walk(other, now).path[-1] for other in self._world.in_sight(self._me, now)}

    def _walk(self, goals: list[Tile], to: str) -> int | None:
        """Walk to the nearest of some tiles; returns the time of arrival, None if the way leaves where one stays."""
        now, here = self._lane.now, self._tile
        path = self._world.paths.nearest(here, goals) or (here,)
        stay = self._world.stay(self._me, now)
        if stay is not None and not all(tile in stay for tile in path):
            return None
        walking = self._world.walk(self._me, now).end > now
        if len(path) == 1 and not walking:
            return now
        self._require_free()
        walk = Walk(now, path, self._world.seconds_per_tile)
        self._world.set_action(self._me, now, replace(self._world.action(self._me, now), using="", state=""))
        self._world.set_walk(self._me, walk)
        self._lane.emit(Walked(path, walk.seconds_per_tile, to))
        return walk.end

    def act(self, description: str, emoji: str, until: int, use: Use | None = None) -> None:
        """Begin to do something; those who see the agent notice it a second later."""
        self._require_free()
        now, address = self._lane.now, use.address if use else self.address
        action = Action(description, address, use.address, use.state) if use else Action(description, address)
        self._world.set_action(self._me, now, action)
        self._lane.emit(Acted(description, emoji, address, until))
        self._lane.activity = description
        for other in self._world.in_sight(self._me, now):
            self._lane.post(other, 1, SawPerson(self.name, description, self.address))

    # -- perceiving --------------------------------------------------------------------------------------------------

    def people(self) -> Sequence[SawPerson]:
        """Return whom the agent sees now, nearest first."""
        return [self._sighting(other) for other in self._world.in_sight(self._me, self._lane.now)]

    def _sighting(self, other: int) -> SawPerson:
        now = self._lane.now
        address = self._world.map.address_at(self._world.tile(other, now))
        return SawPerson(self._world.name(other), self._world.seen_action(other, now).description, address)

    def wait(self, until: int) -> Generator[simpy.Event, Any, list[Percept]]:
        """Let time pass until somebody comes into sight, is seen to begin something, or sends something."""
        percepts = self._notice(self._is_new)
        while not percepts and self._lane.now < until:
            encounter = self._world.next_encounter(self._me, self._lane.now, until)
            messages = yield from self._lane.wait(until if encounter is None else encounter)
            heard = self._percepts(messages)
            # Who comes into sight now is found by what is visible alone: an agent may have been roused for nothing,
            # and whether it was must not leave a trace.
            if heard or self._lane.now >= until or any(map(self._comes_into_sight, self._visible())):
                percepts = [*self._notice(self._comes_into_sight), *heard]
        return percepts

    def _visible(self) -> list[int]:
        return self._world.in_sight(self._me, self._lane.now)

    def _notice(self, is_new: Callable[[int], bool]) -> list[Percept]:
        """Look around; return who of the people in sight is new."""
        visible = self._visible()
        fresh = [other for other in visible if is_new(other)]
        self._in_view = frozenset(visible)
        self._noticed.update(dict.fromkeys(fresh, self._lane.now))
        return [self._sighting(other) for other in fresh]

    def _is_new(self, other: int) -> bool:
        """Whether somebody in sight was not so when the agent last looked, or has been away since."""
        if self._noticed.get(other) == self._lane.now:
            return False
        return other not in self._in_view or self._comes_into_sight(other)

    def _comes_into_sight(self, other: int) -> bool:
        now = self._lane.now
        return self._noticed.get(other) != now > 0 and not self._world.sees(self._me, other, now - 1)

    def _percepts(self, messages: Sequence[Message]) -> list[Percept]:
        """Return what messages tell. Of what somebody was seen to do meanwhile only what still can be seen counts."""
        newest = {message.sender: message for message in messages if isinstance(message.body, SawPerson)}
        percepts: list[Percept] = []
        for message in messages:
            if not isinstance(message.body, get_args(Percept)):
                percepts.append(Heard(self._world.name(message.sender), message.body))
            elif not isinstance(message.body, SawPerson) or message.time == self._lane.now:
                percepts.append(cast(Percept, message.body))
            elif message is newest[message.sender] and message.sender in self._visible():
                percepts.append(self._sighting(message.sender))
        return percepts

    def tell(self, name: str, delay: int, content: object) -> None:
        """Send something to the mind of another agent, who hears it only if it is in sight."""
        other, engagement = self._world.index(name), self._world.engagement(self._me, self._lane.now)
        if engagement is not None and engagement.partner != other:
            return
        if self._world.sees(self._me, other, self._lane.now):
            self._lane.post(other, delay, content)


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


def _known_spots(world: TownWorld, home: str) -> tuple[Spot, ...]:
    """Return what `TownBody.spots` does; housemates share it."""
    home_sector = _sector_of(world.map, home)
    address = home_sector.address if home_sector else ""
    if address not in world.spots_from:
        world.spots_from[address] = tuple(
            spot
            for sector in world.map.sectors
            if sector.kind != HOME or sector is home_sector
            for spot in (_spots_in(world, sector) if sector is not home_sector else _spots(world.map, sector, True))
        )
    return world.spots_from[address]


def _spots_in(world: TownWorld, sector: Sector) -> tuple[Spot, ...]:
    """Return the spots of a sector where one does not live; all people share them."""
    if sector.address not in world.spots_in:
        world.spots_in[sector.address] = _spots(world.map, sector, False)
    return world.spots_in[sector.address]


def _spots(town_map: TownMap, sector: Sector, at_home: bool) -> tuple[Spot, ...]:
    return tuple(
        Spot(
            arena.address,
            in_words(town_map, arena),
            f"{arena.description} {sector.description}".strip(),
            at_home,
        )
        for arena in sector.arenas
    )


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
