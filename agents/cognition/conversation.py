"""Conversations: messages between two lanes, each of which thinks only for itself.

The two greet, take turns in telling what they have to tell and in answering it, and part. What is told is put in by
rule, because a small model never delivers it; how it is answered is the model's own words. What one hears becomes a
memory, news can be passed on, and what one can go to may become an appointment. Park et al. 2023, section 4.3.2;
length and cool-down are in simulated time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from math import ceil
from typing import Any

import simpy

from agents.cognition.hailing import CalledOff, Hail, refuse_hails
from agents.cognition.mind import Mind, Topic
from agents.cognition.perception import perceive
from agents.cognition.plan import Intention, by_hours, with_appointment
from agents.cognition.planning import place_for
from agents.cognition.relations import opinion_of, think_of
from agents.cognition.thoughts import Asked, Lean, Line, Rule
from agents.cognition.topics import topics_for
from agents.cognition.wording import clause, is_fit, listed, names, sentence, tidy
from agents.memory.stream import MemoryKind
from engine.contact import Heard, Percept, SawPerson
from engine.kernel.clock import HOUR, MINUTE
from engine.llm.requests import Write
from engine.record.events import ConversationEnded, Planned, Said

CHARACTERS_PER_SECOND = 15
SHORTEST = 5 * MINUTE
"""Seconds that two who have begun to talk stay together."""
PATIENCE = 240
"""Seconds that one waits for the other to come near and to say something."""
_BANNED = ("olga", "ravi", "skates", "saddle", "violin")
GREETING = Line(
    "greeting",
    "how to greet somebody, after the plain greeting",
    "a sentence",
    begin="{me}: {plain}",
    max_tokens=28,
    temperature=0.5,
    banned=_BANNED,
    instead="{me} meets {other}.",
    contrast_weight=0.4,
)
REPLY = Line(
    "reply",
    "what to answer to what was said",
    "a sentence or two",
    begin="{me}:",
    max_tokens=28,
    temperature=0.5,
    banned=_BANNED,
    blank={"said": "{other}: Hello.\n"},
    contrast_weight=0.4,
)
INVITATION = Lean(
    "invitation",
    "whether to go to something one has heard of",
    "yes or no",
    Asked(
        ({"situation": "something is going on"}, {"situation": "people meet"}, {"situation": "there is news in town"}),
        {"situation": "something is going on"},
    ),
    low=("wants to be left alone and stays at home",),
    high=(),
    labels=("stays at home", "is sure to come"),
    gain=10,
)
"""The high pole is who the person is."""
ENDING = Rule(
    "ending",
    "whether to tell something, to answer or to take leave",
    "a move",
    why="what has been told, and what is left to tell, is known",
)
Thinking = Generator[simpy.Event, Any, Any]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A line of a conversation. `told` is what it tells, `final` that the speaker is about to go."""

    conversation: str
    text: str
    told: Topic | None = None
    final: bool = False


@dataclass(slots=True)
class Talk:
    """One side's view of a conversation under way."""

    conversation: str
    partner: str
    doing: str
    """What the partner did when the two met."""
    opinion: str = ""
    """What this side thinks of the partner."""
    lines: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    told_by_me: int = 0
    meanwhile: list[Percept] = field(default_factory=list)


def converse(me: Mind, talk: Talk, *, my_turn: bool) -> Thinking:
    """Talk until both have said goodbye, the most lines are said, or the other does not answer any more."""
    me.body.act(f"talking with {talk.partner}", "💬", me.lane.now + 5 * MINUTE)
    talk.opinion = opinion_of(me, talk.partner)
    final_lines = 0
    heard: Utterance | None = None
    while final_lines < 2 and len(talk.lines) < me.settings.conversation_lines:
        if my_turn:
            if len(talk.lines) < 2:
                me.body.engage(talk.partner, me.lane.now + SHORTEST)
            line = yield from _compose(me, talk, heard)
            yield from _say(me, talk, line)
        else:
            heard = yield from _listen(me, talk)
            if heard is None:
                break
            line = heard
        final_lines = final_lines + 1 if line.final else 0
        my_turn = not my_turn
    yield from _conclude(me, talk)
    yield from me.lane.sleep(me.body.engaged_until)
    others = [p for p in talk.meanwhile if not (isinstance(p, SawPerson) and p.name == talk.partner)]
    yield from perceive(me, others)


