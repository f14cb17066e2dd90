"""Which of the words that begin a sentence are ordinary ones, and which are names.

A capital tells nothing at the beginning of a sentence. There a name is taken to be a word that is not among the
ordinary ones (`words/ordinary.txt`, with their endings) and behind which stands what stands behind names: a verb that
fits one person (`words/doings.txt`), a comma or the end, a possessive, another name. Both are asked for because no list
has all words there are, and it is worse to drop many good lines than to miss some names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

_ENDINGS = (
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("ed", ""),
    ("ed", "e"),
    ("ied", "y"),
    ("er", ""),
    ("er", "e"),
    ("ier", "y"),
    ("est", ""),
    ("est", "e"),
    ("iest", "y"),
    ("ly", ""),
    ("ily", "y"),
    ("ly", "le"),
)
"""What a word may end in, and what stands there in the ordinary word that it is a form of."""
_SHORTEST_STEM = {"es": 4, "er": 4}
"""Of the letters before an ending; others 2. So James is no jam, and Peter no pet."""
_DOUBLED = ("ed", "er", "est")
_OF_NO_NAME = re.compile(
    r".{2,}ing|.{3,}(ness|tion|sion|ism|ful|less|ious|able|ible|ized|ised|ified)s?"
    r"|.{4,}(ity|ities|ment|ments|ency|ancy|ology|ive|ous|ist|ists|ship|hood)"
    r"|.{3,}(ally|ately|ively|edly|ingly|ously|fully|lessly|ably|ibly|antly|ently|arily)"
    r"|.*(.)\4\4.*|.*(?:ha|he|ho){2,}h?"
)
"""Endings that hardly a first name has, and what is drawn out or laughed."""
_BEGINNING = re.compile(
    r"""(?:^|(?<=[.!?…:"“”(\n])|(?<=[-–—]\s))"""  # the text, a sentence, or what is quoted begins
    r"""[\s"'“‘(]*([A-Z][a-z]+)(?!\w)(?!['’]t\b)"""  # "Don't" is no Don
)


def beginning_names(text: str) -> Iterator[re.Match[str]]:
    """Find the words at the beginnings of sentences that look like names; group 1 is the word."""
    for found in _BEGINNING.finditer(text):
        if _behind_names().match(text, found.end()) and not is_ordinary(found[1]):
            yield found


def is_ordinary(word: str) -> bool:
    """Whether a word, or what it is a form of, is among the ordinary ones."""
    word = word.lower()
    return not _ordinary().isdisjoint(_forms(word)) or _OF_NO_NAME.fullmatch(word) is not None


def _forms(word: str) -> Iterator[str]:
    """Yield a word and all that it may be a form of, whether there is such a word or not."""
    yield word
    for ending, instead in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < _SHORTEST_STEM.get(ending, 2):
            continue
        yield stem + instead
        if ending in _DOUBLED and stem[-1] == stem[-2]:
            yield stem[:-1]


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(word_list("ordinary"))


@cache
def _behind_names() -> re.Pattern[str]:
    doings = "|".join(word_list("doings"))
    return re.compile(
        r"['’](?:s|ll|d)\b"
        r'|\s*(?:[,.!?…:;)"”]|$)'
        rf"|\s(?:\w+ly\s|(?:{_BETWEEN})\s)?(?:{doings}|[a-z]{{3,}}ed)\b"
        r"|\s(?:and|or)\s(?:[A-Z]|(?:his|her|my|you|the others?)\b)"
        r"|\s(?!I\b)[A-Z][a-z]"
        r"|\swho(?:se)?\b"
    )


_BETWEEN = "again|almost|already|also|always|both|even|just|never|now|often|once|only|still|then|too"


def word_list(name: str) -> list[str]:
    """Return one of the lists in `words/`, in its order."""
    text = resources.files("agents.cognition").joinpath(f"words/{name}.txt").read_text(encoding="utf-8")
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
