"""A persona: identity, biography, traits, routine, and what the person knows at the start."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from engine.config import Settings
from engine.kernel.clock import DAY, HOUR, MINUTE

_FIRST_PERSON = re.compile(r"\b(?:I(?= [a-z])|I['’](?:m|ll|ve|d)|[Mm]y|[Mm]yself|me)\b")
_LINE_BREAK = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""The categories Cc, Zl and Zp."""
_CLOCK_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
LONGEST_NIGHT = 12 * HOUR
"""Seconds for which something can last that is over on a later day than it begins."""


def _seconds(value: Any) -> int:
    found = _CLOCK_TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("must be a time of day such as '07:30'")
    return int(found[1]) * HOUR + int(found[2]) * MINUTE


def _clock_time(seconds: int) -> str:
    return f"{seconds // HOUR:02d}:{seconds // MINUTE % 60:02d}"


def _one_line(text: str) -> str:
    if _LINE_BREAK.search(text):
        raise ValueError("must be one line of text")
    return text


def _in_anybodys_mouth(text: str) -> str:
    if found := _FIRST_PERSON.search(text):
        raise ValueError(f"others pass it on word for word: put the person's name in place of '{found[0]}'")
    return text


TimeOfDay = Annotated[int, BeforeValidator(_seconds), PlainSerializer(_clock_time, when_used="json-unless-none")]
"""Seconds since midnight, written as '07:30'."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400), AfterValidator(_one_line)]

Tellable = Annotated[Line, AfterValidator(_in_anybodys_mouth)]
"""What anybody can say as it stands, without a full stop: "there is a quiz night at The Lantern at seven"."""


class Habit(Settings):
    """A routine act: a plan entry that needs no thought."""

    at: TimeOfDay
    do: Line
    """What, in the -ing form: "opening the cafe"."""
    where: str = ""
    """An address without the town's name, such as `Ember Cafe:counter`; empty: to be decided by meaning."""
    minutes: int = Field(default=30, ge=5, le=960)


def too_long(begins: int, lasts: int) -> str:
    """Return what is wrong with the seconds that something lasts which begins at one of the day; empty if nothing is.

    A party may go on until one in the morning; that something is over at an hour before that of its beginning, and so
    takes nearly a day, is a slip.
    """
    if begins + lasts <= DAY or lasts <= LONGEST_NIGHT:
        return ""
    span = f"{lasts // HOUR}:{lasts // MINUTE % 60:02d} hours"
    return f"{span} after it begins; what goes on over midnight lasts {LONGEST_NIGHT // HOUR} hours at most"


class News(Settings):
    """Something the person knows and likes to tell."""

    text: Tellable
    at: TimeOfDay | None = None
    """When it takes place, if it is something one can go to."""
    until: TimeOfDay | None = None
    """When it is over: the next time of that hour, not `too_long` after `at`."""
    where: str = ""
    """Where it takes place, an address without the town's name."""

    @field_validator("until")
    @classmethod
    def _ends_after_it_began(cls, until: int | None, info: ValidationInfo) -> int | None:
        if until is None or "at" not in info.data:  # then 'at' itself is wrong
            return until
        at = info.data["at"]
        if at is None:
            raise ValueError("'until' needs 'at'")
        if until == at:
            raise ValueError("must be another time than 'at'")
        if problem := too_long(at, (until - at) % DAY):
            raise ValueError(f"is {problem}")
        return until


class Persona(Settings):
    """Who a person is. Addresses are written without the town's name."""

    name: Line
    age: int = Field(ge=1, le=120)
    pronoun: str = Field(default="they", pattern="^(she|he|they)$")
    traits: Line
    """A few adjectives."""
    biography: tuple[Line, ...] = Field(min_length=1)
    """Sentences in the third person; each becomes a first memory."""
    currently: Line
    """What occupies the person these days, one sentence."""
    lifestyle: Line
    """When the person gets up and goes to bed, in words."""
    home: str
    """Where the person lives and sleeps, an address without the town's name."""
    work: str = ""
    """Where the person works."""
    wakes: TimeOfDay | None = None
    """When the person gets up; without it, decided from the lifestyle."""
    sleeps: TimeOfDay | None = None
    habits: tuple[Habit, ...] = ()
    news: tuple[News, ...] = ()
    knows_places: tuple[str, ...] = ()
    """Places of the town that the person knows from the start beside home, work, and those of habits and news."""
    knows: dict[Line, Line] = Field(default_factory=dict)
    """How the person knows others, by name: "her sister", "an old friend"."""
    figure: int | None = Field(default=None, ge=0)
    """Which figure of the sheet is drawn in replays."""

    @property
    def first_name(self) -> str:
        """The first word of the name."""
        return self.name.split()[0]

    @property
    def summary(self) -> str:
        """One paragraph for prompts: name, age, traits, biography and present concern."""
        life = " ".join(_sentence(line) for line in self.biography)
        return f"{self.name} is {self.age} years old and {self.traits}. {life} {_sentence(self.currently)}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
