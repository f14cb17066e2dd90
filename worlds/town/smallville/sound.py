"""What of an original map makes a sound map of ours, and what is left out, by declared rules.

An address is said by the tiles: a tile lies in the sector of its sector id and in the arena that its arena id names,
and an object belongs to the arena on whose tiles it is, as in the original. The rules:

1. People live in one region of free tiles: the one that holds most free tiles of arenas. All others are closed.
2. Tiles of an arena outside of every sector, and of an object outside of every arena, belong to none.
3. What cannot be reached from the region is left out: arenas without a tile to stand on, objects with no such tile on
   or beside them in their arena, spawning places, and then sectors without an arena.
4. Two ids for one name are one place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from engine.errors import BadInput
from worlds.town.places import SEPARATOR, Tile
from worlds.town.smallville.grids import BESIDE, Grid, Mask, moved, moved_grid
from worlds.town.smallville.maze import Ids, Maze
from worlds.town.smallville.tables import Table

LISTED = 12
"""Places of one kind that a warning names."""

T = TypeVar("T")


@dataclass(frozen=True, eq=False, slots=True)
class SoundTown:
    """What is taken over. Arenas and objects are named from the sector down; the order is that of the block tables."""

    maze: Maze
    sectors: tuple[str, ...]
    arenas: tuple[tuple[str, str], ...]
    objects: tuple[tuple[str, str, str], ...]
    sector_grid: Grid = field(repr=False)
    arena_grid: Grid = field(repr=False)
    object_grid: Grid = field(repr=False)
    ground: Mask = field(repr=False)
    """Where people can walk."""
    closed: Mask = field(repr=False)
    """Free tiles of the original that nobody can walk to."""
    spawns: tuple[Tile, ...]
    warnings: tuple[str, ...]


def settle(maze: Maze, source: str) -> SoundTown:
    """Decide what is taken over. Raises `BadInput` about `source` when nothing is left."""
    notes: list[str] = []
    sector_names, by_sector = _named(maze, "sector", notes)
    arena_names, by_arena = _named(maze, "arena", notes)
    object_names, by_object = _named(maze, "game_object", notes)
    in_arena, in_object = by_arena >= 0, by_object >= 0
    _note_tiles(notes, "of arenas lie in no sector and belong to none", in_arena & (by_sector < 0))
    by_arena = np.where(by_sector >= 0, by_arena, -1)
    _note_tiles(notes, "of objects lie in no arena and belong to none", in_object & (by_arena < 0))
    by_object = np.where(by_arena >= 0, by_object, -1)
    ground, closed = _regions(maze.matrices["collision"] == 0, by_arena >= 0)
    _note_tiles(notes, "cannot be walked to from where people live and were closed", closed)

    rooms, room_grid = _pairs(by_sector, by_arena, len(arena_names))
    things, thing_grid = _pairs(room_grid, by_object, len(object_names))
    room_names = [(sector_names[sector], arena_names[arena]) for sector, arena in rooms]
    thing_names = [(*room_names[room], object_names[thing]) for room, thing in things]

    listed = {block.names[1:] for block in maze.tables["arena"]}
    strange = np.array([names not in listed for names in room_names], bool)
    _note_places(notes, "arenas lie in another sector than their table says", room_names, strange)

    kept_rooms = _covered(room_grid, ground, len(rooms))
    kept_things = _covered(thing_grid, _reaches(ground, room_grid, thing_grid), len(things))
    kept_things &= np.array([kept_rooms[room] for room, _ in things], bool)
    with_rooms = {room_names[index][0] for index in np.flatnonzero(kept_rooms).tolist()}
    kept_sectors = np.array([name in with_rooms for name in sector_names], bool)
    drawn = _covered(by_sector, np.ones_like(ground), len(sector_names))
    _note_places(
        notes, "left out, being sectors without an arena that can be walked to", sector_names, drawn & ~kept_sectors
    )
    _note_places(notes, "left out, being arenas that nobody can walk to", room_names, ~kept_rooms)
    unreached = ~kept_things & np.array([kept_rooms[room] for room, _ in things], bool)
    _note_places(notes, "left out, being objects that nobody can walk to", thing_names, unreached)
    if not kept_sectors.any():
        raise BadInput(source, "has no arena with a free tile in a sector, so nobody could live there")
    sectors, sector_grid = _keep(sector_names, by_sector, kept_sectors)
    arenas, arena_grid = _keep(room_names, room_grid, kept_rooms)
    objects, object_grid = _keep(thing_names, thing_grid, kept_things)
    spawns = _spawns(maze, ground & (arena_grid >= 0), notes)
    return SoundTown(
        maze, sectors, arenas, objects, sector_grid, arena_grid, object_grid, ground, closed, spawns, tuple(notes)
    )


def _named(maze: Maze, name: str, notes: list[str]) -> tuple[list[str], Grid]:
    """Return the names in a table, each once, and on each tile the index of the name that its id stands for."""
    table: Table = maze.tables[name]
    kinds = Counter(_whole_name(name, block.names) for block in table)
    twice = [" in ".join(reversed(names)) for names, count in kinds.items() if count > 1]
    if twice:
        notes.append(f"several ids stand for one {name.replace('game_', '')}: {_listed(twice)}")
    names = list(dict.fromkeys(block.name for block in table))
    index = {text: number for number, text in enumerate(names)}
    return names, _looked_up(maze.matrices[name], {block.number: index[block.name] for block in table})


def _whole_name(kind: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return names[1:] if kind == "arena" else names[-1:]


def _looked_up(ids: Ids, index: dict[int, int]) -> Grid:
    present, inverse = np.unique(ids, return_inverse=True)
    found = np.array([index.get(number, -1) for number in present.tolist()], np.int64)
    return found[inverse.reshape(ids.shape)]


def _regions(free: Mask, wanted: Mask) -> tuple[Mask, Mask]:
    """Return the region of free tiles (over 4-neighbours) with most wanted ones, and the free tiles outside of it."""
    from scipy import ndimage

    labels, count = ndimage.label(free)
    held = np.bincount(labels[wanted & free], minlength=count + 1)
    ground: Mask = (labels == int(np.argmax(held))) & bool(held.any())
    return ground, free & ~ground


def _pairs(outer: Grid, inner: Grid, count: int) -> tuple[list[tuple[int, int]], Grid]:
    """Return the pairs of (outer, inner) that occur on a tile, sorted, and on each tile the number of its pair."""
    both = (outer >= 0) & (inner >= 0)
    keys, inverse = np.unique(outer[both] * count + inner[both], return_inverse=True)
    grid: Grid = np.full(outer.shape, -1, np.int64)
    grid[both] = inverse
    return [divmod(key, count) for key in keys.tolist()], grid


def _covered(grid: Grid, mask: Mask, count: int) -> Mask:
    """Return for each index whether one of its tiles is in the mask."""
    return np.bincount(grid[mask & (grid >= 0)], minlength=count)[:count] > 0


def _reaches(ground: Mask, rooms: Grid, things: Grid) -> Mask:
    """Return the tiles of objects that one can stand on, or beside in the same arena."""
    found = ground & (things >= 0)
    for dx, dy in BESIDE:
        found |= (things >= 0) & moved(ground, dx, dy) & (moved_grid(rooms, dx, dy) == rooms)
    return found


def _keep(names: Sequence[T], grid: Grid, kept: Mask) -> tuple[tuple[T, ...], Grid]:
    index = np.full(len(names) + 1, -1, np.int64)
    index[:-1][kept] = np.arange(int(kept.sum()))
    return tuple(names[number] for number in np.flatnonzero(kept).tolist()), index[grid]


def _spawns(maze: Maze, allowed: Mask, notes: list[str]) -> tuple[Tile, ...]:
    """Return the tiles at which people begin, in the order of the table."""
    ids = maze.matrices["spawning_location"]
    _note_tiles(
        notes,
        "are spawning places that cannot be walked to or lie in no arena, and were left out",
        (ids > 0) & ~allowed,
    )
    order = {block.number: place for place, block in enumerate(maze.tables["spawning_location"])}
    found = [(order[int(ids[y, x])], int(y), int(x)) for y, x in np.argwhere((ids > 0) & allowed)]
    return tuple((x, y) for _, y, x in sorted(found))


def _note_tiles(notes: list[str], what: str, mask: Mask) -> None:
    count = int(mask.sum())
    if count:
        y, x = np.argwhere(mask)[0].tolist()
        notes.append(f"{count} tiles {what} (the first at tile ({x}, {y}))")


def _note_places(notes: list[str], what: str, names: Sequence[str | tuple[str, ...]], left_out: Mask) -> None:
    found = [names[index] for index in np.flatnonzero(left_out).tolist()]
    if found:
        texts = [name if isinstance(name, str) else SEPARATOR.join(name) for name in found]
        notes.append(f"{what} ({len(found)}): {_listed(texts)}")


def _listed(texts: Iterable[str]) -> str:
    every = list(texts)
    return ", ".join(every[:LISTED]) + (f" and {len(every) - LISTED} more" if len(every) > LISTED else "")
