"""The benchmark of what is kept reads a trace as the engine does, and an oracle is never worse than an estimate."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bench.residency import SHARES, bench_residency
from engine.bench.trace import Question, Trace
from engine.errors import BadInput
from engine.llm.requests import Choose, Write
from tests.engine.llm import tiny

PEOPLE, TURNS = 6, 8


def talk() -> Trace:
    """Everybody asks in turn, mostly with a persona that comes back and a moment that does not."""
    asked: list[list[Question]] = [[] for _ in range(PEOPLE)]
    for place in range(PEOPLE * TURNS):
        person = place % PEOPLE
        context = ("it is the world ", f"person {person} is old ", f"now {place} ")
        write = Write("w", context, max_tokens=3, stop=(), contrast=("the",), seed=place)
        choose = Choose("c", context[:2], (" a", " b"))
        thoughts = tuple(float(place + (other - person) % PEOPLE) for other in range(PEOPLE))
        asked[person].append(Question((write, choose) if place % 3 else (write,), place, thoughts))
    return Trace(asked)


def test_an_oracle_needs_no_more_than_an_estimate_and_replies_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THORP_CACHE", str(tmp_path / "cache"))
    result = bench_residency(talk(), tiny.write(tmp_path / "tiny.gguf"))
    assert result.ratios["same_replies"] == 1
    computed = {(row["memory"], row["what is kept"]): int(row["computed"]) for row in result.rows}
    budgets = list(dict.fromkeys(row["memory"] for row in result.rows[: 5 * len(SHARES)]))
    assert len(budgets) == len(SHARES)
    least = computed["all", "everything is kept"]
    for budget in budgets:
        of = {name: count for (memory, name), count in computed.items() if memory == budget}
        assert least <= of["Belady's oracle"] <= min(of["least recently used"], of["invocation distance"])
        assert least <= of["invocation distance and disk"] <= of["invocation distance"]
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_trace_comes_back_from_its_file(tmp_path: Path) -> None:
    trace = talk()
    trace.save(tmp_path / "a.trace")
    again = Trace.load(tmp_path / "a.trace")
    assert again.people == trace.people
    assert [question.place for _, question in again.in_order()] == list(range(PEOPLE * TURNS))
    again.save(tmp_path / "b.trace")
    assert (tmp_path / "b.trace").read_bytes() == (tmp_path / "a.trace").read_bytes()
    (tmp_path / "a.trace").write_bytes((tmp_path / "a.trace").read_bytes()[:200])
    with pytest.raises(BadInput, match=r"a\.trace: is no trace of requests"):
        Trace.load(tmp_path / "a.trace")
