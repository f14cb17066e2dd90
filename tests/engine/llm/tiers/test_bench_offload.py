"""The benchmark of models on disk runs, on a small model."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bench import offload
from engine.llm.tiers import opening
from tests.engine.llm.tiers.test_policy import MACHINE


def test_rows_hold_predicted_and_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "constants_of_this_machine", lambda: MACHINE)
    for name, value in (("_HIDDEN", 64), ("_FEED", 96), ("_WORDS", 300), ("BATCHES", (2,)), ("SHARES", (0.0, 1.0))):
        monkeypatch.setattr(offload, name, value)
    rows = offload._measure(tmp_path, "4bit", 1, ())
    assert [row["on disk"] for row in rows] == ["0%", "100%"]
    assert all(row["same bits"] for row in rows)
    assert all(row["tokens_per_s"] > 0 and row["predicted_per_s"] > 0 for row in rows)
