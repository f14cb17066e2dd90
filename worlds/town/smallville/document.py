"""An original town as a map of ours: the text of a Tiled map in the convention of docs/maps.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from engine.errors import BadInput
from worlds.town.art.document import Drawn, packed_text
from worlds.town.drawn import MAX_PLACES
from worlds.town.places import Rect
from worlds.town.smallville.drawing import draw
from worlds.town.smallville.kinds import HOME, is_for_one, kind_of_sector
from worlds.town.smallville.rectangles import rectangles
from worlds.town.smallville.sound import SoundTown
from worlds.town.smallville.things import furnishing_of

MAX_LINE = 300
MAX_SEATS = 99
BED_SEATS = 2


def map_text(town: SoundTown, source: str) -> str:
    """Return the text of the .tmj file. Raises `BadInput` about `source` when its shapes are too ragged."""
    parts = {
        "Sectors": rectangles(town.sector_grid, len(town.sectors)),
        "Arenas": rectangles(town.arena_grid, len(town.arenas)),
        "Objects": rectangles(town.object_grid, len(town.objects)),
    }
    for layer, places in parts.items():
        count = sum(map(len, places))
        if count > MAX_PLACES:
            problem = f"its {layer.lower()} fall into {count} rectangles; a map holds at most {MAX_PLACES}"
            raise BadInput(source, problem)
    drawn: dict[str, list[Drawn]] = {
        "Sectors": list(_drawn(town.sectors, parts["Sectors"], map(_of_sector, town.sectors))),
        "Arenas": list(_drawn([name for _, name in town.arenas], parts["Arenas"], _of_arenas(town))),
        "Objects": list(_drawn([name for *_, name in town.objects], parts["Objects"], _of_objects(town))),
        "Spawns": [("", Rect(x, y, 1, 1), {}) for x, y in town.spawns],
    }
    return packed_text(draw(town), town.maze.world, drawn)


def _drawn(
    names: Iterable[str], parts: Iterable[Iterable[Rect]], properties: Iterable[Mapping[str, str]]
) -> Iterator[Drawn]:
    """Yield the parts of all places; the first part of each carries its properties."""
    for name, rects, said in zip(names, parts, properties, strict=True):
        for number, rect in enumerate(rects):
            yield name, rect, said if number == 0 else {}


def _of_sector(name: str) -> dict[str, str]:
    kind = kind_of_sector(name)
    known = "false" if kind.kind == HOME else "true"
    return {"kind": kind.kind, "description": kind.description, "landmark": known}


def _of_arenas(town: SoundTown) -> list[dict[str, str]]:
    uses: dict[tuple[str, str], list[str]] = {names: [] for names in town.arenas}
    for sector, arena, name in town.objects:
        uses[sector, arena] += [line.partition(" | ")[0] for line in furnishing_of(name).uses]
    found = []
    for (_, arena), activities in uses.items():
        said = {"description": _line(arena, list(dict.fromkeys(activities)))}
        found.append(said | ({"capacity": "1"} if is_for_one(arena) else {}))
    return found


def _line(name: str, activities: list[str]) -> str:
    """Return what one does somewhere, as much of it as fits on a line."""
    text = f"{name}: for {activities[0]}" if activities else f"{name}, where people come by"
    for activity in activities[1:]:
        if len(text) + len(activity) + 2 <= MAX_LINE:
            text += f", {activity}"
    return text[:MAX_LINE]


def _of_objects(town: SoundTown) -> list[dict[str, str]]:
    tiles = np.bincount(town.object_grid[town.object_grid >= 0], minlength=len(town.objects)).tolist()
    found = []
    for (*_, name), size in zip(town.objects, tiles, strict=True):
        kind = furnishing_of(name)
        seats = min(size, MAX_SEATS if kind.seats else BED_SEATS if _is_bed(kind.uses) else 1)
        said = {"state": kind.state, "affordances": "\n".join(kind.uses)}
        found.append(said | ({"seats": str(seats)} if seats > 1 else {}))
    return found


def _is_bed(uses: Sequence[str]) -> bool:
    return any(use.startswith("sleeping") for use in uses)
