"""What happened, as one-line captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class CaptionKind(StrEnum):
    """What a caption tells of."""

    ACT = "act"
    TALK = "talk"
    THOUGHT = "thought"
    PLAN = "plan"
    WORLD = "world"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Caption:
    """One thing that happened: when (seconds since the start), of whom (agent index, -1 the world), and the line."""

    time: int
    kind: CaptionKind
    agent: int
    text: str


def short_names(people: Sequence[str]) -> tuple[str, ...]:
    """Return what to call each person: the first name, with more of the name where two share it."""
    firsts = [(name.split() or ["?"])[0] for name in people]
    return tuple(
        first if firsts.count(first) == 1 else _with_initial(name, people)
        for name, first in zip(people, firsts, strict=True)
    )


def _with_initial(name: str, people: Sequence[str]) -> str:
    def initialled(full: str) -> str:
        words = full.split() or ["?"]
        return words[0] if len(words) == 1 else f"{words[0]} {words[-1][0]}."

    short = initialled(name)
    return short if [initialled(other) for other in people].count(short) == 1 else " ".join(name.split()) or "?"


def place_name(address: str, parts: int = 2) -> str:
    """Return the widest `parts` places of an address below the town: ``Bakery, kitchen``; empty for the town itself."""
    nodes = [node.strip() for node in address.split(":")]
    return ", ".join([node for node in nodes[1:] if node][:parts])


def join_topics(topics: Sequence[str], length: int = 48) -> str:
    """Return the first topic, with the second where both are short, as a phrase: ``the fair and bread``."""
    named = [topic.strip().rstrip(".") for topic in topics if topic.strip()][:2]
    return " and ".join(named if sum(map(len, named)) <= length else named[:1])
