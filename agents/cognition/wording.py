"""Whether a written text is fit to be said or remembered.

Small models loop, echo what they were given, copy examples, bring in people who do not exist, and stop in the middle.
What is caught here is dropped and the next sample is tried; a mind that has none left asks once more, and then takes a
plain line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from agents.cognition.ordinary import beginning_names, is_ordinary

COPIED_WORDS = 4
"""So many words in a row that also stand in a prompt's examples are copied."""
_WORD = re.compile(r"[A-Za-z']+")
_LETTERS = re.compile(r"[a-z]+")
"""So that "Ida's" names Ida."""
_NAME = re.compile(r"(?<=[a-z,;'’] )[A-Z][a-z]+\b")
"""A capital inside a sentence: a name, or a word such as "Monday"."""


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def loops(text: str) -> bool:
    """Whether a text says the same three words twice, or one word again right away ("so so", "old and old")."""
    found = words(text)
    triples = list(zip(found, found[1:], found[2:], strict=False))
    again = any(a == b or (a == c and len(a) > 2) for a, b, c in triples)
    return len(set(triples)) < len(triples) or again


def echoes(text: str, others: Iterable[str]) -> bool:
    """Whether a text repeats another one: half of its pairs of neighbouring words or more."""
    pairs = _pairs(text)
    return bool(pairs) and any(len(pairs & _pairs(other)) >= 0.5 * len(pairs) for other in others)


def _pairs(text: str) -> set[tuple[str, str]]:
    found = words(text)
    return set(pairwise(found))


def copies(text: str, examples: Iterable[str]) -> bool:
    """Whether a text has `COPIED_WORDS` words in a row from one of some examples."""
    runs = _runs(text)
    return any(runs & _runs(example) for example in examples)


def _runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + COPIED_WORDS]) for start in range(len(found) - COPIED_WORDS + 1)}


def strangers(text: str, known: Iterable[str]) -> list[str]:
    """Return what looks like names in a text that stand in none of the known texts, in their order."""
    there = _NO_NAMES.union(*(_LETTERS.findall(each.lower()) for each in known))
    named = {found.start(): found[0] for found in _NAME.finditer(text)}
    named |= {found.start(1): found[1] for found in beginning_names(text)}
    return [name for _, name in sorted(named.items()) if there.isdisjoint(_singular(name.lower()))]


def _singular(word: str) -> set[str]:
    """A word, and what it may be the plural of: "sundays", "holts"."""
    return {word, word.removesuffix("s")}


def is_fit(text: str, said_before: Iterable[str] = (), least_words: int = 2) -> bool:
    """Whether a text has enough words, does not loop and repeats nothing."""
    return len(words(text)) >= least_words and not loops(text) and not echoes(text, said_before)


def breaks_off(text: str) -> bool:
    """Whether a text stops in the middle, as one does that may not have more words: "the bar of", "at thetownhall"."""
    return any(word in _NEEDS_MORE or _is_run_on(word.partition("'")[0]) for word in words(text)[-1:])


def _is_run_on(word: str) -> bool:
    """Whether a word is no ordinary one, but a small word and an ordinary one that were written as one."""
    second = "" if is_ordinary(word) else _SMALL.sub("", word)
    return second != word and any(is_ordinary(second[:end]) for end in range(3, len(second) + 1))


def tidy(text: str) -> str:
    """Trim a text to whole sentences where it has some, with single spaces and no stray quotes."""
    text = re.sub(r"\s+", " ", text).strip().strip('"').strip()
    sentences = re.match(r".*[.!?](?=\s|$)", text)
    return sentences[0] if sentences else text


def names(text: str, name: str) -> bool:
    """Whether a text names somebody: as a whole word, so that `Art` is not in "start"."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def sentence(text: str) -> str:
    """Return a text with a capital first letter and a full stop."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def clause(text: str) -> str:
    """Return a sentence as it stands inside another one: no full stop at its end."""
    return text.strip().rstrip(".!")


_NEEDS_MORE = frozenset(
    words(
        "a an the my your our their his its and or but nor of to from in into on onto at by with for about as than if "
        "that which whose who when where because is are was were am be been being has have had having will "
        "would can could should may might must very going"
    )
)
_SMALL = re.compile(r"^(?:the|of|and|with|from|his|her|their|your)")
_NO_NAMES = frozenset(
    words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
        "september october november december christmas easter halloween thanksgiving hanukkah passover ramadan "
        "pentecost english french german italian spanish russian latin greek hebrew arabic turkish polish portuguese "
        "dutch danish swedish norwegian finnish welsh irish hindi chinese japanese korean"
    )
)
