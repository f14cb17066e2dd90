"""A mind: persona, memory, plan and acquaintances of one agent, and the two things everything else needs: to remember
and to recall.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import exp
from typing import Any

import numpy as np
import simpy

from agents.cognition.plan import Intention
from agents.cognition.rhythm import Rhythm
from agents.cognition.settings import MindSettings
from agents.cognition.thinker import Thinker
from agents.cognition.thoughts import Asked, Lean, Pick, Weights, weights_of
from agents.cognition.wording import sentence
from agents.memory.retrieval import retrieve
from agents.memory.stream import Memory, MemoryKind, MemoryStream, Vector
from agents.persona.persona import Persona
from engine.contact import Body, Use
from engine.kernel.clock import DAY, HOUR, Clock
from engine.kernel.lane import Lane
from engine.kernel.timeline import Timeline
from engine.llm.requests import DIMENSIONS
from engine.record.events import Recalled, Remembered, Repeated, Weighed

MUNDANE = (
    "an everyday routine such as brushing teeth, making the bed or having breakfast",
    "someone is walking along the street",
    "a person is tidying up or washing the dishes",
)
MOVING = (
    "a life-changing event such as a death, a birth, a wedding or a break-up",
    "somebody is in danger or badly hurt",
    "someone tells important news, a secret, or invites to a celebration",
)
IMPORTANCE = Lean(
    "importance",
    "how much a memory matters",
    "a number from 1 to 10, in tenths",
    Asked(
        (
            {"situation": "Olga Brandt is sitting on a bench"},
            {"situation": "Olga Brandt talked with Ravi Menon"},
            {"situation": "Ravi Menon is 27 years old"},
        ),
        {"situation": "Something happened"},
    ),
    low=MUNDANE,
    high=MOVING,
    labels=("an everyday routine", "an important event in somebody's life"),
    gain=10,
)
RECALL = Pick(
    "recall",
    "what comes to mind about something: how relevant a memory is to it",
    "memories in the order of their scores, which also count how recent and important they are",
    Asked(
        ({"situation": "What happened?"}, {"situation": "Who is Olga?"}, {"situation": "What do you do every day?"}),
        {"situation": "What happened?"},
    ),
)
PASTIMES = (
    "reading a good book",
    "going for a walk in the fresh air",
    "meeting people over a cup of coffee",
    "tidying up at home",
    "shopping for the kitchen",
)
SHUNNED_FOR = 2 * HOUR
"""Seconds for which nobody uses an object that alarmed them."""
WORK_HOURS = (9 * HOUR, 17 * HOUR)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to talk about: a clause to say, and what it is about if it is news that one can go to."""

    text: str
    """As the one who knows it says it: "later today I am painting the pond"."""
    gist: str
    """As one speaks of it afterwards: "Mara Quill is painting the pond later in the day"."""
    source: str
    """Who told it; the agent's own name for what it knows by itself."""
    is_news: bool = False
    """Whether it is worth passing on."""
    start: int | None = None
    """When it takes place, if one can go to it, and where."""
    address: str = ""
    end: int | None = None
    """When it is over, if that is known."""


class Decision(Enum):
    """Whether one goes to something, and why not, as one says it to who asks."""

    COMES = "I will come!"
    HAS_TO_DO = "I have something else to do then."
    SHUT = "It is closed at that time."
    STAYS = "I do not think that I will come."


@dataclass(frozen=True, slots=True)
class Call:
    """A time at which somebody from outside takes the agent over, and since when that is to be reckoned with."""

    time: int
    since: int


@dataclass(slots=True)
class Acquaintance:
    """What an agent keeps in mind about another one besides memories."""

    relation: str = ""
    last_talk: int | None = None
    told: set[str] = field(default_factory=set)
    """The topics that the two have already shared, either way."""
    opinion: Memory | None = None
    """The latest reflection on what the agent thinks of the other."""
    considered: int = 0
    """How many memories about the other there were when that was made."""


