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
from engine.phrases import listed, unlisted

ASLEEP = "sleeping"
"""What a sleeping person is seen to do."""
TALKING = "talking with"
"""What those who talk are seen to do, before the names of the others."""


def perceive(me: Mind, percepts: Sequence[Percept]) -> Generator[simpy.Event, Any, list[SawPerson]]:
    """Take note of what is new (`Mind.note`); returns the people noticed, nearest first.

    That somebody uses an object is no memory of its own: it shows in what they are seen to do. That several talk with
    each other is one. Objects may call for doing something about them (`alarm`).
    """
    yield from hear_voices(me, percepts)
    yield from give_way(me, percepts)
    seen = [p for p in percepts if isinstance(p, SawPerson) or (isinstance(p, SawObject) and not p.used)]
    new: dict[tuple[str, str], tuple[SawPerson | SawObject, tuple[str, ...]]] = {}
    for percept in seen:
        circle = _circle(me, percept) if isinstance(percept, SawPerson) else ()
        trace = _trace(percept, circle)
        if trace not in me.noticed:
            new.setdefault(trace, (percept, circle))
    taken_in = [*new.items()][: me.settings.attention]
    for trace, (percept, circle) in taken_in:
        me.noticed.append(trace)
        me.note(MemoryKind.OBSERVATION, as_text(me, percept), tuple(name for name in circle if name != me.name))
    yield from notice(me, [percept for _, (percept, _) in taken_in if isinstance(percept, SawObject)])
    return [percept for _, (percept, _) in taken_in if isinstance(percept, SawPerson)]


def _trace(percept: SawPerson | SawObject, circle: Sequence[str]) -> tuple[str, str]:
    """Return what makes a percept the same as another one: of a talk, who is in it, whoever of them is seen."""
    if isinstance(percept, SawObject):
        return percept.address, percept.state
    return (percept.name, percept.doing) if len(circle) == 1 else (TALKING, listed(sorted(circle)))


def _circle(me: Mind, percept: SawPerson) -> tuple[str, ...]:
    """Return who is seen, and after that with whom they talk, if these are in sight, too."""
    others = percept.doing.removeprefix(f"{TALKING} ")
    if others == percept.doing:
        return (percept.name,)
    there = {person.name for person in me.body.people()} | {me.name}
    names = unlisted(others)
    return (percept.name, *names) if there.issuperset(names) else (percept.name,)


def as_text(me: Mind, percept: SawPerson | SawObject) -> str:
    """Return a percept as a sentence in the third person."""
    where = me.body.describe(percept.address)
    if isinstance(percept, SawPerson):
        if percept.doing.startswith(("walking to", "walking home")):
            return f"{percept.name} is {percept.doing}"
        return f"{percept.name} is {percept.doing or 'standing about'} in {where}"
    return f"{where[0].upper()}{where[1:]} is {percept.state}"
