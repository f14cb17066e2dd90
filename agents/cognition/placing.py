"""Where to do something: by meaning, with a discount for the way, among the places that are known and open.

Park et al. 2023 descend the tree of places with questions to the model; here the rooms that come to mind are compared
at once.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import simpy

from agents.cognition.mind import Mind
from agents.cognition.plan import Intention
from agents.cognition.thoughts import Asked, Pick
from engine.contact import Spot
from engine.kernel.clock import MINUTE
from engine.record.events import Planned

COME_TO_MIND = 24
"""So many places, the nearest ones, are considered."""
WAY_WEIGHT = 0.01
"""What a minute of the way weighs in cosine: a place of another kind is 0.2 away, one of the same kind below 0.1."""
SHUT_FOR = 30 * MINUTE
"""Seconds for which a place that did not let one in is not considered."""
NOTHING_SPECIAL = (
    {"situation": "doing something"},
    {"situation": "having a cup of coffee with a friend"},
    {"situation": "taking a rest"},
    {"situation": "getting ready for the day"},
)
"""What is done on any day: what options are compared with, so that none is a favourite in itself."""
PLACE = Pick(
    "place",
    "where to do something",
    f"one of the {COME_TO_MIND} nearest places that are known and open",
    Asked(NOTHING_SPECIAL, {"situation": "doing something"}),
)


def place_for(me: Mind, activity: str, time: int, here: str) -> Generator[simpy.Event, Any, str]:
    """Decide where an activity is done by who comes from `here`: by meaning, with a discount for the way.

    Of the nearest places that the person knows and that are open then, the one counts whose description is closest to
    the activity; every minute of the way takes `WAY_WEIGHT` off the cosine. Home where no place is open.
    """
    spots = [spot for spot in me.body.spots() if me.body.is_open(spot.address, time) and not _is_shut(me, spot)]
    if not spots:
        return me.home
    spots = nearest_spots(me, spots, here)
    numbers = yield from me.think.weigh(PLACE, activity, [described(spot) for spot in spots])
    minutes = [me.body.way(here, spot.address) / MINUTE for spot in spots]
    scores = [number - WAY_WEIGHT * way for number, way in zip(numbers, minutes, strict=True)]
    best = spots[int(np.argmax(scores))]
    me.think.decided("place", me.think.way_of(PLACE), best.address)
    return best.address


def settle_in(me: Mind, intention: Intention) -> Generator[simpy.Event, Any, Intention]:
    """Decide by meaning where in a building to do what was meant for it as a whole, once one is there and sees it.

    At home what is meant for the whole house stays so.
    """
    below = f"{intention.address}:"
    if below.count(":") != 2 or f"{me.home}:".startswith(below) or not me.body.address.startswith(below):
        return intention
    rooms = [spot for spot in me.body.spots() if spot.address.startswith(below)]
    if not rooms:
        return intention
    best = yield from me.think.pick(PLACE, intention.activity, [described(spot) for spot in rooms])
    me.think.decided("place", me.think.way_of(PLACE), rooms[best].address)
    me.plan = moved(me, intention, rooms[best].address)  # as open as the building that it lies in
    me.lane.emit(Planned("hour", tuple(i.entry() for i in me.plan if i.end > me.lane.now)))
    return replace(intention, address=rooms[best].address)


def moved(me: Mind, intention: Intention, address: str, until: int | None = None) -> list[Intention]:
    """Return the plan with what is left of an intention, and the same after it, at another address.

    Maybe until a time only.
    """
    same = intention.activity, intention.address
    plan: list[Intention] = []
    for entry in me.plan:
        if entry.end <= me.lane.now or (entry.activity, entry.address) != same:
            plan.append(entry)
            continue
        end = entry.end if until is None else max(entry.start, min(entry.end, until))
        pieces = replace(entry, address=address, end=end), replace(entry, start=end)
        plan += [piece for piece in pieces if piece.end > piece.start]
    return plan


def nearest_spots(me: Mind, spots: Sequence[Spot], here: str) -> list[Spot]:
    """Return the places that come to mind: the nearest ones, in the order in which they are known."""
    if len(spots) <= COME_TO_MIND:
        return list(spots)
    ways = [me.body.way_at_least(here, spot.address) for spot in spots]
    nearest = sorted(range(len(spots)), key=lambda index: (ways[index], index))[:COME_TO_MIND]
    return [spots[index] for index in sorted(nearest)]


def _is_shut(me: Mind, spot: Spot) -> bool:
    """Whether the person was not let in at a place a short time ago."""
    last = me.turned_away.get(spot.address)
    return last is not None and me.lane.now - last < SHUT_FOR


def described(spot: Spot) -> str:
    """Return a place as meaning judges it."""
    return f"{spot.name}: {spot.description}"


def sector(address: str) -> str:
    """Return the address of the sector that a place lies in."""
    return ":".join(address.split(":")[:2])
