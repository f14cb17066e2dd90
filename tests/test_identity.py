"""On a new day people are up to something more than on the day before, because of what happened on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.cognition.identity import IDENTITY, is_wish
from agents.cognition.script import LINES
from agents.cognition.settings import Faculty
from agents.cognition.wording import sentence
from agents.memory.archive import memories_of
from engine.llm.requests import Write
from engine.llm.service import ModelService
from engine.record.events import Planned
from tests.test_relations import Listening
from tests.towns import events_of, run_town
from thorp.archive import Archive
from thorp.ask import hold, interviewee, question_to
from thorp.town import TownRun

TWO_DAYS = {"end": "2023-02-14T09:30"}


@pytest.fixture(scope="module")
def run_and_model(tmp_path_factory: pytest.TempPathFactory) -> tuple[TownRun, Listening]:
    model = Listening()
    return run_town(tmp_path_factory.mktemp("identity"), changes=TWO_DAYS, agents=3, backend=model), model


def revised(run: TownRun, agent: int) -> list[str]:
    name = run.folder.manifest.people[agent]
    records = memories_of(events_of(run), agent)
    return [r.text for r in records if r.kind == "reflection" and r.text.startswith(f"{name} now ")]


def test_once_a_day_and_not_on_the_first(run_and_model: tuple[TownRun, Listening]) -> None:
    run, model = run_and_model
    for agent in range(3):
        assert len(revised(run, agent)) == 1
    assert sum(request.purpose == IDENTITY.name for request in model.asked) == 3


def test_it_rests_on_memories_of_the_day_before(run_and_model: tuple[TownRun, Listening]) -> None:
    run, _ = run_and_model
    for agent in range(3):
        records = memories_of(events_of(run), agent)
        (text,) = revised(run, agent)
        record = next(record for record in records if record.text == text)
        assert record.evidence
        assert all(record.created - 86400 <= records[number].created for number in record.evidence)


def test_the_plan_of_the_new_day_knows_of_it(run_and_model: tuple[TownRun, Listening]) -> None:
    run, model = run_and_model
    for agent, name in enumerate(run.folder.manifest.people):
        (text,) = revised(run, agent)
        wish = text.replace(name, name.split()[0], 1)
        sketches = [request for request in model.asked if request.purpose == "sketch" and name in _prompt(request)]
        assert any(wish in _prompt(request) for request in sketches)
        assert not all(wish in _prompt(request) for request in sketches)


def test_the_plan_of_the_new_day_knows_what_has_to_do_with_it(run_and_model: tuple[TownRun, Listening]) -> None:
    run, model = run_and_model
    for agent, name in enumerate(run.folder.manifest.people):
        sketches = [_prompt(r) for r in model.asked if r.begin.startswith(f"{name.split()[0]} at ")]
        memories = [sentence(r.text) for r in memories_of(events_of(run), agent) if r.kind != "plan"]
        told = sketches[-1].splitlines()[-1]
        assert any(memory in told for memory in memories)
        assert not any(text in told for text in revised(run, agent))


def test_who_is_asked_on_the_new_day_knows_what_they_want(run_and_model: tuple[TownRun, Listening]) -> None:
    run, _ = run_and_model
    archive, backend = Archive(run.folder.path), Listening()
    name = run.folder.manifest.people[0]
    (text,) = revised(run, 0)
    wish = text.replace(name, name.split()[0], 1)
    lacking: tuple[Faculty, ...]
    for at, lacking, told in (("2023-02-14T09:30", (), True), ("08:30", (), False), (None, ("reflection",), False)):
        who = interviewee(archive, archive.find(name), archive.moment(at))
        hold(question_to(who, "What do you want?", without=lacking, shown=1), ModelService(backend))
        assert (wish in _prompt(backend.asked[-1])) is told


def test_no_day_repeats_the_sketch_of_the_last(run_and_model: tuple[TownRun, Listening]) -> None:
    run, _ = run_and_model
    for agent in range(3):
        days = [e.body for e in events_of(run) if isinstance(e.body, Planned) and e.key.agent == agent]
        first, second = [{entry.activity for entry in day.entries} for day in days if day.level == "day"]
        sketched = {line.strip(" .") for line in LINES["sketch"]}
        assert first & sketched
        assert second & sketched
        assert not first & second & sketched


def test_who_does_without_reflection_stays_who_they_were(tmp_path: Path) -> None:
    model = Listening()
    changes = {**TWO_DAYS, "minds.without": ["reflection"]}
    run = run_town(tmp_path, changes=changes, agents=1, backend=model)
    assert revised(run, 0) == []
    assert all(request.purpose != IDENTITY.name for request in model.asked)


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        (" wants to see the sea again.", True),
        (" does not want to go out.", False),
        (" is forging a new gate for the church.", False),
        (" hopes.", False),
    ],
)
def test_what_is_a_wish(text: str, fit: bool) -> None:
    assert is_wish(text, "Arno is forging a new gate for the church") is fit


def _prompt(request: Write) -> str:
    return "".join(request.context)