class Mind:
    """The state of one agent's mind. Its thoughts are functions in the modules beside this one."""

    def __init__(
        self,
        persona: Persona,
        settings: Timeline[MindSettings],
        lane: Lane,
        body: Body,
        clock: Clock,
        town: str,
        calls: tuple[Call, ...] = (),
    ) -> None:
        self.persona = persona
        self.lane = lane
        self.body = body
        self.clock = clock
        self.think = Thinker(lane, self._weights)
        self.stream = MemoryStream(DIMENSIONS)
        self.plan: list[Intention] = []
        self.appointments: list[Intention] = []
        self.news: list[Topic] = []
        self.decisions: dict[str, Decision] = {}
        """What has been decided about things that one can go to, by the texts of their topics."""
        self.chores: list[str] = []
        """Addresses of objects that one has noticed to go wrong and has to see to."""
        self.alarmed: dict[str, int] = {}
        """Addresses of objects that nothing is to be done with, and when that was noticed."""
        self.turned_away: dict[str, int] = {}
        """Where one was not let in, and when."""
        self.rhythm = Rhythm(7 * HOUR, 23 * HOUR)
        """What holds where the persona does not say when it gets up and goes to bed."""
        self.planned_day: int | None = None
        self.has_begun = False
        """Whether the person has come to life, with its first memories."""
        self.unreflected = 0.0
        self.lately = ""
        """What the last morning on which something came to mind made the person want (see `wish`)."""
        self.sketched: list[str] = []
        """The lines of the last sketch: of a day, or of an hour of who makes no plans."""
        self.pastimes = PASTIMES
        self.taken_over = 0
        """How often somebody from outside has made the agent do something: so many of the calls have been answered."""
        self._settings = settings
        self._calls = calls
        self._noticed: deque[tuple[str, str]] = deque()
        self._town = town
        self._acquaintances: dict[str, Acquaintance] = {
            name: Acquaintance(relation) for name, relation in persona.knows.items()
        }

    @property
    def name(self) -> str:
        """The person's full name."""
        return self.persona.name

    @property
    def first_name(self) -> str:
        """The name that prompts use."""
        return self.persona.first_name

    @property
    def currently(self) -> str:
        """What the person is up to these days: the persona's words, and what the last day has added."""
        wish = self.wish
        return f"{sentence(self.persona.currently)} {wish}" if wish else self.persona.currently

    @property
    def wish(self) -> str:
        """What the person has wanted since a morning, as a sentence; empty if nothing, or without reflection."""
        return self.lately if self.keeps(MemoryKind.REFLECTION) else ""

    @property
    def settings(self) -> MindSettings:
        """What is set about the mind at this time."""
        return self._settings.at(self.lane.now)

    def _weights(self, thought: str) -> Weights:
        return weights_of(self.settings.ways.get(thought))

    @property
    def noticed(self) -> deque[tuple[str, str]]:
        """The traces of the percepts taken in last, as many as the mind retains now."""
        if self._noticed.maxlen != self.settings.retention:
            self._noticed = deque(self._noticed, maxlen=self.settings.retention)
        return self._noticed

    @property
    def home(self) -> str:
        """Where the person lives."""
        return self.address(self.persona.home)

    def address(self, local: str) -> str:
        """Return the full address of a place named without the town; empty stays empty."""
        return f"{self._town}:{local}" if local else ""

    def work_address(self, time: int) -> str:
        """Return where the person works, if they have work and it is working time; else an empty address."""
        at_work = WORK_HOURS[0] <= self.clock.second_of_day(time) < WORK_HOURS[1]
        address = self.address(self.persona.work)
        return address if address and at_work and self.body.is_open(address, time) else ""

    def uses(self, address: str) -> list[Use]:
        """Return what the person would do at an address with what is there: nothing with what alarmed it just now."""
        shunned = {each for each, time in self.alarmed.items() if self.lane.now - time < SHUNNED_FOR}
        return [use for use in self.body.uses(address) if use.address not in shunned]

    def hear_news(self, topic: Topic) -> bool:
        """Have something to tell from now on; returns whether it was new."""
        is_new = all(known.text != topic.text for known in self.news)
        if is_new:
            self.news.append(topic)
        return is_new

    def acquaintance(self, name: str) -> Acquaintance:
        """Return what is kept about another person."""
        return self._acquaintances.setdefault(name, Acquaintance())

    @property
    def acquaintances(self) -> list[str]:
        """The names of all others whom the agent knows or has talked with."""
        return list(self._acquaintances)

    def has_met(self, name: str) -> bool:
        """Whether another person is one that the agent knows or has talked with."""
        return name in self._acquaintances

    # -- day and night -----------------------------------------------------------------------------------------------

    def wake_time(self, day: int) -> int:
        """When the person gets up on calendar day `day`."""
        return self.clock.time_of(day, self._wakes)

    def bed_time(self, day: int) -> int:
        """When the person who got up on calendar day `day` goes to bed: the next time of that hour, midnight or not."""
        return self.wake_time(day) + ((self._sleeps - self._wakes) % DAY or DAY)

    @property
    def today(self) -> int:
        """The day that the person lives in: until bed time it is the calendar day on which they got up."""
        day = self.clock.day(self.lane.now)
        return day - 1 if self.lane.now < self.bed_time(day - 1) else day

    @property
    def _wakes(self) -> int:
        return self.persona.wakes if self.persona.wakes is not None else self.rhythm.wakes

    @property
    def _sleeps(self) -> int:
        return self.persona.sleeps if self.persona.sleeps is not None else self.rhythm.sleeps

    def there_until(self, intention: Intention) -> int:
        """Until when the plan keeps the person where an intention takes place, at most until it is taken over.

        Otherwise the mind knows nothing of that.
        """
        end = intention.end
        for following in self.plan:
            if following.start == end and following.address == intention.address:
                end = following.end
        now = self.lane.now
        calls = [call.time for call in self._calls if call.since <= now < call.time]
        return min([end, self.bed_time(self.today), *calls])

    @property
    def calls_ahead(self) -> list[int]:
        """The times of the calls that are still to be answered, in their order. Only who sleeps may reckon with all."""
        return [call.time for call in self._calls[self.taken_over :]]

    # -- memory ------------------------------------------------------------------------------------------------------

    def remember(
        self,
        kind: MemoryKind,
        texts: Sequence[str],
        evidence: tuple[int, ...] = (),
        about: tuple[str, ...] = (),
        importance: float | None = None,
    ) -> Generator[simpy.Event, Any, list[Memory]]:
        """Add memories with the same evidence and about the same people; importance, if not given, is by meaning.

        What was observed in the same words within 24 hours is counted there and adds nothing to what is to be
        reflected upon. Memories of a kind that the mind does without are not made. What was noted sinks in first.
        """
        if not texts or not self.keeps(kind):
            return []
        # The vectors of the texts are kept with the memories; what they are compared with is asked for with them.
        vectors = (yield from self.sink_in([*texts, *MUNDANE, *MOVING]))[: len(texts)]
        weights = (yield from importances(self.think, texts)) if importance is None else [importance] * len(texts)
        memories = []
        for text, vector, weight in zip(texts, vectors, weights, strict=True):
            if kind is MemoryKind.OBSERVATION and (known := self._observed_again(text)):
                memories.append(known)
                continue
            memory = self.stream.add(kind, text, self.lane.now, weight, vector, evidence, about)
            self.lane.emit(Remembered(memory.number, kind.value, text, weight, evidence, about))
            self.unreflected += weight
            memories.append(memory)
        return memories

    def note(self, kind: MemoryKind, text: str, about: tuple[str, ...] = ()) -> None:
        """Make a memory of something without asking a model: how much it matters is settled later (`sink_in`)."""
        if not self.keeps(kind) or (kind is MemoryKind.OBSERVATION and self._observed_again(text)):
            return
        memory = self.stream.note(kind, text, self.lane.now, about)
        self.lane.emit(Remembered(memory.number, kind.value, text, memory.importance, (), about))

    def _observed_again(self, text: str) -> Memory | None:
        """Count an observation at the same one of the last 24 hours, if there is one, and return that."""
        known = self.stream.observe_again(text, self.lane.now)
        if known is not None:
            self.lane.emit(Repeated(known.number, self.stream.count(known.number)))
        return known

    def sink_in(
        self, texts: Sequence[str] = (), thought: str = IMPORTANCE.name
    ) -> Generator[simpy.Event, Any, list[Vector]]:
        """Settle how much matters what was noted since the last time; returns what some texts mean, asked for with it.

        So a walk through town costs one request, not one for everybody whom one passes. `thought` is what the texts
        are for.
        """
        noted = self.stream.unweighed
        named = [memory.text for memory in noted]
        asked = [*texts, *named, *MUNDANE, *MOVING] if noted else texts
        vectors = yield from self.think.meanings(IMPORTANCE.name if noted else thought, asked)
        if noted:
            weights = yield from importances(self.think, named)
            self.stream.weigh(weights, vectors[len(texts) : len(texts) + len(noted)])
            self.lane.emit(Weighed(noted[0].number, tuple(weights)))
            for weight in weights:
                self.unreflected += weight
        return vectors[: len(texts)]

    def keeps(self, kind: MemoryKind) -> bool:
        """Whether the mind has memories of a kind (`MindSettings.without`)."""
        return kind not in self.settings.blocked

    def recall(self, thought: str, about: str, count: int) -> Generator[simpy.Event, Any, list[Memory]]:
        """Return the memories that come to mind about something, best first."""
        (query,) = yield from self.sink_in([about], thought)
        return self.bring_to_mind(thought, query, count)

    def think_back(self, thought: str, *memories: Memory) -> None:
        """Note that memories come to mind by themselves, and so are accessed."""
        numbers = tuple(memory.number for memory in memories)
        self.stream.touch(np.array(numbers), self.lane.now)
        self.lane.emit(Recalled(thought, numbers))

    def bring_to_mind(self, thought: str, query: Vector, count: int, about: str = "") -> list[Memory]:
        """Return the memories that come to mind about what a vector means, best first; or those about a person only."""
        settings = self.settings
        found = retrieve(self.stream, query, self.lane.now, count, settings.retrieval, settings.blocked, about)
        if found:
            self.lane.emit(Recalled(thought, tuple(memory.number for memory in found)))
        return found


def importances(think: Thinker, texts: Sequence[str]) -> Generator[simpy.Event, Any, list[float]]:
    """Return how much each of some memories matters, from 1 to 10."""
    return [importance_of(lean) for lean in (yield from think.lean(IMPORTANCE, texts))]


def importance_of(lean: float) -> float:
    """Return an importance from 1 to 10, in tenths: how much closer a memory is to the moving than to the mundane.

    A logistic curve over the difference between the nearest anchors' cosines, with 5.5 at a difference of 0.05. One of
    0.2 either way, which is large for the embedding model, makes 8.4 or 1.7.
    """
    return round(1 + 9 / (1 + exp(-IMPORTANCE.gain * (lean - 0.05))), 1)
