"""When somebody gets up, eats, works and goes to bed, from what the original says of lifestyle and daily plan.

The rules are simple, and what they do not understand stays a sentence: a clause that begins with a verb becomes a habit
where a time and a place are known, from the clause itself or from the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agents.persona.smallville.places import Places
from agents.persona.smallville.sentences import sentences
from agents.persona.smallville.times import HOUR, MINUTE, TIME, Clocked, times_in

DAY = 24 * HOUR
USUAL, SHORTEST, LONGEST = 30, 5, 960
"""Minutes of a habit: where none are said, and the bounds of a persona of ours."""
MEAL = 45
MAX_DOING = 200

DAY_PARTS = {
    "early in the morning": 8 * HOUR, "in the morning": 9 * HOUR, "in the afternoon": 14 * HOUR,
    "in the evening": 19 * HOUR, "at night": 21 * HOUR,
}  # fmt: skip
"""When a part of the day begins that is named in the place of a time."""

_BED = re.compile(r"\b(?:goes?|going|gets?) to (?:bed|sleep)\b", re.I)
_UP = re.compile(r"\b(?:awakes?|wakes?|gets?|waking|getting)(?: up)?\b(?! to)", re.I)
_EATS = re.compile(r"\b(?:eats?|has|have|eating|having) (breakfast|lunch|dinner)\b", re.I)
_THEN = "at which point"
_CLAUSE = re.compile(
    rf",?\s*(?={_THEN})|;\s*|,\s*(?=(?:and |then )*(?:(?:she|he|they) )?[a-z]+s\b(?! of))"
    r"|\s+and (?=(?:returns|goes|closes|opens|leaves)\b)"
)
_LEAD = re.compile(rf"^(?:and |then |{_THEN},? |{'|'.join(f'{part},? ' for part in DAY_PARTS)})+", re.I)
_LIKES = re.compile(r"^(?:likes|loves|wants|needs|tries) to (?=[a-z])", re.I)
_WHEN = rf"(?:{TIME.pattern})"
_BEGINS = r"(?:starting |beginning )?(?:\b(?:from|at|around|about|by|until|till|between|before|after)\s+)?"
_SPAN = re.compile(
    rf",?\s*{_BEGINS}{_WHEN}(?:\s*(?:-|–|to|until|till|and)\s+{_WHEN})?(?:\s*(?:every ?day|daily|each day))?", re.I
)
_ALSO = re.compile(r"\band (do|eat|get|go|greet|have|make|play|read|research|socialize|study|take|watch|work|write)\b")
_GOES_ON = re.compile(rf"(?:she|he|they|then|afterwards|{'|'.join(DAY_PARTS)})\b", re.I)
"""How sentences begin that go on where and when the one before ended."""
_CLIPPED = re.compile(r"[^aeiou]*[aeiou][bdgmnpt]")
"""Verbs of one short syllable, whose last letter is doubled: "get", "plan"."""
_NOT_VERBS = frozenset(("is", "has", "was", "this", "his", "always", "sometimes", "classes"))


@dataclass(frozen=True, slots=True)
class RoutineAct:
    """A habit: from when (second of the day), for how many minutes, what, and where ("" for no place in particular)."""

    at: int
    minutes: int
    doing: str
    where: str


@dataclass(frozen=True, slots=True)
class Routine:
    """What was understood of a lifestyle and a daily plan, and the sentences that were not."""

    wakes: int | None
    sleeps: int | None
    acts: tuple[RoutineAct, ...]
    rest: tuple[str, ...]


def routine_of(lifestyle: str, plan: str, name: str, home: str, places: Places) -> Routine:
    """Read both texts; `name` is of whom they speak, and `home` the address where they live."""
    acts: dict[int, RoutineAct] = {}
    rest: list[str] = []
    teller = _Teller(name, home, places)
    for sentence in sentences(plan):
        found, understood = teller.acts(sentence)
        if not understood:
            rest.append(sentence)
        for act in found:
            acts.setdefault(act.at, act)
    for act in _meals(lifestyle):
        told = any(meal in other.doing for other in acts.values() for meal in act.doing.split()[-1:])
        if not told:
            acts.setdefault(act.at, act)
    ordered = tuple(acts[at] for at in sorted(acts))
    return Routine(_after(_UP, lifestyle), _after(_BED, lifestyle), ordered, tuple(rest))


def _after(verb: re.Pattern[str], text: str) -> int | None:
    """Return the first time after a verb, before the next comma or full stop."""
    found = verb.search(text)
    if found is None:
        return None
    clause = re.split(r"[,.;](?:\s|$)", text[found.end() :])[0]
    times = times_in(clause)
    return times[0].second if times else None


def _meals(lifestyle: str) -> Iterator[RoutineAct]:
    for found in _EATS.finditer(lifestyle):
        times = times_in(re.split(r"[,.;](?:\s|$)", lifestyle[found.end() :])[0])
        if times:
            yield RoutineAct(times[0].second, MEAL, f"having {found[1].lower()}", "")


class _Teller:
    """Reads a plan sentence by sentence; each may go on where and when the one before ended."""

    def __init__(self, name: str, home: str, places: Places) -> None:
        self._subjects = [each.casefold() for each in (name, *name.split()[:1], "she", "he", "they") if each]
        self._home = home
        self._places = places
        self._where = ""
        self._reached: int | None = None

    def acts(self, sentence: str) -> tuple[list[RoutineAct], bool]:
        """Return the habits in a sentence, and whether they are all that it says."""
        if not _GOES_ON.match(sentence):
            self._where, self._reached = "", None
        clauses = _clauses(sentence)
        found: list[RoutineAct] = []
        for number, clause in enumerate(clauses):
            act = self._act(clause, next(filter(None, map(_begins_at, clauses[number + 1 :])), None))
            if act is not None:
                found.append(act)
                self._where, self._reached = act.where, act.at + act.minutes * MINUTE
        return found, len(found) == len(clauses)

    def _act(self, clause: str, following: int | None) -> RoutineAct | None:
        where = self._places.find(clause) or (self._home if re.search(r"\bhome\b", clause) else self._where)
        doing, span = self._doing(clause), self._span(clause, following)
        if not doing or span is None or not where:
            return None
        return RoutineAct(span[0] % DAY, span[1], doing, where)

    def _span(self, clause: str, following: int | None) -> tuple[int, int] | None:
        """Return when a clause takes place: from which second on, for how many minutes.

        "from A to B" says it all; "at A" lasts for the usual time; "until B", and a clause without a time, begin where
        the clause before ended; the latter lasts until the time that a later clause names.
        """
        times, reached = times_in(clause), self._reached
        if len(times) > 1:
            return times[0].second, _minutes(times[0].second, times[1].second)
        begin = _begins_at(clause)
        if begin is not None:
            return begin, USUAL
        end = times[0].second if times else following
        if reached is None:
            return None
        if end is not None:
            return reached, _minutes(reached, end)
        return (reached, USUAL) if clause.strip(" ,").startswith(_THEN) else None

    def _doing(self, clause: str) -> str:
        """Return what a clause says in the -ing form, without its times; "" when it has no verb to begin with."""
        text = _LEAD.sub("", " ".join(_SPAN.sub(" ", clause).split()).strip(" ,."))
        subject = next((each for each in self._subjects if text.casefold().startswith(f"{each} ")), "")
        text = _LIKES.sub("", _LEAD.sub("", text[len(subject) :].strip()))
        for part in DAY_PARTS:
            text = re.sub(rf"\s*\b{part}$", "", text)
        verb, _, tail = text.partition(" ")
        if not verb.isalpha() or verb.casefold() in _NOT_VERBS:
            return ""
        plain, to, aim = tail.partition(" to ")  # verbs after "to" stay as they are
        doing = f"{ing(verb.lower())} {_ALSO.sub(lambda found: f'and {ing(found[1])}', plain)}{to}{aim}".strip()
        return doing if len(doing) <= MAX_DOING else ""


def _clauses(sentence: str) -> list[str]:
    """Return the clauses of a sentence; a part of the day that stands before one belongs to it."""
    clauses: list[str] = []
    lead = ""
    for clause in _CLAUSE.split(sentence):
        text = clause.strip(" ,.")
        if text.casefold() in (*DAY_PARTS, _THEN):
            lead = f"{text}, "
        elif text:
            clauses.append(f"{lead}{text}")
            lead = ""
    return clauses


def _begins_at(clause: str) -> int | None:
    """Return when a clause says that it begins; None when it says nothing of the kind."""
    times = times_in(clause)
    if len(times) > 1 or (times and not _is_end(clause, times[0])):
        return times[0].second
    part = next((part for part in DAY_PARTS if part in clause.casefold()), "")
    return DAY_PARTS[part] if part and not times else None


def _is_end(clause: str, time: Clocked) -> bool:
    return re.search(r"\b(?:until|till)\s+$", clause[: time.start], re.I) is not None


def _minutes(start: int, end: int) -> int:
    return min(max((end - start) % DAY // MINUTE, SHORTEST), LONGEST)


def ing(verb: str) -> str:
    """Return the -ing form of a verb, which may stand in the third person: "opens" becomes "opening"."""
    if verb.endswith("ing"):
        return verb
    if verb.endswith("ies"):
        verb = f"{verb[:-3]}y"
    elif verb.endswith(("shes", "ches", "xes", "sses", "oes")):
        verb = verb[:-2]
    elif verb.endswith("s") and not verb.endswith("ss"):
        verb = verb[:-1]
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    if _CLIPPED.fullmatch(verb):
        return f"{verb}{verb[-1]}ing"
    return f"{verb}ing"
