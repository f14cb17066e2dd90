"""Marks tell whether a log begins as it did, and where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.record.beginning import missing_in
from engine.record.frames import DamagedLog, FrameWriter, LogKind, frame_head, header
from engine.record.marks import Mark, PayloadsDigest, Tally

PAYLOADS = [b"%d" % number * 3 for number in range(20)]
SIZES = [12 + len(payload) for payload in PAYLOADS]


def log_of(path: Path, payloads: list[bytes]) -> Path:
    path.write_bytes(header(LogKind.REPLIES) + b"".join(frame_head(each) + each for each in payloads))
    return path


def marks_of(payloads: list[bytes]) -> list[Mark]:
    tally = Tally()
    for payload in payloads:
        tally.add(payload)
    return tally.marks


def digest_of(payloads: list[bytes]) -> str:
    digest = PayloadsDigest()
    for payload in payloads:
        digest.add(payload)
    return digest.value


@given(st.lists(st.binary(max_size=3), max_size=40))
def test_marked_are_the_powers_of_two_and_the_whole(payloads: list[bytes]) -> None:
    marks = marks_of(payloads)
    powers = [2**n for n in range(6) if 2**n <= len(payloads)]
    assert [mark.frames for mark in marks] == sorted({*powers, len(payloads)} - {0})
    assert all(mark.digest == digest_of(payloads[: mark.frames]) for mark in marks)


def test_a_writer_marks_what_was_there_and_what_it_appends(tmp_path: Path) -> None:
    path = tmp_path / "replies.log"
    for begin, end in ((0, 3), (3, 20)):
        with FrameWriter(path, LogKind.REPLIES) as writer:
            for payload in PAYLOADS[begin:end]:
                writer.append(payload)
            assert writer.frames == end
            assert writer.marks() == marks_of(PAYLOADS[:end])
            assert log_of(tmp_path / "other.log", PAYLOADS[:end]).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("more", [0, 1, 50])
def test_a_log_may_grow(tmp_path: Path, more: int) -> None:
    path = log_of(tmp_path / "replies.log", [*PAYLOADS, *[b"more"] * more])
    assert missing_in(path, LogKind.REPLIES, marks_of(PAYLOADS)) is None


@pytest.mark.parametrize("count", [0, 1, 7, 8, 19])
@pytest.mark.parametrize("torn", [b"", b"torn"])
def test_what_is_missing_at_the_end_is_told_with_its_place(tmp_path: Path, count: int, torn: bytes) -> None:
    path = log_of(tmp_path / "replies.log", PAYLOADS[:count])
    path.write_bytes(path.read_bytes() + torn)
    place = f"frame {count} at byte {12 + sum(SIZES[:count])}"
    said = f"{path}, {place}: the log ends here, but the manifest says that it held 20 replies"
    assert str(missing_in(path, LogKind.REPLIES, marks_of(PAYLOADS))) == said


def test_of_a_log_that_is_not_there_everything_is_missing(tmp_path: Path) -> None:
    found = missing_in(tmp_path / "events.log", LogKind.EVENTS, marks_of(PAYLOADS))
    assert "frame 0 at byte 12: the log ends here, but the manifest says that it held 20 events" in str(found)
    assert missing_in(tmp_path / "events.log", LogKind.EVENTS, []) is None


@given(place=st.integers(0, 19), other=st.integers(0, 19))
def test_where_frames_were_exchanged_is_told(tmp_path_factory: pytest.TempPathFactory, place: int, other: int) -> None:
    payloads = list(PAYLOADS)
    payloads[place], payloads[other] = payloads[other], payloads[place]
    path = log_of(tmp_path_factory.mktemp("log") / "replies.log", payloads)
    if place == other:
        assert missing_in(path, LogKind.REPLIES, marks_of(PAYLOADS)) is None
        return
    with pytest.raises(DamagedLog, match="it is not what the manifest says it held") as caught:
        missing_in(path, LogKind.REPLIES, marks_of(PAYLOADS))
    first = min(place, other)
    since, until = next((a, b) for a, b in ((0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 20)) if a <= first < b)
    assert caught.value.place == f"frame {since} at byte {12 + sum(map(len, payloads[:since])) + 12 * since}"
    assert f"from here to frame {until - 1} " in caught.value.problem
    assert not caught.value.torn
