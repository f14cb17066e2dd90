"""Seeking finds what reading from the start finds, whatever the log holds."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import msgpack
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.errors import BadInput
from engine.record import seek as module
from engine.record.codec import decode_event, encode_event
from engine.record.event_log import read_events
from engine.record.events import Body, Decided, Event, Key, Remembered, Said
from engine.record.frames import DamagedLog, FrameWriter, LogKind, frame_head, read_frames
from engine.record.seek import read_events_from, seek

in_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(path: Path, events: Sequence[Event]) -> Path:
    path.unlink(missing_ok=True)
    with FrameWriter(path, LogKind.EVENTS) as writer:
        for event in events:
            writer.append(encode_event(event))
    return path


def found_by_reading(path: Path, time: int) -> int:
    frames = read_frames(path, LogKind.EVENTS)
    offsets = [frame.offset for frame, event in zip(frames, read_events(path), strict=True) if event.key.time >= time]
    return offsets[0] if offsets else path.stat().st_size


def seeks_right(path: Path, times: Sequence[int]) -> None:
    events = list(read_events(path))
    for time in times:
        assert seek(path, time) == found_by_reading(path, time)
        assert list(read_events_from(path, time)) == [event for event in events if event.key.time >= time]


def in_order(bodies: Sequence[tuple[int, Body]]) -> list[Event]:
    """Events with these spans of time between them."""
    time, events = 0, []
    for sequence, (span, body) in enumerate(bodies):
        time += span
        events.append(Event(Key(time, 1, 0, sequence), body))
    return events


def frame_of(time: int, text: str = "not me") -> bytes:
    payload = encode_event(Event(Key(time, 1, 0, 0), Said("c", "Ida", text)))
    return frame_head(payload) + payload


texts = st.text(max_size=30) | st.integers(0, 300).map("x".__mul__)
looks_like_frames = st.lists(st.integers(0, 9).map(frame_of) | st.binary(max_size=5), max_size=5).map(
    lambda pieces: b"".join(pieces).decode("latin-1")
)
bodies = st.builds(Said, st.just("c"), st.just("Ida"), texts | looks_like_frames)


@in_folder
@given(spans=st.lists(st.tuples(st.integers(0, 3), bodies), max_size=40), window=st.integers(32, 600))
def test_seeking_finds_what_reading_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spans: list[tuple[int, Body]], window: int
) -> None:
    monkeypatch.setattr(module, "_WINDOW", window)
    events = in_order(spans)
    last = events[-1].key.time if events else 0
    seeks_right(written(tmp_path / "events.log", events), range(-1, last + 2))


def impostor(number: int) -> tuple[Remembered, bytes]:
    """A memory in whose text, numbers and names there lies a whole frame of an event, and that frame.

    The text ends with the head of the frame; its last bytes and the kind of the event are the eight bytes of the
    importance; the key is the evidence, and the fields are the names of the people concerned.
    """
    for sequence in count():
        key, fields = (number, 1, 0, sequence), ("not", "a", "frame")
        payload = b"\x93\xa4Said" + msgpack.packb(key) + msgpack.packb(fields)
        head = frame_head(payload)
        if max(head[:9]) < 0x80 and head[9] == 0xCB:
            (importance,) = struct.unpack(">d", head[10:] + b"\x93\xa4Said")
            return Remembered(0, "chat", head[:9].decode(), importance, key, fields), head + payload
    raise AssertionError


def test_a_whole_frame_within_an_event_is_not_taken_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WINDOW", 64)
    body, frame = impostor(30)
    for place in range(60):
        spans: list[tuple[int, Body]] = [(1, Decided("t", "rule", "x" * (n % 7))) for n in range(60)]
        spans[place] = 1, body
        path = written(tmp_path / "events.log", in_order(spans))
        assert frame in path.read_bytes()
        assert zlib.crc32(frame[12:]) == struct.unpack("<I", frame[4:8])[0]
        seeks_right(path, range(0, 62, 3))


def test_the_impostor_would_be_believed_if_nothing_were_known_about_it(tmp_path: Path) -> None:
    body, frame = impostor(30)
    path = written(tmp_path / "events.log", in_order([(1, body)]))
    with path.open("rb") as file:
        found = module._first_event(file, path.read_bytes().index(frame))
        assert found is not None
        assert found[1].key.time == 30
        assert module._may_lie_within_another(file, found[0])


@pytest.mark.parametrize("size", [0, 1, 50_000, 250_000])
def test_large_events_are_no_obstacle(tmp_path: Path, size: int) -> None:
    spans: list[tuple[int, Body]] = [(1, Said("c", "Ida", "x" * (size if n % 9 == 4 else 10))) for n in range(40)]
    seeks_right(written(tmp_path / "events.log", in_order(spans)), range(0, 42, 5))


def test_few_bytes_are_read_of_a_long_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "events.log", in_order([(1, Decided("t", "rule", "yes"))] * 20_000))
    offsets = [*(frame.offset for frame in read_frames(path, LogKind.EVENTS)), path.stat().st_size]
    decoded = 0

    def counted(payload: bytes) -> Event:
        nonlocal decoded
        decoded += 1
        return decode_event(payload)

    monkeypatch.setattr("engine.record.seek.decode_event", counted)
    monkeypatch.setattr("engine.record.event_log.decode_event", counted)
    for time in (1, 777, 10_000, 19_999, 20_000, 20_001):
        decoded = 0
        assert seek(path, time) == offsets[time - 1]
        assert decoded < 600


def test_damage_near_the_time_is_found(tmp_path: Path) -> None:
    path = written(tmp_path / "events.log", in_order([(1, Decided("t", "rule", "yes"))] * 20))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedLog, match="the checksum does not match the content"):
        list(read_events_from(path, 3))
    path.write_bytes(content[:-5])
    with pytest.raises(DamagedLog) as caught:
        seek(path, 21)
    assert caught.value.torn


def test_a_foreign_file_has_no_times(tmp_path: Path) -> None:
    (tmp_path / "foreign").write_bytes(b"x" * 100_000)
    for name, problem in (("foreign", "is not a Thorp log"), ("none", "cannot be read: No such file")):
        with pytest.raises(BadInput, match=problem):
            seek(tmp_path / name, 3)


@example(b"")
@given(content=st.binary(max_size=300))
@in_folder
def test_any_bytes_behind_a_log_are_damage_or_no_matter(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path / "events.log", in_order([(1, Decided("t", "rule", "yes"))] * 5))
    third = found_by_reading(path, 3)
    with path.open("ab") as file:
        file.write(content)
    assert seek(path, 3) == third
    try:
        assert seek(path, 99) == path.stat().st_size
        assert content == b""
    except DamagedLog:
        assert content != b""
