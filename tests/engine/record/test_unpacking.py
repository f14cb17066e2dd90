"""What is unpacked is what was packed, or refused."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.record.unpacking import MAX_FIELDS, unpack

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner).map(tuple) | st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=MAX_FIELDS)
    ),
    max_leaves=200,
)


@given(values)
def test_what_was_packed_is_unpacked(value: Any) -> None:
    assert unpack(msgpack.packb(value), lambda _: True) == value


@pytest.mark.parametrize("filling", [0, 1000])
@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        (b"\x91\x81\xa1b\xc0", "a map that is none"),
        (b"\x91\x80", "a map that is none"),
        (b"\x91\xd4\x05\x00", "unknown kind 5"),
        (b"\x92\xc0", "incomplete|[Oo]ut of data|No more data|^$"),
    ],
)
def test_what_cannot_be_meant_is_refused(payload: bytes, problem: str, filling: int) -> None:
    packed = b"\x92" + msgpack.packb("x" * filling) + payload
    with pytest.raises((ValueError, msgpack.UnpackException), match=problem):
        unpack(packed, lambda record: "a" in record)


def test_only_maps_that_can_be_meant_are_taken() -> None:
    assert unpack(msgpack.packb([{"a": 1}, {"a": 2}]), lambda record: record.keys() == {"a"}) == ({"a": 1}, {"a": 2})
