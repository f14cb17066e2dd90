"""Prompt texts: files beside this module, segments divided by lines of ``---``, with {names} to fill in."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def segments(name: str) -> tuple[str, ...]:
    """Return the segments of a prompt as they stand in its file."""
    text = resources.files("agents.cognition").joinpath(f"prompts/{name}.txt").read_text(encoding="utf-8")
    return tuple(text.removesuffix("\n").split("\n---\n"))


def fill(name: str, **values: str) -> tuple[str, ...]:
    """Return a prompt's segments, most shared first, each but the last ending in a line break; empty ones are left out.

    Raises `KeyError` when a value is missing.
    """
    *shared, last = (segment.format_map(values) for segment in segments(name))
    return (*(f"{segment}\n" for segment in shared if segment), last)
