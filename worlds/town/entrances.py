"""Doors of sectors, and the points at which people begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worlds.town.drawn import DrawnPlace
from worlds.town.parts import Grid
from worlds.town.places import Rect, Sector, Tile
from worlds.town.standing import Mask

BESIDE = ((0, -1), (-1, 0), (1, 0), (0, 1))


def doors_of(drawn: Sequence[DrawnPlace], index: Grid, sectors: Sequence[Sector], blocked: Mask) -> dict[Tile, int]:
    """Return the index of the sector to which each door tile leads, row by row for each door, doors in file order.

    A door belongs to the sector in which it lies, else to the one that it touches. What does not fit is noted as a
    fault.
    """
    doors: dict[Tile, int] = {}
    for door in drawn:
        wall = next((tile for tile in door.rect if blocked[tile[1], tile[0]]), None)
        if wall is not None:
            door.fault(f"nobody can walk through this door: tile {wall} is on 'Walls' or 'Collisions'")
        found = _sectors_within(door.rect, index) or _sectors_beside(door.rect, index)
        if len(found) > 1:
            names = " and ".join(f"'{sectors[sector].name}'" for sector in found[:2])
            door.fault(f"a door leads to one sector; this one lies in or between {names}")
        elif not found:
            door.fault("this door lies in no sector and touches none")
        elif any(doors.get(tile, found[0]) != found[0] for tile in door.rect):
            door.fault("overlaps the door of another sector")
        else:
            doors |= dict.fromkeys(door.rect, found[0])
    return doors


def spawns_of(drawn: Sequence[DrawnPlace], arena_index: Grid, ground: Mask) -> tuple[Tile, ...]:
    """Return the tiles at which people begin, in file order. What does not fit is noted as a fault."""
    spawns: list[Tile] = []
    for spawn in drawn:
        x, y = tile = spawn.rect.x, spawn.rect.y
        if spawn.rect.width > 1 or spawn.rect.height > 1:
            spawn.fault("a spawn point is a point or a rectangle of one tile")
        elif arena_index[y, x] < 0:
            spawn.fault("this spawn point lies in no arena")
        elif not ground[y, x]:
            spawn.fault("nobody can walk from this spawn point to the rest of the town")
        elif tile in spawns:
            spawn.fault("there are two spawn points on this tile")
        spawns.append(tile)
    return tuple(spawns)


def _sectors_within(rect: Rect, index: Grid) -> list[int]:
    return _known((int(index[y, x]) for x, y in rect))


def _sectors_beside(rect: Rect, index: Grid) -> list[int]:
    height, width = index.shape
    around = ((x + dx, y + dy) for x, y in rect for dx, dy in BESIDE)
    return _known(int(index[y, x]) for x, y in around if 0 <= x < width and 0 <= y < height)


def _known(indices: Iterator[int]) -> list[int]:
    """Return the sectors among some indices, each once."""
    return sorted({index for index in indices if index >= 0})