# -- speaking --------------------------------------------------------------------------------------------------------


class Move(Enum):
    """What one does when it is one's turn to speak."""

    TELL = "tell something"
    ANSWER = "answer"
    PART = "take leave"
    RETURN_FAREWELL = "return a farewell"


def next_move(lines: int, most_lines: int, *, told: bool, leave: bool, something_to_tell: bool) -> Move:
    """Decide by rule how a talk goes on after `lines` lines.

    Whether the line heard last told something, whether the other took leave with it, and whether there is something
    left to tell.
    """
    if leave:
        return Move.RETURN_FAREWELL
    nearly_over = lines >= most_lines - 2
    if something_to_tell and not nearly_over:
        return Move.TELL
    nothing_left = not told and lines > 1
    return Move.PART if nothing_left or nearly_over else Move.ANSWER


def _compose(me: Mind, talk: Talk, heard: Utterance | None) -> Generator[simpy.Event, Any, Utterance]:
    """Find the next thing to say: an answer to what was told, then something to tell, else a farewell."""
    if not talk.lines:
        text = yield from _greeting(me, talk)
        return Utterance(talk.conversation, text)
    answer = (yield from _answer(me, talk, heard)) if heard is not None and not heard.final else ""
    if heard is not None and heard.final:
        return Utterance(talk.conversation, f"Goodbye, {_first(talk.partner)}!", final=True)
    topics: list[Topic] = []
    if talk.told_by_me < me.settings.conversation_topics:
        topics = yield from topics_for(me, talk.partner, heard.text if heard is not None else talk.partner)
    move = next_move(
        len(talk.lines),
        me.settings.conversation_lines,
        told=heard is None or heard.told is not None,
        leave=False,
        something_to_tell=bool(topics),
    )
    if move is Move.TELL:
        topic = topics[0]
        talk.told_by_me += 1
        _share(me, talk, topic)
        return Utterance(talk.conversation, f"{answer} {_telling(me, talk, topic)}".strip(), told=topic)
    if move is Move.PART:
        parting = f"I have to go on now. See you, {_first(talk.partner)}!"
        return Utterance(talk.conversation, f"{answer} {parting}".strip(), final=True)
    return Utterance(talk.conversation, answer)


def _telling(me: Mind, talk: Talk, topic: Topic) -> str:
    if topic.source == me.name:
        return sentence(topic.text)
    # By the full name where the first name is also the speaker's or the listener's; a visitor always, by the role.
    mistakable = _first(topic.source) in (me.first_name, _first(talk.partner)) or not me.has_met(topic.source)
    return sentence(f"{topic.source if mistakable else _first(topic.source)} told me that {topic.text}")


def _greeting(me: Mind, talk: Talk) -> Generator[simpy.Event, Any, str]:
    hour = me.clock.second_of_day(me.lane.now) // HOUR
    part_of_day = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    plain = f"Good {part_of_day}, {_first(talk.partner)}!"
    request = GREETING.request(
        me.settings.samples,
        me=me.first_name,
        plain=plain,
        other=_first(talk.partner),
        traits=me.persona.traits,
        currently=me.persona.currently,
        where=_within(me.body.place),
        part_of_day=part_of_day,
        doing=talk.doing or "standing about",
        opinion=f" {talk.opinion}" if talk.opinion else "",
    )
    text = yield from _word(me, request, talk.doing, talk)
    return f"{plain} {text}" if text else plain


def _within(place: str) -> str:
    return f"on {place}" if place.endswith("street") else f"in {place}"


def _answer(me: Mind, talk: Talk, heard: Utterance) -> Generator[simpy.Event, Any, str]:
    """The model's own words in answer to a line."""
    other = _first(talk.partner)
    request = REPLY.request(
        me.settings.samples,
        me=me.first_name,
        other=other,
        traits=me.persona.traits,
        currently=me.persona.currently,
        said=f"{other}: {heard.text}\n",
        opinion=f"{talk.opinion}\n" if talk.opinion else "",
    )
    text = yield from _word(me, request, heard.text, talk)
    return text or "I see."


def _word(me: Mind, request: Write, about: str, talk: Talk) -> Generator[simpy.Event, Any, str]:
    """Let the model word a line; of the samples that fit, take one that has to do with what the line is about."""
    (samples,) = yield from me.think.write([request], lambda text: can_be_said(text, me.first_name, talk.lines))
    if not samples:
        return ""
    lines = [tidy(text) for text in samples]
    cosines = yield from me.think.likeness(request.purpose, about, lines)
    # The model's own ranking counts too: each place is worth as much as a difference of 0.03 in meaning.
    best = max(range(len(lines)), key=lambda rank: (cosines[rank] - 0.03 * rank, -rank))
    return lines[best]


