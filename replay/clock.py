"""Simulated time as a clock on the wall: labels, and the light of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from engine.errors import BadInput

Colour = tuple[int, int, int]

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HORIZON = 400 * 365 * 86400

_LIGHT: tuple[tuple[float, Colour], ...] = (
    (0.0, (140, 148, 200)),
    (4.5, (140, 148, 200)),
    (6.0, (206, 186, 196)),
    (7.5, (255, 246, 232)),
    (9.0, (255, 255, 255)),
    (17.0, (255, 255, 255)),
    (19.0, (255, 232, 204)),
    (20.5, (206, 172, 190)),
    (22.0, (148, 152, 202)),
    (24.0, (140, 148, 200)),
)


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns seconds since the start into what a clock shows."""

    start: datetime

    @classmethod
    def of(cls, start: str) -> Clock:
        """Read an ISO 8601 instant. Raises `BadInput` when it is none."""
        try:
            instant = datetime.fromisoformat(start)
            instant + timedelta(seconds=_HORIZON)
        except (ValueError, OverflowError) as error:
            raise BadInput("manifest.json", f"'{start[:40]}' is not an ISO 8601 instant", "start") from error
        return cls(instant)

    def instant(self, time: float) -> datetime:
        """Return the instant at `time` seconds."""
        return self.start + timedelta(seconds=int(min(max(time, -_HORIZON), _HORIZON)))

    def time_label(self, time: float) -> str:
        """Return ``09:12``."""
        instant = self.instant(time)
        return f"{instant.hour:02}:{instant.minute:02}"

    def day_labels(self, time: float) -> tuple[str, str]:
        """Return ``Monday`` and ``13 Feb 2023``."""
        instant = self.instant(time)
        return _WEEKDAYS[instant.weekday()], f"{instant.day} {_MONTHS[instant.month - 1]} {instant.year}"

    def label(self, time: float) -> str:
        """Return ``Mon 13 Feb 09:12``."""
        instant = self.instant(time)
        day = f"{_WEEKDAYS[instant.weekday()][:3]} {instant.day} {_MONTHS[instant.month - 1]}"
        return f"{day} {self.time_label(time)}"

    def hour(self, time: float) -> float:
        """Return the hour of the day, 0 to 24."""
        instant = self.instant(time)
        return instant.hour + instant.minute / 60 + instant.second / 3600


def daylight(hour: float, steps: int = 0) -> Colour:
    """Return the colour that the light of `hour` multiplies a picture with: white by day, blue at night.

    With `steps`, the light moves in that many steps an hour instead of evenly, so that pictures of one hour agree.
    """
    if steps:
        hour = int(hour * steps) / steps
    for (from_hour, from_colour), (to_hour, to_colour) in pairwise(_LIGHT):
        if hour <= to_hour:
            part = (hour - from_hour) / (to_hour - from_hour)
            return tuple(round(a + (b - a) * part) for a, b in zip(from_colour, to_colour, strict=True))  # type: ignore[return-value]
    return _LIGHT[-1][1]
