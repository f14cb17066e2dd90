"""The benchmarks give the contract's names, and the critical path is the longest chain of what depended on what."""

from __future__ import annotations

import json

import pytest

import thorp.bench
from agents.memory import bench as memory
from engine.bench import kernel, log
from engine.bench.critical_path import CriticalPath
from thorp.bench import BENCHES

RATIOS = {
    "kernel": {"bare_simpy_25", "bare_simpy_1000"},
    "log": {"bytes_per_event", "seek_ms"},
    "schedule": {"over_barrier_5", "oracle_fraction_5", "over_barrier_25", "oracle_fraction_25"},
    "resume": {"seconds_per_day_25"},
    "paths": {"over_networkx", "over_flood_fill"},
    "retrieval": {"over_bare_faiss_20", "over_bare_faiss_50", "over_numpy_scan_50"},
}


@pytest.mark.parametrize("name", list(RATIOS))
def test_a_benchmark_gives_the_contract(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "WAITS", 2000)
    monkeypatch.setattr(kernel, "ROUNDS", 1)
    monkeypatch.setattr(log, "EVENTS", 500)
    monkeypatch.setattr(thorp.bench, "POPULATIONS", {5: ("+1h", 2), 25: ("+10m", 1)})
    monkeypatch.setattr(thorp.bench, "DAY", (25, "+20m"))
    monkeypatch.setattr(thorp.bench, "PAIRS", 60)
    monkeypatch.setattr(thorp.bench, "CROWD", 60)
    monkeypatch.setattr(thorp.bench, "CROWDED", 60)
    monkeypatch.setattr(thorp.bench, "LARGE", (150, 120))
    monkeypatch.setattr(memory, "SIZES", (20, 50))
    monkeypatch.setattr(memory, "CROWD", 3)
    answer = BENCHES[name]().as_json()
    assert json.loads(json.dumps(answer)) == answer
    assert answer["bench"] == name
    assert set(answer["machine"]) >= {"cpu", "cores", "memory_gib"}
    assert answer["rows"]
    assert set(answer["ratios"]) >= RATIOS[name]
    if name == "schedule":
        for row in answer["rows"]:
            assert row["oracle_s"] <= row["out_of_order_s"] <= row["barrier_s"]
            assert row["oracle_s"] <= row["in_sight_s"]
    if name == "paths":
        assert {row["town"] for row in answer["rows"]} >= {"140 x 100", "150 x 120"}
        assert all(value > 1 for value in answer["ratios"].values())


def test_who_depends_on_nobody_takes_the_sum_of_its_own_thoughts() -> None:
    path = CriticalPath(2)
    path.asked(0, 5, [2.0, 3.0])
    path.asked(0, 5, [1.0])
    path.asked(1, 9, [2.5])
    path.asked(1, 14, [1.0])
    assert path.oracle == 4.0
    assert path.barrier(1) == 4.0 + 2.5 + 1.0
    assert path.barrier(10) == 4.0 + 1.0
    assert path.thinking == 9.5


def test_messages_and_what_was_seen_pass_their_stamps_on() -> None:
    path = CriticalPath(3)
    path.asked(0, 1, [4.0])
    path.sent(0, 1, to=1, arrival=6)
    path.asked(1, 5, [1.0])
    assert path.oracle == 4.0
    path.asked(1, 6, [1.0])
    assert path.oracle == 5.0
    path.acted(1, 7)
    path.looked(2, 7, [1])
    path.asked(2, 7, [1.0])
    assert path.oracle == 5.0, "what is done within a second is not yet seen"
    path.looked(2, 8, [1])
    path.asked(2, 8, [1.0])
    assert path.oracle == 6.0


def test_without_foreknowledge_a_lane_waits_for_the_thoughts_of_whoever_it_sees() -> None:
    path = CriticalPath(3)
    path.asked(0, 1, [4.0])  # and does nothing
    path.asked(1, 5, [1.0])
    path.looked(1, 5, [2])
    path.asked(1, 5, [1.0])
    assert (path.oracle, path.in_sight) == (4.0, 4.0), "whom it does not see does not matter"
    path.looked(1, 6, [0])
    path.asked(1, 6, [1.0])
    assert (path.oracle, path.in_sight) == (4.0, 5.0)
    path.looked(2, 7, [1])
    path.asked(2, 7, [0.5])
    assert (path.oracle, path.in_sight) == (4.0, 5.5)
