"""Asking somebody of a run: an interview at any time of it, which changes nothing.

What the person has in mind then is read off the log: `Remembered`, `Weighed`, `Repeated` and `Recalled` say all about
memories but their vectors, and these the same model makes of the same texts again. What was seen or told just before
and has not been weighed yet is weighed as the person would who is asked something. So neither has the run to be
performed again, nor does its folder have to be writable or finished.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import simpy

from agents.cognition.identity import latest_wish
from agents.cognition.interview import Question, best_answer, fit_answers, plain_answer, wording
from agents.cognition.mind import importances
from agents.cognition.settings import FACULTIES, Faculty, MindSettings
from agents.cognition.thinker import Thinker, is_original
from agents.cognition.thoughts import weights_of
from agents.memory.archive import Record
from agents.memory.retrieval import retrieve
from agents.memory.stream import Memory, MemoryKind, MemoryStream, Vector
from agents.persona.persona import Persona
from engine.errors import BadInput, RunFailed
from engine.kernel.clock import Clock
from engine.kernel.streams import derive_seed
from engine.llm.requests import DIMENSIONS, Embed, Reply, Request, Texts, Vectors, Write
from engine.llm.service import ModelService
from engine.llm.spec import RECORDED, ModelSpec
from engine.record.events import Acted, Body, Event
from engine.record.manifest import NAME
from thorp.archive import Archive

SHOWN = 8
"""How many memories an answer is made from; more do not help a small model."""
ROLE = "Visitor"
LONGEST = {"question": 500, "--as": 60}
AT_ONCE = 64
"""Texts of one request for their meaning."""


@dataclass(frozen=True, slots=True)
class Interviewee:
    """Somebody at a time of a run (simulated seconds), with what they do and all they have in mind then."""

    persona: Persona
    time: int
    clock: Clock
    doing: str
    settings: MindSettings
    seed: int
    """That of the run at the time."""
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Interview:
    """A checked question to somebody at a time."""

    who: Interviewee
    asked: Question
    settings: MindSettings
    """Those of the person, with what else they have to do without."""
    seed: int
    shown: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said, worded by the `model` or `plain` where no wording was fit; and from which memories, best first."""

    answer: str
    way: str
    memories: tuple[Record, ...]

    def as_json(self, what: Interview, model: ModelSpec) -> dict[str, Any]:
        """Return question and answer under the names of the command line's contract."""
        return {
            "agent": what.who.persona.name,
            "at": what.who.time,
            "time": what.who.clock.at(what.who.time).isoformat(),
            "as": what.asked.role,
            "question": what.asked.text,
            "answer": self.answer,
            "way": self.way,
            "without": list(what.settings.without),
            "model": str(model),
            "memories": [record.as_json() for record in self.memories],
        }


def model_to_ask(archive: Archive, given: ModelSpec | None) -> ModelSpec:
    """Return the model that is to answer: the run's own, if no other is given. Raises `BadInput`."""
    folder = archive.folder
    model = given or ModelSpec.parse(folder.manifest.model, str(folder.path / NAME))
    if model.kind == RECORDED:
        raise BadInput("--model", "what is asked now has no recorded reply (allowed: a model that answers)")
    return model


def interviewee(archive: Archive, persona: Persona, time: int) -> Interviewee:
    """Return what somebody has in mind at a time. Raises `BadInput` when the log does not hold together."""
    plan, index = archive.plan, archive.names.index(persona.name)
    records, doing = archive.memories(index, time), _doing(archive.events, index, time)
    settings, seed = plan.minds.at(time), plan.seeds.at(time)
    return Interviewee(persona, time, archive.clock, doing, settings, seed, tuple(records))


def question_to(
    who: Interviewee,
    question: str,
    *,
    role: str = ROLE,
    without: Sequence[Faculty] = (),
    shown: int = SHOWN,
    samples: int | None = None,
) -> Interview:
    """Return a checked question; `without` adds to the faculties that the person lacks. Raises `BadInput`.

    The answer is chosen among so many `samples`; if nothing is said, among as many as minds take in the run.
    """
    text, role = _one_line("question", question), _one_line("--as", role)
    lacking = tuple(faculty for faculty in FACULTIES if faculty in {*who.settings.without, *without})
    changes = {"without": lacking, "samples": samples or who.settings.samples}
    settings = who.settings.model_copy(update=changes)
    seed = derive_seed(who.seed, who.persona.name, who.time, "interview", role, text)
    when = f"{who.clock.at(who.time):%A}, {who.clock.hhmm(who.time)}"
    return Interview(who, Question(text, role, when, who.doing), settings, seed, shown)


