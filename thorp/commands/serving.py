"""The command `serve`: the embedded model for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.markup import escape

from engine.errors import BadInput
from thorp.commands.common import AsJson, keep_quiet, loss_of, to_people

DEFAULT_NAME = "smollm2"


def serve(
    model: Annotated[str, typer.Option(help="embedded, or embedded:PATH.")] = "embedded",
    host: Annotated[str, typer.Option(help="Where to listen; any other than this machine's own is open to all.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(help="0: any free one.", min=0, max=65535)] = 8000,
    as_json: AsJson = False,
) -> None:
    """Serve the embedded model to other programs: an OpenAI-compatible server on this machine, until Ctrl-C."""
    keep_quiet()
    from engine.llm.spec import ModelSpec

    spec = ModelSpec.parse(model)
    if spec.kind != "embedded":
        raise BadInput("--model", f"'{spec}' cannot be served (allowed: embedded, embedded:PATH)")
    from engine.llm.embedded import EmbeddedBackend
    from engine.llm.serving.listening import bound, is_loopback
    from engine.llm.serving.listening import serve as serve_calls

    with bound(host, port) as listener:
        with to_people.status(f"Loading the model ({escape(str(spec))}) …"):
            began = perf_counter()
            backend = spec.open({})
        assert isinstance(backend, EmbeddedBackend)
        to_people.print(
            f"[dim]{escape(backend.identity)}: ready in {perf_counter() - began:.1f} s{loss_of(backend)}[/dim]",
            soft_wrap=True,
        )
        name = Path(spec.detail).stem.replace(" ", "-") if spec.detail else DEFAULT_NAME
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}/v1"
        if not is_loopback(host):
            to_people.print(
                "[yellow]There is no authentication: whoever can reach this address can use the model.[/yellow]"
            )

        def ready() -> None:
            to_people.print(f"Serving [bold]{escape(name)}[/bold] on {escape(url)} (Ctrl-C ends it)", soft_wrap=True)
            command = f"thorp run --model openai:{url}#{name},ask=text"
            to_people.print(f"A town that thinks with it: [bold]{escape(command)}[/bold]", soft_wrap=True)
            if as_json:
                print(json.dumps({"url": url, "model": name, "identity": backend.identity}), flush=True)

        answered = serve_calls(backend, name, listener, ready)
    to_people.print(f"[dim]Ended; {answered:,} requests were answered.[/dim]")
