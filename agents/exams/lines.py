"""Exams of the texts that the language model words: form, repetition, copying, and names that nobody has.

Nobody says which line would be right, so what is counted is what is wrong with the samples, fit for use or not, and how
often the mind has to fall back on a plain line.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import simpy

from agents.cognition import prompts
from agents.cognition.identity import IDENTITY, is_wish
from agents.cognition.interview import INTERVIEW, Question, fit_answers
from agents.cognition.planning import SKETCH, is_doing
from agents.cognition.reflection import INSIGHT, QUESTION, QUESTION_BEGINNINGS, QUESTION_SAMPLES, is_insight
from agents.cognition.relations import OPINION, is_opinion
from agents.cognition.settings import MindSettings
from agents.cognition.speaking import GREETING, REPLY, can_be_said
from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import Line
from agents.cognition.wording import copies, echoes, is_fit, loops, sentence, strangers, tidy
from agents.exams.desk import Cost, Desk
from agents.exams.sheets import LinesSheet, Situated, read
from agents.persona.persona import Persona


@dataclass(frozen=True, slots=True)
class Prompted:
    """One case: the values of the prompt, what one was given and must not repeat, and what is fit for use."""

    values: Mapping[str, str]
    given: tuple[str, ...]
    fits: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class LineRow:
    """What came out for one thought. Shares are of all samples that came, but for those of cases."""

    thought: str
    cases: int
    asked: int
    """How many samples were asked for, twice where none was fit."""
    samples: int
    """How many came: those of the right shape, without banned words and doubles."""
    fit: int
    plain: int
    """Cases with no sample that is fit for use: a plain line takes its place."""
    loops: int
    echoes: int
    copies: int
    strangers: int
    distinct: int
    """How many different lines the best samples of the cases are."""
    example: str
    cost: Cost

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""

        def share(count: int) -> float:
            return round(count / self.samples, 4) if self.samples else 0.0

        return {
            "thought": self.thought,
            "cases": self.cases,
            "samples": f"{self.samples}/{self.asked}",
            "fit": share(self.fit),
            "loops": share(self.loops),
            "echoes": share(self.echoes),
            "copies": share(self.copies),
            "unknown_names": share(self.strangers),
            "plain_lines": self.plain,
            "distinct_lines": self.distinct,
            "example": self.example,
            **self.cost.as_json(),
        }


def examine(thought: Line, cases: Sequence[Prompted], samples: int, desk: Desk) -> LineRow:
    """Let all cases of a text thought be worded."""
    came: list[list[str]] = [[] for _ in cases]

    def wording(number: int) -> Callable[[Thinker], Generator[simpy.Event, Any, list[list[str]]]]:
        def fits(text: str) -> bool:
            came[number].append(text)
            return cases[number].fits(text)

        request = thought.request(samples, **cases[number].values)
        return lambda think: think.write([request], fits)

    answers, cost = desk.sit({}, [wording(number) for number in range(len(cases))])
    fit = [found for (found,) in answers]
    examples = prompts.segments(thought.name)[:1]
    texts = [(text, case) for case, found in zip(cases, came, strict=True) for text in found]
    best = [tidy(found[0]) for found in fit if found]
    begun = thought.begin.format_map(cases[0].values)
    return LineRow(
        thought.name,
        len(cases),
        samples * cost.requests,
        len(texts),
        sum(map(len, fit)),
        sum(not found for found in fit),
        sum(loops(text) for text, _ in texts),
        sum(echoes(text, case.given) for text, case in texts),
        sum(copies(text, examples) for text, _ in texts),
        sum(_names_strangers(thought, case, text) for text, case in texts),
        len(set(best)),
        f"{begun}{fit[0][0]}" if fit[0] else "(none is fit)",
        cost,
    )


def _names_strangers(thought: Line, case: Prompted, text: str) -> bool:
    begun = thought.begin.format_map(case.values)
    return bool(strangers(begun + text, [begun, *case.values.values(), *case.given]))


def _sketches(sheet: LinesSheet) -> list[Prompted]:
    return [
        Prompted(
            {"summary": person.summary, "remembered": "", "me": person.first_name, "time": time, "where": ""},
            (person.summary,),
            is_doing,
        )
        for person, time in product(sheet.people, ("10:30", "20:00"))
    ]


def _greetings(sheet: LinesSheet) -> list[Prompted]:
    return [_greeting(_another(sheet, number, met.other), met) for number, met in enumerate(sheet.met)]


def _greeting(person: Persona, met: Situated) -> Prompted:
    plain = f"Good {met.part_of_day}, {met.other}!"
    values = {**_self(person), "other": met.other, "where": met.where, "part_of_day": met.part_of_day}
    values |= {"doing": met.doing, "plain": plain}
    return Prompted(values, (met.doing,), lambda text: can_be_said(text, person.first_name, ()))


def _self(person: Persona) -> dict[str, str]:
    return {"me": person.first_name, "traits": person.traits, "currently": person.currently, "opinion": ""}


def _replies(sheet: LinesSheet) -> list[Prompted]:
    cases = []
    known = [note for noted in sheet.notes for note in noted.notes]
    for number, said in enumerate(sheet.said):
        other = sheet.met[number % len(sheet.met)].other
        person = _another(sheet, number, other)
        values = {**_self(person), "other": other, "said": f"{other}: {said}\n"}
        values["remembered"] = f"{person.first_name} knows this: {sentence(known[number])}" if number % 2 else ""
        name = person.first_name
        cases.append(Prompted(values, (said,), lambda text, name=name, said=said: can_be_said(text, name, (said,))))  # type: ignore[misc]
    return cases


def _questions(sheet: LinesSheet) -> list[Prompted]:
    cases = []
    for number, (subject, notes) in enumerate(_notes(sheet)):
        beginning = QUESTION_BEGINNINGS[number % len(QUESTION_BEGINNINGS)].format(name=subject)
        cases.append(Prompted({"notes": _lines(notes), "beginning": beginning}, notes, is_fit))
    return cases


def _insights(sheet: LinesSheet) -> list[Prompted]:
    return [
        Prompted(
            {"notes": _lines(notes), "subject": subject},
            notes,
            lambda text, notes=notes, subject=subject: is_insight(text, notes, [subject]),  # type: ignore[misc]
        )
        for subject, notes in _notes(sheet)
    ]


def _opinions(sheet: LinesSheet) -> list[Prompted]:
    cases = []
    for number, (subject, notes) in enumerate(_notes(sheet)):
        me, other = _another(sheet, number, subject), subject.split()[0]
        values = {"me": me.first_name, "other": other, "notes": _together(notes)}
        fits = partial(is_opinion, people=(me.name, subject), known=notes)
        cases.append(Prompted(values, notes, fits))
    return cases


def _identities(sheet: LinesSheet) -> list[Prompted]:
    cases = []
    for number, (subject, notes) in enumerate(_notes(sheet)):
        anybody = sheet.people[number % len(sheet.people)]
        me = next((person for person in sheet.people if person.name == subject), anybody)
        fits = partial(is_wish, known=me.currently)
        cases.append(Prompted({"me": me.first_name, "notes": _lines(notes)}, notes, fits))
    return cases


def _interviews(sheet: LinesSheet) -> list[Prompted]:
    cases = []
    for number, (subject, notes) in enumerate(_notes(sheet)):
        person = _another(sheet, number, subject)
        asked = Question(f"What have you heard of {subject}?", "Visitor", "Friday, 18:00", "drinking a cup of tea")
        values = {"summary": person.summary, "when": asked.when, "me": person.first_name, "doing": asked.doing}
        values |= {"notes": _together(notes), "role": asked.role, "question": asked.text}
        fits = partial(_answers, person, asked)
        cases.append(Prompted(values, (asked.text,), fits))
    return cases


def _notes(sheet: LinesSheet) -> list[tuple[str, tuple[str, ...]]]:
    return [(noted.about, noted.notes) for noted in sheet.notes]


def _another(sheet: LinesSheet, number: int, subject: str) -> Persona:
    """Return somebody who is not the one that notes are about, or whom one meets, by the name or the first name."""
    others = [person for person in sheet.people if subject not in (person.name, person.first_name)]
    return others[number % len(others)]


def _answers(person: Persona, asked: Question, text: str) -> bool:
    return bool(fit_answers(person, asked, [text]))


def _together(notes: Sequence[str]) -> str:
    return " ".join(map(sentence, notes))


def _lines(notes: Sequence[str]) -> str:
    return "".join(f"{sentence(note)}\n" for note in notes)


LINE_EXAMS: Mapping[str, tuple[Line, Callable[[LinesSheet], list[Prompted]], int]] = {
    SKETCH.name: (SKETCH, _sketches, 2 * MindSettings().samples),
    GREETING.name: (GREETING, _greetings, MindSettings().samples),
    REPLY.name: (REPLY, _replies, MindSettings().samples),
    QUESTION.name: (QUESTION, _questions, QUESTION_SAMPLES),
    INSIGHT.name: (INSIGHT, _insights, MindSettings().samples),
    IDENTITY.name: (IDENTITY, _identities, MindSettings().samples),
    OPINION.name: (OPINION, _opinions, MindSettings().samples),
    INTERVIEW.name: (INTERVIEW, _interviews, MindSettings().samples),
}
"""By the name of the thought: the thought, its cases, and how many samples a mind asks for."""


def sit_lines(names: Sequence[str], desk: Desk, say: Callable[[str], None]) -> list[LineRow]:
    """Let a model word the texts of some thoughts."""
    rows = []
    sheet = read(LinesSheet, "lines")
    for name in names:
        say(name)
        thought, cases, samples = LINE_EXAMS[name]
        rows.append(examine(thought, cases(sheet), samples, desk))
    return rows
