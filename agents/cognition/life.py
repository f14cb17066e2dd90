"""The life of an agent: sleep, plan, act, perceive, react, reflect, and so on every day."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from agents.cognition import emoji, meeting
from agents.cognition.mind import Mind, Topic
from agents.cognition.perception import ASLEEP, perceive
from agents.cognition.plan import Intention
from agents.cognition.planning import Step, plan_day, steps_for
from agents.cognition.reaction import whom_to_talk_to
from agents.cognition.reflection import is_due, reflect
from agents.cognition.rhythm import rhythm_of
from agents.memory.stream import MemoryKind
from engine.contact import Percept, SawPerson, Use
from engine.kernel.clock import DAY, MINUTE

PLANNING, REFLECTING = 5 * MINUTE, 3 * MINUTE
"""Seconds that it takes to think about the day, and about what happened; meanwhile one notices and does nothing."""

Living = Generator[simpy.Event, Any, None]


def live(me: Mind) -> Living:
    """Live for ever. Can be begun again after a failure: what has been done is not done twice."""
    if not len(me.stream):
        yield from _come_to_life(me)
    while True:
        day = me.today
        if me.lane.now < me.wake_time(day):
            yield from _sleep(me, me.wake_time(day))
        if me.planned_day != day:
            me.planned_day = day
            me.body.engage(me.name, me.lane.now + PLANNING)
            yield from plan_day(me, day)
            yield from me.lane.sleep(me.body.engaged_until)
        while me.lane.now < me.bed_time(day):
            yield from _next_intention(me, day)
        yield from _sleep(me, me.wake_time(day + 1))


def _come_to_life(me: Mind) -> Living:
    """Fill the memory stream with who the person is, and settle when it gets up and goes to bed."""
    persona = me.persona
    known = [f"{me.name} knows {name}, {relation}" for name, relation in persona.knows.items()]
    yield from me.remember(MemoryKind.OBSERVATION, [*persona.biography, persona.currently, *known])
    for news in persona.news:
        yield from me.remember(MemoryKind.OBSERVATION, [f"{me.name} knows that {news.text}"])
        start = None if news.at is None else _next_time(me, news.at)
        me.news.append(Topic(news.text, news.text, me.name, True, start, me.address(news.where)))
    me.unreflected = 0.0
    if persona.wakes is None or persona.sleeps is None:
        me.rhythm = yield from rhythm_of(me.think, persona.lifestyle)


def _next_time(me: Mind, second_of_day: int) -> int:
    time = me.clock.time_of(me.clock.day(me.lane.now), second_of_day)
    return time if time >= me.lane.now else time + DAY


def _sleep(me: Mind, until: int) -> Living:
    """Go home to bed and sleep until a time; who comes home too late for that does not."""
    bed = yield from _go_to_bed(me)
    if me.lane.now < until:
        me.body.act(ASLEEP, "💤", until, bed)
        yield from me.lane.sleep(until)


def _go_to_bed(me: Mind) -> Generator[simpy.Event, Any, Use | None]:
    """Walk home to a bed that is free, as one sees when there; to none when all are taken."""
    tried: list[str] = []
    while beds := [bed for bed in _beds(me) if bed.address not in tried]:
        tried.append(beds[0].address)
        yield from _walk_home(me, beds[0].address)
        if beds[0] in _beds(me):
            return beds[0]
    yield from _walk_home(me, me.home)
    return None


def _walk_home(me: Mind, address: str) -> Living:
    arrival = me.body.set_out(address)
    if arrival > me.lane.now:
        me.body.act("walking home to bed", "🚶", arrival)
        yield from me.lane.sleep(arrival)


def _beds(me: Mind) -> list[Use]:
    """What there is at home to sleep in and is free."""
    return [use for use in me.body.uses(me.home) if "sleep" in use.activity]


def _next_intention(me: Mind, day: int) -> Living:
    """Do what the plan says for now, step by step; reflect when it is time."""
    intention = next((i for i in me.plan if i.start <= me.lane.now < i.end), None)
    if intention is None:
        later = [i.start for i in me.plan if i.start > me.lane.now]
        end = min([*later, me.bed_time(day)])
        intention = Intention(me.lane.now, end, "taking it easy", me.home)
        me.plan.append(intention)
    for step in (yield from steps_for(me, intention)):
        if step.end <= me.lane.now:
            continue
        done = yield from _do(me, step, intention)
        if is_due(me):
            me.body.engage(me.name, me.lane.now + REFLECTING)
            yield from reflect(me)
            yield from me.lane.sleep(me.body.engaged_until)
        if not done or intention not in me.plan:
            return


def _do(me: Mind, step: Step, intention: Intention) -> Generator[simpy.Event, Any, bool]:
    """Walk to where a step takes place and do it until it ends or the plan has changed, with open eyes.

    Returns False when somebody else has taken the object: then it is time to think again.
    """
    while (arrival := me.body.set_out(step.address)) > me.lane.now:
        me.body.act(f"walking to {me.body.describe(_arena(step.address))}", "🚶", arrival)
        if not (yield from _attend(me, arrival)):
            yield from _attend(me, me.body.make_room(step.address))
            break
    me.body.stay(intention.address, me.there_until(intention))
    symbol = yield from emoji.for_activity(me, step.activity)
    while me.lane.now < step.end and intention in me.plan:
        if step.use is not None and step.use not in me.body.uses(step.address):
            return False
        me.body.act(step.activity, symbol, step.end, step.use)
        yield from _attend(me, step.end)
    return True


def _arena(address: str) -> str:
    return ":".join(address.split(":")[:3])


def _attend(me: Mind, until: int) -> Generator[simpy.Event, Any, bool]:
    """Let time pass with open eyes and ears, until a time or until a conversation has taken place (True)."""
    while me.lane.now < until:
        percepts = yield from me.body.wait(until)
        if (yield from _react(me, percepts)):
            return True
    return False


def _react(me: Mind, percepts: Sequence[Percept]) -> Generator[simpy.Event, Any, bool]:
    people = yield from perceive(me, percepts)
    if (yield from meeting.answer_hails(me, percepts, lambda name: _seen_doing(me, name))):
        return True
    partner = yield from whom_to_talk_to(me, people)
    if partner is None:
        return False
    return (yield from meeting.begin(me, partner.name, partner.doing))


def _seen_doing(me: Mind, name: str) -> str:
    seen: SawPerson | None = next((person for person in me.body.people() if person.name == name), None)
    return seen.doing if seen else ""
