"""Small pieces of sentences."""

from __future__ import annotations

from collections.abc import Iterable


def listed(items: Iterable[str]) -> str:
    """Join items as in "a, b and c"."""
    *first, last = [*items] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def unlisted(text: str) -> list[str]:
    """Return what `listed` has joined, if none of it has a comma or an "and" in it."""
    most, _, last = text.rpartition(" and ")
    return [*most.split(", "), last] if most else [last]
