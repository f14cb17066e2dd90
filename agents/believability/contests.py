"""Which answers are compared with which, and how the comparisons came out."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations

from agents.believability.rating import Match, Outcome
from agents.believability.sheet import Sheet
from engine.kernel.streams import derive_seed


@dataclass(frozen=True, slots=True)
class Contest:
    """Two conditions' answers to one item (by its place in the sheet)."""

    item: int
    first: str
    second: str

    def turned(self) -> Contest:
        """Return the same contest in the other order."""
        return Contest(self.item, self.second, self.first)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a contest came out.

    `agreed` says whether a judge who saw both orders preferred the same answer in both; None where nobody saw
    both, or neither answer was preferred in one of them.
    """

    contest: Contest
    outcome: Outcome
    agreed: bool | None = None
    first_place: int = 0
    """How often the answer that was shown first was preferred."""
    preferred: int = 0
    """In how many of the orders one of the answers was preferred at all."""

    @property
    def match(self) -> Match:
        """The contest between the conditions."""
        return Match(self.contest.first, self.contest.second, self.outcome)


def contests(sheet: Sheet) -> list[Contest]:
    """Return every pair of conditions that answered an item."""
    order = sheet.conditions
    return [
        Contest(place, *pair)
        for place, item in enumerate(sheet.items)
        for pair in combinations([condition for condition in order if condition in item.answers], 2)
    ]


def drawn(contest: Contest) -> Verdict:
    """Return the verdict on a contest that needs no judge."""
    return Verdict(contest, Outcome.DRAW)


def in_the_same_words(sheet: Sheet, contest: Contest) -> bool:
    """Whether both answers are the same text: a draw that needs no judge."""
    answers = sheet.items[contest.item].answers
    return answers[contest.first].text == answers[contest.second].text


def shuffled(sheet: Sheet) -> list[Contest]:
    """Return all contests as they are put before a person: in random order and sides, always the same for a sheet."""
    dice = random.Random(derive_seed(sheet.seed, sheet.digest, "contests"))
    found = contests(sheet)
    dice.shuffle(found)
    return [contest if dice.random() < 0.5 else contest.turned() for contest in found]
