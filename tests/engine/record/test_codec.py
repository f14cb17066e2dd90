"""Events survive their encoding; hostile bytes are a ValueError and nothing else."""

from __future__ import annotations

from typing import Any, get_args, get_origin, get_type_hints

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.record.codec import decode_event, encode_event
from engine.record.event_log import digest_events
from engine.record.events import (
    AGENT_PRIORITY,
    Acted,
    Appeared,
    Body,
    ConversationBegan,
    ConversationEnded,
    Decided,
    Discovered,
    Event,
    Failed,
    Intervened,
    Key,
    ObjectChanged,
    PlanEntry,
    Planned,
    Recalled,
    Remembered,
    Repeated,
    Said,
    Walked,
    Weighed,
)

KINDS = get_args(Body)
ENTRY = {"start": 1, "minutes": 2, "activity": "sleep", "address": "town:house"}
whole = st.integers(-(2**63), 2**63 - 1)
keys = st.builds(Key, whole, whole, whole, whole)


def bodies(kind: type) -> st.SearchStrategy[Any]:
    """Any record of a kind, from the types of its fields."""
    return st.builds(kind, **{name: values(hint) for name, hint in get_type_hints(kind).items()})


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field of this type that the log can hold."""
    simple = {int: whole, float: st.floats(allow_nan=False), str: st.text()}
    if hint in simple:
        return simple[hint]
    if get_origin(hint) is not tuple:
        return bodies(hint)
    first, *rest = get_args(hint)
    return st.lists(values(first), max_size=5).map(tuple) if rest == [...] else st.tuples(*map(values, [first, *rest]))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(st.data())
def test_every_kind_survives_its_encoding(kind: type, data: st.DataObject) -> None:
    event = Event(data.draw(keys), data.draw(bodies(kind)))
    payload = encode_event(event)
    assert decode_event(payload) == event
    assert encode_event(decode_event(payload)) == payload
    assert msgpack.unpackb(payload)[0] == kind.__name__


def test_the_encoding_is_the_documented_one() -> None:
    event = Event(Key(60, AGENT_PRIORITY, 2, 7), Appeared((3, 4), "town:house"))
    assert msgpack.unpackb(encode_event(event)) == ["Appeared", [60, 1, 2, 7], [[3, 4], "town:house"]]


ONE_OF_EACH: list[Body] = [
    Appeared((3, 4), "town:house"),
    Walked(((0, 0), (0, 1), (300, 70_000)), 6, "town:house:hall"),
    Acted("sleep", "💤", "town:house:bed", 2**40),
    ObjectChanged("town:house:stove", "burning"),
    Remembered(7, "chat", "Ida told Tomas", 4.5, (0, 200), ("Ida",)),
    Planned("day", (PlanEntry(0, 60, "sleep", "town:house"), PlanEntry(3600, 5, "wäsche", ""))),
    ConversationBegan("c1", "Ida"),
    Said("c1", "Ida", "so \ud83d"),
    ConversationEnded("c1", "Ida", 3, ("bread", "rain")),
    Decided("talk", "meaning", "yes"),
    Failed("talk", "timeout", ""),
    Intervened("broadcast", "", "rain" * 20),
    Discovered("sight", ("town:house", "town:house:hall")),
    Repeated(7, 300),
    Recalled("talk", (7, 0, 2**20)),
    Weighed(7, (4.5, 1.0)),
]


def test_the_bytes_of_version_1_do_not_change() -> None:
    events = [Event(Key(60 * n, AGENT_PRIORITY, n - 1, n), body) for n, body in enumerate(ONE_OF_EACH)]
    assert {type(event.body) for event in events} == set(KINDS)
    assert digest_events(events[:12]) == "d3f3f5f481195976fe5072e16cdd4cad"
    assert digest_events(events[:13]) == "41391f99803a01c4d872c425152925e2"
    assert digest_events(events[:15]) == "57b9695526a300115f061dcbc444e272"
    assert digest_events(events) == "6fafbf7aed672cefb01839f84efb56a6"


def test_half_a_surrogate_pair_is_a_question_mark_and_not_the_end_of_the_run() -> None:
    event = Event(Key(0, 1, 0, 0), Said("c", "Ida", "so \ud83d"))
    assert decode_event(encode_event(event)).body == Said("c", "Ida", "so ?")


plain = st.recursive(
    st.none() | st.booleans() | whole | st.floats() | st.text(max_size=4) | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
records = st.tuples(
    st.sampled_from([kind.__name__ for kind in KINDS]) | plain,
    st.lists(whole, min_size=4, max_size=4) | plain,
    st.lists(plain, max_size=6) | plain,
).map(list)


def decodes_or_says_why(payload: bytes) -> None:
    try:
        event = decode_event(payload)
    except ValueError as error:
        assert str(error).startswith("not an event: ")
        assert len(str(error)) < 500
    else:
        encode_event(event)


@settings(max_examples=300)
@given(st.binary(max_size=40) | records.map(msgpack.packb) | plain.map(msgpack.packb))
def test_any_bytes_are_an_event_or_a_value_error(payload: bytes) -> None:
    decodes_or_says_why(payload)


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_byte_is_an_event_or_a_value_error(place: int, value: int) -> None:
    memory = Remembered(1, "chat", "Ida told Tomas", 4.5, (0,), ("Ida",))
    payload = bytearray(encode_event(Event(Key(60, 1, 2, 7), memory)))
    payload[place % len(payload)] = value
    decodes_or_says_why(bytes(payload))


@pytest.mark.parametrize("depth", [400, 990, 3000, 100_000])
def test_deep_nesting_is_a_value_error(depth: int) -> None:
    deep = b"\x91" * depth + b"\xc0"
    decodes_or_says_why(deep)
    for name, key, values in (
        (b"\xa5Acted", deep, b"\x90"),
        (b"\xa5Acted", b"\x94\x00\x01\x00\x00", b"\x94" + deep * 4),
    ):
        decodes_or_says_why(b"\x93" + name + key + values)


@pytest.mark.parametrize(
    ("record", "problem"),
    [
        (["Slept", [0, 1, 0, 0], []], "unknown kind 'Slept'"),
        (["S" * 9999, [0, 1, 0, 0], []], f"unknown kind '{'S' * 40}'"),
        (["Said", [0, 1, 0], []], "broken key"),
        (["Said", [0, 1, 0, True], []], "broken key"),
        (["Said", [0, 1, 0, 0.0], []], "broken key"),
        (["Said", [0, 1, 0, 0], ["c", "Ida"]], "Said needs 3 fields"),
        (["Said", [0, 1, 0, 0], {"start": "c"}], "Said needs 3 fields"),
        (["Said", [0, 1, 0, 0], {"conversation": "c"}], "a map that is none of those that are known"),
        (["Acted", [0, 1, 0, 0], ["x", "y", "z", "soon"]], "Acted.until: Input should be a valid integer"),
        (["Acted", [0, 1, 0, 0], ["x", "y", "z", True]], "Acted.until: Input should be a valid integer"),
        (["Acted", [0, 1, 0, 0], ["x", "y", "z", 7.0]], "Acted.until: Input should be a valid integer"),
        (["Acted", [0, 1, 0, 0], [b"x", "y", "z", 7]], "Acted.description: Input should be a valid string"),
        (["Acted", [0, 1, 0, 0], ["x", "y", "z", 7, 8]], "Acted needs 4 fields"),
        (["Appeared", [0, 1, 0, 0], [[3, 4, 5], "town:house"]], "Appeared.tile: Tuple should have at most 2 items"),
        (["Planned", [0, 1, 0, 0], ["day", [{"start": 0}]]], "Planned.entries.0.minutes: Field required"),
        (["Planned", [0, 1, 0, 0], ["day", [ENTRY | {"who": 1}]]], "Planned.entries.0.who: Extra inputs"),
        (["Planned", [0, 1, 0, 0], ["day", [ENTRY | {"start": "1"}]]], "Planned.entries.0.start: Input should be"),
        (["Said", [0, 1, 0, 0]], "not a list of kind, key and fields"),
        ({}, "a map that is none of those that are known"),
        ([["Said"], [0, 1, 0, 0], []], "not a list of kind, key and fields"),
    ],
)
def test_what_does_not_fit_is_named(record: object, problem: str) -> None:
    with pytest.raises(ValueError, match="not an event: ") as caught:
        decode_event(msgpack.packb(record))
    assert problem in str(caught.value)


def test_only_the_usual_way_to_write_an_event_is_read() -> None:
    usual = encode_event(Event(Key(60, 1, 2, 7), Said("c", "Ida", "yes")))
    assert usual.startswith(b"\x93\xa4Said\x94")
    for unusual in (b"\xdc\x00\x03" + usual[1:], usual.replace(b"\xa4Said", b"\xd9\x04Said")):
        assert msgpack.unpackb(unusual) == msgpack.unpackb(usual)
        with pytest.raises(ValueError, match="not an event: not written in the usual way"):
            decode_event(unusual)


def test_what_cannot_be_written_does_not_spoil_the_next_event() -> None:
    good = Event(Key(60, 1, 2, 7), Said("c", "Ida", "yes"))
    before = encode_event(good)
    with pytest.raises(TypeError):
        encode_event(Event(Key(60, 1, 2, 2**70), Said("c", "Ida", "yes")))
    assert encode_event(good) == before


def test_a_huge_claim_in_few_bytes_is_refused() -> None:
    for payload in (b"\xdd\xff\xff\xff\xff", b"\x93\xdb\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff"):
        with pytest.raises(ValueError, match="not an event: "):
            decode_event(payload)
