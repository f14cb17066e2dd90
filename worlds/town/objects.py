"""The states of objects as functions of time: what their users give them, what these leave, and what comes of it.

While somebody uses an object it is in the state of that use (that of the user with the smallest index, if several do).
Who has finished leaves it in the state that the affordance names for afterwards, else in its own state; who breaks off
before the planned end leaves it as it is while used if something comes of that state, else in its own. The last one to
leave counts. A state that has a consequence turns to the next one after its minutes, as long as nobody uses the object.
What is given to it from outside is its own state from then on, unless that is a state that takes its course: such a one
holds until somebody has used the object.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from worlds.town.places import Affordance, Tile, TownObject
from worlds.town.walk import Box

CELL = 16
"""Side of a cell of the index of objects, in tiles."""

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Action:
    """What a person visibly does, where, and with which object."""

    description: str
    address: str
    using: str = ""
    """The object's address."""
    state: str = ""
    """The state that this gives the object."""
    afterwards: str = ""
    """The state in which it leaves the object when finished; empty: the object's own."""
    until: int = 0
    """When it will be finished."""

    def handles_like(self, other: Action) -> bool:
        """Whether it does the same with the same object, and would leave it alike."""
        mine = self.using, self.state, self.afterwards, self.until
        return mine == (other.using, other.state, other.afterwards, other.until)


class Situation(NamedTuple):
    """How an object is found: its state, and whether somebody uses it."""

    state: str
    used: bool


def goes_wrong(thing: TownObject, state: str) -> bool:
    """Whether something comes, or has come, of a state of an object that never leads back to its usual state."""
    becomes = {consequence.state: consequence.becomes for consequence in thing.consequences}
    chain = [state]
    while chain[-1] in becomes and becomes[chain[-1]] not in chain:
        chain.append(becomes[chain[-1]])
    return thing.state not in chain and (state in becomes or state in becomes.values())


def remedies(thing: TownObject, state: str) -> list[Affordance]:
    """Return the uses that put an object right that is in a state, if that goes wrong."""
    if not goes_wrong(thing, state):
        return []
    return [use for use in thing.affordances if not goes_wrong(thing, use.afterwards or thing.state)]


def known_states(thing: TownObject) -> frozenset[str]:
    """Return the states that the map names for an object: its own, those of its uses, and what comes of them."""
    used = (state for use in thing.affordances for state in (use.state, use.afterwards))
    coming = (state for each in thing.consequences for state in (each.state, each.becomes))
    return frozenset({thing.state, *used, *coming} - {""})


