"""What `inspect --agent` prints: one person at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from agents.memory.archive import Record
from engine.errors import BadInput
from engine.kernel.clock import MINUTE
from engine.record.events import PlanEntry
from replay.captions import place_name
from thorp.commands.common import to_people
from thorp.somebody import Somebody, look_at

MOST_MEMORIES = 8
"""How many of the latest, and of the most important, memories are shown."""
MOST_ENTRIES = 12


def tell_somebody(folder: Path, agent: str, at: str | None, *, as_json: bool) -> None:
    """Print what is known about somebody at a time. Raises `BadInput`."""
    try:
        who = look_at(folder, agent, at)
        _tell(who)
        told = who.as_json()
    except OverflowError as error:
        raise BadInput(str(folder), f"its log holds a time that no calendar has ({error})") from error
    if as_json:
        print(json.dumps({"run": str(folder), **told}))


def _tell(who: Somebody) -> None:
    to_people.print(f"[bold]{escape(who.name)}[/bold], {who.clock.label(who.time)}")
    to_people.print(escape(_whereabouts(who)), soft_wrap=True)
    _tell_plan(who)
    latest = who.memories[-MOST_MEMORIES:]
    important = sorted(who.memories, key=lambda record: (-record.importance, -record.number))[:MOST_MEMORIES]
    _tell_memories(f"The latest of {len(who.memories):,} memories", latest[::-1], who)
    _tell_memories("The most important ones", important, who)
    _tell_ties(who)


def _whereabouts(who: Somebody) -> str:
    body, acting = who.body, who.body.acting
    if body.tile is None:
        return "has not appeared yet"
    words = [f"at tile {body.tile[0]}, {body.tile[1]}"]
    if body.walking and body.walking_to:
        words.append(f"on the way to {place_name(body.walking_to, 3) or body.walking_to}")
    if acting is not None:
        place = place_name(acting.address, 3)
        since, until = who.clock.hhmm(acting.since), who.clock.hhmm(acting.until)
        words.append(f"{acting.description}{f' ({place})' if place else ''}, since {since}, until {until}")
    if who.talking_with and not (acting and acting.description.startswith("talking with")):
        words.append(f"talking with {' and '.join(who.talking_with)}")
    return "; ".join(words)


def _tell_plan(who: Somebody) -> None:
    """Show what is left of the plan: its hours, and the steps of the present one."""
    hours = [entry for entry in who.plan["hour"] if _end(entry) > who.time]
    steps = [entry for entry in who.plan["step"] if _end(entry) > who.time]
    if not hours and not steps:
        to_people.print("There is no plan for the time to come.")
        return
    table = Table("from", "minutes", "what", "where", title="What the plan has in store")
    for level, entries in (("step", steps), ("hour", hours)):
        for entry in entries[:MOST_ENTRIES]:
            table.add_row(
                f"{who.clock.at(entry.start):%a %H:%M}",
                str(entry.minutes),
                f"{'· ' if level == 'step' else ''}{escape(entry.activity)}",
                escape(place_name(entry.address, 3)),
            )
        if len(entries) > MOST_ENTRIES:
            table.add_row("", "", f"… and {len(entries) - MOST_ENTRIES} more", "")
        table.add_section()
    to_people.print(table)


def _end(entry: PlanEntry) -> int:
    return entry.start + entry.minutes * MINUTE


def _tell_memories(title: str, records: Sequence[Record], who: Somebody) -> None:
    if not records:
        return
    table = Table("memory", "kind", "from", "importance", "what", "rests on", title=title)
    for record in records:
        text = f"{record.text} ({record.count} times)" if record.count > 1 else record.text
        table.add_row(
            str(record.number),
            record.kind.value,
            f"{who.clock.at(record.created):%a %H:%M}",
            f"{record.importance:.1f}",
            escape(text),
            ", ".join(map(str, record.evidence)),
        )
    to_people.print(table)


def _tell_ties(who: Somebody) -> None:
    if not who.ties:
        return
    table = Table("who", "relation", "last talk", "memories", "what is thought of them", title="Relationships")
    for tie in who.ties:
        table.add_row(
            escape(tie.name),
            escape(tie.relation),
            "" if tie.last_talk is None else f"{who.clock.at(tie.last_talk):%a %H:%M}",
            str(tie.memories),
            escape(tie.opinion.text) if tie.opinion else "",
        )
    to_people.print(table)
