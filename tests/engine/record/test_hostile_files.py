"""Whatever lies in a run folder, reading it gives named errors, in bounded time and memory."""

from __future__ import annotations

import json
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import BadInput, RunFailed
from engine.llm.records import RecordedReplies, ReplyRecord, count_replies, read_replies, unreadable_replies
from engine.llm.requests import Answer, Choice, Failure, FailureKind, Rating, Reply, Sample, Texts, Usage, Vectors
from engine.record.codec import coders, encode_event
from engine.record.event_log import read_events, recorded_payloads
from engine.record.events import AGENT_PRIORITY, Event, Key
from engine.record.frames import HEAD_SIZE, FrameWriter, LogKind, frame_head, header
from engine.record.manifest import Attachment
from engine.record.run_folder import RunFolder
from engine.record.seek import read_events_from
from engine.record.shared_past import SharedPast
from tests.engine.record.runs import example
from tests.engine.record.test_codec import ONE_OF_EACH

few = settings(max_examples=60, suppress_health_check=list(HealthCheck))
many = settings(max_examples=3000, suppress_health_check=list(HealthCheck))

REPLIES: list[Reply] = [
    Choice(1, "b", (0.5, 1.5), (0.25, 0.75)),
    Rating(3, 3.5, (0.5, 0.5)),
    Texts((Sample("good morning", -1.5, 3), Sample("", 0.0, 0))),
    Vectors(np.ones((2, 3), dtype=np.float32)),
    Failure(FailureKind.MISFIT, "no more"),
]
EVENTS_LOG, REPLIES_LOG, MANIFEST = "events.log", "replies.log", "manifest.json"
KINDS = {EVENTS_LOG: LogKind.EVENTS, REPLIES_LOG: LogKind.REPLIES}


