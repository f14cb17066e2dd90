"""The command `export`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from thorp.commands.common import AsJson, RunArgument, keep_quiet, to_people


def export(
    folder: RunArgument,
    to: Annotated[Path, typer.Option("--to", help="The folder to write; new or empty.", show_default=False)],
    format_: Annotated[str, typer.Option("--format", help="csv, or parquet (needs pyarrow).")] = "csv",
    as_json: AsJson = False,
) -> None:
    """Write a run as tables: events, moves, memories, chats, plans, requests, relationships."""
    keep_quiet()
    from thorp.export import export_tables

    rows = export_tables(folder, to, format_)
    told = ", ".join(f"{count:,} {name}" for name, count in rows.items())
    to_people.print(f"Wrote {escape(str(to))}: {told}", soft_wrap=True)
    if as_json:
        print(json.dumps({"run": str(folder), "to": str(to), "format": format_, "rows": rows}))
