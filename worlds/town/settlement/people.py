"""The people of a settlement, as the entries of a scenario."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Any

from worlds.town.settlement import trades
from worlds.town.settlement.names import Names
from worlds.town.settlement.quarter import Quarter
from worlds.town.settlement.trades import Trade

MOST = 3
"""People in one household."""
FIGURES = 16
_AWAY = 0.12
"""How often a habit takes place in another quarter."""
_UNSAID = 0.15
"""How often only the lifestyle tells when somebody gets up."""
_NEWS = 0.1

Entry = dict[str, Any]


@dataclass(slots=True)
class _Person:
    """Somebody in the making."""

    name: str
    pronoun: str
    age: int
    home: str
    quarter: int
    trade: Trade | None = None
    knows: dict[str, str] = field(default_factory=dict)

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


def households(people: int, rng: Random) -> list[int]:
    """Divide the people of a quarter into households of 1 to 3."""
    sizes = [2] * max(1, -(-people * 4 // 9))
    while (over := sum(sizes) - people) != 0:
        step = -1 if over > 0 else 1
        sizes[rng.choice([i for i, size in enumerate(sizes) if 1 <= size + step <= MOST])] += step
    for _ in range(len(sizes) // 2):
        gains = [i for i, size in enumerate(sizes) if size < MOST]
        loses = [i for i, size in enumerate(sizes) if size > 1]
        if gains and loses and (gain := rng.choice(gains)) != (lose := rng.choice(loses)):
            sizes[gain] += 1
            sizes[lose] -= 1
    return sizes


def settle(quarters: Sequence[Quarter], sizes: Sequence[Sequence[int]], names: Names, rng: Random) -> list[Entry]:
    """People all homes; `sizes` are the households of each quarter, who move into its homes in turn."""
    everybody: list[_Person] = []
    for number, quarter in enumerate(quarters):
        first_names: set[str] = set()
        inhabitants = []
        for home, size in zip(cycle(quarter.homes), sizes[number], strict=False):
            family = _household(size, home.ground.name, number, first_names, names, rng)
            first_names |= {person.first_name for person in family}
            inhabitants += family
        _employ(inhabitants, rng)
        _acquaint(inhabitants, rng)
        everybody += inhabitants
    _acquaint_across(everybody, rng)
    return [_entry(person, index, quarters, rng) for index, person in enumerate(everybody)]


def _household(size: int, home: str, quarter: int, taken: set[str], names: Names, rng: Random) -> list[_Person]:
    """Return people who live together, and let them know each other."""
    family = next(names.families)
    friends = size == MOST and rng.random() < 0.2
    old = not friends and size < MOST and rng.random() < 0.3
    members: list[_Person] = []
    for number in range(size):
        age = _age_of_first(size, old, rng)
        if members:
            is_child = not friends and not old and (number == MOST - 1 or rng.random() < 0.25)
            eldest = members[0].age
            age = rng.randint(5, min(17, eldest - 20)) if is_child else min(90, max(20, eldest + rng.randint(-6, 6)))
        pronoun = rng.choice(("she", "she", "she", "she", "he", "he", "he", "he", "they"))
        besides = taken | {member.first_name for member in members}
        name = names.person(pronoun, next(names.families) if friends else family, besides)
        members.append(_Person(name, pronoun, age, home, quarter))
    for person in members:
        for other in members:
            if other is not person:
                person.knows[other.name] = "a housemate" if friends else _kin(person, other)
    return members


def _age_of_first(size: int, old: bool, rng: Random) -> int:
    if old:
        return rng.randint(66, 88)
    return rng.randint(26, 62) if size > 1 else rng.randint(21, 85)


def _kin(person: _Person, other: _Person) -> str:
    their = {"she": "her", "he": "his", "they": "their"}[person.pronoun]
    if other.age < 18 <= person.age:
        return f"{their} {_word(other, 'daughter', 'son', 'child')}"
    if person.age < 18 <= other.age:
        return f"{their} {_word(other, 'mother', 'father', 'parent')}"
    if person.age < 18:
        return f"{their} {_word(other, 'sister', 'brother', 'sibling')}"
    return f"{their} {_word(other, 'wife', 'husband', 'partner')}"


def _word(person: _Person, she: str, he: str, they: str) -> str:
    return {"she": she, "he": he, "they": they}[person.pronoun]


def _employ(people: list[_Person], rng: Random) -> None:
    """Send children to school and give work to those who are of age for it."""
    essential, others = list(trades.TRADES[: trades.ESSENTIAL]), list(trades.TRADES[trades.ESSENTIAL :])
    rng.shuffle(essential)
    rng.shuffle(others)
    vacancies = [*essential, *others]
    grown = [person for person in people if 18 <= person.age <= 68]
    rng.shuffle(grown)
    for number, person in enumerate(grown):
        person.trade = vacancies[number % len(vacancies)]
    for person in people:
        if person.age < 18:
            person.trade = trades.PUPIL


def _acquaint(people: list[_Person], rng: Random) -> None:
    """Let people know those with whom they work, and some neighbours."""
    at_work: dict[str, list[_Person]] = defaultdict(list)
    for person in people:
        if person.trade:
            at_work[person.trade.kind].append(person)
    for colleagues in at_work.values():
        for person in colleagues:
            for other in rng.sample(colleagues, min(3, len(colleagues))):
                if other is not person:
                    _introduce(person, other, *_at_work(person, other))
    for person in people:
        for other in rng.sample(people, min(2, len(people))):
            if other is not person:
                relation = rng.choice(("a neighbour", "a good friend", "an old friend", "a friend from the pub"))
                _introduce(person, other, relation, relation)


def _acquaint_across(people: list[_Person], rng: Random) -> None:
    """Let some know somebody of another quarter."""
    for person in people:
        other = rng.choice(people)
        if other.quarter != person.quarter and rng.random() < 0.4:
            relation = rng.choice(("a friend from school days", "a cousin", "a friend from the choir"))
            _introduce(person, other, relation, relation)


def _at_work(person: _Person, other: _Person) -> tuple[str, str]:
    pupils = person.trade is trades.PUPIL, other.trade is trades.PUPIL
    match pupils:
        case (True, True):
            return "a classmate", "a classmate"
        case (True, False):
            return "somebody from school", "one of the pupils"
        case (False, True):
            return "one of the pupils", "somebody from school"
        case _:
            return "a colleague", "a colleague"


def _introduce(person: _Person, other: _Person, theirs: str, ours: str) -> None:
    """Let two people know each other, if they do not."""
    person.knows.setdefault(other.name, theirs)
    other.knows.setdefault(person.name, ours)


def _entry(person: _Person, index: int, quarters: Sequence[Quarter], rng: Random) -> Entry:
    quarter, trade, first = quarters[person.quarter], person.trade, person.first_name
    if trade:
        wakes = max(5 * 60, trade.begins - 5 * rng.randint(10, 24)) if trade.begins < 600 else 5 * rng.randint(84, 102)
    else:
        wakes = 5 * rng.randint(66, 96)
    sleeps = (5 * rng.randint(246, 264) if person.age < 18 else 5 * rng.randint(258, 294)) % 1440
    if trade and trade.ends > 20 * 60:
        sleeps = 5 * rng.randint(276, 294) % 1440
    first_line = f"{person.name} is {_work_in_words(trade, quarter)}" if trade else f"{person.name} has retired"
    entry: Entry = {
        "name": person.name,
        "age": person.age,
        "pronoun": person.pronoun,
        "traits": "{}, {} and {}".format(*rng.sample(trades.TRAITS, 3)),
        "biography": [first_line, f"{first} {rng.choice(trades.HOBBIES)}", f"{first} {rng.choice(trades.ORIGINS)}"],
        "currently": f"{first} {rng.choice(trades.CONCERNS)}",
        "lifestyle": f"{first} gets up at {in_words(wakes)} and goes to bed at {in_words(sleeps)}.",
        "home": person.home,
    }
    if trade:
        entry["work"] = address(quarter, trade.kind, trade.arena)
    if rng.random() >= _UNSAID:
        entry |= {"wakes": clock(wakes), "sleeps": clock(sleeps)}
    entry["figure"] = index % FIGURES
    entry["habits"] = list(_habits(person, wakes, quarters, rng))
    if rng.random() < _NEWS or index == 0:
        entry["news"] = [_news(quarter, rng)]
    entry["knows"] = person.knows
    return entry


def _work_in_words(trade: Trade, quarter: Quarter) -> str:
    place = address(quarter, trade.kind, trade.arena).partition(":")[0]
    return f"{'an' if trade.title[0] in 'aeiou' else 'a'} {trade.title} at {place}"


def _habits(person: _Person, wakes: int, quarters: Sequence[Quarter], rng: Random) -> Iterator[Entry]:
    """Yield 2 to 5 habits by time: breakfast, work, lunch, pastimes."""
    quarter, trade = quarters[person.quarter], person.trade
    found: dict[int, Entry] = {}
    breakfast = wakes + 5 * rng.randint(4, 8)
    if breakfast >= 7 * 60 and rng.random() < 0.4:
        at_cafe = address(quarter, "cafe", "dining room")
        found[breakfast] = _habit(breakfast, "drinking a coffee and eating breakfast", at_cafe, 25)
    else:
        found[breakfast] = _habit(breakfast, "having breakfast", person.home, 20)
    if trade:
        here = address(quarter, trade.kind, trade.arena)
        acts = rng.sample(trade.acts, min(len(trade.acts), rng.randint(1, 2)))
        found[trade.begins] = _habit(trade.begins, acts[0], here, 15 * rng.randint(4, 10))
        if len(acts) > 1:
            again = max(trade.begins + 180, 13 * 60 + 30)
            found[again] = _habit(again, acts[1], here, 15 * rng.randint(3, 6))
    if (not trade or trade.begins < 11 * 60) and rng.random() < 0.5:
        lunch = 12 * 60 + 5 * rng.randint(0, 12)
        where = rng.choice(
            (person.home, address(quarter, "cafe", "dining room"), address(quarter, "park", "pond side"))
        )
        found[lunch] = _habit(lunch, "having lunch", where, 30)
    busy = range(trade.begins, trade.ends) if trade else range(0)
    for pastime in rng.sample(trades.PASTIMES, 4):
        at = 60 * rng.randint(pastime.earliest, pastime.latest) + 15 * rng.randrange(4)
        if len(found) < 5 and at not in busy and all(abs(at - other) >= 60 for other in found) and at > wakes + 30:
            there = rng.choice(quarters) if rng.random() < _AWAY else quarter
            found[at] = _habit(at, pastime.do, address(there, pastime.kind, pastime.arena), 15 * rng.randint(2, 5))
    if len(found) < 2:
        found[19 * 60] = _habit(19 * 60, "having dinner", person.home, 30)
    yield from (found[at] for at in sorted(found))


def _habit(at: int, do: str, where: str, minutes: int) -> Entry:
    return {"at": clock(at), "do": do, "where": where, "minutes": minutes}


def _news(quarter: Quarter, rng: Random) -> Entry:
    if rng.random() < 0.5:
        return {"text": rng.choice(trades.RUMOURS)}
    text, place, hour = rng.choice(trades.EVENTS)
    where = address(quarter, *place.split(":"))
    return {
        "text": f"{text} at {where.partition(':')[0]} today at {in_words(60 * hour)}",
        "at": clock(60 * hour),
        "where": where,
    }


def address(quarter: Quarter, kind: str, arena: str) -> str:
    """Return the address of an arena in the sector of a kind, without the town's name."""
    name = next(site.ground.name for site in quarter.public if site.ground.kind == kind)
    return f"{name}:{arena}"


def clock(minutes: int) -> str:
    """Return minutes since midnight as "06:30"."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


_HOURS = (
    "midnight",
    *["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
)


def in_words(minutes: int) -> str:
    """Return a time of day to the nearest quarter of an hour, as one says it."""
    hour, quarter = divmod((minutes + 7) // 15, 4)
    names = [_HOURS[hour % 24 if hour % 24 <= 12 else hour % 24 - 12], _HOURS[(hour + 1) % 12 or 12]]
    if quarter == 0:
        return names[0]
    return ("", f"a quarter past {names[0]}", f"half past {names[0]}", f"a quarter to {names[1]}")[quarter]
