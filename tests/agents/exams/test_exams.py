"""Exams: that the cases are fair, that marks and fits are right, and what a card decides."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cognition import repair
from agents.cognition.catalogue import THOUGHTS
from agents.cognition.interview import INTERVIEW
from agents.cognition.script import LINES
from agents.cognition.thoughts import BIAS, MEANING, WEIGHED, Line, Thought
from agents.exams.answers import answer_exam
from agents.exams.card import rows_of, way_to_go, ways_of
from agents.exams.desk import Cost, Desk
from agents.exams.discrete import EXAMS, shared_words
from agents.exams.document import document
from agents.exams.exam import COMBINATION, RULE, ChoiceExam, Outcome, Question, half_of
from agents.exams.fitting import Dilemma, fit_choice
from agents.exams.lines import LINE_EXAMS, sit_lines
from agents.exams.marks import Mark, clearly_better
from agents.exams.readme import with_card
from agents.exams.repairs import COURSES, repair_exam
from agents.exams.sheets import FEWEST_CASES, LinesSheet, RepairCase, read
from agents.exams.ways import keep, shipped_card, ways_for
from engine.errors import BadInput, RunFailed
from engine.llm.scripted import ScriptedBackend
from engine.record.frames import LogKind, read_frames
from engine.record.run_folder import RunFolder
from tests.towns import run_town
from thorp.cli import run_command_line
from thorp.scenario import DEFAULT_SCENARIO, load_scenario

if TYPE_CHECKING:
    from engine.llm.embedded import EmbeddedBackend

ROOT = Path(__file__).parents[3]
CARD = shipped_card()
CHOICES = [name for name in EXAMS if name != INTERVIEW.name]
NO_BETTER_THAN_A_BASELINE: dict[str, str] = {}
"""Thoughts whose way in use is neither a rule nor clearly better than both baselines, and why it is used. None is."""


# -- the cases -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHOICES)
def test_cases_are_many_different_and_have_answers(name: str) -> None:
    exam = EXAMS[name]()
    assert exam.name == name
    assert exam.size >= FEWEST_CASES
    assert isinstance(exam, ChoiceExam)
    for question in exam.questions:
        assert question.right
        assert len(question.right) < len(question.options)
        assert max(question.right) < len(question.options)


def test_answers_are_right_by_what_only_one_memory_says() -> None:
    exam = answer_exam()
    assert exam.size >= FEWEST_CASES
    assert exam.chance == pytest.approx(0.2)
    assert exam.frequent == 1 / exam.size
    assert len({(case.persona.name, case.question.text) for case in exam.cases}) == exam.size
    case = exam.cases[0]
    assert case.is_right("It is on Sunday, as far as I know.")
    assert not case.is_right("It is tomorrow.")
    assert not replace(case, right=("may",)).is_right("I am dismayed.")


def test_answers_are_given_as_interviews_give_them() -> None:
    plain, given = answer_exam().sit(Desk(ScriptedBackend({**LINES, "interview": (" I have no idea.",)})))
    assert (plain.way, given.way) == (RULE, MEANING)
    assert plain.cost.requests == 0
    assert sum(given.right) == 0
    assert given.cost.usage.generated


@pytest.mark.parametrize("name", ["talk", "invitation", "importance", "whom"])
def test_no_answer_is_much_more_frequent_than_chance_in_either_half(name: str) -> None:
    exam = EXAMS[name]()
    assert isinstance(exam, ChoiceExam)
    for half in (0, 1):
        answers = Counter(q.right for number, q in enumerate(exam.questions) if half_of(number) == half)
        assert max(answers.values()) <= 0.6 * sum(answers.values())


@pytest.mark.parametrize("thought", THOUGHTS, ids=lambda thought: thought.name)
def test_every_thought_has_at_least_forty_cases(thought: Thought) -> None:
    assert FEWEST_CASES == 40
    if not isinstance(thought, Line):
        assert EXAMS[thought.name]().size >= FEWEST_CASES
        return
    declared, cases, _ = LINE_EXAMS[thought.name]
    assert declared is thought
    assert len(cases(read(LinesSheet, "lines"))) >= FEWEST_CASES


def test_plans_are_repaired_in_the_exam_as_minds_repair_them(monkeypatch: pytest.MonkeyPatch) -> None:
    exam = repair_exam()
    assert {exam.questions[0].options[n] for q in exam.questions for n in q.right} == set(COURSES.values())
    monkeypatch.setattr(repair, "_fault", lambda *_: None)
    assert {q.rule for q in repair_exam().questions} == {exam.questions[0].options.index("there")}


def test_a_place_with_one_of_its_hours_is_no_case() -> None:
    with pytest.raises(ValueError, match="both hours, or none"):
        RepairCase(what="reading", start="10:00", end="11:00", opens="09:00", right="there")


def test_acquaintance_and_news_decide_nothing_in_the_exam_of_talking() -> None:
    exam = EXAMS["talk"]()
    assert isinstance(exam, ChoiceExam)
    assert sum(q.rule in q.right for q in exam.questions) == exam.size / 2


# -- marks and fits --------------------------------------------------------------------------------------------------


def test_the_interval_is_wilsons() -> None:
    low, high = Mark(8, 10).interval  # by hand: (0.8 + 0.19207) / 1.38415 -+ 1.95996 / 1.38415 * sqrt(0.016 + 0.0096)
    assert low == pytest.approx(0.4901, abs=2e-4)
    assert high == pytest.approx(0.9433, abs=2e-4)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_the_share(counts: tuple[int, int]) -> None:
    mark = Mark(*counts)
    low, high = mark.interval
    assert 0 <= low <= mark.share + 1e-12
    assert mark.share - 1e-12 <= high <= 1


def test_five_cases_gained_and_none_lost_are_clear_and_four_are_not() -> None:
    none = [False] * 6
    assert clearly_better([True] * 5 + [False], none)  # 1/32
    assert not clearly_better([True] * 4 + [False] * 2, none)  # 1/16
    assert not clearly_better(none, none)
    assert not clearly_better([True, False], [False, True])


def test_a_fit_finds_the_way_that_tells_and_leaves_the_others() -> None:
    dice = np.random.default_rng(1)
    dilemmas = []
    for _ in range(40):
        numbers = dice.normal(size=(4, 3))
        dilemmas.append(Dilemma(numbers, np.zeros(4), (int(np.argmax(numbers[:, 1])),)))
    weights = fit_choice(dilemmas)
    assert weights[1] > 5 * max(weights[0], weights[2])
    assert (weights >= 0).all()
    assert (fit_choice(dilemmas) == weights).all()


def test_a_bias_fits_how_often_yes_is_right() -> None:
    numbers = np.array([[0.0], [1.0]])
    right = [1] * 30 + [0] * 10
    (bias,) = fit_choice([Dilemma(numbers, np.zeros(2), (answer,)) for answer in right], free=(0,))
    assert bias == pytest.approx(log(3), rel=0.1)  # the penalty holds it back a little


def test_every_case_is_scored_with_what_was_fitted_on_the_other_half() -> None:
    # In the first half yes is right where the number is high, in the second where it is low: neither half predicts the
    # other, so what is fitted does badly, though a fit on all cases that it has seen would be no worse than chance.
    questions = []
    for number in range(40):
        high = float(number % 2)
        right = int(high) if half_of(number) == 0 else 1 - int(high)
        questions.append(Question(("no", "yes"), (right,)))
    exam = ChoiceExam("x", tuple(questions), bias=(0.0, 1.0), ways=("channel",))
    columns = {"channel": [[0.0, 2 * float(number % 2) - 1] for number in range(40)]}
    outcome = exam._outcome("channel", ["channel"], columns, Cost())
    assert sum(outcome.right) <= 20


def test_chance_and_the_most_frequent_answer() -> None:
    questions = [
        Question(("a", "b", "c", "d"), (0,)),
        Question(("a", "b", "c", "d"), (0, 1)),
        Question(("a", "x"), (1,)),
    ]
    exam = ChoiceExam("x", tuple(questions))
    assert exam.chance == pytest.approx((1 / 4 + 2 / 4 + 1 / 2) / 3)
    assert exam.frequent == pytest.approx(2 / 3)


# -- cards -----------------------------------------------------------------------------------------------------------


def outcome(way: str, right: int, cases: int = 40, requests: int = 1) -> Outcome:
    weights = None if way == RULE else {way: 1.0}
    return Outcome(way, tuple(n < right for n in range(cases)), Cost(requests), weights)


def test_what_is_declared_stays_unless_another_way_is_clearly_better() -> None:
    assert way_to_go([outcome(MEANING, 30), outcome("channel", 33)], 0.5).way == MEANING
    assert way_to_go([outcome(MEANING, 30), outcome("channel", 36)], 0.5).way == "channel"
    assert way_to_go([outcome(MEANING, 22), outcome("channel", 26)], 0.45).way == "channel", "it alone beats 0.45"
    assert way_to_go([outcome(RULE, 40), outcome(MEANING, 30)], 0.5).way == MEANING, "a rule is for comparison"
    assert way_to_go([outcome(RULE, 30)], 0.5).way == RULE
    best = [outcome(MEANING, 10), outcome("channel", 30, requests=9), outcome(COMBINATION, 30, requests=20)]
    assert way_to_go(best, 0.5).way == "channel", "the cheaper of equals"


def test_only_ways_that_minds_can_go_are_kept() -> None:
    better = [outcome(MEANING, 10), outcome("channel", 40)]
    exam = ChoiceExam("place", tuple(Question(("a", "b"), (0,)) for _ in range(40)))
    assert ways_of(rows_of(exam, better)) == {"place": {"channel": 1.0}}
    fixed = ChoiceExam("recall", exam.questions, fixed=True)
    assert ways_of(rows_of(fixed, better)) == {}
    assert "recall" not in WEIGHED


def test_a_card_is_kept_by_the_model_and_goes_before_the_shipped_one(tmp_path: Path) -> None:
    assert ways_for("a model", tmp_path) == {}
    keep("a model", {"place": {"channel": 0.25, MEANING: 1.0}}, tmp_path)
    keep("another", {"talk": {"likelihood": 0.5, BIAS: 0.1}}, tmp_path)
    assert ways_for("a model", tmp_path) == {"place": {"channel": 0.25, MEANING: 1.0}}
    keep("a model", {}, tmp_path)
    assert ways_for("a model", tmp_path) == {}
    assert ways_for("another", tmp_path) == {"talk": {"likelihood": 0.5, BIAS: 0.1}}


def test_a_damaged_card_is_bad_input(tmp_path: Path) -> None:
    path = keep("a model", {}, tmp_path)
    path.write_text('{"ways": {"plaice": "meaning"}}', encoding="utf-8")
    with pytest.raises(BadInput, match="place"):
        ways_for("a model", tmp_path)


def test_a_card_that_cannot_be_kept_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFailed, match="cannot be written: Not a directory"):
        keep("a model", {}, tmp_path / "file")
    assert ways_for("a model", tmp_path / "file") == ways_for("a model", tmp_path / ("a" * 300)) == {}


def test_the_default_models_go_the_ways_of_the_card_that_comes_along(tmp_path: Path) -> None:
    assert ways_for(CARD["model"], tmp_path) == CARD["ways"]


def test_the_ways_of_a_run_are_in_its_manifest_and_the_scenarios_own_go_before(tmp_path: Path) -> None:
    plan = load_scenario(DEFAULT_SCENARIO, {"minds.ways.talk": "likelihood"})
    ways = plan.with_ways({"talk": "channel", "place": {"channel": 1.0}}).scenario.minds.ways
    assert ways == {"talk": "likelihood", "place": {"channel": 1.0}}
    assert plan.with_ways({}) is plan
    run = run_town(tmp_path, changes={"end": "07:00", "minds.ways.place": "channel"})
    assert run.folder.manifest.scenario["minds"]["ways"] == {"place": "channel"}


def test_a_run_begins_with_the_card_of_its_model_and_is_resumed_by_its_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache, out = tmp_path / "cache", tmp_path / "run"
    monkeypatch.setenv("THORP_CACHE", str(cache))
    identity = ScriptedBackend(LINES).identity
    keep(identity, {"emoji": {"channel": 1.0}}, cache)
    assert run_command_line(["run", "--model", "scripted", "--until", "06:50", "--out", str(out)]) == 0
    keep(identity, {"emoji": {"likelihood": 1.0}}, cache)
    assert run_command_line(["resume", str(out), "--until", "07:00"]) == 0
    assert RunFolder.open(out).manifest.scenario["minds"]["ways"] == {"emoji": {"channel": 1.0}}
    asked = [frame.payload for frame in read_frames(out / "replies.log", LogKind.REPLIES)]
    of_emoji = [payload for payload in asked if b"emoji" in payload]
    assert of_emoji
    assert all(b"Choice" in payload for payload in of_emoji), "the language model was asked, not the encoder"


def test_neither_schedule_nor_latency_matters_when_a_language_model_decides(tmp_path: Path) -> None:
    ways = {thought: {"meaning": 1.0, "channel": 0.5, "likelihood": 0.5} for thought in WEIGHED}
    changes = {"end": "09:00", "minds.ways": ways}
    runs = [
        run_town(tmp_path, model=model, schedule=schedule, changes=changes)
        for model, schedule in (("scripted", "strict"), ("scripted:latency=lognormal", "out-of-order"))
    ]
    logs = [run.folder.events_path.read_bytes() for run in runs]
    assert logs[0] == logs[1]
    assert b"meaning+channel+likelihood" in logs[0]


# -- the card that comes along ---------------------------------------------------------------------------------------


def test_the_readme_shows_the_card_that_comes_along() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert page == with_card(page, CARD), "write it anew: python -m agents.exams.readme"


def test_a_page_without_marks_is_bad_input() -> None:
    with pytest.raises(BadInput, match="<!-- thoughts -->"):
        with_card("# A page\n", CARD)


def test_the_card_names_every_thought() -> None:
    assert {row["thought"] for row in CARD["rows"]} == set(EXAMS)
    assert {row["thought"] for row in CARD["lines"]} == set(LINE_EXAMS)
    assert {thought.name for thought in THOUGHTS} == {*EXAMS, *LINE_EXAMS}


@pytest.mark.parametrize("name", EXAMS)
def test_a_discrete_thought_is_a_rule_or_clearly_better_than_both_baselines(name: str) -> None:
    exam = EXAMS[name]()
    (used,) = [row for row in CARD["rows"] if row["thought"] == name and row["used"]]
    assert used["cases"] == exam.size
    assert (used["way"] == RULE) == (isinstance(exam, ChoiceExam) and not exam.ways)
    clear = Mark(used["right"], exam.size).beats(max(exam.chance, exam.frequent))
    assert (used["way"] == RULE or clear) == (name not in NO_BETTER_THAN_A_BASELINE)


@pytest.mark.parametrize("name", CHOICES)
def test_what_rules_get_right_is_on_the_card(name: str) -> None:
    exam = EXAMS[name]()
    assert isinstance(exam, ChoiceExam)
    rules = [sum(q.rule in q.right for q in exam.questions)] if any(q.rule is not None for q in exam.questions) else []
    assert [row["right"] for row in CARD["rows"] if row["thought"] == name and row["way"] == RULE] == rules


@pytest.mark.parametrize("name", ["rhythm", "whom"])
def test_what_the_embedded_encoder_gets_right_is_on_the_card(name: str, embedded: EmbeddedBackend) -> None:
    exam = EXAMS[name]()
    assert isinstance(exam, ChoiceExam)
    outcomes = replace(exam, ways=(MEANING,)).sit(Desk(embedded))
    right = {outcome.way: sum(outcome.right) for outcome in outcomes}
    assert right[MEANING] == next(
        row["right"] for row in CARD["rows"] if (row["thought"], row["way"]) == (name, MEANING)
    )


@pytest.mark.slow
def test_the_embedded_models_sitting_all_exams_anew_get_the_card_that_comes_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THORP_CACHE", str(tmp_path))
    assert run_command_line(["evaluate", "thoughts", "--model", "embedded", "--no-keep", "--json"]) == 0
    anew = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert anew["model"] == CARD["model"]
    assert list(anew["ways"]) == list(CARD["ways"])
    for part in ("rows", "lines"):
        assert [counts(row) for row in anew[part]] == [counts(row) for row in CARD[part]]


def counts(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says that depends neither on the clock nor on what the model has kept of earlier prompts."""
    return {key: row[key] for key in row if key not in ("seconds", "prompt_tokens_computed", "weights")}


