"""What is noted is a memory at once; how much it matters is asked for with what is remembered or recalled next."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import simpy
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition.mind import Mind
from agents.cognition.settings import Faculty, MindSettings
from agents.memory.stream import Memory, MemoryKind
from agents.persona.persona import Persona
from engine.kernel.clock import Clock
from engine.kernel.timeline import Timeline
from engine.llm.requests import DIMENSIONS, Embed, Reply, Request, Vectors
from engine.record.events import Body, Recalled, Remembered, Repeated, Weighed
from tests.agents.cognition.test_planning import run

SAW, HEARD = MemoryKind.OBSERVATION, MemoryKind.CHAT


class Lane:
    """A lane at one moment; whatever is asked gets vectors at once."""

    def __init__(self) -> None:
        self.now = 1000
        self.asked: list[Embed] = []
        self.logged: list[Body] = []

    def ask(self, *requests: Request) -> Generator[simpy.Event, Any, list[Reply]]:
        asked = cast("tuple[Embed, ...]", requests)
        self.asked += asked
        return [Vectors(np.stack([vector_of(text) for text in request.texts])) for request in asked]
        yield

    def emit(self, body: Body) -> None:
        self.logged.append(body)


def vector_of(text: str) -> Any:
    raw = np.frombuffer(text.encode().ljust(DIMENSIONS)[:DIMENSIONS], np.uint8).astype(np.float32)
    return raw / np.linalg.norm(raw)


def somebody(*without: Faculty) -> tuple[Mind, Lane]:
    lane = Lane()
    who = {"name": "Ann Ash", "age": 30, "traits": "calm", "home": "Home"}
    persona = Persona(**who, biography=("Ann Ash lives here",), currently="at home", lifestyle="regular")
    settings = Timeline(MindSettings(without=without))
    body = SimpleNamespace()
    return Mind(persona, settings, cast(Any, lane), cast(Any, body), Clock(datetime(2023, 2, 13)), "town"), lane


def remembered(lane: Lane) -> list[str]:
    return [body.text for body in lane.logged if isinstance(body, Remembered)]


def test_what_was_noted_is_remembered_first_and_asked_for_together() -> None:
    me, lane = somebody()
    for text in ("Bea is digging", "Cid is baking"):
        me.note(SAW, text, (text.split()[0],))
        lane.now += 60
    assert not lane.asked, "so far it costs nothing"
    assert remembered(lane) == ["Bea is digging", "Cid is baking"]
    run(me.remember(HEARD, ["Bea told Ann that it rains"], about=("Bea",)))
    assert [type(body) for body in lane.logged] == [Remembered, Remembered, Weighed, Remembered]
    assert lane.logged[2] == Weighed(0, tuple(m.importance for m in me.stream.recent(3)[:2]))
    assert [m.created for m in me.stream.recent(3)] == [1000, 1060, 1120], "when it was seen, not when it sank in"
    (asked,) = lane.asked
    assert {"Bea is digging", "Cid is baking", "Bea told Ann that it rains"} <= set(asked.texts)
    assert list(me.stream.about("Bea")) == [0, 2]
    run(me.sink_in())
    assert len(lane.asked) == 1, "nothing is made a memory twice"
    assert len(me.stream) == 3


def test_what_is_recalled_can_be_what_was_just_noted() -> None:
    me, lane = somebody()
    me.note(SAW, "Bea is digging", ("Bea",))
    found: list[Memory] = run(me.recall("topic", "Bea is digging", 3))
    assert [memory.text for memory in found] == ["Bea is digging"]
    assert len(lane.asked) == 1, "the question and the memory are asked for together"
    assert isinstance(lane.logged[-1], Recalled)


def test_what_was_seen_twice_before_it_sank_in_is_counted() -> None:
    me, lane = somebody()
    me.note(SAW, "Bea is digging", ("Bea",))
    me.note(SAW, "Bea is digging", ("Bea",))
    run(me.sink_in())
    assert [type(body) for body in lane.logged] == [Remembered, Repeated, Weighed]
    assert me.stream.count(0) == 2


def test_who_does_without_observation_forgets_what_was_seen_and_told() -> None:
    me, lane = somebody("observation")
    me.note(SAW, "Bea is digging")
    me.note(HEARD, "Bea told Ann that it rains")
    run(me.remember(MemoryKind.PLAN, ["Ann is going out"]))
    assert remembered(lane) == ["Ann is going out"]


@given(st.lists(st.tuples(st.sampled_from(["note", "remember", "recall", "sink"]), st.integers(0, 5)), max_size=12))
def test_memories_come_in_the_order_in_which_things_were_noted_and_remembered(steps: list[tuple[str, int]]) -> None:
    """Whatever comes in between, and just as if each had been remembered at once."""
    (me, *lanes), (plain, lane) = somebody(), somebody()
    lanes.append(lane)
    for what, number in steps:
        text = f"Bea is digging hole {number}"
        for lane in lanes:
            lane.now += 60
        if what == "note":
            me.note(SAW, text, ("Bea",))
            run(plain.remember(SAW, [text], about=("Bea",)))
        elif what == "remember":
            for each in (me, plain):
                run(each.remember(HEARD, [text]))
        elif what == "recall":
            run(me.recall("topic", text, 2))
        else:
            run(me.sink_in())
    run(me.sink_in())
    memories, at_once = me.stream.recent(99), plain.stream.recent(99)
    assert memories == at_once
    assert [me.stream.count(m.number) for m in memories] == [plain.stream.count(m.number) for m in at_once]
    assert me.unreflected == plain.unreflected
