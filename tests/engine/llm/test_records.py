"""Recorded replies come back as they were given, and every part of a request counts for its name."""

from __future__ import annotations

import dataclasses
import tracemalloc
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, RunFailed
from engine.llm.records import RecordedReplies, ReplyRecord, count_replies, read_replies, unreadable_replies
from engine.llm.requests import Answer, Choose, Request, Sample, Texts, Usage, Vectors, Way, request_key
from engine.record.frames import DamagedLog, FrameWriter, LogKind
from tests.engine.llm.asking import answers, requests, same

in_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
recorded = st.lists(
    st.tuples(st.binary(min_size=16, max_size=16), st.text(), answers), max_size=6, unique_by=lambda each: each[0]
)


@in_folder
@given(given_answers=recorded)
def test_every_reply_survives_the_disk(tmp_path: Path, given_answers: list[tuple[bytes, str, Answer]]) -> None:
    path = tmp_path / "replies.log"
    path.unlink(missing_ok=True)
    with FrameWriter(path, LogKind.REPLIES) as writer:
        ReplyRecord(writer).add(given_answers)
    last = {key: answer for key, _, answer in given_answers}
    assert {key for key, _ in read_replies(path)} == last.keys()
    with FrameWriter(path, LogKind.REPLIES) as writer:
        record = ReplyRecord(writer)
        for key, answer in last.items():
            assert same(record[key].reply, answer.reply)
            assert record[key].usage == answer.usage
        assert record.find(b"another") is None
        assert record.reused == len(last)


@in_folder
@given(given_answers=recorded.filter(bool))
def test_a_reply_is_on_disk_before_anyone_acts_on_it(
    tmp_path: Path, given_answers: list[tuple[bytes, str, Answer]]
) -> None:
    path = tmp_path / "replies.log"
    path.unlink(missing_ok=True)
    with FrameWriter(path, LogKind.REPLIES) as writer:
        ReplyRecord(writer).add(given_answers)
        assert {key for key, _ in read_replies(path)} == {key for key, _, _ in given_answers}


def changed(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case Way():
            return value
        case str():
            return f"{value}x"
        case bool() | int():
            return value + 1
        case float():
            return value + 0.125 if value < 0.5 else value - 0.125
        case tuple():
            return (*value, "one more")
    raise AssertionError(value)


@given(requests, st.text(max_size=5))
def test_every_field_and_the_model_count_for_the_key(request: Request, identity: str) -> None:
    key = request_key(identity, request)
    assert len(key) == 16
    assert key == request_key(identity, dataclasses.replace(request))
    assert key != request_key(identity + "x", request)
    others = {}
    for field in dataclasses.fields(request):
        if field.name in ("way", "shape", "pattern", "evidence") and not getattr(request, field.name):
            continue  # these only go together
        value = changed(getattr(request, field.name))
        if field.name in ("way", "shape"):
            continue
        others[field.name] = request_key(identity, dataclasses.replace(request, **{field.name: value}))
    assert key not in others.values()
    assert len(set(others.values())) == len(others)


def test_kinds_ways_and_segments_count_for_the_key() -> None:
    likelihood = Choose("t", ("a",), ("x", "y"))
    channel = Choose("t", ("a",), ("x", "y"), Way.CHANNEL, evidence="e")
    split = [Choose("t", segments, ("x", "y")) for segments in (("ab", "c"), ("a", "bc"), ("abc",))]
    assert len({request_key("m", request) for request in (likelihood, channel, *split)}) == 5


good = st.tuples(st.binary(max_size=20), st.text(max_size=3), st.lists(st.integers(0, 9), min_size=3, max_size=3))
plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)
kinds = st.sampled_from(["Choice", "Rating", "Texts", "Vectors", "Failure", "Other"])
names = st.sampled_from(
    [
        "index",
        "option",
        "scores",
        "probabilities",
        "value",
        "expected",
        "samples",
        "rows",
        "columns",
        "data",
        "kind",
        "detail",
    ]
)
almost = st.tuples(kinds, st.dictionaries(names, plain)).map(lambda pair: {"is": pair[0], **pair[1]})
frames = st.tuples(good, plain | almost).map(lambda pair: [*pair[0], pair[1]]) | st.lists(plain, max_size=5) | plain


@settings(in_folder, max_examples=200)
@given(payload=frames.map(msgpack.packb) | st.binary(max_size=30))
def test_any_frame_is_a_reply_or_damage_with_its_place(tmp_path: Path, payload: bytes) -> None:
    path = tmp_path / "replies.log"
    path.unlink(missing_ok=True)
    with FrameWriter(path, LogKind.REPLIES) as writer:
        writer.append(payload)
    try:
        assert len(list(read_replies(path))) == 1
    except DamagedLog as damage:
        assert damage.place == "frame 0 at byte 12"
        assert damage.problem.startswith("not a recorded reply: ")


@pytest.mark.parametrize(
    "record",
    [
        [2**40, "p", [0, 0, 0], {"is": "Failure", "kind": "budget", "detail": ""}],
        [b"k", "p", [0, 0, float("inf")], {"is": "Failure", "kind": "budget", "detail": ""}],
        [b"k", "p", [0, 0, 2**63], {"is": "Failure", "kind": "budget", "detail": ""}],
        [b"k", "p", [0, -1, 0], {"is": "Failure", "kind": "budget", "detail": ""}],
        [
            b"k",
            "p",
            [0, 0, 0],
            {"is": "Choice", "index": float("inf"), "option": "", "scores": [], "probabilities": []},
        ],
        [b"k", "p", [0, 0, 0], {"is": "Vectors", "rows": 2**40, "columns": 2**20, "data": b"1234"}],
        [b"k", "p", [0, 0, 0], {"is": "Failure", "kind": "tired", "detail": ""}],
    ],
    ids=["key", "usage", "huge usage", "negative usage", "index", "rows", "kind"],
)
def test_hostile_numbers_are_damage_and_take_no_memory(tmp_path: Path, record: object) -> None:
    path = tmp_path / "replies.log"
    with FrameWriter(path, LogKind.REPLIES) as writer:
        writer.append(msgpack.packb(record))
    with pytest.raises(DamagedLog, match="not a recorded reply"):
        list(read_replies(path))


