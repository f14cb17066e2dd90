"""A run of the original town as events of ours, and what is kept besides so that it can be told back exactly.

Step s is the second (s - first) * seconds per step. Steps from tile to neighbouring tile that follow on one another
are one walk; anybody who is elsewhere all at once stands there from then on. What somebody does and where is taken over
word for word. The lines of a conversation, which the original shows all at once, are spread over the time for which it
does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.record.events import (
    AGENT_PRIORITY,
    Acted,
    Appeared,
    Body,
    ConversationBegan,
    ConversationEnded,
    Event,
    Key,
    Said,
    Walked,
)
from worlds.town.places import Tile
from worlds.town.smallville.conversations import Conversation, conversations_of
from worlds.town.smallville.records import Movement, Record

AT = " @ "
"""Between what somebody does and where, in a description."""
LONGEST_WALK = 1_000
"""Tiles of one walk; a longer one goes on in another."""

Happening = tuple[int, Body]
"""When something happens, in seconds since the start, and what."""


def name_of(number: int) -> str:
    """Return what a conversation is called, by its number from 0."""
    return f"conversation {number + 1}"


def events_of(movement: Movement, more: Sequence[Sequence[Happening]] = ()) -> Iterator[Event]:
    """Yield the events of a run, person by person; `more` are further happenings of each person."""
    happenings = [[*_appearance(movement, person), *_moves(movement, person)] for person in range(len(movement.people))]
    for number, talk in enumerate(conversations_of(movement)):
        for person, happening in _talk(movement, talk, name_of(number)):
            happenings[person].append(happening)
    for person, found in enumerate(more):
        happenings[person] += found
    for person, found in enumerate(happenings):
        for sequence, (time, body) in enumerate(sorted(found, key=lambda happening: happening[0])):
            yield Event(Key(time, AGENT_PRIORITY, person, sequence), body)


def irregular(movement: Movement) -> dict[str, Any]:
    """Return, by its name, what events cannot say of a conversation: who has it when, and lines out of their order."""
    found: dict[str, Any] = {}
    for number, talk in enumerate(conversations_of(movement)):
        said: dict[str, Any] = {}
        if not talk.is_regular(movement.people):
            said["held"] = [list(held) for held in talk.held]
        if len(talk.lines) > movement.time(talk.ends) - movement.time(talk.begins):
            said["lines"] = [list(line) for line in talk.lines]
        if said:
            found[name_of(number)] = said
    return found


def split(description: str) -> tuple[str, str]:
    """Return what somebody does, and the address where, "" when the description gives none."""
    doing, at, address = description.rpartition(AT)
    return (doing, address) if at and address else (description, "")


def _appearance(movement: Movement, person: int) -> Iterator[Happening]:
    step, record = movement.changes[person][0]
    yield movement.time(step), Appeared(record.tile, split(record.description)[1])


def _moves(movement: Movement, person: int) -> Iterator[Happening]:
    """Yield what a person does, and where it walks."""
    changes = movement.changes[person]
    acts = [change for n, change in enumerate(changes) if n == 0 or not _same_act(change[1], changes[n - 1][1])]
    ends = [*(movement.time(step) for step, _ in acts[1:]), movement.seconds]
    for (step, record), end in zip(acts, ends, strict=True):
        doing, address = split(record.description)
        yield movement.time(step), Acted(doing, record.pronunciatio, address, end)
    path: list[Tile] = []
    begun, to = 0, ""
    tile = changes[0][1].tile
    for step, record in changes[1:]:
        if record.tile == tile:
            continue
        address = split(record.description)[1]
        goes_on = path and step == begun + len(path) and address == to and len(path) < LONGEST_WALK
        if not _are_neighbours(tile, record.tile):
            if path:
                yield movement.time(begun), Walked(tuple(path), movement.seconds_per_step, to)
            path = []
            yield movement.time(step), Walked((record.tile,), movement.seconds_per_step, address)
        elif goes_on:
            path.append(record.tile)
        else:
            if path:
                yield movement.time(begun), Walked(tuple(path), movement.seconds_per_step, to)
            path, begun, to = [tile, record.tile], step - 1, address
        tile = record.tile
    if path:
        yield movement.time(begun), Walked(tuple(path), movement.seconds_per_step, to)


def _same_act(one: Record, other: Record) -> bool:
    return (one.description, one.pronunciatio) == (other.description, other.pronunciatio)


def _are_neighbours(one: Tile, other: Tile) -> bool:
    return abs(one[0] - other[0]) + abs(one[1] - other[1]) == 1


def _talk(movement: Movement, talk: Conversation, name: str) -> Iterator[tuple[int, Happening]]:
    """Yield who does what in a conversation."""
    people = movement.people
    first, second = talk.parties(people)
    begin, end = movement.time(talk.begins), movement.time(talk.ends)
    yield people.index(first), (begin, ConversationBegan(name, second))
    for number, (speaker, text) in enumerate(talk.lines):
        to = second if speaker == first else first
        yield people.index(speaker), (begin + number * (end - begin) // len(talk.lines), Said(name, to, text))
    if end < movement.seconds:
        yield people.index(first), (end, ConversationEnded(name, second, len(talk.lines), talk.topics))
