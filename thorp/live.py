"""Speaking to a run that has begun: interventions that another process hands over while it is going on.

They lie in the run's inbox until whoever performs it comes to a moment at which nothing is half done. From the first
second that is still open then, which the manifest takes note of, the run knows of them, as if it had been forked there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.config import parse_yaml_list
from engine.errors import Addressed, BadInput
from engine.kernel.clock import Clock
from engine.record.event_log import EventLog
from engine.record.inbox import Inbox
from engine.record.manifest import Letter, Manifest
from engine.record.run_folder import RunFolder
from engine.untrusted import printable
from thorp.interventions import NOW, Intervention, Timed, entries_of, entry, in_words, read_entries, timed_since
from thorp.manifest import Book, now, plan_from
from thorp.scenario import Plan

MOST_LETTERS = 600
"""Of what is wrong with a letter."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Checked interventions for a run, and the second (simulated) before which it can be changed no more."""

    folder: RunFolder
    plan: Plan
    interventions: tuple[Intervention, ...]
    happens: tuple[Timed, ...]
    """The same with their times, as far as can be told: what is for now happens when the run takes it in."""
    since: int

    @property
    def beyond(self) -> str:
        """Which of them lie beyond the end that the run is asked to last to, as a sentence; empty if none does."""
        return beyond(self.happens, self.plan)


def prepare_delivery(path: Path, entries: Path | Intervention) -> Delivery:
    """Check interventions, a file of them or a single one, against a run. Raises `BadInput`; changes nothing."""
    folder = RunFolder.open(path)
    plan = plan_from(folder.manifest, path)
    source = "intervene" if isinstance(entries, Intervention) else str(entries)
    interventions = (entries,) if isinstance(entries, Intervention) else read_entries(entries)
    since = settled(folder)
    waiting = _with_what_waits(Inbox(folder.path), plan, since)
    happens = timed_since(
        interventions,
        plan.cast,
        source,
        since,
        before=waiting.interventions,
        then=f"what is still open in {path}",
        remedy=", but thorp fork makes another run in which it is",
        place_of=(lambda _: "key ") if isinstance(entries, Intervention) else entry,
    )
    return Delivery(folder, plan, interventions, happens, since)


def _with_what_waits(inbox: Inbox, plan: Plan, since: int) -> Plan:
    """Return a plan with what has been handed over before and is not taken in yet; what will be refused does not count.

    Nor does what was taken in a moment ago: the plan has it.
    """
    for name in inbox.letters():
        with suppress(BadInput):
            plan = plan.with_interventions(_read(inbox, name, plan, since).happens)
    return plan


def beyond(happens: Sequence[Timed], plan: Plan) -> str:
    """Return a sentence about interventions that lie beyond the end of a run; empty if none does."""
    count = sum(each.time >= plan.end for each in happens)
    if not count:
        return ""
    which = "It lies" if len(happens) == 1 else f"{count} of them lie" if count > 1 else "One of them lies"
    return f"{which} beyond the end of the run, {plan.clock.label(plan.end)}"


def settled(folder: RunFolder) -> int:
    """Return the first second that is still open, as far as the log tells. Raises `BadInput` when it is damaged."""
    since = max(folder.manifest.reached, 1 + max((event.key.time for event in folder.whole_events()), default=-1))
    try:
        Clock(datetime.fromisoformat(folder.manifest.start)).at(since)
    except OverflowError as error:
        raise BadInput(
            str(folder.events_path), f"an event at second {since - 1} lies too far from the start"
        ) from error
    return since


def hand_over(what: Delivery) -> str:
    """Put interventions into the run's inbox. Returns the letter's name. Raises `BadInput` and `RunFailed`."""
    entries = [each.model_dump(mode="json", exclude_defaults=True, exclude={"since"}) for each in what.interventions]
    return Inbox(what.folder.path).put(json.dumps(entries, ensure_ascii=False).encode())


def taken_in(path: Path, letter: str) -> Letter | None:
    """Return what a run's manifest says about a letter; None while it waits. Raises `BadInput`."""
    return next((each for each in Manifest.read(path).letters if each.name == letter), None)


