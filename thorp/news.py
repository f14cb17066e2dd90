"""The news of a run: what people have to tell from the start, and what they are told from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.kernel.clock import DAY, Clock
from engine.record.events import Event, Intervened
from replay.spread import Item
from thorp.scenario import Plan


def news_of(events: Iterable[Event], plan: Plan | None) -> Sequence[Item]:
    """Return the pieces of news that start in a run; of an imported one, without a plan, only those from outside."""
    items: dict[str, Item] = {}
    for person in plan.scenario.people if plan else ():
        for news in person.news:
            address = f"{plan.town_map.name}:{news.where}" if plan and news.where else ""
            start = _first(plan.clock, news.at) if plan and address and news.at is not None else None
            items.setdefault(news.text, Item(news.text, person.name, start, address))
    for event in events:
        match event.body:
            case Intervened(kind, to, text) if kind in ("inner_voice", "broadcast", "visitor") and text:
                items.setdefault(text, Item(text, to if kind == "inner_voice" else ""))
            case _:
                pass
    return tuple(items.values())


def _first(clock: Clock, second_of_day: int) -> int:
    """The first time of that hour from the start on."""
    time = clock.time_of(0, second_of_day)
    return time if time >= 0 else time + DAY
