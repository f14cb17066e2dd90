"""Somebody of a run at a time: where they are, what they do, plan and remember, and whom they know; off the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.memory.archive import Record, grounds, opinions, reflection_tree
from agents.memory.stream import MemoryKind
from engine.kernel.clock import Clock
from engine.record.events import ConversationBegan, ConversationEnded, Event, PlanEntry, Said
from replay.moment import Person
from replay.plans import plan_of
from replay.timeline import Timeline
from thorp.archive import Archive


@dataclass(frozen=True, slots=True)
class Tie:
    """What one person has to do with another one: how they are related, if it was said; their last talk; an opinion.

    `memories` counts those about the other.
    """

    name: str
    relation: str
    last_talk: int | None
    memories: int
    opinion: Record | None


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person at a time (simulated seconds)."""

    name: str
    time: int
    clock: Clock
    body: Person
    """Position and action."""
    talking_with: tuple[str, ...]
    plan: dict[str, list[PlanEntry]]
    """By level: day, hour, step."""
    memories: tuple[Record, ...]
    ties: tuple[Tie, ...]

    @property
    def insights(self) -> tuple[Record, ...]:
        """What was concluded from other memories, oldest first."""
        return tuple(each for each in self.memories if each.kind is MemoryKind.REFLECTION and each.evidence)

    def as_json(self) -> dict[str, Any]:
        """Return it all as plain data; times in simulated seconds."""
        acting, tree = self.body.acting, reflection_tree(self.memories)
        return {
            "agent": self.name,
            "at": self.time,
            "time": self.clock.at(self.time).isoformat(),
            "position": self.body.tile,
            "walking_to": self.body.walking_to,
            "action": acting
            and {
                "description": acting.description,
                "emoji": acting.emoji,
                "address": acting.address,
                "since": acting.since,
                "until": acting.until,
            },
            "talking_with": list(self.talking_with),
            "plan": {
                level: [
                    {"start": e.start, "minutes": e.minutes, "activity": e.activity, "address": e.address}
                    for e in entries
                ]
                for level, entries in self.plan.items()
            },
            "memories": [record.as_json() for record in self.memories],
            "insights": [
                {
                    "memory": each.number,
                    "depth": tree.nodes[each.number]["depth"],
                    "grounds": grounds(tree, each.number),
                }
                for each in self.insights
            ],
            "relationships": [
                {
                    "name": tie.name,
                    "relation": tie.relation,
                    "last_talk": tie.last_talk,
                    "memories": tie.memories,
                    "opinion": tie.opinion and tie.opinion.as_json(),
                }
                for tie in self.ties
            ],
        }


def look_at(path: Path, name: str, at: str | None = None) -> Somebody:
    """Read somebody off a run, at a time or at the last moment of it that is known. Raises `BadInput`.

    `name` is a full name, or a first name that only one has.
    """
    archive = Archive(path)
    agent, time, events = archive.index(name), archive.moment(at), archive.events
    memories = archive.memories(agent, time)
    talks, talking_with = talks_of(events, archive.names, agent, time)
    return Somebody(
        name=archive.names[agent],
        time=time,
        clock=archive.clock,
        body=Timeline.of(archive.folder).state(time).people[agent],
        talking_with=talking_with,
        plan=plan_of(events, agent, time),
        memories=tuple(memories),
        ties=ties_of(archive.names[agent], memories, archive.relations(agent), talks),
    )


def talks_of(
    events: Iterable[Event], people: Sequence[str], agent: int, until: int
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return when somebody last talked with others, by their names, and with whom they are talking."""
    me = people[agent]
    taking_part: dict[str, list[str]] = {}
    last: dict[str, int] = {}
    for event in events:
        if event.key.time > until:
            break
        match event.body:
            case ConversationBegan(conversation, partner) if 0 <= event.key.agent < len(people):
                present = taking_part.setdefault(conversation, [people[event.key.agent]])
                present.append(partner)
            case Said(conversation) | ConversationEnded(conversation):
                present = taking_part.get(conversation, [])
                if isinstance(event.body, ConversationEnded):
                    taking_part.pop(conversation, None)
            case _:
                continue
        if me in present:
            last |= dict.fromkeys((name for name in present if name != me), event.key.time)
    now = [name for present in taking_part.values() if me in present for name in present if name != me]
    return last, tuple(dict.fromkeys(now))


def ties_of(
    me: str, memories: Sequence[Record], relations: Mapping[str, str], talks: Mapping[str, int]
) -> tuple[Tie, ...]:
    """Return everybody whom somebody has to do with, those with whom there was most to do first."""
    thought = opinions(memories, me)
    about: dict[str, int] = {}
    for record in memories:
        for name in record.about:
            about[name] = about.get(name, 0) + 1
    names = {**relations, **dict.fromkeys(talks), **dict.fromkeys(thought), **dict.fromkeys(about)}
    ties = [
        Tie(name, relations.get(name, ""), talks.get(name), about.get(name, 0), thought.get(name))
        for name in names
        if name != me
    ]
    return tuple(sorted(ties, key=lambda tie: (-tie.memories, tie.name)))
