"""What is measured once is kept; what was kept badly is measured again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import RunFailed
from engine.llm.tiers import constants
from engine.llm.tiers.constants import Constants
from tests.engine.llm.tiers.test_policy import MACHINE, WORK, model
from thorp.cli import run_command_line


def test_constants_are_measured_once(tmp_path: Path, monkeypatch: Any) -> None:
    measured: list[Path] = []

    def measure(folder: Path) -> Constants:
        measured.append(folder)
        return MACHINE

    monkeypatch.setattr(constants, "measure_constants", measure)
    folder = tmp_path / "cache"
    assert constants.constants_of_this_machine(folder) == MACHINE
    assert constants.constants_of_this_machine(folder) == MACHINE
    assert measured == [folder]
    (kept,) = folder.iterdir()
    for damage in ("", "[]", kept.read_text().replace("3000000000.0", "-1"), kept.read_text().replace("copy", "copi")):
        kept.write_text(damage)
        assert constants.constants_of_this_machine(folder) == MACHINE
    assert len(measured) == 5
    assert constants.constants_of_this_machine(folder, anew=True) == MACHINE
    assert len(measured) == 6


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFailed, match="file/cache: cannot be written"):
        constants.constants_of_this_machine(tmp_path / "file" / "cache")


@pytest.mark.parametrize("name", ["file", "file/cache", "a" * 300])
def test_where_no_folder_can_be_nothing_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("THORP_CACHE", str(tmp_path / name))
    assert constants.known_constants() is None
    assert run_command_line(["doctor"]) == 0
    assert "not measured yet" in capsys.readouterr().err
    assert run_command_line(["models", "plan", "opt-1.3b"]) == 1
    assert f"{name}: cannot be written: " in capsys.readouterr().err


def test_of_several_measurements_the_median_of_each_constant_counts() -> None:
    disturbed = replace(MACHINE, multiply=1e9, layer=1e-3, contention=0.6, disk_cold=4e9)
    lucky = replace(MACHINE, multiply=1e13, layer=1e-9, contention=0.0)
    assert constants.typical([disturbed, MACHINE, lucky]) == MACHINE


def test_sequences_cost_what_it_takes_to_let_them_attend() -> None:
    costs = model()
    free = model(machine=replace(MACHINE, block=1e-12))
    layers = costs.shape.config.layers
    assert costs.step(60, WORK).computing - free.step(60, WORK).computing == pytest.approx(layers * 60 * MACHINE.block)
    assert costs.reading(1024, WORK).computing - free.reading(1024, WORK).computing == pytest.approx(
        layers * 2 * MACHINE.block
    )
