"""What to say when it is one's turn: a greeting, an answer, something to tell, a farewell.

What is told is put in by rule, because a small model never delivers it, and so is whether one will come, which has been
decided before one answers. All else that one greets and answers with is the model's own words. Every line that one
answers brings memories to mind (Park et al. 2023, section 4.3.2): the one that has most to do with it stands in the
prompt, and what one tells is chosen among them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from enum import Enum
from typing import Any

import simpy

from agents.cognition.mind import Decision, Mind, Topic
from agents.cognition.placing import sector
from agents.cognition.talk import Talk, Utterance, first_name, first_names
from agents.cognition.thoughts import Line, Rule
from agents.cognition.topics import RECALLED, topics_for
from agents.cognition.wording import is_fit, names, sentence, tidy
from agents.memory.stream import Memory, MemoryKind
from engine.kernel.clock import HOUR
from engine.llm.requests import Write

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
ENDING = Rule(
    "ending",
    "whether to tell something, to answer or to take leave",
    "a move",
    why="what has been told, and what is left to tell, is known",
)
BEARS_ON = 0.35
"""Cosine from which on a memory has to do with what was said."""


class Move(Enum):
    """What one does when it is one's turn to speak."""

    TELL = "tell something"
    ANSWER = "answer"
    PART = "take leave"
    RETURN_FAREWELL = "return a farewell"


def next_move(
    lines: int, most_lines: int, *, told: bool, leave: bool, something_to_tell: bool, people: int = 2
) -> Move:
    """Decide by rule how a talk of so many people goes on after `lines` lines.

    Whether the line heard last told something, whether the other took leave with it, and whether there is something
    left to tell. The last lines are for taking leave, one for everybody.
    """
    if leave:
        return Move.RETURN_FAREWELL
    nearly_over = lines >= most_lines - people
    if something_to_tell and not nearly_over:
        return Move.TELL
    nothing_left = not told and lines > 1
    return Move.PART if nothing_left or nearly_over else Move.ANSWER


def compose(me: Mind, talk: Talk, heard: Utterance | None) -> Generator[simpy.Event, Any, Utterance]:
    """Find the next thing to say: an answer to what was told, then something to tell, else a farewell."""
    if heard is None:
        return _line(talk, (yield from _greeting(me, talk)))
    tells = talk.told_by_me < me.settings.conversation_topics and not heard.parts_two
    memories = (yield from me.recall("reply", heard.text, RECALLED)) if tells else []
    topics = topics_for(me, talk.others, memories) if tells else []
    move = next_move(
        len(talk.lines),
        me.settings.conversation_lines,
        told=heard.told is not None,
        leave=heard.parts_two,
        something_to_tell=bool(topics),
        people=len(talk.circle),
    )
    answer, promise = _on_coming(me, heard)
    if not answer and calls_for_an_answer(heard, move):
        memories = memories or (yield from me.recall("reply", heard.text, RECALLED))
        answer = yield from _answer(me, talk, heard, memories)
    match move:
        case Move.RETURN_FAREWELL:
            return _line(talk, f"Goodbye, {first_names(talk.others)}!", final=True)
        case Move.TELL:
            talk.told_by_me += 1
            share(me, talk, topics[0])
            return _line(talk, f"{answer} {_telling(me, talk, topics[0])}", promise, told=topics[0])
        case Move.PART:
            farewell = f"{answer} I have to go on now. See you, {first_names(talk.others)}!"
            return _line(talk, farewell, promise, final=True)
        case Move.ANSWER:
            return _line(talk, answer or "I see.", promise)


def calls_for_an_answer(heard: Utterance, move: Move) -> bool:
    """Whether a line is answered before the next move: who takes leave answers only what was told or asked."""
    return not heard.final and (move is not Move.PART or heard.told is not None or "?" in heard.text)


def share(me: Mind, talk: Talk, topic: Topic) -> None:
    """Keep in mind that everybody in a talk knows of a topic now."""
    for other in talk.others:
        me.acquaintance(other).told.add(topic.text)
    talk.topics.append(topic.gist)


def _line(talk: Talk, text: str, promise: str = "", *, told: Topic | None = None, final: bool = False) -> Utterance:
    return Utterance(talk.conversation, talk.circle, talk.me, text.strip(), told, final, promise)


