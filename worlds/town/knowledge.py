"""What one person knows of a town: a part of its tree that grows by what is seen on the way, and by hearing of places.

It is a function of the person's own way and percepts only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from engine.contact import Spot
from worlds.town.atlas import Atlas, sector_of
from worlds.town.places import Sector, Tile
from worlds.town.views import Views

HOME = "home"
"""The kind of sector that only those who live or work there may choose to go to."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties a person to a town, by addresses."""

    home: str
    work: str = ""
    familiar: tuple[str, ...] = ()
    """Places that it knows from the start as well as its home."""


class Knowledge:
    """The places that a person knows. Who knows a place knows what it lies in."""

    def __init__(self, atlas: Atlas, views: Views, ties: Ties) -> None:
        self._atlas = atlas
        self._views = views
        self._known = set(atlas.landmarks)
        self._spots: tuple[Spot, ...] | None = None
        self._home = sector_of(atlas.map, ties.home)
        work = sector_of(atlas.map, ties.work) if ties.work else None
        self._own = {sector.address for sector in (self._home, work) if sector}
        by_heart = (*self._own, *ties.familiar)
        self.first = self._take_in(number for address in by_heart for number in atlas.around(address))
        """The addresses known from the start, without the landmarks, which everybody knows."""

    def __contains__(self, address: str) -> bool:
        number = self._atlas.numbers.get(address)
        return number is None or number in self._known

    def see(self, tiles: Collection[Tile]) -> tuple[str, ...]:
        """Take in what shows from some tiles; returns the addresses that were not known."""
        views = self._views.places(tiles)
        return self._take_in(number for view in views if not self._known.issuperset(view) for number in view)

    def hear_of(self, address: str) -> tuple[str, ...]:
        """Get to know the sector of a place by hearing of it; returns the addresses that were not known."""
        sector = sector_of(self._atlas.map, address)
        return self._take_in(self._atlas.up_from(sector.address)) if sector else ()

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The arenas known of the person's own sectors and of those that are nobody's home, else these as a whole."""
        if self._spots is None:
            sectors = (sector for number, sector in enumerate(self._atlas.map.sectors) if number in self._known)
            may_go = (sector for sector in sectors if sector.kind != HOME or sector.address in self._own)
            self._spots = tuple(spot for sector in may_go for spot in self._spots_of(sector))
        return self._spots

    def _spots_of(self, sector: Sector) -> Iterator[Spot]:
        home = sector is self._home
        arenas = [arena for arena in sector.arenas if arena.address in self]
        return iter([self._atlas.spot(arena, home) for arena in arenas] or [self._atlas.spot(sector, home)])

    def _take_in(self, numbers: Iterable[int]) -> tuple[str, ...]:
        new = sorted(set(numbers) - self._known)
        if new:
            self._known.update(new)
            self._spots = None
        return tuple(self._atlas.addresses[number] for number in new)
