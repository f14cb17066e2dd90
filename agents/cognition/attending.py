"""Letting time pass with open eyes and ears."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from agents.cognition import meeting
from agents.cognition.mind import Mind
from agents.cognition.perception import perceive
from agents.cognition.reaction import whom_to_talk_to
from engine.contact import Percept, SawPerson

Attending = Generator[simpy.Event, Any, bool]


def attend(me: Mind, until: int) -> Attending:
    """Let time pass until a time, or until something takes one away from what one does; returns whether that came.

    That is a conversation, which is over then, a chore, which is still to be done (`Mind.chores`), an object that
    nothing is to be done with (`Mind.alarmed`), or something else that somebody from outside makes one do
    (`Mind.taken_over`).
    """
    while me.lane.now < until:
        if (yield from glance(me, until)):
            return True
    return False


def glance(me: Mind, until: int) -> Attending:
    """Let time pass until something is noticed, at the latest until a time; returns whether it takes one away."""
    percepts = yield from me.body.wait(until)
    return (yield from _react(me, percepts))


def _react(me: Mind, percepts: Sequence[Percept]) -> Attending:
    before = me.taken_over
    taken_away = yield from _respond(me, percepts)
    return taken_away or me.taken_over != before


def _respond(me: Mind, percepts: Sequence[Percept]) -> Attending:
    before = me.taken_over
    chores = len(me.chores)
    people = yield from perceive(me, percepts)
    if (yield from meeting.answer_hails(me, percepts, lambda name: _seen_doing(me, name))):
        return True
    if len(me.chores) > chores or me.lane.now in me.alarmed.values():
        return True
    if me.taken_over != before:
        return True
    partners = yield from whom_to_talk_to(me, people)
    return bool(partners) and (yield from meeting.begin(me, partners))


def _seen_doing(me: Mind, name: str) -> str:
    seen: SawPerson | None = next((person for person in me.body.people() if person.name == name), None)
    return seen.doing if seen else ""
