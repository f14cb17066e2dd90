"""Taking in what one is told: it is remembered, news is passed on, and what one can go to may become an appointment.

Park et al. 2023, sections 3.4 and 4.3.2.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import simpy

from agents.cognition.mind import Decision, Mind, Topic
from agents.cognition.placing import place_for, sector
from agents.cognition.plan import Intention, by_hours, with_appointment
from agents.cognition.relations import opinion_of
from agents.cognition.repair import SHORTEST, change_plan
from agents.cognition.speaking import share
from agents.cognition.talk import Talk, Utterance, after
from agents.cognition.thoughts import Asked, Lean
from agents.cognition.wording import clause, names
from agents.memory.stream import MemoryKind
from engine.kernel.clock import DAY, HOUR, MINUTE

INVITATION = Lean(
    "invitation",
    "whether to go to something one has heard of",
    "yes or no",
    Asked(
        ({"what": "something is going on"}, {"what": "people meet"}, {"what": "there is news in town"}),
        {"what": "something is going on"},
    ),
    low=(
        "somebody who wants to be left alone and keeps away from people",
        "somebody who dislikes, hates or avoids the host",
        "somebody who is ill, exhausted or in mourning",
        "somebody who thinks that such things are a waste of time",
        "somebody who is scornful, mean or bored",
        "somebody who has no time and must finish something",
    ),
    high=(
        "somebody who likes people and good company",
        "a friend, neighbour or relative of the host",
        "somebody lively and kind who is busy with plans of their own",
        "somebody who loves just such things",
    ),
    labels=("stays at home", "is sure to come"),
    gain=10,
)
"""What is judged is who the person is, and how they stand with those who are named."""
_IN_THE_LOG = {
    Decision.COMES: "yes",
    Decision.STAYS: "no",
    Decision.HAS_TO_DO: "no",
    Decision.SHUT: "no, closed then",
}
VISIT = 90 * MINUTE
"""Seconds that one means to stay."""
Hearing = Generator[simpy.Event, Any, None]


def take_in(me: Mind, talk: Talk, line: Utterance) -> Hearing:
    """Remember what was told, and promised; pass on news later; decide whether to go where one can go."""
    if line.promise:
        me.note(MemoryKind.CHAT, f"{line.speaker} told {me.name} that {line.promise}", (line.speaker,))
    topic = line.told
    if topic is None:
        return
    share(me, talk, topic)
    text = f"{line.speaker} told {me.name} that {clause(topic.gist)}"
    if topic.address:
        me.body.hear_of(topic.address)
    if not topic.is_news:
        me.note(MemoryKind.CHAT, text, (line.speaker,))
        return
    if after(line)[1] == me.name:
        yield from me.sink_in([text, line.text])  # at once: what it brings to mind is asked next
    memories = yield from me.remember(MemoryKind.CHAT, [text], about=(line.speaker,))
    if not memories or not me.hear_news(replace(topic, source=line.speaker)):
        return
    yield from consider_going(me, topic, memories[0].number)


def consider_going(me: Mind, topic: Topic, evidence: int, *, own: bool = False) -> Hearing:
    """Decide whether to go to what is still to come, and make an appointment of it.

    To one's `own` idea one goes in any case, and whom a habit takes there is there anyway. Else whoever has something
    else to do then does not, and neither does who would stand before a shut door (`visit`); of all others it depends on
    who one is. Who does without planning makes no appointments.
    """
    if topic.start is None or topic.start <= me.lane.now or not me.keeps(MemoryKind.PLAN):
        return
    anyway = own or _is_routine(me, topic.start, topic.address)
    if not anyway and _has_to_do(me, topic.start, topic.address):
        _decide(me, topic, Decision.HAS_TO_DO)
        return
    if topic.address and visit(me, topic, topic.address, own=own) is None:
        _decide(me, topic, Decision.SHUT)
        return
    if anyway:
        _decide(me, topic, Decision.COMES)
    else:
        (lean,) = yield from me.think.lean(INVITATION, [_as_invited(me, topic)], what=topic.text)
        _decide(me, topic, Decision.COMES if lean >= 0 else Decision.STAYS, me.think.way_of(INVITATION))
        if lean < 0:
            return
    if _is_routine(me, topic.start, topic.address) or (yield from _make_appointment(me, topic, own=own)):
        text = f"{me.name} is going to this: {clause(topic.text)}"
        yield from me.remember(MemoryKind.PLAN, [text], evidence=(evidence,))


def _make_appointment(me: Mind, topic: Topic, *, own: bool) -> Generator[simpy.Event, Any, bool]:
    """Keep the time of something free, today's plan included; returns whether one can be there."""
    address = topic.address or (yield from place_for(me, topic.text, topic.start or 0, me.body.address))
    appointment = visit(me, topic, address, own=own)
    if appointment is None:
        return False
    me.appointments.append(appointment)
    bed_time = me.bed_time(me.today)
    if me.planned_day == me.today and appointment.start < bed_time:
        today = replace(appointment, end=min(appointment.end, bed_time))
        yield from change_plan(me, by_hours(with_appointment(me.plan, today), me.clock.second_of_day(0)))
    return True


def _decide(me: Mind, topic: Topic, decision: Decision, way: str = "rule") -> None:
    """Settle whether one goes to something. Who is told of it again gives the same answer."""
    me.decisions[topic.text] = decision
    me.think.decided(INVITATION.name, way, f"{_IN_THE_LOG[decision]}: {topic.text}")


def visit(me: Mind, topic: Topic, address: str, *, own: bool) -> Intention | None:
    """Return when one can be where something takes place: from its beginning, or from when the place opens.

    A guest means to stay for `VISIT` at most, and nobody longer than the place is open. None where no time is left.
    """
    start = topic.start or 0
    end = start + VISIT if topic.end is None else topic.end if own else min(topic.end, start + VISIT)
    if not me.body.admits(address, start):
        start = me.body.opens(address, start) or end
    closes = me.body.closes(address, start)
    end = end if closes is None else min(end, closes)
    return Intention(start, end, f"attending: {clause(topic.text)}", address) if start + SHORTEST <= end else None


def _has_to_do(me: Mind, start: int, address: str) -> bool:
    """Whether one has promised to be elsewhere in the hour from `start`, is made to, or is at work for half a visit."""
    promised = [*me.appointments, *(i for i in me.plan if i.ordered)]
    if start < me.body.stays_until or any(i.start < start + HOUR and i.end > start for i in promised):
        return True
    work, begin = sector(me.address(me.persona.work)), me.clock.second_of_day(start)
    if not work or work == sector(address):
        return False
    duties = [habit for habit in me.persona.habits if sector(me.address(habit.where)) == work]
    return any(min(h.at + h.minutes * MINUTE, begin + VISIT) - max(h.at, begin) >= VISIT // 2 for h in duties)


def _is_routine(me: Mind, start: int, address: str) -> bool:
    """Whether a habit takes one to a place by the time when something begins there, and keeps one there."""
    second = me.clock.second_of_day(start)
    habits = [habit for habit in me.persona.habits if address and me.address(habit.where) == address]
    return any((second - habit.at) % DAY < habit.minutes * MINUTE for habit in habits)


def _as_invited(me: Mind, topic: Topic) -> str:
    """Who one is, and how one stands with the people whom a topic names."""
    known = [name for name in me.acquaintances if names(topic.text, name)]
    relations = [f"{name} is {relation}" for name in known if (relation := me.acquaintance(name).relation)]
    opinions = [opinion for name in known if (opinion := opinion_of(me, name))]
    return ". ".join(map(clause, [me.persona.traits, me.currently, *relations, *opinions]))
