"""Interviews: at any time of a run, from what the person had in mind then, and without a trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import thorp.town
from agents.cognition.mind import Mind, importances
from agents.cognition.thoughts import AS_DECLARED
from agents.exams.desk import Desk
from agents.memory.retrieval import retrieve
from agents.memory.stream import MemoryKind
from engine.errors import BadInput, RunFailed
from engine.llm.requests import Answer, Embed, Failure, FailureKind, Request, Write
from engine.llm.service import ModelService
from engine.llm.spec import ModelSpec
from engine.record.events import Key, Remembered, Weighed
from tests.towns import events_of, run_town
from thorp.archive import Archive
from thorp.ask import Answered, Interview, hold, hold_all, interviewee, meanings, model_to_ask, question_to
from thorp.cli import run_command_line
from thorp.town import TownRun, open_model

BACKEND = open_model(ModelSpec.parse("scripted"))


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> tuple[TownRun, list[Mind]]:
    minds: list[Mind] = []

    def listed(*arguments: Any) -> Mind:
        minds.append(Mind(*arguments))
        return minds[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(thorp.town, "Mind", listed)
        return run_town(tmp_path_factory.mktemp("asked"), changes={"end": "08:30"}), minds


def _seen_and_weighed(run: TownRun) -> tuple[Key, Remembered, float]:
    """Something that was seen some time before it was weighed, and how much it then mattered."""
    noted: dict[tuple[int, int], tuple[Key, Remembered]] = {}
    for key, body in events_of(run):
        match body:
            case Remembered(memory, importance=0.0):
                noted[key.agent, memory] = key, body
            case Weighed(memory, (importance, *_)) if noted[key.agent, memory][0].time < key.time:
                return *noted[key.agent, memory], importance
            case _:
                pass
    raise AssertionError("everything was weighed at once")


def _think_over(mind: Mind) -> None:
    """Weigh what a mind had no time to weigh, with nothing else."""
    texts = [memory.text for memory in mind.stream.unweighed]
    ((weights,), _) = Desk(BACKEND).sit(AS_DECLARED, [lambda think: importances(think, texts)])
    known = meanings(ModelService(BACKEND), texts) if texts else {}
    mind.stream.weigh(weights, [known[text] for text in texts])


def prepare(
    run: TownRun,
    who: str = "Ida Calder",
    what: str = "Who was here today?",
    at: str | None = None,
    model: ModelSpec | None = None,
    **options: Any,
) -> Interview:
    archive = Archive(run.folder.path)
    assert model_to_ask(archive, model) == ModelSpec.parse("scripted")
    return question_to(interviewee(archive, archive.find(who), archive.moment(at)), what, **options)


def ask(run: TownRun, *arguments: Any, **options: Any) -> tuple[Interview, Answered]:
    prepared = prepare(run, *arguments, **options)
    return prepared, hold(prepared, ModelService(BACKEND))


def test_what_is_asked_is_answered_from_what_the_mind_itself_would_recall(morning: tuple[TownRun, list[Mind]]) -> None:
    run, minds = morning
    for mind in minds:
        what, said = ask(run, mind.name)
        query = meanings(ModelService(BACKEND), [what.asked.text])[what.asked.text]
        _think_over(mind)
        accessed = mind.stream.accessed.copy()
        expected = retrieve(mind.stream, query, what.who.time, 8, mind.settings.retrieval)
        mind.stream.accessed[:] = accessed
        assert [record.number for record in said.memories] == [memory.number for memory in expected]
        assert said.answer and said.way == "model"
    assert ask(run)[1] == ask(run, "ida")[1]


def test_what_was_seen_a_moment_before_and_not_weighed_yet_is_weighed(morning: tuple[TownRun, list[Mind]]) -> None:
    run, _ = morning
    key, seen, weighed = _seen_and_weighed(run)
    what, said = ask(run, run.folder.manifest.people[key.agent], seen.text, at=f"+{key.time}s", shown=99)
    assert what.who.records[seen.memory].importance == 0
    found = next(record for record in said.memories if record.number == seen.memory)
    assert found.importance == weighed


def test_a_question_at_a_time_knows_nothing_of_what_came_later(morning: tuple[TownRun, list[Mind]]) -> None:
    what, said = ask(morning[0], at="07:45")
    assert what.who.time == 75 * 60
    assert len(what.who.records) < len(ask(morning[0])[0].who.records)
    assert all(record.created <= what.who.time and record.accessed <= what.who.time for record in what.who.records)
    assert {record.number for record in said.memories} <= {record.number for record in what.who.records}
    first, _ = ask(morning[0], at="+0m")
    assert first.asked.doing == "asleep"


def test_questions_asked_together_get_the_answers_that_they_get_alone(morning: tuple[TownRun, list[Mind]]) -> None:
    run = morning[0]
    asked = [
        prepare(run, who, what, without=without)
        for who, what, without in (
            ("Ida", "Who was here today?", ()),
            ("Ida", "Who was here today?", ("observation",)),
            ("Tomas", "What are your plans?", ()),
            ("Ida", "What are your plans?", ("planning", "reflection")),
        )
    ]
    assert hold_all(asked, ModelService(BACKEND, at_once=2)) == [hold(each, ModelService(BACKEND)) for each in asked]


def test_an_ablated_interview_has_no_access_to_memories_of_that_kind(morning: tuple[TownRun, list[Mind]]) -> None:
    kinds = {r.kind for r in ask(morning[0], shown=100, without=["observation"])[1].memories}
    assert kinds
    assert not kinds & {MemoryKind.OBSERVATION, MemoryKind.CHAT}
    _, nothing = ask(morning[0], without=["planning", "observation", "reflection"])
    assert nothing.memories == ()


def test_asking_leaves_the_run_as_it_was_and_json_tells_the_memories(
    morning: tuple[TownRun, list[Mind]], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = morning[0].folder.path
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    arguments = ["ask", str(folder), "Ida Calder", "Who was here today?", "--at", "08:00", "--as", "Reporter", "--json"]
    assert run_command_line(arguments) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert (told["agent"], told["at"], told["as"], told["way"]) == ("Ida Calder", 5400, "Reporter", "model")
    assert 1 <= len(told["memories"]) <= 8
    assert {"memory", "kind", "text", "created", "importance", "evidence"} <= set(told["memories"][0])
    with_option = [
        "ask",
        str(folder),
        "Who was here today?",
        "--agent",
        "Ida",
        "--at",
        "08:00",
        "--as",
        "Reporter",
        "--json",
    ]
    assert run_command_line(with_option) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == told


@pytest.mark.parametrize(
    ("who", "options", "problem"),
    [
        ("Ida Caldr", {}, "did you mean 'Ida Calder'"),
        ("Ida", {"at": "12:00"}, "known until"),
        ("Ida", {"at": "soon"}, "is not a time"),
        ("Ida", {"what": " "}, "one line"),
        ("Ida", {"what": "x" * 501}, "500"),
        ("Ida", {"role": "\x1b[2J"}, "--as"),
        ("Ida", {"model": ModelSpec.parse("recorded")}, "--model"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    who: str, options: dict[str, Any], problem: str, morning: tuple[TownRun, list[Mind]]
) -> None:
    with pytest.raises(BadInput) as error:
        ask(morning[0], who, **options)
    assert problem in str(error.value)


class _Deaf:
    """A model that fails at one kind of request."""

    identity = "deaf"

    def __init__(self, kind: type[Request]) -> None:
        self._kind = kind

    def answer(self, requests: list[Request]) -> list[Answer]:
        failure = Answer(Failure(FailureKind.BACKEND, "secret of the backend"))
        return [failure if isinstance(r, self._kind) else BACKEND.answer([r])[0] for r in requests]


def test_a_model_that_fails_never_puts_its_error_into_an_answer(morning: tuple[TownRun, list[Mind]]) -> None:
    prepared = prepare(morning[0])
    said = hold(prepared, ModelService(_Deaf(Write)))  # type: ignore[arg-type]
    assert said.way == "plain"
    assert "secret" not in said.answer
    with pytest.raises(RunFailed, match="mean"):
        hold(prepared, ModelService(_Deaf(Embed)))  # type: ignore[arg-type]


def test_bad_use_of_the_command_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["ask", str(tmp_path), "What?"]) == 2
    assert "a person and one question" in capsys.readouterr().err
