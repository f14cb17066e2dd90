"""Times of day in the original's texts: "8am", "5:30 pm", "17:30pm", "midnight"."""

from __future__ import annotations

import re
from dataclasses import dataclass

MINUTE, HOUR = 60, 3600

_CLOCK = r"(?:(\d{1,2})(?::([0-5]\d))?\s?((?:am|pm)+)\b|(\d{1,2}):([0-5]\d)\b(?!\s?[ap]m)|\b(midnight|noon)\b)"
TIME = re.compile(_CLOCK, re.I)


@dataclass(frozen=True, slots=True)
class Clocked:
    """A time of day (seconds since midnight), and where it stands in a text."""

    second: int
    start: int
    end: int


def times_in(text: str) -> list[Clocked]:
    """Return the times of day in a text, in order."""
    found = ((match, _second(match)) for match in TIME.finditer(text))
    return [Clocked(second, match.start(), match.end()) for match, second in found if second is not None]


def clock_text(second: int) -> str:
    """Return a time of day as scenarios write it."""
    second %= 24 * HOUR
    return f"{second // HOUR:02d}:{second % HOUR // MINUTE:02d}"


def _second(match: re.Match[str]) -> int | None:
    hour, minute, half, plain_hour, plain_minute, word = match.groups()
    if word:
        return 0 if word.lower() == "midnight" else 12 * HOUR
    if plain_hour:
        return _of(int(plain_hour), int(plain_minute))
    value = int(hour)
    if value <= 12:  # what is larger counts to 24 already, whatever is written behind it
        value = value % 12 + (12 if half.lower().startswith("pm") else 0)
    return _of(value, int(minute or 0))


def _of(hour: int, minute: int) -> int | None:
    return hour * HOUR + minute * MINUTE if hour < 24 else None
