"""Interventions: what happens to the people of a town from outside, at times that are known beforehand.

Because the times are known before the first second, nobody needs to wait for an intervention: what it says lies in the
mailboxes, and what it changes in the world, from the start on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from agents.cognition.mind import Call
from agents.persona.persona import Line, Tellable, too_long
from engine.config import Settings, check, read_yaml_list
from engine.contact import Impulse, Voice
from engine.errors import BadInput, nearest
from engine.kernel.clock import Clock
from engine.kernel.kernel import Kernel
from engine.record.events import Intervened
from replay.story import from_outside
from worlds.town.map import TownMap
from worlds.town.places import Place, UnknownAddress
from worlds.town.world import TownWorld

KEYS = {
    "inner_voice": ("to", "text"),
    "broadcast": ("text",),
    "visitor": ("to", "role", "text"),
    "embody": ("to", "do", "where"),
    "object": ("where", "state"),
}
"""What the kinds of interventions say besides `at` and `kind`."""
OPTIONS = {
    "inner_voice": ("gathering",),
    "broadcast": ("gathering",),
    "visitor": ("gathering",),
    "embody": ("minutes",),
}
"""What they may say besides."""
MINUTES = 30
"""How long somebody who is embodied does something, unless it is said."""
NOW = "now"
"""Stands in `at` for the first second that is still open, where a run has begun."""


def _as_written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value  # YAML takes a whole date and time for one


Moment = Annotated[str, BeforeValidator(_as_written)]
"""A time of day, a date and time, or a span after the start such as +3h."""


class Gathering(Settings):
    """What a voice invites to: from when, until when if that is known, and where; an address without the town's name.

    A time of day is the next one after it was spoken of.
    """

    at: Moment
    until: Moment | None = None
    where: str = ""

    def begins(self, clock: Clock, since: int) -> int:
        """Return the simulated second of its beginning. Raises `ValueError` about what is no time."""
        return clock.parse(self.at, since + 1)

    def ends(self, clock: Clock, since: int) -> int | None:
        """Return that of its end, if it is known. Raises `ValueError` about what is no time."""
        return None if self.until is None else clock.parse(self.until, self.begins(clock, since) + 1)


class Intervention(Settings):
    """Something that happens at a time.

    `inner_voice`: the person `to` has the thought `text`. `broadcast`: everybody hears `text`. `visitor`: somebody from
    outside, under the `role` that others know them by ("a reporter"), tells the person `to` that `text`. `embody`: the
    user acts as the person `to`, who goes to the address `where` and does there what `do` says, for some `minutes`.
    `object`: the object at the address `where` is in `state` from then on, whenever nobody uses it. Addresses leave the
    town's name out. What a voice says may be that there is a `gathering`, to which those who hear of it can go.
    """

    at: Moment
    kind: Literal["inner_voice", "broadcast", "visitor", "embody", "object"]
    to: str = ""
    role: Line | None = None
    """Who speaks, as one says it in the middle of a sentence: "a reporter", "Doctor Reeve"."""
    text: Tellable | None = None
    """What anybody can say as it stands, without a full stop: "the bridge is closed today"."""
    where: str = ""
    state: Line | None = None
    gathering: Gathering | None = None
    do: Line | None = None
    """As one says what somebody is doing: "baking a cake"."""
    minutes: int | None = Field(default=None, ge=5, le=480)
    since: int = Field(default=0, ge=0)
    """From which simulated second on the run knows of it: that at which it was forked or spoken to. Not the user's."""

    @property
    def settles(self) -> tuple[str, str] | None:
        """What it settles from its second on, so that no other one can in the same second; None if it settles nothing.

        That is the state of an object, or what a person does.
        """
        match self.kind:
            case "object":
                return self.kind, self.where
            case "embody":
                return self.kind, self.to
            case _:
                return None

    @model_validator(mode="after")
    def _says_what_its_kind_needs(self) -> Self:
        wanted = KEYS[self.kind]
        allowed = (*wanted, *OPTIONS.get(self.kind, ()))
        for key in ("to", "role", "text", "do", "where", "state", "gathering", "minutes"):
            if key in wanted and not getattr(self, key):
                raise ValueError(f"the kind {self.kind} needs '{key}'")
            if key not in allowed and getattr(self, key):
                raise ValueError(f"'{key}' does not go with the kind {self.kind} (allowed: at, {', '.join(allowed)})")
        return self


