"""Minds that do without observation, reflection or planning, as in the paper's ablation study."""

from __future__ import annotations

from pathlib import Path

import pytest

import thorp.town
from agents.cognition.mind import Mind
from agents.cognition.settings import FACULTIES, MindSettings
from agents.memory.archive import memories_of
from agents.memory.stream import MemoryKind
from engine.record.events import Decided, Planned, Recalled, Remembered, Said
from engine.record.run_folder import RunFolder
from replay.spread import findings
from tests.towns import events_of, fork_town, resume_town, run_town
from thorp.archive import Archive
from thorp.cli import run_command_line
from thorp.news import news_of
from thorp.town import TownRun

SHORT = {"end": "+3h", "minds.reflection_threshold": 30}


def kinds(run: TownRun, since: int = 0) -> set[str]:
    return {e.body.kind for e in events_of(run) if isinstance(e.body, Remembered) and e.key.time >= since}


@pytest.mark.parametrize("without", [("observation",), ("reflection",), ("planning",), tuple(FACULTIES)])
def test_what_minds_do_without_is_neither_remembered_nor_recalled(without: tuple[str, ...], tmp_path: Path) -> None:
    run = run_town(tmp_path, changes=SHORT | {"minds.without": list(without)})
    gone = MindSettings.model_validate({"without": without}).blocked
    left = {kind.value for kind in MemoryKind} - {kind.value for kind in gone}
    assert kinds(run) == left - ({"reflection"} if "observation" in without else set()), "nothing to reflect upon"
    assert not run.failures.get("mind")
    planned = {e.body.level for e in events_of(run) if isinstance(e.body, Planned)}
    assert planned == ({"hour", "step"} if "planning" in without else {"day", "hour", "step"})
    decided = {e.body.thought for e in events_of(run) if isinstance(e.body, Decided)}
    assert ("invitation" in decided) <= ("planning" not in without)
    assert any(isinstance(e.body, Recalled) for e in events_of(run)) == (without != tuple(FACULTIES))
    strict = run_town(
        tmp_path,
        schedule="strict",
        model="scripted:latency=lognormal",
        changes=SHORT | {"minds.without": list(without)},
    )
    assert strict.events_digest == run.events_digest
    again = resume_town(run.folder.path, until="+4h")
    assert not again.stopped
    assert kinds(again) == kinds(run)


@pytest.mark.parametrize("without", [("observation",), ("planning",), tuple(FACULTIES)])
def test_nobody_speaks_of_news_without_a_memory_of_it(without: tuple[str, ...], tmp_path: Path) -> None:
    run = run_town(tmp_path, changes=SHORT | {"minds.without": list(without)})
    plan = Archive(run.folder.path).plan
    spreads = findings(events_of(run), run.folder.manifest.people, news_of(plan, plan.end), None).spreads
    assert spreads
    assert all(not spread.invented for spread in spreads)
    assert any(spread.told for spread in spreads) == ("observation" not in without)


def test_without_observation_people_tell_what_they_plan_and_what_came_to_them_as_a_thought(tmp_path: Path) -> None:
    voice = {"at": "06:40", "kind": "inner_voice", "to": "Jonas Reed", "text": "the mill is going to be sold"}
    broadcast = {"at": "06:41", "kind": "broadcast", "text": "the bridge is closed today"}
    changes = SHORT | {"minds.without": ["observation"], "minds.conversation_topics": 4}
    run = run_town(tmp_path, changes=changes | {"interventions": [voice, broadcast]})
    told = [(e.key.agent, e.body.text) for e in events_of(run) if isinstance(e.body, Said)]
    assert {agent for agent, text in told if "The mill is going to be sold." in text} == {3}, "nobody passes it on"
    assert any("Later today I am " in text for _, text in told)
    news = ["bridge", *(item.text for item in news_of(Archive(run.folder.path).plan, -1))]
    assert len(news) == 3
    assert not any(item.lower() in text.lower() for item in news for _, text in told)


def test_nobody_who_makes_no_plans_is_idle_all_day(tmp_path: Path) -> None:
    run = run_town(tmp_path, changes=SHORT | {"minds.without": ["planning"]})
    entries = [
        entry
        for e in events_of(run)
        if isinstance(e.body, Planned) and e.body.level == "hour"
        for entry in e.body.entries
    ]
    assert len({entry.activity for entry in entries}) >= 3
    assert len({entry.address for entry in entries}) >= 3
    assert all(0 < entry.minutes <= 60 for entry in entries)


def test_a_fork_can_do_without_from_a_time_on(tmp_path: Path) -> None:
    run = run_town(tmp_path, changes=SHORT)
    fork = fork_town(run.folder.path, tmp_path / "fork", "08:00", settings={"minds.without": ["observation"]})
    late = 90 * 60
    assert {"observation", "chat"} <= kinds(run, late)
    assert not {"observation", "chat"} & kinds(fork, late)
    for agent in range(5):
        known = {record.number: record.kind for record in memories_of(events_of(fork), agent)}
        for event in events_of(fork):
            if event.key.agent == agent and event.key.time >= late and isinstance(event.body, Recalled):
                assert not {known[n] for n in event.body.memories} & set(FACULTIES["observation"])


def test_the_log_holds_all_there_is_to_know_about_memories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    minds: list[Mind] = []

    def listed(*arguments: object) -> Mind:
        minds.append(Mind(*arguments))  # type: ignore[arg-type]
        return minds[-1]

    monkeypatch.setattr(thorp.town, "Mind", listed)
    run = run_town(tmp_path, changes=SHORT)
    events = events_of(run)
    for agent, mind in enumerate(minds):
        records = memories_of(events, agent)
        assert [(r.kind, r.text, r.created, r.importance, r.evidence, r.about) for r in records] == [
            (m.kind, m.text, m.created, m.importance, m.evidence, m.about) for m in mind.stream.recent(len(mind.stream))
        ]
        assert [r.accessed for r in records] == mind.stream.accessed.tolist()
        assert [r.count for r in records] == [mind.stream.count(r.number) for r in records]
    assert max(r.count for agent in range(5) for r in memories_of(events, agent)) > 1


def test_the_command_line_says_what_minds_can_do_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    arguments = ["run", "--model", "scripted", "--until", "06:35", "--out", str(out)]
    assert run_command_line([*arguments, "--without", "planing"]) == 2
    assert "did you mean 'planning'" in capsys.readouterr().err
    assert run_command_line([*arguments, "--without", "planning", "--without", "reflection"]) == 0
    assert RunFolder.open(out).manifest.scenario["minds"]["without"] == ["reflection", "planning"]
