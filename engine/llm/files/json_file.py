"""JSON from outside: bounded in bytes, depth and values before it becomes objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from engine.errors import BadInput
from engine.record.plain_file import open_plain

SMALL: Final = 1 << 20
"""Bytes of a file of settings."""
_MOST_VALUES: Final = 4_000_000


def read_json(path: Path, most_bytes: int = SMALL) -> dict[str, object]:
    """Return the JSON object in the file at `path`. Raises `BadInput` when there is none of bounded size."""
    return parse_json(read_bytes(path, most_bytes), str(path))


def read_bytes(path: Path, most: int) -> bytes:
    """Return the content of the file at `path`. Raises `BadInput` unless it is a plain one of `most` bytes at most."""
    try:
        with open_plain(path) as file:
            data = file.read(most + 1)
    except OSError as error:
        raise BadInput(str(path), f"cannot be read ({error.strerror or error})") from error
    if len(data) > most:
        raise BadInput(str(path), f"is larger than {most >> 20} MiB, the most that such a file may have")
    return data


def read_text(path: Path, most_bytes: int = SMALL) -> str:
    """Return the text in the file at `path`. Raises `BadInput` when it is too large or not UTF-8."""
    try:
        return read_bytes(path, most_bytes).decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(str(path), "is not UTF-8 text") from None


def parse_json(data: bytes, source: str) -> dict[str, object]:
    """Return the JSON object that `data` is. Raises `BadInput` about `source` for anything else."""
    # Every value but the first has a comma or a bracket before it, so this bounds them from above.
    if data.count(b",") + data.count(b"[") + data.count(b"{") > _MOST_VALUES:
        raise BadInput(source, f"holds more than {_MOST_VALUES:,} values")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_object)
        if b"\\ud" in data or b"\\uD" in data:  # halves of characters can be written so, without the other half
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise BadInput(source, "is nested too deeply") from None
    except ValueError as error:
        raise BadInput(source, f"is no valid JSON ({str(error)[:120]})") from None
    if not isinstance(value, dict):
        raise BadInput(source, "is not a JSON object")
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a key occurs twice in one object")
    return made