@dataclass(frozen=True, slots=True)
class Timed:
    """An intervention and its simulated second, 1 or later."""

    time: int
    what: Intervention


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom and what interventions can concern: the people by their index, the map, and the scenario's clock."""

    names: tuple[str, ...]
    town_map: TownMap
    clock: Clock


def timed(
    interventions: Sequence[Intervention],
    cast: Cast,
    source: str,
    place_of: Callable[[int], str],
    before: Sequence[Timed] = (),
) -> tuple[Timed, ...]:
    """Check interventions against people, map and clock, each other, and those that the run has `before`.

    `place_of` names the one of a number in `source`. Returns them in the order of their times. Raises `BadInput`.
    """
    found = []
    for number, each in enumerate(interventions):
        try:
            time = cast.clock.parse(each.at)
        except ValueError as error:
            raise BadInput(source, str(error), f"{place_of(number)}at") from None
        if "to" in KEYS[each.kind] and each.to not in cast.names:
            problem = f"nobody is called '{each.to}'{nearest(each.to, cast.names)}"
            raise BadInput(source, problem, f"{place_of(number)}to")
        if each.role in cast.names:
            problem = f"'{each.role}' is one of the people, who speak for themselves; a visitor comes from outside"
            raise BadInput(source, problem, f"{place_of(number)}role")
        if each.kind == "embody":
            _check_place(cast, each.where, source, f"{place_of(number)}where")
        if each.gathering is not None:
            _check_gathering(cast, each.gathering, time, source, f"{place_of(number)}gathering.")
        if each.kind == "object":
            local = [thing.address.removeprefix(f"{cast.town_map.name}:") for thing in cast.town_map.objects]
            if each.where not in local:
                problem = f"there is no object '{each.where}' on the map{nearest(each.where, local)}"
                raise BadInput(source, problem, f"{place_of(number)}where")
        found.append(Timed(max(1, time), each))
    _refuse_contradictions(found, before, cast, source, place_of)
    return tuple(sorted(found, key=lambda each: each.time))


def _refuse_contradictions(
    found: Sequence[Timed], before: Sequence[Timed], cast: Cast, source: str, place_of: Callable[[int], str]
) -> None:
    """Raise `BadInput` about the first one that settles what another one settles in the same second."""
    settled = {(each.time, each.what.settles): (each, "which the run has already") for each in before}
    for number, each in enumerate(found):
        if each.what.settles is None:
            continue
        other, which = settled.setdefault((each.time, each.what.settles), (each, f"{place_of(number)}at"))
        if other is not each:
            kind, name = each.what.settles
            what = f"'{name}' cannot " + ("come into two states" if kind == "object" else "be made to begin two things")
            problem = f"{what} in the same second; the other, {which}: {in_words(other, cast)}"
            raise BadInput(source, problem, f"{place_of(number)}at")


def _check_place(cast: Cast, where: str, source: str, key: str) -> None:
    try:
        cast.town_map.resolve(f"{cast.town_map.name}:{where}")
    except UnknownAddress:
        places: list[Place] = [*cast.town_map.sectors, *cast.town_map.arenas, *cast.town_map.objects]
        near = nearest(where, [place.address.removeprefix(f"{cast.town_map.name}:") for place in places])
        raise BadInput(source, f"there is no place '{where}' on the map{near}", key) from None


def _check_gathering(cast: Cast, gathering: Gathering, since: int, source: str, key: str) -> None:
    if gathering.where:
        _check_place(cast, gathering.where, source, f"{key}where")
    part = "at"
    try:
        begins = gathering.begins(cast.clock, since)
        part = "until"
        ends = gathering.ends(cast.clock, since)
    except ValueError as error:
        raise BadInput(source, str(error), f"{key}{part}") from None
    if begins <= since:
        problem = f"'{gathering.at}' is {cast.clock.label(begins)}, not after it is spoken of"
        raise BadInput(source, problem, f"{key}at")
    if ends is not None and ends <= begins:
        problem = f"'{gathering.until}' is {cast.clock.label(ends)}, not after it begins, {cast.clock.label(begins)}"
        raise BadInput(source, problem, f"{key}until")
    if ends is not None and (problem := too_long(cast.clock.second_of_day(begins), ends - begins)):
        raise BadInput(source, f"'{gathering.until}' is {cast.clock.label(ends)}, {problem}", f"{key}until")


