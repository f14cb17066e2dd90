"""Who one is today: what one is up to, revised on every new day by what happened on the one before.

Park et al. 2023 tell of people whose status changes as they live; the persona's own words stay, and one sentence is
added that rests on memories of the last day. It colours what the person says, where it goes and what it plans.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import simpy

from agents.cognition.mind import Mind
from agents.cognition.reflection import best_founded, salient
from agents.cognition.thoughts import Line
from agents.cognition.wording import breaks_off, is_fit, sentence, words
from agents.memory.stream import MemoryKind
from agents.persona.persona import Persona
from engine.kernel.clock import DAY
from engine.llm.requests import Shape

SHOWN = 6
IDENTITY = Line(
    "identity",
    "what one wants now, after what happened on the day before",
    "a sentence about oneself",
    begin="{me} now",
    max_tokens=24,
    temperature=0.6,
    banned=("olga", "ravi", "clocks", "attic", "cellar", "flood"),
    blank={"notes": ""},
    contrast_weight=0.4,
    shape=Shape.REGEX,
    pattern=r" (wants|hopes|plans|likes|tries|has)( to)?( [a-z']{1,14}){2,10}\.",
    stop=(),
)


def revise_identity(me: Mind) -> Generator[simpy.Event, Any, None]:
    """Let the last day change what the person is up to; nothing changes where nothing fit is worded."""
    if not me.keeps(MemoryKind.REFLECTION):
        return
    memories = salient(me, SHOWN, since=me.lane.now - DAY)
    if not memories:
        return
    me.think_back("identity", *memories)
    notes = "".join(f"{sentence(memory.text)}\n" for memory in memories)
    request = IDENTITY.request(me.settings.samples, me=me.first_name, notes=notes)
    (samples,) = yield from me.think.write([request], lambda text: is_wish(text, me.currently))
    wishes = [f"{_beginning(me.first_name)}{text.rstrip()}" for text in samples]
    if not wishes:
        return
    ((me.lately, evidence), *_) = yield from best_founded(me, wishes, memories)
    wish = me.lately.replace(_beginning(me.first_name), _beginning(me.name), 1)
    yield from me.remember(MemoryKind.REFLECTION, [wish], evidence=evidence)


def latest_wish(persona: Persona, reflections: Iterable[str]) -> str:
    """Return what somebody wants of late, as prompts say it with the first name; empty if it is all as it was.

    `reflections` are theirs, oldest first.
    """
    begun = _beginning(persona.name)
    wishes = [text for text in reflections if text.startswith(begun)]
    return wishes[-1].replace(begun, _beginning(persona.first_name), 1) if wishes else ""


def _beginning(name: str) -> str:
    return f"{name} now"


def is_wish(text: str, known: str) -> bool:
    """Whether a text, its subject left out, says of somebody something new that it wants; denials are none."""
    return is_fit(text, [known], least_words=3) and not breaks_off(text) and "not" not in words(text)
