"""The frontier in space and time: which lane may take its next event although others are behind it.

**What must hold.** A lane may take its event at time t only if everything that can reach it up to t has reached it:
every message with a time stamp up to t, every call to look up before t, and the final position and action of everybody
whom it can see at t. Then each lane goes through the same states in the same order whatever the schedule.

**What is given.** The world promises (`Reach`) that a lane is affected only by what others do where it can see them, or
have done at a place that it sees later, at the earliest one second after the cause. It bounds from below how long a
lane takes to come to where another one could see it. Such a bound holds whatever happens after it was given, for it may
rest only on

- distances and ways around walls, which never change;
- where a lane is, and the way it is on until it acts again;
- promises to stay in a place until a time: before that, a lane is seen only from where one sees into that place;
- promises that until a time nobody but some partners will notice anything of what a lane does: before that, for
  everybody else it does nothing.

**No promise is taken back.** It is kept until its time by whoever made it, whatever else it learns, and no later
promise replaces it by less: by one that ends sooner, leaves more room or has more partners. Promises that are made
meanwhile only rule out more.

A lane acts by itself at its `next_time` n and not earlier; while it *listens* it can also be made to act by what
reaches it. A lane that sleeps, or waits for a model, is deaf: it acts at n and at no other time. What changes by
itself, or from outside at times known beforehand, is a function of time that needs no lane to act.

**The rule.** Call a lane *active* at the first time at which it acts again. For lane i and time t, `Reach.around` names
the lanes that could affect i by t, each with the `latest` time at which it would have to be active for that (always
before t): one that is first active later than that, whatever it does then, does not affect i by t. Then i is
*undisturbed until t* if each of these lanes j

1. does not act by itself until then: n_j > latest_j, and
2. cannot be made to: j is deaf, or j in turn is undisturbed until latest_j.

Lane i may take its event at t if it is undisturbed until t.

**Why that is right.** Suppose that something reaches i at a time s <= t that has not been delivered. Follow it back
from cause to cause: i was affected by j_1, which was active at some a_1 <= latest_1. If not by itself, it was so
because it was affected by j_2, active at a_2 <= latest_2, and so on. The times fall by at least a second with each step
(effects take a second), so the chain ends with a lane that was active by itself, at its next time n <= latest. But the
rule has looked at every lane of the chain and found n > latest. Cycles are no problem and no fixed point is needed,
because the times along a chain fall: the search below goes through the lanes in falling order of their times, each with
the latest time that matters.

**Why what was found stays true.** "i is undisturbed until t" speaks of what i does by itself up to t (its way until its
next event, which is known) and of effects of everybody else. As nothing can reach i before t, i keeps to its way, and
nobody's next time can fall to or below the time that was looked at: being made to act earlier was ruled out. Whoever is
active later than its latest time may then go another way, but no bound counted on its old way beyond that, and the
promises that a bound counts on are kept. So the time until which a lane is undisturbed only grows, is kept, and ends
later searches early. And whoever goes ahead under this rule cannot disturb a lane that is left behind: what it does at
t is noticed from the second after t on, to which the other one is still to come.

**Where it ends.** No lane is active before the smallest next time of all (`first`), so every lane is undisturbed until
then; the lane with the smallest next time may always move, and there is no deadlock. Lanes in a conversation are in
sight of each other, so that one waits for the other by the same rule.

The cost of a search is the number of lanes near enough to matter, which `Reach.around` finds with a spatial index.
After AI Metropolis (arXiv 2411.03519), whose rule has lanes in steps and a radius in place of ways, walls and sleep;
conservative parallel simulation is from Chandy and Misra (1979).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from engine.kernel.lane import Lane
from engine.kernel.schedule import NOBODY, Schedule, Strict


class Reach(Protocol):
    """What the world knows about who can affect whom, and when."""

    def around(
        self, lane: int, time: int, settled: int, first: int, quiet: Callable[[int], float]
    ) -> Iterable[tuple[int, int]]:
        """Yield (other, latest) for every lane that could affect `lane` by `time`.

        To do so it would have to be active at `latest` or before, at most `time - 1`; that has to hold whatever happens
        from now on. `lane` keeps to its known way until `time`; nothing can reach it any more at `settled` or before.
        No lane is active before `first`, and `quiet(other)` is a time, not before that, before which another lane is
        certainly not active; lanes for which it is after `latest` may be left out.
        """
        ...


class Frontier:
    """The schedule that lets every lane run ahead as far as `reach` shows to be safe."""

    name = "out-of-order"

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._lanes: Sequence[Lane] = ()
        self._undisturbed: list[int] = []
        self._first = 0

    def begin(self, lanes: Sequence[Lane]) -> None:
        """Get to know the lanes of a run."""
        self._lanes = lanes
        self._undisturbed = [-1] * len(lanes)

    def blocker(self, lane: Lane, time: int, first: tuple[int, int]) -> int:
        """Return a lane that may disturb `lane` by `time`, or `NOBODY`."""
        self._first = first[0]
        found = self._disturber(lane.index, time)
        return NOBODY if found is None else found

    def _disturber(self, index: int, time: int) -> int | None:
        needed = {index: time}
        search = [(-time, index)]
        while search:
            falling, lane = heapq.heappop(search)
            until = -falling
            if until <= self._first:
                break
            if until < needed[lane] or until <= self._settled(lane):
                continue
            for other, latest in self._reach.around(lane, until, self._settled(lane), self._first, self._quiet):
                theirs = self._lanes[other]
                if theirs.next_time <= latest:
                    return other
                if theirs.listening and latest > needed.get(other, self._first):
                    needed[other] = latest
                    heapq.heappush(search, (-latest, other))
        for lane, until in needed.items():
            self._undisturbed[lane] = max(self._undisturbed[lane], until)
        return None

    def _settled(self, index: int) -> int:
        """The time until which everything that can reach a lane has reached it."""
        return max(self._undisturbed[index], self._lanes[index].now)

    def _quiet(self, index: int) -> float:
        """A time before which a lane is certainly not active."""
        lane = self._lanes[index]
        if not lane.listening:
            return lane.next_time
        return max(self._first, min(lane.next_time, self._settled(index) + 1))


def schedule(name: str, reach: Reach) -> Schedule:
    """Return the schedule of a name among `SCHEDULES`."""
    known: dict[str, Schedule] = {Frontier.name: Frontier(reach), Strict.name: Strict()}
    return known[name]


SCHEDULES = (Frontier.name, Strict.name)
"""The schedules that a run can have; the outcome is the same."""