class ObjectStates:
    """What state every object is in. What people begin at a second shows from the next second on."""

    def __init__(self, objects: Iterable[TownObject], standing: Callable[[str], Sequence[Tile]]) -> None:
        self._stories = {thing.address: _Story(thing) for thing in objects}
        self._numbers = {address: number for number, address in enumerate(self._stories)}
        self._standing = standing
        self._stirred: dict[Cell, dict[str, None]] = {}
        """For each cell the objects in it that may be, or come to be, in another state than their usual one."""
        self._unsettled: set[str] = set()
        """Those of which something can be forgotten soon."""
        self._changes: list[tuple[int, str]] = []
        """When objects may change."""
        for address, story in self._stories.items():
            self._expect_next(address, story, 0)

    def give(self, address: str, time: int, state: str) -> None:
        """Let an object be in a state from a time on, while nobody uses it. Raises `KeyError`."""
        self._stories[address].give(time, state)
        self._expect(address, time + 1)

    def begun(self, person: int, time: int, before: Action, now: Action) -> list[str]:
        """Take note that a person does something else from a time on; returns the objects that this may change."""
        if before.handles_like(now):
            return []
        if before.using:
            self._stories[before.using].end(person, time)
        if now.using:
            self._stories[now.using].begin(person, time, now)
        touched = sorted({before.using, now.using} - {""})
        for address in touched:
            self._expect(address, time + 1)
        return touched

    def situation(self, address: str, time: int) -> Situation:
        """How an object can be found at a time. Raises `KeyError`."""
        return self._stories[address].situation(time)

    def usual(self, address: str) -> str:
        """The state of an object's own, as the map says. Raises `KeyError`."""
        return self._stories[address].usual

    def left_by(self, address: str, person: int, time: int) -> str:
        """The state in which a person leaves an object that it stops using at a time, if nobody else uses it."""
        return self._stories[address].left_by(person, time)

    def next_change(self, address: str, after: int) -> float:
        """The next time after another one at which an object is found otherwise than before, by what is known."""
        return self._stories[address].next_change(after)

    def near(self, box: Box, margin: int) -> list[str]:
        """Return the objects within `margin` tiles of a box that may not be as usual, perhaps others; in file order."""
        found: list[str] = []
        for y in range((box[1] - margin) // CELL, (box[3] + margin) // CELL + 1):
            for x in range((box[0] - margin) // CELL, (box[2] + margin) // CELL + 1):
                found += self._stirred.get((x, y), ())
        return sorted(found, key=self._numbers.__getitem__)

    def settle(self, horizon: int) -> list[tuple[int, str, str]]:
        """Return (time, address, state) of every change before `horizon`, which everybody has passed, in order."""
        settled: list[tuple[int, str, str]] = []
        last: tuple[int, str] | None = None
        while self._changes and self._changes[0][0] < horizon:
            change = heapq.heappop(self._changes)
            if change == last:
                continue
            time, address = last = change
            story = self._stories[address]
            now = story.situation(time)
            if now.state != story.situation(time - 1).state:
                settled.append((time, address, now.state))
            self._expect_next(address, story, time)
            self._unsettled.add(address)
        self._forget(horizon - 2)
        return settled

    def _forget(self, time: int) -> None:
        """Drop what nobody can ask for any more who asks for `time` or later."""
        for address in sorted(self._unsettled):
            story = self._stories[address]
            story.forget(time)
            if story.is_over:
                self._unsettled.remove(address)
                if story.is_as_usual(time):
                    self._stirred[self._cell(address)].pop(address, None)

    def _expect_next(self, address: str, story: _Story, time: int) -> None:
        following = story.next_change(time)
        if following != inf:
            self._expect(address, int(following))

    def _expect(self, address: str, time: int) -> None:
        heapq.heappush(self._changes, (time, address))
        self._stirred.setdefault(self._cell(address), {})[address] = None

    def _cell(self, address: str) -> Cell:
        # Who sees an object sees all of its standing tiles, so one of them stands for it.
        x, y = self._standing(address)[0]
        return x // CELL, y // CELL


@dataclass(slots=True)
class _Spell:
    """A time during which somebody uses an object: seen from the second after `since` on, until `end`."""

    person: int
    since: int
    action: Action
    end: float = inf


class _Story:
    """What is known about one object."""

    def __init__(self, thing: TownObject) -> None:
        self.usual = thing.state
        self._becomes = {c.state: (60 * c.minutes, c.becomes) for c in thing.consequences}
        self._passing = {*self._becomes, *(becomes for _, becomes in self._becomes.values())}
        """The states that something comes of, or that come of something: no state of its own."""
        self._given: list[tuple[int, str]] = []
        """The states that were given to it from outside, each from a time on; times rise."""
        self._spells: list[_Spell] = []
        self._left = 0, thing.state
        """Since when nobody has used it, and the state in which it was then; before all spells that are kept."""

    def give(self, time: int, state: str) -> None:
        self._given = sorted([*self._given, (time, state)], key=lambda given: given[0])

    def begin(self, person: int, time: int, action: Action) -> None:
        self._spells.append(_Spell(person, time, action))

    def end(self, person: int, time: int) -> None:
        spell = next(spell for spell in self._spells if spell.person == person and spell.end == inf)
        if spell.since == time:
            self._spells.remove(spell)  # nobody has seen it
        else:
            spell.end = time

    def situation(self, time: int) -> Situation:
        users = [spell for spell in self._spells if spell.since < time <= spell.end]
        if users:
            return Situation(min(users, key=lambda spell: spell.person).action.state, True)
        return Situation(self._idle(time)[1], False)

    def left_by(self, person: int, time: int) -> str:
        mine = next(spell for spell in self._spells if spell.person == person and spell.end == inf)
        return self._outcome(mine, time)

    def next_change(self, after: int) -> float:
        time = after
        while True:
            following = self._next_deed(time)
            now = self.situation(time)
            if not now.used and now.state in self._becomes:
                turns = self._idle(time)[0] + self._becomes[now.state][0]
                if turns < following:
                    return turns
            if following == inf:
                return inf
            time = int(following)
            if self.situation(time) != self.situation(time - 1):
                return time

    def forget(self, time: int) -> None:
        self._left = self._idle(time)
        self._spells = [spell for spell in self._spells if spell.end >= time]

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be forgotten, now or later, as far as is known."""
        return not any(spell.end < inf for spell in self._spells)

    def is_as_usual(self, time: int) -> bool:
        """Whether it is in its usual state from a time on, as far as is known."""
        return not self._spells and self._left[1] == self.usual and self.next_change(time) == inf

    def _next_deed(self, after: int) -> float:
        """When after a time a use begins or ends to show, or a state that was given."""
        begins = [spell.since + 1 for spell in self._spells]
        ends = [spell.end + 1 for spell in self._spells]
        given = [time + 1 for time, _ in self._given]
        return min((time for time in (*begins, *ends, *given) if time > after), default=inf)

    def _idle(self, time: int) -> tuple[int, str]:
        """The state at a time at which nobody uses it, and since when it has been so."""
        since, state = self._left
        ended = [spell for spell in self._spells if spell.end < time]
        if ended:
            last = min(ended, key=lambda spell: (-spell.end, spell.person))
            since, state = int(last.end) + 1, self._outcome(last, int(last.end))
        for begun, given in self._given:
            if since <= begun + 1 <= time:
                since, state = begun + 1, given
        while state in self._becomes and since + self._becomes[state][0] <= time:
            lasts, state = self._becomes[state]
            since += lasts
        return since, state

    def _outcome(self, spell: _Spell, end: int) -> str:
        """The state in which a use that ends at a time leaves the object."""
        given = [entry for entry in self._given if entry[0] <= end]
        if given and given[-1][0] >= spell.since:
            return given[-1][1]
        own = next((state for _, state in reversed(given) if state not in self._passing), self.usual)
        if end >= spell.action.until:
            return spell.action.afterwards or own
        return spell.action.state if spell.action.state in self._becomes else own