def test_a_second_reply_to_one_request_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "replies.log"
    with FrameWriter(path, LogKind.REPLIES) as writer:
        ReplyRecord(writer).add((bytes([number]) * 16, "test", vectors(number)) for number in range(3))
    size = path.stat().st_size
    second, frame = (size - 12) // 3 + 12, (size - 12) // 3
    with path.open("ab") as log:
        log.write(path.read_bytes()[second : second + frame])
    fault = f"{path}, frame 3 at byte {size}: it answers what the reply at byte {second} answers already"
    assert unreadable_replies(path) == [fault]
    with pytest.raises(DamagedLog) as caught:
        RecordedReplies(path)
    assert str(caught.value) == fault


def test_a_log_of_events_holds_no_replies(tmp_path: Path) -> None:
    FrameWriter(tmp_path / "events.log", LogKind.EVENTS).close()
    with pytest.raises(BadInput, match="is not a log of replies"):
        list(read_replies(tmp_path / "events.log"))


def vectors(seed: int, texts: int = 1) -> Answer:
    return Answer(Vectors(np.full((texts, 384), seed, np.float32)), Usage(1, 1, 0))


def test_what_a_run_inherits_goes_into_its_log_as_it_is_used(tmp_path: Path) -> None:
    parent, child = tmp_path / "parent.log", tmp_path / "child.log"
    keys = [bytes([number]) * 16 for number in range(4)]
    with FrameWriter(parent, LogKind.REPLIES) as writer:
        ReplyRecord(writer).add((key, "test", vectors(number)) for number, key in enumerate(keys[:3]))
    parent.write_bytes(parent.read_bytes()[:-1])  # cut off, as after a crash
    whole = parent.read_bytes()
    for _ in range(2):
        with FrameWriter(child, LogKind.REPLIES) as writer:
            record = ReplyRecord(writer, [RecordedReplies(parent)])
            for _ in range(2):
                assert same(record[keys[1]].reply, vectors(1).reply)
            assert record.find(keys[2]) is None
            if record.find(keys[3]) is None:
                record.add([(keys[3], "test", vectors(3))])
            assert {key for key, _ in read_replies(child)} == {keys[1], keys[3]}
    assert count_replies(child) == (1, 1)
    assert parent.read_bytes() == whole
    # A fork of the fork inherits both.
    with FrameWriter(tmp_path / "grandchild.log", LogKind.REPLIES) as writer:
        record = ReplyRecord(writer, [RecordedReplies(child)])
        assert same(record[keys[3]].reply, vectors(3).reply)
        assert same(record[keys[1]].reply, vectors(1).reply)
    assert count_replies(tmp_path / "grandchild.log") == (0, 2)


def test_many_replies_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "replies.log"
    with FrameWriter(path, LogKind.REPLIES) as writer:
        ReplyRecord(writer).add(
            (number.to_bytes(16, "big"), "test", vectors(number, texts=64)) for number in range(200)
        )
    assert path.stat().st_size > 15_000_000
    with FrameWriter(path, LogKind.REPLIES) as writer:
        tracemalloc.start()
        record = ReplyRecord(writer)
        for number in range(200):
            assert same(record[number.to_bytes(16, "big")].reply, vectors(number, texts=64).reply)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 2_000_000


def test_no_log_holds_no_replies(tmp_path: Path) -> None:
    assert len(RecordedReplies(tmp_path / "none.log")) == 0
    assert count_replies(tmp_path / "none.log") == (0, 0)


def test_only_vectors_may_be_large(tmp_path: Path) -> None:
    path = tmp_path / "replies.log"
    large = Vectors(np.ones((3000, 384), dtype=np.float32))
    with FrameWriter(path, LogKind.REPLIES) as writer:
        ReplyRecord(writer).add([(b"k" * 16, "p", Answer(large, Usage(1, 1, 0)))])
    ((key, answer),) = read_replies(path)
    assert key == b"k" * 16
    assert same(answer.reply, large)
    with FrameWriter(path, LogKind.REPLIES) as writer:
        writer.append(msgpack.packb([b"k", "p" * 2**20, [0, 0, 0], {"is": "Failure", "kind": "misfit", "detail": ""}]))
    with pytest.raises(DamagedLog, match=r"frame 1 .* not a recorded reply: only vectors can be that large"):
        list(read_replies(path))
    assert len(unreadable_replies(path)) == 1
    with pytest.raises(DamagedLog, match="only vectors can be that large"):
        count_replies(path)


def test_a_reply_that_could_not_be_read_again_is_not_recorded(tmp_path: Path) -> None:
    reply = Texts((Sample("x" * 2**20, 0.0, 1),))
    with (
        FrameWriter(tmp_path / "replies.log", LogKind.REPLIES) as writer,
        pytest.raises(RunFailed, match=r"a reply to 'talk' of 10486.. bytes is too large to be recorded"),
    ):
        ReplyRecord(writer).add([(b"k" * 16, "talk", Answer(reply, Usage(1, 1, 1)))])
    assert list(read_replies(tmp_path / "replies.log")) == []
