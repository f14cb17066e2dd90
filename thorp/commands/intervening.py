"""The command `intervene`."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from engine.errors import BadInput
from thorp.commands.common import AsJson, RunArgument, keep_quiet, to_people

if TYPE_CHECKING:
    from engine.record.manifest import Letter
    from engine.record.run_folder import RunFolder
    from thorp.interventions import Intervention

PATIENCE = 10.0
"""Seconds in which a run that is going on usually takes in what it is told."""


def intervene(
    folder: RunArgument,
    file: Annotated[
        Path | None, typer.Argument(help="A YAML list of interventions, as for fork.", show_default=False)
    ] = None,
    say: Annotated[
        str | None, typer.Option(help="In place of a file: what everybody hears.", show_default=False)
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="With --say: only this person, as a thought of their own.", show_default=False)
    ] = None,
    role: Annotated[
        str | None, typer.Option("--as", help='With --to: said by a visitor, "a reporter".', show_default=False)
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="With --say: when (default: now, as soon as it is possible).", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let something happen in a run from outside while it is going on, or when it is next gone on with."""
    keep_quiet()
    from thorp.interventions import in_words
    from thorp.live import hand_over, prepare_delivery

    if (file is None) == (say is None):
        raise BadInput("intervene", "needs either a file or --say (thorp intervene --help shows an example)")
    if file is not None and (to, role, at) != (None, None, None):
        raise BadInput("intervene", "--to, --as and --at go with --say; in a file they are keys")
    what = prepare_delivery(folder, file if file is not None else _said(say or "", to, role, at))
    for each in what.happens:
        if each.time > what.since:
            to_people.print(f"[dim]{escape(in_words(each, what.plan.cast))}[/dim]", soft_wrap=True)
    name = hand_over(what)
    with to_people.status("Waiting for the run to take it in …"):
        letter, is_going_on = _wait(what.folder, name)
    if letter is not None:
        to_people.print(f"The run knows of it from {what.plan.clock.label(letter.since)} on.")
    elif is_going_on:
        to_people.print("Handed over; the run takes it in when the thought that is under way is finished.")
    else:
        to_people.print(
            f"Handed over; the run is not going on, and takes it in by: thorp resume {escape(str(folder))}",
            soft_wrap=True,
        )
    if what.beyond:
        to_people.print(
            f"{what.beyond} (thorp resume {escape(str(folder))} --until TIME makes it longer)",
            soft_wrap=True,
        )
    if as_json:
        told = {"run": str(folder), "letter": name, "interventions": len(what.interventions)}
        since = None if letter is None else letter.since
        print(json.dumps({**told, "going_on": is_going_on, "since": since}))


def _said(text: str, to: str | None, role: str | None, at: str | None) -> Intervention:
    """Return what `--say` and the options beside it stand for."""
    from engine.config import check
    from thorp.interventions import NOW, Intervention

    if role is not None and to is None:
        raise BadInput("--as", "goes with --to: a visitor speaks to somebody")
    kind = "broadcast" if to is None else "inner_voice" if role is None else "visitor"
    entry = {"at": at or NOW, "kind": kind, "to": to, "role": role, "text": text}
    return check(Intervention, {key: value for key, value in entry.items() if value is not None}, "intervene")


def _wait(run: RunFolder, name: str) -> tuple[Letter | None, bool]:
    """Return what came of a letter, and whether the run is going on; waits a moment for one that is."""
    from engine.record.inbox import Inbox
    from engine.record.lock import has_writer
    from thorp.live import taken_in

    inbox, deadline = Inbox(run.path), time.monotonic() + PATIENCE
    while (is_going_on := has_writer(run.events_path)) and inbox.holds(name) and time.monotonic() < deadline:
        time.sleep(0.05)
    return taken_in(run.path, name), is_going_on
