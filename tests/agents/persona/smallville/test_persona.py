"""Persons of ours made of the original's: what the rules understand, and what stays a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from agents.persona.smallville.persona import check, settle
from agents.persona.smallville.places import Places
from agents.persona.smallville.records import SCRATCH
from agents.persona.smallville.routine import RoutineAct, ing, routine_of
from agents.persona.smallville.sentences import Voice, of_somebody, pronoun_in, sentences, third_person
from agents.persona.smallville.ties import ties_of
from agents.persona.smallville.times import clock_text, times_in
from tests import originals
from tests.agents.persona.smallville.test_records import record_of

PLACES = Places(
    {
        "Ann Reed's house": ["main room", "bathroom"],
        "Corner Cafe": ["cafe"],
        "The Mill Market and Pharmacy": ["store"],
        "Oak College": ["library", "classroom"],
        "Green Park": ["park"],
    },
    ["Ann Reed", "Bob Park"],
)
HOME = "Ann Reed's house:main room"


def acts(plan: str, lifestyle: str = "") -> list[tuple[str, int, str, str]]:
    routine = routine_of(lifestyle, plan, "Ann Reed", HOME, PLACES)
    return [(clock_text(act.at), act.minutes, act.doing, act.where) for act in routine.acts]


def test_a_person_is_settled() -> None:
    settled = settle(record_of(), 3, ["Ann Reed", "Bob Hale"], ["You and Bob Hale are old friends"], PLACES)
    assert settled.entry == {
        "name": "Ann Reed",
        "age": 41,
        "pronoun": "she",
        "traits": "calm, funny, stubborn",
        "biography": [
            "Ann Reed is the owner of the Corner Cafe",
            "Ann Reed knows everybody by name",
            "Ann Reed and Bob Hale are old friends",
        ],
        "currently": "Ann Reed is planning a breakfast for the whole street",
        "lifestyle": "Ann Reed goes to bed around 10pm, awakes up around 6am, eats dinner around 6pm.",
        "home": HOME,
        "work": "Corner Cafe",
        "wakes": "06:00",
        "sleeps": "22:00",
        "habits": [
            {"at": "08:00", "do": "opening the Corner Cafe", "where": "Corner Cafe", "minutes": 30},
            {"at": "08:30", "do": "standing at the counter", "where": "Corner Cafe", "minutes": 450},
            {"at": "18:00", "do": "having dinner", "minutes": 45},
        ],
        "knows": {"Bob Hale": "one of her old friends"},
        "knows_places": [HOME, "Corner Cafe:cafe"],
        "figure": 3,
    }
    assert check(settled.entry).wakes == 6 * 3600


@pytest.mark.parametrize(
    "changes",
    [
        {"learned": "", "currently": "", "lifestyle": "", "innate": ""},
        {"currently": "word " * 400, "learned": "x" * 2000, "innate": "y" * 900, "lifestyle": "z\n\t" * 300},
        {"age": 0, "living_area": "Brookside:Ann Reed's house"},
        {"daily_plan_req": "1. Wake up\n2. Eat\x00 at 8am at Corner Cafe\n3. 9am"},
    ],
)
def test_odd_texts_still_make_a_person(changes: dict[str, Any]) -> None:
    settled = settle(record_of(**{SCRATCH: originals.SCRATCH | changes}), 0, [], (), PLACES)
    assert check(settled.entry).name == "Ann Reed"


def test_somebody_without_a_home_is_reported() -> None:
    settled = settle(record_of(**{SCRATCH: originals.SCRATCH | {"living_area": "nowhere"}}), 0, [], (), PLACES)
    assert settled.notes == ("Ann Reed has no home: the living area is 'nowhere'",)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (
            "Ann opens the Corner Cafe at 8am everyday, and stands at the bar until 8pm, at which point she closes it.",
            [
                ("08:00", 30, "opening the Corner Cafe", "Corner Cafe"),
                ("08:30", 690, "standing at the bar", "Corner Cafe"),
                ("20:00", 30, "closing it", "Corner Cafe"),
            ],
        ),
        (
            "Ann goes to the library at Oak College to take classes from 10am to 2pm",
            [("10:00", 240, "going to the library at Oak College to take classes", "Oak College:library")],
        ),
        (
            "Ann goes to the Mil Market and Pharmacy around 9am. She stands behind the counter until 5pm.",
            [
                ("09:00", 30, "going to the Mil Market and Pharmacy", "The Mill Market and Pharmacy"),
                ("09:30", 450, "standing behind the counter", "The Mill Market and Pharmacy"),
            ],
        ),
        (
            "Ann opens Corner Cafe at 8am, stands behind its counter, and closes it at 6pm",
            [
                ("08:00", 30, "opening Corner Cafe", "Corner Cafe"),
                ("08:30", 570, "standing behind its counter", "Corner Cafe"),
                ("18:00", 30, "closing it", "Corner Cafe"),
            ],
        ),
        (
            "In the afternoon, she likes to go to Green Park to rest",
            [("14:00", 30, "going to Green Park to rest", "Green Park")],
        ),
        (
            "1. Wake up at 6am. 2. Study at the library from 9 am to 12:30 pm. 3. Eat and read at Corner Cafe by 1 pm",
            [
                ("09:00", 210, "studying at the library", "Oak College:library"),
                ("13:00", 30, "eating and reading at Corner Cafe", "Corner Cafe"),
            ],
        ),
        ("She returns home at 11pm", [("23:00", 30, "returning home", HOME)]),
        ("She works at Corner Cafe from 10pm to 2am", [("22:00", 240, "working at Corner Cafe", "Corner Cafe")]),
        ("She is at Corner Cafe at 8am", []),
        ("She likes tea", []),
        ("At 8am", []),
        ("", []),
    ],
)
def test_plans_become_habits_where_time_and_place_are_named(plan: str, expected: list[Any]) -> None:
    assert acts(plan) == expected


def test_what_is_not_understood_stays_a_sentence() -> None:
    routine = routine_of(
        "", "Ann opens Corner Cafe at 8am, and hopes for rain. She spends hours fishing", "Ann Reed", HOME, PLACES
    )
    assert routine.acts == (RoutineAct(8 * 3600, 30, "opening Corner Cafe", "Corner Cafe"),)
    assert routine.rest == ("Ann opens Corner Cafe at 8am, and hopes for rain", "She spends hours fishing")


@pytest.mark.parametrize(
    ("lifestyle", "wakes", "sleeps", "dinner"),
    [
        ("Ann goes to bed around 10pm, awakes up around 7amam, eats dinner around 17:30pm.", "07:00", "22:00", "17:30"),
        ("Ann goes to bed around midnight, wakes up at 6:30 am", "06:30", "00:00", None),
        ("Ann goes to bed around 2am, awakes up around noon.", "12:00", "02:00", None),
        ("Ann is an early bird.", None, None, None),
    ],
)
def test_lifestyles_tell_times(lifestyle: str, wakes: str | None, sleeps: str | None, dinner: str | None) -> None:
    routine = routine_of(lifestyle, "", "Ann Reed", HOME, PLACES)
    told = [None if second is None else clock_text(second) for second in (routine.wakes, routine.sleeps)]
    assert told == [wakes, sleeps]
    assert [clock_text(act.at) for act in routine.acts] == ([dinner] if dinner else [])


@pytest.mark.parametrize(
    ("whisper", "expected"),
    [
        ("This is very important -- you have a secret crush on Bob", "Ann Reed has a secret crush on Bob"),
        ("You and Bob are dormmates", "Ann Reed and Bob are dormmates"),
        ("Bob is your friend whom you've known for a year", "Bob is her friend whom Ann Reed has known for a year"),
        ("In terms of your daily plans, you frequent the pub", "Ann Reed frequents the pub"),
        ("You don't like it when people fight at your bar", "Ann Reed doesn't like it when people fight at her bar"),
        ("You sometimes try to rest but you haven't yet", "Ann Reed sometimes tries to rest but she hasn't yet"),
        ("Bob is a loyal friend to you", "Bob is a loyal friend to her"),
        (
            "You know Bob since the time he helped you with a boat",
            "Ann Reed knows Bob since the time he helped her with a boat",
        ),
        ("You and Bob are close and you two sometimes chat", "Ann Reed and Bob are close and the two sometimes chat"),
        ("You would rather watch", "Ann Reed would rather watch"),
        ("The mill is old", "The mill is old"),
        ("", ""),
    ],
)
def test_whispers_are_told_in_the_third_person(whisper: str, expected: str) -> None:
    assert of_somebody(whisper, Voice("Ann Reed", "she")) == expected


def test_whom_somebody_knows_and_how() -> None:
    names = ["Ann Reed", "Bob Hale", "Cy Lo", "Di Mo", "Ed No", "Flo Po"]
    told = [
        "Ann Reed has known Bob Hale for a year",
        "Bob Hale is her husband who fishes",
        "Ann Reed and Cy Lo are close friends and classmates",
        "Ann Reed knows Di Mo as a customer at her bar",
        "Ann Reed is living with her son, Ed No, and a cat",
        "Ann Reed has known Flo Po for years",
    ]
    assert ties_of(told, Voice("Ann Reed", "she"), names) == {
        "Bob Hale": "her husband",
        "Cy Lo": "one of her close friends and classmates",
        "Di Mo": "a customer at her bar",
        "Ed No": "her son",
        "Flo Po": "somebody she knows",
    }


def test_places_are_found_by_their_names() -> None:
    assert PLACES.find("She walks through Green Park to the Corner Cafe") == "Green Park"
    assert PLACES.find("the classroom of Oak College") == "Oak College:classroom"
    assert PLACES.find("studying at the library") == "Oak College:library"
    assert PLACES.find("the main room") == ""
    assert PLACES.find("Bob Park sings") == "", "somebody's name is no place"
    assert PLACES.find("Mill Market") == ""
    assert PLACES.has("Oak College:library") and not PLACES.has("Oak College:pub")


def test_texts_are_cut_into_lines() -> None:
    assert sentences("Ann sings. She is loud! It is 3.5 km.") == ["Ann sings", "She is loud!", "It is 3.5 km"]
    assert sentences("1. Sing. 2. Dance.") == ["Sing", "Dance"]
    assert [len(line) <= 400 for line in sentences("long " * 300)] == [True] * 4
    assert sentences("") == []


def test_words_and_times() -> None:
    assert [ing(verb) for verb in ("opens", "closes", "goes", "ties", "gets", "studies", "agrees", "watches")] == [
        "opening", "closing", "going", "tying", "getting", "studying", "agreeing", "watching",
    ]  # fmt: skip
    assert [third_person(verb) for verb in ("like", "try", "go", "wish", "have", "can")] == [
        "likes", "tries", "goes", "wishes", "has", "can",
    ]  # fmt: skip
    assert [clock_text(time.second) for time in times_in("12am, 12pm, 5:30 PM, 23:15 and noon, not 25pm")] == [
        "00:00", "12:00", "17:30", "23:15", "12:00",
    ]  # fmt: skip
    assert pronoun_in("He sings. His cat", "she") == "he"
    assert pronoun_in("he and she") == "they"
