"""Whatever a server sends, what is taken out of it fits what was asked for."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from engine.llm.remote.fitting import fitting
from engine.llm.requests import Shape, Write

begins = st.sampled_from(["", "Ida:", 'Ida says: "', "Ida at 10:00 is", "Question: How does Ida "])
stops = st.sampled_from([(), ("\n",), ("?", "\n"), ('"',)])
said = st.text(max_size=60) | st.text('abc IDA:{}"\n?0123456789-.', max_size=60)


def write(begin: str, stop: tuple[str, ...], shape: Shape = Shape.LINE, pattern: str = "") -> Write:
    return Write("w", ("context",), begin, shape, pattern, max_tokens=2, stop=stop, banned=("olga", ""))


@given(begins, stops, said, st.booleans())
def test_lines(begin: str, stop: tuple[str, ...], text: str, verbatim: bool) -> None:
    found = fitting(write(begin, stop), text, verbatim=verbatim)
    if found is not None:
        assert len(found.splitlines()) == 1
        assert any(map(str.isalpha, found))
        assert not any(each in found for each in stop)
        assert "olga" not in found.casefold()
        assert len(found) <= 64
        assert found.strip() in re.sub(r"\\(.)", r"\1", text) or verbatim or "\\u" in text


@given(begins, stops, said, st.booleans(), st.sampled_from([r" [a-z]{1,4}", r"-?\d+ ?", r"\d\d:\d\d", r"(.|\n){1,5}"]))
def test_patterns(begin: str, stop: tuple[str, ...], text: str, verbatim: bool, pattern: str) -> None:
    found = fitting(write(begin, stop, Shape.REGEX, pattern), text, verbatim=verbatim)
    assert found is None or re.fullmatch(pattern, found)


SCHEMA = '{"type": "array", "items": {"type": "integer"}, "maxItems": 3}'


@given(said | st.lists(st.integers()).map(json.dumps), st.booleans())
def test_json(text: str, verbatim: bool) -> None:
    found = fitting(write("", (), Shape.JSON, SCHEMA), text, verbatim=verbatim)
    if found is not None:
        assert len(json.loads(found)) <= 3
    for good in ("[1, 2]", "```json\n[1]\n```", " [] "):
        assert verbatim or fitting(write("", (), Shape.JSON, SCHEMA), good, verbatim=False) is not None


@given(begins, said, st.booleans())
def test_numbers(begin: str, text: str, verbatim: bool) -> None:
    found = fitting(write(begin, ()), text, verbatim=verbatim) and fitting(
        write(begin, (), Shape.NUMBER), text, verbatim=verbatim
    )
    assert not found or re.fullmatch("-?[0-9]+", found)


@given(st.integers(-(10**9), 10**9), st.booleans())
def test_every_number_is_understood(number: int, verbatim: bool) -> None:
    assert fitting(write("It is ", (), Shape.NUMBER), f"{number} or so", verbatim=verbatim) == str(number)


def test_what_continues_a_text_verbatim_is_left_as_it_is() -> None:
    assert fitting(write("Ida:", ("\n",)), " Hello \nJonas: no", verbatim=True) == " Hello "


def test_the_repeated_end_of_a_beginning_is_left_out() -> None:
    request = write("Question: How does Ida", ("?",))
    for text in ("feel?", "Ida feel?", "How does Ida feel?", "Question: how does ida feel?"):
        assert fitting(request, text, verbatim=False) == " feel"
    assert fitting(request, "Idaho?", verbatim=False) == " Idaho", "only whole words are repeated"
