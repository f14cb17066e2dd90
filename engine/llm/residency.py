"""Which keys and values stay when not all can: those that are read again soonest, as far as that can be known.

To let go what is needed last is the best there is (Belady 1966). Three things say when a piece of a context is needed:

- **Of what kind it is.** Most of what agents read is never read again: who they are comes back, what they have just
  heard does not. So it is counted, for each purpose of a context and each place in it, how often an agent that came
  again read the same piece there, and how often another one. What is of a kind that mostly changes goes first.
- **When its reader may think.** The kernel knows before when nobody can make an agent think: its *invocation distance*
  (ScaleSim, Pan et al. 2026, arXiv 2601.21473). Who sleeps does not need what it has read before it wakes.
- **When it was read last.** Agents who may be spoken to at any moment have no distance. What has not been read for some
  time will not be for as long again, at a guess.

Nothing here has an influence on answers: what was let go is computed again, and has the same bits.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.llm.requests import NOBODY

Kind = tuple[str, int]
"""What a context is for, and a place in it, counted from its end."""
Rank = tuple[bool, float, int]
"""What has a smaller one goes sooner."""


@dataclass(slots=True)
class Kept:
    """What is known about a piece of a context: how and by whom it was read."""

    name: bytes
    """Hash of all tokens up to its end: which piece of which context it is."""
    kind: Kind | None = None
    agents: set[int] = field(default_factory=set)
    """Who has read it."""
    reads: int = 0
    last: int = 0
    """The number of its last reading, of all readings that there were."""
    time: float = 0.0
    """The simulated time of its last reading."""


class Residency(Protocol):
    """Says what goes first."""

    def read(self, kept: Kept, agent: int) -> None:
        """Take note that an agent reads a piece, which may be new."""
        ...

    def expect(self, thoughts: Sequence[float]) -> None:
        """Take note of when each agent may think next (see `Correspondent.expect`)."""
        ...

    def is_worth_storing(self, kept: Kept) -> bool:
        """Return whether a piece that goes should go to disk, where there is one."""
        ...

    def rank(self, kept: Kept) -> Rank:
        """Return how near a piece is. Different pieces have different ranks: these end with `Kept.last`."""
        ...


class InvocationDistance:
    """What will hardly be read again goes first, then what is read last."""

    def __init__(self) -> None:
        self._thoughts: Sequence[float] = ()
        self._now = 0.0
        self._kinds: defaultdict[Kind | None, _Habit] = defaultdict(_Habit)

    def read(self, kept: Kept, agent: int) -> None:
        """See `Residency.read`."""
        if kept.time == self._now and agent in kept.agents:
            return  # several requests of one moment have much in common
        habit = self._kinds[kept.kind]
        if agent in habit.agents:
            habit.balance += 1 if kept.reads else -1
        habit.agents.add(agent)
        kept.reads += 1
        kept.time = self._now
        if agent != NOBODY:
            kept.agents.add(agent)

    def expect(self, thoughts: Sequence[float]) -> None:
        """See `Residency.expect`."""
        self._thoughts = thoughts
        self._now = min((time for time in thoughts if time < math.inf), default=self._now)

    def is_worth_storing(self, kept: Kept) -> bool:
        """Return whether a piece has been read again, or is of a kind that mostly is."""
        return kept.reads > 1 or self._kinds[kept.kind].balance >= 0

    def rank(self, kept: Kept) -> Rank:
        """See `Residency.rank`."""
        return self.is_worth_storing(kept), -self.next_reading(kept), kept.last

    def next_reading(self, kept: Kept) -> float:
        """Return an estimate of the simulated time at which a piece is read again."""
        known = len(self._thoughts)
        first = min((self._thoughts[agent] for agent in kept.agents if agent < known), default=0.0)
        return max(first, 2 * self._now - kept.time)


@dataclass(slots=True)
class _Habit:
    """Of a kind: who has read any of it, and how many more times such a reader found the same piece than another."""

    agents: set[int] = field(default_factory=set)
    balance: int = 0
