"""What a server sends, read with suspicion: every part is of the expected type, or the whole is a `ValueError`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.llm.requests import Usage

_MOST_TOKENS: Final = 10**9
UNLIKELY: Final = -100.0
"""Stands for every log-probability below it: servers send -9999 or nothing for what is impossible."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One text that a model wrote, and what is known about its tokens.

    Where the server says so there are: `logs`, the log-probability of each token (None for a first one that follows
    nothing); `offsets`, the place of each in the text; `likely`, the most likely tokens in the place of the first.
    """

    text: str
    logs: tuple[float | None, ...] | None = None
    offsets: tuple[int, ...] | None = None
    likely: Mapping[str, float] | None = None

    @property
    def mean(self) -> float | None:
        """The mean log-probability per token, if all are known."""
        known = [log for log in self.logs or () if log is not None]
        return math.fsum(known) / len(known) if known and len(known) == len(self.logs or ()) else None


@dataclass(frozen=True, slots=True)
class Told:
    """What came back to a call: texts, and what it cost if the server says so."""

    texts: tuple[Drawn, ...]
    usage: Usage | None


def read_chat(data: Any) -> Told:
    """Read the answer of `/chat/completions`."""
    return _told(data, _chat_choice)


def read_completion(data: Any) -> Told:
    """Read the answer of `/completions`."""
    return _told(data, _text_choice)


def read_vectors(data: Any, count: int) -> tuple[NDArray[np.float32], Usage | None]:
    """Read the answer of `/embeddings` to `count` texts: unit vectors [texts, dimensions] in their order."""
    entries = _list(_mapping(data).get("data"), "data")
    if len(entries) != count:
        raise ValueError(f"it holds {len(entries)} vectors for {count} texts")
    ordered = sorted((_mapping(entry) for entry in entries), key=lambda entry: _whole(entry.get("index"), "index"))
    rows = [_list(entry.get("embedding"), "embedding") for entry in ordered]
    numbers = [[_number(value, "embedding") for value in row] for row in rows]
    if len({len(row) for row in numbers}) != 1 or not numbers[0]:
        raise ValueError("its vectors have not one length")
    array = np.array(numbers, np.float64)
    lengths = np.linalg.norm(array, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise ValueError("its vectors have no direction")
    return (array / lengths).astype(np.float32), _usage(_mapping(data).get("usage"))


def _told(data: Any, read: Any) -> Told:
    choices = [_mapping(choice) for choice in _list(_mapping(data).get("choices"), "choices")]
    if not choices:
        raise ValueError("it holds no choices")
    ordered = sorted(choices, key=lambda choice: _whole(choice.get("index", 0), "index"))
    return Told(tuple(read(choice) for choice in ordered), _usage(data.get("usage")))


def _chat_choice(choice: dict[str, Any]) -> Drawn:
    text = _text(_mapping(choice.get("message")).get("content"))
    logprobs = choice.get("logprobs")
    content = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not content:
        return Drawn(text)
    tokens = [_mapping(token) for token in _list(content, "logprobs.content")]
    logs = tuple(_log(token.get("logprob")) for token in tokens)
    top = [_mapping(entry) for entry in _list(tokens[0].get("top_logprobs") or [], "top_logprobs")]
    likely = {_text(entry.get("token")): _log(entry.get("logprob")) for entry in reversed(top)}
    return Drawn(text, logs, likely=likely or None)


def _text_choice(choice: dict[str, Any]) -> Drawn:
    text = _text(choice.get("text"))
    logprobs = choice.get("logprobs")
    if not isinstance(logprobs, dict) or not logprobs.get("token_logprobs"):
        return Drawn(text)
    found = _list(logprobs["token_logprobs"], "token_logprobs")
    logs = tuple(None if value is None else _log(value) for value in found)
    offsets = logprobs.get("text_offset")
    if offsets is None:
        return Drawn(text, logs)
    places = tuple(_whole(offset, "text_offset") for offset in _list(offsets, "text_offset"))
    if len(places) != len(logs):
        raise ValueError("its text_offset and token_logprobs do not go together")
    return Drawn(text, logs, places)


def _usage(data: Any) -> Usage | None:
    """Return the tokens that a server counted; None where it did not, or says what cannot be."""
    if not isinstance(data, dict):
        return None
    details = data.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    counts = [data.get("prompt_tokens"), cached or 0, data.get("completion_tokens", 0)]
    if not all(isinstance(count, int) and 0 <= count <= _MOST_TOKENS for count in counts):
        return None
    prompt, known, generated = map(int, counts)
    return Usage(prompt, max(0, prompt - known), generated)


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("a part of it is no object")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"its '{name}' is no list")
    return value


def _text(value: Any) -> str:
    """Return a text; an empty one for null, which stands for a refusal. Halves of surrogate pairs are no letters."""
    if value is not None and not isinstance(value, str):
        raise ValueError("a text in it is none")
    return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in value or "")


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"its '{name}' is no whole number")
    return value


def _number(value: Any, name: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 1e30:
        raise ValueError(f"its '{name}' is no finite number")
    return float(value)


def _log(value: Any) -> float:
    return max(UNLIKELY, min(0.0, _number(value, "logprob")))