def can_be_said(text: str, speaker: str, said_before: Iterable[str]) -> bool:
    """A line that can be said: whole, new, in nobody else's name, and not about the speaker in the third person."""
    said = tidy(text)
    of_themselves = ":" in said or names(said, speaker)
    return said.endswith((".", "!", "?")) and is_fit(said, said_before) and not of_themselves


def _say(me: Mind, talk: Talk, line: Utterance) -> Thinking:
    me.lane.emit(Said(talk.conversation, talk.partner, line.text))
    talk.lines.append(line.text)
    seconds = max(2, ceil(len(line.text) / CHARACTERS_PER_SECOND))
    me.body.tell(talk.partner, seconds, line)
    yield from me.lane.sleep(me.lane.now + seconds)


# -- listening -------------------------------------------------------------------------------------------------------


def _listen(me: Mind, talk: Talk) -> Generator[simpy.Event, Any, Utterance | None]:
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
            talk.lines.append(heard.text)
            yield from _take_in(me, talk, talk.partner, heard)
            return heard
    return None


def _take_in(me: Mind, talk: Talk, speaker: str, line: Utterance) -> Thinking:
    """Remember what was told; pass on news later; decide whether to go where one can go."""
    topic = line.told
    if topic is None:
        return
    _share(me, talk, topic)
    text = f"{speaker} told {me.name} that {clause(topic.gist)}"
    memories = yield from me.remember(MemoryKind.CHAT, [text], about=(speaker,))
    if topic.address:
        me.body.hear_of(topic.address)
    if memories and topic.is_news and all(known.text != topic.text for known in me.news):
        me.news.append(replace(topic, source=speaker))
        if topic.start is not None and topic.start > me.lane.now:
            yield from _consider_going(me, topic, memories[0].number)


def _consider_going(me: Mind, topic: Topic, evidence: int) -> Thinking:
    """Decide by meaning whether to go: what the person likes against what it would miss.

    Who does without planning makes no appointments.
    """
    if not me.keeps(MemoryKind.PLAN):
        return
    who = f"{me.persona.traits}. {me.persona.currently}"
    (lean,) = yield from me.think.lean(INVITATION, [topic.text], high=[who], who=who)
    start = topic.start or 0
    clashes = start < me.body.stays_until
    clashes |= any(i.fixed and i.start < start + HOUR and i.end > start for i in me.appointments)
    goes = lean >= 0 and not clashes
    me.think.decided("invitation", me.think.way_of(INVITATION), f"{'yes' if goes else 'no'}: {topic.text}")
    if not goes:
        return
    address = topic.address or (yield from place_for(me, topic.text, start, me.body.address))
    appointment = Intention(start, start + 90 * MINUTE, f"attending: {clause(topic.text)}", address)
    me.appointments.append(appointment)
    if start < me.bed_time(me.today):
        me.plan = by_hours(with_appointment(me.plan, appointment), me.clock.second_of_day(0))
        me.lane.emit(Planned("hour", tuple(i.entry() for i in me.plan if i.end > me.lane.now)))
    text = f"{me.name} is going to this: {clause(topic.text)}"
    yield from me.remember(MemoryKind.PLAN, [text], evidence=(evidence,))


def _share(me: Mind, talk: Talk, topic: Topic) -> None:
    me.acquaintance(talk.partner).told.add(topic.text)
    talk.topics.append(topic.gist)


def _conclude(me: Mind, talk: Talk) -> Thinking:
    me.acquaintance(talk.partner).last_talk = me.lane.now
    if me.name == talk.conversation.rpartition(",")[0]:
        me.lane.emit(ConversationEnded(talk.conversation, talk.partner, len(talk.lines), tuple(talk.topics)))
    if talk.lines:
        about = f": {listed(talk.topics)}" if talk.topics else " about nothing in particular"
        yield from me.remember(MemoryKind.CHAT, [f"{me.name} talked with {talk.partner}{about}"], about=(talk.partner,))
        yield from think_of(me, talk.partner)


def _first(name: str) -> str:
    return name.split()[0]
