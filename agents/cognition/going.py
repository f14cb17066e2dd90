"""Going to places: the way there, and what to do where a door is shut or a room is full. All of it is rule."""

from __future__ import annotations

from collections.abc import Generator
from enum import Enum
from typing import Any

import simpy

from agents.cognition.attending import attend, glance
from agents.cognition.mind import Mind
from agents.cognition.placing import moved, place_for, sector
from agents.cognition.plan import PATIENCE, Intention
from agents.cognition.planning import Step
from agents.cognition.repair import change_plan
from agents.cognition.thoughts import Rule
from engine.contact import Obstacle, Refused
from engine.kernel.clock import MINUTE

WAIT = 2 * MINUTE
"""Seconds that one waits before a full room without looking again."""
ELSEWHERE = Rule(
    "elsewhere",
    "what to do at a shut door or before a full room",
    "wait, think again, or do it at another place",
    why="the body says why one does not come in and when it is worth trying again",
)

Going = Generator[simpy.Event, Any, Refused | None]


def go(me: Mind, address: str) -> Going:
    """Walk to an address with open eyes and stand where nobody else does; returns why one does not come in, if so.

    Who is made to do something else meanwhile stops.
    """
    before = me.taken_over
    while True:
        way = me.body.set_out(address)
        if isinstance(way, Refused):
            return way
        if way == me.lane.now:
            return None
        me.body.act(f"walking to {me.body.describe(_arena(address))}", "🚶", way)
        if not (yield from attend(me, way)):
            yield from attend(me, me.body.make_room(address))
        if me.taken_over != before:
            me.body.halt()
            return Refused(Obstacle.NO_WAY)


class Resort(Enum):
    """What one does who is not let in."""

    WAIT_FOR_ROOM = "wait for room"
    WAIT_TO_OPEN = "wait for it to open"
    ELSEWHERE = "do it elsewhere"
    STAY = "stay where one is"


def resort(refused: Refused, now: int, end: int) -> Resort:
    """Decide by rule what to do about not being let in, where one has something in mind until `end`.

    Before a room that is full one waits. If a place opens within minutes, and before it is too late, one waits for
    that; else one goes elsewhere. Where no way leads one stays for a while.
    """
    match refused.why:
        case Obstacle.FULL:
            return Resort.WAIT_FOR_ROOM
        case Obstacle.CLOSED:
            opens = refused.until
            soon = opens is not None and opens <= min(now + PATIENCE, end)
            return Resort.WAIT_TO_OPEN if soon else Resort.ELSEWHERE
        case Obstacle.NO_WAY:
            return Resort.STAY


def turned_away(me: Mind, step: Step, intention: Intention, refused: Refused) -> Generator[simpy.Event, Any, None]:
    """Make the best of not coming to where a step takes place (`resort`).

    Before a full room one waits a little and then thinks again. What is left of the plan for a place, or what lies
    before it opens, is done at another place.
    """
    now, body = me.lane.now, me.body
    match resort(refused, now, intention.end):
        case Resort.WAIT_FOR_ROOM:
            until = min(step.end, refused.until or now + WAIT)
            body.act(f"waiting for room in {body.describe(_arena(step.address))}", "⌛", until)
            yield from glance(me, until)
        case Resort.WAIT_TO_OPEN:
            assert refused.until is not None, "who waits knows for how long"
            body.act(f"waiting for {body.describe(sector(step.address))} to open", "⌛", refused.until)
            yield from attend(me, refused.until)
        case Resort.ELSEWHERE:
            yield from _go_elsewhere(me, intention, refused.until)
        case Resort.STAY:
            until = min(step.end, max(body.stays_until, now + WAIT))
            body.act(step.activity, "🚧", until)
            yield from attend(me, until)


def _go_elsewhere(me: Mind, intention: Intention, until: int | None) -> Generator[simpy.Event, Any, None]:
    """Move an intention until a time to a place that lets one in."""
    me.think.decided(ELSEWHERE.name, "rule", f"closed: {intention.address}")
    me.turned_away[intention.address] = me.lane.now
    address = yield from place_for(me, intention.activity, me.lane.now, me.body.address)
    yield from change_plan(me, moved(me, intention, address, until))


def _arena(address: str) -> str:
    return ":".join(address.split(":")[:3])
