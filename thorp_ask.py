"""Asking somebody of a run: an interview at any time of it, which changes nothing.

What the person has in mind then is read off the log: `Remembered`, `Repeated` and `Recalled` say all about memories but
their vectors, and these the same model makes of the same texts again. So neither has the run to be performed again, nor
does its folder have to be writable or finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agents.cognition.interview import Question, best_answer, fit_answers, plain_answer, wording
from agents.cognition.settings import FACULTIES, Faculty, MindSettings
from agents.memory.archive import Record, memories_of
from agents.memory.retrieval import retrieve
from agents.memory.stream import MemoryStream, Vector
from agents.persona.persona import Persona
from engine.errors import BadInput, RunFailed, nearest
from engine.kernel.clock import Clock
from engine.kernel.streams import derive_seed
from engine.llm.requests import DIMENSIONS, Backend, Embed, Texts, Vectors
from engine.llm.spec import RECORDED, ModelSpec
from engine.record.events import Acted, Event
from engine.record.manifest import NAME
from engine.record.run_folder import RunFolder
from replay.light_cone import known_until
from thorp_manifest import plan_from

SHOWN = 8
"""How many memories an answer is made from; more do not help a small model."""
ROLE = "Visitor"
LONGEST = {"question": 500, "--as": 60}
AT_ONCE = 64
"""Texts of one request for their meaning."""


@dataclass(frozen=True, slots=True)
class Interview:
    """A checked question to a person at a time (simulated seconds), with all they have in mind then."""

    persona: Persona
    time: int
    clock: Clock
    asked: Question
    settings: MindSettings
    seed: int
    records: tuple[Record, ...]
    shown: int
    model: ModelSpec
    """The model that answers: the run's own, if no other was asked for."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said, worded by the `model` or `plain` where no wording was fit; and from which memories, best first."""

    answer: str
    way: str
    memories: tuple[Record, ...]

    def as_json(self, what: Interview) -> dict[str, Any]:
        """Return question and answer under the names of the command line's contract."""
        return {
            "agent": what.persona.name,
            "at": what.time,
            "time": what.clock.at(what.time).isoformat(),
            "as": what.asked.role,
            "question": what.asked.text,
            "answer": self.answer,
            "way": self.way,
            "without": list(what.settings.without),
            "model": str(what.model),
            "memories": [_as_json(record) for record in self.memories],
        }


def _as_json(record: Record) -> dict[str, Any]:
    return {
        "memory": record.number,
        "kind": record.kind.value,
        "text": record.text,
        "created": record.created,
        "accessed": record.accessed,
        "importance": record.importance,
        "count": record.count,
        "evidence": list(record.evidence),
        "about": list(record.about),
    }


def prepare_interview(
    path: Path,
    agent: str,
    question: str,
    *,
    at: str | None = None,
    role: str = ROLE,
    without: Sequence[Faculty] = (),
    shown: int = SHOWN,
    model: ModelSpec | None = None,
) -> Interview:
    """Read what a person has in mind at a time; without one, at the last moment of the run that is known.

    `agent` is a full name, or a first name that only one has. `without` adds to the faculties that the person lacks.
    Raises `BadInput`; changes nothing.
    """
    folder = RunFolder.open(path)
    plan = plan_from(folder.manifest, path)
    asked, role = _one_line("question", question), _one_line("--as", role)
    model = model or ModelSpec.parse(folder.manifest.model, str(path / NAME))
    if model.kind == RECORDED:
        raise BadInput("--model", "what is asked now has no recorded reply (allowed: a model that answers)")
    persona = _find(plan.scenario.people, agent)
    events = list(folder.whole_events())
    time = _moment(plan.clock, at, known_until(events, folder.manifest.reached), path)
    index = folder.manifest.people.index(persona.name)
    try:
        records = memories_of(events, index, time)
    except ValueError as error:
        raise BadInput(str(folder.events_path), str(error)) from error
    settings = plan.minds.at(time)
    lacking = settings.model_copy(update={"without": tuple(f for f in FACULTIES if f in {*settings.without, *without})})
    seed = derive_seed(plan.seeds.at(time), persona.name, time, "interview", role, asked)
    question_then = Question(
        asked, role, f"{plan.clock.at(time):%A}, {plan.clock.hhmm(time)}", _doing(events, index, time)
    )
    return Interview(persona, time, plan.clock, question_then, lacking, seed, tuple(records), shown, model)


