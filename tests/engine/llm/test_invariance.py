"""A number format in which answers depend on the company is found out and refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.errors import BadInput
from engine.llm import invariance
from engine.llm.decoder import Pass
from engine.llm.embedded import EmbeddedBackend
from engine.llm.invariance import invariant_formats, is_invariant, passes_are_invariant
from engine.llm.linear import NUMBER_FORMATS, Linear, Rows
from thorp.cli import run_command_line


def sociable(weight: Rows, bias: Tensor | None) -> Linear:
    """Products whose scale depends on all rows, as in int8 with one range for all."""
    numbers = weight[:].float()

    def apply(x: Tensor) -> Tensor:
        scale = x.abs().max() / 127
        product: Tensor = ((x / scale).round() * scale) @ numbers.T
        return product

    return apply


def test_the_formats_in_use_keep_rows_apart() -> None:
    assert invariant_formats() == {"float16": True, "float32": True, "int8": True}


def test_a_pass_keeps_texts_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passes_are_invariant()
    monkeypatch.setitem(NUMBER_FORMATS, "float16", sociable)
    assert not passes_are_invariant()


def test_attention_that_looks_at_others_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Pass.attend

    def attend(self: Pass, *given: Any) -> Tensor:
        return plain(self, *given) * (1 + 1e-6 * len(self.blocks))

    monkeypatch.setattr(Pass, "attend", attend)
    assert not passes_are_invariant()


def test_doctor_says_what_was_tried(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> tuple[Any, str]:
        assert run_command_line(["doctor", "--json"]) == 0
        told = capsys.readouterr()
        return json.loads(told.out)["batch_invariant"], " ".join(told.err.split())

    found, _ = said()
    assert found == {"float16": True, "float32": True, "int8": True, "pass": True}
    monkeypatch.setattr(invariance, "passes_are_invariant", lambda: False)
    found, text = said()
    assert not found["pass"]
    assert "other bits" in text


def test_a_format_that_does_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_invariant(sociable)
    assert torch.is_tensor(sociable(torch.ones(2, 2), None)(torch.ones(1, 2)))
    monkeypatch.setitem(invariance.FORMATS, "float16", sociable)
    with pytest.raises(BadInput, match=r"a row depends on the others; take \?precision=fp32"):
        EmbeddedBackend.load()
