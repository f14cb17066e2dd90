"""Models with a few bytes or values changed: each is refused in one sentence, or works."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from engine.llm.embedded import EmbeddedBackend
from engine.llm.requests import Choice, Choose, Failure, Texts, Write
from tests.engine.llm import families, tiny

FEW, MANY = 80, 6000
_ASKED: Final = (Choose("c", ("the cat",), (" a", " 12\n")), Write("w", ("I say: ",), max_tokens=4))
_ODD: Final[list[Any]] = [
    None, True, -1, 0, 1, 3, 2**31, 2**63, 10**400, 0.5, -0.0, 1e308, math.nan, math.inf, "", "llama", "\ud800", "▁",
    [], [1], [[]], ["a", "a"], {}, {"type": "ByteLevel"}, {"rope_type": "yarn", "factor": 9},
]  # fmt: skip

Change = Callable[[bytes], bytes]
TOGETHER: Final = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.differing_executors]
"""All examples of a test share its folder; each writes all of its files anew."""


@dataclass
class Encoder:
    """Stands in for the package of the sentence encoder."""

    folder: Path

    def locate(self) -> Path:
        return self.folder


@pytest.fixture
def attempt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_thread: None) -> Callable[[Path], None]:
    """Load a model and ask it something."""
    monkeypatch.setattr("engine.llm.embedded.pin_threads", list)
    (tmp_path / "model.safetensors").write_bytes(b"")
    monkeypatch.setattr("engine.llm.embedded.SENTENCE_ENCODER", Encoder(tmp_path))

    def load(path: Path) -> None:
        began = time.process_time()
        try:
            backend = EmbeddedBackend.load(path)
        except BadInput as error:
            assert "\n" not in str(error)
            assert len(str(error)) < 1000
        else:
            for answer in backend.answer(_ASKED):
                assert isinstance(answer.reply, Choice | Texts | Failure)
        assert time.process_time() - began < 10

    return load


@st.composite
def byte_changes(draw: st.DrawFn, structure: int) -> Change:
    """Cut a file, or change some bytes of it, mostly among the first `structure`."""
    if draw(st.integers(0, 3)) == 0:
        share = draw(st.floats(0, 1))
        return lambda data: data[: int(share * len(data))]
    places = st.integers(0, structure - 1) | st.integers(0, 1 << 20)
    edits = draw(
        st.lists(st.tuples(places, st.sampled_from([0, 1, 2, 255, 128]) | st.integers(0, 255)), min_size=1, max_size=6)
    )

    def change(data: bytes) -> bytes:
        changed = bytearray(data)
        for place, value in edits:
            changed[place % len(data)] ^= value
        return bytes(changed)

    return change


@st.composite
def value_changes(draw: st.DrawFn) -> Change:
    """Replace, remove or repeat some values of a JSON file, at any depth."""
    edits = draw(
        st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(_ODD), st.booleans()), min_size=1, max_size=4)
    )

    def change(data: bytes) -> bytes:
        content = json.loads(data)
        for number, value, remove in edits:
            places = list(containers(content))
            if places:
                where, key = places[number % len(places)]
                if remove:
                    del where[key]
                else:
                    where[key] = deepcopy(value)
        return json.dumps(content).encode()

    return change


def containers(content: Any) -> Any:
    """All places inside a JSON value, those near the top as often as all the many inside lists together."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield content, key
            yield from containers(value)
    elif isinstance(content, list):
        for index in list(range(len(content)))[:: max(1, len(content) // 20)]:
            yield content, index
            yield from containers(content[index])


def check_gguf(attempt: Callable[[Path], None], tmp_path: Path, change: Change) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(change(tiny.write(path).read_bytes()))
    attempt(path)


@settings(max_examples=FEW, suppress_health_check=TOGETHER)
@given(change=byte_changes(9000))
def test_damaged_gguf_files(attempt: Callable[[Path], None], tmp_path: Path, change: Change) -> None:
    check_gguf(attempt, tmp_path, change)


@pytest.mark.slow
@settings(max_examples=MANY, suppress_health_check=TOGETHER)
@given(change=byte_changes(9000))
def test_many_damaged_gguf_files(attempt: Callable[[Path], None], tmp_path: Path, change: Change) -> None:
    check_gguf(attempt, tmp_path, change)


@pytest.fixture(scope="module", params=["llama", "gemma3", "opt"])
def saved(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return families.save(families.make(request.param), tmp_path_factory.mktemp("saved"))


FILES: Final = {
    "config.json": value_changes() | byte_changes(1000),
    "tokenizer.json": value_changes() | byte_changes(1000),
    "tokenizer_config.json": value_changes() | byte_changes(100),
    "generation_config.json": value_changes(),
    "model.safetensors": byte_changes(3000),
}


def check_folder(attempt: Callable[[Path], None], tmp_path: Path, saved: Path, name: str, change: Change) -> None:
    for file in saved.iterdir():
        (tmp_path / file.name).write_bytes(change(file.read_bytes()) if file.name == name else file.read_bytes())
    attempt(tmp_path)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=FEW // 8, suppress_health_check=TOGETHER)
@given(data=st.data())
def test_damaged_folders(attempt: Callable[[Path], None], tmp_path: Path, saved: Path, name: str, data: Any) -> None:
    check_folder(attempt, tmp_path, saved, name, data.draw(FILES[name]))


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
@settings(max_examples=MANY // 10, suppress_health_check=TOGETHER)
@given(data=st.data())
def test_many_damaged_folders(
    attempt: Callable[[Path], None], tmp_path: Path, saved: Path, name: str, data: Any
) -> None:
    check_folder(attempt, tmp_path, saved, name, data.draw(FILES[name]))
