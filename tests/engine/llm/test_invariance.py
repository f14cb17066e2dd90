"""A number format in which answers depend on the company is found out and refused."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from engine.errors import BadInput
from engine.llm import invariance
from engine.llm.embedded import EmbeddedBackend
from engine.llm.invariance import invariant_formats, is_invariant
from engine.llm.linear import Linear, Rows


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


def test_a_format_that_does_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_invariant(sociable)
    assert torch.is_tensor(sociable(torch.ones(2, 2), None)(torch.ones(1, 2)))
    monkeypatch.setitem(invariance.FORMATS, "float16", sociable)
    with pytest.raises(BadInput, match=r"a row depends on the others; take \?precision=fp32"):
        EmbeddedBackend.load()
