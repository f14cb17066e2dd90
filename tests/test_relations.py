"""What people think of each other: formed after they talked, with evidence, and used when they talk again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from agents.cognition.relations import AGAIN, FIRST, OPINION, is_opinion
from agents.cognition.script import LINES
from agents.memory.archive import memories_of, opinions, reflection_tree
from agents.memory.stream import MemoryKind
from engine.llm.requests import Answer, Request, Write
from engine.llm.scripted import ScriptedBackend
from engine.record.events import ConversationEnded, Recalled, Remembered
from tests.towns import events_of, run_town
from thorp.town import TownRun

TALKATIVE = {"end": "11:00", "minds.conversation_cooldown": 1800, "minds.reflection_threshold": 1000}


class Listening:
    """A scripted model that keeps what it was asked to write."""

    def __init__(self) -> None:
        self._model = ScriptedBackend(LINES)
        self.identity = self._model.identity
        self.asked: list[Write] = []

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        self.asked += [request for request in requests if isinstance(request, Write)]
        return self._model.answer(requests)


@pytest.fixture(scope="module")
def run_and_model(tmp_path_factory: pytest.TempPathFactory) -> tuple[TownRun, Listening]:
    model = Listening()
    return run_town(tmp_path_factory.mktemp("relations"), changes=TALKATIVE, backend=model), model


def test_opinions_rest_on_memories_about_the_other(run_and_model: tuple[TownRun, Listening]) -> None:
    run, _ = run_and_model
    found = 0
    for agent, name in enumerate(run.folder.manifest.people):
        records = memories_of(events_of(run), agent)
        tree = reflection_tree(records)
        for other, opinion in opinions(records, name).items():
            found += 1
            assert opinion.evidence
            evidence = [records[number] for number in tree.successors(opinion.number)]
            assert all(other in each.about and each.kind is not MemoryKind.REFLECTION for each in evidence)
            assert sum(other in each.about for each in records[: opinion.number]) >= FIRST
            assert tree.nodes[opinion.number]["depth"] >= 1
    assert found >= 4


def test_an_opinion_is_formed_at_the_end_of_a_conversation_and_not_too_often(
    run_and_model: tuple[TownRun, Listening],
) -> None:
    run, _ = run_and_model
    events = events_of(run)
    ends = {event.key.time for event in events if isinstance(event.body, ConversationEnded)}
    for agent, name in enumerate(run.folder.manifest.people):
        made: dict[str, int] = {}
        about: dict[str, int] = {}
        for event in events:
            if event.key.agent != agent or not isinstance(event.body, Remembered):
                continue
            for other in event.body.about:
                if event.body.text.startswith(f"{name} thinks that {other} "):
                    assert any(abs(event.key.time - end) <= 300 for end in ends)
                    assert other not in made or about[other] - made[other] >= AGAIN
                    made[other] = about[other]
                about[other] = about.get(other, 0) + 1


def test_who_has_an_opinion_talks_with_it_in_mind(run_and_model: tuple[TownRun, Listening]) -> None:
    run, model = run_and_model
    assert any(isinstance(e.body, Recalled) and e.body.thought == "talk" for e in events_of(run))
    coloured = [w for w in model.asked if w.purpose in ("greeting", "reply") and " thinks that " in w.context[-1]]
    assert coloured
    first = {name.split()[0] for name in run.folder.manifest.people}
    for request in coloured:
        who, _, rest = request.context[-1].rpartition(" thinks that ")
        assert who.split()[-1] in first
        assert rest.split()[0] in first
    plain = [w for w in model.asked if w.purpose == "greeting" and " thinks that " not in w.context[-1]]
    assert plain, "the first greeting knows of none"


def test_neither_schedule_nor_latency_matters(tmp_path: Path, run_and_model: tuple[TownRun, Listening]) -> None:
    strict = run_town(tmp_path, changes=TALKATIVE, schedule="strict", model="scripted:latency=lognormal")
    assert strict.events_digest == run_and_model[0].events_digest


def test_who_does_not_reflect_has_no_opinions(tmp_path: Path) -> None:
    run = run_town(tmp_path, changes=TALKATIVE | {"minds.without": ["reflection"]})
    for agent, name in enumerate(run.folder.manifest.people):
        assert not opinions(memories_of(events_of(run), agent), name)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (" is good company.", True),
        (" likes to help other people.", True),
        (" is having a dinner party later in the day.", False),
        (" is the miller of the old mill in town.", False),
        (" is not at home.", False),
        (" likes ida and her cakes.", False),
        (" likes likes cakes.", False),
    ],
)
def test_an_opinion_says_something_new_of_the_other(text: str, holds: bool) -> None:
    known = ["Jonas Reed is the miller of the old mill"]
    assert is_opinion(text, ["Ida Calder", "Jonas Reed"], known) is holds


def test_the_script_writes_opinions() -> None:
    for line in LINES["opinion"]:
        assert re.fullmatch(OPINION.pattern, line)
        assert is_opinion(line, ["Ida Calder", "Jonas Reed"], [])
