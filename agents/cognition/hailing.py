"""The messages by which people agree to talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.cognition.mind import Mind
from engine.contact import Heard, Percept


@dataclass(frozen=True, slots=True)
class Hail:
    """Asks somebody for a conversation. `time` is when it was sent."""

    conversation: str
    time: int


@dataclass(frozen=True, slots=True)
class HailReply:
    """Yes or no to a hail."""

    conversation: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class CalledOff:
    """Takes a hail back: the way is too long, or one joins another talk."""

    conversation: str


def refuse_hails(me: Mind, percepts: Sequence[Percept]) -> None:
    """Answer every hail among some percepts with no."""
    for percept in percepts:
        match percept:
            case Heard(sender, Hail(conversation)):
                me.body.tell(sender, 1, HailReply(conversation, False))
