"""Commands that evaluate: `evaluate RUN`, `evaluate interviews RUN`, `evaluate thoughts`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.errors import BadInput, nearest
from thorp.commands.common import AsJson, DefaultGroup, RunArgument, keep_quiet, to_people

if TYPE_CHECKING:
    from agents.exams.card import Row

app = typer.Typer(
    cls=DefaultGroup,
    help="Measure what came of a run (`evaluate RUN`, read off its log), how believable its people are (`evaluate "
    "interviews RUN`, asked and judged), and how well models think (`evaluate thoughts`).",
)
SCRIPTED = "scripted"


@app.callback()
def _evaluate() -> None:
    """The commands share a name."""


@app.command(DefaultGroup.DEFAULT, epilog="Example: thorp evaluate runs/valentine --plot valentine.png")
def show(
    folder: RunArgument,
    plot: Annotated[
        Path | None,
        typer.Option(help="Draw how news spread, who knows whom and who came: a .png file.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how news spread in a run, who knows whom, and who came where they were invited: `show` can be left out.

    All of it is read off the log. What its people themselves say is what `evaluate interviews RUN` is about.
    """
    keep_quiet()
    from thorp.commands.report import report

    report(folder, plot, as_json=as_json)


@app.command(epilog="Example: thorp evaluate interviews runs/day --agent Ida --at 18:00 --to answers.json")
def interviews(
    source: Annotated[
        Path,
        typer.Argument(metavar="RUN", help="The folder of a run, or answers saved with --to.", show_default=False),
    ],
    agent: Annotated[
        list[str] | None, typer.Option(help="Who is asked (repeatable; default: three whom the run's seed draws).")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="When: 18:00, a date and time, or +3h (default: at the end).", show_default=False)
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Which model answers (default: that of the run).", show_default=False)
    ] = None,
    memories: Annotated[
        int | None,
        typer.Option(help="From how many memories an answer is made (default: 8).", min=1, max=100, show_default=False),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            help="Of how many wordings an answer is the best (default: as in the run).",
            min=1,
            max=64,
            show_default=False,
        ),
    ] = None,
    human: Annotated[
        Path | None,
        typer.Option(help="Answers of people, a YAML or JSON file: one more condition.", show_default=False),
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(
            help="Who compares: a model, or `terminal` (default: the model that answers).", show_default=False
        ),
    ] = None,
    way: Annotated[str, typer.Option(help="How a model is asked to judge: likelihood or channel.")] = "likelihood",
    verdicts: Annotated[
        Path | None,
        typer.Option(help="Where a person's verdicts are kept (default: beside the answers).", show_default=False),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Save the answers: a .json file to judge later.", show_default=False)
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the ratings: a .png file.", show_default=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Interview people of a run with all and with less of their memory, and rate how believable the answers are."""
    keep_quiet()
    from thorp.commands.interviews import Wanted, study

    study(
        Wanted(source, agent or [], at, model, memories, samples, human, judge, way, verdicts, to, plot),
        as_json=as_json,
    )


@app.command(epilog="Example: thorp evaluate thoughts --model embedded")
def thoughts(
    model: Annotated[str, typer.Option(help="As of run: embedded, embedded:PATH, openai:BASE_URL#MODEL, scripted.")] = (
        "embedded"
    ),
    only: Annotated[
        list[str] | None, typer.Option("--thought", help="Only this thought (repeatable).", show_default=False)
    ] = None,
    keep: Annotated[bool, typer.Option(help="Let later runs with this model go the ways that are better.")] = True,
    as_json: AsJson = False,
) -> None:
    """Let a model sit the exams of all thoughts and print its report card (docs/thoughts.md)."""
    keep_quiet()
    from agents.exams.card import sit_all, ways_of
    from agents.exams.desk import Desk
    from agents.exams.discrete import EXAMS
    from agents.exams.lines import LINE_EXAMS, sit_lines
    from agents.exams.ways import keep as keep_card
    from engine.bench import describe_machine
    from engine.llm.spec import ModelSpec
    from engine.llm.tiers.cache import cache_folder
    from thorp.town import open_model

    wanted = only or [*EXAMS, *LINE_EXAMS]
    for name in wanted:
        if name not in EXAMS and name not in LINE_EXAMS:
            raise BadInput("--thought", f"there is no exam of '{name}'{nearest(name, (*EXAMS, *LINE_EXAMS))}")
    spec = ModelSpec.parse(model)
    backend = open_model(spec)
    with to_people.status("…") as status:
        at, asked = "", 0

        def say(name: str) -> None:
            nonlocal at
            at = name
            count(0)

        def count(more: int) -> None:
            nonlocal asked
            asked += more
            status.update(f"Exam: {escape(at)} … ({asked:,} requests so far)")

        desk = Desk(backend, count)
        rows = sit_all({name: EXAMS[name] for name in EXAMS if name in wanted}, desk, say)
        lines = sit_lines([name for name in LINE_EXAMS if name in wanted], desk, say)
    to_people.print(f"[bold]{escape(backend.identity)}[/bold]", soft_wrap=True)
    if rows:
        _show(rows)
    if lines:
        _show_lines([row.as_json() for row in lines])
    ways, kept = ways_of(rows), ""
    if keep and not only and spec.kind != SCRIPTED:
        kept = str(keep_card(backend.identity, ways, cache_folder()))
        other = f"the declared ways, but for {', '.join(ways)}" if ways else "the declared ways"
        to_people.print(f"Runs with this model go {other} from now on (kept in {escape(kept)})", soft_wrap=True)
    if as_json:
        card = {"rows": [row.as_json() for row in rows], "lines": [row.as_json() for row in lines]}
        about = {"model": backend.identity, "machine": describe_machine(), "ways": ways, "kept": kept}
        print(json.dumps({**about, **card}))


def _show(rows: Sequence[Row]) -> None:
    title = "Discrete thoughts: the way with * is gone; clear: the interval lies above chance and most frequent answer"
    table = Table(
        "thought", "way", "right", "of", "share", "95 %", "chance", "most frequent", "clear", "requests", "tokens", "s",
        title=title,
    )  # fmt: skip
    before = ""
    for row in rows:
        if before not in ("", row.thought):
            table.add_section()
        before = row.thought
        low, high = row.mark.interval
        table.add_row(
            row.thought,
            f"{row.way} *" if row.used else row.way,
            f"{row.mark.right}",
            f"{row.mark.cases}",
            f"{row.mark.share:.2f}",
            f"{low:.2f} to {high:.2f}",
            f"{row.chance:.2f}",
            f"{row.frequent:.2f}",
            "yes" if row.clear else "no",
            f"{row.cost.requests}",
            f"{row.cost.usage.prompt}",
            f"{row.cost.seconds:.1f}",
        )
    Console(stderr=True, width=max(to_people.width, 130)).print(table)


def _show_lines(rows: Sequence[dict[str, Any]]) -> None:
    names = [name for name in rows[0] if name not in ("prompt_tokens", "prompt_tokens_computed", "failures", "example")]
    table = Table(*(name.replace("_", " ") for name in names), title="Texts: shares of all samples")
    for row in rows:
        table.add_row(*(f"{row[name]:.2f}" if isinstance(row[name], float) else str(row[name]) for name in names))
    Console(stderr=True, width=max(to_people.width, 130)).print(table)
    for row in rows:
        to_people.print(f"    {row['thought']}: [italic]{escape(row['example'])}[/italic]", soft_wrap=True)
