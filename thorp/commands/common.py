"""What several commands share: where they print, their common options, and how they read times."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from engine.errors import BadInput

if TYPE_CHECKING:
    from engine.kernel.clock import Clock
    from engine.llm.requests import Backend

to_people = Console(stderr=True, highlight=False)


class DefaultGroup(TyperGroup):
    """Commands of which `DEFAULT` may be left out: what is no command is its first argument."""

    DEFAULT = "show"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in front of its argument."""
        is_argument = bool(args) and not args[0].startswith("-") and args[0] not in self.commands
        return super().parse_args(ctx, [self.DEFAULT, *args] if is_argument else args)


RunArgument = Annotated[Path, typer.Argument(help="The folder of a run.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line on stdout.")]


def keep_quiet() -> None:
    """Nothing is fetched at run time, and libraries keep their chatter to themselves."""
    os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def moment(clock: Clock, option: str, text: str | None) -> int | None:
    """Return the simulated second that an option names. Raises `BadInput`."""
    if text is None:
        return None
    try:
        return clock.parse(text)
    except ValueError as error:
        raise BadInput(option, str(error)) from None


def fields_of(record: Any) -> dict[str, Any]:
    """Return a dataclass's fields by name, for JSON."""
    return asdict(record)


def loss_of(backend: Backend) -> str:
    """Return what a quick number format costs, as the line that names the model ends; nothing if it costs nothing."""
    loss: float | None = getattr(backend, "loss", None)
    return "" if loss is None else f"; less exact than half precision by {loss:.3f} nats a token (mean KL)"
