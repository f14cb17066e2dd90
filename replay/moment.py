"""What can be seen of a run at one moment: typed records, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.record.events import Tile
from replay.captions import Caption
from replay.tracks import Heading


@dataclass(frozen=True, slots=True)
class Acting:
    """What someone does: since when and until when it was planned (seconds), the text, an emoji, and where."""

    since: int
    description: str
    emoji: str
    address: str
    until: int


@dataclass(frozen=True, slots=True)
class Speech:
    """A line: when it was said, to whom, the text, and when the conversation's next line comes (None: never)."""

    time: int
    to: str
    text: str
    conversation: str
    answered: int | None

    @property
    def reading_time(self) -> int:
        """The simulated seconds that a reader is given: 15 and a quarter per character."""
        return 15 + len(self.text) // 4


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at one moment. Before they appear, `tile` is None and nothing else says anything."""

    index: int
    name: str
    short_name: str
    tile: Tile | None
    point: tuple[float, float]
    """Where to draw them, in tiles: between two tiles while they walk."""
    heading: Heading
    walking: bool
    walking_to: str
    acting: Acting | None
    speech: Speech | None
    partners: tuple[str, ...]


class ObjectState(NamedTuple):
    """An object that is not idle."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Moment:
    """The whole town at one moment; `captions` are the latest ones, oldest first."""

    time: float
    people: tuple[Person, ...]
    objects: tuple[ObjectState, ...]
    captions: tuple[Caption, ...]
