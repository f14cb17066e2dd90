"""The life of an agent: sleep, plan, act, perceive, react, reflect, and so on every day."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import simpy

from agents.cognition import emoji
from agents.cognition.attending import attend, glance
from agents.cognition.going import go, turned_away
from agents.cognition.hearing import consider_going
from agents.cognition.identity import revise_identity
from agents.cognition.mind import Mind, Topic
from agents.cognition.perception import ASLEEP
from agents.cognition.placing import settle_in
from agents.cognition.plan import Intention
from agents.cognition.planning import SHORTEST_STEP, Step, improvise, plan_day, steps_for
from agents.cognition.reflection import is_due, reflect
from agents.cognition.rhythm import rhythm_of
from agents.cognition.upkeep import do_chores
from agents.cognition.wording import names
from agents.memory.stream import MemoryKind
from engine.contact import Refused, Use
from engine.kernel.clock import DAY, MINUTE
from engine.record.events import Planned

PLANNING, REFLECTING = 5 * MINUTE, 3 * MINUTE
"""Seconds that it takes to think about the day, and about what happened; meanwhile one notices and does nothing."""

Living = Generator[simpy.Event, Any, None]


def live(me: Mind) -> Living:
    """Live for ever. Can be begun again after a failure: what has been done is not done twice."""
    if not me.has_begun:
        yield from _come_to_life(me)
    while True:
        day = me.today
        if me.lane.now < me.wake_time(day):
            yield from _sleep(me, me.wake_time(day))
        if me.planned_day != day:
            lived_before = me.planned_day is not None
            me.planned_day = day
            me.body.engage([me.name], me.lane.now + PLANNING)
            if lived_before:
                yield from revise_identity(me)
            yield from plan_day(me, day)
            yield from me.lane.sleep(me.body.engaged_until)
        while me.lane.now < me.bed_time(day):
            yield from _next_intention(me, day)
        yield from me.sink_in()
        yield from _sleep(me, me.wake_time(day + 1))


def _come_to_life(me: Mind) -> Living:
    """Fill the memory stream with who the person is, and settle when it gets up and goes to bed."""
    persona = me.persona
    known = [f"{me.name} knows {name}, {relation}" for name, relation in persona.knows.items()]
    yield from me.remember(MemoryKind.OBSERVATION, [*persona.biography, persona.currently, *known])
    me.has_begun = True
    if persona.wakes is None or persona.sleeps is None:
        me.rhythm = yield from rhythm_of(me.think, persona.lifestyle, [habit.at for habit in persona.habits])
    for news in persona.news:
        memories = yield from me.remember(MemoryKind.OBSERVATION, [f"{me.name} knows that {news.text}"])
        if not memories:
            continue  # without a memory of it there is nothing to tell
        start = None if news.at is None else _next_time(me, news.at)
        end = None if start is None or news.until is None or news.at is None else start + (news.until - news.at) % DAY
        topic = Topic(news.text, news.text, me.name, True, start, me.address(news.where), end)
        me.news.append(topic)
        yield from consider_going(me, topic, memories[0].number, own=_is_about(me, news.text))
    me.unreflected = 0.0


def _is_about(me: Mind, text: str) -> bool:
    """Whether a text names the person, by the first name if nobody whom they know is meant."""
    others = any(names(text, other) for other in me.acquaintances)
    return names(text, me.name) or (names(text, me.first_name) and not others)


def _next_time(me: Mind, second_of_day: int) -> int:
    time = me.clock.time_of(me.clock.day(me.lane.now), second_of_day)
    return time if time >= me.lane.now else time + DAY


def _sleep(me: Mind, until: int) -> Living:
    """Go home to bed and sleep until a time; who comes home too late for that does not.

    Who is embodied meanwhile gets up for that, and goes back to bed if there is time left. A sleeper is deaf, but the
    times of all calls are known from the start on; that it sleeps only until then shows to nobody before.
    """
    while True:
        if (yield from _obey(me)) and me.lane.now >= until:
            return
        bed = yield from _go_to_bed(me)
        pause = min([until, *me.calls_ahead])
        if me.lane.now < pause:
            me.body.act(ASLEEP, "💤", until, bed)
            yield from me.lane.sleep(pause)
        called = any(time <= me.lane.now for time in me.calls_ahead)
        if me.lane.now >= until and not called:
            return


def _obey(me: Mind) -> Generator[simpy.Event, Any, bool]:
    """Do what somebody from outside wants who makes one get up, or keeps one up; returns whether somebody did."""
    began = me.lane.now
    while me.calls_ahead and me.calls_ahead[0] <= me.lane.now:
        answered, second = me.taken_over, me.lane.now
        while me.taken_over == answered and me.lane.now == second:
            yield from glance(me, second + 1)
        if me.taken_over == answered:
            me.taken_over += 1  # it was lost when the mind failed
    while any(entry.ordered and entry.start <= me.lane.now < entry.end for entry in me.plan):
        yield from _next_intention(me, me.today)
    return me.lane.now > began


def _go_to_bed(me: Mind) -> Generator[simpy.Event, Any, Use | None]:
    """Walk home to a bed that is free, as one sees when there; to none when all are taken."""
    tried: list[str] = []
    while beds := [bed for bed in _beds(me) if bed.address not in tried]:
        tried.append(beds[0].address)
        if (yield from _walk_home(me, beds[0].address)) and beds[0] in _beds(me):
            return beds[0]
    yield from _walk_home(me, me.home)
    return None


def _walk_home(me: Mind, address: str) -> Generator[simpy.Event, Any, bool]:
    """Walk to a place at home with eyes for nothing else; returns whether one has come there."""
    while (arrival := me.body.set_out(address)) != me.lane.now:
        if isinstance(arrival, Refused):
            return False
        me.body.act("walking home to bed", "🚶", arrival)
        yield from me.lane.sleep(arrival)
    return True


def _beds(me: Mind) -> list[Use]:
    """What there is at home to sleep in and is free."""
    return [use for use in me.uses(me.home) if "sleep" in use.activity]


def _next_intention(me: Mind, day: int) -> Living:
    """Do what the plan says for now, step by step; reflect when it is time."""
    yield from me.sink_in()
    plans = me.keeps(MemoryKind.PLAN)
    if not plans:  # what was planned before that is forgotten, but for what one does just now
        me.plan = [i for i in me.plan if i.start <= me.lane.now]
    intention = next((i for i in me.plan if i.start <= me.lane.now < i.end), None)
    if intention is None and not plans:
        intention = yield from improvise(me, me.bed_time(day))
    if intention is None:
        later = [i.start for i in me.plan if i.start > me.lane.now]
        end = min([*later, me.bed_time(day)])
        intention = Intention(me.lane.now, end, "taking it easy", me.home)
        me.plan.append(intention)
    intention = _begin_early(me, intention)
    intention = yield from settle_in(me, intention)
    for step in (yield from steps_for(me, intention)):
        if step.end <= me.lane.now:
            continue
        done = yield from _do(me, step, intention)
        if is_due(me):
            me.body.engage([me.name], me.lane.now + REFLECTING)
            yield from reflect(me)
            yield from me.lane.sleep(me.body.engaged_until)
        if not done or intention not in me.plan:
            return


def _begin_early(me: Mind, intention: Intention) -> Intention:
    """Return what to do now: what follows, if too little time is left of an intention for a step of it."""
    following = next((i for i in me.plan if i.start == intention.end and not i.ordered), None)
    if intention.ordered or following is None or intention.end - me.lane.now >= SHORTEST_STEP:
        return intention
    early = replace(following, start=me.lane.now)
    begun = replace(intention, end=me.lane.now)
    kept = [i for i in me.plan if i not in (intention, following)]
    me.plan = sorted([*kept, *([begun] if begun.end > begun.start else []), early], key=lambda i: i.start)
    me.lane.emit(Planned("hour", tuple(i.entry() for i in me.plan if i.end > me.lane.now)))
    return early


def _do(me: Mind, step: Step, intention: Intention) -> Generator[simpy.Event, Any, bool]:
    """Go to where a step takes place and do it until it ends or the plan has changed, with open eyes.

    Returns False when it is time to think again: somebody else has taken the object, one was not let in, the place
    closes, or one finds more to do there than was known.
    """
    while me.lane.now < step.end and intention in me.plan:
        yield from do_chores(me)
        refused = yield from go(me, step.address)
        if me.chores or me.lane.now >= step.end or intention not in me.plan:
            continue
        if refused is not None:
            yield from turned_away(me, step, intention, refused)
            return False
        uses = me.uses(step.address)
        if step.use not in uses and (step.use or (uses and not intention.ordered)):
            return False
        closes = me.body.closes(step.address, me.lane.now)
        until = step.end if closes is None else min(step.end, closes)
        there_until = me.there_until(intention)
        me.body.stay(intention.address, there_until if closes is None else min(there_until, closes))
        symbol = yield from emoji.for_activity(me, step.activity)
        me.body.act(step.activity, symbol, until, step.use)
        yield from attend(me, until)
    return True
