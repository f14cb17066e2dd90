"""What a run that was imported from the original town keeps of it besides events: a copy in its manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import BadInput
from engine.faults import Faults
from engine.record.manifest import Attachment, Manifest
from engine.untrusted import parse_json
from worlds.town.smallville.records import MAX_STEPS, Line

KEY = "smallville"
"""The attachment's key."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is kept."""

    name: str
    """That of the simulation's folder."""
    meta: Mapping[str, Any] = field(repr=False)
    """The content of meta.json."""
    first: int
    steps: int
    seconds_per_step: int
    irregular: Mapping[str, Any] = field(repr=False)
    """What events cannot say of a conversation, by its name."""

    def attachment(self, path: Path) -> Attachment:
        """Pack it; `path` is where the simulation was."""
        said = {
            "name": self.name, "meta": self.meta, "first": self.first, "steps": self.steps,
            "seconds_per_step": self.seconds_per_step, "irregular": self.irregular,
        }  # fmt: skip
        return Attachment.of(path, json.dumps(said, ensure_ascii=False).encode())

    @classmethod
    def of(cls, manifest: Manifest, source: str) -> Source:
        """Unpack it. Raises `BadInput` when the run was not imported from the original town."""
        if KEY not in manifest.attachments:
            raise BadInput(source, "was not imported from the original town")
        try:
            text = manifest.attachments[KEY].content().decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(source, "what is kept of the original is not text in UTF-8") from error
        data = parse_json(text, f"{source}, what is kept of the original")
        faults = Faults(source, "what is kept of the original")
        if not isinstance(data, dict):
            faults.stop("", "must be an object")
        for key, kind in (("name", str), ("meta", dict), ("irregular", dict)):
            if not isinstance(data.get(key), kind):
                faults.add(key, f"must be {'a text' if kind is str else 'an object'}")
        for key, low in (("first", 0), ("steps", 1), ("seconds_per_step", 1)):
            if type(data.get(key)) is not int or not low <= data[key] <= MAX_STEPS:
                faults.add(key, f"must be a whole number from {low} to {MAX_STEPS}")
        faults.check()
        return cls(*(data[key] for key in ("name", "meta", "first", "steps", "seconds_per_step", "irregular")))

    def held(self, conversation: str, people: int) -> list[tuple[int, int, int]] | None:
        """Return who has an irregular conversation, and from and before which step; None for a regular one."""
        said = self.irregular.get(conversation)
        rows = said.get("held") if isinstance(said, dict) else None
        if not isinstance(rows, list):
            return None
        last = self.first + self.steps
        sound = [
            (row[0], row[1], row[2])
            for row in rows
            if isinstance(row, list) and len(row) == 3 and all(type(value) is int for value in row)
        ]
        return [each for each in sound if 0 <= each[0] < people and self.first <= each[1] < each[2] <= last]

    def lines(self, conversation: str) -> tuple[Line, ...] | None:
        """Return the lines of a conversation whose events do not tell their order; None for others."""
        said = self.irregular.get(conversation)
        rows = said.get("lines") if isinstance(said, dict) else None
        if not isinstance(rows, list):
            return None
        return tuple((str(row[0]), str(row[1])) for row in rows if isinstance(row, list) and len(row) == 2)
