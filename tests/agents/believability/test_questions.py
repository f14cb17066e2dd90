"""The questions of the study: five of each kind, filled in from any town."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.believability.questions import SLOTS, Circumstances, Template, acquaintances, questionnaire, questions_for
from agents.memory.archive import Record
from agents.memory.stream import MemoryKind
from engine.kernel.clock import HOUR, Clock
from thorp.ask import LONGEST
from thorp.scenario import DATA, load_scenario

CLOCK = Clock(datetime(2023, 2, 13, 6, 30))
NAMES = st.text(min_size=1, max_size=400).map(str.strip).filter(bool)


def about(*names: str) -> Record:
    return Record(0, MemoryKind.CHAT, "x", 0, 0, 1.0, 1, (), names)


def who(**given: object) -> Circumstances:
    usual = {"name": "Ann", "people": ["Ann", "Ben", "Cem", "Dora"], "knows": [], "records": [], "news": []}
    return Circumstances(**{**usual, "clock": CLOCK, "time": 4 * HOUR, "seed": 1, **given})  # type: ignore[arg-type]


def texts(circumstances: Circumstances) -> str:
    return "\n".join(question.text for question in questions_for(circumstances))


def test_there_are_five_questions_of_each_of_the_five_kinds() -> None:
    asked = questions_for(who())
    assert [question.number for question in asked] == list(range(25))
    kinds = Counter(question.kind for question in asked)
    assert kinds == dict.fromkeys(["self-knowledge", "memory", "plans", "reactions", "reflections"], 5)
    assert len({question.text for question in asked}) == 25


def test_the_one_of_whom_most_is_remembered_is_known_best() -> None:
    circumstances = who(
        knows=["Dora", "Emil"], records=[about("Cem"), about("Cem", "Ann"), about("Emil"), about("Ben")]
    )
    assert acquaintances(circumstances) == ["Cem", "Ben", "Dora"], "neither oneself nor who lives elsewhere"
    asked = texts(circumstances)
    assert "Who is Cem?" in asked
    assert "What do you think of Ben?" in asked


def test_what_cannot_be_filled_in_is_asked_in_other_words() -> None:
    with_all = texts(who(knows=["Ben", "Cem"], news=["the bridge is shut."]))
    assert "Somebody says that the bridge is shut. What do you know about it?" in with_all
    assert "What were you doing at 08:30?" in with_all
    assert "What will you be doing at 11:30?" in with_all
    assert "What will you be doing at 11:30?" in texts(who(time=4 * HOUR - 1)), "people say it in quarters of an hour"
    alone = texts(who(people=["Ann"], time=0))
    assert "What is the latest news that you have heard?" in alone
    assert "What is the first thing that you did today?" in alone
    assert "None" not in alone and "{" not in alone


def test_the_stranger_has_no_name_of_anybody_there() -> None:
    for seed in range(20):
        taken = [f"Ida {name.split()[1]}" for name in questionnaire().strangers[1:]]
        assert questionnaire().strangers[0] in texts(who(people=["Ann", *taken], seed=seed))


@settings(max_examples=30)
@given(
    st.lists(NAMES, min_size=1, max_size=6, unique=True),
    st.lists(st.text(min_size=1, max_size=400), max_size=3),
    st.integers(0, 10 * 24 * HOUR),
    st.integers(0, 2**63 - 1),
    st.data(),
)
def test_every_town_gives_questions_that_can_be_asked(
    people: list[str], news: list[str], time: int, seed: int, data: st.DataObject
) -> None:
    known = data.draw(st.lists(st.sampled_from(people), max_size=4))
    records = [about(*data.draw(st.lists(st.sampled_from(people), max_size=2))) for _ in range(3)]
    circumstances = who(name=people[0], people=people, knows=known, records=records, news=news, time=time, seed=seed)
    asked = questions_for(circumstances)
    assert asked == questions_for(circumstances)
    assert len(asked) == 25
    for question in asked:
        assert question.text.isprintable()
        assert 0 < len(question.text) <= LONGEST["question"]


def test_nobody_of_the_shipped_town_stands_in_the_file() -> None:
    sheet = questionnaire()
    residents = {part for person in load_scenario(DATA / "day.yaml").scenario.people for part in person.name.split()}
    said = " ".join([*sheet.strangers, *(t.ask + t.instead for those in sheet.questions.values() for t in those)])
    assert not residents & set(said.replace("'", " ").replace("?", " ").split())


@pytest.mark.parametrize("ask", ["Who is {known}?", "Who is {nobody}?", "Is {known} {another}?", "Is {0}?"])
def test_a_question_that_could_not_be_asked_is_refused(ask: str) -> None:
    with pytest.raises(ValueError, match="filled in"):
        Template(ask=ask)
    assert {slot for those in questionnaire().questions.values() for t in those for slot in t.slots} == set(SLOTS)
