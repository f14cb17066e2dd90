"""The scenario's calendar: whole seconds of simulated time to dates and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = 60
HOUR = 3600
DAY = 86400
_CLOCK_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_SPAN = re.compile(r"\+\s*(\d{1,9})\s*(s|m|min|h|d)")
_SPAN_SECONDS = {"s": 1, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY}


@dataclass(frozen=True, slots=True)
class Clock:
    """Maps simulated time 0 to `start`, a date and time without time zone."""

    start: datetime

    def at(self, time: int) -> datetime:
        """The date and time at simulated second `time`."""
        return self.start + timedelta(seconds=time)

    def hhmm(self, time: int) -> str:
        """The time of day, as in ``06:30``."""
        return self.at(time).strftime("%H:%M")

    def label(self, time: int) -> str:
        """Weekday, date and time of day, as in ``Monday 13 February 2023, 06:30``."""
        moment = self.at(time)
        return f"{moment:%A} {moment.day} {moment:%B %Y, %H:%M}"

    def day(self, time: int) -> int:
        """Calendar days since the day of the start."""
        return (self.at(time).date() - self.start.date()).days

    def second_of_day(self, time: int) -> int:
        """Seconds since midnight."""
        moment = self.at(time)
        return moment.hour * HOUR + moment.minute * MINUTE + moment.second

    def time_of(self, day: int, second_of_day: int) -> int:
        """Simulated time of a second within calendar day `day`, counted from the day of the start. May be negative."""
        midnight = self.start.replace(hour=0, minute=0, second=0, microsecond=0)
        return int((midnight - self.start).total_seconds()) + day * DAY + second_of_day

    def parse(self, text: str, since: int = 0) -> int:
        """Simulated time of `10:00` (the next one from `since` on), an ISO date and time, or `+3h` after the start.

        Raises `ValueError` with a sentence when the text is none of these, before the start or after the year 9999.
        """
        time = self._parse(text.strip(), since)
        if time < 0:
            raise ValueError(f"{text!r} lies before the start, {self.label(0)}")
        try:
            self.at(time)
        except OverflowError:
            raise ValueError(f"{text!r} lies too far in the future") from None
        return time

    def _parse(self, text: str, since: int) -> int:
        if span := _SPAN.fullmatch(text):
            return int(span[1]) * _SPAN_SECONDS[span[2]]
        if clock_time := _CLOCK_TIME.fullmatch(text):
            hours, minutes, seconds = (int(part or 0) for part in clock_time.groups())
            if hours > 24 or minutes > 59 or seconds > 59 or (hours == 24 and minutes + seconds > 0):
                raise ValueError(f"{text!r} is not a time of day")
            time = self.time_of(self.day(since), hours * HOUR + minutes * MINUTE + seconds)
            return time if time >= since else time + DAY
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a time (allowed: 10:00, 2023-02-13T10:00, +3h)") from None
        return (moment.replace(tzinfo=None) - self.start) // timedelta(seconds=1)
