"""All thoughts that are put to a model or settled by a rule of weight, in the order of a day."""

from __future__ import annotations

from agents.cognition.alarm import ALARM
from agents.cognition.emoji import EMOJI
from agents.cognition.going import ELSEWHERE
from agents.cognition.hearing import INVITATION
from agents.cognition.identity import IDENTITY
from agents.cognition.interview import INTERVIEW
from agents.cognition.mind import IMPORTANCE, RECALL
from agents.cognition.placing import PLACE
from agents.cognition.planning import SKETCH, STEPS
from agents.cognition.reaction import TALK, WHOM
from agents.cognition.reflection import EVIDENCE_OF, INSIGHT, QUESTION
from agents.cognition.relations import OPINION
from agents.cognition.repair import REPAIR
from agents.cognition.rhythm import RHYTHM
from agents.cognition.speaking import ENDING, GREETING, REPLY
from agents.cognition.thoughts import Thought
from agents.cognition.topics import TOPIC
from agents.cognition.upkeep import UPKEEP

THOUGHTS: tuple[Thought, ...] = (
    RHYTHM,
    IDENTITY,
    SKETCH,
    PLACE,
    REPAIR,
    STEPS,
    EMOJI,
    ELSEWHERE,
    ALARM,
    UPKEEP,
    IMPORTANCE,
    RECALL,
    WHOM,
    TALK,
    GREETING,
    TOPIC,
    REPLY,
    ENDING,
    INVITATION,
    QUESTION,
    INSIGHT,
    EVIDENCE_OF,
    OPINION,
    INTERVIEW,
)
