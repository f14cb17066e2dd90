"""Talks of two and more: everybody hears every line, takes turns, and goes when nothing is left to tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.mind import Decision
from agents.cognition.script import LINES
from agents.cognition.talk import Circle, Talk, Utterance, after
from engine.llm.requests import Answer, Embed, Request
from engine.llm.scripted import ScriptedBackend
from engine.record.events import ConversationBegan, ConversationEnded, Decided, Remembered, Said
from replay.story import read_story
from tests.towns import events_of, run_town
from thorp.town import TownRun

PARTY = Path("worlds/town/data/valentine.yaml")


BUSY = {"Amos Tull", "Greta Tull", "Bram Oakes", "Elias Nadeem", "Oona Brandt", "Dov Sorley"}
"""Who works while the party is: the landlord pulls pints, the farmer milks, the organist rehearses, the baker bakes."""


@dataclass
class Held:
    """A conversation as the log has it."""

    circle: list[str]
    lines: list[tuple[int, str, str]] = field(default_factory=list)
    ends: list[tuple[str, int]] = field(default_factory=list)


class Listening:
    """A scripted model that keeps the texts whose meaning it was asked for, and what for."""

    def __init__(self) -> None:
        self._model = ScriptedBackend(LINES)
        self.identity = self._model.identity
        self.asked: list[Embed] = []

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        self.asked += [request for request in requests if isinstance(request, Embed)]
        return self._model.answer(requests)


@pytest.fixture(scope="module")
def model() -> Listening:
    return Listening()


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory, model: Listening) -> TownRun:
    until = {"end": "2023-02-14T00:00"}
    return run_town(tmp_path_factory.mktemp("evening"), scenario=PARTY, changes=until, backend=model)


@pytest.fixture(scope="module")
def held(evening: TownRun) -> dict[str, Held]:
    people = evening.folder.manifest.people
    found: dict[str, Held] = {}
    for event in events_of(evening):
        match event.body:
            case ConversationBegan(conversation, partner):
                found.setdefault(conversation, Held([people[event.key.agent]])).circle.append(partner)
            case Said(conversation, _, text):
                found[conversation].lines.append((event.key.time, people[event.key.agent], text))
            case ConversationEnded(conversation, lines=lines):
                found[conversation].ends.append((people[event.key.agent], lines))
            case _:
                pass
    return found


def test_some_talk_in_threes(held: dict[str, Held]) -> None:
    assert any(len(talk.circle) > 2 for talk in held.values())
    assert all(2 <= len(talk.circle) <= 4 for talk in held.values())


def test_people_speak_in_turn_until_they_have_taken_leave(held: dict[str, Held], evening: TownRun) -> None:
    end = evening.folder.manifest.end
    for talk in held.values():
        circle = tuple(talk.circle)
        following = circle[0]
        for _, speaker, text in talk.lines:
            assert speaker == following
            final = text.startswith("Goodbye, ") or "I have to go on now." in text
            circle, following = after(Utterance("", circle, speaker, text, final=final))
        if talk.lines[-1][0] < end - 300:
            assert [lines for _, lines in talk.ends] == [len(talk.lines)]


def test_a_line_takes_a_second_for_15_characters_and_two_at_least(held: dict[str, Held]) -> None:
    """The next one follows at once: no thought takes simulated time."""
    gaps = [
        (len(text), following - time)
        for talk in held.values()
        for (time, _, text), (following, _, _) in pairwise(talk.lines)
    ]
    assert {seconds for length, seconds in gaps if length <= 30} == {2}
    assert {seconds for length, seconds in gaps if 30 < length <= 45} == {3}
    assert {seconds for length, seconds in gaps if 75 < length <= 90} == {6}


def test_everybody_present_remembers_what_was_told(held: dict[str, Held], evening: TownRun) -> None:
    people = evening.folder.manifest.people
    heard: defaultdict[tuple[int, str, str], set[str]] = defaultdict(set)
    for event in events_of(evening):
        match event.body:
            case Remembered(kind="chat", text=text, about=(speaker,)) if " told " in text:
                told = text.partition(" that ")[2]
                heard[event.key.time, speaker, told].add(people[event.key.agent])
    gatherings = {tuple(sorted(talk.circle)) for talk in held.values() if len(talk.circle) > 2}
    together = {frozenset({speaker, *hearers}) for (_, speaker, _), hearers in heard.items() if len(hearers) > 1}
    assert together
    for group in together:
        assert any(group <= set(gathering) for gathering in gatherings)


def test_everybody_remembers_with_whom_they_talked(held: dict[str, Held], evening: TownRun) -> None:
    people = evening.folder.manifest.people
    memories: defaultdict[str, list[str]] = defaultdict(list)
    for event in events_of(evening):
        if isinstance(event.body, Remembered) and event.body.kind == "chat":
            memories[people[event.key.agent]].append(event.body.text)
    big = [talk for talk in held.values() if len(talk.circle) > 2 and talk.ends]
    assert big
    for talk in big:
        for name in talk.circle:
            talks = [text for text in memories[name] if text.startswith(f"{talk.circle[0]} talked with ")]
            assert any(all(person in text for person in talk.circle) for text in talks)


def test_who_works_at_that_time_says_no_and_all_others_weigh_who_they_are(evening: TownRun, model: Listening) -> None:
    people = evening.folder.manifest.people
    invited = {
        people[event.key.agent]: (event.body.way, event.body.answer.partition(":")[0])
        for event in events_of(evening)
        if isinstance(event.body, Decided) and event.body.thought == "invitation"
    }
    at_work = {name for name, decided in invited.items() if decided == ("rule", "no")}
    assert at_work
    assert at_work == BUSY & set(invited)
    assert invited.pop("Juno Pell") == ("rule", "yes"), "it is her own"
    assert {way for name, (way, _) in invited.items() if name not in at_work} == {"meaning"}
    weighed = [text for request in model.asked if request.purpose == "invitation" for text in request.texts]
    assert any(text.startswith("gentle, stubborn and green-fingered. ") and "a housemate" in text for text in weighed)
    assert not any(text.startswith("jovial, lazy and shrewd. ") for text in weighed), "the landlord has no choice"


def test_who_is_invited_says_what_has_been_decided_and_others_know_it(evening: TownRun, held: dict[str, Held]) -> None:
    people = evening.folder.manifest.people
    decided: dict[str, bool] = {}
    said: dict[str, bool] = {}
    known = set()
    answers = {decision.value: decision is Decision.COMES for decision in Decision}
    for event in events_of(evening):
        name = people[event.key.agent]
        match event.body:
            case Decided(thought="invitation", answer=answer):
                decided[name] = answer.startswith("yes")
            case Said(text=text):
                for words in answers:
                    if text.startswith(words):
                        said[name] = answers[words]
            case Remembered(kind="chat", text=text, about=(other,)) if text.endswith(" to Town Hall at 17:00"):
                assert text.startswith(f"{other} told {name} that {other} is {'' if said[other] else 'not '}coming to ")
                known.add((other, name))
            case _:
                pass
    assert len(said) > 3
    assert set(said.values()) == {True, False}
    assert said.items() <= decided.items()
    assert {other for other, _ in known} == set(said)
    assert any(host == "Juno Pell" for _, host in known)


def test_the_story_names_all_who_talked(evening: TownRun, held: dict[str, Held]) -> None:
    told = [tuple(talk.people) for talk in read_story(evening.folder).conversations]
    assert told == [tuple(talk.circle) for talk in held.values()]


@given(st.integers(2, 8), st.data())
def test_a_circle_goes_round_and_empties_to_two(size: int, data: st.DataObject) -> None:
    circle: Circle = tuple(f"P{number}" for number in range(size))
    speaker = circle[0]
    for _ in range(40):
        line = Utterance("", circle, speaker, "", final=data.draw(st.booleans()))
        now, following = after(line)
        assert following in now
        assert len(now) == len(circle) - (line.final and len(circle) > 2)
        assert (following == speaker) is False
        circle, speaker = now, following
    assert len(circle) >= 2


def test_a_talk_keeps_in_mind_who_has_gone() -> None:
    talk = Talk("c", "Ann", ("Ben", "Ann"), 0, "")
    talk.gather(("Ben", "Ann", "Cleo"))
    talk.gather(("Ann", "Cleo"))
    assert talk.others == ["Cleo"]
    assert talk.met == ["Ben", "Cleo"]
