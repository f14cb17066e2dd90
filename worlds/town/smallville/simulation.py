"""A simulation of the original town on disk: its meta.json, and where its parts lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.errors import BadInput
from engine.faults import Faults
from engine.untrusted import is_plain_name, kind_of, read_json, shown
from worlds.town.smallville.records import MAX_STEPS

MAX_META = 2**20
MAX_PEOPLE = 1_000
MAX_NAME = 80
MAX_SECONDS = 86_400
"""The longest step."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_TIME = re.compile(r"([A-Z][a-z]{2,8}) (\d{1,2}), (\d{4}), (\d{2}):(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class SimulationMeta:
    """What meta.json says: who is in a simulation, how long a step is, and when step number `step` is."""

    data: Mapping[str, Any] = field(repr=False)
    """All that the file holds."""
    people: tuple[str, ...]
    maze_name: str
    seconds_per_step: int
    step: int
    time: datetime

    def at(self, step: int) -> datetime:
        """Return when a step is. Raises `OverflowError` when no calendar goes that far."""
        return self.time + timedelta(seconds=(step - self.step) * self.seconds_per_step)


def read_meta_of(simulation: Path) -> SimulationMeta:
    """Read a simulation's meta.json, in its folder or in `reverie`. Raises `BadInput` with all its faults."""
    path = _meta_file(simulation)
    if path is None:
        raise BadInput(str(simulation), "holds no meta.json, neither itself nor in 'reverie'")
    data = read_json(path, MAX_META)
    faults = Faults(str(path), "this file")
    if not isinstance(data, dict):
        faults.stop("", f"must be a JSON object, not {kind_of(data)}")
    people = _people(data.get("persona_names"), faults)
    maze_name = data.get("maze_name")
    if not isinstance(maze_name, str) or not is_plain_name(maze_name):
        faults.add("maze_name", f"must be the name of a folder, not {shown(maze_name)}")
    seconds = _whole(data.get("sec_per_step"), 1, MAX_SECONDS, "sec_per_step", faults)
    step = _whole(data.get("step"), 0, MAX_STEPS, "step", faults)
    time = read_time(data.get("curr_time"))
    if time is None:
        form = "February 13, 2023, 00:00:00"
        faults.add("curr_time", f"must be a time such as {form}, not {shown(data.get('curr_time'))}")
    faults.check()
    return SimulationMeta(data, people, str(maze_name), seconds, step, time or datetime.min)


def has_meta(simulation: Path) -> bool:
    """Return whether a simulation has a meta.json."""
    return _meta_file(simulation) is not None


def _meta_file(simulation: Path) -> Path | None:
    places = (simulation / "meta.json", simulation / "reverie" / "meta.json")
    return next((place for place in places if place.is_file()), None)


def read_time(text: object) -> datetime | None:
    """Return the time in a text such as "February 13, 2023, 00:00:00"; None when it holds none."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if found is None or found[1] not in MONTHS:
        return None
    day, year, hour, minute, second = (int(found[group]) for group in range(2, 7))
    try:
        return datetime(year, MONTHS.index(found[1]) + 1, day, hour, minute, second)
    except ValueError:
        return None


def time_text(time: datetime) -> str:
    """Return a time as the original writes it."""
    return f"{MONTHS[time.month - 1]} {time:%d, %Y, %H:%M:%S}"


def _people(names: object, faults: Faults) -> tuple[str, ...]:
    place = "persona_names"
    if not isinstance(names, list) or not 1 <= len(names) <= MAX_PEOPLE:
        faults.add(place, f"must be a list of 1 to {MAX_PEOPLE} names")
        return ()
    for name in names:
        if not isinstance(name, str) or not is_plain_name(name) or len(name) > MAX_NAME:
            faults.add(place, f"{shown(name)} cannot be somebody's name")
    if len({str(name) for name in names}) < len(names):
        faults.add(place, "names somebody twice")
    return tuple(map(str, names))


def _whole(value: object, low: int, high: int, place: str, faults: Faults) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    faults.add(place, f"must be a whole number from {low} to {high}, not {shown(value)}")
    return low
