"""When a person gets up and goes to bed, from the words in which the lifestyle is told.

A time of day that is named decides by rule. Without one, it is decided which of a few ways of life this one is like.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any

import simpy

from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import Asked, Pick
from engine.kernel.clock import HOUR, MINUTE

EARLY, USUAL, LATE = (5.0, 21.0), (7.0, 22.5), (10.0, 25.0)
"""The hours at which people get up and go to bed; after midnight these count on past 24.

A sentence encoder tells these three apart, and no finer ones.
"""
LIVES = (
    ("gets up in the dark, before everybody else, to bake, to milk or to fish", EARLY),
    ("an early riser, up at daybreak, with the first birds", EARLY),
    ("leads a regular life with an ordinary job, and gets children ready for school", USUAL),
    ("likes to sleep in and stays in bed for long", LATE),
    ("a night owl who is out, at work or awake until late in the night and sleeps in the daytime", LATE),
)
"""How people live, and their hours."""
MORNING = (4 * HOUR, 12 * HOUR)
BEFORE_HABITS = 20 * MINUTE
"""Seconds between getting up and the first habit, at the least."""
RHYTHM = Pick(
    "rhythm",
    "when somebody gets up and goes to bed, where the lifestyle names no time of day",
    f"one of {len(LIVES)} ways of life, with the hours of early risers, of most people or of late ones",
    Asked(
        (
            {"situation": "This person lives in a small town."},
            {"situation": "She likes a quiet life and sees friends at the weekend."},
            {"situation": "He works a lot and has little time."},
        ),
        {"situation": "This person lives in a small town."},
    ),
)

_NUMBER_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBERS = {word: number for number, word in enumerate(_NUMBER_WORDS, 1)}
_HOUR = rf"(?P<hour>\d{{1,2}}|{'|'.join(_NUMBERS)}|midnight|noon)"
_TIME = re.compile(
    rf"(?:(?P<part>half past|(?:a )?quarter past|(?:a )?quarter to) )?\b{_HOUR}"
    r"(?:[:.](?P<minute>[0-5]\d))?(?: ?(?P<half>am|pm|o'clock))?\b"
)
_SHIFT = {"half past": 30, "quarter past": 15, "quarter to": -15}
_WHEN = r"\b[^,.;]{0,20}?\b(?:at|by|around|about|before) "
RISING = re.compile(rf"\b(?:gets? up|wakes?(?: up)?|rises?|up){_WHEN}")
RETIRING = re.compile(rf"\b(?:bed|asleep|sleeps?|lights? out|retires?){_WHEN}")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds of the day; going to bed after midnight counts on past 24 hours."""

    wakes: int
    sleeps: int


def rhythm_of(think: Thinker, lifestyle: str, habits: Iterable[int] = ()) -> Generator[simpy.Event, Any, Rhythm]:
    """Decide when a person gets up and goes to bed.

    Who has habits in the morning (`habits` are seconds of the day) gets up before the first of them, unless the
    lifestyle names another time.
    """
    text = lifestyle.lower()
    wakes, sleeps = named_time(text, RISING, morning=True), named_time(text, RETIRING, morning=False)
    if wakes is None or sleeps is None:
        life = yield from think.pick(RHYTHM, lifestyle, [description for description, _ in LIVES])
        rises, retires = LIVES[life][1]
        if wakes is None:
            due = [habit - BEFORE_HABITS for habit in habits if MORNING[0] <= habit < MORNING[1]]
            wakes = min([int(rises * HOUR), *due])
        sleeps = sleeps if sleeps is not None else int(retires * HOUR)
        think.decided("rhythm", think.way_of(RHYTHM), _as_text(wakes, sleeps))
    else:
        think.decided("rhythm", "rule", _as_text(wakes, sleeps))
    return Rhythm(wakes, sleeps)


def _as_text(wakes: int, sleeps: int) -> str:
    return f"{wakes // HOUR:02d}:{wakes % HOUR // MINUTE:02d} to {sleeps // HOUR:02d}:{sleeps % HOUR // MINUTE:02d}"


def named_time(text: str, verb: re.Pattern[str], *, morning: bool) -> int | None:
    """Return the second of the day that follows a verb such as "gets up at", None when none is named.

    "half past six" and the like are understood; whether six means morning or evening is what `morning` says.
    """
    found = verb.search(text)
    time = _TIME.match(text, found.end()) if found else None
    if time is None:
        return None
    word = time["hour"]
    if word in ("midnight", "noon"):
        return 12 * HOUR if word == "noon" else 24 * HOUR
    hour = _NUMBERS.get(word) or int(word)
    if hour > 24:
        return None
    minutes = int(time["minute"] or 0) + _SHIFT.get((time["part"] or "").removeprefix("a "), 0)
    if not morning and hour <= 12 and time["half"] != "am":
        hour = hour + 12 if hour >= 7 else hour + 24
    elif not morning and hour <= 4:
        hour += 24
    return hour * HOUR + minutes * MINUTE
