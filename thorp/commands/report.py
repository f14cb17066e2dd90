"""What `evaluate RUN` prints: how news spread, who knows whom, and who came where they were invited."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from engine.errors import BadInput
from engine.kernel.clock import Clock
from engine.record.run_folder import RunFolder
from replay.gathering import LATE
from replay.light_cone import known_until
from replay.spread import Findings, Hint, Spread, findings
from thorp.commands.common import to_people
from thorp.commands.plots import draw_findings
from thorp.manifest import IMPORTED, plan_from
from thorp.news import news_of

MOST_NAMES = 12
MOST_HINTS = 20


@dataclass(frozen=True, slots=True)
class Cover:
    """What is known of a run: until which simulated second, by how many events."""

    clock: Clock
    until: int
    events: int

    @property
    def has_begun(self) -> bool:
        """Whether at least the first second is known, in which people come to know what they know from the start."""
        return self.events > 0 and self.until > 0

    def when(self, time: int) -> str:
        """Return a time as tables show it."""
        return f"{self.clock.at(time):%a %H:%M}"

    def in_words(self) -> str:
        """Return a sentence about it."""
        if not self.events:
            return "The run never began: its log holds no event."
        if not self.until:
            return "The log breaks off in the first second of the run: what people know at the start is not yet told."
        whole = f"{self.clock.label(0)} to {self.clock.label(self.until)}"
        return f"What is known of the run: {whole} ({self.events:,} events)."

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        start, until = (self.clock.at(time).isoformat() for time in (0, self.until))
        return {"from": start, "until": until, "events": self.events}


def report(folder: Path, plot: Path | None, *, as_json: bool) -> None:
    """Print what the log of a run says about its people together. Raises `BadInput`."""
    if plot is not None and plot.suffix != ".png":
        raise BadInput("--plot", f"'{plot}' must end in .png")
    run = RunFolder.open(folder)
    clock = Clock(datetime.fromisoformat(run.manifest.start))
    events = tuple(run.whole_events())
    cover = Cover(clock, known_until(events, run.manifest.reached), len(events))
    plan = None if run.manifest.model == IMPORTED else plan_from(run.manifest, folder)
    # Of people who lived elsewhere nobody knows what news they had, and whom they knew before.
    knows = {person.name: tuple(person.knows) for person in plan.scenario.people} if plan else None
    last = max((event.key.time for event in events), default=0)
    found = findings(events, run.manifest.people, news_of(plan, last) if plan else (), knows, cover.until)
    _tell(found, run.manifest.people, cover)
    if plot is not None:
        draw_findings(found, run.manifest.people, clock, plot)
        to_people.print(f"Wrote {escape(str(plot))}")
    if as_json:
        print(json.dumps({"run": str(folder), **_as_json(found, cover)}))


def _tell(found: Findings, names: Sequence[str], cover: Cover) -> None:
    to_people.print(cover.in_words(), soft_wrap=True)
    if cover.has_begun:
        for spread in found.spreads:
            _tell_spread(spread, names, cover)
        if not found.spreads:
            to_people.print("Nobody had any news.")
    ties = found.ties
    before = "is not known" if ties.at_start is None else f"{ties.pairs_at_start} pairs ({ties.at_start:.0%} of all)"
    after = f", at the end {ties.pairs_at_end} pairs ({ties.at_end:.0%})" if cover.has_begun else ""
    to_people.print(f"[bold]Who knew whom:[/bold] at the start {before}{after}.", soft_wrap=True)


def _tell_spread(spread: Spread, names: Sequence[str], cover: Cover) -> None:
    at_first, at_last = spread.knowing(0), spread.knowing(cover.until)
    to_people.print(
        f"[bold]{escape(spread.item.text)}[/bold]\n{at_first} of {len(names)} people knew it at the start, {at_last} "
        f"at the end; it was told {spread.told} times; {len(spread.invented)} spoke of it word for word without a "
        f"memory of it, {_in_other_words(spread)}.",
        soft_wrap=True,
    )
    table = Table("when", "who came to know it", "from whom", "known by")
    for number, each in enumerate(spread.learned, start=1):
        source = each.source or ("knew it" if each.time == 0 else "from outside")
        table.add_row(cover.when(each.time), escape(each.person), escape(source), str(number))
    to_people.print(table)
    if spread.hinted:
        _tell_hints(spread.hinted, cover)
    if spread.item.start is not None:
        _tell_gathering(spread, cover)
    to_people.print()


def _in_other_words(spread: Spread) -> str:
    words = spread.item.key_words
    if not words:
        return "and lines in other words cannot be told from others: none of its words is a key word"
    count = len(spread.hinted)
    lines = "1 line seems" if count == 1 else f"{count} lines seem"
    return f"and {lines} to do so in other words (by {'the word' if len(words) == 1 else 'a word of'} {_quoted(words)})"


def _quoted(words: Sequence[str]) -> str:
    return escape(", ".join(f"'{word}'" for word in words))


def _tell_hints(hints: Sequence[Hint], cover: Cover) -> None:
    table = Table("when", "who", "to whom", "line", title="Said without a memory of it, it seems in other words")
    for each in hints[:MOST_HINTS]:
        table.add_row(cover.when(each.time), escape(each.person), escape(each.to), escape(each.text))
    to_people.print(table)
    if len(hints) > MOST_HINTS:
        to_people.print(f"… and {len(hints) - MOST_HINTS} more lines (all of them with --json).")


def _tell_gathering(spread: Spread, cover: Cover) -> None:
    start = spread.item.start or 0
    is_over = spread.is_over(cover.until)
    so_far = "" if is_over else " so far"
    came = f"{len(spread.came)} came{so_far}{_named(spread.came)}"
    host = " The one who invited was there." if spread.host_came else ""
    to_people.print(
        f"{len(spread.invited)} were invited for {cover.clock.label(start)}{so_far}; {len(spread.accepted)} meant to "
        f"go, {len(spread.declined)} did not; {'it was still to come' if start >= cover.until else came}.{host}",
        soft_wrap=True,
    )
    if not is_over and start < cover.until:
        to_people.print(
            f"What is known of the run ends at {cover.clock.label(cover.until)}, and one could still come until "
            f"{cover.clock.label(start + LATE)}.",
            soft_wrap=True,
        )
    if spread.passers_by:
        count = len(spread.passers_by)
        to_people.print(
            f"{count} more {'was' if count == 1 else 'were'} there in its time without having known of it "
            f"before{so_far}{_named(spread.passers_by)}.",
            soft_wrap=True,
        )


def _named(names: Sequence[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f" ({escape(', '.join(names[:MOST_NAMES]))}{more})"


def _as_json(found: Findings, cover: Cover) -> dict[str, Any]:
    return {
        "covers": cover.as_json(),
        "diffusion": [
            {
                "text": spread.item.text,
                "starts_with": spread.item.starts_with,
                "knew_at_start": spread.knowing(0) if cover.has_begun else None,
                "knew_at_end": spread.knowing(cover.until) if cover.has_begun else None,
                "told": spread.told,
                "learned": [
                    {"person": each.person, "time": each.time, "from": each.source, "memory": each.memory}
                    for each in spread.learned
                ],
                "invented": [{"person": c.person, "to": c.to, "time": c.time} for c in spread.invented],
                "key_words": spread.item.key_words,
                "hinted": [
                    {"person": hint.person, "to": hint.to, "time": hint.time, "text": hint.text}
                    for hint in spread.hinted
                ]
                if spread.item.key_words
                else None,
            }
            for spread in found.spreads
        ],
        "coordination": [
            {
                "text": spread.item.text,
                "start": cover.clock.at(spread.item.start).isoformat(),
                "address": spread.item.address,
                "is_over": spread.is_over(cover.until),
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
