"""Write a whole town: a map, its picture of tiles, and a scenario with people, in the ordinary formats.

The same arguments give the same bytes.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from worlds.town.art.build import put, raise_walls, set_things
from worlds.town.art.document import PICTURE, packed_map
from worlds.town.art.draw_tiles import DATA, thorp_sheet
from worlds.town.art.sheet import Sheet
from worlds.town.art.sketch import Sketch
from worlds.town.header import MAX_SIDE
from worlds.town.places import Tile
from worlds.town.settlement.landscape import lay_ground, plant
from worlds.town.settlement.names import Names
from worlds.town.settlement.people import Entry, households, settle
from worlds.town.settlement.quarter import HEIGHT, MOST_HOMES, WIDTH, Quarter, lay_out

QUARTER = 25
"""People in a quarter if nothing else is said, as many as in the town of Park et al. 2023."""
MANY = 2000
"""A scenario of more people is written as JSON, which is YAML too and read many times as fast."""
NAME = "weald"
MAP = "town.tmj"
SCENARIO = "town.yaml"
_DAY = "2023-02-13"
_COLUMNS, _ROWS = MAX_SIDE // WIDTH, MAX_SIDE // HEIGHT


def write_town(
    folder: Path,
    people: int,
    *,
    seed: int,
    start: str = "06:30",
    end: str = "+24h",
    seconds_per_tile: int = 10,
    sight: int = 8,
    quarter: int = QUARTER,
    least_size: Tile = (0, 0),
    minds: Mapping[str, Any] | None = None,
) -> Path:
    """Write a town for so many people into a folder and return its scenario. `minds` are settings of their minds.

    It has as many people in a full `quarter` as is said; of more than some sixty several households share a home. The
    map is at least `least_size` tiles wide and high. Raises `ValueError` when a map of this size could not be read.
    """
    quarters, sizes, names, rng = _quarters(people, quarter, seed)
    inhabitants = settle(quarters, sizes, names, rng)
    scenario: dict[str, Any] = {
        "name": f"{people} people",
        "description": f"A town of {sum(map(len, sizes))} households, laid out by a script.",
        "start": f"{_DAY}T{start}",
        "end": end,
        "seed": seed,
        "world": {"kind": "town", "map": MAP, "seconds_per_tile": seconds_per_tile, "sight": sight},
    }
    if minds:
        scenario["minds"] = dict(minds)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MAP).write_text(_map_text(quarters, least_size, rng), encoding="utf-8", newline="\n")
    shutil.copyfile(DATA / PICTURE, folder / PICTURE)
    path = folder / SCENARIO
    path.write_text(_scenario_text(scenario, inhabitants), encoding="utf-8", newline="\n")
    return path


def _quarters(people: int, quarter: int, seed: int) -> tuple[list[Quarter], list[list[int]], Names, Random]:
    if people < 1:
        raise ValueError(f"a town needs at least 1 person, not {people}")
    count = -(-people // quarter)
    if count > _COLUMNS * _ROWS:
        raise ValueError(f"a map holds at most {_COLUMNS * _ROWS * quarter} people, not {people}")
    rng = Random(f"{people} {seed}")
    names = Names(rng)
    columns = _columns(count)
    quarters, sizes = [], []
    for number in range(count):
        inhabitants = people * (number + 1) // count - people * number // count
        sizes.append(households(inhabitants, rng))
        at = (number % columns * WIDTH, number // columns * HEIGHT)
        quarters.append(lay_out(next(names.quarters), at, sizes[-1][:MOST_HOMES], names.homes, _sheet(), rng))
    return quarters, sizes, names, rng


def _columns(count: int) -> int:
    """Return how many quarters lie side by side, for a town about as wide as high."""
    return min(_COLUMNS, max(math.ceil(math.sqrt(count * HEIGHT / WIDTH)), -(-count // _ROWS)))


def _map_text(quarters: list[Quarter], least_size: Tile, rng: Random) -> str:
    columns = _columns(len(quarters))
    width, height = columns * WIDTH, -(-len(quarters) // columns) * HEIGHT
    sketch = Sketch(_sheet(), max(width, least_size[0]), max(height, least_size[1]))
    sites = [site for quarter in quarters for site in quarter.sites]
    grounds = [site.ground for site in sites]
    lay_ground(sketch, quarters)
    raise_walls(sketch, grounds)
    things = set_things(sketch, NAME, grounds)
    for item in (item for site in sites for item in site.decor):
        put(sketch, item)
    plant(sketch, quarters, rng)
    return packed_map(sketch, NAME, grounds, things)


@cache
def _sheet() -> Sheet:
    return thorp_sheet()


def _scenario_text(scenario: Mapping[str, Any], people: list[Entry]) -> str:
    """Return YAML with one line for each key; what JSON writes is YAML too."""
    if len(people) > MANY:
        return _inline(scenario)[:-1] + ', "people": [\n' + ",\n".join(map(_inline, people)) + "\n]}\n"
    lines = [f"{key}: {_inline(value)}" for key, value in scenario.items()]
    lines.append("people:")
    for person in people:
        for number, (key, value) in enumerate(person.items()):
            lead = "  - " if number == 0 else "    "
            if isinstance(value, list):
                lines += [f"{lead}{key}:", *(f"      - {_inline(item)}" for item in value)]
            else:
                lines.append(f"{lead}{key}: {_inline(value)}")
    return "\n".join(lines) + "\n"


def _inline(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
