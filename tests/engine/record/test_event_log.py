"""Events reach the log in key order, once nothing earlier can happen any more."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import RunFailed
from engine.record.codec import encode_event
from engine.record.event_log import EventLog, digest_events, read_events, recorded_payloads
from engine.record.events import Decided, Event, Key, Said
from engine.record.frames import DamagedLog, FrameWriter, LogKind

in_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
keys = st.builds(Key, st.integers(0, 9), st.integers(0, 1), st.integers(-1, 3), st.integers(0, 5))


def event(key: Key) -> Event:
    return Event(key, Decided("test", "rule", str(tuple(key))))


@in_folder
@given(chosen=st.sets(keys), horizons=st.lists(st.integers(0, 11)), dice=st.randoms(use_true_random=False))
def test_events_are_written_in_order_and_not_before_the_horizon(
    tmp_path: Path, chosen: set[Key], horizons: list[int], dice: random.Random
) -> None:
    path = tmp_path / "events.log"
    path.unlink(missing_ok=True)
    events = [event(key) for key in sorted(chosen)]
    shuffled = list(events)
    dice.shuffle(shuffled)
    with FrameWriter(path, LogKind.EVENTS) as writer:
        log = EventLog(writer)
        for one in shuffled:
            log.add(one)
        for horizon in sorted(horizons):
            log.release(horizon)
            writer.sync()
            assert list(read_events(path)) == [one for one in events if one.key.time < horizon]
        log.release(10)
    assert list(read_events(path)) == events
    assert log.written == len(events)
    assert log.digest == digest_events(events)


@pytest.mark.parametrize("second", [Key(5, 1, 0, 0), Key(4, 1, 9, 9), Key(5, 0, 3, 1)])
def test_an_event_out_of_order_is_named_with_its_place(tmp_path: Path, second: Key) -> None:
    path = tmp_path / "events.log"
    first = encode_event(event(Key(5, 1, 0, 0)))
    with FrameWriter(path, LogKind.EVENTS) as writer:
        writer.append(first)
        writer.append(encode_event(event(second)))
    offset = 12 + 12 + len(first)
    with pytest.raises(DamagedLog, match=f"frame 1 at byte {offset}: the key .* is out of order"):
        list(read_events(path))


def test_a_frame_that_is_no_event_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "events.log"
    with FrameWriter(path, LogKind.EVENTS) as writer:
        writer.append(b"\xc0")
    with pytest.raises(DamagedLog, match="frame 0 at byte 12: not an event: not a list") as caught:
        list(read_events(path))
    assert not caught.value.torn


def test_the_digest_depends_on_content_and_order() -> None:
    a, b = event(Key(1, 1, 0, 0)), event(Key(2, 1, 0, 1))
    assert len({digest_events(events) for events in ([], [a], [b], [a, b], [b, a])}) == 5
    assert len(digest_events([])) == 32


def performed(path: Path, events: list[Event], again: bool = False) -> EventLog:
    """Write a log, or perform the run again against what is in it."""
    with FrameWriter(path, LogKind.EVENTS) as writer:
        log = EventLog(writer, recorded_payloads(path)) if again else EventLog(writer)
        for one in events:
            log.add(one)
            log.release(one.key.time)
        log.release(10)
    return log


@in_folder
@given(chosen=st.sets(keys), data=st.data())
def test_performed_again_the_log_goes_on_where_it_ended(tmp_path: Path, chosen: set[Key], data: st.DataObject) -> None:
    path = tmp_path / "events.log"
    path.unlink(missing_ok=True)
    events = [event(key) for key in sorted(chosen)]
    known = data.draw(st.integers(0, len(events)))
    whole = performed(path, events)
    content = path.read_bytes()
    path.unlink()
    performed(path, events[:known])
    again = performed(path, events, again=True)
    assert path.read_bytes() == content
    assert (again.written, again.reused, again.digest) == (len(events), known, whole.digest)


def test_a_difference_is_named_and_the_log_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "events.log"
    events = [event(Key(second, 1, 0, second)) for second in range(5)]
    performed(path, events)
    content = path.read_bytes()
    other = Event(events[3].key, Said("c", "Ida", "another"))
    with pytest.raises(RunFailed) as caught:
        performed(path, [*events[:3], other, *(event(Key(9, 1, 0, n)) for n in range(20))], again=True)
    assert str(caught.value) == (
        f"{path}: performed again, the run comes out differently from event 3 on, at second 3: Said of agent 0 at "
        "second 3; recorded: Decided of agent 0 at second 3. The log was not changed"
    )
    assert path.read_bytes() == content


def test_a_record_that_is_no_event_is_a_difference_too(tmp_path: Path) -> None:
    path = tmp_path / "events.log"
    with FrameWriter(path, LogKind.EVENTS) as writer:
        writer.append(b"\xc0")
    with pytest.raises(RunFailed, match=r"from event 0 on, .* recorded: not an event"):
        performed(path, [event(Key(0, 1, 0, 0))], again=True)


def test_a_long_record_is_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "events.log"
    events = [Event(Key(second, 1, 0, second), Said("c", "Ida", "x" * 100_000)) for second in range(10)]
    performed(path, events)
    with FrameWriter(path, LogKind.EVENTS) as writer:
        log = EventLog(writer, recorded_payloads(path))
        tracemalloc.start()
        try:
            for one in events:
                log.add(one)
                log.release(one.key.time + 1)
            assert tracemalloc.get_traced_memory()[1] < 500_000
        finally:
            tracemalloc.stop()
    assert (log.reused, log.written) == (10, 10)
