"""The commands of `thorp`. Each imports what it needs, so that help is instant and a replay never loads torch."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.errors import BadInput, RunFailed

RUNS = Path("runs")
MOST_LETTERS = 1200
_to_people = Console(stderr=True, highlight=False)

app = typer.Typer(
    help="Thorp runs towns of generative agents on your own machine: headless, offline, reproducibly.",
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run_command_line(arguments: list[str]) -> int:
    """Run one command; the one place where errors become exit statuses."""
    try:
        app(args=arguments or ["run"], prog_name="thorp")
    except BadInput as error:
        print(f"thorp: {_one_sentence(error)}", file=sys.stderr)
        return 2
    except RunFailed as error:
        print(f"thorp: {_one_sentence(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("thorp: stopped; everything so far is kept", file=sys.stderr)
        return 1
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    return 0


def _one_sentence(error: Exception) -> str:
    """Return what an error says on one line of bounded length, whatever the texts of users that it quotes."""
    text = "".join(letter if ord(letter) >= 32 and not 127 <= ord(letter) < 160 else " " for letter in str(error))
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS // 2]} … {text[-MOST_LETTERS // 2 :]}"


RunArgument = Annotated[Path, typer.Argument(help="The folder of a run.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line on stdout.")]


@app.command(epilog="Example: thorp run --model scripted --until 22:00 --seed 7")
def run(
    scenario: Annotated[
        Path | None, typer.Argument(help="A scenario file; without one, a morning in the shipped town.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the run (default: the next free one in runs/).")] = None,
    until: Annotated[str | None, typer.Option(help="When to stop: 10:00, a date and time, or +3h.")] = None,
    agents: Annotated[int | None, typer.Option(help="Only the first N people.", min=1)] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every random number.", min=0)] = None,
    model: Annotated[
        str, typer.Option(help="embedded, embedded:PATH, scripted, scripted:latency=lognormal|fixed:S|sleep:S")
    ] = "embedded",
    schedule: Annotated[str, typer.Option(help="out-of-order or strict; the outcome is the same.")] = "out-of-order",
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Any scenario key, as in --set minds.attention=2 (repeatable).")
    ] = None,
    max_requests: Annotated[int | None, typer.Option(help="The most new requests to the model.", min=0)] = None,
    max_tokens: Annotated[int | None, typer.Option(help="The most tokens to compute.", min=0)] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario and write a run folder."""
    _keep_quiet()
    import thorp_town
    from engine.console import ProgressLine
    from engine.errors import nearest
    from engine.kernel.schedule import SCHEDULES
    from engine.llm.service import Budget
    from engine.llm.spec import ModelSpec
    from engine.record.run_folder import RunFolder

    if schedule not in SCHEDULES:
        raise BadInput("--schedule", f"unknown schedule '{schedule}'{nearest(schedule, SCHEDULES)}")
    spec = ModelSpec.parse(model)
    changes = _changes(settings or [], end=until, seed=seed)
    source = scenario or thorp_town.DEFAULT_SCENARIO
    plan = thorp_town.load_scenario(source, changes, agents)
    out = out or _next_folder(source.stem)
    RunFolder.refuse_occupied(out)
    began = perf_counter()
    with _to_people.status(f"Loading the model ({escape(str(spec))}) …"):
        backend = thorp_town.open_model(spec)
    _to_people.print(f"[dim]{escape(backend.identity)}: ready in {perf_counter() - began:.1f} s[/dim]", soft_wrap=True)
    _to_people.print(f"[bold]{escape(plan.scenario.name)}[/bold], {plan.clock.label(0)} to {plan.clock.hhmm(plan.end)}")
    with ProgressLine(plan.clock, plan.end) as line:
        done = thorp_town.simulate(
            plan,
            spec,
            backend,
            out,
            schedule=schedule,
            budget=Budget(max_requests, max_tokens),
            command=["run", *sys.argv[2:]],
            on_progress=line,
        )
    _tell(done)
    if as_json:
        print(json.dumps(done.as_json()))
    if done.stopped:
        raise RunFailed(f"the run ended at {plan.clock.hhmm(done.sim_seconds)}: {done.stopped}; all of it is kept")


