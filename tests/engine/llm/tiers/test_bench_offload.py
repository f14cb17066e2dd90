"""The benchmark of models on disk runs, on a small model."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bench import offload
from engine.llm.tiers import constants


def test_rows_hold_predicted_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THORP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "_FILE_BYTES", 8 << 20)
    monkeypatch.setattr(constants, "_ROUNDS", 1)
    monkeypatch.setattr(constants, "_SECONDS", 0.001)
    monkeypatch.setattr(offload, "_quality", lambda _: {"kl_4bit": None})  # it takes the embedded model
    for name, value in (("_HIDDEN", 64), ("_FEED", 96), ("_WORDS", 300), ("BATCHES", (2,)), ("SHARES", (0.0, 1.0))):
        monkeypatch.setattr(offload, name, value)
    result = offload.bench_offload(1)
    assert [(row["format"], row["on disk"]) for row in result.rows] == [
        ("fp16", "0%"),
        ("fp16", "100%"),
        ("4bit", "0%"),
        ("4bit", "100%"),
    ]
    assert result.ratios["same_bits"] == 1
    assert result.ratios["worst_predicted_over_measured"]
    assert all(row["tokens_per_s"] > 0 and row["predicted_per_s"] > 0 for row in result.rows)
    assert list((tmp_path / "cache").iterdir()) == []
