"""What people plan, and how often a plan had to be repaired, read from the log of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from engine.record.events import Decided, Event, PlanEntry, Planned

LEVELS = ("day", "hour", "step")
REPAIR = "repair"
"""The thought by which an entry of a plan is repaired; its answer is `cause: activity at address`."""


def plan_of(events: Iterable[Event], agent: int, until: int) -> dict[str, list[PlanEntry]]:
    """Return an agent's plan at a time (what happens in that second included), by level, coarsest first."""
    plan: dict[str, list[PlanEntry]] = {level: [] for level in LEVELS}
    for event in events:
        if event.key.time > until:
            break
        body = event.body
        if event.key.agent == agent and isinstance(body, Planned) and body.entries and body.level in plan:
            start = body.entries[0].start
            plan[body.level] = [*(entry for entry in plan[body.level] if entry.start < start), *body.entries]
    return plan


@dataclass(slots=True)
class Planning:
    """How many plans of a day were made in a run, how many entries they have, and how many of these needed repair.

    Entries for the same activity that follow each other are one: a repair may have parted them. An entry that was
    repaired in several rounds has needed it once.
    """

    made: int = 0
    entries: int = 0
    repaired: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    """Repairs by their cause, each round counted."""
    _under_way: dict[int, list[str]] = field(default_factory=dict)
    """What was repaired, by agent, before the plan is made."""

    @property
    def rate(self) -> float | None:
        """The share of entries that needed repair; None without entries."""
        return self.repaired / self.entries if self.entries else None

    def take(self, event: Event) -> None:
        """Take in the next event."""
        match event.body:
            case Planned(level="day", entries=entries) if entries:
                self.made += 1
                found = Counter(what for what, _ in groupby(_beginning(entry) for entry in entries))
                self.entries += found.total()
                wanted = self._under_way.pop(event.key.agent, [])
                self.repaired += sum(
                    min(count, sum(each.startswith(what) for each in wanted)) for what, count in found.items()
                )
            case Decided(thought, _, answer) if thought == REPAIR:
                cause, _, what = answer.partition(":")
                self.causes[cause.strip()] += 1
                self._under_way.setdefault(event.key.agent, []).append(what.strip())
            case _:
                pass

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as plain values."""
        numbers = {"made": self.made, "entries": self.entries, "repaired": self.repaired, "rate": self.rate}
        return {**numbers, "repairs": dict(sorted(self.causes.items()))}


def _beginning(entry: PlanEntry) -> str:
    """How the repairs of an entry begin, whatever place of the town it was to be at."""
    return f"{entry.activity} at {entry.address.partition(':')[0]}:"
