"""A person of ours made of one of the original's, by simple rules; docs/import.md says which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.persona.persona import Persona
from agents.persona.smallville.places import Places
from agents.persona.smallville.records import PersonaRecord, Scratch
from agents.persona.smallville.routine import Routine, routine_of
from agents.persona.smallville.sentences import MAX_LINE, Voice, of_somebody, pronoun_in, sentences
from agents.persona.smallville.ties import ties_of
from agents.persona.smallville.times import clock_text
from engine.untrusted import printable

_JOB = re.compile(
    r"\b(?:owner|bartender|shop ?keepers?|shop keeping|clerk|cashier|barista|pharmacist|librarian|professor|teacher"
    r"|student|works?|working|employee|manager|managing|running|teaches|studying)\b",
    re.I,
)
_STATUS = re.compile(r"^Status:\s*", re.I)


@dataclass(frozen=True, slots=True)
class Settled:
    """A person of ours, as a scenario writes it, and what did not go into it."""

    entry: Mapping[str, Any]
    notes: tuple[str, ...]


def settle(
    record: PersonaRecord, number: int, names: Iterable[str], whispers: Sequence[str], places: Places
) -> Settled:
    """Make a person of a record; `number` chooses the figure, `names` are of all who live there."""
    scratch = record.scratch
    voice = Voice(scratch.name, pronoun_in(scratch.learned, scratch.currently, scratch.lifestyle))
    home = _local(scratch.living_area)
    routine = routine_of(scratch.lifestyle, scratch.daily_plan_req, scratch.name, home, places)
    told = [of_somebody(whisper, voice) for whisper in whispers]
    learned = [_named(line, voice) for line in sentences(scratch.learned)]
    now, more = _currently(scratch, voice)
    life = [*learned, *more, *(_named(line, voice) for line in routine.rest), *told]
    biography = list(dict.fromkeys(line[:MAX_LINE] for line in life if line)) or [f"{scratch.name} lives here"]
    notes = [] if home else [f"{scratch.name} has no home: the living area is '{scratch.living_area[:80]}'"]
    entry: dict[str, Any] = {
        "name": scratch.name,
        "age": min(max(scratch.age, 1), 120),
        "pronoun": voice.pronoun,
        "traits": _line(scratch.innate) or "ordinary",
        "biography": biography,
        "currently": now,
        "lifestyle": _line(scratch.lifestyle) or f"{scratch.name} lives as most people do",
        "home": home,
    }
    entry |= _optional(routine, _work(scratch, places), ties_of([*told, *learned, now, *more], voice, names))
    known = [address for address in _known(record) if places.has(address)]
    return Settled(entry | ({"knows_places": known} if known else {}) | {"figure": number}, tuple(notes))


def check(entry: Mapping[str, Any]) -> Persona:
    """Return the person as scenarios read it. Raises pydantic's `ValidationError`."""
    return Persona.model_validate(dict(entry))


def _optional(routine: Routine, work: str, knows: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"work": work} if work else {}
    for key, second in (("wakes", routine.wakes), ("sleeps", routine.sleeps)):
        if second is not None:
            found[key] = clock_text(second)
    habits = []
    for act in routine.acts:
        habit: dict[str, Any] = {"at": clock_text(act.at), "do": act.doing}
        habits.append(habit | ({"where": act.where} if act.where else {}) | {"minutes": act.minutes})
    found |= {"habits": habits} if habits else {}
    return found | ({"knows": dict(knows)} if knows else {})


def _local(address: str) -> str:
    """Return an address without the world's name."""
    return ":".join(part.strip() for part in address.split(":")[1:] if part.strip())


def _line(text: str) -> str:
    """Return a text as one line, cut where it is too long."""
    whole = " ".join(printable(text).split())
    return whole if len(whole) <= MAX_LINE else f"{whole[: MAX_LINE - 1].rsplit(' ', 1)[0]}…"


def _named(sentence: str, voice: Voice) -> str:
    """Return a sentence that says whom it is about, so that it can stand alone."""
    pronoun = voice.pronoun.capitalize()
    if voice.pronoun != "they" and sentence.startswith(f"{pronoun} "):
        return f"{voice.name}{sentence[len(pronoun) :]}"
    first = sentence.split(" ", 1)[0]
    mentioned = any(part in sentence for part in (voice.name, *voice.name.split()[:1]))
    if mentioned or first in ("She", "He", "They", "The", "Her", "His", "Their") or not first[:1].isupper():
        return sentence
    return f"{voice.name} means to {sentence[:1].lower()}{sentence[1:]}"


def _currently(scratch: Scratch, voice: Voice) -> tuple[str, list[str]]:
    """Return what occupies the person, as much of it as fits on a line, and the sentences that do not."""
    lines = sentences(_STATUS.sub("", scratch.currently))
    now: list[str] = []
    while lines and len(". ".join([*now, lines[0]])) <= MAX_LINE:
        now.append(lines.pop(0))
    return ". ".join(now) or f"{scratch.name} goes about the day", [_named(line, voice) for line in lines]


def _work(scratch: Scratch, places: Places) -> str:
    """Return the first place that a sentence on what the person does for a living names."""
    for line in (*sentences(scratch.learned), *sentences(scratch.currently), *sentences(scratch.daily_plan_req)):
        if _JOB.search(line) and (place := places.find(line)) and not _local(scratch.living_area).startswith(place):
            return place
    return ""


def _known(record: PersonaRecord) -> Iterable[str]:
    for sectors in (record.spatial or {}).values():
        for sector, arenas in sectors.items():
            for arena in arenas:
                yield f"{sector.strip()}:{arena.strip()}"