def _on_coming(me: Mind, heard: Utterance) -> tuple[str, str]:
    """What to say to who tells of something that one has decided about, and what others know from it; or nothing."""
    topic = heard.told
    decision = None if topic is None else me.decisions.get(topic.text)
    if topic is None or topic.start is None or decision is None:
        return "", ""
    where = f" to {me.body.describe(sector(topic.address))}" if topic.address else ""
    verb = "is coming" if decision is Decision.COMES else "is not coming"
    return decision.value, f"{me.name} {verb}{where} at {me.clock.hhmm(topic.start)}"


def _telling(me: Mind, talk: Talk, topic: Topic) -> str:
    if topic.source == me.name:
        return sentence(topic.text)
    # By the full name where the first name is also the speaker's or a listener's; a visitor always, by the role.
    taken = (me.first_name, *map(first_name, talk.others))
    mistakable = first_name(topic.source) in taken or not me.has_met(topic.source)
    return sentence(f"{topic.source if mistakable else first_name(topic.source)} told me that {topic.text}")


def _greeting(me: Mind, talk: Talk) -> Generator[simpy.Event, Any, str]:
    hour = me.clock.second_of_day(me.lane.now) // HOUR
    part_of_day = "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"
    plain = f"Good {part_of_day}, {first_names(talk.others)}!"
    opinion = talk.opinions.get(talk.others[0], "")
    request = GREETING.request(
        me.settings.samples,
        me=me.first_name,
        plain=plain,
        other=first_name(talk.others[0]),
        traits=me.persona.traits,
        currently=me.currently,
        where=_within(me.body.place),
        part_of_day=part_of_day,
        doing=talk.doing or "standing about",
        opinion=f" {opinion}" if opinion else "",
    )
    text = yield from _word(me, request, talk.doing, talk, opinion)
    return f"{plain} {text}" if text else plain


def _within(place: str) -> str:
    return f"on {place}" if place.endswith("street") else f"in {place}"


def _answer(me: Mind, talk: Talk, heard: Utterance, memories: Sequence[Memory]) -> Generator[simpy.Event, Any, str]:
    """The model's own words in answer to a line."""
    other = first_name(heard.speaker)
    opinion = talk.opinions.get(heard.speaker, "")
    remembered = yield from _bearing_on(me, talk, heard.text, memories)
    request = REPLY.request(
        me.settings.samples,
        me=me.first_name,
        other=other,
        traits=me.persona.traits,
        currently=me.currently,
        said=f"{other}: {heard.text}\n",
        opinion=opinion,
        remembered=f"{me.first_name} knows this: {sentence(remembered)}" if remembered else "",
    )
    text = yield from _word(me, request, heard.text, talk, opinion)
    return text or "I see."


def _bearing_on(me: Mind, talk: Talk, said: str, memories: Sequence[Memory]) -> Generator[simpy.Event, Any, str]:
    """The memory that has most to do with what was said and is older than the talk; empty if none has."""
    older = [m.text for m in memories if m.created < talk.begun and m.kind is not MemoryKind.PLAN]
    cosines = yield from me.think.likeness("reply", said, older)
    best = max(range(len(older)), key=lambda number: (cosines[number], -number), default=None)
    return older[best] if best is not None and cosines[best] >= BEARS_ON else ""


def _word(me: Mind, request: Write, about: str, talk: Talk, opinion: str) -> Generator[simpy.Event, Any, str]:
    """Let the model word a line; of the samples that fit, take one that has to do with what the line is about.

    None fits that repeats what was said in the talk, or what the prompt says of the speaker.
    """
    given = [*talk.lines, me.currently, opinion]
    (samples,) = yield from me.think.write([request], lambda text: can_be_said(text, me.first_name, given))
    if not samples:
        return ""
    lines = list(dict.fromkeys(tidy(text) for text in samples))
    if len(lines) == 1:
        return lines[0]
    cosines = yield from me.think.likeness(request.purpose, about, lines)
    # The model's own ranking counts too: each place is worth as much as a difference of 0.03 in meaning.
    best = max(range(len(lines)), key=lambda rank: (cosines[rank] - 0.03 * rank, -rank))
    return lines[best]


def can_be_said(text: str, speaker: str, said_before: Iterable[str]) -> bool:
    """A line that can be said: whole, new, in nobody else's name, and not about the speaker in the third person."""
    said = tidy(text)
    of_themselves = ":" in said or names(said, speaker)
    return said.endswith((".", "!", "?")) and is_fit(said, said_before) and not of_themselves
