"""`evaluate interviews`: from a run to ratings, with models and with people as judges."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from agents.believability.contests import contests, in_the_same_words
from agents.believability.judging import WAYS, Judge
from agents.believability.sheet import Sheet, conditions_of
from agents.cognition.settings import FACULTIES
from agents.memory.stream import MemoryKind
from engine.llm.embedded import EmbeddedBackend
from engine.llm.service import ModelService
from engine.llm.spec import ModelSpec
from engine.untrusted import printable
from tests.agents.believability.sheets import sheet_of
from tests.settlements import SmallTown, small_towns
from tests.towns import run_town
from thorp.archive import Archive
from thorp.ask import hold, hold_all, interviewee, question_to
from thorp.cli import run_command_line
from thorp.interviews import CHOSEN, chosen, interview
from thorp.town import open_model

BACKEND = open_model(ModelSpec.parse("scripted"))
CONDITIONS = conditions_of()
Told = Callable[..., dict[str, Any]]
WHOM = ("--agent", "Tomas", "--agent", "Jonas", "--at", "12:00")
"""Whom the scripted model lets answer differently under different conditions often enough."""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    changes = {"end": "14:00", "minds.reflection_threshold": 30}
    return run_town(tmp_path_factory.mktemp("believed"), changes=changes).folder.path


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Told:
    """The command, which must succeed; returns what it prints for programs."""

    def told(*arguments: object) -> dict[str, Any]:
        assert run_command_line(["evaluate", "interviews", *map(str, arguments), "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        return found

    return told


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What a person types."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


# -- asking ------------------------------------------------------------------------------------------------------------


def test_each_condition_answers_without_the_memories_that_it_lacks(day: Path) -> None:
    archive = Archive(day)
    who = interviewee(archive, archive.find("Ida"), archive.known)
    assert {record.kind for record in who.records} == set(MemoryKind), "there is something of every kind to hide"
    asked = [question_to(who, "What do you know?", without=lacking, shown=100) for lacking in CONDITIONS.values()]
    for lacking, said in zip(CONDITIONS.values(), hold_all(asked, ModelService(BACKEND)), strict=True):
        kinds = {record.kind for record in said.memories}
        assert not kinds & {kind for faculty in lacking for kind in FACULTIES[faculty]}
        assert kinds or lacking == ("observation", "reflection", "planning")


def test_a_study_is_told_in_full_and_leaves_the_run_as_it_was(day: Path, tmp_path: Path, tell: Told) -> None:
    before = {path.name: path.read_bytes() for path in day.iterdir()}
    answers, plot = tmp_path / "answers.json", tmp_path / "ratings.png"
    told = tell(day, *WHOM, "--to", answers, "--plot", plot)
    assert {path.name: path.read_bytes() for path in day.iterdir()} == before
    assert told["people"] == ["Tomas Birch", "Jonas Reed"]
    assert told["questions"] == 50
    assert {name: sum(ways.values()) for name, ways in told["answers"].items()} == dict.fromkeys(CONDITIONS, 50)
    judge = told["judge"]
    assert judge["judged"] + judge["same_words"] == 50 * 6
    assert judge["judged"] == judge["orders"]["orders_agree"]["of"] >= 20
    assert judge["control"]["own"] + judge["control"]["others"] + judge["control"]["undecided"] > 0
    assert [row["condition"] for row in told["ratings"]] == list(CONDITIONS)
    for row in told["ratings"]:
        assert row["won"] + row["drawn"] + row["lost"] == 50 * 3
        assert row["interval"][0] < row["mu"] < row["interval"][1]
    assert len(told["pairs"]) == 6
    with Image.open(plot) as picture:
        assert picture.size[0] == 1200
    sheet = Sheet.read(answers)
    assert all(1 <= len(item.notes) <= 8 for item in sheet.items)


def test_a_judge_who_is_no_better_than_guessing_is_called_that(
    day: Path, tell: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["evaluate", "interviews", str(day), *WHOM]) == 0
    assert "not better than guessing" in " ".join(capsys.readouterr().err.split())
    assert tell(day, *WHOM)["judge"]["control"]["better_than_guessing"] is False


def test_the_same_study_comes_out_the_same_to_the_byte(day: Path, tmp_path: Path, tell: Told) -> None:
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        answers, plot = tmp_path / name / "answers.json", tmp_path / name / "ratings.png"
        told = tell(day, *WHOM, "--to", answers, "--plot", plot)
        found.append((answers.read_bytes(), plot.read_bytes(), told))
    assert found[0] == found[1]


def test_answers_that_were_kept_can_be_judged_later_and_by_others(day: Path, tmp_path: Path, tell: Told) -> None:
    answers = tmp_path / "answers.json"
    at_once = tell(day, *WHOM, "--to", answers)
    later = tell(answers, "--judge", "scripted")
    assert {**later, "run": str(day)} == at_once
    otherwise = tell(answers, "--judge", "scripted", "--way", "channel")
    assert otherwise["judge"]["way"] == "channel"
    assert otherwise["ratings"] != later["ratings"]


def test_who_is_asked_if_nobody_is_named_is_drawn_by_the_seed_of_the_run(day: Path) -> None:
    archive = Archive(day)
    drawn = chosen(archive, [], archive.known)
    assert len(drawn) == CHOSEN
    assert drawn == chosen(Archive(day), [], archive.known)
    assert [person.name for person in chosen(archive, ["Tomas", "Tomas Birch"], 0)] == ["Tomas Birch"]


@pytest.mark.parametrize(
    "voice", [{"kind": "visitor", "role": "a reporter", "to": "Ida Calder"}, {"kind": "broadcast"}]
)
def test_people_are_asked_what_they_know_of_what_was_said_whoever_said_it(
    tmp_path: Path, voice: dict[str, str]
) -> None:
    said = {"at": "06:50", "text": "a fox lives in the mill!", **voice}
    later = {"at": "08:00", "kind": "broadcast", "text": "the bridge is closed today"}
    silent: dict[str, Any] = {f"people.{number}.news": [] for number in range(5)}
    run = run_town(tmp_path, changes={"end": "07:00", "interventions": [said, later], **silent})
    archive = Archive(run.folder.path)
    people = [archive.find("Ida")]
    sheet = interview(archive, people, archive.known, 8, None, ModelService(BACKEND), "scripted", lambda _: None)
    about_news = [item.question for item in sheet.items if item.question.startswith("Somebody says that ")]
    assert about_news == ["Somebody says that a fox lives in the mill. What do you know about it?"]


@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(small_towns())
def test_people_of_any_town_can_be_interviewed(town: SmallTown) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "town")
        source.mkdir()
        run = run_town(Path(folder), scenario=town.write(source), changes={"end": "+2h"})
        archive = Archive(run.folder.path)
        people = archive.people[:3]
        sheet = interview(archive, people, archive.known, 8, None, ModelService(BACKEND), "scripted", lambda _: None)
        sheet.write(Path(folder, "answers.json"))
        assert Sheet.read(Path(folder, "answers.json")) == sheet
        assert len(sheet.items) == 25 * len(people)
        assert not [item for item in sheet.items if item.question == f"Who is {item.person}?"]


@pytest.mark.parametrize(
    ("lacking", "names"),
    [
        (("reflection", "planning"), ["no reflection, no planning", "no memory"]),
        (("planning",), ["no planning", "no reflection, no planning", "no memory"]),
        (("observation",), ["no observation", "no observation, no reflection", "no memory"]),
    ],
)
def test_conditions_are_named_by_what_the_people_of_a_run_lack(
    lacking: tuple[str, ...], names: list[str], tmp_path: Path, tell: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    lives = run_town(tmp_path, changes={"end": "07:30", "minds.without": list(lacking)}).folder.path
    told = tell(lives, "--agent", "Ida", "--agent", "Nell", "--to", tmp_path / "answers.json")
    assert [row["condition"] for row in told["ratings"]] == names
    assert told["judge"]["control"]["own"] + told["judge"]["control"]["others"] > 0
    blocked = {kind for faculty in lacking for kind in FACULTIES[faculty]}  # type: ignore[index]
    known = {r.text for r in Archive(lives).memories(0) if r.kind not in blocked}
    assert all(set(item.notes) <= known for item in Sheet.read(tmp_path / "answers.json").items if "Ida" in item.person)
    run_command_line(["evaluate", "interviews", str(lives), "--agent", "Ida"])
    assert f"live without {' and '.join(lacking)}" in " ".join(capsys.readouterr().err.split())


def test_people_without_any_memory_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lives = run_town(tmp_path, changes={"end": "06:40", "minds.without": list(FACULTIES)}).folder.path
    assert run_command_line(["evaluate", "interviews", str(lives)]) == 2
    assert "its people live without observation, reflection and planning" in " ".join(capsys.readouterr().err.split())


# -- people ------------------------------------------------------------------------------------------------------------


def test_people_answer_as_one_more_condition(day: Path, tmp_path: Path, tell: Told) -> None:
    human = tmp_path / "human.yaml"
    question = "Could you tell me a little about yourself?"
    human.write_text(f'condition: crowd\nanswers: {{Tomas Birch: {{"{question}": I bake.}}}}', encoding="utf-8")
    told = tell(day, *WHOM, "--human", human)
    crowd = told["ratings"][-1]
    assert crowd["condition"] == "crowd"
    assert crowd["won"] + crowd["drawn"] + crowd["lost"] == len(CONDITIONS)
    assert told["answers"]["crowd"] == {"person": 1}


def test_a_person_judges_stops_and_goes_on(day: Path, tmp_path: Path, tell: Told, say: Callable[[str], None]) -> None:
    answers = tmp_path / "answers.json"
    say("1\n2\nwhat?\n=\nq\n")
    first = tell(day, *WHOM, "--to", answers, "--judge", "terminal")
    assert first["judge"]["judged"] == 3
    verdicts = tmp_path / "answers.verdicts.jsonl"
    assert len(verdicts.read_text(encoding="utf-8").splitlines()) == 4
    say("2\n")  # and then the end of the input
    second = tell(answers, "--judge", "terminal")
    assert second["judge"]["judged"] == 4
    say("=\n" * 1000)
    done = tell(answers, "--judge", "terminal")
    sheet = Sheet.read(answers)
    differ = sum(not in_the_same_words(sheet, contest) for contest in contests(sheet))
    assert (done["judge"]["judged"], done["judge"]["left"]) == (differ, 0)
    assert sum(row["won"] for row in done["ratings"]) == 3
    say("1\n2\n=\n2\n" + "=\n" * 1000)
    assert tell(answers, "--judge", "terminal", "--verdicts", tmp_path / "others")["ratings"] == done["ratings"]


def test_a_person_is_shown_no_condition_and_ctrl_c_loses_nothing(
    day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["1"])

    def impatient() -> str:
        for line in typed:
            return line
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.input", impatient)
    answers = tmp_path / "answers.json"
    command = ["evaluate", "interviews", str(day), *WHOM, "--to", str(answers), "--judge", "terminal"]
    assert run_command_line(command) == 0
    shown = capsys.readouterr().err.split("1 pairs of answers were judged")[0]
    assert shown.count(" is asked: ") == 2
    assert not [condition for condition in CONDITIONS if condition in shown]
    assert len((tmp_path / "answers.verdicts.jsonl").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--agent", "Ida Caldr"], "did you mean 'Ida Calder'"),
        (["--at", "23:00"], "known until"),
        (["--way", "channels"], "did you mean 'channel'"),
        (["--judge", "recorded"], "--judge"),
        (["--judge", "embeded"], "--judge: unknown model 'embeded'"),
        (["--judge", "embedded?ram=much"], "--judge: unknown setting"),
        (["--judge", "openai:nowhere"], "--judge: "),
        (["--model", "embeded"], "--model: unknown model 'embeded'"),
        (["--to", "answers.txt"], "--to: 'answers.txt' must end in .json"),
        (["--to", "answers"], "--to: 'answers' must end in .json"),
        (["--judge", "terminal"], "--to FILE"),
        (["--judge", "scripted", "--verdicts", "x"], "--judge terminal"),
        (["--plot", "x.jpg"], ".png"),
        (["--to", "/nowhere/answers.json"], "cannot be written"),
        (["--human", "/nowhere/human.yaml"], "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    options: list[str], problem: str, day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(["evaluate", "interviews", str(day), *options]) == 2
    said = capsys.readouterr().err
    assert problem in said
    assert len([line for line in said.splitlines() if line.startswith("thorp: ")]) == 1


def test_a_judge_that_cannot_be_loaded_is_named_as_the_judge(
    day: Path, tmp_path: Path, tell: Told, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.json"
    tell(day, *WHOM, "--to", answers)
    capsys.readouterr()
    too_long = f"embedded:{'x' * 300}"
    assert run_command_line(["evaluate", "interviews", str(answers), "--judge", too_long]) == 2
    assert "--judge: " in capsys.readouterr().err


def test_kept_answers_are_judged_and_not_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.json"
    answers.write_text("{}", encoding="utf-8")
    for options, problem in (
        ([], "who is to judge"),
        (["--at", "08:00"], "holds answers"),
        (["--memories", "8"], "holds answers"),
        (["--judge", "nope"], "--judge: unknown model 'nope'"),
        (["--judge", "scripted", "--to", "again.txt"], "--to: 'again.txt' must end in .json"),
    ):
        assert run_command_line(["evaluate", "interviews", str(answers), *options]) == 2
        assert problem in capsys.readouterr().err
    assert run_command_line(["evaluate", "interviews", str(answers), "--judge", "scripted"]) == 2
    assert "is required" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_embedded_model_answers_and_judges_the_same_many_at_once_and_alone(
    day: Path, embedded: EmbeddedBackend
) -> None:
    archive = Archive(day)
    who = interviewee(archive, archive.find("Ida"), archive.known)
    asked = [
        question_to(who, text, without=lacking, samples=2)
        for text in ("Could you tell me a little about yourself?", "What do you think of Mara Quill?")
        for lacking in CONDITIONS.values()
    ]
    together = hold_all(asked, ModelService(embedded))
    assert together[:3] == [hold(each, ModelService(embedded)) for each in asked[:3]]
    assert len({said.answer for said in together}) > 2
    answers = [
        dict(zip(CONDITIONS, (printable(said.answer) for said in some), strict=True))
        for some in (together[:4], together[4:])
    ]
    sheet = sheet_of(answers, [who.persona.name])
    for way in WAYS:
        verdicts = Judge(ModelService(embedded), way).verdicts(sheet)
        assert len(verdicts) == len(contests(sheet)) == 12, "no question is too long for it"
        assert verdicts == Judge(ModelService(embedded, at_once=1), way).verdicts(sheet)
