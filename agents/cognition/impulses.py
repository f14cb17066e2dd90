"""Being embodied: somebody from outside decides what one does next (Park et al. 2023, section 3.1)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from agents.cognition.mind import Mind
from agents.cognition.plan import Intention, with_appointment
from agents.cognition.repair import change_plan
from agents.memory.stream import MemoryKind
from engine.contact import Impulse, Percept
from engine.kernel.clock import MINUTE


def give_way(me: Mind, percepts: Sequence[Percept]) -> Generator[simpy.Event, Any, None]:
    """Put what somebody from outside wants into the plan, from now on, and remember it as a plan of one's own.

    Where the agent has promised to stay for longer it begins afterwards. It goes before sleep.
    """
    for impulse in percepts:
        if not isinstance(impulse, Impulse):
            continue
        now = me.lane.now
        end = max(now, me.body.stays_until) + impulse.minutes * MINUTE
        me.body.hear_of(impulse.address)
        me.taken_over += 1
        order = Intention(now, end, impulse.activity, impulse.address, ordered=True)
        yield from change_plan(me, with_appointment(me.plan, order))
        places = [entry.address for entry in me.plan if entry.ordered and entry.end > now]
        where = me.body.describe(impulse.address if impulse.address in places else places[0])
        yield from me.remember(MemoryKind.PLAN, [f"{me.name} decides on {impulse.activity} in {where}"])
