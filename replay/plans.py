"""What people plan, and how often a plan had to be repaired, read from the log of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.record.events import Decided, Event, PlanEntry, Planned

LEVELS = ("day", "hour", "step")
REPAIR = "repair"
"""The thought by which an entry of a plan is repaired; its answer begins with the cause and a colon."""


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
    """How many plans of a day were made in a run, and how many of their entries were repaired, by cause."""

    made: int = 0
    repairs: Counter[str] = field(default_factory=Counter)

    def take(self, event: Event) -> None:
        """Take in the next event."""
        match event.body:
            case Planned(level="day", entries=entries) if entries:
                self.made += 1
            case Decided(thought, _, answer) if thought == REPAIR:
                self.repairs[answer.partition(":")[0].strip()] += 1
            case _:
                pass
