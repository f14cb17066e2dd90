"""Relationships: what an agent thinks of another one, as reflections with evidence (Park et al. 2023, section 3.4).

After a conversation, when enough has become known about the partner since the last time, the memories about the partner
are looked at as a whole. What the model words of them is remembered as a reflection about the partner, with the
memories that bear it out as its evidence, and colours what the agent says when the two talk again.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from agents.cognition.mind import Mind
from agents.cognition.reflection import GROUNDS, best_founded
from agents.cognition.thoughts import Line
from agents.cognition.wording import breaks_off, is_fit, names, sentence, tidy, words
from agents.memory.stream import Memory, MemoryKind
from engine.llm.requests import Shape, Write

FIRST, AGAIN = 3, 12
"""So many memories about somebody make an agent form an opinion, and so many new ones think it over."""
OPINION = Line(
    "opinion",
    "what one thinks of somebody, after a talk with them",
    "a sentence",
    begin="{me} thinks that {other}",
    max_tokens=20,
    temperature=0.6,
    banned=("olga", "ravi", "sacks", "fair"),
    blank={"notes": ""},
    contrast_weight=0.4,
    shape=Shape.REGEX,
    pattern=r" (is|seems|likes|knows|cares for|talks|wants|has)( [a-z']{1,14}){1,9}\.",
    stop=(),
)


def think_of(me: Mind, other: str) -> Generator[simpy.Event, Any, None]:
    """Form an opinion of somebody, if there is enough that is new to form one from."""
    kept = me.acquaintance(other)
    known = len(me.stream.about(other))
    enough = FIRST if kept.opinion is None else AGAIN
    if known - kept.considered < enough or not me.keeps(MemoryKind.REFLECTION):
        return
    kept.considered = known
    (query,) = yield from me.think.meanings("opinion", [other])
    memories = [m for m in me.bring_to_mind("opinion", query, GROUNDS, other) if m.kind is not MemoryKind.REFLECTION]
    if not memories:
        return
    told = [memory.text for memory in memories]
    (samples,) = yield from me.think.write(
        [_wording(me, other, memories)], lambda text: is_opinion(text, [me.name, other], told)
    )
    opinions = [sentence(f"{_beginning(me.name, other)}{text.rstrip()}") for text in samples]
    if not opinions:
        return
    ((opinion, evidence), *_) = yield from best_founded(me, opinions, memories)
    if kept.opinion is not None and opinion == kept.opinion.text:
        me.think_back("opinion", kept.opinion)
        return
    (kept.opinion,) = yield from me.remember(MemoryKind.REFLECTION, [opinion], evidence=evidence, about=(other,))


def opinion_of(me: Mind, other: str) -> str:
    """Return what the agent thinks of another one, as prompts say it with first names; empty if it has no opinion.

    It counts as accessed.
    """
    opinion = me.acquaintance(other).opinion
    if opinion is None or not me.keeps(MemoryKind.REFLECTION):
        return ""
    me.think_back("talk", opinion)
    return opinion.text.replace(_beginning(me.name, other), _beginning(me.first_name, other.split()[0]), 1)


def _beginning(name: str, other: str) -> str:
    return f"{name} thinks that {other}"


def _wording(me: Mind, other: str, memories: list[Memory]) -> Write:
    told = sorted(memories, key=lambda memory: memory.number)
    notes = " ".join(sentence(memory.text) for memory in told)
    return OPINION.request(me.settings.samples, me=me.first_name, other=other.split()[0], notes=notes)


def is_opinion(text: str, people: Sequence[str], known: Sequence[str]) -> bool:
    """Whether a text, its subject left out, says something of somebody that is no mere memory of what they do.

    It names neither of the people again and denies nothing: a small model denies just what was.
    """
    said = tidy(text)
    found = words(said)
    again = any(names(said.title(), person.split()[0]) for person in people)
    does = len(found) > 1 and found[0] in ("is", "seems") and found[1].endswith("ing")
    return is_fit(said, known) and not breaks_off(said) and "not" not in found and not again and not does
