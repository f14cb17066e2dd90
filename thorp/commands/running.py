"""Commands that simulate: `run`, `resume`, `fork`."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from engine.errors import BadInput, Diverged, RunFailed
from thorp.commands.common import AsJson, RunArgument, keep_quiet, loss_of, to_people

if TYPE_CHECKING:
    from agents.cognition.settings import Faculty
    from engine.console import ProgressLine
    from engine.llm.requests import Backend
    from engine.llm.spec import ModelSpec
    from thorp.scenario import Plan
    from thorp.town import TownRun

RUNS = Path("runs")

Out = Annotated[Path | None, typer.Option(help="Folder of the run (default: the next free one in runs/).")]
Until = Annotated[str | None, typer.Option(help="When to stop: 10:00, a date and time, or +3h.")]
Model = Annotated[
    str,
    typer.Option(
        help="embedded, embedded:PATH, openai:BASE_URL#MODEL (key from OPENAI_API_KEY; docs/models.md), scripted, "
        "scripted:latency=lognormal (or =fixed:S, =sleep:S)"
    ),
]
SameModel = Annotated[
    str | None,
    typer.Option(help="Where the run's model is now, or recorded: no model, only its replies.", show_default=False),
]
Schedule = Annotated[str, typer.Option(help="out-of-order or strict; the outcome is the same.")]
SameSchedule = Annotated[str | None, typer.Option(help="out-of-order or strict (default: as before).")]
MaxRequests = Annotated[int | None, typer.Option(help="The most new requests to the model.", min=0)]
MaxTokens = Annotated[int | None, typer.Option(help="The most tokens to compute.", min=0)]


def run(
    scenario: Annotated[
        str, typer.Argument(help="A scenario file, or one of the shipped: morning, day, valentine, election.")
    ] = "morning",
    out: Out = None,
    until: Until = None,
    agents: Annotated[int | None, typer.Option(help="Only the first N people.", min=1)] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every random number.", min=0)] = None,
    model: Model = "embedded",
    schedule: Schedule = "out-of-order",
    without: Annotated[
        list[str] | None,
        typer.Option(help="Leave a faculty of minds out: observation, reflection, planning (repeatable)."),
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Any scenario key, as in --set minds.attention=2 (repeatable).")
    ] = None,
    max_requests: MaxRequests = None,
    max_tokens: MaxTokens = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario and write a run folder."""
    keep_quiet()
    from agents.exams.ways import ways_for
    from engine.console import ProgressLine
    from engine.llm.service import Budget
    from engine.llm.spec import ModelSpec
    from engine.llm.tiers.cache import cache_folder
    from engine.record.run_folder import RunFolder
    from thorp.scenario import find_scenario, load_scenario
    from thorp.town import Means, simulate

    _check_schedule(schedule)
    spec = ModelSpec.parse(model)
    changes = _changes(settings or [], end=until, seed=seed)
    if lacking := without_faculties(without or []):
        changes["minds.without"] = lacking
    source = find_scenario(scenario)
    plan = load_scenario(source, changes, agents)
    out = out or _next_folder(RUNS, source.stem)
    RunFolder.refuse_occupied(out)
    with to_people.status(f"Loading the model ({escape(str(spec))}) …"):
        backend = load_model(spec)
    plan = plan.with_ways(ways_for(backend.identity, cache_folder()))
    means = Means(spec, backend, schedule, Budget(max_requests, max_tokens))
    to_people.print(_title(plan))
    with ProgressLine(plan.clock, plan.end) as line, _hint(out):
        done = simulate(plan, means, out, _command(), line, _aside(line))
    _tell(done, as_json)
    _end(done, plan)


