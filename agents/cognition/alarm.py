"""Objects that call for somebody: a breakfast that burns, a pipe that has burst (Park et al. 2023, section 4.3.1).

States in which objects are left as a rule call for nobody. What goes wrong where one lives or works is put right in
any case (`upkeep`). With all else it depends on how alarming it looks. What alarms is put right by who notices it,
where the map knows what helps; where it does not, one does not use the object for a while, plans anew what was to be
done with it, and tells others of it. A stove with a pan on it is nothing to tell, though by the time one thinks of it
somebody may cook at it, or it may be out of sight.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from agents.cognition.mind import Mind, Topic
from agents.cognition.thoughts import Asked, Lean
from agents.memory.stream import MemoryKind
from engine.contact import SawObject

ALARM = Lean(
    "alarm",
    "whether the state of an object in sight calls for doing something about it at once",
    "yes or no",
    Asked(
        ({"situation": "The cup is blue"}, {"situation": "The chair is in the room"}, {"situation": "The box is here"}),
        {"situation": "Something is there"},
    ),
    low=(
        "something is clean, tidy and ready to be used",
        "something is warm, lit, open or in use as on every day",
        "something is empty, cold, closed or switched off",
    ),
    high=(
        "something is on fire, burning or full of smoke",
        "something is broken, smashed or dangerous",
        "something is leaking, overflowing or flooded with water",
    ),
    labels=("as it should be", "an emergency"),
    gain=10,
)


def notice(me: Mind, objects: Sequence[SawObject]) -> Generator[simpy.Event, Any, None]:
    """Decide what to do about objects that were noticed in a state that is not their usual one.

    Of an object that was noticed several times the last state counts.
    """
    unexpected: list[SawObject] = []
    chores = len(me.chores)
    for seen in {seen.address: seen for seen in objects}.values():
        if me.body.is_expected(seen.address, seen.state):
            _calm_down(me, seen.address)
        elif me.body.cares_for(seen.address) and me.body.remedies(seen.address):
            me.chores.append(seen.address)
        else:
            unexpected.append(seen)
    if unexpected or len(me.chores) > chores:
        yield from me.sink_in()  # what is out of the ordinary is kept at once
    for seen in unexpected:
        _calm_down(me, seen.address)
    open_ = [seen for seen in unexpected if _can_be_helped(me, seen) or _is_beyond_help(me, seen)]
    if not open_:
        return
    leans = yield from me.think.lean(ALARM, [in_words(seen) for seen in open_])
    for seen, lean in zip(open_, leans, strict=True):
        alarms = lean > 0
        me.think.decided(ALARM.name, me.think.way_of(ALARM), f"{'yes' if alarms else 'no'}: {in_words(seen)}")
        if alarms and _can_be_helped(me, seen):
            me.chores.append(seen.address)
        elif alarms and _is_beyond_help(me, seen):
            me.alarmed[seen.address] = me.lane.now
            text = f"{me.body.describe(seen.address)} is {seen.state}"
            if me.keeps(MemoryKind.OBSERVATION):
                me.hear_news(Topic(text, text, me.name, is_news=True, address=seen.address))


def _can_be_helped(me: Mind, seen: SawObject) -> bool:
    """Whether one could put it right oneself, now."""
    return bool(me.body.remedies(seen.address))


def _is_beyond_help(me: Mind, seen: SawObject) -> bool:
    """Whether nobody knows what helps."""
    return not me.body.has_remedy(seen.address, seen.state)


def _calm_down(me: Mind, address: str) -> None:
    """Be alarmed no more by an object, and tell nobody of it any more."""
    if me.alarmed.pop(address, None) is not None:
        me.news = [topic for topic in me.news if topic.address != address]


def in_words(seen: SawObject) -> str:
    """Return the state of an object as the thought judges it: without saying where it stands."""
    return f"The {seen.name} is {seen.state}"
