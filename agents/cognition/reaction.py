"""Whether to stop and talk with somebody who is in sight."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from math import exp
from typing import Any

import simpy

from agents.cognition.mind import Mind
from agents.cognition.perception import ASLEEP
from agents.cognition.thoughts import Asked, Lean, Rule
from agents.cognition.topics import RECALLED, topics_for
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
CLOSENESS = 1.0
"""What speaks for talking with somebody one knows, in logits."""
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
WHOM = Rule(
    "whom",
    "with whom of several people in sight one would rather talk",
    "one of them",
    why="it follows from the numbers of `talk` and from who is known",
)


def whom_to_talk_to(me: Mind, people: Sequence[SawPerson]) -> Generator[simpy.Event, Any, list[SawPerson]]:
    """Decide whether to talk with one of the people noticed, and with whom, and with which of those who stand there.

    Rules exclude the sleeping, those talked with lately and the time before bed. Of the others the most inviting one is
    considered; then meaning decides: how approachable what the two are doing is, how well they know each other, and
    whether there is something to tell. Where that is a yes, so are those considered who stand with them.
    """
    candidates = [person for person in people if _may_talk(me, person)]
    if not candidates:
        return []
    person = candidates[0]
    doings = [*map(_doing, candidates), _my_doing(me)]
    if not me.think.knows(doings):
        yield from me.sink_in(doings, TALK.name)  # all at once; below they are looked up
    if len(candidates) > 1:
        open_to_talk = yield from me.think.lean(TALK, [_doing(candidate) for candidate in candidates])
        known = [bool(me.acquaintance(candidate.name).relation) for candidate in candidates]
        person = candidates[most_inviting(open_to_talk, known)]
    if not (yield from _would_talk(me, person)):
        return []
    partners = [person]
    beside = {each.name: each for each in me.body.people()}
    for name in me.body.company(person.name):
        if len(partners) + 1 >= me.settings.conversation_speakers:
            break
        if _may_talk(me, beside[name]) and (yield from _would_talk(me, beside[name])):
            partners.append(beside[name])
    return partners


def _would_talk(me: Mind, person: SawPerson) -> Generator[simpy.Event, Any, bool]:
    """Draw a lot; the probability that is logged counts what there is to tell only where the lot hangs on that."""
    lot = me.lane.dice("talk").random()
    openness = yield from me.think.lean(TALK, [_doing(person), _my_doing(me)])
    known = bool(me.acquaintance(person.name).relation)
    inclination = inclination_to_talk(openness, known=known, something_to_tell=False)
    at_best = inclination_to_talk(openness, known=known, something_to_tell=True)
    if inclination <= lot < at_best:
        memories = yield from me.recall("topic", person.name, RECALLED)
        inclination = at_best if topics_for(me, [person.name], memories) else inclination
    talks = lot < inclination
    me.think.decided("talk", me.think.way_of(TALK), f"{'yes' if talks else 'no'}: {person.name} ({inclination:.2f})")
    return talks


def _may_talk(me: Mind, person: SawPerson) -> bool:
    last = me.acquaintance(person.name).last_talk
    rested = last is None or me.lane.now - last >= me.settings.conversation_cooldown
    before_bed = me.lane.now + 30 * MINUTE < me.bed_time(me.today)
    return person.doing != ASLEEP and rested and before_bed and me.body.can_approach(person.name)


def _doing(person: SawPerson) -> str:
    return person.doing or "standing about"


def _my_doing(me: Mind) -> str:
    return me.lane.activity or "standing about"


def most_inviting(openness: Sequence[float], known: Sequence[bool]) -> int:
    """Return with whom of several people one would rather talk: by what they are doing, and if one knows them.

    Of equals the first one: the nearest.
    """
    scores = [TALK.gain * lean + CLOSENESS * is_known for lean, is_known in zip(openness, known, strict=True)]
    return scores.index(max(scores))


def inclination_to_talk(openness: Sequence[float], *, known: bool, something_to_tell: bool) -> float:
    """Return the probability that one stops and talks: a logistic curve over how open to it what both are doing is,
    and what speaks for it (`readiness`).
    """
    return 1 / (1 + exp(-(TALK.gain * sum(openness) + readiness(known=known, something_to_tell=something_to_tell))))


def readiness(*, known: bool, something_to_tell: bool) -> float:
    """Return what speaks for talking (in logits) whatever the two are doing."""
    return (CLOSENESS if known else 0.0) + (1.0 if something_to_tell else 0.0) - 1.2
