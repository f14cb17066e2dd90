from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.persona.persona import Persona
from engine.config import check, parse_yaml
from engine.errors import BadInput

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


def test_line_breaks_in_a_name_are_refused() -> None:
    with pytest.raises(BadInput, match="one line"):
        persona(name="Ana\nSol")


def test_what_a_manifest_keeps_of_a_persona_is_the_persona() -> None:
    whole = persona(wakes="06:30", habits=[{"at": "00:05", "do": "counting sheep"}], news=[{"text": "it rains"}])
    assert check(Persona, whole.model_dump(mode="json"), "manifest.json") == whole
