"""How an original town is drawn, tile by tile: what is inside, where walls stand, and what things lie where.

The original's pictures cannot be used, so all of this is guessed from the matrices:

- Arenas and sectors lie inside, unless their names say that they lie outdoors (`worlds.town.smallville.kinds`).
- A collision is a wall where it is inside a sector but in no arena, where it touches an arena that lies inside, and at
  the upper edge of such an arena. Walls there are two tiles high where that takes no ground from anybody.
- Every collision in an arena is part of the object that is nearest to it in that arena; on a wall it hangs or leans.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from worlds.town.smallville.grids import BESIDE, Grid, Mask, moved, moved_grid
from worlds.town.smallville.kinds import floor_of, is_outdoors, kind_of_sector
from worlds.town.smallville.sound import SoundTown

CORRIDOR = "planks_grey"
"""The floor of what is inside a sector but in no arena."""


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """What lies on each tile. Grids are -1 where there is nothing."""

    walls: Mask = field(repr=False)
    floors: Grid = field(repr=False)
    """The index in `floor_names` of the floor that lies inside."""
    floor_names: tuple[str, ...]
    styles: Grid = field(repr=False)
    """The index in `style_names` of the style of the walls of the nearest sector."""
    style_names: tuple[str, ...]
    things: Grid = field(repr=False)
    """The index of the object of which a blocked tile of an arena is part; UNNAMED where no object is near."""

    def style_at(self, x: int, y: int) -> str:
        """Return the style of a wall."""
        return self.style_names[int(self.styles[y, x])]


UNNAMED = -2


def lay_out(town: SoundTown) -> Layout:
    """Decide how everything is drawn."""
    solid = town.maze.matrices["collision"] > 0
    in_arena, in_sector = town.arena_grid >= 0, town.sector_grid >= 0
    kinds = [kind_of_sector(name) for name in town.sectors]
    open_arena = np.array([is_outdoors(sector, arena) for sector, arena in town.arenas], bool)
    open_sector = np.array([is_outdoors(name, name) for name in town.sectors], bool)
    inside = np.where(in_arena, ~open_arena[town.arena_grid], in_sector & ~open_sector[town.sector_grid])
    rooms = in_arena & inside
    things = np.where(in_arena & solid, UNNAMED, -1)
    _spread(things, town.object_grid, town.arena_grid)
    walls = solid & ~in_arena & (inside | _beside(rooms))
    walls |= town.closed & inside & ~in_arena
    back = solid & rooms & ~moved(inside | walls, 0, -1)
    walls |= back | (moved(back, 0, 1) & ~town.ground)
    things[walls & (things == UNNAMED)] = -1

    names = sorted({CORRIDOR, *(floor_of(arena, kind) for _, arena in town.arenas for kind in kinds)})
    floor_of_arena = [names.index(floor_of(arena, kinds[town.sectors.index(sector)])) for sector, arena in town.arenas]
    floors = np.where(in_arena, np.array(floor_of_arena)[town.arena_grid], names.index(CORRIDOR))
    floors = np.where(inside & ~walls & (in_arena | town.ground), floors, -1)
    styles = sorted({kind.walls for kind in kinds})
    style_of_sector = np.array([styles.index(kind.walls) for kind in kinds])
    return Layout(walls, floors, tuple(names), style_of_sector[_nearest(town.sector_grid)], tuple(styles), things)


def _spread(things: Grid, objects: Grid, arenas: Grid) -> None:
    """Let every unnamed tile become part of the object that is nearest in its arena; what lies below comes first."""
    labels = np.where(objects >= 0, objects, -1)
    while True:
        found = np.full_like(labels, -1)
        for dx, dy in reversed(BESIDE):
            near = moved_grid(labels, dx, dy)
            same = moved_grid(arenas, dx, dy) == arenas
            found = np.where((near >= 0) & same & (found < 0), near, found)
        new = (things == UNNAMED) & (found >= 0)
        if not new.any():
            return
        things[new] = found[new]
        labels = np.where(new, found, labels)


def _beside(mask: Mask) -> Mask:
    """Return the tiles of a mask and all their neighbours."""
    from scipy import ndimage

    grown: Mask = ndimage.binary_dilation(mask, np.ones((3, 3), bool))
    return grown


def _nearest(grid: Grid) -> Grid:
    """Return for each tile the index that is nearest to it."""
    from scipy import ndimage

    rows, columns = ndimage.distance_transform_edt(grid < 0, return_distances=False, return_indices=True)
    nearest: Grid = grid[rows, columns]
    return nearest
