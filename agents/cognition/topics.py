"""What there is to tell somebody: news first, then what one has seen of others, then one's own plans."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from agents.cognition.mind import Mind, Topic
from agents.cognition.thoughts import Rule
from agents.cognition.wording import clause, names
from agents.memory.stream import Memory, MemoryKind

RECALLED = 30
"""How many memories come to mind; the released code of the paper retrieves as many."""

TOPIC = Rule(
    "topic",
    "what to tell somebody",
    "news, then what comes to mind (`recall`), then plans; nothing that the two have shared",
    why="a small model never delivers news; what comes to mind is decided by `recall`",
)


def topics_for(me: Mind, other: str, about: str) -> Generator[simpy.Event, Any, list[Topic]]:
    """Return what the agent could tell another one now, best first; nothing that the two have already shared.

    `about` is what brings memories to mind: the line just heard, or whom one meets.
    """
    told = me.acquaintance(other).told
    news = [topic for topic in me.news if topic.source != other and _is_coming(me, topic)]
    seen = yield from _seen(me, other, about)
    return [topic for topic in [*news, *seen, *_planned(me)] if topic.text not in told]


def _is_coming(me: Mind, topic: Topic) -> bool:
    return topic.start is None or topic.start > me.lane.now


def _seen(me: Mind, other: str, about: str) -> Generator[simpy.Event, Any, list[Topic]]:
    """The observation of a third person that comes to mind first."""
    memories = yield from me.recall("topic", about, RECALLED)
    telling = (m for m in memories if m.kind is MemoryKind.OBSERVATION and _tells(me, m, other))
    best = next(telling, None)
    if best is None:
        return []
    seen = _past(clause(best.text))
    return [Topic(f"I saw that {seen}", seen, me.name)]


def _tells(me: Mind, memory: Memory, other: str) -> bool:
    """Whether it is about a third person alone: who talked with one of the two is no news to them."""
    of_the_two = names(memory.text, me.name) or names(memory.text, other)
    on_the_way = " is walking to " in memory.text or " is walking home " in memory.text
    return bool(memory.about) and not of_the_two and not on_the_way


def _past(text: str) -> str:
    return text.replace(" is ", " was ", 1)


def _planned(me: Mind) -> list[Topic]:
    """What comes later today."""
    later = [i for i in me.plan if i.start > me.lane.now and not i.fixed]
    if not later:
        return []
    activity = clause(later[0].activity)
    return [Topic(f"later today I am {activity}", f"{me.name} is {activity} later in the day", me.name)]
