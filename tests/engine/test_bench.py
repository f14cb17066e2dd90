from __future__ import annotations

import json

import pytest

from engine import bench


@pytest.mark.parametrize("name", list(bench.BENCHES))
def test_a_benchmark_gives_the_contract(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "SECONDS_OF_LIFE", 2000)
    monkeypatch.setattr(bench, "ROUNDS", 1)
    monkeypatch.setattr(bench, "EVENTS", 500)
    answer = bench.BENCHES[name]().as_json()
    assert json.loads(json.dumps(answer)) == answer
    assert answer["bench"] == name
    assert set(answer["machine"]) >= {"cpu", "cores", "memory_gib"}
    assert answer["rows"]
    expected = {"kernel": {"bare_simpy_25", "bare_simpy_1000"}, "log": {"bytes_per_event", "seek_ms"}}
    assert set(answer["ratios"]) == expected[name]
