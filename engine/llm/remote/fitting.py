"""Whatever a server sends, made into a text of the wanted shape, or into nothing."""

from __future__ import annotations

import json
import re
from typing import Final

from engine.llm.matching import is_json_of, is_match
from engine.llm.requests import Shape, Write

_LINE_BREAKS: Final = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LETTERS_PER_TOKEN: Final = 32
"""No token is longer on average: what is longer was not written under `max_tokens`."""
_QUOTES: Final = {'"': '"', "'": "'", "“": "”", "«": "»", "`": "`"}
_OPENING: Final = "\"'([{“‘«`-/"
FIELD: Final = "text"
"""Under which name a text stands in an answer that is JSON."""


def fitting(request: Write, text: str, *, verbatim: bool) -> str | None:
    """Return what `text` gives as a sample of `request`; None if it does not fit.

    A `verbatim` text continues the request's context as it is. An assistant's answer is taken out of what assistants
    put around answers: JSON, quotation marks, a repeated beginning, no blank in front.
    """
    bare = [_unfenced(text), text] if request.shape is Shape.JSON else _unwrapped(request.begin, text)
    for candidate in (text,) if verbatim else bare:
        found = _shaped(request, candidate)
        if found and _is_sound(request, found):
            return found
    return None


def _is_sound(request: Write, text: str) -> bool:
    folded = text.casefold()
    return (
        _is_short(request, text)
        and "\ufffd" not in text
        and not any((ord(letter) < 32 and letter not in "\n\t") or 127 <= ord(letter) < 160 for letter in text)
        and not any(word.casefold() in folded for word in request.banned if word)
    )


def _shaped(request: Write, text: str) -> str | None:
    text = _before(text, request.stop)
    match request.shape:
        case Shape.LINE:
            line = _before(text, _LINE_BREAKS)
            return line if any(map(str.isalpha, line)) else None
        case Shape.NUMBER:
            number = re.match(r"-?[0-9]+", text)
            return number[0] if number else None
        case Shape.REGEX:
            return text if _is_short(request, text) and is_match(request.pattern, text) else None
        case Shape.JSON:
            return text if _is_short(request, text) and is_json_of(request.pattern, text) else None


def _is_short(request: Write, text: str) -> bool:
    return len(text) <= request.max_tokens * _LETTERS_PER_TOKEN


def _before(text: str, stops: tuple[str, ...] | str) -> str:
    """Return what precedes the first stop string."""
    places = [place for place in (text.find(stop) for stop in stops if stop) if place >= 0]
    return text[: min(places)] if places else text


def _unwrapped(begin: str, text: str) -> list[str]:
    """Return how an assistant's answer may continue `begin`, the likeliest way first."""
    bare = _without(begin, _unquoted(_field(text).strip()))
    glued = not begin or begin[-1].isspace() or begin[-1] in _OPENING
    spaced = bare if glued or not bare or not (bare[0].isalnum() or bare[0] in _QUOTES) else f" {bare}"
    return list(dict.fromkeys((spaced, bare, f" {bare}", text)))


def _field(text: str) -> str:
    """Return the text inside of an answer that is JSON, and any other answer as it is."""
    stripped = _unfenced(text)
    if not stripped.startswith("{"):
        return text
    try:
        found = json.loads(stripped)
    except (ValueError, RecursionError):
        return text
    value = found.get(FIELD) if isinstance(found, dict) else None
    return value if isinstance(value, str) else text


def _unfenced(text: str) -> str:
    return text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()


def _unquoted(text: str) -> str:
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
        return text[1:-1].strip()
    return text


def _without(begin: str, text: str) -> str:
    """Return `text` without the words at its start that repeat the end of `begin`."""
    words = begin.split()
    for start in range(len(words)):
        repeated = " ".join(words[start:])
        rest = text[len(repeated) :]
        if text[: len(repeated)].casefold() == repeated.casefold() and not (
            rest[:1].isalnum() and repeated[-1].isalnum()
        ):
            return rest.lstrip()
    return text
