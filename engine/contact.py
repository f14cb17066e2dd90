"""Where a mind meets a world: what a body tells its mind, and what a mind can make its body do.

Worlds implement `Body`, minds use it; neither knows the other's room. Addresses are the world's own names of places,
times are whole simulated seconds.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import simpy


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that an agent knows and may go to. `description` says what one does and finds there."""

    address: str
    name: str
    description: str
    home: bool
    """Whether the agent lives there."""


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that can be done with an object: "brewing coffee" at the coffee machine, for so many minutes."""

    address: str
    name: str
    """The object's name."""
    activity: str
    state: str
    """The object's state meanwhile."""
    minutes: int
    afterwards: str = ""
    """The state in which it leaves the object when it was finished; empty: the object's own."""


class Obstacle(Enum):
    """Why somebody cannot go to a place."""

    CLOSED = "closed"
    FULL = "full"
    NO_WAY = "no way"
    """All ways lead through closed doors, or out of where the agent has promised to stay."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An agent does not go where it wanted to."""

    why: Obstacle
    until: int | None = None
    """When it is worth trying again, as far as the agent can know."""


@dataclass(frozen=True, slots=True)
class SawPerson:
    """A percept: `name` is in sight and does `doing` at `address`."""

    name: str
    doing: str
    address: str


@dataclass(frozen=True, slots=True)
class SawObject:
    """A percept: an object in sight is in another state than its usual one, and that is new."""

    address: str
    name: str
    state: str
    used: bool = False
    """Whether somebody uses it, and so shows in what they do why it is so."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something another agent's mind sent to this one."""

    sender: str
    content: object


@dataclass(frozen=True, slots=True)
class Voice:
    """Something that nobody in the world says: an `inner_voice` (a thought that comes up), a `broadcast`, or what a
    `visitor` says, whom nobody sees.
    """

    kind: str
    text: str
    role: str = ""
    """Who a visitor is."""
    start: int | None = None
    """When that of which it speaks takes place, if one can go to it."""
    end: int | None = None
    """When it is over, if that is known."""
    address: str = ""
    """Where it takes place, if that is known."""


@dataclass(frozen=True, slots=True)
class Impulse:
    """What somebody from outside makes the agent do: to go to an address and do something there for some minutes."""

    activity: str
    address: str
    minutes: int


Percept = SawPerson | SawObject | Heard | Voice | Impulse


class Body(Protocol):
    """An agent's hands, feet and eyes in its world."""

    @property
    def name(self) -> str:
        """The agent's name."""
        ...

    @property
    def address(self) -> str:
        """Where the agent is now."""
        ...

    @property
    def place(self) -> str:
        """Where the agent is now, in words for a sentence: "the kitchen of Rose Cottage"."""
        ...

    def describe(self, address: str) -> str:
        """Return an address in words for a sentence. Raises `LookupError` when there is no such place."""
        ...

    def spots(self) -> Sequence[Spot]:
        """Return the places the agent knows and may choose to go to, in a fixed order."""
        ...

    def hear_of(self, address: str) -> None:
        """Get to know that a place is there."""
        ...

    def is_open(self, address: str, time: int) -> bool:
        """Return whether a place receives people at a time."""
        ...

    def admits(self, address: str, time: int) -> bool:
        """Return whether a place lets the agent in at a time."""
        ...

    def opens(self, address: str, time: int) -> int | None:
        """Return when after a time a place that is shut lets the agent in; None if never."""
        ...

    def closes(self, address: str, time: int) -> int | None:
        """Return when after a time the agent has to have left a place; None if never."""
        ...

    def way(self, start: str, goal: str) -> int:
        """Return how many seconds it takes to walk from one place to another if nothing is in the way."""
        ...

    def way_at_least(self, start: str, goal: str) -> int:
        """Return what `way` is never below, without looking for one."""
        ...

    def uses(self, address: str) -> Sequence[Use]:
        """Return what can be done at an address with the objects that the agent knows and that are free, as it sees."""
        ...

    def remedies(self, address: str) -> Sequence[Use]:
        """Return what puts an object in sight right, if it was left to go wrong and nobody uses it."""
        ...

    def has_remedy(self, address: str, state: str) -> bool:
        """Return whether there is anything that puts an object right that is in a state, in sight or not."""
        ...

    def is_expected(self, address: str, state: str) -> bool:
        """Return whether an object comes into a state by being used as intended, or as usual."""
        ...

    def cares_for(self, address: str) -> bool:
        """Return whether an object stands where the agent lives or works."""
        ...

    def people(self) -> Sequence[SawPerson]:
        """Return whom the agent sees now, nearest first."""
        ...

    def set_out(self, address: str) -> int | Refused:
        """Walk towards an address; returns the time of arrival (now, when already there).

        Who arrives may be only before the door of a room that takes only so many people: call it until it returns now.
        """
        ...

    def make_room(self, address: str) -> int:
        """Step aside, within an address, for somebody who came first; returns the time of arrival (now, if nobody)."""
        ...

    def stay(self, address: str, until: int) -> None:
        """Promise not to leave a place before a time, whatever happens: the longer it holds, the freer are others.

        Does nothing if it would take back an earlier promise that still holds.
        """
        ...

    def engage(self, names: Iterable[str], until: int) -> None:
        """Promise that until a time nobody but those named will notice anything of what the agent does.

        Does nothing if it would take back an earlier promise that still holds; `engaged_until` tells what does.
        """
        ...

    @property
    def engaged_until(self) -> int:
        """Until when the agent has promised to have to do with some people only; the present time if it has not."""
        ...

    @property
    def stays_until(self) -> int:
        """Until when the agent has promised to stay where it is; the present time if it has not."""
        ...

    def company(self, name: str) -> Sequence[str]:
        """Return who stands with somebody in sight: in the same place, a few steps apart, nearest to them first."""
        ...

    def can_approach(self, name: str) -> bool:
        """Whether a person is in sight and nowhere where the agent has promised not to go."""
        ...

    def approach(self, name: str) -> int | None:
        """Walk up to a person; returns the time of arrival, or None when `can_approach` says no."""
        ...

    def halt(self) -> None:
        """Stop walking."""
        ...

    def act(self, description: str, emoji: str, until: int, use: Use | None = None) -> None:
        """Begin to do something that others can see, planned until a time, with an object at hand or without one."""
        ...

    def wait(self, until: int) -> Generator[simpy.Event, Any, list[Percept]]:
        """Let time pass until something is perceived, at the latest until `until`; returns what was perceived."""
        ...

    def tell(self, name: str, delay: int, content: object) -> None:
        """Send something to the mind of an agent in sight, to arrive `delay` seconds from now (at least one)."""
        ...
