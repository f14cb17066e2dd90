"""What `inspect --agent` prints: one person at a time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from agents.memory.archive import Record, grounds, reflection_tree
from engine.errors import BadInput
from engine.kernel.clock import MINUTE
from engine.record.events import PlanEntry
from replay.captions import place_name
from thorp.commands.common import to_people
from thorp.somebody import Somebody, look_at

if TYPE_CHECKING:
    from networkx import DiGraph

MOST_MEMORIES = 8
"""How many of the latest, and of the most important, memories are shown."""
MOST_ENTRIES = 12
MOST_INSIGHTS = 6
"""How many insights are shown if nothing is said."""
MOST_EVIDENCE, DEEPEST = 4, 2
"""How much of what an insight rests on is shown: so many memories beneath each, so many levels down."""
LONGEST = 160
"""So many letters of each are shown."""


def tell_somebody(folder: Path, agent: str, at: str | None, insights: int | None, *, as_json: bool) -> None:
    """Print what is known about somebody at a time, with so many insights at most. Raises `BadInput`."""
    try:
        who = look_at(folder, agent, at)
        _tell(who, MOST_INSIGHTS if insights is None else insights)
        told = who.as_json()
    except OverflowError as error:
        raise BadInput(str(folder), f"its log holds a time that no calendar has ({error})") from error
    if as_json:
        print(json.dumps({"run": str(folder), **told}))


def _tell(who: Somebody, insights: int) -> None:
    to_people.print(f"[bold]{escape(who.name)}[/bold], {who.clock.label(who.time)}")
    to_people.print(escape(_whereabouts(who)), soft_wrap=True)
    _tell_plan(who)
    latest = who.memories[-MOST_MEMORIES:]
    important = sorted(who.memories, key=lambda record: (-record.importance, -record.number))[:MOST_MEMORIES]
    _tell_memories(f"The latest of {len(who.memories):,} memories", latest[::-1], who)
    _tell_memories("The most important ones", important, who)
    _tell_insights(who, insights)
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


def _tell_insights(who: Somebody, most: int) -> None:
    """Show the latest insights on which no other one rests, each with its evidence beneath."""
    tree = reflection_tree(who.memories)
    concluded = {each.number for each in who.insights}
    last = [each for each in who.insights if not concluded & set(tree.predecessors(each.number))]
    shown = last[::-1][:most]
    if not shown:
        return
    root = Tree(f"Insights, latest first ({len(shown)} of {len(last):,}), and what each rests on")
    for each in shown:
        _add_grounds(root.add(_line(each, who)), tree, each.number, who, DEEPEST)
    to_people.print(root)


def _add_grounds(branch: Tree, tree: DiGraph[int], number: int, who: Somebody, levels: int) -> None:
    evidence = sorted(tree.successors(number))
    if evidence and not levels:
        branch.add(f"… which rests on {len(grounds(tree, number)):,} memories in the end")
        return
    for below in evidence[:MOST_EVIDENCE]:
        _add_grounds(branch.add(_line(who.memories[below], who)), tree, below, who, levels - 1)
    if len(evidence) > MOST_EVIDENCE:
        branch.add(f"… and {len(evidence) - MOST_EVIDENCE} more")


def _line(record: Record, who: Somebody) -> str:
    text = escape(shorten(record.text, LONGEST, placeholder=" …"))
    return f"{record.number} {record.kind.value}, {who.clock.at(record.created):%a %H:%M}: {text}"


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
