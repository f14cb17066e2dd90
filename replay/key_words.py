"""By which words one can tell, without a model, that a line speaks of a piece of news in other words."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 4
"""So many letters a key word has at least."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDING = re.compile(r"(?:['’]s|s['’]?)$")


def stems(text: str) -> list[str]:
    """Return the words of a text without capitals and without the s of a plural or a genitive."""
    words = (word.casefold() for word in _WORD.findall(text))
    return [_ENDING.sub("", word) if len(word) >= SHORTEST else word for word in words]


def key_words(news: str, names: Iterable[str], everyday: Iterable[str]) -> tuple[str, ...]:
    """Return the stems that tell of a piece of news, in its order: content words that the town has no other use for.

    Left out are words of fewer than four letters, those of the `names` of people and places, those that tell a time or
    that stand in any sentence, and those that the `everyday` texts use.
    """
    common = {stem for text in (*names, *everyday) for stem in stems(text)} | _TIMES | _FUNCTION
    return tuple(dict.fromkeys(stem for stem in stems(news) if len(stem) >= SHORTEST and stem not in common))


_TIMES = frozenset(
    stems(
        "monday tuesday wednesday thursday friday saturday sunday weekday weekend january february march april june "
        "july august september october november december spring summer autumn winter today tonight tomorrow yesterday "
        "morning noon midday afternoon evening night midnight hour minute second moment week fortnight month year "
        "time times clock o'clock half quarter early earlier late later soon daily weekly four five seven eight nine "
        "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty "
        "first third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth three"
    )
)
_FUNCTION = frozenset(
    stems(
        "about above across after again against almost along already also although always among another anybody "
        "anyone anything anywhere around away back because been before begin begins behind being below beside between "
        "beyond both cannot come comes coming could does doing done down during each either else enough even ever "
        "every everybody everyone everything everywhere from gave gets getting give given gives giving goes going "
        "gone good great have having hear heard here hers herself himself hold holding holds into itself just keep "
        "keeps know known knows last least less like little look looks made make makes making many maybe might mine "
        "more most much must myself near need needs neither never next nobody none nothing nowhere often once only "
        "onto other others ought ours over perhaps people person quite rather really said same says shall should "
        "since some somebody someone something sometimes somewhere soon still such take taken takes taking tell tells "
        "than thank that their theirs them themselves then there these they thing things think thinks this those "
        "though through till told too toward towards under until upon used very want wants well went were what "
        "whatever when where whether which while whom whose will with within without would your yours yourself"
    )
)
