"""Whether a row has the same bits alone and among others, tried on this processor: in products, and in whole passes.

Answers must not depend on who else is thinking, so a number format is used only where that holds (`linear` says why it
should, `decoder` what else there is). Other processors run other kernels, so it is tried here, on shapes of the
embedded model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import torch
from torch import Tensor

from engine.llm.branches import Branches
from engine.llm.decoder import Block, Config, Decoder
from engine.llm.int8 import int8
from engine.llm.kv import Node, run
from engine.llm.linear import NUMBER_FORMATS, Linear, NumberFormat, Rows
from engine.llm.random_model import random_llama

_SHAPES: Final = ((960, 576), (576, 1536), (49, 576))
"""Outputs and inputs."""
_MOST_ROWS: Final = 61
_COUNTS: Final = (1, 2, 3, 5, 6, 7, 8, 11, 12, 13, 24, 31, 60)
_MODEL: Final = Config(1, 576, 9, 3, 64, 1536, vocabulary=512, context=512)
_LENGTHS: Final = (1, 7, 48, 130, 61, 2)
"""Of the texts that are read together, in tokens."""


def _int8(weight: Rows, bias: Tensor | None) -> Linear:
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


def passes_are_invariant() -> bool:
    """Return whether texts come out of a model the same alone and in company: with attention, norms and all else.

    They are read, and then some samples grow from each; the model's weights are random.
    """
    with torch.inference_mode():
        model = random_llama(_MODEL, NUMBER_FORMATS["float16"])
        dice = torch.Generator().manual_seed(1)
        texts = [tuple(torch.randint(_MODEL.vocabulary, (length,), generator=dice).tolist()) for length in _LENGTHS]

        def contexts() -> list[Node]:
            return [Node(_MODEL, None, text) for text in texts]

        def samples() -> list[Branches]:
            made = [Branches(_MODEL, node) for node in read]
            for number, each in enumerate(made, 1):
                each.advance(range(number), range(number))
            return made

        read = contexts()
        run(model, read)
        return _is_alike(model, contexts) and _is_alike(model, samples)


def _is_alike(model: Decoder, make: Callable[[], Sequence[Block]]) -> bool:
    """Return whether blocks have the same logits each by itself, in a pass, and in one in another order."""
    alone = [model.run([block])[0] for block in make()]
    together = model.run(make())
    backwards = model.run(make()[::-1])[::-1]
    return all(
        torch.equal(model.log_probabilities(one), model.log_probabilities(other))
        for found in (together, backwards)
        for one, other in zip(alone, found, strict=True)
    )
