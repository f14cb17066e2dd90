"""Runs to play, made once per session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.record.run_folder import RunFolder
from tests.replay.synthetic import PEOPLE, small_map, village_day, write_run
from worlds.town.map import TownMap


@pytest.fixture(autouse=True)
def headless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    yield
    assert os.environ["SDL_VIDEODRIVER"] == "dummy"


@pytest.fixture(scope="session")
def town() -> TownMap:
    return TownMap.parse(small_map(), "town.tmj", Path("/nowhere"))


@pytest.fixture(scope="session")
def day(town: TownMap, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return write_run(tmp_path_factory.mktemp("runs") / "day", PEOPLE, village_day(town), end=86400)
