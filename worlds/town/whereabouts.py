"""Where everybody is at any time, and who may be near: ways as functions of time, and a spatial index over them."""

from __future__ import annotations

from dataclasses import dataclass

from worlds.town.history import History
from worlds.town.places import Tile
from worlds.town.walk import Box, Walk, distance, is_within

CELL = 16
"""Side of a cell of the index, in tiles."""
KEPT = 8
"""So many walks of one person are kept without looking whether they are still needed."""
FOREVER = float("inf")

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stay:
    """A promise not to leave a box from `since` on before `until`."""

    box: Box
    since: int
    until: int

    def __contains__(self, tile: Tile) -> bool:
        left, top, right, bottom = self.box
        return left <= tile[0] <= right and top <= tile[1] <= bottom

    def keeps(self, other: Stay | None) -> bool:
        """Whether who keeps this promise keeps another one as well."""
        return other is None or (self.until >= other.until and is_within(self.box, other.box))


@dataclass(frozen=True, slots=True)
class Engagement:
    """A promise that nobody but `partners` will notice anything of what one does from `since` on before `until`."""

    partners: frozenset[int]
    since: int
    until: int

    def keeps(self, other: Engagement | None) -> bool:
        """Whether who keeps this promise keeps another one as well."""
        return other is None or (self.until >= other.until and self.partners <= other.partners)


class Whereabouts:
    """The walks of people, by index. What nobody can ask for any more is forgotten (`forget`).

    What somebody has promised holds until its time, because lanes have gone ahead on the strength of it: a promise that
    would take back some of an earlier one, which ends sooner or leaves more room, does nothing while that holds.
    """

    def __init__(self) -> None:
        self._walks: list[History[Walk]] = []
        self._cells: dict[Cell, dict[int, float]] = {}
        """For each cell who may be in it, and until when."""
        self._stays: list[Stay | None] = []
        self._engagements: list[Engagement | None] = []
        self._forgotten = 0

    def __len__(self) -> int:
        return len(self._walks)

    def add(self, walk: Walk) -> int:
        """Take in one more person; returns its index."""
        self._walks.append(History(walk))
        for cell in _cells(walk):
            self._cells.setdefault(cell, {})[len(self._walks) - 1] = FOREVER
        self._stays.append(None)
        self._engagements.append(None)
        return len(self._walks) - 1

    def move(self, person: int, walk: Walk) -> None:
        """Let a person walk; replaces what is left of an earlier walk."""
        walks = self._walks[person]
        for cell in _cells(walks.at(walk.start)):
            self._cells[cell][person] = walk.start
        for cell in _cells(walk):
            self._cells.setdefault(cell, {})[person] = FOREVER
        walks.set(walk.start, walk)
        if len(walks) > KEPT:
            walks.forget(self._forgotten)

    def bind(self, person: int, stay: Stay) -> None:
        """Let a person stay within a box until a time, whatever happens; not if that takes back what was promised."""
        if stay.keeps(self.stay(person, stay.since)):
            self._stays[person] = stay

    def stay(self, person: int, time: int) -> Stay | None:
        """Where a person has to stay after a time, as far as that is known."""
        stay = self._stays[person]
        return stay if stay is not None and stay.since <= time < stay.until else None

    def engage(self, person: int, engagement: Engagement) -> None:
        """Let a person have to do with some others only until a time; not if that takes back what was promised."""
        if engagement.keeps(self.engagement(person, engagement.since)):
            self._engagements[person] = engagement

    def engagement(self, person: int, time: int) -> Engagement | None:
        """With whom alone a person has to do after a time, as far as that is known."""
        found = self._engagements[person]
        return found if found is not None and found.since <= time < found.until else None

    def tile(self, person: int, time: int) -> Tile:
        """Where a person is; the same whether or not it sets out anew at that very second."""
        return self._walks[person].before(time).tile(max(time, 0))

    def walk(self, person: int, time: int) -> Walk:
        """The walk that a person is on at a time, one begun at that very second included."""
        return self._walks[person].at(time)

    def seen_walk(self, person: int, time: int) -> Walk:
        """The walk that others see a person on at a time: what begins at that very second is not yet visible."""
        return self._walks[person].before(time)

    def may_meet(self, a: int, b: int, after: int, radius: int) -> bool:
        """Whether two people, by what is known of their ways, can come within a radius anew after a time."""
        mine, theirs = self._walks[a].since(after), self._walks[b].since(after)
        if mine[-1].end <= after and theirs[-1].end <= after:
            return False
        return any(distance(one.box, other.box) <= radius for one in mine for other in theirs)

    def steps(self, person: int, after: int, before: float) -> dict[int, Tile]:
        """Return when between two times, both excluded, a person reaches which tile, by what is known of its way."""
        found: dict[int, Tile] = {}
        walks = self._walks[person].since(after)
        for number, walk in enumerate(walks):
            if walk.end > after:
                # At the second at which a walk is replaced the tile is still the one that it leads to.
                replaced = walks[number + 1].start + 1 if number + 1 < len(walks) else FOREVER
                found.update(walk.steps(after, min(before, replaced)))
        return found

    def near(self, box: Box, margin: int, since: int) -> set[int]:
        """Return everybody who may at a time from `since` on be within `margin` tiles of a box, and perhaps others."""
        left, top = (box[0] - margin) // CELL, (box[1] - margin) // CELL
        right, bottom = (box[2] + margin) // CELL, (box[3] + margin) // CELL
        if (right - left + 1) * (bottom - top + 1) > len(self._cells):
            return set(range(len(self._walks)))
        found: set[int] = set()
        for y in range(top, bottom + 1):
            for x in range(left, right + 1):
                cell = self._cells.get((x, y))
                if cell:
                    found.update(person for person, until in cell.items() if until >= since)
        return found

    def forget(self, time: int) -> None:
        """Take note that nobody will ask for anything before `time` any more."""
        if time // 3600 > self._forgotten // 3600:
            for cell in self._cells.values():
                for person in [person for person, until in cell.items() if until < time]:
                    del cell[person]
        self._forgotten = max(self._forgotten, time)


def _cells(walk: Walk) -> set[Cell]:
    return {(x // CELL, y // CELL) for x, y in walk.path}