# -- the desk --------------------------------------------------------------------------------------------------------


def test_thoughts_at_one_desk_are_the_same_as_each_alone() -> None:
    exam = EXAMS["place"]()
    assert isinstance(exam, ChoiceExam)
    thoughts = [question.think for question in exam.questions[:6] if question.think]
    for way in ("meaning", "channel", "likelihood"):
        together, cost = Desk(ScriptedBackend(LINES)).sit({way: 1.0}, thoughts)
        alone = [Desk(ScriptedBackend(LINES)).sit({way: 1.0}, [thought])[0][0] for thought in thoughts]
        assert together == alone
        assert cost.requests == 6
        assert cost.usage.prompt > 0


# -- texts -----------------------------------------------------------------------------------------------------------


def test_texts_are_counted() -> None:
    rows = sit_lines(list(LINE_EXAMS), Desk(ScriptedBackend(LINES)), lambda _: None)
    for row in rows:
        assert 0 < row.fit <= row.samples <= row.asked
        assert row.plain == row.loops == row.strangers == 0
        assert 1 <= row.distinct <= row.cases
        assert row.cost.usage.generated


# -- the page and the command ----------------------------------------------------------------------------------------


def test_the_page_of_thoughts_is_written_from_the_declarations() -> None:
    said = "write it anew: python -m agents.exams.document > docs/thoughts.md"
    assert (ROOT / "docs" / "thoughts.md").read_text(encoding="utf-8") == document(), said


