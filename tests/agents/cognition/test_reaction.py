"""Whether one stops and talks with somebody in sight, and with whom, against cases computed by hand."""

from __future__ import annotations

import pytest

from agents.cognition.mind import Topic
from agents.cognition.perception import ASLEEP
from agents.cognition.reaction import APPROACHABLE, inclination_to_talk, most_inviting, readiness, whom_to_talk_to
from engine.contact import SawPerson
from engine.kernel.clock import HOUR, MINUTE
from tests.agents.cognition.minds import mind
from tests.agents.cognition.test_planning import run

BEA = SawPerson("Bea Birk", "digging", "town:Park")
NOON = 12 * HOUR


@pytest.mark.parametrize(
    ("known", "something_to_tell", "logits"),
    [(False, False, -1.2), (True, False, -0.2), (False, True, -0.2), (True, True, 0.8)],
)
def test_what_speaks_for_talking_is_a_logit_each(known: bool, something_to_tell: bool, logits: float) -> None:
    assert readiness(known=known, something_to_tell=something_to_tell) == pytest.approx(logits)


@pytest.mark.parametrize(
    ("openness", "known", "something_to_tell", "probability"),
    [
        ((0.0, 0.0), False, False, 0.2315),  # 1 / (1 + e^1.2) = 1 / 4.3201
        ((0.0, 0.0), True, False, 0.4502),  # 1 / (1 + e^0.2) = 1 / 2.2214
        ((0.0, 0.0), True, True, 0.6900),  # 1 / (1 + e^-0.8) = 1 / 1.4493
        ((0.2, 0.1), False, False, 0.5),  # 4 * 0.3 = 1.2 makes up for the -1.2
        ((0.2, 0.1), True, True, 0.8808),  # 1.2 + 0.8 = 2: 1 / (1 + e^-2) = 1 / 1.1353
        ((-0.2, -0.1), False, False, 0.0832),  # -1.2 - 1.2 = -2.4: 1 / (1 + e^2.4) = 1 / 12.0232
    ],
)
def test_the_inclination_to_talk_is_logistic(
    openness: tuple[float, float], known: bool, something_to_tell: bool, probability: float
) -> None:
    found = inclination_to_talk(openness, known=known, something_to_tell=something_to_tell)
    assert found == pytest.approx(probability, abs=5e-5)


@pytest.mark.parametrize(("openness", "chosen"), [(0.24, 1), (0.26, 0)])
def test_to_know_somebody_is_worth_a_quarter_of_openness(openness: float, chosen: int) -> None:
    """A logit, and 4 logits are one of openness."""
    assert most_inviting([openness, 0.0], [False, True]) == chosen


@pytest.mark.parametrize(
    ("lot", "news", "answer"),
    [
        (0.23, False, "yes: Bea Birk (0.23)"),  # below 0.2315
        (0.24, False, "no: Bea Birk (0.23)"),
        (0.24, True, "yes: Bea Birk (0.45)"),  # below 0.4502
        (0.44, True, "yes: Bea Birk (0.45)"),
        (0.46, True, "no: Bea Birk (0.23)"),  # whatever there is to tell
    ],
)
def test_a_lot_is_held_against_the_inclination(lot: float, news: bool, answer: str) -> None:
    me, lane = mind(now=NOON, lots=[lot])
    if news:
        me.hear_news(Topic("the bridge is shut", "the bridge is shut", me.name, is_news=True))
    partners = run(whom_to_talk_to(me, [BEA]))
    assert lane.decided == [answer]
    assert partners == ([BEA] if answer.startswith("yes") else [])


def test_what_both_are_doing_counts() -> None:
    """4 * (0.3 + 0.3) - 1.2 = 1.2: 1 / (1 + e^-1.2) = 1 / 1.3012 = 0.7685."""
    me, lane = mind({"digging": (1.0,), APPROACHABLE[0]: (0.3,)}, now=NOON, lots=[0.0])
    lane.activity = "digging"
    run(whom_to_talk_to(me, [BEA]))
    assert lane.decided == ["yes: Bea Birk (0.77)"]


@pytest.mark.parametrize(
    ("now", "talked", "doing", "considered"),
    [
        (NOON, None, "digging", True),
        (NOON, None, ASLEEP, False),
        (NOON, NOON - 8000, "digging", True),
        (NOON, NOON - 7999, "digging", False),
        (22 * HOUR + 30 * MINUTE - 1, None, "digging", True),  # half an hour before bed at 23:00
        (22 * HOUR + 30 * MINUTE, None, "digging", False),
    ],
)
def test_who_sleeps_or_has_talked_lately_is_not_considered_and_nobody_before_bed(
    now: int, talked: int | None, doing: str, considered: bool
) -> None:
    me, lane = mind(now=now, lots=[0.0])
    me.acquaintance(BEA.name).last_talk = talked
    run(whom_to_talk_to(me, [SawPerson(BEA.name, doing, BEA.address)]))
    assert bool(lane.decided) is considered
