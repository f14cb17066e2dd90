"""When a person gets up and goes to bed, from the words in which the lifestyle is told.

A time of day that is named decides by rule. Without one, meaning decides: where the lifestyle lies between early risers
and night owls. Asking the language model under which hour the lifestyle is likely (by channel) agreed less with the
truth on fifteen made-up lives (rank correlation below 0.3, against 0.7 by meaning).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import simpy

from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import Asked, Lean
from engine.kernel.clock import HOUR, MINUTE

EARLY = (
    "an early riser who gets up before dawn",
    "wakes up at first light with the birds",
    "leaves for the early shift in the morning",
)
LATE = (
    "a late riser who sleeps until noon",
    "a night owl who stays up late into the night",
    "works at night and sleeps during the day",
)
HOURS_PER_COSINE = 14
RHYTHM = Lean(
    "rhythm",
    "when somebody gets up and goes to bed, where the lifestyle names no time of day",
    "two times of day in half hours: 04:00 to 11:00 and 19:00 to 03:00",
    Asked(
        (
            {"situation": "This person lives in a small town."},
            {"situation": "She likes a quiet life and sees friends at the weekend."},
            {"situation": "He works a lot and has little time."},
        ),
        {"situation": "This person lives in a small town."},
    ),
    low=EARLY,
    high=LATE,
    labels=("an early riser who gets up before dawn", "a late riser who stays in bed until noon"),
    gain=HOURS_PER_COSINE,
)
USUAL_WAKE, USUAL_BED = 6.5, 21.5
"""Hours of somebody as close to the early as to the late."""

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


def rhythm_of(think: Thinker, lifestyle: str) -> Generator[simpy.Event, Any, Rhythm]:
    """Decide when a person gets up (4 to 11 h) and goes to bed (19 to 27 h)."""
    text = lifestyle.lower()
    wakes, sleeps = named_time(text, RISING, morning=True), named_time(text, RETIRING, morning=False)
    if wakes is None or sleeps is None:
        (lateness,) = yield from think.lean(RHYTHM, [lifestyle])
        wakes = wakes if wakes is not None else _half_hours(USUAL_WAKE + RHYTHM.gain * lateness, 4, 11)
        sleeps = sleeps if sleeps is not None else _half_hours(USUAL_BED + RHYTHM.gain * lateness, 19, 27)
        think.decided("rhythm", think.way_of(RHYTHM), _as_text(wakes, sleeps))
    else:
        think.decided("rhythm", "rule", _as_text(wakes, sleeps))
    return Rhythm(wakes, sleeps)


def _half_hours(hours: float, low: float, high: float) -> int:
    return round(2 * min(high, max(low, hours))) * HOUR // 2


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