def _one_line(option: str, text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST[option] or not text.isprintable():
        raise BadInput(option, f"must be one line of text (allowed: 1 to {LONGEST[option]} characters)")
    return text


def _find(people: Sequence[Persona], name: str) -> Persona:
    found = [person for person in people if name.lower() == person.name.lower()]
    found = found or [person for person in people if name.lower() == person.first_name.lower()]
    if len(found) != 1:
        several = f"{len(found)} people are" if found else "nobody is"
        names = [person.name for person in found or people]
        raise BadInput("--agent", f"{several} called '{name}'{nearest(name, names)}")
    return found[0]


def _moment(clock: Clock, at: str | None, known: int, path: Path) -> int:
    if at is None:
        return known
    try:
        time = clock.parse(at)
    except ValueError as error:
        raise BadInput("--at", str(error)) from None
    if time > known:
        problem = f"'{at}' is {clock.label(time)}, but what happened in {path} is known until {clock.label(known)}"
        raise BadInput("--at", problem)
    return time


def _doing(events: Sequence[Event], agent: int, time: int) -> str:
    """What the person does at a time."""
    doing = "asleep"
    for event in events:
        if event.key.time > time:
            break
        if event.key.agent == agent and isinstance(event.body, Acted):
            doing = event.body.description
    return doing or "standing about"


def hold(what: Interview, backend: Backend) -> Answered:
    """Ask. Raises `RunFailed` when the model cannot tell what texts mean."""
    texts = list(dict.fromkeys(record.text for record in what.records))
    question, *vectors = meanings(backend, [what.asked.text, *texts])
    known = dict(zip(texts, vectors, strict=True))
    stream = _stream(what.records, known)
    settings = what.settings
    found = retrieve(stream, question, what.time, what.shown, settings.retrieval, settings.blocked)
    memories = tuple(what.records[memory.number] for memory in found)
    (answer,) = backend.answer([wording(what.persona, what.asked, found, settings.samples, what.seed)])
    worded = [sample.text for sample in answer.reply.samples] if isinstance(answer.reply, Texts) else []
    answers = fit_answers(what.persona, what.asked, worded)
    if not answers:
        return Answered(plain_answer(found), "plain", memories)
    meant = meanings(backend, answers)
    return Answered(best_answer(answers, meant, question, [known[m.text] for m in found]), "model", memories)


def meanings(backend: Backend, texts: Sequence[str]) -> list[Vector]:
    """Return the unit vector of each text. Raises `RunFailed`."""
    requests = [Embed("interview", tuple(texts[i : i + AT_ONCE])) for i in range(0, len(texts), AT_ONCE)]
    found: list[Vector] = []
    for request, answer in zip(requests, backend.answer(requests), strict=True):
        if not isinstance(answer.reply, Vectors) or answer.reply.array.shape != (len(request.texts), DIMENSIONS):
            raise RunFailed(f"the model does not say what texts mean: {answer.reply}")
        found += list(answer.reply.array)
    return found


def _stream(records: Sequence[Record], vectors: dict[str, Vector]) -> MemoryStream:
    """Return the memory stream that the records are of, as it was."""
    stream = MemoryStream(DIMENSIONS)
    for record in records:
        vector = vectors[record.text]
        stream.add(record.kind, record.text, record.created, record.importance, vector, record.evidence, record.about)
        stream.touch(np.array([record.number]), record.accessed)
    return stream
