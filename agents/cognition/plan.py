"""A day's plan: entries without gaps from getting up to going to bed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.kernel.clock import HOUR, MINUTE
from engine.record.events import PlanEntry

PATIENCE = 10 * MINUTE
"""Seconds that one waits for a place to open."""


@dataclass(frozen=True, slots=True)
class Intention:
    """Something to do from `start` to `end` (simulated seconds); an empty address is still to be decided."""

    start: int
    end: int
    activity: str
    address: str = ""
    fixed: bool = True
    """Whether it gives way to nothing: a habit, a meal, an appointment."""
    ordered: bool = False
    """Whether somebody from outside wants just that, for all of its time."""

    def entry(self) -> PlanEntry:
        """Return it as the log shows it: by the minutes in which it begins and ends, so that entries join."""
        start, end = self.start // MINUTE, self.end // MINUTE
        return PlanEntry(start * MINUTE, end - start, self.activity, self.address)


def gaps(fixed: Iterable[Intention], start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches of [start, end) that nothing fixed fills, in order."""
    free: list[tuple[int, int]] = []
    reached = start
    for intention in sorted(fixed, key=lambda i: (i.start, i.end)):
        if intention.start > reached:
            free.append((reached, min(intention.start, end)))
        reached = max(reached, intention.end)
    if reached < end:
        free.append((reached, end))
    return free


def without_overlaps(fixed: Sequence[Intention], start: int, end: int) -> list[Intention]:
    """Return what fits into [start, end): each is cut where the next one begins; the empty are dropped."""
    ordered = sorted((i for i in fixed if i.start < end and i.end > start), key=lambda i: (i.start, i.end))
    limits = [following.start for following in ordered[1:]] + [end]
    cut = [
        replace(i, start=max(i.start, start), end=min(i.end, limit)) for i, limit in zip(ordered, limits, strict=False)
    ]
    return [intention for intention in cut if intention.end > intention.start]


def filled(intentions: list[Intention], start: int, end: int) -> list[Intention]:
    """Return a plan of [start, end) without gaps: each entry lasts until the next one begins."""
    if not intentions:
        return [Intention(start, end, "taking it easy", fixed=False)]
    starts = [start] + [i.start for i in intentions[1:]]
    ends = [i.start for i in intentions[1:]] + [end]
    return [replace(i, start=s, end=e) for i, s, e in zip(intentions, starts, ends, strict=True)]


def by_hours(intentions: Iterable[Intention], seconds_past_hour: int) -> list[Intention]:
    """Cut intentions at full hours. `seconds_past_hour`: how far past a full hour the time 0 is."""
    pieces: list[Intention] = []
    for intention in intentions:
        start = intention.start
        while start < intention.end:
            to_next_hour = HOUR - (start + seconds_past_hour) % HOUR
            stop = min(intention.end, start + to_next_hour)
            if intention.end - stop < 10 * MINUTE:
                stop = intention.end
            pieces.append(replace(intention, start=start, end=stop))
            start = stop
    return pieces


def with_appointment(intentions: Sequence[Intention], appointment: Intention) -> list[Intention]:
    """Return a plan in which an appointment takes the place of whatever lay in its time."""
    kept: list[Intention] = []
    for intention in intentions:
        before = replace(intention, end=min(intention.end, appointment.start))
        after = replace(intention, start=max(intention.start, appointment.end))
        kept.extend(part for part in (before, after) if part.end > part.start)
    return sorted([*kept, appointment], key=lambda i: i.start)
