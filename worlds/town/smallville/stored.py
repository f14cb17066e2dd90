"""Reading runs of the original town: compressed replays, and simulations saved step by step.

A compressed replay (`compressed_storage/<name>/`) has one file, master_movement.json: for each step the records of
those for whom something changed, at the first step those of everybody. A saved simulation (`storage/<name>/`) has a
file for each step, movement/<step>.json, with the records of everybody and the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from engine.errors import BadInput
from engine.faults import Faults
from engine.untrusted import kind_of, read_json, shown
from worlds.town.places import Tile
from worlds.town.smallville.records import MAX_STEPS, Change, Collector, Movement
from worlds.town.smallville.simulation import SimulationMeta, read_time, time_text

MASTER = "master_movement.json"
STEPS = "movement"
ENVIRONMENT = "environment"
MAX_MASTER = 128 * 2**20
MAX_STEP = 8 * 2**20
"""Bytes of the file of one step."""
LISTED = 5
MAX_RUNS = 10_000
"""Entries of a folder among which a run is looked for."""


def find_run(path: Path) -> Path:
    """Return the folder of the run: `path`, or the only run in it. Raises `BadInput` when there is none or several."""
    if _holds_run(path):
        return path
    found: list[Path] = []
    with suppress(OSError):
        inner = islice(path.iterdir(), MAX_RUNS) if path.is_dir() else ()
        found = sorted(each for each in inner if each.is_dir() and not each.is_symlink() and _holds_run(each))
    if not found:
        raise BadInput(str(path), f"holds no run: neither {MASTER} nor a folder '{STEPS}' with a file for each step")
    if len(found) > 1:
        listed = ", ".join(each.name for each in found[:LISTED])
        raise BadInput(
            str(path), f"holds {len(found)} runs; choose one ({listed}{', …' if len(found) > LISTED else ''})"
        )
    return found[0]


def _holds_run(folder: Path) -> bool:
    return (folder / MASTER).is_file() or (folder / STEPS).is_dir()


def read_movement(simulation: Path, meta: SimulationMeta, size: tuple[int, int]) -> tuple[Movement, tuple[str, ...]]:
    """Return a run, and warnings. `size` is the map's width and height. Raises `BadInput` with all faults at once."""
    faults = Faults(str(simulation), "this replay")
    collector = Collector(meta.people, size, faults)
    warnings: list[str] = []
    if (simulation / MASTER).is_file():
        steps = _read_master(simulation, meta, collector, faults)
    else:
        steps = _read_steps(simulation, meta, collector, faults)
        warnings += _compare_environment(simulation, meta, collector.changes(), steps, faults)
    start, end = (_time(meta, steps[0]), _time(meta, steps[-1] + 1)) if steps else (meta.time, meta.time)
    if start is None or end is None:
        faults.stop("meta.json, curr_time", "the steps lead out of the calendar")
    faults.check()
    if collector.unknown_keys:
        warnings.append(f"not taken over: {', '.join(map(shown, sorted(collector.unknown_keys)))} of the records")
    movement = Movement(
        simulation.name, meta.data, meta.people, start, meta.seconds_per_step, steps[0], len(steps), collector.changes()
    )
    return movement, tuple(warnings)


def master_of(movement: Movement) -> dict[str, dict[str, Any]]:
    """Return a run as the content of master_movement.json."""
    steps: dict[str, dict[str, Any]] = {
        str(step): {} for step in range(movement.first, movement.first + movement.steps)
    }
    for name, changes in zip(movement.people, movement.changes, strict=True):
        for step, record in changes:
            steps[str(step)][name] = record.as_json()
    return steps


def _read_master(simulation: Path, meta: SimulationMeta, collector: Collector, faults: Faults) -> range:
    data = _object(simulation, MASTER, MAX_MASTER, faults)
    if not data:
        faults.add(MASTER, "holds no steps")
        return range(0)
    steps = _in_order([(_step(key), f"{MASTER}, step {shown(key)}") for key in data], faults)
    for number, records in zip(steps, data.values(), strict=False):
        place = f"{MASTER}, step {number}"
        named = collector.take(number, records, place)
        if number == steps[0]:
            _check_complete(named, meta, place, faults)
    return steps


def _read_steps(simulation: Path, meta: SimulationMeta, collector: Collector, faults: Faults) -> range:
    names: list[str] = []
    with faults.noted(STEPS):
        names = _step_files(simulation / STEPS)
    found = sorted((_step(name.removesuffix(".json")), f"{STEPS}/{name}") for name in names)
    steps = _in_order(found, faults)
    last = datetime.min
    for number, (_, place) in zip(steps, found, strict=False):
        data = _object(simulation, place, MAX_STEP, faults)
        if data is not None:
            _check_complete(collector.take(number, data.get("persona"), place), meta, place, faults)
            last = _check_time(data.get("meta"), number, last, meta, place, faults)
    return steps


