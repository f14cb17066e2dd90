"""The news of a run: what people have to tell from the start, and what they are told from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agents.cognition.wording import clause
from agents.persona.persona import Persona
from engine.kernel.clock import DAY, Clock
from replay.key_words import key_words
from replay.spread import Item
from thorp.scenario import Plan
from worlds.town.places import Place

TOLD = ("inner_voice", "broadcast", "visitor")
"""The kinds of interventions that say something."""


def news_of(plan: Plan, until: int) -> Sequence[Item]:
    """Return the pieces of news that start in a run until a time (simulated seconds, what happens then included).

    They are in the words in which people remember them and pass them on, whoever brought them.
    """
    items: dict[str, Item] = {}
    for person in plan.scenario.people:
        for news in person.news:
            text = clause(news.text)
            address = f"{plan.town_map.name}:{news.where}" if news.where else ""
            start = _first(plan.clock, news.at) if address and news.at is not None else None
            items.setdefault(text, Item(text, person.name, start, address, _key_words(plan, text, person.name)))
    for each in plan.interventions:
        if each.what.kind in TOLD and each.time <= until:
            text, gathering = clause(each.what.text or ""), each.what.gathering
            address = f"{plan.town_map.name}:{gathering.where}" if gathering and gathering.where else ""
            start = gathering.begins(plan.clock, each.time) if gathering and address else None
            host = each.what.to if each.what.kind == "inner_voice" else ""
            items.setdefault(text, Item(text, host, start, address, _key_words(plan, text, host)))
    return tuple(items.values())


def _key_words(plan: Plan, text: str, host: str) -> tuple[str, ...]:
    """Return by which words one can tell that a line speaks of a piece of news in other words.

    What the town has another use for is what its people are and do, but for the one who has the news, and what can be
    done with its objects.
    """
    town_map, people = plan.town_map, plan.scenario.people
    places: list[Place] = [town_map.town, *town_map.sectors, *town_map.arenas, *town_map.objects]
    names = [*(person.name for person in people), *(place.name for place in places)]
    lives = [line for person in people if person.name != host for line in _life(person)]
    uses = [use.activity for thing in town_map.objects for use in thing.affordances]
    return key_words(text, names, [*lives, *uses])


def _life(person: Persona) -> Iterator[str]:
    """Yield who somebody is and what they do."""
    yield from (person.traits, *person.biography, person.currently, person.lifestyle)
    yield from (habit.do for habit in person.habits)
    yield from person.knows.values()


def _first(clock: Clock, second_of_day: int) -> int:
    """The first time of that hour from the start on."""
    time = clock.time_of(0, second_of_day)
    return time if time >= 0 else time + DAY