def _keep_quiet() -> None:
    """Nothing is fetched at run time, and libraries keep their chatter to themselves."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def _changes(settings: list[str], **given: Any) -> dict[str, Any]:
    from engine.config import parse_value

    changes: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise BadInput("--set", f"'{setting}' is not of the form key=value")
        changes[key] = parse_value(value, f"--set {key}")
    return changes | {key: value for key, value in given.items() if value is not None}


def _next_folder(name: str) -> Path:
    number = 1
    while (folder := RUNS / f"{name}-{number:03d}").exists():
        number += 1
    return folder


def _tell(done: Any) -> None:
    """Print what happened, what it cost, and how to see it again."""
    from replay.story import read_story, tell

    for line in tell(read_story(done.folder)):
        _to_people.print(line, soft_wrap=True)
    numbers = done.as_json()
    failures = sum(numbers["failures"].values())
    cost = (
        f"{numbers['events']} events, {numbers['requests']} requests ({numbers['replies_new']} new), "
        f"{numbers['prompt_tokens_computed']} prompt tokens computed of {numbers['prompt_tokens']}, "
        f"{numbers['generated_tokens']} generated, {failures} failed, {numbers['wall_seconds']:.0f} s"
    )
    _to_people.print(f"\n[dim]{cost}[/dim]", soft_wrap=True)
    replay_it = f"thorp replay {escape(str(done.folder.path))}"
    watch = f"Watch it: [bold]{replay_it}[/bold]   or   [bold]{replay_it} --export morning.gif[/bold]"
    _to_people.print(watch, soft_wrap=True)


@app.command(epilog="Example: thorp replay runs/morning-001 --export morning.gif")
def replay(
    folder: RunArgument,
    at: Annotated[str | None, typer.Option(help="Where to begin (or the moment of a picture): 08:15.")] = None,
    until: Annotated[str | None, typer.Option(help="Where an exported animation ends.")] = None,
    speed: Annotated[float, typer.Option(help="Simulated seconds per second.", min=0.1)] = 60.0,
    export: Annotated[Path | None, typer.Option(help="Write a .png or .gif instead of opening a window.")] = None,
) -> None:
    """Watch a run: in a window, or as a picture or an animation."""
    _keep_quiet()
    from datetime import datetime

    from engine.kernel.clock import Clock
    from engine.record.run_folder import RunFolder

    run_folder = RunFolder.open(folder)
    clock = Clock(datetime.fromisoformat(run_folder.manifest.start))
    start, end = _moment(clock, "--at", at), _moment(clock, "--until", until)
    if export is None:
        from replay.viewer import play

        play(run_folder, start or 0, speed)
        return
    if not export.parent.is_dir():
        raise BadInput("--export", f"there is no folder '{export.parent}'")
    from rich.progress import Progress

    from replay.export import export as write

    with Progress(console=_to_people, transient=True) as progress:
        task = progress.add_task(f"Drawing {escape(export.name)}", total=1.0)
        write(run_folder, export, at=start, until=end, progress=lambda done: progress.update(task, completed=done))
    _to_people.print(f"Wrote {escape(str(export))} ({export.stat().st_size / 1e6:.1f} MB)")


def _moment(clock: Any, option: str, text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(clock.parse(text))
    except ValueError as error:
        raise BadInput(option, str(error)) from None


@app.command(epilog="Example: thorp inspect runs/morning-001")
def inspect(folder: RunArgument, as_json: AsJson = False) -> None:
    """Tell the story of a run and count what happened in it."""
    from collections import Counter

    from engine.record.run_folder import RunFolder
    from replay.story import read_story, tell

    run_folder = RunFolder.open(folder)
    counts = Counter(type(event.body).__name__ for event in run_folder.events())
    for line in tell(read_story(run_folder)):
        _to_people.print(line, soft_wrap=True)
    table = Table("event", "count", title="What the log holds")
    for kind, count in counts.most_common():
        table.add_row(kind, str(count))
    _to_people.print(table)
    if as_json:
        print(json.dumps({"run": str(folder), "events": dict(sorted(counts.items()))}))


@app.command(epilog="Example: thorp verify runs/morning-001")
def verify(folder: RunArgument, as_json: AsJson = False) -> None:
    """Check every frame, the order and the manifest of a run; print what is wrong."""
    from engine.llm.records import unreadable_replies
    from engine.record.run_folder import RunFolder

    run_folder = RunFolder.open(folder)
    found = run_folder.verify()
    faults = [*found.faults, *unreadable_replies(run_folder.replies_path)]
    for fault in faults:
        _to_people.print(f"[red]wrong:[/red] {escape(fault)}", soft_wrap=True)
    if not faults:
        _to_people.print(
            f"{escape(str(folder))}: {found.events} events and {found.replies} replies, all whole and in order"
        )
    if as_json:
        print(json.dumps({"run": str(folder), "ok": not faults, **_fields(found), "faults": faults}))
    if faults:
        raise typer.Exit(1)


def _fields(record: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(record)


@app.command(epilog="Example: thorp models")
def models(as_json: AsJson = False) -> None:
    """List the models that are available here: where from, size, licence."""
    from engine.llm.inventory import embedded_models

    found = embedded_models()
    for model in found:
        size = f"{model.bytes / 1e6:.0f} MB" if model.bytes else "missing: run `make install`"
        _to_people.print(
            f"[bold]{model.name}[/bold]  {model.purpose}, {size}, {model.licence}, package {model.package}"
        )
        _to_people.print(f"    {model.path}", soft_wrap=True)
    _to_people.print("[bold]scripted[/bold]  everything, by rules; part of Thorp")
    if as_json:
        print(json.dumps({"models": [_fields(model) for model in found]}))


@app.command(epilog="Example: thorp doctor")
def doctor(as_json: AsJson = False) -> None:
    """Look at this machine: versions, cores, memory, models, and what is missing."""
    import platform
    import shutil
    from importlib import metadata

    from engine.bench import describe_machine
    from engine.llm.inventory import embedded_models
    from thorp_town import PACKAGES

    machine = describe_machine()
    versions = {name: _version(metadata, name) for name in PACKAGES}
    missing = [name for name, version in versions.items() if version is None]
    models = embedded_models()
    missing += [model.package for model in models if not model.bytes]
    gpu = shutil.which("nvidia-smi") is not None
    table = Table("what", "found", title="Thorp on this machine")
    table.add_row("Python", platform.python_version())
    table.add_row("processor", f"{machine['cpu']}, {machine['cores']} cores")
    table.add_row("memory", f"{machine['memory_gib']} GiB")
    table.add_row("GPU", "NVIDIA driver found (not used yet)" if gpu else "none")
    for name, version in versions.items():
        table.add_row(name, version or "[red]missing[/red]")
    for model in models:
        table.add_row(model.name, f"package {model.package}" if model.bytes else "[red]missing[/red]")
    _to_people.print(table)
    if missing:
        _to_people.print(f"Missing: {', '.join(missing)}. This line installs everything: [bold]make install[/bold]")
    if as_json:
        print(json.dumps({"machine": machine, "versions": versions, "gpu": gpu, "missing": missing}))
    if missing:
        raise typer.Exit(1)


def _version(metadata: Any, package: str) -> str | None:
    try:
        return str(metadata.version(package))
    except metadata.PackageNotFoundError:
        return None


@app.command(epilog="Example: thorp bench kernel --json")
def bench(
    name: Annotated[str, typer.Argument(help="kernel or log.", show_default=False)], as_json: AsJson = False
) -> None:
    """Measure one part of Thorp against a peer, both in the same run."""
    from engine.bench import BENCHES
    from engine.errors import nearest

    if name not in BENCHES:
        raise BadInput("bench", f"unknown benchmark '{name}'{nearest(name, BENCHES)}")
    result = BENCHES[name]()
    table = Table(*result.rows[0], title=f"{name} on {result.machine['cpu']}, {result.machine['cores']} cores")
    for row in result.rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()))
    _to_people.print(table)
    if as_json:
        print(json.dumps(result.as_json()))
