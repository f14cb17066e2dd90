"""Texts and forms: what Python's `re` says, in time that grows with the text alone."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.llm.matching import is_json_of, is_match
from engine.llm.remote.fitting import fitting
from engine.llm.requests import Shape, Write, line_list

PATTERNS = (
    r" (is|seems|likes|knows|cares for|talks|wants|has)( [a-z']{1,14}){1,9}\.",
    r" [a-z]{2,10}ing( [a-z']{1,12}){2,9}\.",
    "(a|ab)(c|bcd)*",
    "a{2,4}b?",
    "(a*)*",
    "(a+)+b",
    ".*",
    "a|",
    "[^a]{1,3}",
    "(.|\n){0,3}",
    "(?:東|é|🙂)+x?",
    "-?[0-9]+",
    line_list(2),
)
LINES = ["he goes to the market and buys bread and some milk"] * 5
TEXTS = st.one_of(
    st.text("abcdx é東🙂\n.-1", max_size=8),
    st.sampled_from([" is kind", " seems to be glad.", " walking to the mill.", "12:30\nabc", "a\n1b", "1\n2"]),
)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=TEXTS)
def test_what_matches_is_what_matches_for_re(pattern: str, text: str) -> None:
    assert is_match(pattern, text) == (re.fullmatch(pattern, text) is not None)


@given(st.lists(st.text("ab1: \t-é", max_size=4), min_size=1, max_size=4))
def test_a_list_is_lines_with_a_letter_each(lines: list[str]) -> None:
    fits = all(re.search("[A-Za-z]", line) for line in lines)
    assert is_match(line_list(len(lines)), "\n".join(lines)) == fits


@pytest.fixture
def at_once() -> Iterator[None]:
    """What is done takes less than two seconds of the processor's."""
    began = time.process_time()
    yield
    assert time.process_time() - began < 2


def listed(count: int) -> Write:
    return Write("w", ("x",), shape=Shape.REGEX, pattern=line_list(count), max_tokens=300, stop=())


@pytest.mark.usefixtures("at_once")
def test_a_list_that_is_cut_is_refused_at_once() -> None:
    """Five lines of six took `re` half a minute, and so did a last line without a letter."""
    assert fitting(listed(5), "\n".join(LINES), verbatim=False) == "\n".join(LINES)
    assert fitting(listed(6), "\n".join(LINES), verbatim=False) is None
    assert fitting(listed(5), "\n".join([*LINES[:4], "12:30"]), verbatim=False) is None
    assert re.fullmatch(line_list(6), "\n".join(LINES)) is None


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("(a+)+b", "a" * 5000, False),
        ("(x+x+)+y", "x" * 9000, False),
        ("(.*)*b", "a" * 9000, False),
        ("(a?){40}a{40}", "a" * 40, True),
    ],
)
def test_no_pattern_takes_long(pattern: str, text: str, matches: bool) -> None:
    assert is_match(pattern, text) == matches


def test_nothing_fits_what_cannot_be_used() -> None:
    for pattern in ("(a", r"(a)\1", "(?=a)a", "\ud800", "[^\\s\\S]"):
        assert not is_match(pattern, "a") and not is_match(pattern, "")
    for schema in ('{"type": "objekt"}', "[]", "{", '{"$ref": "#"}'):
        assert not is_json_of(schema, "1")
    assert not is_match(".", "\ud800"), "no text"
    assert not is_json_of('{"type": "string"}', '"\ud800"')


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text('ab "\\é'), st.lists))
def test_json_is_json_of_a_schema_that_allows_everything(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert is_json_of("{}", text)
    assert not is_json_of("{}", text + ",")
