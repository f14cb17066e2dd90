"""The command `ask`."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from engine.errors import BadInput
from thorp.commands.common import AsJson, RunArgument, keep_quiet, to_people
from thorp.commands.running import load_model, without_faculties


def ask(
    folder: RunArgument,
    words: Annotated[
        list[str],
        typer.Argument(metavar="[PERSON] QUESTION", help="Who is asked (or --agent), and what.", show_default=False),
    ],
    agent: Annotated[
        str | None, typer.Option(help="Who is asked: a name, or a first name that only one has.", show_default=False)
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="When: 08:15, a date and time, or +3h (default: at the end).", show_default=False)
    ] = None,
    role: Annotated[str, typer.Option("--as", help="As whom one asks: Reporter.")] = "Visitor",
    without: Annotated[
        list[str] | None,
        typer.Option(help="No access to memories of observation, reflection or planning (repeatable)."),
    ] = None,
    memories: Annotated[int, typer.Option(help="From how many memories the answer is made.", min=1, max=100)] = 8,
    model: Annotated[
        str | None, typer.Option(help="Which model answers (default: that of the run).", show_default=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Interview a person at any time of a run, without changing the run."""
    keep_quiet()
    from engine.llm.service import ModelService
    from engine.llm.spec import ModelSpec
    from thorp.archive import Archive
    from thorp.ask import hold, interviewee, model_to_ask, question_to

    if len(words) != (2 if agent is None else 1):
        raise BadInput("ask", 'needs a person and one question: thorp ask RUN "Ida Calder" "What did you do today?"')
    archive = Archive(folder)
    who = interviewee(archive, archive.find(agent if agent is not None else words[0]), archive.moment(at))
    what = question_to(who, words[-1], role=role, without=without_faculties(without or []), shown=memories)
    spec = model_to_ask(archive, ModelSpec.parse(model) if model else None)
    backend = load_model(spec)
    with to_people.status(f"Asking {escape(who.persona.first_name)} …"):
        said = hold(what, ModelService(backend))
    to_people.print(f"[bold]{escape(who.persona.name)}[/bold], {who.clock.label(who.time)}, {escape(who.doing)}")
    to_people.print(f"{escape(what.asked.role)}: {escape(what.asked.text)}", soft_wrap=True)
    to_people.print(f"{escape(who.persona.first_name)}: {escape(said.answer)}", soft_wrap=True)
    table = Table("memory", "kind", "from", "what came to mind", title="From these memories")
    for record in said.memories:
        text = f"{record.text} ({record.count} times)" if record.count > 1 else record.text
        table.add_row(str(record.number), record.kind.value, f"{who.clock.at(record.created):%a %H:%M}", escape(text))
    to_people.print(table)
    if as_json:
        print(json.dumps({"run": str(folder), **said.as_json(what, spec)}))
