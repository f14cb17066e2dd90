"""What is taken in of all that one sees: the nearest three, unless they were among the last five."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.mind import Mind
from agents.cognition.perception import perceive
from agents.memory.stream import Memory
from engine.contact import SawPerson
from engine.phrases import listed, unlisted
from tests.agents.cognition.minds import mind
from tests.agents.cognition.test_planning import run


def sees(me: Mind, *names: str) -> list[str]:
    """Who is noticed of some people, told from the nearest to the farthest."""
    people: Sequence[SawPerson] = run(perceive(me, [SawPerson(name, "digging", "town:Park") for name in names]))
    return [person.name for person in people]


def remembered(me: Mind) -> list[Memory]:
    return [me.stream[number] for number in range(len(me.stream))]


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


def test_a_talk_is_one_sight_whoever_of_those_in_it_is_seen() -> None:
    talkers = [SawPerson(a, f"talking with {b}", "town:Park") for a, b in ("AB", "BA")]
    me, _ = mind(body={"people": lambda: talkers})
    assert run(perceive(me, talkers)) == talkers[:1]
    assert run(perceive(me, talkers[1:])) == [], "it is the same talk"
    (memory,) = remembered(me)
    assert memory.text == "A is talking with B in the Park"
    assert memory.about == ("A", "B")


@pytest.mark.parametrize("doing", ["talking with B and C", "talking with people about the weather", "talking with"])
def test_who_is_not_in_sight_is_in_no_talk(doing: str) -> None:
    talkers = [SawPerson("A", doing, "town:Park"), SawPerson("B", "talking with A and C", "town:Park")]
    me, _ = mind(body={"people": lambda: talkers})
    assert run(perceive(me, talkers)) == talkers
    assert [memory.about for memory in remembered(me)] == [("A",), ("B",)]


def test_of_a_talk_with_oneself_the_others_are_remembered() -> None:
    talkers = [SawPerson("A", "talking with B and Ann Ash", "town:Park"), SawPerson("B", "digging", "town:Park")]
    me, _ = mind(body={"people": lambda: talkers})
    run(perceive(me, talkers[:1]))
    assert [memory.about for memory in remembered(me)] == [("A", "B")]


@given(st.lists(st.from_regex(r"[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})?", fullmatch=True), min_size=1, max_size=6))
def test_who_is_listed_can_be_told_apart_again(names: list[str]) -> None:
    assert unlisted(listed(names)) == names
