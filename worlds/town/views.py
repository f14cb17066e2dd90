"""What of a town shows from a tile: places, and the objects whose state can be made out. Kept for every tile asked."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from worlds.town.map import TownMap
from worlds.town.places import Tile
from worlds.town.sight import Sight

MADE_OUT = 16
"""Within so many tiles places are made out, however far people see."""
AT_ONCE = 64
"""So many tiles are looked from at once: bounds the memory that this takes."""


class Views:
    """Views over one map with one sight. Places have the numbers of the `Atlas`."""

    def __init__(self, town_map: TownMap, sight: Sight) -> None:
        self._map = town_map
        self._sight = sight
        self._places: dict[Tile, array[int]] = {}
        self._panorama: _Panorama | None = None
        self._shown: dict[str, dict[Tile, bool]] = {}

    def places(self, tiles: Collection[Tile]) -> Iterable[array[int]]:
        """Return for each of some tiles on which people can stand the numbers of all places of which a tile is seen."""
        unknown = [tile for tile in tiles if tile not in self._places]
        if unknown:
            if self._panorama is None:
                self._panorama = _Panorama(self._map, Sight(self._map, min(self._sight.radius, MADE_OUT)))
            for start in range(0, len(unknown), AT_ONCE):
                some = unknown[start : start + AT_ONCE]
                self._places.update(zip(some, self._panorama.places(some), strict=True))
        return [self._places[tile] for tile in tiles]

    def shows(self, tile: Tile, address: str) -> bool:
        """Whether the state of an object can be made out: whether all tiles are seen on which its users stand.

        So whoever could have changed it a second ago is in sight then, or was at the place where the change was made.
        """
        shown = self._shown.setdefault(address, {})
        if tile not in shown:
            shown[tile] = all(self._sight.sees(tile, stand) for stand in self._map.standing_tiles(address))
        return shown[tile]


class _Panorama:
    """Looks around from many tiles at once: all lines of sight as arrays of offsets into a flat map with a margin."""

    def __init__(self, town_map: TownMap, sight: Sight) -> None:
        self._radius = radius = sight.radius
        self._stride = town_map.width + 2 * radius
        self._opaque = np.pad(town_map.opaque, radius).ravel()
        sectors, arenas = len(town_map.sectors), len(town_map.arenas)
        things = np.full(town_map.blocked.shape, -1, np.int32)
        for number, thing in enumerate(town_map.objects):
            for x, y in thing.tiles:
                things[y, x] = number
        # A house is known by its walls, a room is not.
        rooms = np.where(town_map.opaque, -1, town_map.arena_index)
        layers = (town_map.sector_index, _numbered(rooms, sectors), _numbered(things, sectors + arenas))
        # [3, tiles]: the numbers of the sector, the arena and the object on each tile, or -1
        self._numbers = np.stack([np.pad(layer, radius, constant_values=-1).ravel() for layer in layers])
        span = range(-radius, radius + 1)
        offsets = [(dx, dy) for dy in span for dx in span]
        lines = [sight.between(dx, dy) for dx, dy in offsets]
        longest = max(map(len, lines))
        self._offsets = np.array([self._flat(offset) for offset in offsets])
        # [offsets, longest, 2]: a line is broken where both tiles of a pair are opaque; the rest is filled with the
        # tile itself, which is free
        pairs = np.zeros((len(offsets), longest, 2), np.int64)
        for row, line in zip(pairs, lines, strict=True):
            for pair, group in zip(row, line, strict=False):
                pair[:] = self._flat(group[0]), self._flat(group[-1])
        self._first, self._second = pairs[..., 0].copy(), pairs[..., 1].copy()

    def places(self, tiles: Sequence[Tile]) -> Iterable[array[int]]:
        """Return the numbers of the places seen from each of some free tiles."""
        here = np.array([(y + self._radius) * self._stride + x + self._radius for x, y in tiles])
        lines = here[:, None, None]
        hidden = (self._opaque[lines + self._first] & self._opaque[lines + self._second]).any(axis=2)
        around = here[:, None] + self._offsets
        arenas = self._numbers[1]
        seen = ~hidden | ((arenas[around] == arenas[here][:, None]) & (arenas[here] >= 0)[:, None])
        for row, sees in zip(around, seen, strict=True):
            yield _as_array(np.unique(self._numbers[:, row[sees]]))

    def _flat(self, offset: Tile) -> int:
        return offset[1] * self._stride + offset[0]


def _numbered(index: NDArray[np.int32], first: int) -> NDArray[np.int32]:
    return np.where(index >= 0, index + np.int32(first), index)


def _as_array(numbers: NDArray[np.int32]) -> array[int]:
    return array("i", numbers[numbers >= 0].astype(np.intc).tobytes())
