"""What one person notices: people who come into sight or begin something, and objects that are not as they were.

Nobody looks around second by second. Who waits looks up when, by what is known, something may come into sight, and when
somebody else calls. What is noticed then follows from what is visible at that second and a second before, so a call to
look up that turns out to be for nothing leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, NamedTuple, cast, get_args

import simpy

from engine.contact import Heard, Percept, SawObject, SawPerson
from engine.kernel.lane import Lane, Message
from worlds.town.objects import Situation
from worlds.town.places import Tile
from worlds.town.world import TownWorld

FAR = 1 << 30


class _Sighting(NamedTuple):
    """Something seen, in the order in which it is taken in: nearest first, people before things."""

    distance: int
    kind: int
    number: int
    percept: Percept


class Eyes:
    """The eyes and ears of one person, who is the lane's agent and `me` in the world."""

    def __init__(self, world: TownWorld, lane: Lane, me: int) -> None:
        self._world = world
        self._lane = lane
        self._me = me
        self._in_view: frozenset[int] = frozenset()
        self._noticed: dict[int, int] = {}
        """When each person was noticed last."""
        self._found: dict[str, tuple[Situation, int]] = {}
        """How the objects were last found that were not as usual, and when."""

    def people(self) -> Sequence[SawPerson]:
        """Return whom the person sees now, nearest first."""
        return [self._person(other) for other in self._visible()]

    def left(self, address: str, state: str) -> None:
        """Take note that the person leaves an object in a state itself."""
        self._found[address] = Situation(state, used=False), self._lane.now

    def wait(self, until: int) -> Generator[simpy.Event, Any, list[Percept]]:
        """Let time pass until something is seen or heard that is new."""
        percepts = self._notice(self._is_new, self._is_news, [])
        while not percepts and self._lane.now < until:
            messages = yield from self._lane.wait(self._next_look(until))
            # What comes into sight now is found by what is visible alone: an agent may have been roused for nothing,
            # and whether it was must not leave a trace.
            if messages or self._lane.now >= until or self._something_shows():
                percepts = self._notice(self._comes_into_sight, self._shows_anew, messages)
        return percepts

    def _next_look(self, until: int) -> int:
        now = self._lane.now
        encounter = self._world.next_encounter(self._me, now, until)
        first = until if encounter is None else encounter
        sighting = self._world.next_sighting(self._me, now, first)
        return first if sighting is None else sighting

    def _something_shows(self) -> bool:
        return any(map(self._comes_into_sight, self._visible())) or any(
            self._shows_anew(address, situation) for address, situation in self._unusual()
        )

    def _notice(
        self,
        is_new: Callable[[int], bool],
        is_news: Callable[[str, Situation], bool],
        messages: Sequence[Message],
    ) -> list[Percept]:
        """Look around; return what is new, nearest first, and then what was heard."""
        visible, unusual = self._visible(), self._unusual()
        sightings = [self._sighting(other) for other in visible if is_new(other)]
        sightings += [self._thing(address, situation) for address, situation in unusual if is_news(address, situation)]
        self._noticed.update((sighting.number, self._lane.now) for sighting in sightings if not sighting.kind)
        self._in_view = frozenset(visible)
        self._remember(unusual)
        acts, heard = self._percepts(messages, visible)
        nearest_first = sorted(sightings + acts, key=lambda sighting: sighting[:3])
        return [*(sighting.percept for sighting in nearest_first), *heard]

    # -- people ------------------------------------------------------------------------------------------------------

    def _visible(self) -> list[int]:
        return self._world.in_sight(self._me, self._lane.now)

    def _person(self, other: int) -> SawPerson:
        now = self._lane.now
        address = self._world.map.address_at(self._world.tile(other, now))
        return SawPerson(self._world.name(other), self._world.seen_action(other, now).description, address)

    def _sighting(self, other: int) -> _Sighting:
        return _Sighting(self._away([self._world.tile(other, self._lane.now)]), 0, other, self._person(other))

    def _is_new(self, other: int) -> bool:
        """Whether somebody in sight was not so when the person last looked, or has been away since."""
        if self._noticed.get(other) == self._lane.now:
            return False
        return other not in self._in_view or self._comes_into_sight(other)

    def _comes_into_sight(self, other: int) -> bool:
        now = self._lane.now
        return self._noticed.get(other) != now > 0 and not self._world.sees(self._me, other, now - 1)

    def _percepts(self, messages: Sequence[Message], visible: Sequence[int]) -> tuple[list[_Sighting], list[Percept]]:
        """Return what messages tell. Of what somebody was seen to do meanwhile only what still can be seen counts."""
        newest = {message.sender: message for message in messages if isinstance(message.body, SawPerson)}
        acts: list[_Sighting] = []
        heard: list[Percept] = []
        for message in messages:
            sender, body = message.sender, message.body
            if not isinstance(body, get_args(Percept)):
                heard.append(Heard(self._world.name(sender), body))
            elif not isinstance(body, SawPerson):
                heard.append(cast(Percept, body))
            elif message.time == self._lane.now:
                away = self._sighting(sender).distance if sender in visible else FAR
                acts.append(_Sighting(away, 0, sender, body))
            elif message is newest[sender] and sender in visible:
                acts.append(self._sighting(sender))
        return acts, heard

    # -- objects -----------------------------------------------------------------------------------------------------

    def _unusual(self) -> list[tuple[str, Situation]]:
        """The objects in sight that are in another state than their usual one, but for what the person uses itself."""
        using = self._using(self._lane.now)
        return [found for found in self._world.unusual_in_sight(self._me, self._lane.now) if found[0] != using]

    def _using(self, time: int) -> str:
        return self._world.seen_action(self._me, time).using

    def _thing(self, address: str, situation: Situation) -> _Sighting:
        percept = SawObject(address, self._world.map.resolve(address).name, situation.state, situation.used)
        away = self._away(self._world.map.standing_tiles(address))
        return _Sighting(away, 1, self._world.atlas.numbers[address], percept)

    def _is_news(self, address: str, situation: Situation) -> bool:
        """Whether an object is otherwise than the person last found it."""
        return address not in self._found or self._found[address][0] != situation

    def _shows_anew(self, address: str, situation: Situation) -> bool:
        """Whether an object changes at this very second, or comes into sight otherwise than it was last found."""
        now = self._lane.now
        before = self._world.tile(self._me, now - 1)
        if not self._world.views.shows(before, address):
            return self._is_news(address, situation)
        if self._found.get(address, (situation, -1))[1] == now:
            return False
        return self._using(now - 1) != address and situation != self._world.situation(address, now - 1)

    def _remember(self, unusual: Iterable[tuple[str, Situation]]) -> None:
        now = self._lane.now
        here, using = self._world.tile(self._me, now), self._using(now)
        kept = {a: found for a, found in self._found.items() if a == using or not self._world.views.shows(here, a)}
        self._found = kept | {address: (situation, now) for address, situation in unusual}

    def _away(self, tiles: Iterable[Tile]) -> int:
        x, y = self._world.tile(self._me, self._lane.now)
        return min(abs(x - tile[0]) + abs(y - tile[1]) for tile in tiles)
