"""How somebody knows others, from what the original says of it: "her husband", "a close friend"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agents.persona.smallville.sentences import Voice

MAX_RELATION = 120
_RELATIVES = (
    "wife", "husband", "son", "daughter", "father", "mother", "brother", "sister", "housemate", "roommate", "dormmate",
    "partner", "boyfriend", "girlfriend", "friend", "neighbor", "neighbour", "colleague", "classmate", "boss",
)  # fmt: skip
_KIN = "|".join(_RELATIVES)
_NOUN = r"([\w\s-]{3,40}?)"
_END = r"(?=\s+(?:who|whom|but)\b|\s+and (?:she|he|they|the)\b|\s*[,;]|\s+--|$)"
"""What may follow the words for a relation."""


def ties_of(statements: Iterable[str], voice: Voice, names: Iterable[str]) -> dict[str, str]:
    """Return what statements about somebody say of how they know others of these names.

    The first that says how counts, else one that says no more than that they know each other.
    """
    others = [name for name in names if name != voice.name]
    close: dict[str, str] = {}
    distant: dict[str, str] = {}
    for statement in statements:
        for other in others:
            if other in statement and (relation := _relation(statement, other, voice)):
                close.setdefault(other, relation[:MAX_RELATION])
            elif other in statement and _have_met(statement, other, voice):
                distant.setdefault(other, f"somebody {voice.pronoun} {'know' if voice.pronoun == 'they' else 'knows'}")
    found = distant | close
    return {name: found[name] for name in others if name in found}


def _relation(statement: str, other: str, voice: Voice) -> str:
    """Return in what relation another person stands according to a statement; "" when it does not say."""
    them, me = re.escape(other), re.escape(voice.name)
    his = rf"(?:{voice.his}|his|her|their)"
    own = (
        rf"{them} is {his} {_NOUN}{_END}",
        rf".*\b{his} ((?:next[ -]door )?(?:{_KIN}))(?: of \d+ years)?,? {them}\b",
        rf".*{them}, {his} ((?:next[ -]door )?(?:{_KIN}))\b",
    )
    for pattern in own:
        if found := re.match(pattern, statement):
            return f"{voice.his} {found[1]}"
    others = (
        rf"{them} is (an? [\w\s-]{{3,40}}?)(?: to {voice.him})?{_END}",
        rf"{me} (?:knows|sees) {them} as (an? [^;]{{3,80}})$",
        rf".*\b(?:with|has) (an? (?:{_KIN})),? {them}\b",
        rf".*\b(the bartender)(?: at [\w\s]+)?,? {them}\b",
    )
    for pattern in others:
        if found := re.match(pattern, statement):
            return found[1]
    if found := re.match(rf"{me} and {them} are {_NOUN}(?:\s+and have\b|{_END})", statement):
        return f"one of {voice.his} {found[1]}" if found[1].endswith("s") else ""
    if re.match(rf"{me} is (?:close )?friends with {them}\b", statement):
        return "a friend"
    return "somebody close" if re.match(rf"{me} is close with {them}\b", statement) else ""


def _have_met(statement: str, other: str, voice: Voice) -> bool:
    them, me = re.escape(other), re.escape(voice.name)
    met = rf"{me} has (?:known|met|knonw) [^.]*{them}|{me} and {them} have known each other|{me} knows {them}\b"
    return re.match(met, statement) is not None
