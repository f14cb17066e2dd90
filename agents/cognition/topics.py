"""What there is to tell somebody: news first, then what one has seen of others, then one's own plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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


def topics_for(me: Mind, others: Sequence[str], memories: Iterable[Memory]) -> list[Topic]:
    """Return what the agent could tell some others now, best first; nothing that it has shared with all of them.

    `memories` are those that come to mind about the line just heard, or about whom one meets, best first.
    """
    told = set.intersection(*(me.acquaintance(other).told for other in others))
    news = [topic for topic in me.news if _is_news_to(others, topic) and _is_coming(me, topic)]
    return [topic for topic in [*news, *_seen(me, others, memories), *_planned(me)] if topic.text not in told]


def _is_news_to(others: Sequence[str], topic: Topic) -> bool:
    """Whether it comes from none of them and speaks of none of them."""
    return topic.source not in others and not any(names(topic.text, other) for other in others)


def _is_coming(me: Mind, topic: Topic) -> bool:
    return topic.start is None or topic.start > me.lane.now


def _seen(me: Mind, others: Sequence[str], memories: Iterable[Memory]) -> list[Topic]:
    """The observations of third people among some memories."""
    telling = (m for m in memories if m.kind is MemoryKind.OBSERVATION and _tells(me, m, others))
    seen = [_past(clause(memory.text)) for memory in telling]
    return [Topic(f"I saw that {each}", each, me.name) for each in seen]


def _tells(me: Mind, memory: Memory, others: Sequence[str]) -> bool:
    """Whether it is about third people alone: who talked with one of those present is no news to them."""
    of_those_present = any(names(memory.text, name) for name in (me.name, *others))
    on_the_way = " is walking to " in memory.text or " is walking home " in memory.text
    return bool(memory.about) and not of_those_present and not on_the_way


def _past(text: str) -> str:
    return text.replace(" is ", " was ", 1)


def _planned(me: Mind) -> list[Topic]:
    """What comes later today."""
    later = [i for i in me.plan if i.start > me.lane.now and not i.fixed]
    if not later:
        return []
    activity = clause(later[0].activity)
    return [Topic(f"later today I am {activity}", f"{me.name} is {activity} later in the day", me.name)]
