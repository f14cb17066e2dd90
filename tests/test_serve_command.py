"""`thorp serve` as a user meets it, and a town that thinks with it."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.engine.llm import tiny
from thorp.cli import run_command_line

ROOT = Path(__file__).parent.parent


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The process of a server, and what it says of itself."""
    command = [sys.executable, str(ROOT / "run_sim.py"), "serve", "--port", "0", "--json", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"embedded:{tiny.write(tmp_path_factory.mktemp('tiny') / 'small one.gguf')}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_ends_in_good_order_and_lets_calls_end(model: str, number: signal.Signals) -> None:
    with serving("--model", model) as (process, said):
        assert said["model"] == "small-one"
        assert "small one sha256:" in said["identity"]
        body = {"model": "small-one", "prompt": "x", "max_tokens": 90, "stream": True, "seed": 3}
        with httpx.stream("POST", f"{said['url']}/completions", json=body) as response:
            process.send_signal(number)
            assert list(response.iter_lines())[-2:] == ["data: [DONE]", ""]
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert output == ""
    assert "Serving small-one on http://127.0.0.1:" in errors.replace("\n", " ")
    assert "1 requests were answered" in errors
    assert "no authentication" not in errors


def test_a_server_for_others_says_that_it_is_open(model: str) -> None:
    with serving("--model", model, "--host", "0.0.0.0") as (process, said):
        port = httpx.URL(said["url"]).port
        assert httpx.get(f"http://127.0.0.1:{port}/v1/models", headers={"Host": "any.example"}).status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "There is no authentication" in errors
    assert process.returncode == 0


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run_command_line(["serve", "--port", str(port)]) == 2
    assert f"--port: cannot listen on 127.0.0.1, port {port}: Address already in use" in capsys.readouterr().err


@pytest.fixture(scope="module")
def smollm2() -> Iterator[str]:
    with serving() as (_, said):
        assert said["model"] == "smollm2"
        yield str(said["url"])


@pytest.mark.slow
def test_the_real_model_answers_the_official_client(smollm2: str) -> None:
    with openai.OpenAI(base_url=smollm2, api_key="none") as client:
        answer = client.completions.create(
            model="smollm2", prompt="The capital of France is", max_tokens=3, temperature=0, logprobs=3
        )
        assert "Paris" in answer.choices[0].text
        messages: Any = [{"role": "user", "content": "What is the capital of France? Answer with one word."}]
        chat = client.chat.completions.create(model="smollm2", messages=messages, temperature=0, max_tokens=12)
        assert "Paris" in str(chat.choices[0].message.content)
        assert chat.choices[0].finish_reason == "stop"
        schema = {
            "type": "object",
            "properties": {"city": {"type": "string", "pattern": "[A-Z][a-z]{2,10}"}},
            "required": ["city"],
            "additionalProperties": False,
        }
        form: Any = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": schema}}
        typed = client.chat.completions.create(
            model="smollm2", messages=messages, temperature=0, max_tokens=20, response_format=form
        )
        assert re.fullmatch("[A-Z][a-z]{2,10}", json.loads(str(typed.choices[0].message.content))["city"])


@pytest.mark.slow
def test_the_page_on_models_shows_a_program_that_runs(smollm2: str) -> None:
    page = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    program = program.replace("http://127.0.0.1:8000/v1", smollm2)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("ask", ["chat", "text"])
def test_a_town_thinks_with_our_own_server(
    smollm2: str, ask: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    model = f"openai:{smollm2}#smollm2,ask={ask},timeout=1800"
    assert run_command_line(["run", "--model", model, "--until", "06:50", "--json", "--out", str(out)]) == 0
    said = capsys.readouterr()
    done = json.loads(said.out.splitlines()[-1])
    assert done["sim_seconds"] == 1200
    assert done["events"] > 50
    assert set(done["failures"]) <= {"misfit", "degenerate"}
    assert run_command_line(["resume", str(out), "--model", "recorded", "--json"]) == 0
    again = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert again["events_digest"] == done["events_digest"]
    assert again["replies_new"] == 0
