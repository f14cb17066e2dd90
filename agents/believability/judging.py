"""A model as the judge: which of two answers is truer to a person, asked in both orders.

Small models prefer the place rather than the answer. What a place gets in both orders cancels out when the scores of
the two orders are added, so that is what decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from agents.believability.contests import Contest, Verdict, contests, drawn, in_the_same_words
from agents.believability.findings import mark_as_json
from agents.believability.rating import Outcome
from agents.believability.sheet import Item, Sheet, folded
from agents.cognition.thoughts import CHANNEL, LIKELIHOOD, Asked, Pick
from agents.cognition.wording import sentence
from agents.exams.marks import Mark
from engine.llm.requests import Choice, Choose, Reply
from engine.llm.service import ModelService

JUDGEMENT: Final = Pick(
    "judgement",
    "which of two answers is truer to a person",
    "the first or the second one",
    Asked(
        references=({"situation": "First answer: I do not know.\nSecond answer: I could not say."},),
        neutral={"situation": "First answer: …\nSecond answer: …"},
    ),
)
"""No mind thinks it, so it is not in the catalogue; its exam is the control."""
PLACES: Final = ("first", "second")
WAYS: Final = (LIKELIHOOD, CHANNEL)

Pair = tuple[Item, str, str]
"""Two answers to one item."""


@dataclass(frozen=True, slots=True)
class Control:
    """How often a judge takes a person's own answer to be truer than what another person answered to the same question.

    Undecided is a judge to whom both orders together say nothing.
    """

    own: int
    others: int
    undecided: int

    @property
    def mark(self) -> Mark | None:
        """The share of a person's own answers among those that the judge preferred; one who guesses has a half."""
        return Mark(self.own, self.own + self.others) if self.own + self.others else None

    @property
    def tells(self) -> bool:
        """Whether the judge is better than one who guesses: the whole interval lies above a half."""
        return self.mark is not None and self.mark.beats(0.5)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        mark = self.mark
        return {
            "own": self.own,
            "others": self.others,
            "undecided": self.undecided,
            "own_preferred": None if mark is None else mark_as_json(mark),
            "better_than_guessing": self.tells,
        }


class Judge:
    """Puts pairs of answers before a model, each in both orders, in one way."""

    def __init__(self, service: ModelService, way: str, on_replies: Callable[[int], None] = lambda _: None) -> None:
        """`on_replies` is told how many more questions have been answered."""
        self._service = service
        self._way = way
        self._on_replies = on_replies

    def verdicts(self, sheet: Sheet) -> list[Verdict]:
        """Return the verdict on every contest: who scores more in both orders together wins.

        There is none on a contest about which the model did not answer. Raises `RunFailed`.
        """
        among = contests(sheet)
        differ = [contest for contest in among if not in_the_same_words(sheet, contest)]
        pairs = []
        for contest in differ:
            item = sheet.items[contest.item]
            pairs.append((item, item.answers[contest.first].text, item.answers[contest.second].text))
        found = dict(zip(differ, self._preferences(sheet, pairs), strict=True))
        verdicts = (_verdict(contest, found[contest]) if contest in found else drawn(contest) for contest in among)
        return [verdict for verdict in verdicts if verdict is not None]

    def control(self, sheet: Sheet) -> Control:
        """Compare what people answered with the most memory with what others did. Raises `RunFailed`."""
        counts = Counter(outcome_of(found) for found in self._preferences(sheet, strangers(sheet)) if found is not None)
        return Control(counts[Outcome.FIRST], counts[Outcome.SECOND], counts[Outcome.DRAW])

    def _preferences(self, sheet: Sheet, pairs: Sequence[Pair]) -> list[tuple[float, float] | None]:
        """Return for each pair by how much its first answer is preferred when it is shown first, and when second."""
        orders = [order for item, one, other in pairs for order in ((item, one, other), (item, other, one))]
        asked = [question(self._way, sheet, *order) for order in orders]
        first = [_first_over_second(reply) for reply in self._service.ask_all(asked, self._on_replies)]
        return [
            None if straight is None or turned is None else (straight, -turned)
            for straight, turned in zip(first[::2], first[1::2], strict=True)
        ]


def _verdict(contest: Contest, margins: tuple[float, float] | None) -> Verdict | None:
    if margins is None:
        return None
    straight, turned = (_by_lead(margin) for margin in margins)
    preferred = [outcome for outcome in (straight, turned) if outcome is not Outcome.DRAW]
    agreed = straight is turned if len(preferred) == len(margins) else None
    first_place = (straight is Outcome.FIRST) + (turned is Outcome.SECOND)
    return Verdict(contest, outcome_of(margins), agreed, first_place, len(preferred))


def outcome_of(margins: tuple[float, float]) -> Outcome:
    """Return the outcome for an answer by its lead over the other one when it was shown first, and when second."""
    return _by_lead(sum(margins))


def _by_lead(lead: float) -> Outcome:
    lead = round(lead, 6)
    return Outcome.FIRST if lead > 0 else Outcome.SECOND if lead < 0 else Outcome.DRAW


def strangers(sheet: Sheet) -> list[Pair]:
    """Return every answer with the most memory beside that of the next person who answered the same in other words.

    A question that names other people or things to each person is not the same, though its number is.
    """
    names = [person.name for person in sheet.people]
    fullest = sheet.fullest
    answered = [item for item in sheet.items if fullest in item.answers]
    given = {(item.person, folded(item.question)): item.answers[fullest].text for item in answered}
    pairs = []
    for item in answered:
        own, asked, place = item.answers[fullest].text, folded(item.question), names.index(item.person)
        others = (given.get((name, asked)) for name in names[place + 1 :] + names[:place])
        other = next((text for text in others if text not in (None, own)), None)
        if other is not None:
            pairs.append((item, own, other))
    return pairs


def _first_over_second(reply: Reply) -> float | None:
    return reply.scores[0] - reply.scores[1] if isinstance(reply, Choice) and len(reply.scores) == 2 else None


def question(way: str, sheet: Sheet, item: Item, first: str, second: str) -> Choose:
    """Return the request which of two answers to an item is the truer one."""
    ask = JUDGEMENT.asked.likelihood if way == LIKELIHOOD else JUDGEMENT.asked.channel
    values = {
        "summary": sheet.summary(item),
        "notes": " ".join(map(sentence, item.notes)),
        "me": item.person.split()[0],
        "question": item.question,
        "situation": f"First answer: {first}\nSecond answer: {second}",
    }
    return ask(JUDGEMENT.name, PLACES, values)
