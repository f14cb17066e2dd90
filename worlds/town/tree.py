"""Join the rectangles of a map to the environment tree: sectors hold arenas, arenas hold objects, by where they lie."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from worlds.town.drawn import Drawn, DrawnPlace, printable
from worlds.town.places import SEPARATOR, Affordance, Arena, Rect, Sector, Town, TownObject

Grid = NDArray[np.int32]
"""[height, width]: the index of the rectangle that covers a tile, -1 where none does."""

_TIME = re.compile(r"(\d\d):([0-5]\d)")
_LINE = "activity | state while used | minutes"


def build_tree(drawn: Drawn, name: str, size: Rect) -> tuple[Town, Grid, Grid]:
    """Return the town with the grids of its sectors and arenas (index in file order).

    What does not fit is noted as a fault of its rectangle; the tree is then not to be used.
    """
    sectors, arenas, objects = (drawn.places[layer] for layer in ("Sectors", "Arenas", "Objects"))
    sector_grid, arena_grid = _paint(sectors, size), _paint(arenas, size)
    _paint(objects, size)
    sector_of = [_owner(place, sector_grid, sectors, "sector") for place in arenas]
    arena_of = [_owner(place, arena_grid, arenas, "arena") for place in objects]
    for siblings, owners in (
        (sectors, [0] * len(sectors)),
        (arenas, sector_of),
        (objects, arena_of),
    ):
        _check_names(siblings, owners)
    in_arena: dict[int, list[DrawnPlace]] = defaultdict(list)
    for place, owner in zip(objects, arena_of, strict=True):
        in_arena[owner].append(place)
    in_sector: dict[int, list[int]] = defaultdict(list)
    for index, owner in enumerate(sector_of):
        in_sector[owner].append(index)
    built = []
    for index, place in enumerate(sectors):
        address = SEPARATOR.join((name, place.name))
        inner = tuple(_arena(arenas[arena], address, in_arena[arena]) for arena in in_sector[index])
        built.append(_sector(place, address, inner))
    return Town(name, size, tuple(built)), sector_grid, arena_grid


def _paint(places: Sequence[DrawnPlace], size: Rect) -> Grid:
    grid = np.full((size.height, size.width), -1, np.int32)
    for index, place in enumerate(places):
        part = grid[place.rect.area]
        taken = np.argwhere(part >= 0)
        if len(taken):
            dy, dx = taken[0]
            other = places[int(part[dy, dx])]
            tile = (place.rect.x + int(dx), place.rect.y + int(dy))
            place.fault(f"overlaps '{other.name}' at tile {tile}")
        part[part < 0] = index
    return grid


def _owner(place: DrawnPlace, grid: Grid, owners: Sequence[DrawnPlace], kind: str) -> int:
    """Return the index of the rectangle that holds `place`, or -1 after noting that none does."""
    part = grid[place.rect.area]
    index = int(part[0, 0])
    if index >= 0 and (part == index).all():
        return index
    touched = [owners[int(other)].name for other in np.unique(part) if other >= 0]
    if touched:
        place.fault(f"must lie within one {kind}; it lies partly in '{touched[0]}'")
    else:
        place.fault(f"lies in no {kind}")
    return -1


def _check_names(places: Sequence[DrawnPlace], owners: Sequence[int]) -> None:
    seen: set[tuple[int, str]] = set()
    for place, owner in zip(places, owners, strict=True):
        if owner >= 0 and (owner, place.name) in seen:
            place.fault("the name is given twice here; names must differ")
        seen.add((owner, place.name))


def _sector(place: DrawnPlace, address: str, arenas: tuple[Arena, ...]) -> Sector:
    if not arenas:
        place.fault("holds no arena; draw at least one")
    if ("opens" in place.properties) != ("closes" in place.properties):
        place.fault("give both 'opens' and 'closes', or neither")
    opens, closes = _time(place, "opens"), _time(place, "closes")
    if opens is not None and opens == closes:
        place.fault("'opens' and 'closes' are the same time")
    return Sector(place.name, address, place.rect, place.line("description"), place.line("kind"), opens, closes, arenas)


def _time(place: DrawnPlace, key: str) -> int | None:
    if key not in place.properties:
        return None
    match = _TIME.fullmatch(place.properties[key])
    minutes = int(match[1]) * 60 + int(match[2]) if match else -1
    if not 0 <= minutes <= 24 * 60:
        place.fault(f"'{key}' must be a time such as 08:00, not '{place.properties[key][:40]}'")
        return None
    return minutes * 60


def _arena(place: DrawnPlace, sector: str, objects: Sequence[DrawnPlace]) -> Arena:
    address = SEPARATOR.join((sector, place.name))
    built = tuple(_object(item, address) for item in objects)
    return Arena(place.name, address, place.rect, place.line("description"), built)


def _object(place: DrawnPlace, arena: str) -> TownObject:
    affordances = _affordances(place)
    seats = place.properties.get("seats", "1")
    if re.fullmatch(r"[1-9]\d?", seats) is None:
        place.fault(f"'seats' must be a whole number from 1 to 99, not '{seats[:40]}'")
        seats = "1"
    if "description" in place.properties:
        description = place.line("description")
    else:
        uses = ", ".join(item.activity for item in affordances)
        description = f"{place.name}: {uses}" if uses else place.name
    address = SEPARATOR.join((arena, place.name))
    return TownObject(place.name, address, place.rect, description, place.line("state"), affordances, int(seats))


def _affordances(place: DrawnPlace) -> tuple[Affordance, ...]:
    found: list[Affordance] = []
    for number, line in enumerate(place.properties.get("affordances", "").splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split("|")]
        minutes = int(parts[2]) if len(parts) == 3 and re.fullmatch(r"[1-9]\d{0,3}", parts[2]) else 0
        if not 1 <= minutes <= 24 * 60:
            place.fault(f"affordance line {number} must read '{_LINE}' (1 to 1440), not '{line.strip()[:80]}'")
            continue
        activity, state = (printable(place, f"affordance line {number}", part) for part in parts[:2])
        if any(activity == other.activity for other in found):
            place.fault(f"affordance line {number} repeats the activity '{activity}'")
        found.append(Affordance(activity, state, minutes))
    return tuple(found)
