"""A model larger than its cap runs within it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.bench.synthetic import write_llama
from engine.llm.decoder import Config
from engine.llm.tiers.cache import cache_folder
from engine.llm.tiers.constants import Constants
from tests.engine.llm import tiny

ROOT = Path(__file__).parents[4]
SLACK = 1.02
CONSTANTS = Constants(3e9, 8e9, 2e10, 1.5e9, 4e9, 2e9, 1e11, 4e-4, 3e-5, 0.4)
"""As of a machine with nothing else to do; they have an influence on speed only."""


@pytest.fixture
def constants(tmp_path: Path, monkeypatch: Any) -> None:
    """Nothing is measured, and the cache folder is a new one."""
    from engine.llm.tiers import opening

    monkeypatch.setenv("THORP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(opening, "constants_of_this_machine", lambda: CONSTANTS)


@pytest.mark.slow
@pytest.mark.parametrize("storage", ["fp16", "4bit"])
def test_memory_stays_within_the_cap(tmp_path: Path, storage: str) -> None:
    small, large = tiny.write(tmp_path / "tiny.gguf"), tmp_path / "large"
    large.mkdir()
    layers = 24 if storage == "fp16" else 72
    numbers = write_llama(large, Config(layers, 1024, 16, 4, 64, 2816, 8192, 1024))
    cap = 320 << 20 if storage == "fp16" else 420 << 20
    assert numbers * (2 if storage == "fp16" else 4.5 / 8) > cap
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.llm.tiers.use_much", str(small), str(large), storage, str(cap)],
        cwd=ROOT,
        env={**os.environ, "THORP_CACHE": str(tmp_path / "cache"), "OMP_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print(storage, {key: round(value / 2**20, 1) if value > 1e6 else value for key, value in found.items()})
    assert found["planned"] <= cap
    assert found["grown"] <= SLACK * cap


def test_too_small_a_cap_says_the_least_that_works(tmp_path: Path, constants: None) -> None:
    from contextlib import closing

    from engine.errors import BadInput
    from engine.llm.files.open import open_checkpoint
    from engine.llm.tiers.opening import open_in_tiers

    path = tiny.write(tmp_path / "tiny.gguf")
    with closing(open_checkpoint(path)) as checkpoint, pytest.raises(BadInput, match="the least that works is") as told:
        open_in_tiers(checkpoint, "fp16", 1 << 20, "made up", ())
    least = int(told.value.problem.split()[-2])
    with closing(open_checkpoint(path)) as checkpoint:
        opened = open_in_tiers(checkpoint, "fp16", least << 20, "made up", ())
        opened.store.close()
    with closing(open_checkpoint(path)) as checkpoint, pytest.raises(BadInput):
        open_in_tiers(checkpoint, "fp16", (least - 1) << 20, "made up", ())
    assert opened.policy is not None
    assert opened.policy.memory <= least << 20
    assert not list(cache_folder().glob(".*"))
