"""The command `import`: take over what others have made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from thorp.commands.common import AsJson, keep_quiet, to_people
from thorp.imports import IMPORTERS, import_into


def import_(
    kind: Annotated[str, typer.Argument(help=f"What it is: {', '.join(IMPORTERS)}.", show_default=False)],
    path: Annotated[Path, typer.Argument(help="The file or folder to read.", show_default=False)],
    to: Annotated[Path, typer.Option("--to", help="The folder to write; new or empty.", show_default=False)],
    map_path: Annotated[
        Path | None, typer.Option("--map", help="The map that goes with it, where it is not beside it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take over a map, people or a replay that was made elsewhere."""
    keep_quiet()
    imported = import_into(kind, path, to, map_path)
    for warning in imported.warnings:
        to_people.print(f"[yellow]note:[/yellow] {escape(warning)}", soft_wrap=True)
    counts = ", ".join(f"{count:,} {what}" for what, count in imported.counts.items())
    to_people.print(
        f"Wrote {escape(', '.join(map(str, imported.written)))}{f': {counts}' if counts else ''}", soft_wrap=True
    )
    if imported.next_step:
        to_people.print(f"Go on with: [bold]{escape(imported.next_step)}[/bold]", soft_wrap=True)
    if as_json:
        print(
            json.dumps(
                {
                    "written": [str(item) for item in imported.written],
                    "counts": dict(imported.counts),
                    "warnings": list(imported.warnings),
                }
            )
        )
