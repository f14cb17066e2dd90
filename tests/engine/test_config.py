"""What users write is checked as a whole, and every fault is one sentence with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from engine import config
from engine.config import MAX_BYTES, Settings, check, parse_yaml, read_yaml
from engine.errors import BadInput

_WORDS = (
    "a", "b: ", "c:", "- ", "\n", "\n  ", "{", "}", "[", "]", ", ", '"x"', "'y'", "| ", "# z", "? ", "10:00", "1.5",
    "~", "true", "2023-01-02", "- a: 1\n  b: 2\n", "---", "1e3", "0x1f", "\u2028",
)  # fmt: skip


class Window(Settings):
    """The deepest branch."""

    width: int = 1
    colour: str = "white"


class House(Settings):
    """A branch in the middle."""

    rooms: int = Field(default=1, ge=1)
    windows: tuple[Window, ...] = ()
    front: Window | None = None


class Village(Settings):
    """The root."""

    name: str
    houses: list[House] = Field(default_factory=list)
    named: dict[str, House] = Field(default_factory=dict)


def problem(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        check(Village, parse_yaml(text, "v.yaml"), "v.yaml")
    return str(caught.value)


def test_a_whole_tree_is_read() -> None:
    text = "name: Thorp\nhouses:\n  - {rooms: 2, windows: [{width: 3}], front: {colour: red}}\nnamed: {inn: {}}\n"
    village = check(Village, parse_yaml(text, "v.yaml"), "v.yaml")
    window, front = Window(width=3), Window(colour="red")
    expected = Village(name="Thorp", houses=[House(rooms=2, windows=(window,), front=front)], named={"inn": House()})
    assert village == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nam: x", "v.yaml, key name: is required"),
        ("{name: x, house: []}", "v.yaml, key house: unknown key 'house' (did you mean 'houses'?)"),
        ("{name: x, zzz: 1}", "v.yaml, key zzz: unknown key 'zzz' (allowed: houses, name, named)"),
        ("{name: x, houses: [{}, {room: 2}]}", "key houses[1].room: unknown key 'room' (did you mean 'rooms'?)"),
        ("{name: x, houses: [{windows: [{With: 2}]}]}", "key houses[0].windows[0].With: unknown key 'With' (did you"),
        ("{name: x, houses: [{front: {color: 2}}]}", "front.color: unknown key 'color' (did you mean 'colour'?)"),
        ("{name: x, named: {inn: {room: 2}}}", "key named.inn.room: unknown key 'room' (did you mean 'rooms'?)"),
        ("{name: x, named: {inn: {front: {widht: 2}}}}", "unknown key 'widht' (did you mean 'width'?)"),
        (
            "{name: x, houses: [{rooms: 0}]}",
            "houses[0].rooms: Input should be greater than or equal to 1 (given: 0)",
        ),
        ("{name: x, houses: 7}", "key houses: Input should be a valid list (given: 7)"),
        (f"{{name: x, houses: {'y' * 99}}}", "(given: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…)"),
    ],
)
def test_a_fault_names_its_place_and_what_is_allowed(text: str, sentence: str) -> None:
    assert sentence in problem(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3\n", "v.yaml, line 3: the key 'a' stands twice"),
        ("a:\n  b: 1\n  b: 1\n", "v.yaml, line 3: the key 'b' stands twice"),
        ("a: &x [1]\nb: *x\n", "v.yaml, line 2: aliases (*name) are not supported"),
        ("a: &x {b: *x}\n", "v.yaml, line 1: aliases (*name) are not supported"),
        ("a: {<<: {b: 1}}\n", "v.yaml, line 1: could not determine a constructor for the tag"),
        ("? [a, b]\n: 1\n", "v.yaml, line 1: a key must be a plain word"),
        ("a: 1\nb: [1, 2\nc: 3\n", "v.yaml, line 3: "),
        ("a: 1\n\tb: 2\n", "v.yaml, line 2: "),
        ("a: b: c\n", "v.yaml, line 1: mapping values are not allowed here"),
        ("a: !!python/object/apply:os.system [ls]\n", "v.yaml, line 1: could not determine a constructor for the tag"),
        ("- 1\n", "v.yaml: must be a mapping of keys to values"),
        ("", "v.yaml: must be a mapping of keys to values"),
        ("word\n", "v.yaml: must be a mapping of keys to values"),
        ("a: 1\nb: \x00\n", "v.yaml, line 2: the character U+0000 is not allowed"),
        ("a: 2023-13-45\n", "v.yaml: is not YAML: month must be in 1..12"),
        ('a: 1\nb: "x\\ud800y"\n', "v.yaml, line 2: half of a surrogate pair is no text"),
        ("a: 1\n---\nb: 2\n", "v.yaml, line 2: but found another document"),
        ("[" * 100_000, "v.yaml: is nested too deeply"),
    ],
)
def test_what_is_not_plain_yaml_is_one_sentence_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_yaml(text, "v.yaml")
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_a_time_of_day_is_no_number_in_base_60() -> None:
    text = "{a: 10:00, b: 7:30, c: 1:30.5, d: 600, e: -1.5, f: 10:00:00}"
    expected = {"a": "10:00", "b": "7:30", "c": "1:30.5", "d": 600, "e": -1.5, "f": "10:00:00"}
    assert parse_yaml(text, "v.yaml") == expected


def test_json_is_yaml() -> None:
    text = '{"name": "Thorp", "houses": [{"rooms": 2, "windows": [{"width": 3}]}], "named": {"inn": {}}}'
    assert parse_yaml(text, "v.yaml") == yaml.safe_load(text)
    assert parse_yaml("{name: Thorp, 'houses': []}", "v.yaml") == {"name": "Thorp", "houses": []}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"a": 1,\n"a": 2}', "v.yaml, line 2: the key 'a' stands twice"),
        ('{"a": 1,\n"b": "\\ud800"}', "v.yaml, line 2: half of a surrogate pair is no text"),
        ('{"a": [1,\n2}', "v.yaml, line 2: "),
        ('["a"]', "v.yaml: must be a mapping"),
    ],
)
def test_what_is_wrong_with_json_is_said_as_of_yaml(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_yaml(text, "v.yaml")
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "text", ["a: " + 40 * "x", f'{{"a": "{80 * "x"}"}}', f'{{"a": [{"1, " * 12}2]}}', f"{{a: {40 * 'x'}}}"]
)
def test_json_may_be_larger_than_other_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(config, "MAX_BYTES", 30)
    monkeypatch.setattr(config, "MAX_JSON_BYTES", 60)
    monkeypatch.setattr(config, "MAX_JSON_COMMAS", 3)
    path = tmp_path / "v.yaml"
    path.write_text(f'{{"a": "{40 * "x"}"}}', encoding="utf-8")
    assert read_yaml(path) == {"a": 40 * "x"}
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="is larger than"):
        read_yaml(path)


def test_of_very_many_faults_only_the_number_is_said() -> None:
    with pytest.raises(BadInput, match=r"v\.yaml: 10,001 values are not what they must be"):
        check(Village, {"name": "x", "houses": [0] * (config.MANY_FAULTS + 1)}, "v.yaml")


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="libyaml is not there")
@settings(max_examples=300)
@given(st.text("ab:-[]{}&*!?|>'\"#%@\n ,0", max_size=40) | st.lists(st.sampled_from(_WORDS), max_size=9).map("".join))
def test_the_fast_reader_reads_what_the_other_reads(text: str) -> None:
    try:
        expected = config._from_yaml(text, "v.yaml")
    except BadInput:
        return
    assert repr(config._load(text, "v.yaml")) == repr(expected)


@given(st.text(max_size=60) | st.text("abc:-[]{}&*!?|>'\"#%@\n\t ,0", max_size=60))
def test_any_text_is_a_mapping_or_bad_input(text: str) -> None:
    try:
        data = parse_yaml(text, "v.yaml")
    except BadInput as error:
        assert str(error).startswith("v.yaml")
    else:
        assert all(isinstance(key, str) for key in data)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "v.yaml"
    path.write_text("\ufeffname: Ströbeck\n", encoding="utf-8")
    assert read_yaml(path) == {"name": "Ströbeck"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "v.yaml: is not text in UTF-8"),
        (b"a: " + b"x" * MAX_BYTES, "v.yaml: is larger than 4 MiB"),
    ],
)
def test_a_file_that_is_no_text_or_too_large_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "v.yaml").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_yaml(tmp_path / "v.yaml")
    assert str(caught.value).endswith(sentence)


def test_what_cannot_be_read_or_never_ends_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file or directory"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        read_yaml(tmp_path)
    if Path("/dev/zero").exists():
        with pytest.raises(BadInput, match="/dev/zero: is larger than 4 MiB"):
            read_yaml(Path("/dev/zero"))
