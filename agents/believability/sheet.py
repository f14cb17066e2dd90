"""The answers of a study in one file: what was asked, what each condition answered, and what a judge has to know.

The file is JSON that people can read; answers of people come in a file of theirs and are one more condition. Both are
checked before they are believed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from agents.cognition.settings import FACULTIES, Faculty
from engine.config import Settings, check, read_yaml
from engine.errors import BadInput, nearest
from engine.record.whole_file import write_whole
from engine.untrusted import printable, read_json

MAX_BYTES: Final = 64 * 1024 * 1024
FULL: Final = "full memory"
NONE: Final = "no memory"
LESS: Final[Sequence[tuple[Faculty, ...]]] = ((), ("reflection",), ("reflection", "planning"), tuple(FACULTIES))
"""What people answer without (Park et al. 2023, section 6.2). In the last case they still know who they are."""


def conditions_of(lacking: Collection[Faculty] = ()) -> dict[str, tuple[Faculty, ...]]:
    """Return under which conditions people can answer, the most memory first: their names, and what each is without.

    People who live without some faculties lack them under every condition, and every name says so.
    """
    each = [tuple(faculty for faculty in FACULTIES if faculty in {*lacking, *less}) for less in LESS]
    return {_named(without): without for without in each}


def _named(without: Sequence[Faculty]) -> str:
    if len(without) == len(FACULTIES):
        return NONE
    return ", ".join(f"no {faculty}" for faculty in without) or FULL


def _is_printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of text without control characters")
    return text


Text = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000, strip_whitespace=True), AfterValidator(_is_printable)
]
Label = Annotated[
    str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True), AfterValidator(_is_printable)
]


class Given(Settings):
    """One answer, worded by the `model`, or `plain` where none of its wordings was fit, or by a `person`."""

    text: Text
    way: Literal["model", "plain", "person"]


class Person(Settings):
    """Who is asked, as a judge is told it."""

    name: Label
    summary: Text


class Item(Settings):
    """One question to one person, with the memories that bear on it and the answer of each condition."""

    person: Label
    number: int = Field(ge=0)
    """Of the question; the same for everybody."""
    kind: Label
    question: Text
    notes: tuple[Text, ...] = Field(max_length=100)
    answers: dict[Label, Given] = Field(min_length=1, max_length=26)


class Sheet(Settings):
    """All answers of a study."""

    format: Literal["thorp interviews 1"] = "thorp interviews 1"
    run: Text
    """The folder of the run, as it was given."""
    when: Label
    model: Text
    """The identity of the model that answered."""
    seed: int = Field(ge=0, lt=2**63)
    people: tuple[Person, ...] = Field(min_length=1, max_length=1000)
    items: tuple[Item, ...] = Field(min_length=1, max_length=100_000)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        _refuse_twice("the person", [person.name for person in self.people])
        _refuse_twice("the question", [f"{item.number} to {item.person}" for item in self.items])
        names = {person.name for person in self.people}
        for item in self.items:
            if item.person not in names:
                raise ValueError(f"'{item.person}' is asked, but is none of the people{nearest(item.person, names)}")
        return self

    @property
    def conditions(self) -> list[str]:
        """The conditions under which there are answers, in their order."""
        return list(dict.fromkeys(condition for item in self.items for condition in item.answers))

    @property
    def fullest(self) -> str:
        """The condition with the most memory; empty when nobody of the run answers, but people do alone."""
        number = range(len(FACULTIES) + 1)
        every = (_named(without) for lacking in number for without in combinations(FACULTIES, lacking))
        return next((name for name in every if name in self.conditions), "")

    def summary(self, item: Item) -> str:
        """Return who the person is that an item is about."""
        return next(person.summary for person in self.people if person.name == item.person)

    @property
    def digest(self) -> str:
        """Return what the answers are known by: the same for the same contents."""
        return hashlib.blake2b(self._content(), digest_size=16).hexdigest()

    def _content(self) -> bytes:
        return self.model_dump_json(indent=1).encode() + b"\n"

    def write(self, to: Path) -> None:
        """Write the file, as a whole or not at all. Raises `BadInput`."""
        try:
            write_whole(to, self._content())
        except OSError as error:
            raise BadInput(str(to), f"cannot be written: {error.strerror or error}") from error

    @classmethod
    def read(cls, path: Path) -> Sheet:
        """Read a file of answers. Raises `BadInput`."""
        value = read_json(path, MAX_BYTES)
        if not isinstance(value, dict):
            raise BadInput(str(path), "must be an object, as `--to` writes it")
        return check(cls, value, str(path))


def _refuse_twice(what: str, names: Sequence[str]) -> None:
    twice = next((name for name, count in Counter(names).items() if count > 1), None)
    if twice is not None:
        raise ValueError(f"{what} {twice} stands twice")


class Contribution(Settings):
    """Answers of people: by the name of the one whom they speak for, and by the question as it was asked."""

    condition: Label = "human"
    answers: dict[str, dict[str, Text]] = Field(min_length=1, max_length=10_000)

    @classmethod
    def read(cls, path: Path) -> Contribution:
        """Read a YAML or JSON file. Raises `BadInput`."""
        return check(cls, read_yaml(path), str(path))


def with_people(sheet: Sheet, given: Contribution, source: str) -> Sheet:
    """Return the answers with those of people, from the file `source`, as one more condition. Raises `BadInput`."""
    if given.condition in sheet.conditions:
        raise BadInput(source, f"there are answers of '{given.condition}' already", "key condition")
    asked: dict[str, dict[str, int]] = {}
    for place, item in enumerate(sheet.items):
        asked.setdefault(item.person, {})[folded(item.question)] = place
    items = list(sheet.items)
    for person, answers in given.answers.items():
        if person not in asked:
            problem = f"nobody called '{printable(person)}' is asked{nearest(person, asked)}"
            raise BadInput(source, problem, "key answers")
        for question, text in answers.items():
            place = asked[person].get(folded(question), -1)
            if place < 0:
                questions = [sheet.items[place].question for place in asked[person].values()]
                problem = f"'{printable(question)}' is not asked{nearest(question, questions)}"
                raise BadInput(source, problem, f"key answers.{person}")
            both = items[place].answers | {given.condition: Given(text=text, way="person")}
            items[place] = items[place].model_copy(update={"answers": both})
    return sheet.model_copy(update={"items": tuple(items)})


def folded(question: str) -> str:
    """Return what the same question has in common however it is spaced and in whatever letters."""
    return " ".join(question.split()).casefold()
