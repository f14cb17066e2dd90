"""Whether products give a row the same bits alone and among others, tried on this processor.

Answers must not depend on who else is thinking, so a number format is used only where that holds (`linear` says why it
should). Other processors run other kernels, so it is tried here, on shapes of the embedded model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch

from engine.llm.int8 import int8
from engine.llm.linear import NUMBER_FORMATS, Linear, NumberFormat, Rows

_SHAPES: Final = ((960, 576), (576, 1536), (49, 576))
"""Outputs and inputs."""
_MOST_ROWS: Final = 61
_COUNTS: Final = (1, 2, 3, 5, 6, 7, 8, 11, 12, 13, 24, 31, 60)


def _int8(weight: Rows, bias: torch.Tensor | None) -> Linear:
    return int8(weight[:], bias, torch.full((weight.shape[1],), 3.0))


FORMATS: Final[dict[str, NumberFormat]] = {**NUMBER_FORMATS, "int8": _int8}
"""The number formats in which products are computed."""


def is_invariant(
    number_format: NumberFormat,
    shapes: Sequence[tuple[int, int]] = _SHAPES,
    most_rows: int = _MOST_ROWS,
    device: str = "cpu",
    *,
    biased: bool = False,
) -> bool:
    """Return whether each of some rows has the same product in companies of different sizes.

    The products are made with outputs and inputs as in `shapes`, and tried with up to `most_rows` rows. With a bias,
    a GPU may compute them in another way.
    """
    dice = torch.Generator(device).manual_seed(1)
    with torch.inference_mode():
        for outputs, inputs in shapes:
            weight = torch.randn(outputs, inputs, generator=dice, device=device)
            bias = torch.randn(outputs, generator=dice, device=device) if biased else None
            product = number_format(weight, bias)
            rows = torch.randn(most_rows, inputs, generator=dice, device=device)
            whole = product(rows)
            for count in (*_COUNTS, most_rows // 2, most_rows - 1):
                if not torch.equal(product(rows[:count]), whole[:count]):
                    return False
                if not torch.equal(product(rows[-count:]), whole[-count:]):
                    return False
    return True


def invariant_formats() -> dict[str, bool]:
    """Return for each number format of products whether it is invariant here."""
    return {name: is_invariant(number_format) for name, number_format in FORMATS.items()}
