"""Holding a plan against the world: what does not hold is repaired, and every repair is logged and can be counted.

A plan is generated, checked, repaired, and checked again, a few times at most. A day has no gaps and no overlaps; every
entry is at a place that exists and lets the person in from its beginning to its end.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

import simpy

from agents.cognition.mind import Mind
from agents.cognition.placing import place_for
from agents.cognition.plan import Intention, filled, without_overlaps
from engine.kernel.clock import MINUTE

ROUNDS = 3
PATIENCE = 10 * MINUTE
"""Seconds that one waits at a place for it to open."""
SHORTEST = 10 * MINUTE
"""Seconds: shorter than this no part of an entry is planned elsewhere because its place is shut then."""


class Fault(Enum):
    """What can be wrong with an entry of a plan."""

    GAP = "gap"
    OVERLAP = "overlap"
    NOWHERE = "no such place"
    SHUT = "closed"
    OPENS = "opens later"
    CLOSES = "closes before"


def checked(
    me: Mind, intentions: Sequence[Intention], start: int, end: int
) -> Generator[simpy.Event, Any, list[Intention]]:
    """Return a plan of [start, end) without faults, as near to a given one as it comes.

    What is still wrong after `ROUNDS` rounds is done at home.
    """
    plan = sorted(intentions, key=lambda i: i.start)
    for _ in range(ROUNDS):
        faults = faults_of(me, plan, start, end)
        if not faults:
            return plan
        plan = yield from _repaired(me, plan, faults, start, end)
    shut = {number for number, fault in faults_of(me, plan, start, end)}
    return [replace(i, address=me.home) if number in shut else i for number, i in enumerate(plan)]


def faults_of(me: Mind, plan: Sequence[Intention], start: int, end: int) -> list[tuple[int, Fault]]:
    """Return what is wrong with a plan of [start, end): the number of an entry and the first fault that it has."""
    found = []
    reached = start
    for number, entry in enumerate(plan):
        until = plan[number + 1].start if number + 1 < len(plan) else end
        fault = _fault(me, entry, reached, until)
        if fault is not None:
            found.append((number, fault))
        reached = entry.end
    return found


def _fault(me: Mind, entry: Intention, reached: int, until: int) -> Fault | None:
    if entry.start < reached or entry.end > until:
        return Fault.OVERLAP
    if entry.start > reached or entry.end < until:
        return Fault.GAP
    if not me.body.exists(entry.address):
        return Fault.NOWHERE
    if not any(me.body.admits(entry.address, entry.start + wait) for wait in (0, PATIENCE)):
        opens = me.body.opens(entry.address, entry.start)
        return Fault.SHUT if opens is None or opens + SHORTEST > entry.end else Fault.OPENS
    closes = me.body.closes(entry.address, entry.start)
    return Fault.CLOSES if closes is not None and closes + SHORTEST <= entry.end else None


def _repaired(
    me: Mind, plan: Sequence[Intention], faults: Sequence[tuple[int, Fault]], start: int, end: int
) -> Generator[simpy.Event, Any, list[Intention]]:
    """Mend the faults of one round: first the times, then the places."""
    for number, fault in faults:
        me.think.decided("repair", "rule", f"{fault.value}: {plan[number].activity} at {plan[number].address}")
    if any(fault in (Fault.GAP, Fault.OVERLAP) for _, fault in faults):
        return filled(without_overlaps(plan, start, end), start, end)
    found = dict(faults)
    repaired: list[Intention] = []
    for number, entry in enumerate(plan):
        here = repaired[-1].address if repaired else me.body.address
        match found.get(number):
            case Fault.OPENS:
                opens = me.body.opens(entry.address, entry.start) or entry.end
                address = yield from place_for(me, entry.activity, entry.start, here)
                repaired += [replace(entry, end=opens, address=address), replace(entry, start=opens)]
            case Fault.CLOSES:
                closes = me.body.closes(entry.address, entry.start) or entry.end
                address = yield from place_for(me, entry.activity, closes, entry.address)
                repaired += [replace(entry, end=closes), replace(entry, start=closes, address=address)]
            case Fault.NOWHERE | Fault.SHUT:
                repaired.append(replace(entry, address=(yield from place_for(me, entry.activity, entry.start, here))))
            case _:
                repaired.append(entry)
    return repaired
