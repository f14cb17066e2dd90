"""The places of a map as people know them: by number, and as spots to choose from. Shared by everybody."""

from __future__ import annotations

from functools import cached_property

from engine.contact import Spot
from worlds.town.map import TownMap
from worlds.town.places import Arena, Place, Sector, Town, TownObject, parent_address


class Atlas:
    """Places have numbers: first sectors, then arenas, then objects, each kind in file order."""

    def __init__(self, town_map: TownMap) -> None:
        self.map = town_map
        places: tuple[Place, ...] = (*town_map.sectors, *town_map.arenas, *town_map.objects)
        self.addresses = tuple(place.address for place in places)
        """The address of each place by its number."""
        self.numbers = {address: number for number, address in enumerate(self.addresses)}
        self._spots: dict[tuple[str, bool], Spot] = {}

    @cached_property
    def landmarks(self) -> frozenset[int]:
        """The numbers of the sectors that everybody knows."""
        return frozenset(number for number, sector in enumerate(self.map.sectors) if sector.landmark)

    @cached_property
    def has_limited_rooms(self) -> bool:
        """Whether any arena takes only so many people."""
        return any(arena.capacity is not None for arena in self.map.arenas)

    def up_from(self, address: str) -> list[int]:
        """Return the numbers of a place and of what it lies in."""
        found = []
        while address in self.numbers:
            found.append(self.numbers[address])
            address = parent_address(address)
        return found

    def around(self, address: str) -> list[int]:
        """Return the numbers of a place, of all that lies in it and of what it lies in. Raises UnknownAddress."""
        inner = [self.numbers[place.address] for place in below(self.map.resolve(address)) if place.address != address]
        return [*self.up_from(address), *inner]

    def spot(self, place: Sector | Arena, home: bool) -> Spot:
        """Return a sector or arena as somebody may choose it; `home` says whether they live there."""
        key = place.address, home
        if key not in self._spots:
            above = sector_of(self.map, place.address) if isinstance(place, Arena) else None
            description = f"{place.description} {above.description}".strip() if above else place.description
            self._spots[key] = Spot(place.address, in_words(self.map, place), description, home)
        return self._spots[key]


def in_words(town_map: TownMap, place: Place) -> str:
    """Return a place as it stands in a sentence: "the kitchen of Rose Cottage", "Willow Park", "the street"."""
    match place:
        case Town():
            return "the street"
        case Sector():
            return place.name
        case Arena():
            sector = town_map.resolve(parent_address(place.address))
            return f"{_with_article(place.name)} of {sector.name}"
        case TownObject():
            inside = in_words(town_map, town_map.resolve(parent_address(place.address)))
            return f"{_with_article(place.name)} in {inside}"


def _with_article(name: str) -> str:
    """Return a name with "the", unless it says whose it is or has an article: "the bar", "Kit's room", "The Snug"."""
    return name if "'s " in name or name.lower().startswith("the ") else f"the {name}"


def sector_of(town_map: TownMap, address: str) -> Sector | None:
    """Return the sector in which a place lies, None for the town. Raises UnknownAddress."""
    place = town_map.resolve(address)
    while not isinstance(place, Sector | Town):
        place = town_map.resolve(parent_address(place.address))
    return place if isinstance(place, Sector) else None


def below(place: Place) -> list[Place]:
    """Return a place and all that lies in it."""
    match place:
        case TownObject():
            return [place]
        case Arena():
            return [place, *place.objects]
        case Sector():
            return [place, *(inner for arena in place.arenas for inner in below(arena))]
        case Town():
            return [place, *(inner for sector in place.sectors for inner in below(sector))]


def objects_below(place: Place) -> list[TownObject]:
    """Return the objects of a place; of the town none, because it is too large to look for one."""
    return [] if isinstance(place, Town) else [inner for inner in below(place) if isinstance(inner, TownObject)]
