"""A model as the judge: both orders, what it is shown, and the control that says what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from agents.believability.contests import contests, in_the_same_words
from agents.believability.findings import reliability
from agents.believability.judging import WAYS, Control, Judge, outcome_of, question, strangers
from agents.believability.rating import Outcome
from agents.believability.sheet import conditions_of
from agents.cognition.script import LINES
from engine.llm.requests import Answer, Choice, Choose, Failure, FailureKind, Request
from engine.llm.scripted import ScriptedBackend
from engine.llm.service import ModelService
from tests.agents.believability.sheets import PEOPLE, sheet_of, usual_sheet

SHEET = usual_sheet()


class Opinionated:
    """Prefers the first answer where a rule says so about both; notes what it was asked."""

    identity = "opinionated"

    def __init__(self, rule: Callable[[str, str, str], bool]) -> None:
        self._rule = rule
        self.asked: list[str] = []

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        return [Answer(self._choice(request)) for request in requests]

    def _choice(self, request: Request) -> Choice:
        assert isinstance(request, Choose)
        text = "".join(request.context) + request.evidence
        self.asked.append(text)
        first, second = text.rsplit("First answer: ", 1)[1].split("\nSecond answer: ")
        index = 0 if self._rule(text, first, second) else 1
        scores = (1.0, 0.0) if index == 0 else (0.0, 1.0)
        return Choice(index, request.options[index], scores, (0.5, 0.5))


def judge(rule: Callable[[str, str, str], bool], way: str = "likelihood") -> tuple[Judge, Opinionated]:
    backend = Opinionated(rule)
    return Judge(ModelService(backend), way), backend


def by_memory(_: str, first: str, second: str) -> bool:
    return ("no memory" in second, second) > ("no memory" in first, first)


@pytest.mark.parametrize("way", WAYS)
def test_who_scores_more_in_both_orders_together_wins(way: str) -> None:
    verdicts = judge(by_memory, way)[0].verdicts(SHEET)
    assert [verdict.contest for verdict in verdicts] == contests(SHEET)
    for verdict in verdicts:
        if in_the_same_words(SHEET, verdict.contest):
            assert (verdict.outcome, verdict.agreed) == (Outcome.DRAW, None)
        elif "no memory" in (verdict.contest.first, verdict.contest.second):
            assert verdict.outcome is Outcome.FIRST, "the conditions stand in their order, no memory last"
            assert verdict.agreed is True
    trust = reliability(verdicts)
    assert trust is not None
    assert (trust.agreed.share, trust.first_place.share) == (1.0, 0.5)


def test_one_who_always_takes_the_first_draws_everything_and_is_found_out() -> None:
    always, backend = judge(lambda *_: True)
    verdicts = always.verdicts(SHEET)
    assert {verdict.outcome for verdict in verdicts} == {Outcome.DRAW}
    trust = reliability(verdicts)
    assert trust is not None
    assert (trust.agreed.right, trust.first_place.share) == (0, 1.0)
    differ = sum(not in_the_same_words(SHEET, contest) for contest in contests(SHEET))
    assert trust.agreed.cases == differ
    assert len(backend.asked) == len(set(backend.asked)) <= 2 * differ, "what is the same is asked once"
    assert always.control(SHEET) == Control(0, 0, 9)
    assert always.control(SHEET).mark is None
    assert not always.control(SHEET).tells


def test_a_liking_for_a_place_cancels_out() -> None:
    likes_the_second = -5.0
    for truth in (0.25, -0.25):
        straight, turned = likes_the_second + truth, likes_the_second - truth
        assert outcome_of((straight, -turned)) is (Outcome.FIRST if truth > 0 else Outcome.SECOND)
    assert outcome_of((likes_the_second, -likes_the_second)) is Outcome.DRAW


@pytest.mark.parametrize(
    ("scores", "outcome", "agreed", "first", "preferred"),
    [
        (((1.0, 1.0), (1.0, 1.0)), Outcome.DRAW, None, 0, 0),
        (((1.0, 1.0 - 1e-9), (1.0, 1.0 + 1e-9)), Outcome.DRAW, None, 0, 0),
        (((1.0, 1.0), (0.0, 1.0)), Outcome.FIRST, None, 0, 1),
        (((2.0, 1.0), (1.0, 1.0)), Outcome.FIRST, None, 1, 1),
        (((0.0, 1.0), (1.0, 0.0)), Outcome.SECOND, True, 1, 2),
        (((2.0, 1.0), (1.0, 0.0)), Outcome.DRAW, False, 2, 2),
    ],
)
def test_a_judge_who_prefers_neither_answer_neither_agrees_with_itself_nor_prefers_a_place(
    scores: tuple[tuple[float, float], ...], outcome: Outcome, agreed: bool | None, first: int, preferred: int
) -> None:
    class Scorer(Opinionated):
        def answer(self, requests: Sequence[Request]) -> list[Answer]:
            return [Answer(Choice(0, " first", each, (0.5, 0.5))) for each in scores[: len(requests)]]

    sheet = sheet_of([{"full memory": "{name} sleeps.", "no memory": "{name} reads."}], PEOPLE[:1])
    (verdict,) = Judge(ModelService(Scorer(by_memory)), "likelihood").verdicts(sheet)
    assert (verdict.outcome, verdict.agreed) == (outcome, agreed)
    assert (verdict.first_place, verdict.preferred) == (first, preferred)
    trust = reliability([verdict])
    assert (trust is None) == (agreed is None)


@pytest.mark.parametrize("way", WAYS)
def test_a_judge_is_told_who_the_person_is_and_what_bears_on_the_question(way: str) -> None:
    item = SHEET.items[4]
    asked = question(way, SHEET, item, "one.", "two.")
    shown = "".join(asked.context) + asked.evidence
    for text in ("Tomas Birch lives in Thorp.", "Tomas Birch likes 1.", "What is number 1?", "one.", "two."):
        assert text in shown
    assert len(asked.options) == 2
    other = question(way, SHEET, item, "two.", "one.")
    assert (other.options, other.prior, other.references) == (asked.options, asked.prior, asked.references)
    assert other != asked


def test_the_control_finds_a_judge_who_knows_people_by_what_they_say() -> None:
    def knows(text: str, first: str, second: str) -> bool:
        told = text.rsplit("First answer: ", 1)[0]
        name = next(name for name in PEOPLE if f"{name} lives in Thorp." in told)
        return name in first or name not in second

    control = judge(knows)[0].control(SHEET)
    assert control == Control(9, 0, 0)
    assert control.tells
    assert not Control(5, 4, 0).tells
    assert judge(lambda *each: not knows(*each))[0].control(SHEET) == Control(0, 9, 0)


def test_the_control_compares_what_different_people_answered_to_the_same_question() -> None:
    pairs = strangers(SHEET)
    assert len(pairs) == len(SHEET.items)
    for item, own, other in pairs:
        assert item.person in own and item.person not in other
        assert str(item.number) in own and str(item.number) in other
    asked_otherwise = SHEET.items[4].model_copy(update={"question": "Who is Ida?"})
    spaced = SHEET.items[5].model_copy(update={"question": f" {SHEET.items[5].question.upper()}"})
    sheet = SHEET.model_copy(update={"items": (*SHEET.items[:4], asked_otherwise, spaced, *SHEET.items[6:])})
    beside = {item.number: other for item, _, other in strangers(sheet) if item.person == PEOPLE[0]}
    assert PEOPLE[2] in beside[1], "the next person was asked something else under this number"
    assert PEOPLE[1] in beside[2]
    assert len(strangers(sheet)) == len(SHEET.items) - 1
    assert strangers(sheet_of([{"full memory": "{name}"}], PEOPLE[:1])) == []
    assert strangers(sheet_of([{"full memory": "the same"}])) == []
    assert strangers(sheet_of([{"human": "{name}"}])) == []


def test_what_a_judge_does_not_answer_is_no_verdict() -> None:
    class Mute(Opinionated):
        def answer(self, requests: Sequence[Request]) -> list[Answer]:
            return [Answer(Failure(FailureKind.TOO_LONG, "no")) for _ in requests]

    mute = Judge(ModelService(Mute(by_memory)), "likelihood")
    assert all(in_the_same_words(SHEET, verdict.contest) for verdict in mute.verdicts(SHEET))
    assert reliability(mute.verdicts(SHEET)) is None
    assert mute.control(SHEET) == Control(0, 0, 0)


def test_the_same_judge_says_the_same_however_it_is_asked() -> None:
    def scripted(at_once: int | None) -> Judge:
        return Judge(ModelService(ScriptedBackend(LINES), at_once=at_once), "likelihood")

    assert scripted(None).verdicts(SHEET) == scripted(5).verdicts(SHEET)
    assert set(SHEET.conditions) == set(conditions_of())
