from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.persona.persona import Persona, too_long
from engine.config import check, parse_yaml
from engine.errors import BadInput
from engine.kernel.clock import DAY, HOUR, MINUTE

ANA: dict[str, Any] = {
    "name": "Ana Sol",
    "age": 30,
    "traits": "calm",
    "biography": ["Ana bakes"],
    "currently": "Ana wants a dog",
    "lifestyle": "up early",
    "home": "Rose Cottage",
}


def persona(**changes: Any) -> Persona:
    return check(Persona, ANA | changes, "people.yaml")


def test_the_summary_names_everything_that_prompts_need() -> None:
    assert persona().summary == "Ana Sol is 30 years old and calm. Ana bakes. Ana wants a dog."


@pytest.mark.parametrize("written", ["'06:30'", "6:30", '"6:30"'])
def test_a_time_of_day_is_read_as_people_write_it(written: str) -> None:
    data = parse_yaml(f"wakes: {written}", "x.yaml")
    assert persona(**data).wakes == 6 * 3600 + 1800


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans()))
def test_what_is_no_time_of_day_is_refused_with_its_key(value: object) -> None:
    try:
        seconds = persona(wakes=value).wakes
    except BadInput as error:
        assert "key wakes" in str(error)
    else:
        assert seconds is not None
        assert 0 <= seconds < 86400


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"people\.yaml, key hobbits: unknown key 'hobbits' \(did you mean 'habits'\?\)"):
        persona(hobbits=[])


def test_a_persona_without_a_home_is_refused() -> None:
    with pytest.raises(BadInput, match="key home: is required"):
        check(Persona, {key: value for key, value in ANA.items() if key != "home"}, "people.yaml")


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("12:00", "12:01"),
        ("08:00", "22:00"),  # as long as one likes on one day
        ("00:00", "23:59"),
        ("10:00", "00:00"),
        ("22:00", "01:00"),  # over midnight
        ("20:00", "08:00"),  # for 12 hours at most
    ],
)
def test_news_can_be_over_on_the_next_day(at: str, until: str) -> None:
    (news,) = persona(news=[{"text": "there is a party", "at": at, "until": until}]).news
    assert (news.at, news.until) == (_second(at), _second(until))


@pytest.mark.parametrize(
    ("news", "problem"),
    [
        ({"at": "12:00", "until": "11:00"}, "is 23:00 hours after it begins; what goes on over midnight lasts 12"),
        ({"at": "20:00", "until": "08:01"}, "is 12:01 hours after it begins"),
        ({"at": "12:00", "until": "12:00"}, "must be another time than 'at'"),
        ({"until": "12:00"}, "'until' needs 'at'"),
    ],
)
def test_news_that_is_over_before_it_begins_is_refused_with_its_key(news: dict[str, str], problem: str) -> None:
    with pytest.raises(BadInput) as caught:
        persona(news=[{"text": "it rains"}, {"text": "there is a party", **news}])
    assert str(caught.value).startswith("people.yaml, key news[1].until: ")
    assert problem in str(caught.value)


@given(st.integers(0, DAY // MINUTE - 1), st.integers(1, DAY // MINUTE))
def test_only_what_goes_on_over_midnight_can_be_too_long(begins: int, lasts: int) -> None:
    found = too_long(begins * MINUTE, lasts * MINUTE)
    assert bool(found) == (begins + lasts > 24 * 60 and lasts > 12 * 60)


def _second(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE


def test_line_breaks_in_a_name_are_refused() -> None:
    with pytest.raises(BadInput, match="one line"):
        persona(name="Ana\nSol")


def test_what_a_manifest_keeps_of_a_persona_is_the_persona() -> None:
    whole = persona(wakes="06:30", habits=[{"at": "00:05", "do": "counting sheep"}], news=[{"text": "it rains"}])
    assert check(Persona, whole.model_dump(mode="json"), "manifest.json") == whole
