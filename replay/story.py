"""What happened in a run, told for people: who did what, who talked with whom about what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from rich.markup import escape

from engine.errors import BadInput
from engine.phrases import listed
from engine.record.events import (
    WORLD_AGENT,
    Acted,
    ConversationBegan,
    ConversationEnded,
    Event,
    Failed,
    Intervened,
    Remembered,
    Said,
)
from engine.record.run_folder import RunFolder

if TYPE_CHECKING:
    import networkx as nx

MOST_SCENES = 6
MOST_LINES = 4
Failures = Counter[tuple[str, str]]
"""How often what was gone on without: (thought, kind)."""


@dataclass(slots=True)
class Conversation:
    """Who talked with each other, when, about what, in which words."""

    time: int
    people: list[str]
    """The one who began it first."""
    lines: list[tuple[str, str]] = field(default_factory=list)
    topics: tuple[str, ...] = ()


@dataclass(slots=True)
class PersonStory:
    """One person's part: what they did and for how long, and what they concluded."""

    name: str
    scenes: list[tuple[int, str, str]] = field(default_factory=list)
    """Time, activity and address of each thing done, in order."""
    insights: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """A run as a story."""

    start: datetime
    end: int
    people: list[PersonStory]
    conversations: list[Conversation]
    failures: Failures
    interventions: list[tuple[int, str]] = field(default_factory=list)
    """Time and words of what happened from outside."""

    def clock(self, time: int) -> str:
        """Return the time of day."""
        return f"{self.start + timedelta(seconds=time):%H:%M}"


def read_story(run: RunFolder) -> Story:
    """Return the story of a run, as far as its log goes."""
    manifest = run.manifest
    return _gather(run.whole_events(), manifest.people, datetime.fromisoformat(manifest.start))


def _gather(events: Iterable[Event], names: Sequence[str], start: datetime) -> Story:
    time = 0
    people = [PersonStory(name) for name in names]
    conversations: dict[str, Conversation] = {}
    failures: Failures = Counter()
    interventions: list[tuple[int, str]] = []
    for (time, _, agent, _), body in events:
        if not WORLD_AGENT <= agent < len(names):
            raise BadInput("events.log", "holds events of agents whom the manifest does not name", f"time {time}")
        match body:
            case Acted(description, _, address, _):
                people[agent].scenes.append((time, description, address))
            case Remembered(kind="reflection", text=text):
                people[agent].insights.append(text)
            case ConversationBegan(conversation, partner):
                talk = conversations.setdefault(conversation, Conversation(time, [names[agent]]))
                talk.people.append(partner)
            case Said(conversation, _, text) if conversation in conversations:
                conversations[conversation].lines.append((names[agent], text))
            case ConversationEnded(conversation, topics=topics) if conversation in conversations:
                conversations[conversation].topics = topics
            case Failed(thought, kind, _):
                failures[thought, kind] += 1
            case Intervened():
                interventions.append((time, from_outside(body)))
            case _:
                pass
    return Story(start, time, people, list(conversations.values()), failures, interventions)


def from_outside(what: Intervened) -> str:
    """Return a sentence about what happens from outside."""
    match what.kind:
        case "inner_voice":
            return f"A thought comes to {what.to}: {what.text}"
        case "broadcast":
            return f"Everybody hears: {what.text}"
        case "embody":
            return f"Somebody acts as {what.to}: {what.text}"
        case "visitor":
            return f"A visitor comes to {what.to}: {what.text}"
        case _:
            return f"{_place(what.to)}: {what.text}"


def tell(story: Story) -> Iterator[str]:
    """Yield the lines of a story as rich markup, made for a terminal."""
    for person in story.people:
        yield f"[bold]{escape(person.name)}[/bold]"
        for time, text in _scenes(story, person):
            yield f"  [cyan]{story.clock(time)}[/cyan] {escape(text)}"
        for insight in person.insights[:2]:
            yield f"  [magenta]thinks:[/magenta] {escape(insight)}"
    yield ""
    for time, text in story.interventions:
        yield f"[cyan]{story.clock(time)}[/cyan] [yellow]{escape(text)}[/yellow]"
    if not story.conversations:
        yield "Nobody talked with anybody."
    else:
        count = len(story.conversations)
        noun = "conversation" if count == 1 else "conversations"
        yield f"[bold]{count} {noun}[/bold] joined {density(story):.0%} of all pairs of people."
    for talk in story.conversations:
        about = f": {escape('; '.join(talk.topics))}" if talk.topics else ""
        who = listed(f"[bold]{escape(name)}[/bold]" for name in talk.people)
        yield f"[cyan]{story.clock(talk.time)}[/cyan] {who} talked{about}"
        for speaker, text in talk.lines[:MOST_LINES]:
            yield f"    {escape(speaker.partition(' ')[0])}: {escape(text)}"
        if len(talk.lines) > MOST_LINES:
            yield f"    [dim]… and {len(talk.lines) - MOST_LINES} more lines[/dim]"


def acquaintance(story: Story) -> nx.Graph[str]:
    """Return who talked with whom: a graph of everybody, each edge with the number of conversations as its weight."""
    import networkx

    graph: nx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(person.name for person in story.people)
    for talk in story.conversations:
        for one, other in combinations(talk.people, 2):
            weight = graph.get_edge_data(one, other, {"weight": 0})["weight"]
            graph.add_edge(one, other, weight=weight + 1)
    return graph


def density(story: Story) -> float:
    """Return the share of all pairs who talked with each other, 2 E / (V (V - 1)) (Park et al. 2023, section 7.1)."""
    import networkx

    return float(networkx.density(acquaintance(story)))


def _scenes(story: Story, person: PersonStory) -> list[tuple[int, str]]:
    """The longest stays of a person, in order: where it was, and what it did there."""
    stays = _stays(story, person)
    longest = sorted(stays, key=lambda stay: (stay[0] - stay[1], stay[0]))[:MOST_SCENES]
    return [
        (start, f"{_place(address)}: {', '.join(_unique(doings))}") for start, _, address, doings in sorted(longest)
    ]


def _stays(story: Story, person: PersonStory) -> list[tuple[int, int, str, tuple[str, ...]]]:
    """(start, end, arena, what was done) of every stretch of time in one arena, walks left out."""
    stays: list[tuple[int, int, str, tuple[str, ...]]] = []
    ends = [*(time for time, _, _ in person.scenes[1:]), story.end]
    for (start, doing, address), end in zip(person.scenes, ends, strict=False):
        arena = ":".join(address.split(":")[:3])
        if doing.startswith(("walking", "talking with")):
            continue
        if stays and stays[-1][2] == arena:
            stays[-1] = (stays[-1][0], end, arena, (*stays[-1][3], doing))
        else:
            stays.append((start, end, arena, (doing,)))
    return stays


def _unique(doings: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(doings))[:5]


def _place(address: str) -> str:
    parts = address.split(":")
    return ", ".join(parts[1:]) if len(parts) > 1 else address
