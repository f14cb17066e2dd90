"""How people come to talk: one hails one or several, who accept, refuse or do not answer."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import simpy

from agents.cognition.conversation import PATIENCE as LONGEST_WAY
from agents.cognition.conversation import converse
from agents.cognition.hailing import CalledOff, Hail, HailReply
from agents.cognition.mind import Mind
from agents.cognition.perception import perceive
from agents.cognition.talk import Talk
from engine.contact import Heard, Percept, SawPerson
from engine.record.events import ConversationBegan

FRESH = 2
"""Seconds after which a hail that was not answered is no longer waited for."""
PATIENCE = 4
"""Seconds that one waits for an answer to a hail."""


def begin(me: Mind, people: Sequence[SawPerson]) -> Generator[simpy.Event, Any, bool]:
    """Hail some people and, if any accept, walk up to the first and talk; returns whether one left off what one did.

    `people` stand together, whom one would rather talk with first.
    """
    conversation, doing = f"{me.name}, {me.lane.now}", {person.name: person.doing for person in people}
    for name in doing:
        me.body.tell(name, 1, Hail(conversation, me.lane.now))
    meanwhile: list[Percept] = []
    answer = yield from _await_answers(me, conversation, list(doing), meanwhile)
    if isinstance(answer, tuple):
        host, hail = answer
        _call_off(me, conversation, [name for name in doing if name != host])
        yield from _join(me, host, hail, doing[host], meanwhile)
        return True
    declined = [name for name in doing if name not in answer]
    for name in declined:
        me.acquaintance(name).last_talk = me.lane.now
    if not answer:
        yield from perceive(me, meanwhile)
        return False
    arrival = me.body.approach(answer[0])
    if arrival is None or arrival - me.lane.now >= LONGEST_WAY:
        # Whom one sees across a pond may be far to walk to, and who walks on may be gone.
        me.body.halt()
        _call_off(me, conversation, answer)
        for name in answer:
            me.acquaintance(name).last_talk = me.lane.now
        yield from perceive(me, meanwhile)
        return True
    talk = Talk(conversation, me.name, (me.name, *answer), me.lane.now, doing[answer[0]], meanwhile=meanwhile)
    yield from me.lane.sleep(arrival)
    for name in answer:
        me.lane.emit(ConversationBegan(conversation, name))
    yield from converse(me, talk, my_turn=True)
    return True


def _await_answers(
    me: Mind, conversation: str, hailed: Sequence[str], meanwhile: list[Percept]
) -> Generator[simpy.Event, Any, list[str] | tuple[str, Hail]]:
    """Return who of those hailed accepts, in their order; or whose hail crossed this one and stands, and that hail."""
    deadline = me.lane.now + PATIENCE
    answers: dict[str, bool] = {}
    while me.lane.now < deadline and len(answers) < len(hailed):
        theirs: tuple[str, Hail] | None = None
        for percept in (yield from me.body.wait(deadline)):
            match percept:
                case Heard(sender, HailReply() as reply) if reply.conversation == conversation:
                    answers[sender] = reply.accepted
                case Heard(sender, Hail() as hail):
                    # Of two hails that cross, the one whose sender comes first in the alphabet stands.
                    stands = theirs is None and sender in hailed and sender < me.name
                    me.body.tell(sender, 1, HailReply(hail.conversation, stands))
                    theirs = (sender, hail) if stands else theirs
                case _:
                    meanwhile.append(percept)
        if theirs is not None:
            return theirs
    return [name for name in hailed if answers.get(name)]


def _call_off(me: Mind, conversation: str, names: Sequence[str]) -> None:
    for name in names:
        me.body.tell(name, 1, CalledOff(conversation))


def answer_hails(
    me: Mind, percepts: Sequence[Percept], doing: Callable[[str], str]
) -> Generator[simpy.Event, Any, bool]:
    """Accept the first fresh hail among some percepts and talk, refuse all others. Returns whether one was accepted.

    `doing` tells what a person is seen to do.
    """
    heard = [percept for percept in percepts if isinstance(percept, Heard)]
    called_off = {p.content.conversation for p in heard if isinstance(p.content, CalledOff)}
    hails = [(p.sender, p.content) for p in heard if isinstance(p.content, Hail)]
    standing = [(sender, hail) for sender, hail in hails if hail.conversation not in called_off]
    accepted = next(((sender, hail) for sender, hail in standing if me.lane.now - hail.time <= FRESH), None)
    for sender, hail in hails:
        me.body.tell(sender, 1, HailReply(hail.conversation, (sender, hail) == accepted))
    if accepted is None:
        return False
    sender, hail = accepted
    yield from _join(me, sender, hail, doing(sender), [])
    return True


def _join(me: Mind, host: str, hail: Hail, doing: str, meanwhile: list[Percept]) -> Generator[simpy.Event, Any, None]:
    me.body.halt()
    talk = Talk(hail.conversation, me.name, (host, me.name), me.lane.now, doing, meanwhile=meanwhile)
    yield from converse(me, talk, my_turn=False)
