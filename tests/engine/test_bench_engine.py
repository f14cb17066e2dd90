"""The race of engines: what is ended early keeps its whole rounds, and peers answer all of a trace."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from engine.bench.engine import ROUNDS, bench_engine
from engine.bench.peers import Peer
from engine.bench.peers.apart import Apart
from engine.bench.peers.thorp import Thorp
from engine.bench.result import BenchResult
from engine.bench.trace import Asked, Question, Trace
from engine.errors import RunFailed
from engine.llm.requests import Choose, Write
from engine.llm.scripted import ScriptedBackend
from tests.engine.llm import tiny

PEOPLE, TURNS = 3, ROUNDS


def trace(samples: int = 2, temperature: float = 0.8) -> Trace:
    def asked(person: int, turn: int) -> Sequence[Asked]:
        context = ("it is the world ", f"person {person} ", f"now {turn} ")
        write = Write(
            "w", context, max_tokens=4, stop=(), samples=samples, temperature=temperature, contrast=context[:1]
        )
        return write, Choose("c", context[:2], (" a", " b", " ab"))

    people = [
        [Question(tuple(asked(person, turn)), turn * PEOPLE + person, ()) for turn in range(TURNS)]
        for person in range(PEOPLE)
    ]
    return Trace(people)


def not_installed() -> Peer:
    raise ImportError("no such package", name="llama_cpp")


class Broken:
    name = "broken"

    def replay(self, trace: Trace) -> int:
        raise ValueError(f"cannot answer {trace.requests} requests")


class Scripted:
    """A model made of rules: what is under test is who answers what, and when."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._backend = ScriptedBackend({"w": ("words",)})

    def replay(self, trace: Trace) -> int:
        answers = [self._backend.answer(question.requests) for _, question in trace.in_order()]
        return sum(answer.usage.generated for several in answers for answer in several)

    def read(self) -> tuple[float, float, float, float]:
        return 0.5, 100.0, 20.0, 40.0


@pytest.fixture
def race() -> Callable[..., BenchResult]:
    engines: dict[str, Callable[[], Peer]] = {
        "ours": partial(Scripted, "first"),
        "llama.cpp": not_installed,
        "transformers": partial(Scripted, "transformers"),
    }
    return partial(bench_engine, trace(), engines=engines)


def test_a_race_of_engines_tells_each_round_and_what_is_not_installed(race: Callable[..., BenchResult]) -> None:
    shown: list[str] = []
    said: list[str] = []
    result = race(show=shown.append, say=said.append)
    assert [line.split(",")[0] for line in said] == [f"Round {number + 1} of {ROUNDS}" for number in range(ROUNDS)]
    assert [line for line in shown if "answers" in line][:3] == [
        f"Round 1 of {ROUNDS}: first answers 6 requests …",
        f"Round 1 of {ROUNDS}: transformers answers 6 requests …",
        f"Round 2 of {ROUNDS}: transformers answers 6 requests …",
    ], "engines take turns in being first"
    assert [row["requests"] for row in result.rows[:2]] == [2 * PEOPLE * TURNS] * 2
    assert "llama.cpp is not installed" in result.rows[-1]["engine"]
    assert result.ratios["over_llamacpp"] is None
    least, most = result.ratios["over_transformers_least"], result.ratios["over_transformers_most"]
    assert least is not None and most is not None
    assert least <= (result.ratios["over_transformers"] or 0) <= most
    assert result.ratios["gemm_fraction"] == 0.5
    assert result.partial == ""
    assert "partial" not in result.as_json()


def test_what_is_ended_early_keeps_the_rounds_that_all_have_finished(race: Callable[..., BenchResult]) -> None:
    result = race(minutes=0.0)
    assert result.as_json()["partial"] == f"1 of {ROUNDS} rounds, after 0 minutes"
    assert [row["requests"] for row in result.rows[:2]] == [2 * PEOPLE] * 2


def test_ctrl_c_keeps_them_too(race: Callable[..., BenchResult]) -> None:
    def interrupt(line: str) -> None:
        if line.startswith("Round 3 of") and "first answers" in line:
            raise KeyboardInterrupt

    result = race(show=interrupt)
    assert result.partial == f"2 of {ROUNDS} rounds, interrupted"
    assert [row["requests"] for row in result.rows[:2]] == [4 * PEOPLE] * 2
    only = {"ours": partial(Scripted, "first")}
    with pytest.raises(KeyboardInterrupt):  # nothing was finished
        race(engines=only, show=lambda line: interrupt(line.replace("Round 1 of", "Round 3 of")))


def test_parts_are_spread_over_a_trace_and_never_the_same_questions() -> None:
    parts = [trace().part(number, ROUNDS, 1) for number in range(ROUNDS)]
    places = [question.place for part in parts for _, question in part.in_order()]
    assert sorted(places) == list(range(PEOPLE * TURNS))


def test_nothing_imports_torch_before_threads_can_be_pinned() -> None:
    command = "import sys, thorp.bench, engine.bench.peers.thorp; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


def test_what_fails_in_its_own_process_is_told() -> None:
    with (
        Apart(Broken) as engine,
        pytest.raises(RunFailed, match=f"ValueError: cannot answer {2 * PEOPLE * TURNS} requests"),
    ):
        engine.replay(trace())


def test_our_engine_answers_all_of_a_trace_in_its_own_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THORP_CACHE", str(tmp_path / "cache"))
    with Apart(partial(Thorp, tiny.write(tmp_path / "tiny.gguf"))) as engine:
        assert engine.name == "Thorp float16"
        _, generated = engine.replay(trace())
        assert generated >= 2 * PEOPLE * TURNS
        _, (fraction, tokens_per_s, rate, alone) = engine.ask("read")
        assert fraction > 0
        assert tokens_per_s > 0
        assert rate == pytest.approx(fraction * alone)


def test_peers_answer_all_of_a_trace_and_agree(tmp_path: Path) -> None:
    pytest.importorskip("llama_cpp")
    pytest.importorskip("accelerate")
    from engine.bench.peers.llamacpp import LlamaCpp
    from engine.bench.peers.transformers import Transformers

    path = tiny.write(tmp_path / "tiny.gguf")
    llamacpp, transformers = LlamaCpp(path, "F32", threads=1), Transformers(path)
    assert llamacpp.replay(trace(temperature=0)) == transformers.replay(trace(temperature=0)) > 2 * PEOPLE * TURNS
    free = len(llamacpp._free) + len(llamacpp._prompts)
    everybody = Trace([questions for own in trace(samples=70).people for questions in [[q] for q in own]])
    assert llamacpp.replay(everybody) > 70 * PEOPLE * TURNS, "more samples than there are sequences"
    assert len(llamacpp._free) + len(llamacpp._prompts) == free, "no sequence is lost"
