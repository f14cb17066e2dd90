"""What one person knows of a town: a part of its tree that grows by what is seen on the way, and by hearing of places.

It is a function of the person's own way and percepts only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.contact import Spot
from worlds.town.map import TownMap
from worlds.town.places import Arena, Place, Sector, Tile, Town, TownObject, parent_address
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

    def __init__(self, town_map: TownMap, views: Views, ties: Ties) -> None:
        self._map = town_map
        self._views = views
        self._numbers = views.numbers
        own = [sector_of(town_map, address) for address in (ties.home, ties.work) if address]
        self._own = {sector.address for sector in own if sector}
        self._home = sector_of(town_map, ties.home)
        self._known = set(views.landmarks)
        self._spots: tuple[Spot, ...] | None = None
        by_heart = [place for a in (*sorted(self._own), *ties.familiar) for place in _below(town_map.resolve(a))]
        self.first = self._take_in(number for place in by_heart for number in self._up_from(place.address))
        """The addresses known from the start, without the landmarks, which everybody knows."""

    def __contains__(self, address: str) -> bool:
        number = self._numbers.get(address)
        return number is None or number in self._known

    def see(self, tiles: Collection[Tile]) -> tuple[str, ...]:
        """Take in what shows from some tiles; returns the addresses that were not known."""
        views = self._views.places(tiles)
        return self._take_in(number for view in views if not self._known.issuperset(view) for number in view)

    def hear_of(self, address: str) -> tuple[str, ...]:
        """Get to know the sector of a place by hearing of it; returns the addresses that were not known."""
        sector = sector_of(self._map, address)
        return self._take_in(self._up_from(sector.address)) if sector else ()

    @property
    def spots(self) -> tuple[Spot, ...]:
        """The arenas known of the person's own sectors and of those that are nobody's home, else these as a whole."""
        if self._spots is None:
            sectors = (sector for sector in self._map.sectors if sector.address in self)
            may_go = (sector for sector in sectors if sector.kind != HOME or sector.address in self._own)
            self._spots = tuple(spot for sector in may_go for spot in self._spots_of(sector))
        return self._spots

    def _spots_of(self, sector: Sector) -> list[Spot]:
        home = sector is self._home
        arenas = [arena for arena in sector.arenas if arena.address in self]
        if not arenas:
            return [Spot(sector.address, sector.name, sector.description, home)]
        return [
            Spot(a.address, in_words(self._map, a), f"{a.description} {sector.description}".strip(), home)
            for a in arenas
        ]

    def _up_from(self, address: str) -> list[int]:
        """The numbers of a place and of what it lies in."""
        found = []
        while address in self._numbers:
            found.append(self._numbers[address])
            address = parent_address(address)
        return found

    def _take_in(self, numbers: Iterable[int]) -> tuple[str, ...]:
        new = sorted(set(numbers) - self._known)
        if new:
            self._known.update(new)
            self._spots = None
        return tuple(self._views.addresses[number] for number in new)


def in_words(town_map: TownMap, place: Place) -> str:
    """Return a place as it stands in a sentence: "the kitchen of Rose Cottage", "Willow Park", "the street"."""
    match place:
        case Town():
            return "the street"
        case Sector():
            return place.name
        case Arena():
            sector = town_map.resolve(parent_address(place.address))
            return f"the {place.name} of {sector.name}"
        case TownObject():
            return f"the {place.name} in {in_words(town_map, town_map.resolve(parent_address(place.address)))}"


def sector_of(town_map: TownMap, address: str) -> Sector | None:
    """Return the sector in which a place lies, None for the town. Raises UnknownAddress."""
    place = town_map.resolve(address)
    while not isinstance(place, Sector | Town):
        place = town_map.resolve(parent_address(place.address))
    return place if isinstance(place, Sector) else None


def objects_below(place: Place) -> list[TownObject]:
    """Return the objects of a place; of the town none, because it is too large to look for one."""
    return [] if isinstance(place, Town) else [below for below in _below(place) if isinstance(below, TownObject)]


def _below(place: Place) -> list[Place]:
    """Return a place and all that lies in it."""
    match place:
        case TownObject():
            return [place]
        case Arena():
            return [place, *place.objects]
        case Sector():
            return [place, *(below for arena in place.arenas for below in _below(arena))]
        case Town():
            return [place, *(below for sector in place.sectors for below in _below(sector))]
