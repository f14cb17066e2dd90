"""Events as bytes, the payloads of the log.

An event is the msgpack list ``[kind, [time, priority, agent, sequence], [field, …]]`` with the fields in the order of
the record's definition; a record that is the value of a field is a map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, get_args, get_type_hints

import msgpack
from pydantic_core import CoreSchema, SchemaValidator, ValidationError
from pydantic_core import core_schema as schema

from engine.record.events import Body, Event, Key
from engine.record.unpacking import unpack


@dataclass(frozen=True, slots=True)
class Coder:
    """How the events of one kind are written, and how they are checked when they are read."""

    kind: Callable[..., Body]
    names: tuple[str, ...]
    """The names of the fields, two or more."""
    beginning: bytes
    """What every payload begins with: the head of the list, the kind, and the head of the key."""
    values: Callable[[Body], tuple[Any, ...]]
    """Take the values of the fields from a record."""
    check: Callable[[Any], tuple[tuple[int, int, int, int], tuple[Any, ...]]]
    """Take key and values of the fields as msgpack gives them. Raises `ValidationError`."""

    @classmethod
    def of(cls, kind: type[Body]) -> Coder:
        """Derive it from the definition of the record."""
        hints = get_type_hints(kind)
        names = tuple(field.name for field in fields(kind))
        key = schema.tuple_schema([_schema(int)] * 4, strict=True)
        values = schema.tuple_schema([_schema(hints[name]) for name in names], strict=True)
        check = SchemaValidator(schema.tuple_schema([key, values], strict=True)).validate_python
        beginning = b"\x93" + msgpack.packb(kind.__name__) + b"\x94"
        return cls(kind, names, beginning, attrgetter(*names), check)

    def explain(self, error: ValidationError) -> str:
        """Say what the first fault is."""
        first = error.errors(include_url=False, include_input=False)[0]
        part, *place = first["loc"]
        if part == 0:
            return "broken key"
        kind = self.kind.__name__
        if not place or (len(place) == 1 and first["type"] == "missing"):
            return f"{kind} needs {len(self.names)} fields"
        field, *inside = place
        where = ".".join([kind, self.names[int(field)], *map(str, inside)])
        return f"{where[:100]}: {first['msg']}"


def _schema(hint: Any) -> CoreSchema:
    """Return how a value of this type is checked; nothing is converted but whole numbers to floats."""
    if hint is int:
        return schema.int_schema(strict=True)
    if hint is float:
        return schema.float_schema(strict=True)
    if hint is str:
        return schema.str_schema(strict=True)
    match get_args(hint):
        case ():
            return _record_schema(hint)
        case (item, last) if last is Ellipsis:
            return schema.tuple_schema([_schema(item)], variadic_item_index=0, strict=True, fail_fast=True)
        case items:
            return schema.tuple_schema([_schema(item) for item in items], strict=True)


def _record_schema(kind: Callable[..., Any]) -> CoreSchema:
    parts = {name: schema.typed_dict_field(_schema(hint)) for name, hint in get_type_hints(kind).items()}
    as_map = schema.typed_dict_schema(parts, strict=True, extra_behavior="forbid")
    return schema.no_info_after_validator_function(lambda values: kind(**values), as_map)


@cache
def coders() -> dict[str, Coder]:
    """Return the coders of all kinds by their names."""
    return {kind.__name__: Coder.of(kind) for kind in get_args(Body)}


@cache
def _inner_names() -> frozenset[str]:
    """Return the names of the fields that records have which are values of fields."""
    found: set[Any] = set()
    kinds = list(get_args(Body))
    while kinds:
        hints = [hint for kind in kinds for hint in get_type_hints(kind).values()]
        kinds = [part for hint in hints for part in _parts(hint) if is_dataclass(part) and part not in found]
        found.update(kinds)
    return frozenset(name for kind in found for name in get_type_hints(kind))


def _parts(hint: Any) -> Iterator[Any]:
    """Yield the types that a type is made of."""
    inside = get_args(hint)
    if not inside:
        yield hint
    for part in inside:
        yield from _parts(part)


def _has_a_name(values: dict[str, Any]) -> bool:
    return not _inner_names().isdisjoint(values)


def _as_map(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record)}


_pack: Callable[[Any], bytes] = msgpack.Packer(default=_as_map, unicode_errors="replace").pack


def encode_event(event: Event) -> bytes:
    """Return the canonical bytes of an event, the payload of its frame in the log.

    What UTF-8 cannot encode (half of a surrogate pair, from a careless model) becomes a question mark.
    """
    kind = type(event.body).__name__
    return _pack((kind, event.key, coders()[kind].values(event.body)))


def decode_event(payload: bytes) -> Event:
    """Rebuild an event from its canonical bytes. Raises `ValueError` that says what does not fit."""
    try:
        record = unpack(payload, _has_a_name)
    except (ValueError, msgpack.UnpackException) as error:
        raise ValueError(f"not an event: {error}") from error
    if type(record) is not tuple or len(record) != 3 or type(record[0]) is not str:
        raise ValueError("not an event: not a list of kind, key and fields")
    kind = record[0]
    coder = coders().get(kind)
    if coder is None:
        raise ValueError(f"not an event: unknown kind {kind[:40]!r}")
    try:
        key, values = coder.check(record[1:])
    except ValidationError as error:
        raise ValueError(f"not an event: {coder.explain(error)}") from error
    # Some of what msgpack says can be said in longer ways. Who looks for events in bytes must know how each begins.
    if not payload.startswith(coder.beginning):
        raise ValueError("not an event: not written in the usual way")
    return Event(Key._make(key), coder.kind(*values))
