"""What there is to tell somebody: news first, then what one has seen of others, then one's own plans."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from agents.cognition.mind import Mind, Topic
from agents.cognition.thoughts import Rule
from agents.cognition.wording import clause, names
from agents.memory.stream import Memory, MemoryKind

RECALLED = 30
"""How many memories come to mind; the released code of the paper retrieves as many."""

TOPIC = Rule(
    "topic",
    "what to tell somebody",
    "news, then what comes to mind (`recall`), then plans; nothing that one has shared with all who are there, and no "
    "sights of where one is",
    why="a small model never delivers news; what comes to mind is decided by `recall`",
)


def topics_for(me: Mind, others: Sequence[str], memories: Iterable[Memory]) -> list[Topic]:
    """Return what the agent could tell some others now, best first; nothing that it has shared with all of them.

    `memories` are those that come to mind about the line just heard, or about whom one meets, best first.
    """
    told = set.intersection(*(me.acquaintance(other).told for other in others))
    later = [planned(me.name, clause(i.activity)) for i in me.plan if i.start > me.lane.now and not i.fixed]
    return worth_telling(me.name, others, me.lane.now, me.body.place, me.news, memories, later[:1], told)


def worth_telling(
    me: str,
    others: Sequence[str],
    now: int,
    here: str,
    news: Iterable[Topic],
    memories: Iterable[Memory],
    plans: Iterable[Topic],
    told: Collection[str],
) -> list[Topic]:
    """Return what a person called `me` could tell some others, best first, without what they have been `told`.

    Nobody tells what they see where they talk (`here`, in words): the others see it, too.
    """
    coming = [topic for topic in news if _is_news_to(others, topic) and (topic.start is None or topic.start > now)]
    telling = (m for m in memories if m.kind is MemoryKind.OBSERVATION and _tells(m, (me, *others), here))
    seen = [past(clause(memory.text)) for memory in telling]
    sights = [Topic(f"I saw that {each}", each, me) for each in seen]
    return [topic for topic in [*coming, *sights, *plans] if topic.text not in told]


def _is_news_to(others: Sequence[str], topic: Topic) -> bool:
    """Whether it comes from none of them and speaks of none of them."""
    return topic.source not in others and not any(names(topic.text, other) for other in others)


def _tells(memory: Memory, present: Sequence[str], here: str) -> bool:
    """Whether it is about third people elsewhere alone: who talked with one of those present is no news to them."""
    of_those_present = any(names(memory.text, name) for name in present)
    on_the_way = " is walking to " in memory.text or " is walking home " in memory.text
    return bool(memory.about) and not of_those_present and not on_the_way and not memory.text.endswith(f" in {here}")


def past(text: str) -> str:
    """Return what was seen as one tells it afterwards."""
    return text.replace(" is ", " was ", 1)


def planned(me: str, activity: str) -> Topic:
    """Return what somebody does later today as something to tell."""
    return Topic(f"later today I am {activity}", f"{me} is {activity} later in the day", me)
