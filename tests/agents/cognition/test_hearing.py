"""Whether one goes where one is invited: duties, promises and who one is, against cases computed by hand."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from agents.cognition.hearing import INVITATION, consider_going
from agents.cognition.mind import Mind, Topic
from agents.cognition.plan import Intention
from agents.memory.stream import MemoryKind
from engine.kernel.clock import HOUR, MINUTE
from engine.record.events import Decided
from tests.agents.cognition.minds import HOME, Lane, mind
from tests.agents.cognition.test_planning import run

FAIR = Topic("there is a fair", "there is a fair", "Bea Birk", True, 15 * HOUR, "town:Park")
"""It lasts as long as a visit does: until 16:30."""
ANN = "calm. Ann is at home"
"""As whom Ann Ash weighs an invitation."""


def invited(me: Mind) -> Generator[Any, Any, None]:
    (memory,) = yield from me.remember(MemoryKind.CHAT, ["Bea Birk told Ann Ash that there is a fair"])
    yield from consider_going(me, FAIR, memory.number)


def settled_by(lane: Lane) -> str:
    """Which way it was decided whether to go, and the answer."""
    (decided,) = [body for body in lane.logged if isinstance(body, Decided) and body.thought == INVITATION.name]
    return f"{decided.way}: {decided.answer.partition(':')[0]}"


@pytest.mark.parametrize(
    ("at", "minutes", "where", "settled"),
    [
        ("15:00", 44, "Mill", "meaning: yes"),
        ("15:00", 45, "Mill", "rule: no"),  # half of 90 minutes
        ("08:30", 434, "Mill", "meaning: yes"),  # until 15:44
        ("08:30", 435, "Mill:office", "rule: no"),  # until 15:45
        ("15:45", 240, "Mill", "rule: no"),
        ("15:46", 240, "Mill", "meaning: yes"),
        ("15:00", 90, "Home", "meaning: yes"),  # is no duty
    ],
)
def test_who_works_for_half_of_a_visit_does_not_go(at: str, minutes: int, where: str, settled: str) -> None:
    duty = {"at": at, "do": "milling", "where": where, "minutes": minutes}
    me, lane = mind(now=8 * HOUR, persona={"work": "Mill", "habits": [duty]})
    run(invited(me))
    assert settled_by(lane) == settled


@pytest.mark.parametrize(
    ("begins", "ends", "settled"),
    [
        (14 * HOUR, 15 * HOUR, "meaning: yes"),
        (14 * HOUR, 15 * HOUR + 1, "rule: no"),
        (16 * HOUR - 1, 17 * HOUR, "rule: no"),
        (16 * HOUR, 17 * HOUR, "meaning: yes"),
    ],
)
def test_who_has_promised_to_be_elsewhere_in_the_first_hour_does_not_go(begins: int, ends: int, settled: str) -> None:
    me, lane = mind(now=8 * HOUR)
    me.appointments.append(Intention(begins, ends, "attending: there is a quiz", HOME))
    run(invited(me))
    assert settled_by(lane) == settled


@pytest.mark.parametrize(
    ("towards", "away", "settled", "appointments"),
    [
        (0.3, 0.2, "meaning: yes", [(15 * HOUR, 16 * HOUR + 30 * MINUTE)]),
        (0.25, 0.25, "meaning: yes", [(15 * HOUR, 16 * HOUR + 30 * MINUTE)]),
        (0.2, 0.3, "meaning: no", []),
    ],
)
def test_all_others_go_unless_they_are_more_like_those_who_stay_away(
    towards: float, away: float, settled: str, appointments: list[tuple[int, int]]
) -> None:
    anchors = {INVITATION.high[1]: (towards,), INVITATION.low[4]: (away,)}
    me, lane = mind({ANN: (1.0,), **anchors}, now=8 * HOUR)
    run(invited(me))
    assert settled_by(lane) == settled
    assert [(each.start, each.end) for each in me.appointments] == appointments
