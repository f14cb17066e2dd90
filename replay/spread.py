"""Who came to know what from whom, who knows whom, and who came where they were invited (Park et al. 2023, section 7).

All of it is read off the log of a run, and nothing is asked. Knowing something means to hold a memory of it: people who
say it, word for word, without one have invented it. Who speaks of it without one in other words hints at it: by a rule
over words that need not know better (`key_words`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import BadInput
from engine.record.events import WORLD_AGENT, Body, Decided, Event, Remembered, Said
from replay.clauses import Clauses, Utterance
from replay.gathering import LATE, Gathering
from replay.key_words import stems


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of news that a scenario starts, as it is passed on word for word."""

    text: str
    starts_with: str
    """Who has it from the beginning, or by an inner voice; empty when others bring it from outside."""
    start: int | None = None
    """When it takes place, if one can go to it, and where."""
    address: str = ""
    key_words: tuple[str, ...] = ()
    """The words by which it is known that a line speaks of it in other words (`replay.key_words`)."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Somebody comes to know an item at a time, from `source`; empty when from nobody who lives there."""

    person: str
    time: int
    source: str
    memory: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says to another one, word for word, what they have no memory of."""

    person: str
    to: str
    time: int


@dataclass(frozen=True, slots=True)
class Hint:
    """Somebody says to another one a line with a key word of what they have no memory of."""

    person: str
    to: str
    time: int
    text: str


@dataclass(slots=True)
class Spread:
    """How one item got about."""

    item: Item
    learned: list[Learned] = field(default_factory=list)
    """When everybody first came to know it, in order of time and then of people."""
    told: int = 0
    """How often somebody was told of it by somebody who lives there, those who knew already included."""
    invented: list[Claim] = field(default_factory=list)
    hinted: list[Hint] = field(default_factory=list)
    """Lines that seem to speak of it in other words, by people who had no memory of it; none if it has no key words."""
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

    def is_over(self, end: int) -> bool:
        """Whether nothing about a gathering can change any more, in a run that is known until `end`."""
        return self.item.start is not None and end >= self.item.start + LATE


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
    """The last moment that is known."""


def findings(
    events: Iterable[Event],
    names: Sequence[str],
    items: Sequence[Item],
    knows: Mapping[str, Iterable[str]] | None,
    until: int = 0,
) -> Findings:
    """Read what a log says; `knows` are the people that each person knows from the beginning, where that is known.

    `until` is a second before which all that happened is in the log; without, it is known until its last event. Raises
    `BadInput` about events of people who are not among `names`.
    """
    news = _News(items)
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
        news.see(time, name, body)
    news.finish(max(time, until - 1))
    return Findings(tuple(news.spreads), _ties(before, met, len(names)), max(time, until))


class _News:
    """Looks out for all items."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._watches = {item.text: _Watch(Spread(item)) for item in items}
        self._clauses = Clauses(list(self._watches))

    @property
    def spreads(self) -> list[Spread]:
        """How each got about."""
        return [watch.spread for watch in self._watches.values()]

    def see(self, time: int, name: str, body: Body) -> None:
        """Take note of what somebody does."""
        match body:
            case Remembered():
                is_telling = self._clauses.is_told(name, body)
                for text in self._clauses.remembered(name, body, self._known_by(name)):
                    self._watches[text].learn(time, name, body, is_telling=is_telling)
            case Said(to=to, text=line):
                self._hear(self._clauses.said(line), Hint(name, to, time, line))
            case Decided(thought="invitation", answer=answer):
                for text in self._clauses.decided(answer):
                    self._watches[text].decide(name, is_yes=answer.startswith("yes"))
            case _:
                for watch in self._watches.values():
                    watch.see(time, name, body)

    def finish(self, end: int) -> None:
        """Say who came, once everything has been seen."""
        for watch in self._watches.values():
            watch.finish(end)

    def _known_by(self, name: str) -> set[str]:
        return {text for text, watch in self._watches.items() if name in watch.known}

    def _hear(self, utterances: Sequence[Utterance], line: Hint) -> None:
        """Take note of what a line says that its speaker does not know: word for word, or else in other words."""
        known = self._known_by(line.person)
        claimed = {utterance.news[0] for utterance in utterances if known.isdisjoint(utterance.news)}
        rest = _words_beside(utterances, line.text).difference(
            *(self._watches[text].spread.item.key_words for text in known)
        )
        for text, watch in self._watches.items():
            if text in claimed:
                watch.spread.invented.append(Claim(line.person, line.to, line.time))
            elif not rest.isdisjoint(watch.spread.item.key_words):
                watch.spread.hinted.append(line)


class _Watch:
    """Looks out for one item."""

    def __init__(self, spread: Spread) -> None:
        self.spread = spread
        item = spread.item
        self.known: dict[str, int] = {}
        """Since when everybody knows it who does."""
        self._gathering = None if item.start is None else Gathering(item.start, item.address)

    def learn(self, time: int, name: str, memory: Remembered, *, is_telling: bool) -> None:
        """Take note of a memory by which somebody knows it, of being told it or not."""
        self.spread.told += is_telling
        if name not in self.known:
            source = memory.about[0] if memory.kind == "chat" and memory.about else ""
            self.known[name] = time
            self.spread.learned.append(Learned(name, time, source, memory.memory))

    def decide(self, name: str, *, is_yes: bool) -> None:
        """Take note of whether somebody means to go there."""
        if name not in (*self.spread.accepted, *self.spread.declined, self.spread.item.starts_with):
            (self.spread.accepted if is_yes else self.spread.declined).append(name)

    def see(self, time: int, name: str, body: Body) -> None:
        """Take note of what else somebody does."""
        if self._gathering is not None:
            self._gathering.see(time, name, body)

    def finish(self, end: int) -> None:
        """Say who came, once everything has been seen."""
        if self._gathering is None:
            return
        self._gathering.finish(end)
        host = self.spread.item.starts_with
        came, by_chance = self._gathering.came(self.known)
        self.spread.came, self.spread.passers_by = ([n for n in those if n != host] for those in (came, by_chance))
        self.spread.host_came = host in (*came, *by_chance)


def _words_beside(utterances: Sequence[Utterance], line: str) -> set[str]:
    """Return the stems of a line's words, but for those of the news that it says as it stands."""
    edges = [0, *(edge for each in utterances for edge in (each.start, each.end)), len(line)]
    return {stem for start, end in zip(edges[::2], edges[1::2], strict=True) for stem in stems(line[start:end])}


def _ties(before: frozenset[tuple[str, str]] | None, after: Iterable[tuple[str, str]], people: int) -> Ties:
    pairs = max(1, people * (people - 1) // 2)
    know = frozenset(after)
    first, last = None if before is None else _mutual(before), _mutual(know)
    return Ties(None if first is None else first / pairs, last / pairs, first, last, before or frozenset(), know)


def _mutual(known: frozenset[tuple[str, str]]) -> int:
    """Return how many pairs know each other."""
    return sum(one < other and (other, one) in known for one, other in known)
