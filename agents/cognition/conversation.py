"""Conversations: messages between two or more lanes, each of which thinks only for itself.

Those in the circle greet, take turns in telling what they have to tell and in answering it, and part. Everybody hears
every line. Who has nothing left to tell takes leave and goes; the others go on, until two are left who part from each
other. Park et al. 2023, section 4.3.2; length and cool-down are in simulated time.
"""

from __future__ import annotations

from collections.abc import Generator
from math import ceil
from typing import Any

import simpy

from agents.cognition.hailing import CalledOff, Hail, refuse_hails
from agents.cognition.hearing import take_in
from agents.cognition.mind import Mind
from agents.cognition.perception import TALKING, perceive
from agents.cognition.relations import opinion_of, think_of
from agents.cognition.speaking import compose
from agents.cognition.talk import Talk, Utterance, after
from agents.memory.stream import MemoryKind
from engine.contact import Heard, SawPerson
from engine.kernel.clock import MINUTE
from engine.phrases import listed
from engine.record.events import ConversationEnded, Said

CHARACTERS_PER_SECOND = 15
SHORTEST = 5 * MINUTE
"""Seconds that people who have begun to talk stay together."""
PATIENCE = 240
"""Seconds that one waits for the others to come near and to say something."""
Thinking = Generator[simpy.Event, Any, Any]


def converse(me: Mind, talk: Talk, *, my_turn: bool) -> Thinking:
    """Talk until one has said goodbye and had it returned, the most lines are said, or nobody speaks any more."""
    me.body.act(f"{TALKING} {listed(talk.others)}", "💬", me.lane.now + 5 * MINUTE)
    farewells = 0
    heard: Utterance | None = None
    while farewells < 2 and len(talk.lines) < me.settings.conversation_lines:
        talk.opinions |= {name: opinion_of(me, name) for name in talk.others if name not in talk.opinions}
        if my_turn:
            if not talk.has_spoken:
                me.body.engage(talk.others, me.lane.now + SHORTEST)
                talk.has_spoken = True
            line = yield from compose(me, talk, heard)
            yield from _say(me, talk, line, heard)
        else:
            heard = yield from _listen(me, talk)
            if heard is None:
                break
            line = heard
        farewells = farewells + 1 if line.parts_two else 0
        circle, following = after(line)
        talk.gather(circle)
        if me.name not in circle:
            break
        my_turn = following == me.name
    me.body.engage([me.name], me.body.engaged_until)  # whom it has talked with notice nothing of it either until then
    yield from _conclude(me, talk)
    yield from me.lane.sleep(me.body.engaged_until)
    news = [p for p in talk.meanwhile if not (isinstance(p, SawPerson) and p.name in talk.met)]
    yield from perceive(me, news)


def _say(me: Mind, talk: Talk, line: Utterance, heard: Utterance | None) -> Thinking:
    addressed = heard.speaker if heard is not None and heard.speaker in talk.others else talk.others[0]
    me.lane.emit(Said(talk.conversation, addressed, line.text))
    talk.lines.append(line.text)
    seconds = max(2, ceil(len(line.text) / CHARACTERS_PER_SECOND))
    for other in talk.others:
        me.body.tell(other, seconds, line)
    yield from me.lane.sleep(me.lane.now + seconds)


def _listen(me: Mind, talk: Talk) -> Generator[simpy.Event, Any, Utterance | None]:
    """Wait for the next line; None if none comes, or the talk is called off."""
    deadline = me.lane.now + PATIENCE
    while me.lane.now < deadline:
        heard: Utterance | None = None
        for percept in (yield from me.body.wait(deadline)):
            match percept:
                case Heard(_, Utterance() as line) if line.conversation == talk.conversation:
                    heard = line
                case Heard(_, CalledOff(conversation)) if conversation == talk.conversation:
                    return None
                case Heard(_, Hail()):
                    refuse_hails(me, [percept])
                case _:
                    talk.meanwhile.append(percept)
        if heard is not None:
            talk.gather(heard.circle)
            talk.lines.append(heard.text)
            yield from take_in(me, talk, heard)
            return heard
    return None


def _conclude(me: Mind, talk: Talk) -> Thinking:
    for name in talk.met:
        me.acquaintance(name).last_talk = me.lane.now
    if not talk.lines:
        return
    if me.name == talk.circle[0]:
        me.lane.emit(ConversationEnded(talk.conversation, talk.others[0], len(talk.lines), tuple(talk.topics)))
    about = f": {listed(talk.topics)}" if talk.topics else " about nothing in particular"
    everybody = [me.name, *talk.met]
    # In the same words for both sides, which are asked for once.
    guests = [name for name in everybody if name != talk.host]
    talked = f"{talk.host} talked with {listed(guests)}{about}"
    yield from me.remember(MemoryKind.CHAT, [talked], about=tuple(talk.met))
    for name in talk.met:
        yield from think_of(me, name)
