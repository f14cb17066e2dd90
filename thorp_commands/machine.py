"""Commands about this machine: `models`, `doctor`, `bench`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from engine.errors import BadInput
from thorp_commands.common import AsJson, fields_of, to_people


def models(as_json: AsJson = False) -> None:
    """List the models that are available here: where from, size, licence."""
    from engine.llm.inventory import embedded_models

    found = embedded_models()
    for model in found:
        size = f"{model.bytes / 1e6:.0f} MB" if model.bytes else "missing: run `make install`"
        to_people.print(f"[bold]{model.name}[/bold]  {model.purpose}, {size}, {model.licence}, package {model.package}")
        to_people.print(f"    {model.path}", soft_wrap=True)
    to_people.print("[bold]scripted[/bold]  everything, by rules; part of Thorp")
    if as_json:
        print(json.dumps({"models": [fields_of(model) for model in found]}))


def doctor(as_json: AsJson = False) -> None:
    """Look at this machine: versions, cores, memory, models, and what is missing."""
    import platform
    import shutil
    from importlib import metadata

    from engine.bench import describe_machine
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
