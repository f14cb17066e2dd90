"""What `inspect` prints about the requests of a run, about what was unfit for use, and about its plans."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
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
class Share:
    """What was asked for a part of a run, by purpose: how often, and what it cost."""

    requests: Counter[str] = field(default_factory=Counter)
    usage: defaultdict[str, Usage] = field(default_factory=lambda: defaultdict(Usage))

    def count(self, purpose: str, usage: Usage) -> None:
        """Take in one question."""
        self.requests[purpose] += 1
        self.usage[purpose] += usage

    @property
    def whole(self) -> tuple[int, Usage]:
        """How much it is in all."""
        return self.requests.total(), sum(self.usage.values(), Usage())

    @property
    def purposes(self) -> Iterator[tuple[str, tuple[int, Usage]]]:
        """How much it is for each purpose, the most frequent first."""
        return ((purpose, (number, self.usage[purpose])) for purpose, number in self.requests.most_common())


@dataclass(slots=True)
class Demand:
    """What was asked of the models in a run, by purpose: every question once, whoever asked it how often.

    The language model and the sentence encoder have purposes in common, and are told apart: what one costs says nothing
    about the other.
    """

    agent_days: float
    """Days that were simulated, summed over the people."""
    all: Share = field(default_factory=Share)
    of_language_model: Share = field(default_factory=Share)
    of_encoder: Share = field(default_factory=Share)

    @classmethod
    def of(cls, run: RunFolder) -> Demand:
        """Count the recorded replies of a run. Raises `BadInput` when a log is damaged (other than cut off)."""
        until = known_until(run.whole_events(), run.manifest.reached)
        found = cls(len(run.manifest.people) * until / DAY)
        for asked in replies_asked(run.replies_path):
            for share in (found.all, found.of_encoder if asked.of_encoder else found.of_language_model):
                share.count(asked.purpose, asked.usage)
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the numbers as a whole, by purpose, and of each of the two models."""
        return {
            "agent_days": round(self.agent_days, 4),
            **self._share(self.all),
            "language_model": self._share(self.of_language_model),
            "encoder": self._share(self.of_encoder),
        }

    def _share(self, share: Share) -> dict[str, Any]:
        purposes = {purpose: self._row(*counts) for purpose, counts in share.purposes}
        return {**self._row(*share.whole), "by_purpose": purposes}

    def _row(self, requests: int, usage: Usage) -> dict[str, Any]:
        return {
            "requests": requests,
            "per_agent_day": self._per_agent_day(requests),
            "prompt_tokens": usage.prompt,
            "prompt_tokens_computed": usage.computed,
            "computed_per_request": round(usage.computed / requests, 1) if requests else None,
            "computed_per_agent_day": self._per_agent_day(usage.computed),
            "generated_tokens": usage.generated,
        }

    def _per_agent_day(self, count: int) -> float | None:
        return round(count / self.agent_days, 1) if self.agent_days else None

    def tell(self) -> None:
        """Print the numbers as a table, and those that budgets are about in words."""
        if not self.all.requests:
            return
        title = f"What was asked of the model in {self.agent_days:.2f} agent-days (each question once)"
        table = Table(title=title)
        table.add_column("purpose", no_wrap=True)
        for column in ("requests", "per agent-day", "prompt tokens", "computed", "per request", "generated"):
            table.add_column(column, justify="right")
        for name, share in self._shares():
            for purpose, counts in share.purposes:
                self._add_row(table, escape(purpose), *counts)
            table.add_section()
            self._add_row(table, f"[bold]{name}[/bold]", *share.whole)
            table.add_section()
        self._add_row(table, "[bold]all[/bold]", *self.all.whole)
        Console(stderr=True, width=max(to_people.width, 100)).print(table)
        for sentence in self._in_words():
            to_people.print(sentence, soft_wrap=True)

    def _shares(self) -> list[tuple[str, Share]]:
        return [("language model", self.of_language_model), ("sentence encoder", self.of_encoder)]

    def _add_row(self, table: Table, name: str, requests: int, usage: Usage) -> None:
        row = self._row(requests, usage)
        del row["computed_per_agent_day"]  # for the sentences below
        table.add_row(name, *map(_shown, row.values()))

    def _in_words(self) -> Iterator[str]:
        if not self.agent_days:
            return
        for name, share in [("all requests", self.all), *self._shares()]:
            requests, usage = share.whole
            row = self._row(requests, usage)
            if not usage.prompt:
                cost = "its tokens are not counted" if requests else ""
            else:
                cost = (
                    f"{_shown(row['computed_per_request'])} newly computed prompt tokens for each, "
                    f"{_shown(row['computed_per_agent_day'])} for each agent-day"
                )
            yield f"{name.capitalize()}: {_shown(row['per_agent_day'])} for each agent-day{'; ' * bool(cost)}{cost}."


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