def _object(simulation: Path, name: str, most_bytes: int, faults: Faults) -> dict[str, Any] | None:
    """Return the JSON object in a file; None after noting what is wrong with it."""
    with faults.noted(name):
        data = read_json(simulation / name, most_bytes)
        if isinstance(data, dict):
            return data
        faults.add(name, f"must be a JSON object, not {kind_of(data)}")
    return None


def _check_time(said: object, step: int, last: datetime, meta: SimulationMeta, place: str, faults: Faults) -> datetime:
    """Hold the time that a step says against the one that it has by its number; return the former."""
    place = f"{place}, meta"
    time = read_time(said.get("curr_time")) if isinstance(said, dict) else None
    due = _time(meta, step)
    if time is None:
        faults.add(place, "curr_time is missing, or is no time")
        return last
    if time <= last:
        faults.add(place, f"time goes backwards: {time_text(time)} comes after {time_text(last)}")
    elif due is not None and time != due:
        faults.add(place, f"curr_time is {time_text(time)}; step {step} is at {time_text(due)}")
    return time


def _time(meta: SimulationMeta, step: int) -> datetime | None:
    try:
        return meta.at(step)
    except OverflowError:
        return None


def _step_files(folder: Path) -> list[str]:
    names: list[str] = []
    try:
        for path in folder.iterdir():
            if path.suffix == ".json":
                names.append(path.name)
            if len(names) > MAX_STEPS:
                raise BadInput(str(folder), f"holds more than {MAX_STEPS} steps")
    except OSError as error:
        raise BadInput(str(folder), f"cannot be read: {error.strerror}") from error
    if not names:
        raise BadInput(str(folder), "holds no steps, so there is nothing to replay")
    return names


def _step(text: str) -> int:
    """Return the number of a step; -1 when the text is none."""
    plain = text.isascii() and text.isdecimal() and len(text) <= 7 and (text == "0" or text[0] != "0")
    return int(text) if plain else -1


def _in_order(found: Sequence[tuple[int, str]], faults: Faults) -> range:
    """Return the steps. What is no step, out of order or missing is a fault."""
    before = len(faults)
    last: int | None = None
    for number, place in found:
        if number < 0 or number > MAX_STEPS:
            faults.add(place, f"is not the number of a step (0 to {MAX_STEPS})")
        elif last is not None and number <= last:
            faults.add(place, f"goes backwards: it comes after step {last}")
        elif last is not None and number > last + 1:
            gap = f"step {last + 1} is" if number == last + 2 else f"steps {last + 1} to {number - 1} are"
            faults.add(place, f"{gap} missing before it")
        last = number if number >= 0 else last
    return range(found[0][0], found[0][0] + len(found)) if found and len(faults) == before else range(0)


def _check_complete(named: set[str], meta: SimulationMeta, place: str, faults: Faults) -> None:
    missing = [name for name in meta.people if name not in named]
    if missing:
        more = f" and {len(missing) - LISTED} more" if len(missing) > LISTED else ""
        faults.add(place, f"has no record of {', '.join(missing[:LISTED])}{more}")


def _compare_environment(
    simulation: Path, meta: SimulationMeta, changes: Sequence[Sequence[Change]], steps: range, faults: Faults
) -> list[str]:
    """Hold where the browser put people, environment/<step>.json, against where they had walked to.

    Files that are missing say nothing. Returns a warning where the two differ: where they had walked to counts.
    """
    last: dict[str, Tile] = {}
    waiting = [list(reversed(each)) for each in changes]
    differing, first = 0, ""
    for step in steps:
        place = f"{ENVIRONMENT}/{step}.json"
        data = _object(simulation, place, MAX_STEP, faults) if (simulation / place).is_file() else None
        for name, said in (data or {}).items():
            tile = (said.get("x"), said.get("y")) if isinstance(said, dict) else None
            if tile is None or not all(type(side) is int for side in tile):
                faults.add(f"{place}, {shown(name)}", "must give a tile as x and y")
            elif name in last and tile != last[name]:
                differing += 1
                first = first or f"{name} at step {step}"
        for name, left in zip(meta.people, waiting, strict=True):
            if left and left[-1][0] == step:
                last[name] = left.pop()[1].tile
    if not differing:
        return []
    return [f"{differing} times {ENVIRONMENT} puts somebody elsewhere than {STEPS} before it (first: {first})"]
