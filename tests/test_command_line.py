"""The command line as a user meets it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.cognition.script import LINES
from engine.llm.records import read_replies
from engine.llm.requests import Answer, Request, Vectors
from engine.llm.scripted import ScriptedBackend
from engine.record.events import Body, Decided, Event, Failed, Key, PlanEntry, Planned
from replay.plans import Planning
from tests.engine.llm import tiny
from tests.towns import events_of, run_town
from thorp.cli import run_command_line
from thorp.scenario import DATA, DEFAULT_SCENARIO

ROOT = Path(__file__).parent.parent
CONTRACT = {
    "run",
    "agents",
    "sim_seconds",
    "wall_seconds",
    "events",
    "requests",
    "replies_recorded",
    "replies_new",
    "prompt_tokens",
    "prompt_tokens_computed",
    "generated_tokens",
    "mean_batch",
    "failures",
    "events_digest",
    "model",
}


def thorp(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "run_sim.py", *arguments],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def scenario(tmp_path: Path) -> dict[str, Any]:
    """The default scenario as data, to be broken and written by `run_broken`."""
    data = yaml.safe_load(DEFAULT_SCENARIO.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def run_broken(data: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a broken scenario; returns the one sentence about it."""
    path = folder / "broken.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    assert run_command_line(["run", str(path), "--model", "scripted", "--out", str(folder / "out")]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert not (folder / "out").exists()
    assert said.err.count("\n") == 1
    assert "broken.yaml" in said.err
    return said.err


def test_run_prints_the_contract_and_the_same_digest_under_any_hash_seed(tmp_path: Path) -> None:
    answers = []
    for number, seed in enumerate(("0", "1")):
        out = tmp_path / f"run{number}"
        done = thorp("run", "--model", "scripted", "--until", "09:00", "--json", "--out", out, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout.splitlines()[-1]))
        assert set(answers[-1]) >= CONTRACT
        assert "thorp replay" in done.stderr.replace("\n", " ")
        assert "Ida Calder" in done.stderr
    assert answers[0]["events_digest"] == answers[1]["events_digest"]
    assert answers[0]["agents"] == 5
    assert answers[0]["sim_seconds"] == 9000
    assert answers[0]["requests"] == answers[0]["replies_new"] + answers[0]["replies_recorded"]


