"""Places of several rectangles: those of one layer with the same name in the same parent are parts of one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.faults import Faults
from worlds.town.drawn import DrawnPlace
from worlds.town.places import Rect

Grid = NDArray[np.int32]
"""[height, width]: the index of the place that covers a tile, -1 where none does."""


@dataclass(frozen=True, slots=True)
class Joined:
    """One sector, arena or object as drawn: all its parts, in file order, and what they say together."""

    name: str
    owner: int
    """The index of the place that it lies in; -1 when it lies in none."""
    parts: tuple[DrawnPlace, ...]
    properties: dict[str, str]

    @property
    def rects(self) -> tuple[Rect, ...]:
        """What it covers."""
        return tuple(part.rect for part in self.parts)

    @property
    def faults(self) -> Faults:
        """Those of the map."""
        return self.parts[0].faults

    def fault(self, problem: str) -> None:
        """Note that something is wrong with this place."""
        self.parts[0].fault(problem)

    def line(self, key: str) -> str:
        """Return a property that must be there and be one printable line."""
        if key not in self.properties:
            self.fault(f"property '{key}' is missing")
            return ""
        return self.printable(f"property '{key}'", self.properties[key])

    def printable(self, what: str, text: str) -> str:
        """Return `text` if it is one line of printable characters; note a fault if not."""
        if not text or not text.isprintable() or len(text) > 300:
            self.fault(f"{what} must be one line of 1 to 300 printable characters")
            return ""
        return text


def join(drawn: Sequence[DrawnPlace], owners: Sequence[int]) -> tuple[Joined, ...]:
    """Join the parts of each place. `owners` are the indices of the places in which the rectangles lie."""
    groups: dict[tuple[int, str], list[DrawnPlace]] = {}
    for place, owner in zip(drawn, owners, strict=True):
        groups.setdefault((owner, place.name), []).append(place)
    return tuple(Joined(name, owner, tuple(parts), _agreed(parts)) for (owner, name), parts in groups.items())


def _agreed(parts: Sequence[DrawnPlace]) -> dict[str, str]:
    """Return what the parts say; a property may stand on one of them or, the same, on several."""
    if len(parts) == 1:
        return parts[0].properties
    said: dict[str, DrawnPlace] = {}
    for part in parts:
        for key, value in part.properties.items():
            first = said.setdefault(key, part)
            if first.properties[key] != value:
                at = (first.rect.x, first.rect.y)
                part.fault(f"property '{key}' is not what it is on the part of this place at tile {at}")
    return {key: part.properties[key] for key, part in said.items()}


def paint(places: Sequence[Joined], size: Rect) -> Grid:
    """Return which place covers which tile; where two do that is a fault."""
    grid = np.full((size.height, size.width), -1, np.int32)
    for index, place in enumerate(places):
        for part in place.parts:
            tiles = grid[part.rect.area]
            if tiles.max() < 0:
                tiles[:] = index
                continue
            taken = np.argwhere((tiles >= 0) & (tiles != index))
            if len(taken):
                dy, dx = taken[0]
                tile = (part.rect.x + int(dx), part.rect.y + int(dy))
                part.fault(f"overlaps '{places[int(tiles[dy, dx])].name}' at tile {tile}")
            tiles[tiles < 0] = index
    return grid


def owners(drawn: Sequence[DrawnPlace], grid: Grid, places: Sequence[Joined], kind: str) -> list[int]:
    """Return for each rectangle the index of the place that holds it, or -1 after noting that none does."""
    rows: list[list[int]] = grid.tolist()
    return [_owner(place, rows, places, kind) for place in drawn]


def _owner(place: DrawnPlace, rows: list[list[int]], places: Sequence[Joined], kind: str) -> int:
    rect = place.rect
    part = [row[rect.x : rect.x + rect.width] for row in rows[rect.y : rect.y + rect.height]]
    index = part[0][0]
    if index >= 0 and all(row.count(index) == rect.width for row in part):
        return index
    touched = [places[other].name for other in sorted({other for row in part for other in row}) if other >= 0]
    if touched:
        place.fault(f"must lie within one {kind}; it lies partly in '{touched[0]}'")
    else:
        place.fault(f"lies in no {kind}")
    return -1
