"""The news of a run: what people have to tell from the start, and what they are told from outside."""

from __future__ import annotations

from collections.abc import Sequence

from agents.cognition.wording import clause
from engine.kernel.clock import DAY, Clock
from replay.spread import Item
from thorp.scenario import Plan

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
            items.setdefault(text, Item(text, person.name, start, address))
    for each in plan.interventions:
        if each.what.kind in TOLD and each.time <= until:
            text, gathering = clause(each.what.text or ""), each.what.gathering
            address = f"{plan.town_map.name}:{gathering.where}" if gathering and gathering.where else ""
            start = gathering.begins(plan.clock, each.time) if gathering and address else None
            host = each.what.to if each.what.kind == "inner_voice" else ""
            items.setdefault(text, Item(text, host, start, address))
    return tuple(items.values())


def _first(clock: Clock, second_of_day: int) -> int:
    """The first time of that hour from the start on."""
    time = clock.time_of(0, second_of_day)
    return time if time >= 0 else time + DAY