def test_a_run_folder_holds_three_files_and_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "run")
    assert run_command_line(["run", "--model", "scripted", "--until", "07:30", "--agents", "2", "--out", out]) == 0
    assert sorted(path.name for path in Path(out).iterdir()) == ["events.log", "manifest.json", "replies.log"]
    capsys.readouterr()
    assert run_command_line(["verify", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    log = Path(out) / "events.log"
    content = bytearray(log.read_bytes())
    content[len(content) // 2] ^= 1
    log.write_bytes(content)
    assert run_command_line(["verify", out]) == 1
    assert re.search(r"frame \d+ at byte \d+", capsys.readouterr().err)


def test_a_run_is_not_written_over_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    assert run_command_line(["run", "--model", "scripted", "--out", str(tmp_path)]) == 2
    assert "--out" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").read_text() == "keep me"


def test_a_spent_budget_is_status_1_and_still_tells_the_story(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--model", "scripted", "--max-requests", "60", "--json", "--out", str(tmp_path / "run")]
    assert run_command_line(["run", *arguments]) == 1
    said = capsys.readouterr()
    assert "budget of 60 new requests is spent" in said.err
    assert f"go on with: thorp resume {tmp_path / 'run'}" in said.err
    assert json.loads(said.out)["replies_new"] <= 60


def test_an_unknown_key_is_named_with_the_nearest(
    scenario: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario["people"][1]["trait"] = "shy"
    said = run_broken(scenario, tmp_path, capsys)
    assert "people[1].trait" in said
    assert "did you mean 'traits'" in said


def test_a_missing_map_is_named(scenario: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario["world"]["map"] = "torp.tmj"
    said = run_broken(scenario, tmp_path, capsys)
    assert "world.map" in said
    assert "did you mean 'thorp.tmj'" in said


def test_a_map_outside_of_the_scenario_folder_is_refused(
    scenario: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario["world"]["map"] = os.path.relpath(DEFAULT_SCENARIO.parent / "thorp.tmj", tmp_path)
    assert "world.map" in run_broken(scenario, tmp_path, capsys)


def test_an_address_that_does_not_exist_is_named(
    scenario: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario["people"][2]["habits"][0]["where"] = "Willow Park:pond sight"
    said = run_broken(scenario, tmp_path, capsys)
    assert "people[2].habits[0].where" in said
    assert "did you mean 'Willow Park:pond side'" in said


def test_a_persona_without_a_home_is_named(
    scenario: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del scenario["people"][0]["home"]
    assert "key people[0].home: is required" in run_broken(scenario, tmp_path, capsys)


def test_relatives_who_do_not_take_part_are_no_slips(
    scenario: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario["people"][0]["knows"] = {"Anna Calder": "her sister", "Mara Reed": "the miller's late wife"}
    scenario["people"][4] |= {"name": "Ina Calder"}  # and one who is left out by --agents
    scenario["people"][0]["knows"]["Ina Calder"] = "her niece"
    path = tmp_path / "family.yaml"
    path.write_text(yaml.safe_dump(scenario), encoding="utf-8")
    arguments = ["--model", "scripted", "--agents", "1", "--until", "06:32", "--out", str(tmp_path / "out")]
    assert run_command_line(["run", str(path), *arguments]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (("minds", "retention"), 10**30, "key minds.retention"),
        (("minds", "retrieval"), {"decay": -1}, "key minds.retrieval.decay"),
        (("minds", "retrieval"), {"recency": float("inf")}, "key minds.retrieval.recency"),
        (("start",), 5, "must be a date and time"),
        (("name",), "a\x1b[2J", "one line of text"),
        (("world", "map"), "a\0b", "key world.map"),
        (("world", "map"), "x" * 5000, "key world.map"),
        (("people", 0, "name"), "Ida\u2028Calder", "key people[0].name"),
        (("people", 0, "home"), "Rose\nCottage", "did you mean 'Rose Cottage'"),
        (("people", 0, "knows"), {"": "nobody"}, "people[0].knows"),
        (("people", 0, "news"), [{"text": "I am giving a party"}], "put the person's name in place of 'I'"),
    ],
)
def test_odd_values_are_one_sentence(
    key: tuple[Any, ...],
    value: object,
    expected: str,
    scenario: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    branch: Any = scenario
    for part in key[:-1]:
        branch = branch[part]
    branch[key[-1]] = value
    assert expected in run_broken(scenario, tmp_path, capsys)


def test_texts_that_look_like_markup_are_shown_as_they_are(
    scenario: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario["name"] = "A [/town]"
    scenario["people"][0] |= {"name": "Ida [/bold]"}
    for person in scenario["people"]:
        person["knows"] = {}
    path, out = tmp_path / "markup.yaml", str(tmp_path / "a[/run]")
    path.write_text(yaml.safe_dump(scenario), encoding="utf-8")
    assert run_command_line(["run", str(path), "--model", "scripted", "--until", "07:30", "--out", out]) == 0
    assert run_command_line(["verify", out]) == 0
    said = capsys.readouterr().err.replace("\n", "")
    assert "A [/town]" in said
    assert "Ida [/bold]" in said
    assert "a[/run]" in said


def test_a_name_that_nearly_is_somebody_is_named(
    scenario: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario["people"][0]["knows"] = {"Jonas Read": "a regular guest"}
    assert "did you mean 'Jonas Reed'" in run_broken(scenario, tmp_path, capsys)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["run", "--model", "scriptd"], "did you mean 'scripted'"),
        (["run", "--model", "scripted:latency=slow"], "latency=lognormal"),
        (["run", "--model", "scripted", "--schedule", "strickt"], "did you mean 'strict'"),
        (["run", "--model", "scripted", "--until", "noonish"], "is not a time"),
        (["run", "--model", "scripted", "--set", "minds.atention=2"], "did you mean 'attention'"),
        (["run", "--model", "scripted", "--agents", "6"], "1 to 5"),
        (["run", "--model", "scripted", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["run", "--model", "embedded:nowhere.gguf"], "nowhere.gguf"),
        (["run", "--model", "embedded:a\0[/b]"], "cannot be the path of a file"),
        (["run", "--model", "scripted", "--set", "people.².age=3"], "there is no '²'"),
        (["run", "--model", f"embedded:{DEFAULT_SCENARIO}"], "morning.yaml"),
        (["run", "--model", "recorded"], "'recorded' goes with the resume and fork of a run"),
        (["run", "--model", "embedded?precision=fp8"], "allowed: ?precision=fp16, ?precision=fp32"),
        (["models", "nowhere"], "nowhere: cannot be read (there is no such file or folder)"),
        (["run", "--model", "openai:http://127.0.0.1:8000/v1"], "openai:BASE_URL#MODEL"),
        (["run", "--model", "openai:http://ann:secret@127.0.0.1/v1#m"], "must not hold a user or password"),
        (["serve", "--model", "scripted"], "cannot be served (allowed: embedded, embedded:PATH)"),
        (["serve", "--host", "no such host"], "cannot listen on no such host, port 8000"),
        (["serve", "--host", "203.0.113.1"], "cannot listen on 203.0.113.1, port 8000"),
        (["resume", "nowhere"], "not a run folder"),
        (["resume", "nowhere", "--schedule", "strickt"], "did you mean 'strict'"),
        (["fork", "nowhere", "--at", "08:00"], "not a run folder"),
        (["intervene", "nowhere", "--say", "it rains"], "not a run folder"),
        (["intervene", "nowhere"], "needs either a file or --say"),
        (["intervene", "nowhere", "news.yaml", "--say", "it rains"], "needs either a file or --say"),
        (["intervene", "nowhere", "news.yaml", "--to", "Ida"], "--to, --as and --at go with --say"),
        (["intervene", "nowhere", "--say", "it rains", "--as", "a nun"], "--as: goes with --to"),
        (["intervene", "nowhere", "--say", "I am ill"], "put the person's name in place of 'I'"),
        (["inspect", "nowhere", "--agent", "Ida"], "not a run folder"),
        (["inspect", "nowhere", "--at", "08:00"], "--at: goes with --agent"),
        (["inspect", "nowhere", "--insights", "3"], "--insights: goes with --agent"),
        (["replay", "nowhere"], "not a run folder"),
        (["verify", "nowhere"], "not a run folder"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    arguments: list[str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "out")] if arguments[0] == "run" else []
    assert run_command_line([*arguments, *out]) == 2
    said = capsys.readouterr().err
    assert expected in said
    assert said.startswith("thorp: ")
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "command",
    [
        "",
        "run",
        "resume",
        "fork",
        "intervene",
        "replay",
        "inspect",
        "verify",
        "import",
        "models",
        "doctor",
        "bench",
        "serve",
    ],
)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line([*command.split(), "--help"]) == 0
    said = capsys.readouterr().out
    assert "Usage" in said
    assert "Example" in said or not command


def test_models_can_be_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny.write(tmp_path / "small.gguf")
    assert run_command_line(["models", str(path), "--json"]) == 0
    told = capsys.readouterr()
    model = json.loads(told.out.splitlines()[-1])["model"]
    assert (model["family"], model["kind"], model["layers"], model["context"]) == ("llama", "GGUF", 2, 96)
    assert (model["formats"], model["chat_template"]) == (["Q8_0", "F32"], False)
    assert model["parameters"] == sum(tensor.size for tensor in tiny.weights().values())
    assert f"embedded:{path}" in told.err.replace("\n", "")


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("llama.block_count", 1024, "tensor blk.2.attn_norm.weight: is missing from the model"),
        ("llama.feed_forward_length", 63, "tensor blk.0.ffn_gate.weight: has shape [64, 32], but the settings ask for"),
        ("llama.block_count", 1, "holds 9 tensors that a model of the family 'llama' has not: 'blk.1."),
    ],
)
def test_models_that_cannot_be_used_are_not_shown_as_if(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], key: str, value: int, problem: str
) -> None:
    path = tiny.write(tmp_path / "small.gguf", {**tiny.metadata(), key: value})
    assert run_command_line(["models", str(path)]) == 2
    assert problem in capsys.readouterr().err


def test_how_to_get_a_model(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_command_line(["models", "get", "SmolLM2-135M-Instruct"]) == 0
    assert "SmolLM2-135M-Instruct.Q4_1.gguf" in capsys.readouterr().err
    assert run_command_line(["models", "get", "some-other-model"]) == 1
    assert "Thorp fetches no models. Bring a Hugging Face folder" in capsys.readouterr().err
    monkeypatch.setattr("engine.llm.inventory.importlib.util.find_spec", lambda name: None)
    assert run_command_line(["models", "get", "embedded"]) == 1
    assert "make install" in capsys.readouterr().err


def test_an_unknown_option_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(["run", "--sed", "3"]) == 2
    assert "--sed" in capsys.readouterr().err


def test_a_foreign_package_of_the_same_name_is_refused(tmp_path: Path) -> None:
    decoy = tmp_path / "agents"
    decoy.mkdir()
    (decoy / "__init__.py").write_text("raise SystemExit('the decoy was imported')")
    # As the console script starts: without this folder in front of the path.
    start = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; import run_sim; run_sim.main()"
    done = subprocess.run([sys.executable, "-c", start, "doctor"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert str(decoy) in done.stderr
    assert "PYTHONPATH" in done.stderr
    assert "the decoy was imported" not in done.stderr


def test_a_package_overwritten_in_place_is_noticed(tmp_path: Path) -> None:
    for room in ("engine", "agents", "worlds", "replay"):
        (tmp_path / room).mkdir()
        text = (ROOT / room / "__init__.py").read_text(encoding="utf-8")
        (tmp_path / room / "__init__.py").write_text("# another distribution" if room == "agents" else text)
    (tmp_path / "run_sim.py").write_text((ROOT / "run_sim.py").read_text(encoding="utf-8"))
    done = subprocess.run([sys.executable, tmp_path / "run_sim.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "agents' in" in done.stderr
    assert "overwritten" in done.stderr


def test_the_console_script_is_the_same_program() -> None:
    script = Path(sysconfig.get_path("scripts")) / "thorp"
    done = subprocess.run([script, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "replay" in done.stdout


def test_a_replay_is_exported_without_a_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, picture = str(tmp_path / "run"), tmp_path / "moment.png"
    assert run_command_line(["run", "--model", "scripted", "--until", "07:30", "--agents", "2", "--out", out]) == 0
    assert run_command_line(["replay", out, "--export", str(picture), "--at", "07:20"]) == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert run_command_line(["replay", out, "--export", str(tmp_path / "film.avi")]) == 2
    assert ".gif" in capsys.readouterr().err


def test_inspect_tells_the_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "run")
    assert run_command_line(["run", "--model", "scripted", "--until", "08:00", "--out", out]) == 0
    capsys.readouterr()
    assert run_command_line(["inspect", out, "--json"]) == 0
    said = capsys.readouterr()
    assert "Ember Cafe" in said.err
    assert json.loads(said.out)["events"]["Acted"] > 10


def test_inspect_counts_what_was_asked_of_the_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "run")
    assert run_command_line(["run", "--model", "scripted", "--until", "08:30", "--out", out, "--json"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert run_command_line(["inspect", out, "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    asked = told["asked"]
    assert asked["agent_days"] == pytest.approx(5 * 2 / 24, abs=1e-4)
    assert (asked["requests"], asked["prompt_tokens"]) == (done["replies_new"], done["prompt_tokens"])
    assert asked["per_agent_day"] == pytest.approx(done["replies_new"] / (5 * 2 / 24), abs=0.1)
    assert asked["computed_per_request"] == pytest.approx(done["prompt_tokens_computed"] / asked["requests"], abs=0.1)
    for key in ("requests", "prompt_tokens", "prompt_tokens_computed", "generated_tokens"):
        assert sum(row[key] for row in asked["by_purpose"].values()) == asked[key]
    plans = told["plans"]
    assert (plans["made"], plans["repaired"], plans["rate"], plans["repairs"]) == (5, 0, 0, {})
    assert plans["entries"] > 5 * 5
    told_plainly = f"5 plans of a day were made, with {plans['entries']} entries; 0 of these (0.0%) needed repair."
    assert told_plainly in said.err
    assert told["failures"] == {}
    assert "No thought had to go on without its model." in said.err
    assert "What was asked of the model in 0.42 agent-days" in said.err


class Uncounted(ScriptedBackend):
    """The scripted model; what its sentence encoder reads is not counted, as with the embedded one."""

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        answers = super().answer(requests)
        return [Answer(a.reply) if isinstance(a.reply, Vectors) else a for a in answers]


@pytest.mark.parametrize("counted", [True, False])
def test_inspect_tells_the_language_model_and_the_sentence_encoder_apart(
    counted: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backend = (ScriptedBackend if counted else Uncounted)(LINES)
    run = run_town(tmp_path, changes={"end": "08:30"}, backend=backend)
    assert run_command_line(["inspect", str(run.folder.path), "--json"]) == 0
    said = capsys.readouterr()
    asked = json.loads(said.out)["asked"]
    of_model, of_encoder, days = asked["language_model"], asked["encoder"], 5 * 2 / 24
    answers = [answer for _, answer in read_replies(run.folder.replies_path)]
    for part, theirs in (
        (asked, answers),
        (of_model, [a for a in answers if not isinstance(a.reply, Vectors)]),
        (of_encoder, [a for a in answers if isinstance(a.reply, Vectors)]),
    ):
        computed = sum(a.usage.computed for a in theirs)
        assert (part["requests"], part["prompt_tokens_computed"]) == (len(theirs), computed)
        assert part["per_agent_day"] == pytest.approx(len(theirs) / days, abs=0.1)
        assert part["computed_per_request"] == pytest.approx(computed / len(theirs), abs=0.1)
        assert part["computed_per_agent_day"] == pytest.approx(computed / days, abs=0.1)
        assert sum(row["requests"] for row in part["by_purpose"].values()) == len(theirs)
    assert (of_encoder["prompt_tokens"] > 0) == counted
    assert of_model["computed_per_request"] != asked["computed_per_request"]
    for name, part in (("All requests", asked), ("Language model", of_model), ("Sentence encoder", of_encoder)):
        each, in_all = part["computed_per_request"], part["computed_per_agent_day"]
        cost = f"{each:,} newly computed prompt tokens for each, {in_all:,} for each agent-day"
        cost = "its tokens are not counted" if part is of_encoder and not counted else cost
        assert f"{name}: {part['per_agent_day']:,} for each agent-day; {cost}." in said.err


def test_entries_of_plans_that_needed_repair_are_counted_among_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def habit(at: str, do: str, where: str, minutes: int) -> dict[str, Any]:
        return {"at": at, "do": do, "where": where, "minutes": minutes}

    papers = habit("08:05", "leafing through the papers", "Thorp Library", 120)  # it opens at nine
    letter = habit("19:00", "posting a letter", "Post Office", 30)  # closed since half past five
    novels = [habit(at, "choosing a novel", "Thorp Library", 120) for at in ("17:00", "20:00")]  # closes at six
    changes = {"end": "07:10", "people.0.habits": [papers, letter], "people.1.habits": novels}
    run = run_town(tmp_path, changes=changes)
    assert run_command_line(["inspect", str(run.folder.path), "--json"]) == 0
    said = capsys.readouterr()
    plans = json.loads(said.out)["plans"]
    days = [e.body.entries for e in events_of(run) if isinstance(e.body, Planned) and e.body.level == "day"]
    parted = 2  # the papers and the first novel, in what can be done there and what cannot
    entries = sum(map(len, days)) - parted
    assert (plans["made"], plans["entries"], plans["repaired"]) == (len(days), entries, 4)
    assert plans["rate"] == 4 / entries
    assert plans["repairs"] == {"closed": 2, "closes before": 1, "opens later": 1}
    assert f"with {entries} entries; 4 of these ({4 / entries:.1%}) needed repair (closed 2, " in said.err


def test_an_entry_that_is_repaired_in_several_rounds_has_needed_it_once() -> None:
    planning = Planning()
    bodies: tuple[Body, ...] = (
        Decided("repair", "rule", "opens later: reading at the bar at town:Hall"),
        Decided("repair", "rule", "closes before: reading at the bar at town:Hall"),
        Decided("repair", "rule", "closed: reading at town:Library"),
    )
    entries = [PlanEntry(0, 9, what, "town:Home") for what in ("reading", "eating", "reading", "reading at the bar")]
    for number, body in enumerate((*bodies, Planned("day", tuple(entries)), Planned("day", tuple(entries)))):
        planning.take(Event(Key(0, 1, 0, number), body))
    assert (planning.made, planning.entries, planning.repaired) == (2, 8, 2)


def planned(*bodies: tuple[int, Body]) -> Planning:
    """What is counted of what agents (by their numbers) plan, one thing after the other."""
    planning = Planning()
    for number, (agent, body) in enumerate(bodies):
        planning.take(Event(Key(0, 1, agent, number), body))
    return planning


def test_what_a_changed_plan_needs_is_not_counted_with_the_plans_of_days() -> None:
    reading = PlanEntry(0, 60, "reading", "town:Library"), PlanEntry(60, 60, "eating", "town:Home")
    repair = Decided("repair", "rule", "closed: reading at town:Library")
    day, hour = Planned("day", reading), Planned("hour", reading)
    once = planned((0, day), (0, hour), (0, repair), (0, hour), (0, hour), (0, day), (0, hour))
    assert (once.made, once.entries, once.repaired, dict(once.causes)) == (2, 4, 0, {})
    assert (once.changed, once.changed_repaired, dict(once.changed_causes)) == (2, 1, {"closed": 1})
    both = planned((0, repair), (1, repair), (0, day), (1, hour), (0, hour), (0, repair), (0, repair), (0, hour))
    assert (both.made, both.repaired, dict(both.causes)) == (1, 1, {"closed": 1})
    assert (both.changed, both.changed_repaired, dict(both.changed_causes)) == (2, 2, {"closed": 3})
    failed = planned((0, repair), (0, Failed("mind", "ValueError", "")), (0, day), (0, hour))
    assert (failed.made, failed.repaired, failed.changed) == (1, 0, 0)


@pytest.mark.parametrize("habit", [False, True])
def test_who_is_made_to_go_to_a_closed_library_has_changed_a_plan(
    habit: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where it is a habit on the next day, at a time at which the library is open."""
    order = {"at": "20:30", "kind": "embody", "to": "Ida Calder", "do": "reading a book", "where": "Thorp Library"}
    reading = {"at": "10:00", "do": "reading a book", "where": "Thorp Library", "minutes": 60}
    changes = {"end": "2023-02-14T08:00", "interventions": [order], "people.0.habits": [reading] if habit else []}
    run = run_town(tmp_path, agents=1, changes=changes)
    assert run_command_line(["inspect", str(run.folder.path), "--json"]) == 0
    said = capsys.readouterr()
    plans = json.loads(said.out)["plans"]
    assert (plans["made"], plans["repaired"], plans["rate"], plans["repairs"]) == (2, 0, 0, {})
    levels = Counter(e.body.level for e in events_of(run) if isinstance(e.body, Planned))
    changed = levels["hour"] - levels["day"]
    assert plans["changed"] == {"made": changed, "repaired": 1, "repairs": {"closed": 1}}
    assert f"with {plans['entries']} entries; 0 of these (0.0%) needed repair." in said.err
    told_plainly = f"In the course of a day it was planned anew {changed} times, of which 1 needed repair (closed 1)."
    assert told_plainly in said.err


def test_inspect_says_what_was_gone_on_without(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    looping = ScriptedBackend({**LINES, "reply": (" so so so so so.",), "greeting": (" well well well well.",)})
    run = run_town(tmp_path, changes={"end": "07:40"}, backend=looping)
    failed = Counter((e.body.thought, e.body.kind) for e in events_of(run) if isinstance(e.body, Failed))
    assert run_command_line(["inspect", str(run.folder.path), "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)["failures"]
    assert {(thought, kind): n for thought, kinds in told.items() for kind, n in kinds.items()} == failed
    assert failed["reply", "degenerate"] > 1 and failed["greeting", "degenerate"] > 0
    for thought in ("reply", "greeting"):
        row = rf"│ {thought} +│ degenerate +│ +{failed[thought, 'degenerate']} │"
        assert re.search(row, said.err)


def test_an_interrupted_run_is_gone_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "run")
    arguments = ["--model", "scripted", "--until", "07:40", "--json"]
    assert run_command_line(["run", *arguments, "--out", str(tmp_path / "whole")]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert run_command_line(["run", *arguments, "--max-requests", "100", "--out", out]) == 1
    assert run_command_line(["run", "--model", "scripted", "--out", out]) == 2
    assert "holds a run already" in capsys.readouterr().err
    assert run_command_line(["resume", out, "--max-requests", "5", "--json"]) == 1
    capsys.readouterr()
    assert run_command_line(["resume", out, "--json"]) == 0
    said = capsys.readouterr()
    done = json.loads(said.out)
    assert set(done) >= CONTRACT | {"events_reused"}
    assert done["events_digest"] == whole["events_digest"]
    assert 0 < done["events_reused"] < done["events"]
    assert 0 < done["replies_new"] < whole["replies_new"]
    assert "Watch it" in said.err
    assert run_command_line(["resume", out, "--json"]) == 0
    said = capsys.readouterr()
    assert "Nothing to do" in said.err
    assert json.loads(said.out)["replies_new"] == 0
    assert run_command_line(["inspect", out, "--json"]) == 0
    said = capsys.readouterr()
    assert "Resumed 2 times, the last time with" in said.err
    assert f"new since then: {done['replies_new']}." in said.err
    replies = json.loads(said.out)["replies"]
    assert replies["recorded"] - replies["before_last_continuation"] == done["replies_new"]


def test_a_fork_tells_how_far_its_change_spread(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parent, out, news = str(tmp_path / "day"), str(tmp_path / "other"), tmp_path / "news.yaml"
    news.write_text("- {at: 07:10, kind: inner_voice, to: Tomas Birch, text: the school needs a new roof}\n")
    assert run_command_line(["run", "--model", "scripted", "--until", "08:00", "--out", parent]) == 0
    assert run_command_line(["fork", parent, "--at", "07:00", "--intervene", str(news), "--out", out]) == 0
    assert "A thought comes to Tomas Birch" in capsys.readouterr().err
    assert run_command_line(["inspect", out, "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["parent"] == {"path": parent, "at": 1800}
    assert told["spread"][0]["agent"] == "Tomas Birch"
    assert [touch["touched"] for touch in told["spread"]] == list(range(1, len(told["spread"]) + 1))
    assert told["replies"]["inherited"] > told["replies"]["own"] > 0
    assert "How far the change spread" in said.err
    assert f"new: {told['replies']['own']}." in said.err
    shutil.rmtree(parent)
    assert run_command_line(["inspect", out, "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["spread"] is None
    assert "is not known" in said.err


def test_a_fork_tells_what_it_has_understood_of_its_interventions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parent, news = str(tmp_path / "day"), tmp_path / "news.yaml"
    assert run_command_line(["run", "--model", "scripted", "--until", "06:50", "--out", parent]) == 0
    news.write_text("[]\n")
    fork = ["fork", parent, "--at", "06:45", "--intervene", str(news)]
    assert run_command_line(fork) == 2
    assert "news.yaml: holds no intervention" in capsys.readouterr().err
    assert not (tmp_path / "day-fork-001").exists()
    news.write_text("- {at: 06:00, kind: broadcast, text: it rains}\n- {at: 06:46, kind: broadcast, text: it snows}\n")
    assert run_command_line(fork) == 0
    said = capsys.readouterr().err
    assert "Monday 13 February 2023, 06:46: Everybody hears: it snows" in said
    assert "Tuesday 14 February 2023, 06:00: Everybody hears: it rains" in said
    assert "One of them lies beyond the end of the run, Monday 13 February 2023, 06:50 (--until" in said
    said_later = ["intervene", parent, "--say", "it rains", "--at", "06:00"]
    assert run_command_line(said_later) == 0
    assert "Tuesday 14 February 2023, 06:00: Everybody hears: it rains" in capsys.readouterr().err


def test_a_fork_without_a_folder_of_its_own_gets_one_beside_its_parent(tmp_path: Path) -> None:
    parent = str(tmp_path / "day")
    assert run_command_line(["run", "--model", "scripted", "--until", "07:00", "--out", parent]) == 0
    for number in (1, 2):
        assert run_command_line(["fork", parent, "--at", "06:45", "--seed", "3"]) == 0
        assert (tmp_path / f"day-fork-00{number}" / "manifest.json").is_file()
    assert run_command_line(["fork", parent, "--at", "06:45", "--out", parent]) == 2


def test_what_is_said_to_a_run_that_has_ended_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "run")
    assert run_command_line(["run", "--model", "scripted", "--until", "07:00", "--out", out]) == 0
    said = ["--say", "the well is dry", "--to", "Ida Calder", "--as", "a stranger"]
    assert run_command_line(["intervene", out, *said, "--at", "06:45"]) == 2
    assert (
        "intervene, key at: '06:45' is Monday 13 February 2023, 06:45, before what is still open in"
        in capsys.readouterr().err
    )
    assert run_command_line(["intervene", out, *said, "--to", "Ida Caldr"]) == 2
    assert "intervene, key to: nobody is called 'Ida Caldr' (did you mean 'Ida Calder'?)" in capsys.readouterr().err
    assert run_command_line(["intervene", out, *said, "--json"]) == 0
    answer = capsys.readouterr()
    told = json.loads(answer.out)
    assert (told["going_on"], told["since"], told["interventions"]) == (False, None, 1)
    assert "the run is not going on" in answer.err
    assert "It lies beyond the end of the run" in answer.err
    assert run_command_line(["resume", out, "--until", "07:20"]) == 0
    assert "A visitor comes to Ida Calder: a stranger says that the well is dry" in capsys.readouterr().err
    assert run_command_line(["inspect", out, "--json"]) == 0
    answer = capsys.readouterr()
    (letter,) = json.loads(answer.out)["letters"]
    assert (letter["name"], letter["since"]) == (told["letter"], 1800)
    assert "Spoken to since it began: 1 intervention, known from" in answer.err


def test_a_log_cut_off_by_a_crash_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    assert run_command_line(["run", "--model", "scripted", "--until", "07:10", "--out", str(out)]) == 0
    log = out / "events.log"
    log.write_bytes(log.read_bytes()[:-3])
    capsys.readouterr()
    assert run_command_line(["inspect", str(out)]) == 0
    assert run_command_line(["resume", str(out)]) == 0
    assert "events.log: the last" in capsys.readouterr().err
    assert run_command_line(["verify", str(out)]) == 0


def commands_in(page: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = [line.strip() for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [line.split("  #")[0].strip() for line in lines if line.startswith(("thorp ", "python run_sim.py "))]


def yaml_in(page: str) -> str:
    """The first YAML file that a page shows."""
    return str(re.findall(r"```yaml\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)[0])


@pytest.mark.parametrize("page", ["README.md", "docs/maps.md", "docs/runs.md"])
def test_the_commands_of_the_pages_run(page: str, tmp_path: Path) -> None:
    commands = commands_in(page)
    assert len(commands) >= 3
    if page == "docs/runs.md":
        (tmp_path / "news.yaml").write_text(yaml_in(page), encoding="utf-8")
    else:
        shutil.copy(DATA / "thorp.tmj", tmp_path / "my_map.tmj")
        shutil.copy(DATA / "tiles.png", tmp_path)
    for command in commands:
        words = shlex.split(command.removeprefix("thorp ").removeprefix("python run_sim.py "))
        if words[0] == "run" and "--model" not in words:
            words += ["--model", "scripted"]  # the embedded model has tests of its own
        if words[0] == "replay" and "--export" not in words:
            continue  # opens a window; see tests/replay
        words = ["scripted" if word == "embedded" else word for word in words]
        if words[0] == "bench":
            continue  # takes minutes; see tests/engine/test_bench.py
        if words[0] == "serve":
            continue  # goes on until it is stopped; see tests/test_serve_command.py
        done = thorp(*words, cwd=tmp_path)
        assert done.returncode == int("--max-requests" in words), f"{command}: {done.stderr}"
