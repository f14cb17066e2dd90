"""Who could affect whom, and from when on: the town's side of the frontier rule (`engine.kernel.frontier`).

People affect each other only through what they see, and sight is symmetric. Who affects another one was, at a time x at
which it acted or later, on a tile that the other one has in sight at a time y, and x <= y. Where one sees the other,
x = y. What somebody leaves behind, the states of objects, is seen later than it is done, x < y. An object shows only
where all tiles are seen on which its users stand (`Views.shows`), and who changes its state stands on one of them when
it does: a body uses an object only while it stands at it, and its use ends when it sets out. That an object changes by
itself, or is changed from outside, follows from times that are known, and nobody has to act for it.

Let person j be active at time a or later and person i keep to its way until t, and a <= x <= y <= t. Until x, j takes
at most one step in every `pace` seconds (if it stood; one more if it walked, because it may have been about to reach
the next tile), and so does i from y on; its way is known.

No promise is taken back (`Whereabouts`): what follows from it stays true until its time.

- Both stand: j has to take `steps` (`WaysIntoSight`) to come into sight of i, which takes pace * steps seconds. So to
  affect i at t or before, a <= t - pace * steps; and as effects take a second, a <= t - 1. That i stands is asked only
  for the time after `settled`: what was done before that, and is in sight of where i stood then, has reached it.
- Somebody who stays within a box until u, whatever happens (`TownWorld.bind`), and cannot be seen there, counts as
  active at u at the earliest, from the tile of the box that is nearest: what it changes until then does not show to i.
- Somebody who has to do with some others only until u, whatever happens (`TownWorld.engage`), counts as active at u at
  the earliest for everybody else: until then it stands where it is, neither begins nor leaves anything, and what it
  tells nobody else hears (`TownBody`).
- k of the two walk: the distance in rows or columns, whichever is larger, changes by a step at most with each step of
  either, and within T seconds two people take at most (T - k) // pace + k steps together when k of them are on their
  way already; j takes its steps before x and i its own after y, which together is no more than t - a. With d the
  distance beyond sight, T >= pace * (d - k) + k; so a <= t - max(1, pace * (d - k) + k). The distance is that between i
  at t and all that is left of the way of j, as j may be active at any time on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from worlds.town.places import Tile
from worlds.town.walk import Walk, distance
from worlds.town.ways import WaysIntoSight
from worlds.town.whereabouts import Whereabouts


class TownReach:
    """The `engine.kernel.frontier.Reach` of a town. `pace` is the number of seconds that a step takes."""

    def __init__(self, whereabouts: Whereabouts, ways: WaysIntoSight, radius: int, pace: int) -> None:
        self._whereabouts = whereabouts
        self._ways = ways
        self._radius = radius
        self._pace = pace

    def around(
        self, lane: int, time: int, settled: int, first: int, quiet: Callable[[int], float]
    ) -> Iterator[tuple[int, int]]:
        """Yield (other, latest) for every person that could affect one by `time`."""
        whereabouts = self._whereabouts
        mine = whereabouts.seen_walk(lane, time)
        here = mine.tile(max(time, 0))
        margin = self._radius + 2 + (time - first) // self._pace
        for other in whereabouts.near((*here, *here), margin, first):
            since = quiet(other)
            if other == lane or since >= time:
                continue
            engaged = whereabouts.engagement(other, int(since))
            if engaged is not None and lane not in engaged.partners:
                since = engaged.until
                if since >= time:
                    continue
            began = max(settled, int(since))
            latest = self._latest(mine, here, other, time, int(since), began)
            if latest >= since and not self._stays_away(mine, here, other, time, int(since), began):
                yield other, latest

    def _latest(self, mine: Walk, here: Tile, other: int, time: int, since: int, began: int) -> int:
        """The last time at which `other`, who is not active before `since`, could set out to see who is `here`."""
        theirs = self._whereabouts.walk(other, since)
        there = theirs.tile(since)
        walking = _moves(mine, began) + (theirs.end > since)
        if not walking:
            return time - max(1, self._pace * self._ways.steps(there, here))
        latest = self._unless_within(distance((*there, *there), (*here, *here)), walking, time)
        if latest < since or theirs.end <= since:
            return latest
        return self._unless_within(distance(theirs.box, (*here, *here)), walking, time)

    def _stays_away(self, mine: Walk, here: Tile, other: int, time: int, since: int, began: int) -> bool:
        """Whether `other` stays where nobody on my way can be seen from, for too long to come into sight by `time`."""
        stay = self._whereabouts.stay(other, since)
        if stay is None or mine.start > began:
            return False
        if _moves(mine, began):
            steps = distance(stay.box, mine.box) - self._radius
        else:
            steps = max(distance(stay.box, mine.box) - self._radius, self._ways.steps_from(stay.box, here))
        # Who stays in a place may walk about in it, and be about to leave it when the stay ends.
        walking = _moves(mine, began) + 1
        return steps > 0 and stay.until > time - max(1, self._pace * (steps - walking) + walking)

    def _unless_within(self, distance: int, walking: int, time: int) -> int:
        beyond_sight = distance - self._radius
        return time - max(1, self._pace * (beyond_sight - walking) + walking)


def _moves(walk: Walk, after: int) -> bool:
    """Whether somebody on a walk may have moved after a time."""
    return walk.start > after or walk.end > after