class Audience:
    """Takes in what is handed over to a run, for whoever performs it and so holds the locks of its logs."""

    def __init__(self, book: Book, say: Say) -> None:
        self._book = book
        self._say = say
        self._inbox = Inbox(book.folder.path)
        self._has_called = False

    def listen(self, log: EventLog) -> None:
        """Raise `Addressed`, once, if something waits and all that is recorded has come to pass again."""
        if log.caught_up and not self._has_called and self.is_waited_for:
            self._has_called = True
            raise Addressed

    @property
    def is_waited_for(self) -> bool:
        """Whether something waits to be taken in. Quick to tell."""
        return not self._inbox.is_empty

    def take_in(self, plan: Plan, since: int, *, strict: bool = False) -> Plan:
        """Enter what waits in the manifest, and return the plan with it; `since` is the first second that is open.

        What asked for an earlier second happens in that one. A letter that makes no sense is said and left where it is,
        or raises `BadInput` if this is to be `strict`. Raises `RunFailed` when the disk refuses.
        """
        self._has_called = False
        names = self._inbox.letters()
        known = {each.name for each in self._book.folder.manifest.letters}
        taken: list[Letter] = []
        for name in names:
            if name in known:  # a crash came before it was taken away
                continue
            try:
                letter = _read(self._inbox, name, plan, since)
            except BadInput as fault:
                fault = BadInput(fault.source, f"{fault.problem} (it was handed over; remove it)", fault.place)
                if strict:
                    raise fault from None
                self._say(f"{printable(str(fault)[:MOST_LETTERS])}; the run goes on without it")
                self._inbox.put_aside(name)
                continue
            plan = plan.with_interventions(letter.happens)
            taken.append(Letter(name=name, created=now(), since=since, interventions=len(letter.happens)))
            for each in letter.happens:
                heard = f"{plan.clock.label(since)}, for " if each.time > since else ""
                self._say(f"Heard at {heard}{in_words(each, plan.cast)}")
            for each in letter.overtaken:
                self._say(f"Too late, and overtaken by what comes after it: {in_words(each, plan.cast)}")
        if taken:
            scenario = plan.scenario.model_dump(mode="json")
            self._book.enter(scenario=scenario, letters=[*self._book.folder.manifest.letters, *taken])
        self._inbox.take_away([*(name for name in names if name in known), *(each.name for each in taken)])
        return plan


@dataclass(frozen=True, slots=True)
class _Read:
    """What stands in a letter: what is to happen, and what has come too late for that."""

    happens: tuple[Timed, ...]
    overtaken: tuple[Timed, ...]


def _read(inbox: Inbox, name: str, plan: Plan, since: int) -> _Read:
    """Read a letter; what has come too late happens now, for it was in time when it was accepted. Raises `BadInput`."""
    source = str(inbox.path / name)
    entries = entries_of(parse_yaml_list(inbox.read(name), source), source)
    times = [_second(each.at, plan.clock, since) for each in entries]
    overtaken = _overtaken(entries, times, plan, since)
    left = [number for number in range(len(entries)) if number not in overtaken]
    in_time = [entries[n].model_copy(update={"at": NOW}) if times[n] < since else entries[n] for n in left]
    happens = timed_since(
        in_time, plan.cast, source, since, before=plan.interventions, place_of=lambda number: entry(left[number])
    )
    return _Read(happens, tuple(Timed(times[number], entries[number]) for number in overtaken))


def _overtaken(entries: Sequence[Intervention], times: Sequence[int], plan: Plan, since: int) -> list[int]:
    """Return the numbers of those that have come too late and would settle at `since` what a later one settles then."""
    settled = {each.what.settles for each in plan.interventions if each.time == since}
    overtaken = []
    for number in sorted(range(len(entries)), key=lambda number: (-times[number], -number)):
        settles = entries[number].settles
        if settles is None or times[number] > since:
            continue
        if times[number] < since and settles in settled:
            overtaken.append(number)
        settled.add(settles)
    return sorted(overtaken)


def _second(at: str, clock: Clock, since: int) -> int:
    """Return when that is; what is no time counts as now, and is refused later."""
    with suppress(ValueError):
        return since if at == NOW else clock.parse(at)
    return since
