"""Reflection: questions about what happened lately, and insights that cite memories (Park et al. 2023, section 4.2)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import Any

import numpy as np
import simpy

from agents.cognition.mind import Mind
from agents.cognition.thoughts import Asked, Line, Pick
from agents.cognition.wording import echoes, is_fit, names, sentence, tidy, words
from agents.memory.stream import Memory, MemoryKind
from engine.llm.requests import Write

LOOKED_BACK_ON = 100
SALIENT = 8
"""So many memories stand out when one reflects."""
GROUNDS = 5
"""From so many memories something is concluded: each is a line that a model has to read."""
QUESTION_SAMPLES = 4
EVIDENCE = 3
QUESTION_BEGINNINGS = ("What does {name}", "How does {name}", "Why does {name}")
_BANNED = ("olga", "ravi", "calf", "clock")
QUESTION = Line(
    "question",
    "what to ask oneself about what stands out",
    "a question, begun by rule",
    begin="Question: {beginning}",
    max_tokens=16,
    temperature=0.6,
    banned=_BANNED,
    stop=("?", "\n"),
)
INSIGHT = Line(
    "insight",
    "what one concludes from memories",
    "a sentence about a person",
    begin="Conclusion: {subject}",
    max_tokens=24,
    temperature=0.6,
    banned=_BANNED,
    blank={"notes": ""},
    contrast_weight=0.4,
)
EVIDENCE_OF = Pick(
    "evidence",
    "which memories an insight rests on",
    f"{EVIDENCE} of the memories that it was drawn from",
    Asked(
        ({"situation": "Olga is a person."}, {"situation": "Olga lives here."}, {"situation": "Olga is kind."}),
        {"situation": "Something is so."},
    ),
)


def is_due(me: Mind) -> bool:
    """Whether enough of importance has happened since the last reflection."""
    return me.keeps(MemoryKind.REFLECTION) and me.unreflected >= me.settings.reflection_threshold


def reflect(me: Mind) -> Generator[simpy.Event, Any, None]:
    """Ask questions about what stands out, answer them with insights, and remember these with their evidence."""
    yield from me.sink_in()
    me.unreflected = 0.0
    striking = salient(me)
    questions = yield from _questions(me, striking)
    vectors = yield from me.think.meanings("question", questions)
    recalled = [me.bring_to_mind("insight", vector, GROUNDS) for vector in vectors]
    grounds = [memories for memories in recalled if memories]
    requests = [_insight(me, memories) for memories in grounds]
    known = [memory.text for memory in me.stream.recent(LOOKED_BACK_ON)]
    written = yield from me.think.write(requests, lambda text: is_insight(text, known, _people(me, striking)))
    drawn = [
        [sentence(f"{_subject(me, memories)} {tidy(text)}") for text in samples] or _plainly(me, memories, known)
        for memories, samples in zip(grounds, written, strict=True)
    ]
    yield from me.think.meanings("evidence", [insight for insights in drawn for insight in insights])  # all at once
    concluded: list[str] = []
    for memories, insights in zip(grounds, drawn, strict=True):
        new = [insight for insight in insights if not echoes(insight, concluded)]
        for insight, evidence in (yield from best_founded(me, new, memories)):
            concluded.append(insight)
            about = tuple(name for name in _people(me, memories) if names(insight, name))
            yield from me.remember(MemoryKind.REFLECTION, [insight], evidence=evidence, about=about)
    me.unreflected = 0.0


def salient(me: Mind, count: int = SALIENT, since: int = 0) -> list[Memory]:
    """Return the most important of the latest memories, oldest first; none from before a time."""
    recent = (memory for memory in me.stream.recent(LOOKED_BACK_ON) if me.keeps(memory.kind))
    latest = [memory for memory in recent if memory.kind is not MemoryKind.PLAN and memory.created >= since]
    best = sorted(latest, key=lambda memory: (-memory.importance, -memory.number))[:count]
    return sorted(best, key=lambda memory: memory.number)


def _questions(me: Mind, striking: list[Memory]) -> Generator[simpy.Event, Any, list[str]]:
    subjects = _people(me, striking)
    count = me.settings.reflection_questions
    beginnings = [
        QUESTION_BEGINNINGS[i % len(QUESTION_BEGINNINGS)].format(name=subjects[i % len(subjects)]) for i in range(count)
    ]
    requests = [QUESTION.request(QUESTION_SAMPLES, notes=_notes(striking), beginning=each) for each in beginnings]
    written = yield from me.think.write(requests, is_fit)
    ends = [samples[0].strip() if samples else "feel today" for samples in written]
    return [f"{beginning} {end}?" for beginning, end in zip(beginnings, ends, strict=True)]


def _people(me: Mind, memories: list[Memory]) -> list[str]:
    """The agent and those its memories are about, the most frequent first."""
    found = [name for memory in memories for name in memory.about]
    return [me.name, *sorted(set(found), key=lambda name: (-found.count(name), name))]


def _subject(me: Mind, memories: list[Memory]) -> str:
    """Whom an insight from these memories is about: who is named most often, the agent if nobody is."""
    others = _people(me, memories)[1:]
    return others[0] if others else me.name


def _plainly(me: Mind, memories: list[Memory], known: Sequence[str]) -> list[str]:
    """Return what is true of one who has thought about memories and has no words for it; nothing if that is known."""
    subject = _subject(me, memories)
    about = "has a lot to think about" if subject == me.name else f"keeps thinking of {subject}"
    plain = sentence(f"{me.name} {about}")
    return [] if plain in known else [plain]


def _insight(me: Mind, memories: list[Memory]) -> Write:
    return INSIGHT.request(me.settings.samples, notes=_notes(memories), subject=_subject(me, memories))


def is_insight(text: str, known: Iterable[str], people: Iterable[str]) -> bool:
    """Whether an insight, its subject left out, is one whole new statement that names nobody again.

    Denials are no insights: memories hold what was, and a small model denies just that.
    """
    stated = tidy(text).endswith((".", "!")) and ":" not in text and "not" not in words(text)
    return stated and is_fit(text, known, least_words=3) and not any(names(text, name) for name in people)


def _notes(memories: list[Memory]) -> str:
    return "".join(f"{sentence(memory.text)}\n" for memory in memories)


def best_founded(
    me: Mind, insights: list[str], grounds: list[Memory]
) -> Generator[simpy.Event, Any, list[tuple[str, tuple[int, ...]]]]:
    """Return the insights closest in meaning to their grounds, each with the nearest of these as its evidence."""
    texts = [memory.text for memory in grounds]
    yield from me.think.meanings("evidence", [*insights, *texts])
    founded: list[tuple[float, str, tuple[int, ...]]] = []
    for insight in insights:
        row = np.array((yield from me.think.weigh(EVIDENCE_OF, insight, texts)))
        nearest = np.argsort(-row, kind="stable")[:EVIDENCE]
        evidence = tuple(sorted(grounds[int(index)].number for index in nearest))
        founded.append((float(row[nearest].mean()), insight, evidence))
    best = sorted(founded, key=lambda found: -found[0])[: me.settings.insights_per_question]
    return [(insight, evidence) for _, insight, evidence in best]
