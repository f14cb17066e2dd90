"""Runs whose model is behind a server: to the end, to a sentence, and on from there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from engine.record.manifest import Manifest
from tests.engine.llm.remote.fake import SECRET, Fake, Json, Reply, error
from thorp.cli import run_command_line
from thorp.live import hand_over, prepare_delivery

ROOT = Path(__file__).parent.parent


def say(call: Json, index: int) -> str:
    """A line that fits what is asked for, another one for each seed."""
    number = (call["seed"] + index) % 100
    if "response_format" in call:
        return json.dumps({"text": " mending shoes with great care today."})
    return f"I have counted {number} geese on the pond today."


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)


def arguments(url: str, out: Path, until: str = "07:30") -> list[str]:
    return ["run", "--model", f"openai:{url}#small+meanings,price=1/10", "--until", until, "--json", "--out", str(out)]


def last_line(text: str) -> dict[str, Any]:
    found = json.loads(text.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def contents(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("keyed")
def test_a_run_and_its_second_performance_without_a_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake = Fake(say)
    out = tmp_path / "run"
    with fake.served() as url:
        assert run_command_line(arguments(url, out)) == 0
        done = last_line(capsys.readouterr().out)
        calls = len(fake.calls)
        assert run_command_line(["resume", str(out), "--model", "recorded", "--json"]) == 0
        assert len(fake.calls) == calls, "nothing is asked again"
    again = last_line(capsys.readouterr().out)
    assert again["events_digest"] == done["events_digest"]
    assert again["cost"] is None
    assert done["requests"] == done["replies_new"] + done["replies_recorded"]
    assert done["replies_new"] > 50
    assert done["cost"] == pytest.approx((done["prompt_tokens"] + 10 * done["generated_tokens"]) / 1e6, abs=1e-6)
    assert done["prompt_tokens_computed"] < done["prompt_tokens"]
    assert SECRET.encode() not in contents(out)


@pytest.mark.usefixtures("keyed")
def test_both_schedules_and_any_order_of_answers_write_the_same_events(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digests = set()
    for number, schedule in enumerate(("out-of-order", "strict", "out-of-order")):

        def late(_: str, __: Json, number: int = number) -> Reply | None:
            time.sleep(0.002 * number)
            return None

        with Fake(say, before=late).served() as url:
            out = tmp_path / f"run{number}"
            assert run_command_line([*arguments(url, out), "--schedule", schedule]) == 0
        digests.add(last_line(capsys.readouterr().out)["events_digest"])
    assert len(digests) == 1


@pytest.mark.usefixtures("keyed")
def test_a_run_is_spoken_to_while_its_server_is_busy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, fork, plain = tmp_path / "run", tmp_path / "fork", tmp_path / "plain"
    news = tmp_path / "news.yaml"
    news.write_text("- {at: now, kind: broadcast, text: the bridge is closed today}", encoding="utf-8")
    left = [60]

    def before(_: str, __: Json) -> Reply | None:
        left[0] -= 1
        if left[0] == 0:
            hand_over(prepare_delivery(out, news))
        return None

    with Fake(say, before=before).served() as url:
        assert run_command_line(arguments(url, out)) == 0
        done = last_line(capsys.readouterr().out)
        (letter,) = Manifest.read(out).letters
        assert 0 < letter.since < done["sim_seconds"]
        assert run_command_line(arguments(url, plain)) == 0
        change = ["--at", f"+{letter.since}s", "--intervene", str(news), "--out", str(fork), "--json"]
        assert run_command_line(["fork", str(plain), *change]) == 0
    assert last_line(capsys.readouterr().out)["events_digest"] == done["events_digest"]


@pytest.mark.usefixtures("keyed")
def test_a_server_that_stops_answering_ends_the_run_which_goes_on_with_it_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, out = tmp_path / "whole", tmp_path / "run"
    fake = Fake(say)
    with fake.served() as url:
        assert run_command_line(arguments(url, whole)) == 0
        expected = last_line(capsys.readouterr().out)
        for status, sentence in ((401, "refuses the key in OPENAI_API_KEY"), (429, "the quota is spent")):
            left = [len(fake.calls) // 6]

            def before(path: str, call: Json, status: int = status, left: list[int] = left) -> Reply | None:
                left[0] -= path != "/v1/models"
                return error(status, f"no more for {SECRET}", code="insufficient_quota") if left[0] < 0 else None

            fake.before = before
            command = arguments(url, out) if not out.exists() else ["resume", str(out), "--json"]
            assert run_command_line(command) == 1
            said = capsys.readouterr()
            assert sentence in said.err
            assert f"go on with: thorp resume {out}" in said.err
            assert SECRET not in said.err
            assert SECRET.encode() not in contents(out)
        fake.before = lambda *_: None
        assert run_command_line(["resume", str(out), "--json"]) == 0
    done = last_line(capsys.readouterr().out)
    assert done["events_digest"] == expected["events_digest"]
    assert 0 < done["replies_new"] < expected["replies_new"]


def test_a_server_that_is_not_there_is_one_sentence_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command_line(arguments("http://127.0.0.1:1/v1", tmp_path / "run")) == 1
    said = capsys.readouterr().err
    assert "http://127.0.0.1:1/v1: cannot be reached" in said
    assert not (tmp_path / "run").exists()


def test_failures_of_requests_are_counted_and_their_texts_reach_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Fake(lambda *_: "### ERROR 12345 ###\x07").served() as url:
        assert run_command_line(arguments(url, tmp_path / "run")) == 0
    said = capsys.readouterr()
    assert last_line(said.out)["failures"]["misfit"] > 5
    assert b"ERROR 12345" not in contents(tmp_path / "run")


def test_ctrl_c_ends_a_run_that_waits_for_its_server_and_keeps_everything(tmp_path: Path) -> None:
    calls = 0

    def before(path: str, _: Json) -> Reply | None:
        nonlocal calls
        calls += path.endswith("completions")
        if calls > 20 and path.endswith("completions"):
            time.sleep(30)
        return None

    out = tmp_path / "run"
    with Fake(say, before=before).served() as url:
        command = [sys.executable, str(ROOT / "run_sim.py"), *arguments(url, out)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
        while calls <= 20 and process.poll() is None:
            time.sleep(0.05)
        time.sleep(0.3)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        assert time.monotonic() - pressed < 20
    assert process.returncode == 1, errors
    assert "stopped by hand; all of it is kept" in errors
    assert last_line(output)["replies_new"] > 0
    assert run_command_line(["verify", str(out)]) == 0