def entries_of(entries: Sequence[Mapping[str, Any]], source: str) -> tuple[Intervention, ...]:
    """Return the interventions in a list of mappings. Raises `BadInput`."""
    return tuple(check(Intervention, data, f"{source}, entry {n}") for n, data in enumerate(entries, start=1))


def entry(number: int) -> str:
    """Return how a key of an entry of a list is named; numbers begin at 0."""
    return f"entry {number + 1}, key "


def timed_since(
    interventions: Sequence[Intervention],
    cast: Cast,
    source: str,
    since: int,
    *,
    before: Sequence[Timed] = (),
    then: str = "",
    remedy: str = "",
    place_of: Callable[[int], str] = entry,
) -> tuple[Timed, ...]:
    """Check interventions that a run is to know of from the simulated second `since` on; "now" becomes that second.

    The run has others `before`. Returns them in the order of their times. Raises `BadInput`; about an earlier time it
    says what is `then`, and a `remedy`.
    """
    now = cast.clock.at(since).isoformat()
    entries = [
        each.model_copy(update={"since": since, "at": now if each.at == NOW else each.at}) for each in interventions
    ]
    found = timed(entries, cast, source, place_of, before)
    for each in found:
        if each.time < since:
            at, limit = cast.clock.label(each.time), cast.clock.label(since)
            problem = f"'{each.what.at}' is {at}, before {then} ({limit}); what was cannot be changed{remedy}"
            raise BadInput(source, problem, f"{place_of(entries.index(each.what))}at")
    return found


def read_entries(path: Path) -> tuple[Intervention, ...]:
    """Read a YAML list of at least one intervention. Raises `BadInput`."""
    entries = entries_of(read_yaml_list(path), str(path))
    if not entries:
        raise BadInput(str(path), "holds no intervention")
    return entries


def read_interventions(path: Path, cast: Cast, since: int, before: Sequence[Timed] = ()) -> tuple[Timed, ...]:
    """Read a YAML list of interventions for a fork, all of them at the simulated second `since` or later.

    The run has others `before`. Raises `BadInput`.
    """
    return timed_since(read_entries(path), cast, str(path), since, before=before, then="the run is forked")


def event_of(what: Intervention, town: str) -> Intervened:
    """Return an intervention as the log tells it; `town` is the name of the map."""
    match what.kind:
        case "visitor":
            return Intervened(what.kind, what.to, f"{what.role} says that {what.text}")
        case "embody":
            return Intervened(what.kind, what.to, f"{what.do}, {what.where}")
        case "object":
            return Intervened(what.kind, f"{town}:{what.where}", what.state or "")
        case _:
            return Intervened(what.kind, what.to, what.text or "")


def in_words(each: Timed, cast: Cast) -> str:
    """Return when and what an intervention is, as it was understood: the day too."""
    return f"{cast.clock.label(each.time)}: {from_outside(event_of(each.what, cast.town_map.name))}"


def carry_out(interventions: Sequence[Timed], kernel: Kernel, world: TownWorld, cast: Cast) -> None:
    """Arrange for interventions. To be called before the first second."""
    names = cast.names
    for time, what in ((each.time, each.what) for each in interventions):
        address = f"{world.map.name}:{what.where}"
        match what.kind:
            case "object":
                world.set_state(address, time, what.state or "")
            case "broadcast":
                kernel.announce(time, range(len(names)), _voice(time, what, cast))
            case "embody":
                kernel.announce(time, [names.index(what.to)], Impulse(what.do or "", address, what.minutes or MINUTES))
            case _:
                kernel.announce(time, [names.index(what.to)], _voice(time, what, cast))
        kernel.log_world(time, event_of(what, world.map.name))


def _voice(time: int, what: Intervention, cast: Cast) -> Voice:
    """Return what is heard of a broadcast, an inner voice or a visitor."""
    voice = Voice(what.kind, what.text or "", what.role or "")
    if what.gathering is None:
        return voice
    address = f"{cast.town_map.name}:{what.gathering.where}" if what.gathering.where else ""
    start, end = what.gathering.begins(cast.clock, time), what.gathering.ends(cast.clock, time)
    return replace(voice, start=start, end=end, address=address)


def calls_of(interventions: Sequence[Timed], name: str) -> tuple[Call, ...]:
    """Return when a person is embodied, in the order of the times."""
    return tuple(Call(each.time, each.what.since) for each in interventions if _embodies(each.what, name))


def _embodies(what: Intervention, name: str) -> bool:
    return what.kind == "embody" and what.to == name
