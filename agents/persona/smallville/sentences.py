"""Texts of the original town cut into lines that a persona of ours can hold, and turned to the third person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from engine.untrusted import printable

MAX_LINE = 400
"""Characters of a line of a persona."""
PRONOUNS = {
    "she": ("she", "her", "hers", "herself"), "he": ("he", "him", "his", "himself"),
    "they": ("they", "them", "their", "theirs"),
}  # fmt: skip

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z*\"“'])")
_ITEM = re.compile(r"(?:^|\s)\d{1,2}[.)]\s+")
_WORD = re.compile(r"[a-z]+")
_INTRODUCTION = re.compile(
    r"^(?:this is very important\s*-+\s*|for planning,\s*|in terms of your (?:daily )?plans?,\s*)", re.I
)
_YOU = re.compile(r"\b(you(?:['’](?:ve|re|d|ll))?|your|yours|yourself)\b", re.I)
_AFTER_YOU = re.compile(r"\s+([a-z]+(?:['’]t)?)\b")
_BEFORE = re.compile(r"([A-Za-z]+)\s*$")
_PREPOSITIONS = frozenset(
    ("to", "for", "with", "of", "from", "at", "about", "by", "on", "than", "like", "between", "around", "behind")
)
_UNCHANGED = frozenset(("can", "could", "will", "would", "should", "may", "might", "must", "and", "or", "all", "both"))
_ADVERBS = frozenset(
    ("really", "always", "often", "sometimes", "also", "never", "just", "only", "still", "usually", "frequently")
)
_IRREGULAR = {
    "are": "is", "were": "was", "have": "has", "do": "does", "don't": "doesn't", "don’t": "doesn’t", "go": "goes",
    "aren't": "isn't", "haven't": "hasn't",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voice:
    """How somebody is spoken of."""

    name: str
    pronoun: str

    @property
    def him(self) -> str:
        """The pronoun as an object."""
        return {"she": "her", "he": "him"}.get(self.pronoun, "them")

    @property
    def his(self) -> str:
        """The pronoun of what is theirs."""
        return {"she": "her", "he": "his"}.get(self.pronoun, "their")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, or the items of a numbered list: lines without full stops at their ends."""
    text = " ".join(text.split())
    parts = _ITEM.split(text) if len(_ITEM.findall(text)) > 1 else _SENTENCE.split(text)
    return [line for part in parts for line in _fitting(part.strip().removesuffix(".").strip())]


def pronoun_in(*texts: str) -> str:
    """Return how somebody is spoken of: she, he or they, whichever occurs most in the texts."""
    words = Counter(word for text in texts for word in _WORD.findall(text.lower()))
    counts = {pronoun: sum(words[form] for form in forms) for pronoun, forms in PRONOUNS.items()}
    best = max(counts.values())
    found = [pronoun for pronoun, count in counts.items() if count == best]
    return found[0] if len(found) == 1 else "they"


def of_somebody(whisper: str, voice: Voice) -> str:
    """Return what was whispered to somebody as a sentence about them.

    "You and Ann are friends" becomes "Eva Berg and Ann are friends", "Ann likes your art" becomes "Ann likes her art".
    """
    text = _INTRODUCTION.sub("", whisper.strip()).rstrip(". ")
    pieces, reached, named = [], 0, False
    for found in _YOU.finditer(text):
        if found.start() < reached:
            continue
        pieces.append(text[reached : found.start()])
        word, reached = found[1].lower().replace("’", "'"), found.end()
        subject = voice.name if not named else voice.pronoun
        if word in ("your", "yours", "yourself"):
            pieces.append({"your": voice.his, "yours": voice.his, "yourself": f"{voice.him}self"}[word])
        elif word != "you":
            pieces.append(f"{subject} {_contracted(word, plural=subject == 'they')}")
            named = True
        else:
            piece, reached = _you(text, found.start(), reached, subject, voice)
            pieces.append(piece)
            named = named or piece.startswith(voice.name)
    pieces.append(text[reached:])
    return "".join(pieces).strip()


def _contracted(word: str, *, plural: bool) -> str:
    forms = {"'ve": ("has", "have"), "'re": ("is", "are"), "'d": ("would", "would"), "'ll": ("will", "will")}
    return forms[word[3:]][plural]


def _you(text: str, start: int, end: int, subject: str, voice: Voice) -> tuple[str, int]:
    """Return what stands in the place of "you" and a verb after it, and where the text goes on."""
    before, after = _BEFORE.search(text[:start]), _AFTER_YOU.match(text, end)
    word, verb = before[1].lower() if before else "", after[1] if after else ""
    if after is None or word in _PREPOSITIONS or word.endswith("ed") or verb in _PREPOSITIONS - {"like"}:
        return voice.him if start else voice.name, end
    if verb == "two":
        return "the two", after.end()
    if verb in _UNCHANGED or subject == "they":
        return subject, end
    if verb in _ADVERBS:
        following = _AFTER_YOU.match(text, after.end())
        if following is None or following[1] in _UNCHANGED:
            return f"{subject} {verb}", after.end()
        return f"{subject} {verb} {third_person(following[1])}", following.end()
    return f"{subject} {third_person(verb)}", after.end()


def third_person(verb: str) -> str:
    """Return the form that goes with she or he: "like" becomes "likes"."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith(("ed", "s")) or verb in _UNCHANGED:
        return verb
    if verb.endswith(("sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def _fitting(text: str) -> Iterator[str]:
    """Yield a text in lines that are not too long, cut between words."""
    text = printable(text)
    while len(text) > MAX_LINE:
        cut = text.rfind(" ", 1, MAX_LINE)
        cut = cut if cut > 0 else MAX_LINE
        yield text[:cut].strip()
        text = text[cut:].strip()
    if text:
        yield text
