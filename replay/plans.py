"""What people plan, and how often a plan had to be repaired, read from the log of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from engine.record.events import Decided, Event, Failed, PlanEntry, Planned

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
    repaired in several rounds has needed it once. Plans that were changed in the course of a day, or made hour by hour
    by who has none of the day, are counted apart.
    """

    made: int = 0
    entries: int = 0
    repaired: int = 0
    causes: Counter[str] = field(default_factory=Counter)
    """Repairs of plans of a day by their cause, each round counted."""
    changed: int = 0
    """How often what is left of a plan was planned anew, and how often that needed repair."""
    changed_repaired: int = 0
    changed_causes: Counter[str] = field(default_factory=Counter)
    _under_way: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    """The causes of repairs and what was repaired, by agent, before the plan is made."""
    _made_of_day: set[int] = field(default_factory=set)
    """Who has just made a plan of the day, which is next told by the hour."""

    @property
    def rate(self) -> float | None:
        """The share of entries that needed repair; None without entries."""
        return self.repaired / self.entries if self.entries else None

    def take(self, event: Event) -> None:
        """Take in the next event."""
        agent = event.key.agent
        match event.body:
            case Planned(level="day", entries=entries) if entries:
                self._made_of_day.add(agent)
                self._take_day(entries, self._under_way.pop(agent, []))
            case Planned(level="hour"):
                if agent not in self._made_of_day:
                    self._take_change(self._under_way.pop(agent, []))
                self._made_of_day.discard(agent)
            case Decided(thought, _, answer) if thought == REPAIR:
                cause, _, what = answer.partition(":")
                self._under_way.setdefault(agent, []).append((cause.strip(), what.strip()))
            case Failed(thought="mind"):  # what it was about to plan is not planned
                self._under_way.pop(agent, None)
                self._made_of_day.discard(agent)
            case _:
                pass

    def _take_day(self, entries: Iterable[PlanEntry], repairs: Sequence[tuple[str, str]]) -> None:
        found = Counter(what for what, _ in groupby(_beginning(entry) for entry in entries))
        self.made += 1
        self.entries += found.total()
        self.causes.update(cause for cause, _ in repairs)
        self.repaired += sum(
            min(count, sum(wanted.startswith(what) for _, wanted in repairs)) for what, count in found.items()
        )

    def _take_change(self, repairs: Sequence[tuple[str, str]]) -> None:
        self.changed += 1
        self.changed_repaired += bool(repairs)
        self.changed_causes.update(cause for cause, _ in repairs)

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as plain values."""
        numbers = {"made": self.made, "entries": self.entries, "repaired": self.repaired, "rate": self.rate}
        changed = {
            "made": self.changed,
            "repaired": self.changed_repaired,
            "repairs": dict(sorted(self.changed_causes.items())),
        }
        return {**numbers, "repairs": dict(sorted(self.causes.items())), "changed": changed}


def _beginning(entry: PlanEntry) -> str:
    """How the repairs of an entry begin, whatever place of the town it was to be at."""
    return f"{entry.activity} at {entry.address.partition(':')[0]}:"
