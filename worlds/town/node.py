"""Typed access to the objects of a file that is not trusted, in the shape of Tiled's JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.errors import nearest
from worlds.town.faults import Faults

_HALF = re.compile("[\\ud800-\\udfff]")
"""What JSON can say but no file can hold."""


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
            self.fault(f"'{key}' must be a whole number, not {kind_of(value)}")
            return low
        if not low <= value <= high:
            self.fault(f"'{key}' is {_short(value)}; allowed are {low} to {high}")
            return low
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """Return the number at `key`; 0 stands in for a faulty one."""
        value = self.fields.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e9:
            self.fault(f"'{key}' must be a number, not {kind_of(value)}")
            return 0.0
        return float(value)

    def text(self, key: str, default: str | None = None) -> str:
        """Return the text at `key`; an empty one stands in for a faulty one."""
        value = self.fields.get(key, default)
        if not isinstance(value, str):
            self.fault(f"'{key}' must be a text, not {kind_of(value)}")
            return ""
        if _HALF.search(value):
            self.fault(f"'{key}' holds half of a character")
            return ""
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return the truth value at `key`."""
        value = self.fields.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"'{key}' must be true or false, not {kind_of(value)}")
            return default
        return value

    def child(self, key: str) -> Node:
        """Return the object at `key`, placed as this one; an empty one stands in for a faulty one."""
        value = self.fields.get(key)
        if not isinstance(value, dict):
            self.fault(f"'{key}' must be an object, not {kind_of(value)}")
            value = {}
        return Node(value, self.place, self.faults)

    def children(self, key: str, label: str) -> list[Node]:
        """Return the JSON objects in the list at `key`, each placed as "{label} {its index}" within this one."""
        value = self.fields.get(key, [])
        if not isinstance(value, list):
            self.fault(f"'{key}' must be a list, not {kind_of(value)}")
            return []
        nodes, before = [], f"{self.place}, {label} ".removeprefix(", ")
        for index, item in enumerate(value):
            if isinstance(item, dict):
                nodes.append(Node(item, f"{before}{index + 1}", self.faults))
            else:
                self.fault(f"{label} {index + 1} must be a JSON object, not {kind_of(item)}")
        return nodes

    def properties(self, known: tuple[str, ...]) -> dict[str, str]:
        """Return Tiled's custom properties by name, as text; an unknown name is a fault.

        Numbers come as their digits, truth values as "true" and "false".
        """
        listed = self.fields.get("properties", [])
        if isinstance(listed, list) and all(isinstance(item, dict) and _is_plain(item, known) for item in listed):
            plain = {item["name"]: item["value"].strip() for item in listed}
            if len(plain) == len(listed):
                return plain
        found: dict[str, str] = {}
        for node in self.children("properties", "property"):
            name, value = node.text("name"), node.fields.get("value")
            if name not in known:
                self.fault(f"unknown property '{_short(name)}'{nearest(name[:80], known)}")
            elif name in found:
                self.fault(f"property '{name}' is given twice")
            elif isinstance(value, bool):
                found[name] = "true" if value else "false"
            elif isinstance(value, float):
                found[name] = f"{value:g}"
            elif isinstance(value, str | int):
                found[name] = str(value).strip()
            else:
                self.fault(f"property '{name}' must be a text, not {kind_of(value)}")
        return found


def _is_plain(item: dict[str, object], known: tuple[str, ...]) -> bool:
    """Whether a property is known and a text, as nearly all are."""
    return item.get("name") in known and isinstance(item.get("value"), str)


def _short(value: object) -> str:
    text = str(value) if not isinstance(value, int) or value.bit_length() < 200 else "a huge number"
    return text if len(text) <= 60 else text[:57] + "..."


def kind_of(value: object) -> str:
    """Return what a value is, in words for a message."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    if value is None:
        return "nothing at all"
    if type(value) in (int, float):
        return _short(value)
    return names.get(type(value), type(value).__name__)
