"""Holding a plan against the world: what does not hold is repaired, and every repair is logged and can be counted.

Plans have neither gaps nor overlaps, and name places that exist, by the way in which they are made (`plan`). What
cannot be known before is whether a place lets one in for as long as one has in mind to be there. So a plan is checked,
repaired and checked again, a few times at most.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

import simpy

from agents.cognition.mind import Mind
from agents.cognition.placing import place_for
from agents.cognition.plan import PATIENCE, Intention
from agents.cognition.thoughts import Rule
from engine.kernel.clock import MINUTE
from engine.record.events import Planned

ROUNDS = 3
SHORTEST = 10 * MINUTE
"""Seconds: shorter than this no part of an entry is planned elsewhere because its place is shut then."""
REPAIR = Rule(
    "repair",
    "what to do about a place that is shut when the plan wants one to be there",
    "another place, for all of that time or a part of it",
    why="opening hours are known",
)


class Fault(Enum):
    """What can be wrong with an entry of a plan."""

    SHUT = "closed"
    OPENS = "opens later"
    CLOSES = "closes before"


def checked(me: Mind, plan: Sequence[Intention]) -> Generator[simpy.Event, Any, list[Intention]]:
    """Return a plan for the same time without faults, as near to a given one as it comes.

    What is still wrong after `ROUNDS` rounds is done at home.
    """
    plan = list(plan)
    for _ in range(ROUNDS):
        faults = faults_of(me, plan)
        if not faults:
            return plan
        plan = yield from _repaired(me, plan, faults)
    faults = faults_of(me, plan)
    return [replace(entry, address=me.home) if number in faults else entry for number, entry in enumerate(plan)]


def change_plan(me: Mind, plan: Sequence[Intention]) -> Generator[simpy.Event, Any, None]:
    """Take up a plan that has changed: what is left of it is held against the world as a new one is, and logged."""
    now = me.lane.now
    left = yield from checked(me, [entry for entry in plan if entry.end > now])
    me.plan = [*(entry for entry in plan if entry.end <= now), *left]
    me.lane.emit(Planned("hour", tuple(entry.entry() for entry in left)))


def faults_of(me: Mind, plan: Sequence[Intention]) -> dict[int, Fault]:
    """Return what is wrong with a plan, by the numbers of its entries."""
    found = ((number, _fault(me, entry)) for number, entry in enumerate(plan))
    return {number: fault for number, fault in found if fault is not None}


def _fault(me: Mind, entry: Intention) -> Fault | None:
    if not me.body.admits(entry.address, entry.start):
        opens = me.body.opens(entry.address, entry.start)
        if opens is None or opens > entry.end:
            return Fault.SHUT
        if opens > entry.start + PATIENCE:
            return Fault.SHUT if opens + SHORTEST > entry.end else Fault.OPENS
    closes = me.body.closes(entry.address, entry.start)
    return Fault.CLOSES if closes is not None and closes + SHORTEST <= entry.end else None


def _repaired(
    me: Mind, plan: Sequence[Intention], faults: Mapping[int, Fault]
) -> Generator[simpy.Event, Any, list[Intention]]:
    """Mend the faults of one round."""
    repaired: list[Intention] = []
    for number, entry in enumerate(plan):
        fault = faults.get(number)
        if fault is None:
            repaired.append(entry)
            continue
        me.think.decided(REPAIR.name, "rule", f"{fault.value}: {entry.activity} at {entry.address}")
        here = repaired[-1].address if repaired else me.body.address
        begin, end = entry.start, entry.end
        if fault is Fault.OPENS:
            end = me.body.opens(entry.address, entry.start) or entry.end
        elif fault is Fault.CLOSES:
            begin, here = me.body.closes(entry.address, entry.start) or entry.start, entry.address
        address = yield from place_for(me, entry.activity, begin, here)
        elsewhere = replace(entry, start=begin, end=end, address=address)
        pieces = replace(entry, end=begin), elsewhere, replace(entry, start=end)
        repaired += [piece for piece in pieces if piece.end > piece.start]
    return repaired
