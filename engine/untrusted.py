"""Reading text and JSON that somebody else wrote: sizes are checked first, and what comes back is plain data.

JSON is taken strictly: no NaN and no infinity, no key twice in one object, no halves of surrogate pairs.
"""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from engine.errors import BadInput
from engine.record.plain_file import open_plain

MAX_ITEMS = 4_000_000
"""The most values in one JSON file: small texts can stand for large objects. So many keys take about a gigabyte."""


def read_text(path: Path, most_bytes: int) -> str:
    """Return the text of a UTF-8 file of at most `most_bytes`, without its byte order mark. Raises `BadInput`."""
    try:
        with open_plain(path) as file:
            size = os.fstat(file.fileno()).st_size
            content = b"" if size > most_bytes else file.read(most_bytes + 1)
    except OSError as error:
        raise BadInput(str(path), f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise BadInput(str(path), f"cannot be read: {error}") from error
    if max(size, len(content)) > most_bytes:
        raise BadInput(str(path), f"holds {max(size, len(content))} bytes; at most {most_bytes} are read")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(str(path), "is not text in UTF-8", f"byte {error.start}") from error


def read_json(path: Path, most_bytes: int, most_items: int = MAX_ITEMS) -> Any:
    """Return the value in a JSON file. Raises `BadInput`."""
    return parse_json(read_text(path, most_bytes), str(path), most_items)


def parse_json(text: str, source: str, most_items: int = MAX_ITEMS) -> Any:
    """Return the value that a JSON text holds. Raises `BadInput` about `source`."""
    items = sum(text.count(sign) for sign in "[{,")
    if items > most_items:
        raise BadInput(source, f"holds {items} values; at most {most_items} are read")
    try:
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_unrepeated)
    except json.JSONDecodeError as error:
        raise BadInput(source, f"is not JSON, or cut off: {error.msg}", _position(error)) from error
    except RecursionError as error:
        raise BadInput(source, "is nested too deeply") from error
    except ValueError as error:
        raise BadInput(source, f"is not usable JSON: {error}") from error
    if "\\ud" in text or "\\uD" in text:
        _refuse_halves(value, source)
    return value


def is_plain_name(name: str) -> bool:
    """Return whether a text can be the name of one file or folder, and leads nowhere else."""
    plain = 0 < len(name.encode("utf-8", "replace")) <= 200 and name.isprintable() and name.strip(" .") != ""
    return plain and not any(sign in name for sign in '/\\:*?"<>|')


def printable(text: str) -> str:
    """Return a text on one line, as a terminal can show it."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def kind_of(value: object) -> str:
    """Return what a JSON value is, in words: "a text"."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a text", int: "a whole number", float: "a fraction", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)


def shown(value: object, most: int = 60) -> str:
    """Return a value for a message: on one line and of bounded length."""
    if isinstance(value, int) and value.bit_length() > 200:
        return "a huge number"
    text = repr(value[: most + 1] if isinstance(value, str) else value) if not isinstance(value, dict | list) else ""
    text = text or kind_of(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {shown(twice)} stands twice in one object")
    return found


def _refuse_halves(value: Any, source: str) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInput(source, "holds half of a surrogate pair, which is no text") from error


def _position(error: json.JSONDecodeError) -> str:
    return f"line {error.lineno}, column {error.colno}"
