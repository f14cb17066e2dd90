"""Commands that look at a run: `replay`, `inspect`, `verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from engine.errors import BadInput
from thorp.commands.common import AsJson, RunArgument, fields_of, keep_quiet, moment, to_people

if TYPE_CHECKING:
    from engine.record.run_folder import RunFolder
    from thorp.commands.lineage import Lineage


def replay(
    folder: RunArgument,
    at: Annotated[str | None, typer.Option(help="Where to begin (or the moment of a picture): 08:15.")] = None,
    until: Annotated[str | None, typer.Option(help="Where an exported animation ends.")] = None,
    speed: Annotated[float, typer.Option(help="Simulated seconds per second.", min=0.1)] = 60.0,
    export: Annotated[Path | None, typer.Option(help="Write a .png or .gif instead of opening a window.")] = None,
    show: Annotated[
        str, typer.Option(help="What an export shows: a person, a place, or all (default: where the people are).")
    ] = "",
) -> None:
    """Watch a run: in a window, or as a picture or an animation."""
    keep_quiet()
    from datetime import datetime

    from engine.kernel.clock import Clock
    from engine.record.run_folder import RunFolder

    run_folder = RunFolder.open(folder)
    clock = Clock(datetime.fromisoformat(run_folder.manifest.start))
    start, end = moment(clock, "--at", at), moment(clock, "--until", until)
    if export is None:
        from replay.viewer import play

        play(run_folder, start or 0, speed)
        return
    if not export.parent.is_dir():
        raise BadInput("--export", f"there is no folder '{export.parent}'")
    from rich.progress import Progress

    from replay.export import export as write

    with Progress(console=to_people, transient=True) as progress:
        task = progress.add_task(f"Drawing {escape(export.name)}", total=1.0)
        write(
            run_folder,
            export,
            at=start,
            until=end,
            show=show,
            progress=lambda done: progress.update(task, completed=done),
        )
    to_people.print(f"Wrote {escape(str(export))} ({export.stat().st_size / 1e6:.1f} MB)")


def inspect(
    folder: RunArgument,
    agent: Annotated[
        str | None, typer.Option(help="Only this person, as they are --at a time.", show_default=False)
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="With --agent: 08:15, a date and time, or +3h (default: at the end).")
    ] = None,
    insights: Annotated[
        int | None,
        typer.Option(
            help="With --agent: how many insights are shown with what they rest on (default: 6).",
            min=0,
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell the story of a run, count what happened in it, and say where it comes from; or look at one person."""
    keep_quiet()
    if agent is not None:
        from thorp.commands.somebody import tell_somebody

        tell_somebody(folder, agent, at, insights, as_json=as_json)
        return
    for option, given in (("--at", at), ("--insights", insights)):
        if given is not None:
            raise BadInput(option, "goes with --agent")
    from collections import Counter

    from engine.record.run_folder import RunFolder
    from replay.plans import Planning
    from replay.story import read_story, tell
    from thorp.commands.lineage import lineage_of
    from thorp.commands.numbers import Demand, failures_as_json, tell_failures, tell_planning

    run_folder = RunFolder.open(folder)
    counts: Counter[str] = Counter()
    planning = Planning()
    for event in run_folder.whole_events():
        counts[type(event.body).__name__] += 1
        planning.take(event)
    lineage, demand = lineage_of(run_folder), Demand.of(run_folder)
    story = read_story(run_folder)
    for line in tell(story):
        to_people.print(line, soft_wrap=True)
    table = Table("event", "count", title="What the log holds")
    for kind, count in counts.most_common():
        table.add_row(kind, str(count))
    to_people.print(table)
    demand.tell()
    tell_failures(story.failures)
    tell_planning(planning)
    _tell_lineage(run_folder, lineage)
    if as_json:
        told = {
            "run": str(folder),
            "events": dict(sorted(counts.items())),
            "asked": demand.as_json(),
            "failures": failures_as_json(story.failures),
            "plans": planning.as_json(),
            **_lineage_as_json(run_folder, lineage),
        }
        print(json.dumps(told))


def _tell_lineage(run: RunFolder, lineage: Lineage) -> None:
    from datetime import datetime

    from engine.kernel.clock import Clock

    clock = Clock(datetime.fromisoformat(run.manifest.start))
    parent, (own, inherited) = run.manifest.parent, lineage.counts
    if lineage.continuations:
        times = "once" if lineage.continuations == 1 else f"{lineage.continuations} times"
        new = max(0, own + inherited - lineage.before)
        to_people.print(f"Resumed {times}, the last time with {lineage.before} replies; new since then: {new}.")
    for letter in run.manifest.letters:
        to_people.print(
            f"Spoken to since it began: {letter.interventions} intervention{'s' * (letter.interventions != 1)}, "
            f"known from {clock.label(letter.since)} on.",
            soft_wrap=True,
        )
    if parent is None:
        return
    origin = f"Forked from {escape(parent.path)} at {clock.label(parent.at)}"
    to_people.print(f"{origin}. Replies taken over: {inherited}, new: {own}.", soft_wrap=True)
    if lineage.spread is None:
        to_people.print(f"How far the change spread is not known: {escape(lineage.missing)}.", soft_wrap=True)
        return
    if not lineage.spread:
        to_people.print(f"Until {clock.label(lineage.compared_until)} nobody's life went another way.")
        return
    table = Table("time", "whose life goes another way", "people", title="How far the change spread")
    for number, touch in enumerate(lineage.spread, start=1):
        table.add_row(f"{clock.at(touch.time):%a %H:%M:%S}", escape(_name(run, touch.agent)), str(number))
    to_people.print(table)


def _lineage_as_json(run: RunFolder, lineage: Lineage) -> dict[str, Any]:
    own, inherited = lineage.counts
    told: dict[str, Any] = {
        "replies": {"recorded": own + inherited, "inherited": inherited, "own": own},
        "continuations": lineage.continuations,
        "letters": [letter.model_dump() for letter in run.manifest.letters],
        "parent": None,
        "spread": None,
    }
    if lineage.continuations:
        told["replies"] |= {"before_last_continuation": lineage.before}
    if run.manifest.parent is not None:
        told["parent"] = {"path": run.manifest.parent.path, "at": run.manifest.parent.at}
    if lineage.spread is not None:
        touches = enumerate(lineage.spread, start=1)
        told["spread"] = [
            {"time": touch.time, "agent": _name(run, touch.agent), "touched": number} for number, touch in touches
        ]
    return told


def _name(run: RunFolder, agent: int) -> str:
    people = run.manifest.people
    return people[agent] if 0 <= agent < len(people) else f"agent {agent}"


def verify(folder: RunArgument, as_json: AsJson = False) -> None:
    """Check every frame, the order and the manifest of a run; print what is wrong."""
    from engine.llm.records import unreadable_replies
    from engine.record.run_folder import RunFolder

    run_folder = RunFolder.open(folder)
    found = run_folder.verify()
    faults = [*found.faults, *unreadable_replies(run_folder.replies_path)]
    for fault in faults:
        to_people.print(f"[red]wrong:[/red] {escape(fault)}", soft_wrap=True)
    if not faults:
        to_people.print(
            f"{escape(str(folder))}: {found.events} events and {found.replies} replies, all whole and in order"
        )
    if as_json:
        print(json.dumps({"run": str(folder), "ok": not faults, **fields_of(found), "faults": faults}))
    if faults:
        raise typer.Exit(1)
