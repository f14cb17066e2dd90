"""What is taken in of all that one sees: the nearest three, unless they were among the last five."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agents.cognition.mind import Mind
from agents.cognition.perception import perceive
from engine.contact import SawPerson
from tests.agents.cognition.minds import mind
from tests.agents.cognition.test_planning import run


def sees(me: Mind, *names: str) -> list[str]:
    """Who is noticed of some people, told from the nearest to the farthest."""
    people: Sequence[SawPerson] = run(perceive(me, [SawPerson(name, "digging", "town:Park") for name in names]))
    return [person.name for person in people]


@pytest.mark.parametrize(("attention", "noticed"), [(1, "A"), (3, "ABC"), (9, "ABCDE")])
def test_of_one_moment_the_nearest_are_taken_in(attention: int, noticed: str) -> None:
    me, _ = mind(attention=attention)
    assert sees(me, *"ABCDE") == list(noticed)


def test_three_and_five_are_usual() -> None:
    settings = mind()[0].settings
    assert (settings.attention, settings.retention) == (3, 5)


def test_what_is_among_the_last_five_is_not_new() -> None:
    me, _ = mind()
    assert sees(me, *"ABC") == ["A", "B", "C"]
    assert sees(me, *"ABCDE") == ["D", "E"], "what is not new takes no attention"
    assert sees(me, "A") == []
    assert sees(me, "F") == ["F"], "the sixth: the first is new again"
    assert sees(me, *"AB") == ["A"], "and the second one after this moment"
    assert sees(me, *"BDEF") == ["B"]
