"""The states of objects as functions of time, derived from who uses what."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from worlds.town.history import History
from worlds.town.places import TownObject


@dataclass(frozen=True, slots=True)
class Action:
    """What a person visibly does, where, and with which object."""

    description: str
    address: str
    using: str = ""
    """The object's address."""
    state: str = ""
    """The state that this gives the object."""


class ObjectStates:
    """What state every object is in. What people begin at a second shows from the next second on."""

    def __init__(self, objects: Iterable[TownObject], actions: list[History[Action]]) -> None:
        self._own = {thing.address: History(thing.state) for thing in objects}
        self._actions = actions
        self._users: dict[str, set[int]] = {}
        """Who may have used each object since what is final."""
        self._changes: list[tuple[int, str]] = []

    def give(self, address: str, time: int, state: str) -> None:
        """Let an object have a state of its own from a time on, while nobody uses it. Raises `KeyError`."""
        self._own[address].set(time, state)
        heapq.heappush(self._changes, (time + 1, address))

    def begun(self, person: int, time: int, before: Action, now: Action) -> None:
        """Take note that a person does something else from a time on."""
        if (before.using, before.state) == (now.using, now.state):
            return
        for address in {before.using, now.using} - {""}:
            self._users.setdefault(address, set()).add(person)
            heapq.heappush(self._changes, (time + 1, address))

    def state(self, address: str, time: int) -> str:
        """The state as can be known at a time: what the first of its users gives it, else its own."""
        for person in sorted(self._users.get(address, ())):
            action = self._actions[person].before(time)
            if action.using == address:
                return action.state
        return self._own[address].before(time)

    def settle(self, horizon: int) -> list[tuple[int, str, str]]:
        """Return (time, address, state) of every change before `horizon`, which everybody has passed, in order."""
        settled: list[tuple[int, str, str]] = []
        last: tuple[int, str] | None = None
        touched: set[str] = set()
        while self._changes and self._changes[0][0] < horizon:
            change = heapq.heappop(self._changes)
            time, address = change
            if change != last and (state := self.state(address, time)) != self.state(address, time - 1):
                settled.append((time, address, state))
            last = change
            touched.add(address)
        for address in touched & self._users.keys():
            # What changes at the horizon itself is still to come, and is compared with the second before it.
            users = (person for person in self._users[address] if self._uses(person, address, horizon - 2))
            self._users[address] = set(users)
        return settled

    def _uses(self, person: int, address: str, since: int) -> bool:
        return any(action.using == address for action in self._actions[person].since(since))
