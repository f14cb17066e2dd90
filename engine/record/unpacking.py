"""Unpacking msgpack that anybody may have written, in memory of the order of its size.

A few bytes can claim to be a list of billions, and lists can claim so within each other. So nothing is made of a
payload before it is known to hold as much as it claims. What it holds takes at most some forty times its size then: a
list of one small number is 2 bytes, and 64 in memory. Of maps it would be more, and so only those are taken that can be
meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgpack

MAX_FIELDS = 16
"""Of a map."""
_SMALL = 128
"""Fewer bytes can claim nothing that matters."""


def unpack(payload: bytes, is_meant: Callable[[dict[str, Any]], bool]) -> Any:
    """Unpack a payload; lists become tuples. `is_meant` says of every map in it whether it can be meant.

    Raises `ValueError` and `msgpack.UnpackException`.
    """

    def accept(record: dict[str, Any]) -> dict[str, Any]:
        if not is_meant(record):
            raise ValueError("a map that is none of those that are known")
        return record

    if len(payload) > _SMALL:
        _require_whole(payload)
    return msgpack.unpackb(payload, use_list=False, max_map_len=MAX_FIELDS, object_hook=accept, ext_hook=_refuse)


def _require_whole(payload: bytes) -> None:
    """Go through a payload without making anything of it."""
    unpacker = msgpack.Unpacker(max_buffer_size=len(payload))
    unpacker.feed(payload)
    unpacker.skip()


def _refuse(code: int, _: bytes) -> None:
    raise ValueError(f"a value of the unknown kind {code}")
