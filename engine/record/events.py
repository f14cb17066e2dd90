"""The vocabulary of the log: what can happen in a run.

An `Event` is a key and a body. The key orders all events of a run totally (`Key`); the body is one of the frozen
records below. A field is a whole number, a float, a text, another record, or a tuple of these (`engine.record.codec`).

Times are whole seconds since the scenario's start, tiles are (x, y), addresses are ``town:sector:arena:object``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

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
class Discovered:
    """An agent gets to know places: `how` is start (it has always known them), sight or hearing."""

    how: str
    addresses: tuple[str, ...]


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

    `memory` counts from 0 per agent, `kind` is observation, chat, plan or reflection, `importance` runs from 1 to 10
    or is 0 as long as it is not known (`Weighed`), `evidence` are memories of the same agent, `about` the names of the
    people concerned.
    """

    memory: int
    kind: str
    text: str
    importance: float
    evidence: tuple[int, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """An agent observes what it observed within the last 24 hours: memory number `memory` has been made `count` times.

    Nothing joins the memory stream; the memory counts as accessed.
    """

    memory: int
    count: int


@dataclass(frozen=True, slots=True)
class Recalled:
    """Memories come to an agent's mind, best first, for a thought; they count as accessed."""

    thought: str
    memories: tuple[int, ...]


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
    """An agent begins a conversation with the agent named `partner`.

    Logged by the one who speaks first, once for each of the others who take part from then on.
    """

    conversation: str
    partner: str


@dataclass(frozen=True, slots=True)
class Said:
    """An agent says `text` to the agent named `to`, within hearing of all who take part in the conversation."""

    conversation: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """A conversation ends; `topics` are the short texts of what it was about. Logged once, by one of the last two."""

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


@dataclass(frozen=True, slots=True)
class Intervened:
    """Something happens from outside.

    `kind` is inner_voice, visitor or embody (`to` a person), broadcast, or object (`to` an address). What a visitor
    says is told with the visitor's role: "a reporter says that the bridge is closed"; what an embodied person is made
    to do with the place: "baking a cake, Ember Cafe:kitchen".
    """

    kind: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """It is settled how much an agent's latest memories matter, from 1 to 10: from number `memory` on, one by one."""

    memory: int
    importance: tuple[float, ...]


Body = (
    Appeared
    | Walked
    | Discovered
    | Acted
    | ObjectChanged
    | Remembered
    | Repeated
    | Recalled
    | Planned
    | ConversationBegan
    | Said
    | ConversationEnded
    | Decided
    | Failed
    | Intervened
    | Weighed
)


class Event(NamedTuple):
    """Something that happened, and its place in the order."""

    key: Key
    body: Body
