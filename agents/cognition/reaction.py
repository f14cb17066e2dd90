"""Whether to stop and talk with somebody who is in sight."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from math import exp
from typing import Any

import simpy

from agents.cognition.mind import Mind
from agents.cognition.perception import ASLEEP
from agents.cognition.thoughts import Asked, Lean
from agents.cognition.topics import topics_for
from engine.contact import SawPerson
from engine.kernel.clock import MINUTE

APPROACHABLE = (
    "chatting with people, serving guests or customers",
    "taking a break, eating, drinking coffee, relaxing or strolling about",
    "waiting, looking around, reading the newspaper",
)
ABSORBED = (
    "concentrating hard on difficult work",
    "teaching a class or holding a meeting",
    "showering, washing, dressing or using the toilet",
    "running late and hurrying",
)
TALK = Lean(
    "talk",
    "whether to stop and talk with somebody in sight",
    "yes or no, drawn with a probability",
    Asked(
        ({"situation": "doing something"}, {"situation": "standing about"}, {"situation": "working"}),
        {"situation": "doing something"},
    ),
    low=ABSORBED,
    high=APPROACHABLE,
    labels=("too busy to talk with anybody", "happy to have a chat"),
    gain=4,
)


def whom_to_talk_to(me: Mind, people: Sequence[SawPerson]) -> Generator[simpy.Event, Any, SawPerson | None]:
    """Decide whether to talk with one of the people noticed, and with whom; at most one is considered.

    Rules exclude the sleeping, those talked with lately and the time before bed; then meaning decides: how approachable
    what the two are doing is, how well they know each other, and whether there is something to tell.
    """
    candidates = [person for person in people if _may_talk(me, person)]
    if not candidates:
        return None
    person = candidates[0]
    inclination = yield from _inclination(me, person)
    talks = me.lane.dice("talk").random() < inclination
    me.think.decided("talk", me.think.way_of(TALK), f"{'yes' if talks else 'no'}: {person.name} ({inclination:.2f})")
    return person if talks else None


def _may_talk(me: Mind, person: SawPerson) -> bool:
    last = me.acquaintance(person.name).last_talk
    rested = last is None or me.lane.now - last >= me.settings.conversation_cooldown
    before_bed = me.lane.now + 30 * MINUTE < me.bed_time(me.today)
    return person.doing != ASLEEP and rested and before_bed and me.body.can_approach(person.name)


def _inclination(me: Mind, person: SawPerson) -> Generator[simpy.Event, Any, float]:
    doing = [person.doing or "standing about", me.lane.activity or "standing about"]
    openness = yield from me.think.lean(TALK, doing)
    topics = yield from topics_for(me, person.name, person.name)
    known = bool(me.acquaintance(person.name).relation)
    return 1 / (1 + exp(-(TALK.gain * sum(openness) + readiness(known=known, something_to_tell=bool(topics)))))


def readiness(*, known: bool, something_to_tell: bool) -> float:
    """Return what speaks for talking (in logits) whatever the two are doing."""
    closeness = 1.0 if known else 0.0
    return closeness + (1.0 if something_to_tell else 0.0) - 1.2
