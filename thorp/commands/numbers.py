"""What `inspect` prints about the requests of a run, about what was unfit for use, and about its plans."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from rich.markup import escape
from rich.table import Table

from engine.kernel.clock import DAY
from engine.llm.records import replies_asked
from engine.llm.requests import Usage
from engine.record.run_folder import RunFolder
from replay.light_cone import known_until
from replay.plans import Planning
from replay.story import Failures
from thorp.commands.common import to_people


@dataclass(slots=True)
class Demand:
    """What was asked of the model in a run, by purpose: every question once, whoever asked it how often."""

    agent_days: float
    """Days that were simulated, summed over the people."""
    requests: Counter[str] = field(default_factory=Counter)
    usage: defaultdict[str, Usage] = field(default_factory=lambda: defaultdict(Usage))

    @classmethod
    def of(cls, run: RunFolder) -> Demand:
        """Count the recorded replies of a run. Raises `BadInput` when a log is damaged (other than cut off)."""
        until = known_until(run.whole_events(), run.manifest.reached)
        found = cls(len(run.manifest.people) * until / DAY)
        for asked in replies_asked(run.replies_path):
            found.requests[asked.purpose] += 1
            found.usage[asked.purpose] += asked.usage
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as a whole and by purpose."""
        purposes = {purpose: self._row(number, self.usage[purpose]) for purpose, number in self.requests.most_common()}
        return {"agent_days": round(self.agent_days, 4), **self._whole(), "by_purpose": purposes}

    def _whole(self) -> dict[str, Any]:
        return self._row(self.requests.total(), sum(self.usage.values(), Usage()))

    def _row(self, requests: int, usage: Usage) -> dict[str, Any]:
        return {
            "requests": requests,
            "per_agent_day": round(requests / self.agent_days, 1) if self.agent_days else None,
            "prompt_tokens": usage.prompt,
            "prompt_tokens_computed": usage.computed,
            "computed_per_request": round(usage.computed / requests, 1) if requests else None,
            "generated_tokens": usage.generated,
        }

    def tell(self) -> None:
        """Print the numbers as a table."""
        if not self.requests:
            return
        title = f"What was asked of the model in {self.agent_days:.2f} agent-days (each question once)"
        table = Table(title=title)
        table.add_column("purpose", no_wrap=True)
        for column in ("requests", "per agent-day", "prompt tokens", "computed", "per request", "generated"):
            table.add_column(column, justify="right")
        for purpose, row in self.as_json()["by_purpose"].items():
            table.add_row(escape(purpose), *map(_shown, row.values()))
        table.add_section()
        table.add_row("all", *map(_shown, self._whole().values()))
        to_people.print(table)


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:,}"


def tell_planning(planning: Planning) -> None:
    """Print how many plans were made and changed, and how much of them needed repair."""
    if planning.made:
        to_people.print(
            f"{planning.made:,} plans of a day were made, with {planning.entries:,} entries; {planning.repaired:,} of "
            f"these ({planning.rate or 0:.1%}) needed repair{_by_cause(planning.causes)}.",
            soft_wrap=True,
        )
    else:
        to_people.print("No plan of a day was made.")
    if planning.changed:
        times = "once" if planning.changed == 1 else f"{planning.changed:,} times"
        to_people.print(
            f"In the course of a day it was planned anew {times}, of which {planning.changed_repaired:,} needed "
            f"repair{_by_cause(planning.changed_causes)}.",
            soft_wrap=True,
        )


def _by_cause(causes: Counter[str]) -> str:
    told = ", ".join(f"{escape(cause)} {count:,}" for cause, count in causes.most_common())
    return f" ({told})" if told else ""


def tell_failures(failures: Failures) -> None:
    """Print what was unfit for use, or went wrong, and was gone on without."""
    if not failures:
        to_people.print("No thought had to go on without its model.")
        return
    table = Table("thought", "what was wrong", title="What was unfit for use, or went wrong, and was gone on without")
    table.add_column("times", justify="right")
    for (thought, kind), count in failures.most_common():
        table.add_row(escape(thought), escape(kind), f"{count:,}")
    to_people.print(table)


def failures_as_json(failures: Failures) -> dict[str, dict[str, int]]:
    """Return how often what was wrong, by thought and then by kind."""
    found: dict[str, dict[str, int]] = {}
    for (thought, kind), count in sorted(failures.items()):
        found.setdefault(thought, {})[kind] = count
    return found
