"""Conversations in a run of the original town: each appears as a whole, with everybody who has it, while it lasts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worlds.town.smallville.records import Line, Movement

ABOUT = "conversing about "
"""How the original begins the description of somebody who talks; what follows is a summary of the conversation."""

Held = tuple[int, int, int]
"""A person's number, and the steps from which and before which it has a conversation."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation. Steps are those of the run; one that had not ended goes on until after the last step."""

    lines: tuple[Line, ...]
    held: tuple[Held, ...]
    """Who had it from when to when, in order."""
    topics: tuple[str, ...]

    @property
    def begins(self) -> int:
        """The step at which the first person has it."""
        return min(begin for _, begin, _ in self.held)

    @property
    def ends(self) -> int:
        """The step at which nobody has it any more."""
        return max(end for _, _, end in self.held)

    def parties(self, people: Sequence[str]) -> tuple[str, str]:
        """Return who begins, and with whom: the first two who speak, else have it; "" for nobody."""
        named = [speaker for speaker, _ in self.lines] + [people[person] for person, _, _ in self.held]
        first, *others = dict.fromkeys(named)
        return first, others[0] if others else ""

    def is_regular(self, people: Sequence[str]) -> bool:
        """Whether exactly the two who talk have it, both all the time."""
        parties = sorted(people.index(name) for name in self.parties(people) if name)
        whole = [(person, self.begins, self.ends) for person in parties]
        return len(parties) == 2 and sorted(self.held) == whole


def conversations_of(movement: Movement) -> list[Conversation]:
    """Return all conversations, by their beginnings."""
    stretches: dict[tuple[Line, ...], list[tuple[int, int, int, str]]] = defaultdict(list)
    for person in range(len(movement.people)):
        for begin, end, lines, doing in _stretches(movement, person):
            stretches[lines].append((begin, end, person, doing))
    found = []
    for lines, spans in stretches.items():
        for group in _overlapping(sorted(spans)):
            held = tuple((person, begin, end) for begin, end, person, _ in group)
            about = next((doing for *_, doing in group if doing.startswith(ABOUT)), "")
            topic = about.removeprefix(ABOUT).removeprefix(ABOUT).partition(" @ ")[0].strip()
            found.append(Conversation(lines, held, (topic,) if topic else ()))
    return sorted(found, key=lambda talk: (talk.begins, talk.held))


def _stretches(movement: Movement, person: int) -> Iterator[tuple[int, int, tuple[Line, ...], str]]:
    """Yield (begin, end, lines, description) of every stretch of steps in which a person has the same conversation."""
    begun, lines, doing = 0, None, ""
    for step, record in movement.changes[person]:
        if record.chat != lines:
            if lines is not None:
                yield begun, step, lines, doing
            begun, lines, doing = step, record.chat, record.description
    if lines is not None:
        yield begun, movement.first + movement.steps, lines, doing


def _overlapping(spans: Sequence[tuple[int, int, int, str]]) -> Iterator[list[tuple[int, int, int, str]]]:
    """Yield spans, sorted by their beginnings, in groups that hang together."""
    group: list[tuple[int, int, int, str]] = []
    until = 0
    for span in spans:
        if group and span[0] >= until:
            yield group
            group = []
        until = max(until, span[1]) if group else span[1]
        group.append(span)
    if group:
        yield group
