"""What part of a large town a picture shows: the people, somebody or some place, or everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pygame

from engine.errors import BadInput, nearest
from replay.camera import Camera
from replay.emoji import ASLEEP, icon_name
from replay.moment import Moment, Person
from replay.timeline import Timeline
from worlds.town.map import TownMap
from worlds.town.places import SEPARATOR, Arena, Sector, TownObject

EVERYTHING: Final = "all"
CLOSE: Final = 1.5
"""Window pixels per map pixel beyond which nobody wants to be taken."""
LEGIBLE: Final = 1.0
"""Where the whole town does not fit into a picture at this zoom, only a part of it is shown."""
_MARGIN: Final = 5
"""Tiles around what is shown."""


class Framing:
    """Chooses cameras for pictures of one town through one viewport. `tile` is the side of a tile in map pixels."""

    def __init__(self, town: TownMap, tile: int, viewport: pygame.Rect) -> None:
        self._town = town
        self._tile = tile
        self._whole = Camera((town.width * tile, town.height * tile), viewport)

    @property
    def is_needed(self) -> bool:
        """Whether the town is too large to be read as a whole."""
        return self._whole.fitting < LEGIBLE

    def everything(self) -> Camera:
        """Return a camera that sees the whole town."""
        return self._whole

    def on_people(self, moment: Moment) -> Camera:
        """Return a camera on those who are awake; where they are too far apart, on the place where most is going on."""
        there = [person for person in moment.people if person.tile is not None]
        awake = [person for person in there if not _is_asleep(person)] or there
        if not self.is_needed or not awake:
            return self._whole
        wide, high = (side / LEGIBLE / self._tile - 2 * _MARGIN for side in self._whole.viewport.size)
        crowds = [awake] if _spread(awake, 0) <= wide and _spread(awake, 1) <= high else []
        crowds += [[other for other in awake if _is_within(other, person, wide, high)] for person in awake]
        return self.on_tiles(person.point for person in max(crowds, key=_liveliness))

    def on_ways(self, timeline: Timeline, first: float, last: float) -> Camera:
        """Return a camera that sees all tiles on which anybody is from one time to another."""
        if not self.is_needed:
            return self._whole
        tiles = {tile for agent in range(len(timeline.people)) for tile in timeline.trail(agent, first, last)}
        return self.on_tiles(tiles) if tiles else self._whole

    def on(self, name: str, moment: Moment) -> Camera:
        """Return a camera on a person, on a sector, or, by its address, on an arena or object; `all`: on everything.

        Raises `BadInput` when nobody and nothing is called that.
        """
        wanted = name.casefold()
        if wanted == EVERYTHING:
            return self._whole
        for person in moment.people:
            if wanted in (person.name.casefold(), person.short_name.casefold()) and person.tile is not None:
                return self.on_tiles([person.point], margin=2 * _MARGIN)
        places: list[Sector | Arena | TownObject] = [*self._town.sectors, *self._town.arenas, *self._town.objects]
        known = {place.address.partition(SEPARATOR)[2].casefold(): place for place in places}
        if wanted in known:
            return self.on_tiles(known[wanted].tiles, margin=2)
        people = [person.name for person in moment.people]
        sectors = [sector.name for sector in self._town.sectors]
        problem = f"nobody here and no place is called '{name}'{nearest(name, [EVERYTHING, *people, *sectors])}"
        raise BadInput("--show", problem)

    def on_tiles(self, tiles: Iterable[tuple[float, float]], margin: int = _MARGIN) -> Camera:
        """Return a camera that sees some tiles and `margin` tiles around them."""
        points = list(tiles)
        left, top = min(x for x, _ in points) - margin, min(y for _, y in points) - margin
        right, bottom = max(x for x, _ in points) + margin + 1, max(y for _, y in points) + margin + 1
        zoom = min(
            self._whole.viewport.width / (right - left) / self._tile,
            self._whole.viewport.height / (bottom - top) / self._tile,
            CLOSE,
        )
        if zoom <= self._whole.fitting:
            return self._whole
        centre = ((left + right) / 2 * self._tile, (top + bottom) / 2 * self._tile)
        return Camera(self._whole.world, self._whole.viewport, zoom, centre).settled()


def _spread(people: Sequence[Person], axis: int) -> float:
    values = [person.point[axis] for person in people]
    return max(values) - min(values)


def _is_within(person: Person, centre: Person, wide: float, high: float) -> bool:
    dx, dy = (abs(a - b) for a, b in zip(person.point, centre.point, strict=True))
    return 2 * dx <= wide and 2 * dy <= high


def _liveliness(people: Sequence[Person]) -> int:
    return sum(1 + 2 * (person.speech is not None) for person in people)


def _is_asleep(person: Person) -> bool:
    return person.acting is not None and icon_name(person.acting.emoji) == ASLEEP
