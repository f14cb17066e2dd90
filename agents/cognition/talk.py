"""A conversation as each of its speakers has it: a circle of two or more, who speaks next, and what has been said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.cognition.mind import Topic
from engine.contact import Percept
from engine.phrases import listed

Circle = tuple[str, ...]
"""Who takes part, by their names, in the order in which they speak."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line of a conversation. `told` is what it tells, `final` that with it the speaker takes leave, `promise`
    whether the speaker is going to come to what was told before, in the words of others.
    """

    conversation: str
    circle: Circle
    """Who takes part while it is said; so nobody has to be told apart from that who comes and who goes."""
    speaker: str
    text: str
    told: Topic | None = None
    final: bool = False
    promise: str = ""

    @property
    def parts_two(self) -> bool:
        """Whether a farewell is said to one person, who returns it; of more than two, who parts just goes."""
        return self.final and len(self.circle) == 2


def after(line: Utterance) -> tuple[Circle, str]:
    """Return who takes part after a line, and who speaks next."""
    place = line.circle.index(line.speaker)
    following = line.circle[(place + 1) % len(line.circle)]
    stays = not line.final or line.parts_two
    return (line.circle if stays else tuple(name for name in line.circle if name != line.speaker)), following


@dataclass(slots=True)
class Talk:
    """One side's view of a conversation under way."""

    conversation: str
    me: str
    circle: Circle
    """Who takes part now, oneself included. Who joined learns with the first line who else there is."""
    begun: int
    """When it was agreed upon."""
    doing: str
    """What the first of the others did when they met."""
    host: str = field(init=False)
    """Who began it."""
    met: list[str] = field(default_factory=list)
    """Everybody else who ever took part, in the order in which one heard of them."""
    opinions: dict[str, str] = field(default_factory=dict)
    """What this side thinks of the others, as prompts say it."""
    lines: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    told_by_me: int = 0
    has_spoken: bool = False
    meanwhile: list[Percept] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.host = self.circle[0]
        self.gather(self.circle)

    @property
    def others(self) -> list[str]:
        """Who takes part now besides oneself."""
        return [name for name in self.circle if name != self.me]

    def gather(self, circle: Circle) -> None:
        """Take note of who takes part."""
        self.circle = circle
        self.met += [name for name in circle if name != self.me and name not in self.met]


def first_name(name: str) -> str:
    """Return how one addresses somebody."""
    return name.split()[0]


def first_names(names: Sequence[str]) -> str:
    """Return how one addresses several people at once: "Ida, Nell and Tomas"."""
    return listed([first_name(name) for name in names])
