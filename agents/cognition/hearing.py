"""Taking in what one is told: it is remembered, news is passed on, and what one can go to may become an appointment.

Park et al. 2023, sections 3.4 and 4.3.2.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import simpy

from agents.cognition.mind import Mind, Topic
from agents.cognition.placing import place_for
from agents.cognition.plan import Intention, by_hours, with_appointment
from agents.cognition.speaking import share
from agents.cognition.talk import Talk, Utterance, after
from agents.cognition.thoughts import Asked, Lean
from agents.cognition.wording import clause
from agents.memory.stream import MemoryKind
from engine.kernel.clock import HOUR, MINUTE
from engine.record.events import Planned

INVITATION = Lean(
    "invitation",
    "whether to go to something one has heard of",
    "yes or no",
    Asked(
        ({"situation": "something is going on"}, {"situation": "people meet"}, {"situation": "there is news in town"}),
        {"situation": "something is going on"},
    ),
    low=("wants to be left alone and stays at home",),
    high=(),
    labels=("stays at home", "is sure to come"),
    gain=10,
)
"""The high pole is who the person is."""
Hearing = Generator[simpy.Event, Any, None]


def take_in(me: Mind, talk: Talk, line: Utterance) -> Hearing:
    """Remember what was told; pass on news later; decide whether to go where one can go."""
    topic = line.told
    if topic is None:
        return
    share(me, talk, topic)
    text = f"{line.speaker} told {me.name} that {clause(topic.gist)}"
    if after(line)[1] == me.name:
        yield from me.think.meanings("importance", [text, line.text])  # at once: what it brings to mind is asked next
    memories = yield from me.remember(MemoryKind.CHAT, [text], about=(line.speaker,))
    if topic.address:
        me.body.hear_of(topic.address)
    if not memories or not topic.is_news or not me.hear_news(replace(topic, source=line.speaker)):
        return
    if topic.start is not None and topic.start > me.lane.now:
        yield from _consider_going(me, topic, memories[0].number)


def _consider_going(me: Mind, topic: Topic, evidence: int) -> Hearing:
    """Decide by meaning whether to go: what the person likes against what it would miss.

    Who does without planning makes no appointments.
    """
    if not me.keeps(MemoryKind.PLAN):
        return
    who = f"{me.persona.traits}. {me.currently}"
    (lean,) = yield from me.think.lean(INVITATION, [topic.text], high=[who], who=who)
    start = topic.start or 0
    clashes = start < me.body.stays_until
    clashes |= any(i.fixed and i.start < start + HOUR and i.end > start for i in me.appointments)
    goes = lean >= 0 and not clashes
    me.think.decided("invitation", me.think.way_of(INVITATION), f"{'yes' if goes else 'no'}: {topic.text}")
    if not goes:
        return
    address = topic.address or (yield from place_for(me, topic.text, start, me.body.address))
    appointment = Intention(start, start + 90 * MINUTE, f"attending: {clause(topic.text)}", address)
    me.appointments.append(appointment)
    if start < me.bed_time(me.today):
        me.plan = by_hours(with_appointment(me.plan, appointment), me.clock.second_of_day(0))
        me.lane.emit(Planned("hour", tuple(i.entry() for i in me.plan if i.end > me.lane.now)))
    text = f"{me.name} is going to this: {clause(topic.text)}"
    yield from me.remember(MemoryKind.PLAN, [text], evidence=(evidence,))
