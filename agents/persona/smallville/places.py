"""Places that the original's texts name: a sector or an arena, found by its name."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ALIKE = 0.93
"""How alike a name and some words of a text are that must mean it, in spite of a slip."""
EVERYWHERE = frozenset(("main room", "bathroom", "kitchen", "common room", "bedroom", "garden", "room", "hallway"))
"""Names of arenas that say nothing about which one is meant."""
_WORD = re.compile(r"[\w'’-]+")


@dataclass(frozen=True)
class Places:
    """The sectors of a town with the names of their arenas, and the people whose names are no places ("Ryan Park")."""

    sectors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    people: Sequence[str] = ()

    def find(self, text: str) -> str:
        """Return the address (without the town's name) of the first place that a text names; "" when it names none.

        An arena that is named with its sector, or that only one sector has, is meant itself.
        """
        words = [word.casefold() for word in _WORD.findall(text)]
        named = [(at, name) for name in self.sectors if (at := _place_of(name, words)) >= 0]
        arenas = Counter(arena for inner in self.sectors.values() for arena in inner)
        if named:
            sector = min(named)[1]
            inside = [arena for arena in self.sectors[sector] if _place_of(arena, words, exact=True) >= 0]
            only = [arena for arena in inside if arena not in EVERYWHERE and arena.casefold() not in sector.casefold()]
            return f"{sector}:{only[0]}" if only else sector
        for name in self.people:
            text = text.replace(name, "")
        words = [word.casefold() for word in _WORD.findall(text)]
        for sector, inner in self.sectors.items():
            for arena in inner:
                alone = arenas[arena] == 1 and arena not in EVERYWHERE
                if alone and "'s " not in arena and _place_of(arena, words, exact=True) >= 0:
                    return f"{sector}:{arena}"
        return ""

    def has(self, address: str) -> bool:
        """Return whether an address, without the town's name, is one of a sector or an arena."""
        sector, _, arena = address.partition(":")
        return sector in self.sectors and (not arena or arena in self.sectors[sector])


def _place_of(name: str, words: Sequence[str], *, exact: bool = False) -> int:
    """Return the number of the word at which a name begins; -1 when it does not occur. "The" may be left out."""
    wanted = [word.casefold() for word in _WORD.findall(name)]
    wanted = wanted[1:] if wanted[:1] == ["the"] and len(wanted) > 1 else wanted
    size = len(wanted)
    if not size:
        return -1
    for start in range(len(words) - size + 1):
        if list(words[start : start + size]) == wanted:
            return start
    if exact or size < 2:
        return -1
    whole = " ".join(wanted)
    for start in range(len(words) - size + 1):
        matcher = difflib.SequenceMatcher(None, whole, " ".join(words[start : start + size]), autojunk=False)
        if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
            return start
    return -1
