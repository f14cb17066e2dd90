"""The command line: which commands there are, and the one place where errors become exit statuses."""

from __future__ import annotations

import sys

import typer

from engine.errors import BadInput, ManyFaults, RunFailed
from thorp.commands import (
    asking,
    evaluating,
    exporting,
    importing,
    intervening,
    looking,
    machine,
    models,
    running,
    serving,
)

MOST_LETTERS = 1200

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
    except ManyFaults as error:
        print(f"thorp: {_on_one_line(f'{error.source}: {error.problem}')}", file=sys.stderr)
        for fault in error.faults:
            print(f"  - {_on_one_line(fault)}", file=sys.stderr)
        return 2
    except BadInput as error:
        print(f"thorp: {_on_one_line(str(error))}", file=sys.stderr)
        return 2
    except RunFailed as error:
        print(f"thorp: {_on_one_line(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("thorp: stopped; everything so far is kept", file=sys.stderr)
        return 1
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    return 0


def _on_one_line(said: str) -> str:
    """Return what an error says on one line of bounded length, whatever the texts of users that it quotes."""
    text = "".join(letter if ord(letter) >= 32 and not 127 <= ord(letter) < 160 else " " for letter in said)
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS // 2]} … {text[-MOST_LETTERS // 2 :]}"


for command, example in (
    (running.run, "thorp run --model scripted --until 22:00 --seed 7"),
    (running.resume, "thorp resume runs/morning-001 --until 12:00"),
    (running.fork, "thorp fork runs/morning-001 --at 08:00 --intervene news.yaml"),
    (intervening.intervene, 'thorp intervene runs/morning-001 --say "the bridge is closed today"'),
    (asking.ask, 'thorp ask runs/morning-001 "Ida Calder" "What have you heard lately?" --at 08:30'),
    (looking.replay, "thorp replay runs/morning-001 --export morning.gif"),
    (looking.inspect, "thorp inspect runs/morning-001"),
    (exporting.export, "thorp export runs/morning-001 --to tables"),
    (looking.verify, "thorp verify runs/morning-001"),
    (importing.import_, "thorp import tiled my_map.tmx --to my_town"),
    (serving.serve, "thorp serve --port 8000"),
    (machine.doctor, "thorp doctor"),
    (machine.bench, "thorp bench kernel --json"),
):
    app.command(command.__name__.strip("_"), epilog=f"Example: {example}")(command)
app.add_typer(evaluating.app, name="evaluate")
app.add_typer(models.app, name="models")
