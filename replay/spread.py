"""Who came to know what from whom, who knows whom, and who came where they were invited (Park et al. 2023, section 7).

All of it is read off the log of a run, and nothing is asked. Knowing something means to hold a memory of it: people who
say what they have no memory of have invented it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import BadInput
from engine.record.events import WORLD_AGENT, Acted, Decided, Event, Remembered, Said

LATE = 3600
"""Seconds after its beginning until which one can still come to a gathering."""


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of news that a scenario starts, as it is passed on word for word."""

    text: str
    starts_with: str
    """Who has it from the beginning, empty when it comes from outside."""
    start: int | None = None
    """When it takes place, if one can go to it, and where."""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Learned:
    """Somebody comes to know an item at a time, from `source`; empty when from nobody who lives there."""

    person: str
    time: int
    source: str
    memory: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says to another one what they have no memory of."""

    person: str
    to: str
    time: int


@dataclass(slots=True)
class Spread:
    """How one item got about."""

    item: Item
    learned: list[Learned] = field(default_factory=list)
    """When everybody first came to know it, in order of time and then of people."""
    told: int = 0
    """How often somebody was told of it, those who knew already included."""
    invented: list[Claim] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    """Who decided to go, and who decided not to, for the first time, in order."""
    declined: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)

    @property
    def invited(self) -> list[str]:
        """Those who know of a gathering before it is over, but not by themselves."""
        if self.item.start is None:
            return []
        last = self.item.start + LATE
        return [each.person for each in self.learned if each.person != self.item.starts_with and each.time < last]

    def knowing(self, time: int) -> int:
        """Return how many know the item at a time."""
        return sum(each.time <= time for each in self.learned)


@dataclass(frozen=True, slots=True)
class Ties:
    """Who knows whom, at the start and at the end: pairs that know each other, as a part of all pairs (density)."""

    at_start: float | None
    at_end: float
    pairs_at_start: int | None
    """None where it is not known who knew whom."""
    pairs_at_end: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What the log of a run says about its people together."""

    spreads: tuple[Spread, ...]
    ties: Ties
    end: int
    """The time of the last event."""


def findings(
    events: Iterable[Event], names: Sequence[str], items: Sequence[Item], knows: Mapping[str, Iterable[str]] | None
) -> Findings:
    """Read what a log says; `knows` are the people that each person knows from the beginning, where that is known.

    Raises `BadInput` about events of people who are not among `names`.
    """
    spreads = [_Watch(Spread(item)) for item in items]
    met = {(person, other) for person, others in (knows or {}).items() for other in others if other in names}
    before = None if knows is None else frozenset(met)
    time = 0
    for (time, _, agent, _), body in events:
        if agent == WORLD_AGENT:
            continue
        if not 0 <= agent < len(names):
            raise BadInput("events.log", "holds events of agents whom the manifest does not name", f"time {time}")
        name = names[agent]
        if isinstance(body, Remembered) and body.kind == "chat":
            met.update((name, other) for other in body.about)
        for watch in spreads:
            watch.see(time, name, body)
    for watch in spreads:
        watch.finish(time)
    return Findings(tuple(watch.spread for watch in spreads), _ties(before, met, len(names)), time)


class _Watch:
    """Looks out for one item."""

    def __init__(self, spread: Spread) -> None:
        self.spread = spread
        self._text = spread.item.text.casefold()
        self._known: set[str] = set()
        self._doing: dict[str, tuple[int, str]] = {}
        """Since when everybody does what they do, and where."""

    def see(self, time: int, name: str, body: object) -> None:
        """Take note of what somebody does."""
        match body:
            case Remembered(memory, kind, text, about=about) if self._is_in(text) and kind in ("observation", "chat"):
                told_by = about[0] if kind == "chat" and about else ""
                self.spread.told += _is_telling(text, told_by, name)
                if name not in self._known:
                    self._known.add(name)
                    self.spread.learned.append(Learned(name, time, told_by, memory))
            case Said(to=to, text=text) if self._is_in(text) and name not in self._known:
                self.spread.invented.append(Claim(name, to, time))
            case Decided(thought="invitation", answer=answer) if self._is_in(answer):
                self._note(name, self.spread.accepted if answer.startswith("yes") else self.spread.declined)
            case Acted(address=address):
                self._leave(time, name)
                self._doing[name] = time, address
            case _:
                pass

    def finish(self, end: int) -> None:
        """Count those who are still there at the end."""
        for name in [*self._doing]:
            self._leave(end + 1, name)

    def _is_in(self, text: str) -> bool:
        return self._text in text.casefold()

    def _note(self, name: str, where: list[str]) -> None:
        if name not in self.spread.accepted and name not in self.spread.declined:
            where.append(name)

    def _leave(self, time: int, name: str) -> None:
        item = self.spread.item
        if item.start is None or name not in self._doing or name in self.spread.came:
            return
        since, address = self._doing[name]
        if f"{address}:".startswith(f"{item.address}:") and since < item.start + LATE and time > item.start:
            self.spread.came.append(name)


def _is_telling(text: str, speaker: str, hearer: str) -> bool:
    return bool(speaker) and text.startswith(f"{speaker} told {hearer} ")


def _ties(before: Iterable[tuple[str, str]] | None, after: Iterable[tuple[str, str]], people: int) -> Ties:
    pairs = max(1, people * (people - 1) // 2)
    first = None if before is None else _mutual(set(before))
    last = _mutual(set(after))
    return Ties(None if first is None else first / pairs, last / pairs, first, last)


def _mutual(known: set[tuple[str, str]]) -> int:
    """Return how many pairs know each other."""
    return sum(one < other and (other, one) in known for one, other in known)
