"""The questions of the study, filled in for one person of one run: five of each of the paper's five kinds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from typing import Final

from pydantic import Field, model_validator

from agents.cognition.wording import clause
from agents.memory.archive import Record
from engine.config import Settings, check, parse_yaml
from engine.kernel.clock import HOUR, MINUTE, Clock
from engine.kernel.streams import derive_seed

QUARTER: Final = 15 * MINUTE
EARLIER, SOON, LATER = -2 * HOUR, HOUR, 4 * HOUR
SLOTS: Final = ("known", "another", "stranger", "news", "earlier", "soon", "later")
LONGEST_TEMPLATE: Final = 90
"""Letters of a question, so that with a name or a piece of news in it (at most 400) it can still be asked."""


class Template(Settings):
    """A question with at most one slot; `instead` is asked where that cannot be filled."""

    ask: str = Field(min_length=1, max_length=LONGEST_TEMPLATE)
    instead: str = Field(default="", max_length=LONGEST_TEMPLATE)

    @property
    def slots(self) -> list[str]:
        """The slots of the question."""
        return [name for _, name, _, _ in Formatter().parse(self.ask) if name is not None]

    @model_validator(mode="after")
    def _can_be_filled(self) -> Template:
        if len(self.slots) > 1 or not set(self.slots) <= set(SLOTS):
            raise ValueError(f"'{self.ask}': at most one of {', '.join(SLOTS)} can be filled in")
        if self.slots and self.slots[0] in ("known", "another", "news", "earlier") and not self.instead:
            raise ValueError(f"'{self.ask}': what is asked where nothing can be filled in?")
        return self


class Questionnaire(Settings):
    """The data file."""

    about: str
    strangers: tuple[str, ...]
    questions: dict[str, tuple[Template, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as one person is asked it: its kind, and its number among all."""

    number: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What questions to one person are filled in from, at a time in simulated seconds."""

    name: str
    people: Sequence[str]
    """All who live there."""
    knows: Sequence[str]
    """Whom the person knows from the start."""
    records: Sequence[Record]
    """All that the person remembers."""
    news: Sequence[str]
    """What is going about in town."""
    clock: Clock
    time: int
    seed: int


@cache
def questionnaire() -> Questionnaire:
    """Return the shipped questions."""
    text = resources.files("agents.believability").joinpath("questions.yaml").read_text(encoding="utf-8")
    return check(Questionnaire, parse_yaml(text, "questions.yaml"), "questions.yaml")


def questions_for(who: Circumstances) -> list[Asked]:
    """Return all questions for one person, in the order of the file."""
    sheet = questionnaire()
    filled = _fillings(who, sheet.strangers)
    templates = [(kind, template) for kind, those in sheet.questions.items() for template in those]
    return [
        Asked(number, kind, template.ask.format_map(filled) if set(template.slots) <= set(filled) else template.instead)
        for number, (kind, template) in enumerate(templates)
    ]


def acquaintances(who: Circumstances) -> list[str]:
    """Return the others whom a person knows, first those of whom most is remembered."""
    others = [name for name in who.people if name != who.name]
    about = [name for record in who.records for name in record.about]
    known = [name for name in dict.fromkeys([*who.knows, *about]) if name in others]
    return sorted(known, key=lambda name: -about.count(name))


def _fillings(who: Circumstances, strangers: Sequence[str]) -> Mapping[str, str]:
    times = {"earlier": who.time + EARLIER, "soon": who.time + SOON, "later": who.time + LATER}
    filled = {slot: _about(who.clock, time) for slot, time in times.items() if time >= 0}
    filled |= zip(("known", "another"), filter(str.isprintable, acquaintances(who)), strict=False)
    if news := next(filter(str.isprintable, who.news), ""):
        filled["news"] = clause(news)
    filled["stranger"] = _stranger(strangers, [*who.people, *who.knows], derive_seed(who.seed, who.name, "stranger"))
    return filled


def _about(clock: Clock, time: int) -> str:
    """Return a time of day as people name it: to the nearest quarter of an hour."""
    second = clock.second_of_day(time)
    return clock.hhmm(time - second + (second + QUARTER // 2) // QUARTER * QUARTER)


def _stranger(strangers: Sequence[str], people: Collection[str], seed: int) -> str:
    """Return somebody of whom not even one name is that of somebody there, if there is one."""
    taken = {part for name in people for part in name.split()}
    free = [name for name in strangers if not taken & set(name.split())] or list(strangers)
    return free[seed % len(free)]
