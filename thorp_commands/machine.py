"""Commands about this machine: `models`, `doctor`, `bench`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.errors import BadInput
from thorp_commands.common import AsJson, fields_of, to_people


def models(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH | get SPEC]", help="A model's folder or file, or `get` and a model.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the models that are available here, look at one, or say how to get one: where from, size, licence."""
    match what or []:
        case []:
            _list_models(as_json)
        case ["get", spec]:
            _get_model(spec)
        case [path]:
            _describe_model(Path(path), as_json)
        case _:
            raise BadInput("models", f"cannot do '{' '.join(what or [])}' (allowed: nothing, a path, or get SPEC)")


def _list_models(as_json: bool) -> None:
    from engine.llm.inventory import embedded_models

    found = embedded_models()
    for model in found:
        size = f"{model.bytes / 1e6:.0f} MB" if model.bytes else "missing: run `make install`"
        to_people.print(f"[bold]{model.name}[/bold]  {model.purpose}, {size}, {model.licence}, package {model.package}")
        to_people.print(f"    {model.path}", soft_wrap=True)
    to_people.print("[bold]openai:BASE_URL#MODEL[/bold]  any model behind an OpenAI-compatible server (docs/models.md)")
    to_people.print("[bold]scripted[/bold]  everything, by rules; part of Thorp")
    if as_json:
        print(json.dumps({"models": [fields_of(model) for model in found]}))


def _describe_model(path: Path, as_json: bool) -> None:
    from engine.llm.inventory import describe

    model = describe(path)
    to_people.print(f"[bold]{model.family}[/bold]  {model.parameters / 1e6:,.1f} million parameters, {model.kind}")
    to_people.print(f"    {', '.join(model.formats)}; {model.bytes / 1e6:,.1f} MB in files", soft_wrap=True)
    to_people.print(
        f"    {model.layers} layers, context of {model.context:,} tokens, {model.vocabulary:,} tokens known"
    )
    to_people.print(f"    chat template: {'yes' if model.chat_template else 'none'}")
    to_people.print(f"    thorp run --model embedded:{escape(model.path)}", soft_wrap=True)
    if as_json:
        print(json.dumps({"model": fields_of(model)}))


def _get_model(spec: str) -> None:
    """Say where a model is, or how it comes here; nothing is fetched."""
    from engine.llm.inventory import embedded_models

    wanted = [m for m in embedded_models() if spec.casefold() in ("embedded", m.name.casefold(), m.package)]
    missing = [model.package for model in wanted if not model.path]
    for model in wanted:
        to_people.print(f"[bold]{model.name}[/bold]  {model.path or 'is missing'}", soft_wrap=True)
    if wanted and not missing:
        return
    if missing:
        to_people.print(f"[bold]make install[/bold] installs {' and '.join(missing)}, with hashes checked.")
    else:
        to_people.print(
            "Thorp fetches no models. Bring a Hugging Face folder (config.json, *.safetensors, tokenizer.json) or a "
            "GGUF file to this machine by other means; then [bold]thorp models PATH[/bold] says whether it can be "
            "used, and [bold]thorp run --model embedded:PATH[/bold] uses it."
        )
    raise typer.Exit(1)


def doctor(as_json: AsJson = False) -> None:
    """Look at this machine: versions, cores, memory, models, and what is missing."""
    import platform
    import shutil
    from importlib import metadata

    from engine.bench import describe_machine
    from engine.llm.files import FAMILIES
    from engine.llm.inventory import embedded_models
    from thorp_manifest import PACKAGES

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
    table.add_row("model files", f"GGUF, Hugging Face folders: {', '.join(FAMILIES)}")
    for name, version in versions.items():
        table.add_row(name, version or "[red]missing[/red]")
    for model in models:
        table.add_row(model.name, f"package {model.package}" if model.bytes else "[red]missing[/red]")
    to_people.print(table)
    if missing:
        to_people.print(f"Missing: {', '.join(missing)}. This line installs everything: [bold]make install[/bold]")
    if as_json:
        print(json.dumps({"machine": machine, "versions": versions, "gpu": gpu, "missing": missing}))
    if missing:
        raise typer.Exit(1)


def _version(metadata: Any, package: str) -> str | None:
    try:
        return str(metadata.version(package))
    except metadata.PackageNotFoundError:
        return None


def bench(
    name: Annotated[str, typer.Argument(help="kernel, schedule, resume, paths or log.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Measure one part of Thorp against a peer, both in the same run."""
    from engine.errors import nearest
    from thorp_bench import BENCHES

    if name not in BENCHES:
        raise BadInput("bench", f"unknown benchmark '{name}'{nearest(name, BENCHES)}")
    result = BENCHES[name]()
    table = Table(*result.rows[0], title=f"{name} on {result.machine['cpu']}, {result.machine['cores']} cores")
    for row in result.rows:
        table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()))
    Console(stderr=True, width=max(to_people.width, 130)).print(table)
    if as_json:
        print(json.dumps(result.as_json()))
