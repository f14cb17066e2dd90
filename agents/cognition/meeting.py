"""How two people come to talk: one hails, the other accepts, refuses or does not answer."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

import simpy

from agents.cognition.conversation import PATIENCE as LONGEST_WAY
from agents.cognition.conversation import Talk, converse
from agents.cognition.hailing import CalledOff, Hail, HailReply
from agents.cognition.mind import Mind
from agents.cognition.perception import perceive
from engine.contact import Heard, Percept
from engine.record.events import ConversationBegan

FRESH = 2
"""Seconds after which a hail that was not answered is no longer waited for."""
PATIENCE = 4
"""Seconds that one waits for an answer to a hail."""


def begin(me: Mind, partner: str, doing: str) -> Generator[simpy.Event, Any, bool]:
    """Hail somebody and, if they accept, walk up to them and talk. Returns whether that interrupted what one did."""
    talk = Talk(f"{me.name}, {me.lane.now}", partner, doing)
    me.body.tell(partner, 1, Hail(talk.conversation, me.lane.now))
    answer = yield from _await_answer(me, talk)
    match answer:
        case HailReply(accepted=True):
            arrival = me.body.approach(partner)
            if arrival is None or arrival - me.lane.now >= LONGEST_WAY:
                # Whom one sees across a pond may be far to walk to, and who walks on may be gone.
                me.body.halt()
                me.body.tell(partner, 1, CalledOff(talk.conversation))
                me.acquaintance(partner).last_talk = me.lane.now
                yield from perceive(me, talk.meanwhile)
                return True
            yield from me.lane.sleep(arrival)
            me.lane.emit(ConversationBegan(talk.conversation, partner))
            yield from converse(me, talk, my_turn=True)
            return True
        case Hail(conversation):
            yield from _join(me, replace(talk, conversation=conversation))
            return True
        case _:
            me.acquaintance(partner).last_talk = me.lane.now
            yield from perceive(me, talk.meanwhile)
            return False


def _await_answer(me: Mind, talk: Talk) -> Generator[simpy.Event, Any, HailReply | Hail | None]:
    """Return the reply to a hail, or the partner's own hail if the two crossed and theirs stands, or None."""
    deadline = me.lane.now + PATIENCE
    while me.lane.now < deadline:
        for percept in (yield from me.body.wait(deadline)):
            match percept:
                case Heard(sender, HailReply() as reply) if reply.conversation == talk.conversation:
                    return reply
                case Heard(sender, Hail() as hail):
                    # Of two hails that cross, the one whose sender comes first in the alphabet stands.
                    theirs_stands = sender == talk.partner and sender < me.name
                    if sender != talk.partner or theirs_stands:
                        me.body.tell(sender, 1, HailReply(hail.conversation, theirs_stands))
                    if theirs_stands:
                        return hail
                case _:
                    talk.meanwhile.append(percept)
    return None


def answer_hails(
    me: Mind, percepts: Sequence[Percept], doing: Callable[[str], str]
) -> Generator[simpy.Event, Any, bool]:
    """Accept the first fresh hail among some percepts and talk, refuse all others. Returns whether one was accepted.

    `doing` tells what a person is seen to do.
    """
    hails = [(p.sender, p.content) for p in percepts if isinstance(p, Heard) and isinstance(p.content, Hail)]
    accepted = next(((sender, hail) for sender, hail in hails if me.lane.now - hail.time <= FRESH), None)
    for sender, hail in hails:
        me.body.tell(sender, 1, HailReply(hail.conversation, (sender, hail) == accepted))
    if accepted is None:
        return False
    sender, hail = accepted
    yield from _join(me, Talk(hail.conversation, sender, doing(sender)))
    return True


def _join(me: Mind, talk: Talk) -> Generator[simpy.Event, Any, None]:
    me.body.halt()
    yield from converse(me, talk, my_turn=False)
