"""What `evaluate RUN` prints: how news spread, who knows whom, and who came where they were invited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from engine.errors import BadInput
from engine.kernel.clock import Clock
from engine.record.run_folder import RunFolder
from replay.spread import Findings, Spread, findings
from thorp.commands.common import to_people
from thorp.commands.plots import draw_findings
from thorp.manifest import IMPORTED, plan_from
from thorp.news import news_of

MOST_NAMES = 12


def report(folder: Path, plot: Path | None, *, as_json: bool) -> None:
    """Print what the log of a run says about its people together. Raises `BadInput`."""
    if plot is not None and plot.suffix != ".png":
        raise BadInput("--plot", f"'{plot}' must end in .png")
    run = RunFolder.open(folder)
    clock = Clock(datetime.fromisoformat(run.manifest.start))
    plan = None if run.manifest.model == IMPORTED else plan_from(run.manifest, folder)
    # Of people who lived elsewhere nobody knows what news they had, and whom they knew before.
    knows = {person.name: tuple(person.knows) for person in plan.scenario.people} if plan else None
    last = max((event.key.time for event in run.whole_events()), default=0)
    found = findings(run.whole_events(), run.manifest.people, news_of(plan, last) if plan else (), knows)
    _tell(found, run.manifest.people, clock)
    if plot is not None:
        draw_findings(found, run.manifest.people, clock, plot)
        to_people.print(f"Wrote {escape(str(plot))}")
    if as_json:
        print(json.dumps({"run": str(folder), **_as_json(found, clock)}))


def _tell(found: Findings, names: Sequence[str], clock: Clock) -> None:
    if not found.spreads:
        to_people.print("Nobody had any news.")
    for spread in found.spreads:
        _tell_spread(spread, names, clock, found.end)
    ties = found.ties
    before = "is not known" if ties.at_start is None else f"{ties.pairs_at_start} pairs ({ties.at_start:.0%} of all)"
    to_people.print(
        f"[bold]Who knew whom:[/bold] at the start {before}, at the end {ties.pairs_at_end} pairs ({ties.at_end:.0%}).",
        soft_wrap=True,
    )


def _tell_spread(spread: Spread, names: Sequence[str], clock: Clock, end: int) -> None:
    at_first, at_last = spread.knowing(0), spread.knowing(end)
    to_people.print(
        f"[bold]{escape(spread.item.text)}[/bold]\n{at_first} of {len(names)} people knew it at the start, {at_last} "
        f"at the end; it was told {spread.told} times; {len(spread.invented)} spoke of it without a memory of it.",
        soft_wrap=True,
    )
    table = Table("when", "who came to know it", "from whom", "known by")
    for number, each in enumerate(spread.learned, start=1):
        source = each.source or ("knew it" if each.time == 0 else "from outside")
        table.add_row(f"{clock.at(each.time):%a %H:%M}", escape(each.person), escape(source), str(number))
    to_people.print(table)
    if spread.item.start is not None:
        _tell_gathering(spread, clock.label(spread.item.start), still_to_come=spread.item.start >= end)
    to_people.print()


def _tell_gathering(spread: Spread, start: str, *, still_to_come: bool) -> None:
    came = f"{len(spread.came)} came{_named(spread.came)}"
    host = " The one who invited was there." if spread.host_came else ""
    to_people.print(
        f"{len(spread.invited)} were invited for {start}; {len(spread.accepted)} meant to go, "
        f"{len(spread.declined)} did not; {'it was still to come' if still_to_come else came}.{host}",
        soft_wrap=True,
    )
    if spread.passers_by:
        count = len(spread.passers_by)
        to_people.print(
            f"{count} more {'was' if count == 1 else 'were'} there in its time without having known of it "
            f"before{_named(spread.passers_by)}.",
            soft_wrap=True,
        )


def _named(names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f" ({escape(', '.join(names[:MOST_NAMES]))}{more})"


def _as_json(found: Findings, clock: Clock) -> dict[str, Any]:
    return {
        "diffusion": [
            {
                "text": spread.item.text,
                "starts_with": spread.item.starts_with,
                "knew_at_start": spread.knowing(0),
                "knew_at_end": spread.knowing(found.end),
                "told": spread.told,
                "learned": [
                    {"person": each.person, "time": each.time, "from": each.source, "memory": each.memory}
                    for each in spread.learned
                ],
                "invented": [{"person": c.person, "to": c.to, "time": c.time} for c in spread.invented],
            }
            for spread in found.spreads
        ],
        "coordination": [
            {
                "text": spread.item.text,
                "start": clock.at(spread.item.start).isoformat(),
                "address": spread.item.address,
                "invited": spread.invited,
                "accepted": spread.accepted,
                "declined": spread.declined,
                "came": spread.came,
                "host_came": spread.host_came,
                "passers_by": spread.passers_by,
            }
            for spread in found.spreads
            if spread.item.start is not None
        ],
        "relationships": {
            "density_at_start": found.ties.at_start,
            "density_at_end": found.ties.at_end,
            "pairs_at_start": found.ties.pairs_at_start,
            "pairs_at_end": found.ties.pairs_at_end,
        },
    }
