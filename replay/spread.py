"""Who came to know what from whom, who knows whom, and who came where they were invited (Park et al. 2023, section 7).

All of it is read off the log of a run, and nothing is asked. Knowing something means to hold a memory of it: people who
say what they have no memory of have invented it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import BadInput
from engine.record.events import WORLD_AGENT, Decided, Event, Remembered, Said
from replay.gathering import LATE, Gathering


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of news that a scenario starts, as it is passed on word for word."""

    text: str
    starts_with: str
    """Who has it from the beginning, or by an inner voice; empty when others bring it from outside."""
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
    """How often somebody was told of it by somebody who lives there, those who knew already included."""
    invented: list[Claim] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    """Which guests decided to go, and which not to, for the first time, in order."""
    declined: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    """Who of those invited was there in its time, and had known of it before they were."""
    passers_by: list[str] = field(default_factory=list)
    """Who else was there in its time: for something else, as far as the log knows."""
    host_came: bool = False
    """Whether the one who has it from the beginning was there."""

    @property
    def invited(self) -> list[str]:
        """Those who know of a gathering before it is too late to come, but not by themselves."""
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
    knew: frozenset[tuple[str, str]]
    """Who knew whom at the start, where that is known: (person, other)."""
    know: frozenset[tuple[str, str]]
    """Who knows whom at the end."""


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
        item = spread.item
        self._text = item.text.casefold()
        self._known: dict[str, int] = {}
        """Since when everybody knows it who does."""
        self._gathering = None if item.start is None else Gathering(item.start, item.address)

    def see(self, time: int, name: str, body: object) -> None:
        """Take note of what somebody does."""
        match body:
            case Remembered(memory, kind, text, about=about) if self._is_known_by(name, body):
                told_by = about[0] if kind == "chat" and about else ""
                self.spread.told += _is_telling(text, told_by, name)
                if name not in self._known:
                    self._known[name] = time
                    self.spread.learned.append(Learned(name, time, told_by, memory))
            case Said(to=to, text=text) if self._is_in(text) and name not in self._known:
                self.spread.invented.append(Claim(name, to, time))
            case Decided(thought="invitation", answer=answer) if self._is_in(answer):
                self._note(name, self.spread.accepted if answer.startswith("yes") else self.spread.declined)
            case _ if self._gathering is not None:
                self._gathering.see(time, name, body)
            case _:
                pass

    def finish(self, end: int) -> None:
        """Say who came, once everything has been seen."""
        if self._gathering is None:
            return
        self._gathering.finish(end)
        host = self.spread.item.starts_with
        came, by_chance = self._gathering.came(self._known)
        self.spread.came, self.spread.passers_by = ([n for n in those if n != host] for those in (came, by_chance))
        self.spread.host_came = host in (*came, *by_chance)

    def _is_known_by(self, name: str, memory: Remembered) -> bool:
        """Whether a memory is knowledge of the item: it was observed, told, or put into one's head by an inner voice.

        A plan to go there, or what one concludes from other memories, says nothing that one did not know before.
        """
        if memory.kind == "reflection":
            return not memory.evidence and memory.text.casefold() == f"{name.casefold()} thinks that {self._text}"
        return memory.kind in ("observation", "chat") and self._is_in(memory.text)

    def _is_in(self, text: str) -> bool:
        return self._text in text.casefold()

    def _note(self, name: str, where: list[str]) -> None:
        if name not in (*self.spread.accepted, *self.spread.declined, self.spread.item.starts_with):
            where.append(name)


def _is_telling(text: str, speaker: str, hearer: str) -> bool:
    return bool(speaker) and text.startswith(f"{speaker} told {hearer} ")


def _ties(before: frozenset[tuple[str, str]] | None, after: Iterable[tuple[str, str]], people: int) -> Ties:
    pairs = max(1, people * (people - 1) // 2)
    know = frozenset(after)
    first, last = None if before is None else _mutual(before), _mutual(know)
    return Ties(None if first is None else first / pairs, last / pairs, first, last, before or frozenset(), know)


def _mutual(known: frozenset[tuple[str, str]]) -> int:
    """Return how many pairs know each other."""
    return sum(one < other and (other, one) in known for one, other in known)
