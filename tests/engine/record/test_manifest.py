"""The manifest comes back as it was written, or one sentence says what is wrong with it."""

from __future__ import annotations

import base64
import hashlib
import json
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from engine.record import manifest as module
from engine.record.manifest import FORMAT, Attachment, Manifest
from tests.engine.record.runs import example

in_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def change(folder: Path, **changes: Any) -> None:
    """Write a manifest of which some keys were changed; None takes a key away."""
    content = json.loads(example().model_dump_json()) | changes
    text = json.dumps({key: value for key, value in content.items() if value is not None})
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def test_a_manifest_survives_the_disk(tmp_path: Path) -> None:
    manifest = example(attachments={"map": Attachment.of(Path("a.tmj"), b"\x00\xff" * 9)})
    manifest.write(tmp_path)
    assert Manifest.read(tmp_path) == manifest
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_a_manifest_that_cannot_be_written_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example().write(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        example(seed=2).write(tmp_path)
    assert Manifest.read(tmp_path) == example()
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@in_folder
@given(scenario=st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.booleans())))
def test_any_scenario_survives_the_disk(tmp_path: Path, scenario: dict[str, Any]) -> None:
    manifest = example(scenario=scenario)
    manifest.write(tmp_path)
    assert Manifest.read(tmp_path) == manifest


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"seed": None}, "seed: Field required"),
        ({"end": "soon"}, "end: Input should be a valid integer"),
        ({"start": "yesterday"}, "start: is not an ISO 8601 instant"),
        ({"extra": 1}, "extra: Extra inputs are not permitted"),
        (
            {"format": FORMAT + 1, "novelty": 3},
            f"format: this version of Thorp reads format {FORMAT}, not {FORMAT + 1}",
        ),
        ({"people": "Ida"}, "people: Input should be a valid"),
        ({"attachments": {"map": {"path": "x"}}}, "attachments.map.sha256: Field required"),
    ],
)
def test_a_wrong_key_is_named(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    change(tmp_path, **changes)
    with pytest.raises(BadInput) as caught:
        Manifest.read(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'manifest.json'}, {sentence}")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"seed": 1e999}'])
def test_what_is_no_manifest_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(BadInput, match=r"manifest\.json"):
        Manifest.read(tmp_path)


def test_a_folder_without_a_manifest_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"is not a run folder: it has no readable manifest\.json"):
        Manifest.read(tmp_path)


@given(st.binary(max_size=500))
def test_an_attachment_gives_back_what_was_packed(content: bytes) -> None:
    assert Attachment.of(Path("some/file"), content).content() == content


def packed(content: bytes, digest_of: bytes | None = None) -> Attachment:
    digest = hashlib.sha256(content if digest_of is None else digest_of).hexdigest()
    return Attachment(path="a.png", sha256=digest, data=base64.b64encode(zlib.compress(content)).decode())


@pytest.mark.parametrize(
    "attachment",
    [
        packed(b"content", digest_of=b"other"),
        packed(b"content").model_copy(update={"data": "no base64!"}),
        packed(b"content").model_copy(update={"data": base64.b64encode(b"not deflated").decode()}),
        packed(b"content").model_copy(update={"data": ""}),
        packed(b"content").model_copy(update={"data": "é"}),
        packed(b"content" * 99).model_copy(update={"data": packed(b"content" * 99).data[:16]}),
    ],
    ids=["digest", "base64", "deflate", "empty", "letters", "cut"],
)
def test_a_damaged_attachment_is_named(attachment: Attachment) -> None:
    with pytest.raises(BadInput, match=r"manifest\.json: the copy of a\.png is damaged"):
        attachment.content()


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ATTACHMENT", 1_000_000)
    bomb = packed(b"\x00" * 50_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(BadInput, match=r"the copy of a\.png is damaged"):
            bomb.content()
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_an_attachment_of_the_largest_size_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ATTACHMENT", 1000)
    assert packed(b"x" * 1000).content() == b"x" * 1000
    with pytest.raises(BadInput):
        packed(b"x" * 1001).content()


def test_a_manifest_that_could_not_be_read_again_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example().write(tmp_path)
    for limit in ("MAX_BYTES", "MAX_COMMAS"):
        with monkeypatch.context() as patch:
            patch.setattr(module, limit, 9)
            with pytest.raises(OSError, match="the manifest is too large"):
                example(seed=2).write(tmp_path)
            with pytest.raises(BadInput, match=r"manifest\.json: is too large for a manifest"):
                Manifest.read(tmp_path)
    assert Manifest.read(tmp_path) == example()
