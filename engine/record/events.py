"""The vocabulary of the log: what can happen in a run.

An `Event` is a key and a body. The key orders all events of a run totally (`Key`); the body is one of the frozen
records below. Encoded, an event is the msgpack list ``[kind, [time, priority, agent, sequence], [field, …]]`` with the
fields in the order of the record's definition.

Times are whole seconds since the scenario's start, tiles are (x, y), addresses are ``town:sector:arena:object``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, NamedTuple, get_args

import msgpack
from pydantic import TypeAdapter, ValidationError

Tile = tuple[int, int]

WORLD_AGENT = -1
"""The agent index of events that no agent causes, such as interventions."""

WORLD_PRIORITY = 0
AGENT_PRIORITY = 1


class Key(NamedTuple):
    """The place of an event in the total order. `sequence` counts within the agent over the whole run."""

    time: int
    priority: int
    agent: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Appeared:
    """An agent enters the world and stands on `tile`, at `address`."""

    tile: Tile
    address: str


@dataclass(frozen=True, slots=True)
class Walked:
    """An agent sets out along `path`; at time t it is on tile number (t - event time) // `seconds_per_tile`.

    A later `Walked` replaces what is left of an earlier one; standing still is a path of one tile. `to` is the address
    or the name of the person that the walk leads to.
    """

    path: tuple[Tile, ...]
    seconds_per_tile: int
    to: str


@dataclass(frozen=True, slots=True)
class Acted:
    """An agent begins to do something at an address, planned to last until `until`."""

    description: str
    emoji: str
    address: str
    until: int


@dataclass(frozen=True, slots=True)
class ObjectChanged:
    """An object of the world takes a new state."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A record joins an agent's memory stream.

    `memory` counts from 0 per agent, `kind` is observation, chat, plan or reflection, `importance` runs from 1 to 10,
    `evidence` are memories of the same agent, `about` the names of the people concerned.
    """

    memory: int
    kind: str
    text: str
    importance: float
    evidence: tuple[int, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """One line of a plan: what, where, from when, for how many minutes."""

    start: int
    minutes: int
    activity: str
    address: str


@dataclass(frozen=True, slots=True)
class Planned:
    """An agent makes or changes a plan. `level` is day, hour or step; `entries` replace that level from their start."""

    level: str
    entries: tuple[PlanEntry, ...]


@dataclass(frozen=True, slots=True)
class ConversationBegan:
    """An agent begins a conversation with the agent named `partner`; logged once, by the one who speaks first."""

    conversation: str
    partner: str


@dataclass(frozen=True, slots=True)
class Said:
    """An agent says `text` to the agent named `to`."""

    conversation: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """A conversation ends; `topics` are the short texts of what it was about."""

    conversation: str
    partner: str
    lines: int
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A discrete thought was settled: which one, in which way (meaning, channel, likelihood, rule), and how."""

    thought: str
    way: str
    answer: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A model's reply could not be used and the agent went on without it, or an agent's mind failed as a whole."""

    thought: str
    kind: str
    detail: str


Body = (
    Appeared
    | Walked
    | Acted
    | ObjectChanged
    | Remembered
    | Planned
    | ConversationBegan
    | Said
    | ConversationEnded
    | Decided
    | Failed
)


class Event(NamedTuple):
    """Something that happened, and its place in the order."""

    key: Key
    body: Body


def encode_event(event: Event) -> bytes:
    """Return the canonical bytes of an event, the payload of its frame in the log.

    What UTF-8 cannot encode (half of a surrogate pair, from a careless model) becomes a question mark.
    """
    values = [_plain(getattr(event.body, f.name)) for f in fields(event.body)]
    record = [type(event.body).__name__, list(event.key), values]
    packed: bytes = msgpack.packb(record, unicode_errors="replace")
    return packed


def decode_event(payload: bytes) -> Event:
    """Rebuild an event from its canonical bytes. Raises `ValueError` that says what does not fit."""
    try:
        record = msgpack.unpackb(payload, strict_map_key=True)
    except (ValueError, msgpack.UnpackException) as error:
        raise ValueError(f"not an event: {error}") from error
    if not (isinstance(record, list) and len(record) == 3 and isinstance(record[0], str)):
        raise ValueError("not an event: not a list of kind, key and fields")
    kind, key, values = record
    if not (isinstance(key, list) and len(key) == 4 and all(type(part) is int for part in key)):
        raise ValueError("not an event: broken key")
    adapters = _adapters()
    if kind not in adapters:
        raise ValueError(f"not an event: unknown kind {kind[:40]!r}")
    names, adapter = adapters[kind]
    if not isinstance(values, list) or len(values) != len(names):
        raise ValueError(f"not an event: {kind} needs {len(names)} fields")
    try:
        body = adapter.validate_python(dict(zip(names, values, strict=True)))
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"not an event: {kind}.{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return Event(Key(*key), body)


def _plain(value: Any) -> Any:
    if isinstance(value, PlanEntry):
        return {f.name: getattr(value, f.name) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _adapters() -> dict[str, tuple[tuple[str, ...], TypeAdapter[Body]]]:
    return {kind.__name__: (tuple(f.name for f in fields(kind)), TypeAdapter(kind)) for kind in get_args(Body)}
