"""Where one person is let in, and when: opening hours and the doors that they close."""

from __future__ import annotations

from collections.abc import Set

from engine.kernel.clock import DAY, Clock
from worlds.town.atlas import sector_of
from worlds.town.knowledge import Ties
from worlds.town.map import TownMap
from worlds.town.places import Sector, Tile


class Access:
    """Sectors let everybody in while they are open, and at all times those who live or work there."""

    def __init__(self, town_map: TownMap, clock: Clock, ties: Ties) -> None:
        self._map = town_map
        self._clock = clock
        own = (sector_of(town_map, address) for address in (ties.home, ties.work) if address)
        self.own = frozenset(sector.address for sector in own if sector)
        """The addresses of the sectors in which the person lives or works."""

    def is_open(self, address: str, time: int) -> bool:
        """Whether the sector of an address receives people at a time. Raises UnknownAddress."""
        sector = sector_of(self._map, address)
        return sector is None or sector.is_open(self._clock.second_of_day(time))

    def admits(self, address: str, time: int) -> bool:
        """Whether the person may be at an address at a time. Raises UnknownAddress."""
        return self._admits(sector_of(self._map, address), time)

    def opens(self, address: str, time: int) -> int | None:
        """When a place that is closed for the person opens again. Raises UnknownAddress."""
        sector = sector_of(self._map, address)
        return None if sector is None or sector.opens is None else self._next(sector.opens, time)

    def closes(self, address: str, time: int) -> int | None:
        """When after a time the person has to have left a place; None if never. Raises UnknownAddress."""
        sector = sector_of(self._map, address)
        if sector is None or sector.closes is None or sector.address in self.own:
            return None
        return self._next(sector.closes, time)

    def shut(self, path: tuple[Tile, ...], time: int, pace: int) -> frozenset[Tile]:
        """The doors of all sectors whose doors a walk begun at a time finds shut; those of where it begins let out."""
        doors = self._map.doors
        begins = {doors.get(path[0], -1), self._sector_index(path[0])}
        shut = {
            doors[tile]
            for number, tile in enumerate(path)
            if tile in doors
            and doors[tile] not in begins
            and not self._admits(self._map.sectors[doors[tile]], time + number * pace)
        }
        return self._doors_of(shut)

    def _doors_of(self, sectors: Set[int]) -> frozenset[Tile]:
        return (
            frozenset(tile for tile, sector in self._map.doors.items() if sector in sectors) if sectors else frozenset()
        )

    def _sector_index(self, tile: Tile) -> int:
        return int(self._map.sector_index[tile[1], tile[0]])

    def _admits(self, sector: Sector | None, time: int) -> bool:
        return sector is None or sector.address in self.own or sector.is_open(self._clock.second_of_day(time))

    def _next(self, second_of_day: int, time: int) -> int:
        return time + ((second_of_day - self._clock.second_of_day(time)) % DAY or DAY)
