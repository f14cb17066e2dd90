"""Which phrase of a list a name holds."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[\w-]+(?:['’]s\b|s['’](?!\w))?")
_OF_SOMEBODY = ("'s", "’s", "s'", "s’")


def longest(name: str, phrases: Iterable[str]) -> str:
    """Return the phrase with most words, all of which stand in the name in this order; "" when there is none.

    Of equally long ones the first counts. Words in the possessive are names of people ("Ryan Park's apartment") and
    count for nothing.
    """
    words = words_of(name)
    best = ""
    for phrase in phrases:
        parts = phrase.split()
        if len(parts) > len(best.split()) and _holds(words, parts):
            best = phrase
    return best


def words_of(name: str) -> list[str]:
    """Return the words of a name in lower case, without those in the possessive."""
    return [word for word in _WORD.findall(name.casefold()) if not word.endswith(_OF_SOMEBODY)]


def _holds(words: list[str], parts: list[str]) -> bool:
    left = iter(words)
    return all(part in left for part in parts)
