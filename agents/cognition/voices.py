"""Voices that nobody in the world speaks with: thoughts that come up, what everybody hears at once, and visitors."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import simpy

from agents.cognition.hearing import consider_going
from agents.cognition.mind import Mind, Topic
from agents.cognition.wording import clause
from agents.memory.stream import MemoryKind
from engine.contact import Percept, Voice

INNER_VOICE, VISITOR = "inner_voice", "visitor"
WEIGHT = 10.0
"""Importance of a thought of one's own that was put into one's head: the highest."""


def hear_voices(me: Mind, percepts: Sequence[Percept]) -> Generator[simpy.Event, Any, None]:
    """Remember the voices among some percepts: an inner one as a thought of one's own, a broadcast as news heard, and
    what a visitor says as something told.

    All are something to tell from now on, unless they leave no memory, in a mind that does without such. Where they
    speak of something one can go to they are an invitation, and an inner one is the agent's own idea.
    """
    for voice in percepts:
        if not isinstance(voice, Voice):
            continue
        text = clause(voice.text)
        if voice.kind == INNER_VOICE:
            thought = f"{me.name} thinks that {text}"
            memories = yield from me.remember(MemoryKind.REFLECTION, [thought], importance=WEIGHT)
        elif voice.kind == VISITOR:
            said = f"{voice.role[:1].upper()}{voice.role[1:]} told {me.name} that {text}"
            memories = yield from me.remember(MemoryKind.CHAT, [said])
        else:
            memories = yield from me.remember(MemoryKind.OBSERVATION, [f"{me.name} heard that {text}"])
        if memories:
            source = voice.role or me.name
            topic = Topic(text, text, source, is_news=True, start=voice.start, address=voice.address, end=voice.end)
            if topic.address:
                me.body.hear_of(topic.address)
            if me.hear_news(topic):
                yield from consider_going(me, topic, memories[0].number, own=voice.kind == INNER_VOICE)
