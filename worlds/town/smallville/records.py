"""Who was where and did what in a run of the original town: records of the steps at which something changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.faults import Faults
from engine.untrusted import kind_of, shown
from worlds.town.places import Tile

MAX_STEPS = 1_000_000
MAX_CHANGES = 2_000_000
MAX_TEXT = 20_000
MAX_LINES = 1_000
"""Of one conversation."""
KEYS = ("movement", "pronunciatio", "description", "chat")

Line = tuple[str, str]
"""Who says what."""


@dataclass(frozen=True, slots=True)
class Record:
    """What holds of a person from a step on."""

    tile: Tile
    pronunciatio: str
    """What the person does, as emoji."""
    description: str
    """The same in words, with where: "sleeping @ the Ville:..."."""
    chat: tuple[Line, ...] | None
    """The whole conversation that the person is having."""

    def as_json(self) -> dict[str, Any]:
        """Return it as the original writes it."""
        chat = None if self.chat is None else [list(line) for line in self.chat]
        return {
            "movement": list(self.tile), "pronunciatio": self.pronunciatio, "description": self.description,
            "chat": chat,
        }  # fmt: skip


Change = tuple[int, Record]
"""A step, and the record that holds from then on."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A run of the original town. Steps count from `first`, at which everybody has a record."""

    name: str
    meta: Mapping[str, Any] = field(repr=False)
    """The content of meta.json."""
    people: tuple[str, ...]
    start: datetime
    """When step `first` was."""
    seconds_per_step: int
    first: int
    steps: int
    """How many there are."""
    changes: tuple[tuple[Change, ...], ...] = field(repr=False)
    """For each person the records that differ from the one before, in the order of their steps."""

    @property
    def seconds(self) -> int:
        """How long the run lasted."""
        return self.steps * self.seconds_per_step

    def time(self, step: int) -> int:
        """Return the second, counted from the start, of a step."""
        return (step - self.first) * self.seconds_per_step

    def at(self, step: int) -> datetime:
        """Return when a step was."""
        return self.start + timedelta(seconds=self.time(step))


class Collector:
    """Takes in records in the order of their steps, and keeps those that say something new."""

    def __init__(self, people: tuple[str, ...], size: tuple[int, int], faults: Faults) -> None:
        self._numbers = {name: number for number, name in enumerate(people)}
        self._size = size
        self._faults = faults
        self._changes: list[list[Change]] = [[] for _ in people]
        self._count = 0
        self.unknown_keys: set[str] = set()

    def take(self, step: int, records: object, place: str) -> set[str]:
        """Take in the records of a step, by name; return whose they are. What is wrong is noted as a fault."""
        if not isinstance(records, dict):
            self._faults.add(place, f"must be an object with a record for each person, not {kind_of(records)}")
            return set()
        for name, data in records.items():
            number = self._numbers.get(name)
            if number is None:
                self._faults.add(f"{place}, {shown(name)}", "nobody of this name is in the run's persona_names")
                continue
            record = self._record(data, f"{place}, '{name}'")
            changes = self._changes[number]
            if record is not None and (not changes or changes[-1][1] != record):
                self._count += 1
                if self._count > MAX_CHANGES:
                    self._faults.stop(place, f"more than {MAX_CHANGES} records; at most so many are read")
                changes.append((step, record))
        return set(records)

    def changes(self) -> tuple[tuple[Change, ...], ...]:
        """Return what was taken in."""
        return tuple(map(tuple, self._changes))

    def _record(self, data: object, place: str) -> Record | None:
        if not isinstance(data, dict):
            self._faults.add(place, f"a record must be an object, not {kind_of(data)}")
            return None
        missing = [key for key in KEYS if key not in data]
        if missing:
            self._faults.add(place, f"the record lacks '{missing[0]}'")
            return None
        self.unknown_keys |= data.keys() - set(KEYS) if len(self.unknown_keys) < len(KEYS) else set()
        before = len(self._faults)
        tile = self._tile(data["movement"], place)
        texts = [self._text(data[key], f"{place}, {key}") for key in ("pronunciatio", "description")]
        chat = None if data["chat"] is None else self._chat(data["chat"], f"{place}, chat")
        return Record(tile, texts[0], texts[1], chat) if len(self._faults) == before else None

    def _tile(self, value: object, place: str) -> Tile:
        if not (isinstance(value, list) and len(value) == 2 and all(type(side) is int for side in value)):
            self._faults.add(f"{place}, movement", f"must be a tile [x, y], not {shown(value)}")
            return 0, 0
        x, y = value
        width, height = self._size
        if not (0 <= x < width and 0 <= y < height):
            at = f"({shown(x)}, {shown(y)})"
            self._faults.add(f"{place}, movement", f"tile {at} is off the map of {width} x {height} tiles")
        return x, y

    def _text(self, value: object, place: str) -> str:
        if not isinstance(value, str):
            self._faults.add(place, f"must be a text, not {kind_of(value)}")
            return ""
        if len(value) > MAX_TEXT:
            self._faults.add(place, f"is {len(value)} characters long; at most {MAX_TEXT} are read")
            return ""
        return value

    def _chat(self, value: object, place: str) -> tuple[Line, ...]:
        if not isinstance(value, list):
            self._faults.add(place, f"must be null or a list of [speaker, text], not {kind_of(value)}")
            return ()
        if len(value) > MAX_LINES:
            self._faults.add(place, f"holds {len(value)} lines; at most {MAX_LINES} are read")
            return ()
        lines = []
        for number, line in enumerate(value, start=1):
            if not (isinstance(line, list) and len(line) == 2 and isinstance(line[0], str)):
                self._faults.add(f"{place}, line {number}", f"must be [speaker, text], not {shown(line)}")
            elif line[0] not in self._numbers:
                self._faults.add(f"{place}, line {number}", f"nobody is called {shown(line[0])}")
            else:
                lines.append((line[0], self._text(line[1], f"{place}, line {number}")))
        return tuple(lines)