@cache
def whole_run() -> dict[str, bytes]:
    """The files of a run in which everything happens once."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        run = RunFolder.create(path / "run", example(attachments={"map": Attachment.of(Path("a.tmj"), b"map")}))
        with FrameWriter(run.events_path, LogKind.EVENTS) as events:
            for number, body in enumerate(ONE_OF_EACH):
                events.append(encode_event(Event(Key(60 * number, AGENT_PRIORITY, 0, number), body)))
        with FrameWriter(run.replies_path, LogKind.REPLIES) as replies:
            ReplyRecord(replies).add(
                (bytes([number] * 16), "talk", Answer(reply, Usage(9, 8, 7))) for number, reply in enumerate(REPLIES)
            )
        assert run.verify().faults == ()
        assert unreadable_replies(run.replies_path) == []
        return {file.name: file.read_bytes() for file in run.path.iterdir()}


def frames_of(content: bytes) -> list[bytes]:
    """The frames of a whole log."""
    frames, place = [], 12
    while place < len(content):
        length = HEAD_SIZE + int.from_bytes(content[place : place + 4], "little")
        frames.append(content[place : place + length])
        place += length
    return frames


def framed(payload: bytes) -> bytes:
    """A frame that is right, whatever is in it."""
    return frame_head(payload) + payload


@contextmanager
def run_with(changed: dict[str, bytes]) -> Iterator[Path]:
    """The folder of a run of which some files were replaced."""
    with tempfile.TemporaryDirectory() as name:
        for file, content in (whole_run() | changed).items():
            Path(name, file).write_bytes(content)
        yield Path(name)


def everything_can_be_read_or_says_why(changed: dict[str, bytes]) -> None:
    with run_with(changed) as path:
        for reader in READERS:
            try:
                reader(path)
            except BadInput as error:
                assert 0 < len(str(error)) < 1000
        for file, kind in KINDS.items():
            with suppress(BadInput, RunFailed), FrameWriter(path / file, kind) as writer:
                assert writer.dropped <= len((whole_run() | changed)[file])


def _drain(items: Iterator[object]) -> None:
    for _ in items:
        pass


def _verify(path: Path) -> None:
    faults = RunFolder.open(path).verify().faults
    assert all(len(fault) < 1000 for fault in faults)


def _recorded_replies(path: Path) -> None:
    recorded = RecordedReplies(path / REPLIES_LOG)
    for number in range(len(REPLIES)):
        if bytes([number] * 16) in recorded:
            recorded[bytes([number] * 16)]


READERS: list[Callable[[Path], None]] = [
    _verify,
    _recorded_replies,
    lambda path: _drain(RunFolder.open(path).events()),
    lambda path: _drain(RunFolder.open(path).whole_events()),
    lambda path: _drain(recorded_payloads(path / EVENTS_LOG)),
    lambda path: _drain(read_events_from(path / EVENTS_LOG, 200)),
    lambda path: _drain(read_replies(path / REPLIES_LOG)),
    lambda path: [unreadable_replies(path / REPLIES_LOG)].clear(),
    lambda path: [count_replies(path / REPLIES_LOG)].clear(),
    lambda path: [SharedPast.of(path / EVENTS_LOG, 300)].clear(),
]

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=4)
    | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
payloads = st.binary(max_size=40) | plain.map(msgpack.packb) | st.integers(0, 3000).map(lambda n: b"\x91" * n + b"\xc0")


@st.composite
def damaged_logs(draw: st.DrawFn, file: str) -> bytes:
    """A real log, after a few things were done to it."""
    content = whole_run()[file]
    first, frames = content[:12], frames_of(content)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, max(0, len(frames) - 1)))
        other = draw(st.integers(0, max(0, len(frames) - 1)))
        match draw(st.integers(0, 6)) if frames else 4:
            case 0:
                frames[place], frames[other] = frames[other], frames[place]
            case 1:
                frames.insert(other, frames[place])
            case 2:
                del frames[place]
            case 3:
                first = draw(st.binary(max_size=16) | st.just(header(KINDS[file])))
            case 4:
                frames.insert(place, framed(draw(payloads)))
            case 5:
                frames.insert(place, frame_head(bytes(draw(st.integers(0, 3_000_000)))) + draw(st.binary(max_size=9)))
            case 6:
                changed = bytearray(frames[place])
                at = draw(st.integers(HEAD_SIZE, len(changed) - 1)) if len(changed) > HEAD_SIZE else 0
                changed[at] = draw(st.integers(0, 255))
                frames[place] = framed(bytes(changed[HEAD_SIZE:]))  # with checksums that are right again
    return mangled(draw, first + b"".join(frames))


def mangled(draw: st.DrawFn, content: bytes) -> bytes:
    """Some content of a file, perhaps with bytes that are other ones, gone or new."""
    place = draw(st.integers(0, len(content)))
    match draw(st.integers(0, 3)):
        case 1:
            return content[:place]
        case 2:
            return content[:place] + draw(st.binary(min_size=1, max_size=4)) + content[place + 1 :]
        case 3:
            return content[:place] + draw(st.binary(min_size=1, max_size=40)) + content[place:]
    return content


@st.composite
def damaged_manifests(draw: st.DrawFn) -> bytes:
    """A real manifest of which something was replaced."""
    content = json.loads(whole_run()[MANIFEST])
    place: dict[str, object] = content
    for _ in range(draw(st.integers(0, 2))):
        inside = [value for value in place.values() if isinstance(value, dict) and value]
        place = draw(st.sampled_from(inside)) if inside else place
    place[draw(st.sampled_from(sorted(place)) | st.text(max_size=5))] = draw(
        plain.filter(lambda value: not isinstance(value, bytes)) | st.integers(0, 10**40)
    )
    text = json.dumps(content, default=repr)
    return mangled(draw, text.encode())


log_files = st.sampled_from(sorted(KINDS))
anything = st.binary(max_size=200) | st.builds(bytes.__add__, log_files.map(KINDS.__getitem__).map(header), st.binary())
damaged = log_files.flatmap(
    lambda file: st.fixed_dictionaries({file: damaged_logs(file) | anything})
) | st.fixed_dictionaries({MANIFEST: damaged_manifests() | st.binary(max_size=200)})


@few
@given(changed=damaged)
def test_a_damaged_run_is_read_or_says_why(changed: dict[str, bytes]) -> None:
    everything_can_be_read_or_says_why(changed)


@pytest.mark.slow
@many
@given(changed=damaged)
def test_many_damaged_runs_are_read_or_say_why(changed: dict[str, bytes]) -> None:
    everything_can_be_read_or_says_why(changed)


def array(count: int, items: bytes) -> bytes:
    """A msgpack array that claims this many items."""
    return b"\xdd" + count.to_bytes(4, "big") + items


def table(count: int, items: bytes) -> bytes:
    """A msgpack map that claims this many pairs."""
    return b"\xdf" + count.to_bytes(4, "big") + items


def packed_entry() -> bytes:
    """The smallest line of a plan."""
    packed: bytes = msgpack.packb({"start": 0, "minutes": 0, "activity": "", "address": ""})
    return packed


def bombs(size: int) -> dict[str, bytes]:
    """Values of about this many bytes in msgpack that are, or claim to be, much larger when they are unpacked."""
    return {
        "nested": b"\x91" * size + b"\xc0",
        "nested to the limit": b"\x91" * 900 + b"\xc0",
        "nested maps": b"\x81\xa1k" * (size // 3) + b"\xc0",
        "a huge claim": array(2**32 - 1, b""),
        "a huge map": table(2**32 - 1, b""),
        "nested claims": array(size, b"") * (size // 5),
        "small nested claims": array(250, b"") * 50,
        "nested claims, not too deep": array(size - 4500, b"") * 900 + b"\xc0" * (size - 4500),
        "empty lists": array(size, b"\x90" * size),
        "empty maps": array(size, b"\x80" * size),
        "small maps": array(size // 2, b"\x81\xc0" * (size // 2)),
        "nothings": array(size, b"\xc0" * size),
        "small texts": array(size // 3, b"\xa2ab" * (size // 3)),
        "pairs": array(size // 3, b"\x92\x01\x02" * (size // 3)),
        "small bytes": array(size // 4, b"\xc4\x02ab" * (size // 4)),
        "times": array(size // 6, b"\xd6\xffabcd" * (size // 6)),
        "a long text": b"\xdb" + size.to_bytes(4, "big") + b"x" * size,
        "lists of one": array(size // 2, b"\x91\x00" * (size // 2)),
        "maps of replies": array(size // 10, b"\x81\xa2is\xa5Texts" * (size // 10)),
        "records of a plan": array(size // 36, packed_entry() * (size // 36)),
        "records of a field": array(size // 8, b"\x81\xa5start\x00" * (size // 8)),
        "large maps": table(size // 4, b"".join(b"\xa2%c%c\xc0" % divmod(n % 2**14, 128) for n in range(size // 4))),
        "other kinds": array(size // 3, b"\xd4\x01\x00" * (size // 3)),
        "long bytes": b"\xc6" + size.to_bytes(4, "big") + b"x" * size,
    }


def events_around(value: bytes) -> list[bytes]:
    """Payloads of events that have a value somewhere."""
    key = b"\x94\x00\x01\x00\x00"
    return [
        value,
        b"\x93" + value + key + b"\x90",
        b"\x93\xa4Said" + value + b"\x93\xa1c\xa1c\xa1c",
        b"\x93\xa6Walked" + key + b"\x93" + value + b"\x01\xa1c",
        b"\x93\xa7Planned" + key + b"\x92\xa3day" + value,
    ]


def replies_around(value: bytes) -> list[bytes]:
    """Payloads of recorded replies that have a value somewhere."""
    begin = b"\x94\xc4\x10" + bytes(16) + b"\xa1p\x93\x01\x02\x03"
    texts = b"\x82\xa2is\xa5Texts\xa7samples" + value
    vectors = msgpack.packb({"is": "Vectors", "rows": 2**40, "columns": 2**40})[1:]
    option = msgpack.packb({"is": "Choice", "index": 0, "scores": [0.5], "probabilities": [0.5]})[1:]
    return [
        value,
        begin + value,
        begin + texts,
        begin + b"\x84" + vectors + b"\xa4data" + value,
        begin + b"\x85" + option + b"\xa6option" + value,
        begin + b"\x81\xa2is" + value,
        b"\x94" + value * 2 + b"\x93\x01\x02\x03" + texts,
    ]


def peak_of(work: Callable[[], object]) -> int:
    """The most bytes that Python held at a time while this was done, or was given up."""
    tracemalloc.start()
    try:
        with suppress(BadInput):
            work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", list(bombs(10_000)))
@pytest.mark.parametrize(
    ("file", "around", "size"),
    [
        (EVENTS_LOG, events_around, 250_000),
        (REPLIES_LOG, replies_around, 300_000),
        (REPLIES_LOG, replies_around, 4_000_000),
    ],
    ids=["event", "reply", "large reply"],
)
def test_a_bomb_does_not_go_off(
    tmp_path: Path, file: str, around: Callable[[bytes], list[bytes]], size: int, name: str
) -> None:
    coders()  # which stay
    path = tmp_path / file
    for payload in around(bombs(size)[name]):
        path.write_bytes(header(KINDS[file]) + framed(payload))
        reader = read_events(path) if file == EVENTS_LOG else read_replies(path)
        peak = peak_of(lambda r=reader: _drain(r))  # type: ignore[misc]
        assert peak < 50_000 + 48 * path.stat().st_size


@pytest.mark.parametrize("bomb", ["people", "attachments", "lists", "keys", "deep", "long"])
def test_a_manifest_is_no_bomb(bomb: str) -> None:
    content = json.loads(whole_run()[MANIFEST])
    size = 1_000_000
    match bomb:
        case "people":
            content["people"] = [1] * size
        case "attachments":
            content["attachments"] = {str(number): 1 for number in range(size // 10)}
        case "lists":
            content["scenario"] = {"a": [[]] * (size // 3)}
        case "keys":
            content |= {str(number): 1 for number in range(size // 10)}
        case "long":
            content["x" * size] = "x" * size
    text = json.dumps(content)
    if bomb == "deep":
        text = text.replace('"scenario": {', '"scenario": {"a": ' + "[" * size + "]" * size + ", ")
    peak = peak_of(lambda: everything_can_be_read_or_says_why({MANIFEST: text.encode()}))
    assert peak < 100_000_000
