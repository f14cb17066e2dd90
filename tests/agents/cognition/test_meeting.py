"""Which hail is answered with yes, and what puts an object right soonest."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from agents.cognition.hailing import CalledOff, Hail, HailReply
from agents.cognition.meeting import answer_hails
from agents.cognition.upkeep import quickest
from engine.contact import Heard, Use
from tests.agents.cognition.minds import mind

NOW = 36000


def answers(*heard: Heard) -> dict[str, bool]:
    """Who is told what, up to where a talk begins."""
    told: dict[str, bool] = {}

    def tell(name: str, _: int, content: object) -> None:
        assert isinstance(content, HailReply)
        told[name] = content.accepted

    class Begun(Exception):
        pass

    def halt() -> None:
        raise Begun

    me, _ = mind(now=NOW, body={"tell": tell, "halt": halt})
    answering: Generator[Any, Any, bool] = answer_hails(me, heard, lambda _: "digging")
    try:
        next(answering)
    except Begun:
        assert any(told.values())
    except StopIteration as end:
        assert end.value is False
        assert not any(told.values())
    return told


@pytest.mark.parametrize(("ago", "accepted"), [(1, True), (2, True), (3, False)])
def test_a_hail_is_fresh_for_two_seconds(ago: int, accepted: bool) -> None:
    assert answers(Heard("Bea", Hail("c", NOW - ago))) == {"Bea": accepted}


def test_the_first_fresh_hail_that_stands_is_accepted() -> None:
    heard = [
        Heard("Bea", Hail("called off", NOW - 1)),
        Heard("Cid", Hail("stale", NOW - 3)),
        Heard("Dot", Hail("first", NOW - 1)),
        Heard("Eva", Hail("second", NOW - 1)),
        Heard("Bea", CalledOff("called off")),
    ]
    assert answers(*heard) == {"Bea": False, "Cid": False, "Dot": True, "Eva": False}


def test_the_quickest_remedy_is_the_shortest_the_first_of_equals() -> None:
    uses = [Use("stove", "stove", activity, "", minutes) for activity, minutes in (("a", 10), ("b", 3), ("c", 3))]
    assert quickest(uses).activity == "b"