def _one_line(option: str, text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST[option] or not text.isprintable():
        raise BadInput(option, f"must be one line of text (allowed: 1 to {LONGEST[option]} characters)")
    return text


def _doing(events: Sequence[Event], agent: int, time: int) -> str:
    """What the person does at a time."""
    doing = "asleep"
    for event in events:
        if event.key.time > time:
            break
        if event.key.agent == agent and isinstance(event.body, Acted):
            doing = event.body.description
    return doing or "standing about"


def hold(what: Interview, service: ModelService) -> Answered:
    """Ask one question. Raises `RunFailed` when the model cannot tell what texts mean."""
    return hold_all([what], service)[0]


def hold_all(
    interviews: Sequence[Interview], service: ModelService, on_replies: Callable[[int], None] = lambda _: None
) -> list[Answered]:
    """Ask all questions together: each gets the answer that it gets alone. Raises as `hold` does.

    Where no wording can be said, it is asked for once more, with another seed.

    `on_replies` is told how many more of the answers have been worded.
    """
    whole = {id(who): replace(who, records=_weighed(who, service)) for who in _distinct(interviews)}
    interviews = [replace(what, who=whole[id(what.who)]) for what in interviews]
    texts = [record.text for who in _distinct(interviews) for record in who.records]
    known = meanings(service, [*(what.asked.text for what in interviews), *texts])
    streams = {id(who): _stream(who.records, known) for who in _distinct(interviews)}
    recalled = [_recalled(streams[id(what.who)], known[what.asked.text], what) for what in interviews]
    requests = [
        wording(what.who.persona, what.asked, found, what.settings.samples, what.seed, _wish(what))
        for what, found in zip(interviews, recalled, strict=True)
    ]
    replies = service.ask_all(requests, on_replies)
    worded = _fit(interviews, requests, replies)
    again = [n for n, reply in enumerate(replies) if isinstance(reply, Texts) and not worded[n]]
    if again:
        others = [replace(requests[n], seed=derive_seed(requests[n].seed, "again")) for n in again]
        found = _fit([interviews[n] for n in again], others, service.ask_all(others))
        for number, answers in zip(again, found, strict=True):
            worded[number] = answers
    known |= meanings(service, [answer for answers in worded for answer in answers])
    return [_answered(*each, known) for each in zip(interviews, recalled, worded, strict=True)]


def _distinct(interviews: Sequence[Interview]) -> list[Interviewee]:
    return list({id(what.who): what.who for what in interviews}.values())


def _recalled(stream: MemoryStream, question: Vector, what: Interview) -> list[Memory]:
    """Return what comes to mind at a question; the stream is afterwards as it was."""
    accessed = stream.accessed.copy()
    settings = what.settings
    found = retrieve(stream, question, what.who.time, what.shown, settings.retrieval, settings.blocked)
    stream.accessed[:] = accessed
    return found


def _wish(what: Interview) -> str:
    if MemoryKind.REFLECTION in what.settings.blocked:
        return ""
    reflections = (record.text for record in what.who.records if record.kind is MemoryKind.REFLECTION)
    return latest_wish(what.who.persona, reflections)


def _fit(interviews: Sequence[Interview], requests: Sequence[Write], replies: Sequence[Reply]) -> list[list[str]]:
    """Return for each interview the answers that can be said."""
    fit = []
    for what, request, reply in zip(interviews, requests, replies, strict=True):
        samples = reply.samples if isinstance(reply, Texts) else ()
        texts = [sample.text for sample in samples if is_original(sample.text, request)]
        fit.append(fit_answers(what.who.persona, what.asked, texts))
    return fit


def _answered(
    what: Interview, found: Sequence[Memory], answers: Sequence[str], known: Mapping[str, Vector]
) -> Answered:
    memories = tuple(what.who.records[memory.number] for memory in found)
    if not answers:
        return Answered(plain_answer(found), "plain", memories)
    grounds = [known[memory.text] for memory in found]
    answer = best_answer(answers, [known[each] for each in answers], known[what.asked.text], grounds)
    return Answered(answer, "model", memories)


def meanings(service: ModelService, texts: Sequence[str]) -> dict[str, Vector]:
    """Return the unit vector of each text. Raises `RunFailed`."""
    distinct = tuple(dict.fromkeys(texts))
    requests = [Embed("interview", distinct[i : i + AT_ONCE]) for i in range(0, len(distinct), AT_ONCE)]
    found: dict[str, Vector] = {}
    for request, reply in zip(requests, service.ask_all(requests), strict=True):
        if not isinstance(reply, Vectors) or reply.array.shape != (len(request.texts), DIMENSIONS):
            raise RunFailed(f"the model does not say what texts mean: {reply}")
        found |= zip(request.texts, reply.array, strict=True)
    return found


class _Asker:
    """A lane of somebody who is asked something and thinks about it at once."""

    def __init__(self, service: ModelService) -> None:
        self._service = service

    def ask(self, *requests: Request) -> Generator[simpy.Event, Any, list[Reply]]:
        return list(self._service.ask_all(requests))
        yield

    def request_seed(self, purpose: str) -> int:
        raise NotImplementedError("nothing is drawn")

    def emit(self, body: Body) -> None:
        """Log nothing: a run is not changed by questions."""


def _weighed(who: Interviewee, service: ModelService) -> tuple[Record, ...]:
    """Return what somebody has in mind once they have thought about how much the latest of it matters."""
    texts = [record.text for record in who.records if not record.importance]
    if not texts:
        return who.records
    think = Thinker(_Asker(service), lambda thought: weights_of(who.settings.ways.get(thought)))
    thinking = importances(think, texts)
    try:
        next(thinking)
    except StopIteration as end:
        weights = iter(end.value)
    else:
        raise AssertionError("a thinker that is answered at once does not wait")
    return tuple(r if r.importance else replace(r, importance=next(weights)) for r in who.records)


def _stream(records: Sequence[Record], vectors: Mapping[str, Vector]) -> MemoryStream:
    """Return the memory stream that the records are of, as it was."""
    stream = MemoryStream(DIMENSIONS)
    for record in records:
        vector = vectors[record.text]
        stream.add(record.kind, record.text, record.created, record.importance, vector, record.evidence, record.about)
        stream.touch(np.array([record.number]), record.accessed)
    return stream