def test_shared_words_leave_out_small_ones() -> None:
    assert shared_words("reading a book at the table", "books to read and study") == 2
    assert shared_words("is at the", "the is at") == 0


def test_evaluate_thoughts_prints_a_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THORP_CACHE", str(tmp_path))
    arguments = ["evaluate", "thoughts", "--model", "scripted", "--json"]
    assert run_command_line([*arguments, "--thought", "whom", "--thought", "reply"]) == 0
    said = capsys.readouterr()
    card = json.loads(said.out.splitlines()[-1])
    assert [(row["thought"], row["way"]) for row in card["rows"]] == [("whom", "rule"), ("whom", "meaning")]
    assert [row["used"] for row in card["rows"]] == [False, True]
    assert [row["thought"] for row in card["lines"]] == ["reply"]
    assert "whom" in said.err
    assert not list(tmp_path.iterdir()), "nothing is kept of the scripted model"
    assert run_command_line([*arguments, "--thought", "whim"]) == 2
    assert "did you mean 'whom'" in capsys.readouterr().err


@pytest.mark.parametrize("name", LINE_EXAMS)
def test_texts_have_many_different_cases(name: str) -> None:
    _, make, _ = LINE_EXAMS[name]
    cases = make(read(LinesSheet, "lines"))
    assert len({tuple(sorted(case.values.items())) for case in cases}) == len(cases) >= FEWEST_CASES
    assert all(case.values["other"] != case.values["me"] for case in cases if "other" in case.values)


def test_nobody_is_asked_what_they_think_or_heard_of_themselves() -> None:
    sheet = read(LinesSheet, "lines")
    for name in ("opinion", "interview"):
        _, cases, _ = LINE_EXAMS[name]
        for noted, case in zip(sheet.notes, cases(sheet), strict=True):
            assert case.values["me"] != noted.about.split()[0]
