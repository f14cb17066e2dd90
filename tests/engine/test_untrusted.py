"""Text and JSON from outside: read strictly, and not at all where too large."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BadInput, ManyFaults
from engine.faults import SHOWN, Faults
from engine.untrusted import is_plain_name, parse_json, printable, read_json, read_text, shown

TEXT = st.text(st.characters(codec="utf-8"))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
)  # fmt: skip


@given(PLAIN, st.booleans())
def test_plain_json_is_read_as_it_is(value: object, escaped: bool) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=escaped), "x") == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1, NaN]", "NaN is no number"),
        ("[-Infinity]", "-Infinity is no number"),
        ("[1e999]", "too large a number"),
        ("9" * 5000, "not usable JSON"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "'c' stands twice"),
        ('["\\ud83d"]', "half of a surrogate pair"),
        ('{"\\uDE00": 1}', "half of a surrogate pair"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a": ', "cut off"),
        ("", "cut off"),
        ("[1] 2", "line 1, column 5"),
    ],
)
def test_what_is_no_plain_json_is_refused(text: str, expected: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_json(text, "file.json")
    assert expected in str(error.value) and "file.json" in str(error.value)


def test_a_whole_surrogate_pair_is_one_letter() -> None:
    assert parse_json('["\\ud83d\\ude00"]', "x") == ["😀"]


def test_sizes_are_checked_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(2**42)
    with pytest.raises(BadInput, match="at most 100 are read"):
        read_json(path, 100)
    path.write_text("[" + "[]," * 50 + "[]]")
    with pytest.raises(BadInput, match="holds 102 values; at most 101 are read"):
        read_json(path, 1000, 101)
    assert len(read_json(path, 1000, 102)) == 51


def test_only_plain_files_of_text_are_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfhello")
    assert read_text(tmp_path / "a", 8) == "hello"
    (tmp_path / "b").write_bytes(b"ok\xff")
    os.mkfifo(tmp_path / "pipe")
    for name, expected in (("b", "byte 2: is not text in UTF-8"), ("pipe", "not a plain file"), ("", "Is a directory")):
        with pytest.raises(BadInput, match=expected):
            read_text(tmp_path / name, 100)
    with pytest.raises(BadInput, match="cannot be read"):
        read_text(tmp_path / "nul\0", 100)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Ann Reed", True), ("the_ville", True), ("Zoë", True), ("..", False), (".", False), ("", False),
        ("a/b", False), ("a\\b", False), ("C:", False), ("\n", False), ("a" * 201, False), (" ", False),
        ("\ud800", False),
    ],
)  # fmt: skip
def test_names_of_files_lead_nowhere_else(name: str, plain: bool) -> None:
    assert is_plain_name(name) == plain


def test_values_are_shown_shortly() -> None:
    assert shown("x" * 1000) == f"'{'x' * 58}…"
    assert shown(10**1000) == "a huge number"
    assert shown([1] * 1000) == "a list"


@given(st.text())
def test_any_text_can_be_made_printable(text: str) -> None:
    said = printable(text)
    assert said.isprintable()
    assert len(said) <= len(text)
    assert printable(f" {said} ") == said


def test_no_text_commands_a_terminal() -> None:
    assert printable("\x1b[2Ja\u202eb\n\x9bc é") == "[2Ja b  c é"


def test_faults_are_told_together() -> None:
    faults = Faults("file", "this file")
    faults.check()
    faults.add("row 1", "is odd")
    with pytest.raises(BadInput, match=r"^file, row 1: is odd$"):
        faults.check()
    with faults.noted("part"):
        raise BadInput("other", "is broken", "line 3")
    with pytest.raises(ManyFaults) as error:
        faults.check()
    assert error.value.faults == ("row 1: is odd", "part, line 3: is broken")
    for number in range(2 * SHOWN):
        faults.add(f"row {number}", "is odd")
    assert len(faults) == 2 * SHOWN + 2
    with pytest.raises(ManyFaults, match=f"{2 * SHOWN + 2} faults in this file") as many:
        faults.check()
    assert len(many.value.faults) == SHOWN + 1 and many.value.faults[-1] == f"… and {SHOWN + 2} more"
