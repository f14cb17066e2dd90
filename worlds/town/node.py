"""Typed access to the JSON objects of a file that is not trusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NoReturn

from engine.errors import nearest
from worlds.town.faults import Faults

MAX_BYTES = 32 * 2**20
"""Largest map or tileset file that is read."""


def read_json(text: str, place: str, faults: Faults) -> Node:
    """Return the JSON object in `text`; raise BadInput when it is none."""
    if len(text) > MAX_BYTES:
        faults.stop(place, f"larger than {MAX_BYTES // 2**20} MiB")
    try:
        value = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        faults.stop(place, f"not valid JSON, or cut off: {error}")
    except (ValueError, RecursionError) as error:
        faults.stop(place, f"not usable JSON: {error}")
    if not isinstance(value, dict):
        faults.stop(place, f"a JSON object is expected, not {_kind(value)}")
    return Node(value, place, faults)


class Node:
    """One JSON object with its place in the file.

    A value that is missing or wrong is noted as a fault, and a stand-in of the right type comes back: the caller reads
    on and lets `Faults.check` raise at the end.
    """

    def __init__(self, fields: Mapping[str, object], place: str, faults: Faults) -> None:
        self.fields = fields
        self.place = place
        self.faults = faults

    def fault(self, problem: str) -> None:
        """Note that something is wrong with this object."""
        self.faults.add(self.place, problem)

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return the whole number at `key`, within low..high; `low` stands in for a faulty one."""
        value = self.fields.get(key, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault(f"'{key}' must be a whole number, not {_kind(value)}")
            return low
        if not low <= value <= high:
            self.fault(f"'{key}' is {_short(value)}; allowed are {low} to {high}")
            return low
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """Return the number at `key`; 0 stands in for a faulty one."""
        value = self.fields.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 1e9:
            self.fault(f"'{key}' must be a number, not {_kind(value)}")
            return 0.0
        return float(value)

    def text(self, key: str, default: str | None = None) -> str:
        """Return the text at `key`; an empty one stands in for a faulty one."""
        value = self.fields.get(key, default)
        if not isinstance(value, str):
            self.fault(f"'{key}' must be a text, not {_kind(value)}")
            return ""
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return the truth value at `key`."""
        value = self.fields.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"'{key}' must be true or false, not {_kind(value)}")
            return default
        return value

    def children(self, key: str, label: str) -> list[Node]:
        """Return the JSON objects in the list at `key`, each placed as "{label} {its index}" within this one."""
        value = self.fields.get(key, [])
        if not isinstance(value, list):
            self.fault(f"'{key}' must be a list, not {_kind(value)}")
            return []
        nodes = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                nodes.append(Node(item, f"{self.place}, {label} {index + 1}".removeprefix(", "), self.faults))
            else:
                self.fault(f"{label} {index + 1} must be a JSON object, not {_kind(item)}")
        return nodes

    def properties(self, known: tuple[str, ...]) -> dict[str, str]:
        """Return Tiled's custom properties by name, as text; an unknown name is a fault.

        Whole numbers come as their digits, truth values as "true" and "false".
        """
        found: dict[str, str] = {}
        for node in self.children("properties", "property"):
            name, value = node.text("name"), node.fields.get("value")
            if name not in known:
                self.fault(f"unknown property '{_short(name)}'{nearest(name[:80], known)}")
            elif name in found:
                self.fault(f"property '{name}' is given twice")
            elif isinstance(value, bool):
                found[name] = "true" if value else "false"
            elif isinstance(value, float) and value.is_integer():
                found[name] = str(int(value))
            elif isinstance(value, str | int):
                found[name] = str(value).strip()
            else:
                self.fault(f"property '{name}' must be a text, not {_kind(value)}")
        return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _short(value: object) -> str:
    text = str(value) if not isinstance(value, int) or value.bit_length() < 200 else "a huge number"
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    if value is None:
        return "nothing at all"
    if type(value) in (int, float):
        return _short(value)
    return names.get(type(value), type(value).__name__)
