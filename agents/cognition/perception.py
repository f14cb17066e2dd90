"""Percepts are noted, to become memories: what is new, nearest first, within the bounds of attention.

Park et al. 2023; attention and retention as in the released code (facts of its behaviour, not its code).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from agents.cognition.alarm import notice
from agents.cognition.impulses import give_way
from agents.cognition.mind import Mind
from agents.cognition.voices import hear_voices
from agents.memory.stream import MemoryKind
from engine.contact import Percept, SawObject, SawPerson

ASLEEP = "sleeping"
"""What a sleeping person is seen to do."""


def perceive(me: Mind, percepts: Sequence[Percept]) -> Generator[simpy.Event, Any, list[SawPerson]]:
    """Take note of what is new (`Mind.note`); returns the people noticed, nearest first.

    That somebody uses an object is no memory of its own: it shows in what they are seen to do. Objects may call for
    doing something about them (`alarm`).
    """
    yield from hear_voices(me, percepts)
    yield from give_way(me, percepts)
    seen = [p for p in percepts if isinstance(p, SawPerson) or (isinstance(p, SawObject) and not p.used)]
    new = [percept for percept in seen if _is_new(me, percept)]
    taken_in = new[: me.settings.attention]
    for percept in taken_in:
        me.noticed.append(_trace(percept))
        about = (percept.name,) if isinstance(percept, SawPerson) else ()
        me.note(MemoryKind.OBSERVATION, as_text(me, percept), about)
    people = [percept for percept in taken_in if isinstance(percept, SawPerson)]
    yield from notice(me, [percept for percept in taken_in if isinstance(percept, SawObject)])
    return people


def _is_new(me: Mind, percept: SawPerson | SawObject) -> bool:
    return _trace(percept) not in me.noticed


def _trace(percept: SawPerson | SawObject) -> tuple[str, str]:
    if isinstance(percept, SawPerson):
        return percept.name, percept.doing
    return percept.address, percept.state


def as_text(me: Mind, percept: SawPerson | SawObject) -> str:
    """Return a percept as a sentence in the third person."""
    where = me.body.describe(percept.address)
    if isinstance(percept, SawPerson):
        if percept.doing.startswith(("walking to", "walking home")):
            return f"{percept.name} is {percept.doing}"
        return f"{percept.name} is {percept.doing or 'standing about'} in {where}"
    return f"{where[0].upper()}{where[1:]} is {percept.state}"
