"""Where people begin."""

from __future__ import annotations

from collections import defaultdict

from worlds.town.map import TownMap
from worlds.town.places import Place, Tile, parent_address


class Beginnings:
    """Gives everybody a tile: at a spawn point at home, else beside a bed, else anywhere at home; each only once."""

    def __init__(self, town_map: TownMap) -> None:
        self._map = town_map
        self._taken: set[Tile] = set()
        self._beds: defaultdict[str, list[str]] = defaultdict(list)
        """The addresses of beds by those of the arenas and sectors that they are in."""
        self._spawns: defaultdict[str, list[Tile]] = defaultdict(list)
        """The spawn points by the addresses of their arenas and sectors."""
        for thing in town_map.objects:
            if "bed" in thing.name.split():
                for address in _above(thing.address):
                    self._beds[address].append(thing.address)
        for tile in town_map.spawns:
            arena = town_map.address_at(tile)
            for address in (arena, parent_address(arena)):
                self._spawns[address].append(tile)

    def take(self, home: str) -> Tile:
        """Return a tile for one more person; when all are taken, one on which somebody begins already."""
        place = self._map.resolve(home)
        tile = self._free(place, home)
        self._taken.add(tile)
        return tile

    def _free(self, place: Place, home: str) -> Tile:
        spawns = self._spawns.get(home) or self._spawns.get(parent_address(home), [])
        for tile in spawns:
            if tile in place and tile not in self._taken:
                return tile
        for address in (*self._beds.get(home, ()), home):
            for tile in self._map.standing_tiles(address):
                if tile not in self._taken:
                    return tile
        return self._map.standing_tiles(home)[0]


def _above(address: str) -> tuple[str, str]:
    arena = parent_address(address)
    return arena, parent_address(arena)
