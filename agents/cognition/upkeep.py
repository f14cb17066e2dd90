"""Putting right what goes wrong: a stove left on, a tap left running. All of it is rule.

Who has noticed an object in a state that calls for it (`alarm`) goes and does with it what puts it right, and then goes
back to what it was doing. Where one lives or works, every state calls for it of which something comes, or has come.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from agents.cognition import emoji
from agents.cognition.attending import attend
from agents.cognition.going import go
from agents.cognition.mind import Mind
from agents.cognition.thoughts import Rule
from engine.contact import Use
from engine.kernel.clock import MINUTE

UPKEEP = Rule(
    "upkeep",
    "what to do with an object that goes wrong, to put it right",
    "the shortest of the things that put it right, if there are any",
    why="the map says what comes of each state of an object and what can be done with it",
)


def quickest(remedies: Sequence[Use]) -> Use:
    """Return what puts an object right soonest, the first of equals: one has something else to do."""
    return min(remedies, key=lambda use: use.minutes)


def do_chores(me: Mind) -> Generator[simpy.Event, Any, None]:
    """Put right what has been noticed; what one cannot come to, or what somebody else has seen to, is let be."""
    while me.chores:
        address = me.chores.pop(0)
        if (yield from go(me, address)) is not None:
            continue
        remedies = me.body.remedies(address)
        if not remedies:
            continue
        use = quickest(remedies)
        me.think.decided(UPKEEP.name, "rule", f"{use.activity}: {address}")
        symbol = yield from emoji.for_activity(me, use.activity)
        until = me.lane.now + use.minutes * MINUTE
        me.body.act(use.activity, symbol, until, use)
        yield from attend(me, until)
