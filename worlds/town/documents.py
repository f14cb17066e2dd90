"""Files of Tiled, maps and tilesets: JSON or XML, as their content says, read into the same nodes."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import NoReturn

from engine.faults import Faults
from worlds.town.node import Node, kind_of
from worlds.town.tmx import read_xml

MAX_BYTES = 32 * 2**20
"""Largest map or tileset file that is read."""

_GZIP = b"\x1f\x8b"


def read_file(path: Path) -> bytes:
    """Return the content of a map or tileset file. Raises `OSError`, and `ValueError` for one that is too large."""
    if not path.is_file():
        raise OSError(None, "there is no such file" if not path.exists() else "it is no file")
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 2**20} MiB")
    return content


def read_document(content: bytes, place: str, faults: Faults) -> Node | None:
    """Return the map or tileset in a file; None after noting why it cannot be read."""
    if len(content) > MAX_BYTES:
        faults.add(place, f"larger than {MAX_BYTES // 2**20} MiB")
        return None
    if content.startswith(_GZIP):
        faults.add(place, "the whole file is packed with gzip: unpack it first (gunzip), or save it unpacked in Tiled")
        return None
    in_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if in_utf16 or content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        fields = read_xml(content, place, faults)
    else:
        fields = _read_json(content, place, faults)
    return None if fields is None else Node(fields, place, faults)


def _read_json(content: bytes, place: str, faults: Faults) -> dict[str, object] | None:
    try:
        value = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        faults.add(place, f"neither XML nor text in UTF-8: {error}")
        return None
    except json.JSONDecodeError as error:
        faults.add(place, f"not valid JSON, or cut off: {error}")
        return None
    except (ValueError, RecursionError) as error:
        faults.add(place, f"not usable JSON: {error}")
        return None
    if not isinstance(value, dict):
        faults.add(place, f"a JSON object is expected, not {kind_of(value)}")
        return None
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