def resume(
    folder: RunArgument,
    until: Annotated[str | None, typer.Option(help="Go on until then, beyond the run's end: 22:00, +3h.")] = None,
    model: SameModel = None,
    schedule: SameSchedule = None,
    max_requests: MaxRequests = None,
    max_tokens: MaxTokens = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that ended early, or beyond its end, exactly as if it had never stopped."""
    keep_quiet()
    from engine.console import ProgressLine
    from engine.llm.service import Budget
    from engine.llm.spec import ModelSpec
    from thorp.resume import prepare_resumption
    from thorp.resume import resume as go_on

    _check_schedule(schedule)
    what = prepare_resumption(folder, until, ModelSpec.parse(model) if model else None, schedule)
    with ProgressLine(what.plan.clock, what.plan.end) as line:

        def load(spec: ModelSpec) -> Backend:
            return load_model(spec, line.say)

        budget = Budget(max_requests, max_tokens)
        with _hint(folder):
            done = go_on(what, load, budget, _command(), line, _aside(line), lambda: line.say(_title(what.plan)))
    if not done.stopped and not what.extends and done.events == done.events_reused and not done.stats.new:
        end = what.plan.clock.label(what.plan.end)
        to_people.print(
            f"Nothing to do: the run lasted until {end}, and all its {done.events} events came out the same. "
            f"To make it longer: thorp resume {escape(_path(folder))} --until TIME",
            soft_wrap=True,
        )
        if as_json:
            print(json.dumps(done.as_json()))
        return
    _tell(done, as_json)
    _end(done, what.plan)


def fork(
    folder: RunArgument,
    at: Annotated[str, typer.Option(help="From when on it may differ: 08:00, a date and time, or +90m.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the fork (default: beside the run).")] = None,
    intervene: Annotated[Path | None, typer.Option(help="A YAML list of interventions.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="minds.… or end, as in --set minds.attention=2 (repeatable).")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of every random number from then on.", min=0)] = None,
    until: Until = None,
    model: SameModel = None,
    schedule: SameSchedule = None,
    max_requests: MaxRequests = None,
    max_tokens: MaxTokens = None,
    as_json: AsJson = False,
) -> None:
    """Begin another run that shares a run's past, with a change; only what the change touches is thought anew."""
    keep_quiet()
    from engine.console import ProgressLine
    from engine.llm.service import Budget
    from engine.llm.spec import ModelSpec
    from engine.record.run_folder import RunFolder
    from thorp.fork import fork as branch_off
    from thorp.fork import prepare_fork
    from thorp.interventions import in_words

    _check_schedule(schedule)
    what = prepare_fork(
        folder,
        at,
        interventions=intervene,
        settings=_changes(settings or []),
        seed=seed,
        until=until,
        model=ModelSpec.parse(model) if model else None,
        schedule=schedule,
    )
    out = out or _next_folder(folder.parent, f"{folder.name}-fork")
    RunFolder.refuse_occupied(out)
    to_people.print(_title(what.plan))
    for each in what.happens:
        to_people.print(f"[dim]{escape(in_words(each, what.plan.cast))}[/dim]", soft_wrap=True)
    if what.beyond:
        to_people.print(f"{what.beyond} (--until makes a fork last longer)", soft_wrap=True)
    with ProgressLine(what.plan.clock, what.plan.end) as line:

        def load(spec: ModelSpec) -> Backend:
            return load_model(spec, line.say)

        with _hint(out):
            done = branch_off(what, out, load, Budget(max_requests, max_tokens), _command(), line, _aside(line))
    _tell(done, as_json)
    _end(done, what.plan)


def _check_schedule(schedule: str | None) -> None:
    from engine.errors import nearest
    from engine.kernel.frontier import SCHEDULES

    if schedule is not None and schedule not in SCHEDULES:
        raise BadInput("--schedule", f"unknown schedule '{schedule}'{nearest(schedule, SCHEDULES)}")


def _changes(settings: list[str], **given: Any) -> dict[str, Any]:
    from engine.config import parse_value

    changes: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise BadInput("--set", f"'{setting}' is not of the form key=value")
        changes[key] = parse_value(value, f"--set {key}")
    return changes | {key: value for key, value in given.items() if value is not None}


def without_faculties(names: list[str]) -> list[Faculty]:
    """Return the faculties of minds that `--without` names, in their order. Raises `BadInput`."""
    from agents.cognition.settings import FACULTIES
    from engine.errors import nearest

    for name in names:
        if name not in FACULTIES:
            raise BadInput("--without", f"minds have no faculty '{name}'{nearest(name, list(FACULTIES))}")
    return [faculty for faculty in FACULTIES if faculty in names]


def _next_folder(above: Path, name: str) -> Path:
    number = 1
    while (folder := above / f"{name}-{number:03d}").exists():
        number += 1
    return folder


def load_model(spec: ModelSpec, say: Any = None, source: str = "--model") -> Backend:
    """Load a model that the option `source` names, and say so. Raises `BadInput`."""
    from thorp.town import open_model

    say = say or (lambda text: to_people.print(text, soft_wrap=True))
    began = perf_counter()
    backend = open_model(spec, source)
    say(f"[dim]{escape(backend.identity)}: ready in {perf_counter() - began:.1f} s{loss_of(backend)}[/dim]")
    return backend


def _aside(line: ProgressLine) -> Callable[[str], None]:
    """Return what prints a sentence above the line of progress."""
    return lambda text: line.say(f"[dim]{escape(text)}[/dim]")


def _title(plan: Plan) -> str:
    return f"[bold]{escape(plan.scenario.name)}[/bold], {plan.clock.label(0)} to {plan.clock.hhmm(plan.end)}"


def _command() -> list[str]:
    return sys.argv[1:] or ["run"]


def _tell(done: TownRun, as_json: bool) -> None:
    """Print what happened, what it cost, and how to see it again."""
    from replay.story import read_story, tell

    for line in tell(read_story(done.folder)):
        to_people.print(line, soft_wrap=True)
    numbers = done.as_json()
    failures = sum(numbers["failures"].values())
    cost = (
        f"{numbers['events']} events, {numbers['requests']} requests ({numbers['replies_new']} new), "
        f"{numbers['prompt_tokens_computed']} prompt tokens computed of {numbers['prompt_tokens']}, "
        f"{numbers['generated_tokens']} generated, {failures} failed, {numbers['wall_seconds']:.0f} s"
    )
    if done.cost is not None:
        cost += f", at most {done.cost:.4f} by the prices given"
    to_people.print(f"\n[dim]{cost}[/dim]", soft_wrap=True)
    replay_it = f"thorp replay {escape(_path(done.folder.path))}"
    watch = f"Watch it: [bold]{replay_it}[/bold]   or   [bold]{replay_it} --export morning.gif[/bold]"
    to_people.print(watch, soft_wrap=True)
    if as_json:
        print(json.dumps(numbers))


def _end(done: TownRun, plan: Plan) -> None:
    """Raise `RunFailed` if a run ended early, and say how to go on."""
    if done.stopped:
        ended = f"the run ended at {plan.clock.hhmm(done.sim_seconds)}: {done.stopped}; all of it is kept"
        raise RunFailed(f"{ended}{_go_on(done.folder.path)}")


@contextmanager
def _hint(path: Path) -> Iterator[None]:
    """Say with what a run fails, such as a full disk, that it is not lost."""
    try:
        yield
    except Diverged:
        raise
    except RunFailed as error:
        raise RunFailed(f"{error}; what was recorded is kept{_go_on(path)}") from error


def _go_on(path: Path) -> str:
    from engine.record.manifest import NAME

    return f"; go on with: thorp resume {_path(path)}" if (path / NAME).exists() else ""


def _path(path: Path) -> str:
    return shlex.quote(str(path))
