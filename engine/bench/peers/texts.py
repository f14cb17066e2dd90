"""What peers need to know of a request: its text, when a sample is over, and which samples go on."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bench.trace import Asked
from engine.llm.requests import Shape, Write

_STATEMENT_ENDS = (".", "\n")


def prompt(request: Asked) -> str:
    """Return the text that a request continues."""
    begin = request.begin if isinstance(request, Write) else ""
    return "".join(request.context) + begin


def contrast(request: Write) -> str:
    """Return the text after which samples are scored again, empty if they are not."""
    return "".join(request.contrast) + request.begin if request.contrast else ""


def samples(request: Write) -> int:
    """Return how many different samples there can be."""
    return request.samples if request.temperature > 0 else 1


def is_over(request: Write, text: str) -> bool:
    """Whether a sample is whole. Peers know no patterns: what a pattern would end, the first full stop ends."""
    ends: Sequence[str] = _STATEMENT_ENDS if request.shape is Shape.REGEX else (*request.stop, "\n")
    return any(end in text for end in ends if end)
