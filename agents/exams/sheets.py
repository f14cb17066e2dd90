"""The files of labelled cases, checked: what is asked, what the answers are to choose from, and which are right."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, model_validator

from agents.persona.persona import Persona, TimeOfDay
from engine.config import Settings, check, read_yaml

FEWEST_CASES = 40

S = TypeVar("S", bound="Sheet")


class Sheet(Settings):
    """What all files have: a word on what is asked, and who labels. The cases are the project's own."""

    about: str


class PickCase(Settings):
    """Which of the options of a group answers `ask`? Right are one or several keys of the group."""

    ask: str
    among: str = ""
    right: str | tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the right options."""
        return (self.right,) if isinstance(self.right, str) else self.right


class PickSheet(Sheet):
    """Cases of a pick. Options come in groups, so that several cases share what there is to choose from.

    Without groups the options are those that the thought itself names.
    """

    groups: dict[str, dict[str, str]] = Field(default_factory=dict)
    cases: tuple[PickCase, ...] = Field(min_length=FEWEST_CASES)

    @model_validator(mode="after")
    def _right_ones_exist(self) -> PickSheet:
        for case in self.cases:
            for key in case.keys if self.groups else ():
                if key not in self.groups.get(case.among, {}):
                    raise ValueError(f"'{case.ask}': there is no option '{key}' in the group '{case.among}'")
        return self


class LeanCase(Settings):
    """Yes or no? `texts` are what is judged."""

    texts: tuple[str, ...] = Field(min_length=1)
    right: bool
    what: str = ""
    """What it is about, where that matters."""
    known: bool = False
    something_to_tell: bool = False


class LeanSheet(Sheet):
    """Cases of a lean whose answer is yes or no."""

    cases: tuple[LeanCase, ...] = Field(min_length=FEWEST_CASES)


class PairCase(Settings):
    """Two texts, of which one lies further towards the high pole."""

    more: str
    less: str


class PairSheet(Sheet):
    """Cases of a lean whose order matters."""

    cases: tuple[PairCase, ...] = Field(min_length=FEWEST_CASES)


class HourCase(Settings):
    """A lifestyle, and when somebody who lives so gets up."""

    lifestyle: str
    wakes: TimeOfDay


class HourSheet(Sheet):
    """Cases of a rhythm."""

    cases: tuple[HourCase, ...] = Field(min_length=FEWEST_CASES)


class EndingCase(Settings):
    """Is a talk over? The line said last, and where the talk stands."""

    said: str
    lines: int = Field(ge=1)
    """How many have been said."""
    told: bool = False
    """Whether the last one told something."""
    leave: bool = False
    something_to_tell: bool = False
    right: Literal["go on", "end"]


class EndingSheet(Sheet):
    """Cases of the end of a talk."""

    cases: tuple[EndingCase, ...] = Field(min_length=FEWEST_CASES)


class WhomCase(Settings):
    """Whom of three people? What they do, the nearest first, with a star before those who are known."""

    people: tuple[str, str, str]
    right: int = Field(ge=0, le=2)


class WhomSheet(Sheet):
    """Cases of the choice among people in sight."""

    cases: tuple[WhomCase, ...] = Field(min_length=FEWEST_CASES)


class DoorCase(Settings):
    """What does one do who is not let in? Minutes until it opens (none: nobody knows), and that one has in mind."""

    why: Literal["closed", "full", "no way"]
    what: str
    opens_in: int | None = Field(default=None, ge=0)
    left: int = Field(ge=1)
    right: Literal["wait for room", "wait for it to open", "do it elsewhere", "stay where one is"]


class DoorSheet(Sheet):
    """Cases of shut doors and full rooms."""

    cases: tuple[DoorCase, ...] = Field(min_length=FEWEST_CASES)


class RepairCase(Settings):
    """What does one make of a part of a plan, at a place with opening hours? Hours and times may go past midnight."""

    what: str
    start: TimeOfDay
    end: TimeOfDay
    opens: TimeOfDay | None = None
    closes: TimeOfDay | None = None
    """Without hours the place is never shut."""
    own: bool = False
    """Whether one lives or works there, and so gets in at any time."""
    right: Literal["there", "elsewhere", "there when it opens", "there until it closes", "there while it is open"]

    @model_validator(mode="after")
    def _opens_and_closes(self) -> RepairCase:
        if (self.opens is None) != (self.closes is None):
            raise ValueError(f"'{self.what}': a place has both hours, or none")
        return self


class RepairSheet(Sheet):
    """Cases of plans and opening hours."""

    cases: tuple[RepairCase, ...] = Field(min_length=FEWEST_CASES)


class RemedyCase(Settings):
    """What does one do with an object in a state? What helps, and the minutes that it takes; right is one of them."""

    seen: str
    helps: dict[str, int] = Field(min_length=2)
    right: str

    @model_validator(mode="after")
    def _right_one_exists(self) -> RemedyCase:
        if self.right not in self.helps:
            raise ValueError(f"'{self.seen}': '{self.right}' is none of what helps")
        return self


class RemedySheet(Sheet):
    """Cases of objects that go wrong."""

    cases: tuple[RemedyCase, ...] = Field(min_length=FEWEST_CASES)


class TopicCase(Settings):
    """What does one tell? What there is to tell, under short keys, and which of it is right ("" for nothing)."""

    to: tuple[str, ...] = Field(min_length=1)
    here: str = ""
    """Where one talks, if it matters: "the yard of Brook Farm"."""
    news: dict[str, str] = Field(default_factory=dict)
    over: tuple[str, ...] = ()
    """The keys of news of what is over."""
    heard_from: dict[str, str] = Field(default_factory=dict)
    """By the key of news, who told it."""
    saw: dict[str, str] = Field(default_factory=dict)
    """Observations of people, as they come to mind."""
    plan: dict[str, str] = Field(default_factory=dict)
    """What one does later: "painting the fence"."""
    told: tuple[str, ...] = ()
    """The keys of what those one talks with know already."""
    right: str

    @model_validator(mode="after")
    def _right_one_exists(self) -> TopicCase:
        keys = {*self.news, *self.saw, *self.plan}
        for key in (*self.over, *self.heard_from, *self.told, *((self.right,) if self.right else ())):
            if key not in keys:
                raise ValueError(f"there is nothing called '{key}' to tell")
        return self


class TopicSheet(Sheet):
    """Cases of what to tell."""

    cases: tuple[TopicCase, ...] = Field(min_length=FEWEST_CASES)


class AnswerCase(Settings):
    """What is asked, and words of which a right answer has one."""

    ask: str
    right: tuple[str, ...] = Field(min_length=1)


class AnswerSet(Settings):
    """What somebody remembers, and questions about it; each memory names the one asked as {me}."""

    memories: tuple[str, ...] = Field(min_length=2)
    cases: tuple[AnswerCase, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_memory_answers(self) -> AnswerSet:
        for case in self.cases:
            if sum(any(word in text.lower() for word in case.right) for text in self.memories) != 1:
                raise ValueError(f"'{case.ask}': the right words must stand in just one memory")
        return self


class AnswerSheet(Sheet):
    """Cases of interview answers."""

    sets: tuple[AnswerSet, ...]

    @model_validator(mode="after")
    def _enough(self) -> AnswerSheet:
        if sum(len(each.cases) for each in self.sets) < FEWEST_CASES:
            raise ValueError(f"there must be at least {FEWEST_CASES} cases")
        return self


class Situated(Settings):
    """Where and when one meets whom, doing what."""

    other: str
    where: str
    part_of_day: str
    doing: str


class Noted(Settings):
    """What is remembered of somebody."""

    about: str
    notes: tuple[str, ...] = Field(min_length=1)


class LinesSheet(Sheet):
    """What texts are worded about."""

    people: tuple[Persona, ...] = Field(min_length=FEWEST_CASES // 2)
    """Each is asked twice what to do."""
    met: tuple[Situated, ...] = Field(min_length=FEWEST_CASES)
    said: tuple[str, ...] = Field(min_length=FEWEST_CASES)
    notes: tuple[Noted, ...] = Field(min_length=FEWEST_CASES)


def read(kind: type[S], name: str) -> S:
    """Read the shipped cases of a thought."""
    with resources.as_file(resources.files("agents.exams").joinpath(f"data/{name}.yaml")) as path:
        return check(kind, _content(path), str(path))


def _content(path: Path) -> dict[str, Any]:
    return read_yaml(path)
