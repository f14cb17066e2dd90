"""The file of answers, those of people, and the verdicts of a person: round trips, and what is not believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.believability.ballots import Ballots
from agents.believability.contests import Contest, contests, in_the_same_words, shuffled
from agents.believability.rating import Outcome
from agents.believability.sheet import Contribution, Sheet, with_people
from engine.errors import BadInput
from engine.untrusted import printable
from tests.agents.believability.sheets import sheet_of, usual_sheet

SHEET = usual_sheet()
CONTEST = Contest(0, "full memory", "no memory")


def test_answers_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    SHEET.write(path)
    again = Sheet.read(path)
    assert again == SHEET
    assert again.digest == SHEET.digest
    first = path.read_bytes()
    again.write(path)
    assert path.read_bytes() == first
    assert [each.name for each in tmp_path.iterdir()] == ["answers.json"], "no draft is left"


@given(st.text(max_size=50))
def test_any_text_of_a_run_can_stand_in_the_file(text: str) -> None:
    said = printable(f"x{text}")
    sheet = sheet_of([{"full memory": said.replace("{", "").replace("}", "")}])
    assert Sheet.model_validate_json(sheet.model_dump_json()) == sheet


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"format": "thorp interviews 2"}, "format"),
        ({"peeple": []}, "did you mean 'people'"),
        ({"people": []}, "people"),
        ({"seed": -1}, "seed"),
        ({"items": [{"person": "Ida Calder"}]}, "items[0].number"),
        ({"people": [{"name": "Ida Caldr", "summary": "x"}]}, "did you mean 'Ida Caldr'"),
        ({"people": [{"name": "Ida", "summary": "x"}] * 2}, "stands twice"),
        ({"items": [json.loads(SHEET.model_dump_json())["items"][0]] * 2}, "stands twice"),
        ({"when": "\x1b[2J"}, "control characters"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_refused(change: dict[str, Any], problem: str, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(json.loads(SHEET.model_dump_json()) | change), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        Sheet.read(path)
    assert problem in str(error.value)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"format": NaN}', b"[" * 100_000])
def test_what_is_no_file_of_answers_at_all_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        Sheet.read(path)


# -- answers of people -------------------------------------------------------------------------------------------------


def with_human(tmp_path: Path, text: str) -> Sheet:
    path = tmp_path / "human.yaml"
    path.write_text(text, encoding="utf-8")
    return with_people(SHEET, Contribution.read(path), str(path))


def test_answers_of_people_are_one_more_condition(tmp_path: Path) -> None:
    said = "answers:\n  Ida Calder:\n    what is  number 1?: It is one.\n"
    for text in (said, json.dumps({"answers": {"Ida Calder": {"What is number 1?": "It is one."}}})):
        sheet = with_human(tmp_path, text)
        assert sheet.conditions == [*SHEET.conditions, "human"]
        answered = [item for item in sheet.items if "human" in item.answers]
        assert [(item.person, item.number, item.answers["human"].text) for item in answered] == [
            ("Ida Calder", 1, "It is one.")
        ]
        assert answered[0].answers["human"].way == "person"
        assert len(contests(sheet)) == len(contests(SHEET)) + len(SHEET.conditions)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("answers: {}", "answers"),
        ("answers: {Ida Caldr: {What is number 1?: x}}", "did you mean 'Ida Calder'"),
        ("answers: {Ida Calder: {What is number 7?: x}}", "is not asked"),
        ("answers: {Ida Calder: {What is number 1?: [x]}}", "string"),
        ("condition: no memory\nanswers: {Ida Calder: {What is number 1?: x}}", "already"),
        ('answers: {Ida Calder: {What is number 1?: "\\e[2J"}}', "control"),
        ("answers: &a {Ida Calder: *a}", "aliases"),
        ("- x", "mapping"),
    ],
)
def test_what_people_cannot_have_answered_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        with_human(tmp_path, text)
    assert problem in str(error.value)
    assert "human.yaml" in str(error.value)


# -- contests and verdicts ---------------------------------------------------------------------------------------------


def test_every_pair_of_conditions_meets_once_in_every_item() -> None:
    found = contests(SHEET)
    assert len(found) == len(set(found)) == 9 * 6
    assert sum(in_the_same_words(SHEET, contest) for contest in found) == 9


def test_a_person_sees_them_in_random_order_and_on_random_sides_always_the_same() -> None:
    order = shuffled(SHEET)
    assert order == shuffled(SHEET) != contests(SHEET)
    turned = [contest.turned() in contests(SHEET) for contest in order]
    assert 0.25 < sum(turned) / len(turned) < 0.75
    assert {contest.turned() if back else contest for contest, back in zip(order, turned, strict=True)} == set(
        contests(SHEET)
    )


def test_verdicts_are_kept_one_by_one_and_found_again_on_either_side(tmp_path: Path) -> None:
    path = tmp_path / "verdicts"
    for number, (contest, outcome) in enumerate(zip(contests(SHEET)[:3], Outcome, strict=True)):
        with Ballots(path, SHEET) as ballots:
            assert ballots.on(contest) is None
            ballots.add(contest, outcome)
        with Ballots(path, SHEET) as again:
            verdict = again.on(contest.turned())
            assert verdict is not None
            assert (verdict.contest, verdict.outcome) == (contest, outcome)
            assert again.on(contests(SHEET)[number + 1]) is None


def test_nobody_else_writes_the_file_of_somebody_who_is_judging(tmp_path: Path) -> None:
    path = tmp_path / "verdicts"
    with Ballots(path, SHEET) as ballots:
        for contest in contests(SHEET)[:2]:
            ballots.add(contest, Outcome.FIRST)
            with pytest.raises(BadInput, match="verdicts: is being written by another process"):
                Ballots(path, SHEET)
    with Ballots(path, SHEET) as another:
        another.add(contests(SHEET)[2], Outcome.DRAW)
    with Ballots(path, SHEET) as again:
        assert [again.on(contest) is None for contest in contests(SHEET)[:4]] == [False, False, False, True]


@settings(max_examples=20)
@given(st.integers(0, 400))
def test_a_line_that_was_cut_off_is_written_anew(cut: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "verdicts"
        with Ballots(path, SHEET) as ballots:
            for contest in contests(SHEET)[:2]:
                ballots.add(contest, Outcome.FIRST)
        whole = path.read_bytes()
        path.write_bytes(whole[: min(cut, len(whole))])
        with Ballots(path, SHEET) as again:
            for contest in contests(SHEET)[:2]:
                if again.on(contest) is None:
                    again.add(contest, Outcome.FIRST)
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"item": 99, "first": "full memory", "second": "no memory", "preferred": "first"}', "items"),
        ('{"item": 1, "first": "full memory", "second": "full memory", "preferred": "first"}', "two conditions"),
        ('{"item": 1, "first": "full memory", "second": "half memory", "preferred": "first"}', "two conditions"),
        ('{"item": 1, "first": "full memory", "second": "no memory", "preferred": "third"}', "preferred"),
        ('{"item": 0, "first": "no memory", "second": "full memory", "preferred": "first"}', "second verdict"),
        ("x", "not JSON"),
        ("[]", "object"),
    ],
)
def test_a_verdict_that_nobody_can_have_given_is_refused(line: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "verdicts"
    with Ballots(path, SHEET) as ballots:
        ballots.add(CONTEST, Outcome.FIRST)
    path.write_bytes(path.read_bytes() + f"{line}\n".encode())
    with pytest.raises(BadInput) as error:
        Ballots(path, SHEET)
    assert problem in str(error.value)
    assert "line 3" in str(error.value)


def test_verdicts_on_other_answers_and_other_files_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "verdicts"
    with Ballots(path, SHEET) as ballots:
        ballots.add(CONTEST, Outcome.FIRST)
    with pytest.raises(BadInput, match="other answers"):
        Ballots(path, usual_sheet(4))
    path.write_text("my only copy", encoding="utf-8")
    with pytest.raises(BadInput, match="something else"):
        Ballots(path, SHEET)
    assert path.read_text(encoding="utf-8") == "my only copy"
