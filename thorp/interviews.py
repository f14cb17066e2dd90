"""The interviews of a study of believability: the same questions to people of a run, with all and with less memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agents.believability.questions import Circumstances, questions_for
from agents.believability.sheet import Given, Item, Person, Sheet, conditions_of
from agents.cognition.settings import FACULTIES, Faculty
from agents.persona.persona import Persona
from engine.errors import BadInput
from engine.kernel.streams import derive_seed
from engine.llm.service import ModelService
from engine.phrases import listed
from engine.untrusted import printable
from thorp.archive import Archive
from thorp.ask import Answered, Interviewee, hold_all, interviewee, question_to
from thorp.news import news_of

CHOSEN = 3
"""How many people are asked if none are named."""


def chosen(archive: Archive, names: Sequence[str], time: int) -> list[Persona]:
    """Return who is asked: those named, or else some that the run's seed draws. Raises `BadInput`."""
    if names:
        return list({person.name: person for person in map(archive.find, names)}.values())
    seed = archive.plan.seeds.at(time)
    drawn = sorted(archive.people, key=lambda person: derive_seed(seed, person.name, "study"))[:CHOSEN]
    return [person for person in archive.people if person in drawn]


def conditions_at(archive: Archive, time: int) -> dict[str, tuple[Faculty, ...]]:
    """Return under which conditions people of a run can be asked at a time: with all their memory, and with less.

    Raises `BadInput` where they have none of which they could have less.
    """
    conditions = conditions_of(archive.plan.minds.at(time).without)
    if len(conditions) < 2:
        problem = f"its people live without {listed(FACULTIES)}, so that there is no less memory to compare theirs with"
        raise BadInput(str(archive.folder.path), problem)
    return conditions


def interview(
    archive: Archive,
    people: Sequence[Persona],
    time: int,
    shown: int,
    samples: int | None,
    service: ModelService,
    identity: str,
    on_replies: Callable[[int], None],
) -> Sheet:
    """Ask people all questions under all conditions at a time of a run.

    An answer is made from `shown` memories at most, and is the best of so many `samples`, or else of as many as minds
    take in the run. `identity` is that of the model that the service asks. Raises `BadInput` and `RunFailed`.
    """
    conditions = conditions_at(archive, time)
    subjects = [interviewee(archive, person, time) for person in people]
    asked = [(who, question) for who in subjects for question in questions_for(_circumstances(archive, who))]
    answers = hold_all(
        [
            question_to(who, question.text, without=without, shown=shown, samples=samples)
            for who, question in asked
            for without in conditions.values()
        ],
        service,
        on_replies,
    )
    per_question = [answers[i : i + len(conditions)] for i in range(0, len(answers), len(conditions))]
    items = []
    for (who, question), given in zip(asked, per_question, strict=True):
        found = dict(zip(conditions, given, strict=True))
        items.append(
            Item(
                person=who.persona.name,
                number=question.number,
                kind=question.kind,
                question=question.text,
                notes=tuple(printable(record.text) for record in given[0].memories),
                answers={name: _given(answer) for name, answer in found.items()},
            )
        )
    return Sheet(
        run=printable(str(archive.folder.path)),
        when=archive.clock.label(time),
        model=identity,
        seed=archive.plan.seeds.at(time),
        people=tuple(Person(name=who.persona.name, summary=printable(who.persona.summary)) for who in subjects),
        items=tuple(items),
    )


def _given(answer: Answered) -> Given:
    return Given(text=printable(answer.answer), way="model" if answer.way == "model" else "plain")


def _circumstances(archive: Archive, who: Interviewee) -> Circumstances:
    happened = max((event.key.time for event in archive.events if event.key.time <= who.time), default=0)
    own_last = sorted(news_of(archive.plan, happened), key=lambda item: item.starts_with == who.persona.name)
    return Circumstances(
        name=who.persona.name,
        people=[person.name for person in archive.people],
        knows=list(who.persona.knows),
        records=who.records,
        news=[item.text for item in own_last],
        clock=who.clock,
        time=who.time,
        seed=who.seed,
    )
