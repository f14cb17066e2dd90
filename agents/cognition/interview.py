"""An interview: a question about anything, answered from memory (Park et al. 2023, section 6.1).

Nothing about the person changes by it. What is asked brings memories to mind; the model words an answer of one to three
sentences from them, several times, and meaning chooses; where no wording is fit, the person says plainly what comes to
mind first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.cognition.thoughts import Line
from agents.cognition.wording import clause, is_fit, names, sentence, tidy
from agents.memory.stream import Memory, Vector
from agents.persona.persona import Persona
from engine.llm.requests import Write

SENTENCES = 3
"""The most of an answer."""
INTERVIEW = Line(
    "interview",
    "what to answer to an interview question, from memory",
    "one to three sentences",
    begin="{me}:",
    max_tokens=60,
    temperature=0.5,
    banned=("olga", "ravi", "calf", "clock", "fair"),
    blank={"notes": "", "question": "Hello."},
    contrast_weight=0.4,
)
"""Its request gets a seed from who asks what when."""
GROUNDED = 1.0
"""What being close to the memory that comes to mind first weighs against being close to the question."""
NOTHING = "I do not remember anything about that."
_SENTENCE = re.compile(r".*?[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: by whom (a role), when (as people say it), and what the person does at that time."""

    text: str
    role: str
    when: str
    doing: str


def wording(
    persona: Persona, asked: Question, memories: Sequence[Memory], samples: int, seed: int, wish: str = ""
) -> Write:
    """Return what the model is asked for; `memories` come to mind, best first, `wish` is what the person wants of late.

    What a small model says follows from what it has read last, so the memory that comes to mind first stands there.
    """
    told = [*reversed(memories)]
    request = INTERVIEW.request(
        samples,
        summary=f"{persona.summary} {wish}".rstrip(),
        when=asked.when,
        me=persona.first_name,
        doing=clause(asked.doing),
        notes=_notes(told),
        role=asked.role,
        question=asked.text,
    )
    return replace(request, seed=seed)


def _notes(memories: Sequence[Memory]) -> str:
    return " ".join(sentence(memory.text) for memory in memories)


def fit_answers(persona: Persona, asked: Question, texts: Sequence[str]) -> list[str]:
    """Return the wordings that can be said, cut to three sentences, in their order.

    They are whole, echo not the question, and speak neither for others nor of the speaker in the third person.
    """
    found = []
    for text in texts:
        said = " ".join(part.strip() for part in _SENTENCE.findall(tidy(text))[:SENTENCES])
        if said and ":" not in said and is_fit(said, [asked.text]) and not names(said, persona.first_name):
            found.append(said)
    return list(dict.fromkeys(found))


def best_answer(answers: Sequence[str], vectors: Sequence[Vector], question: Vector, grounds: Sequence[Vector]) -> str:
    """Return the wording closest to the question and to the memory that came to mind first at it.

    A place in the model's own ranking is worth as much as a difference of 0.03 in meaning. `vectors` are those of the
    answers, `grounds` of the memories, best first.
    """

    def score(rank: int) -> tuple[float, int]:
        vector = vectors[rank]
        grounded = float(vector @ grounds[0]) if len(grounds) else 0.0
        return float(vector @ question) + GROUNDED * grounded - 0.03 * rank, -rank

    return answers[max(range(len(answers)), key=score)]


def plain_answer(memories: Sequence[Memory]) -> str:
    """Return what is said without any wording of the model: the memory that comes to mind first."""
    return f"What comes to my mind is this: {sentence(memories[0].text)}" if memories else NOTHING
