"""Products in 8-bit whole numbers: faster than `float16` on a processor, but with a loss, which is measured.

Weights get a scale for each output, inputs one for each row. Before that the sizes of inputs are moved into the weights
in part (SmoothQuant, Xiao et al. 2023, equation 4), by the largest inputs that each channel had while the model read a
text. FBGEMM takes one range for all rows; a last row that reaches from -1 to 1 pins it, so that a row has the same bits
alone and among others. A product whose own error is too large stays in half precision.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Final, Protocol

import torch
import torch.nn.functional as F  # noqa: N812 (its customary name)
from torch import Tensor

from engine.llm.decoder import Decoder
from engine.llm.kv import Node, run
from engine.llm.linear import CACHED_ROWS, Linear, Rows, float16

SMOOTHING: Final = 0.65
"""How much of the sizes of inputs goes into the weights, from 0 to 1: alpha of SmoothQuant."""
MOST_ERROR: Final = 0.02
"""The largest error of a product, as a part of its length, that is put up with."""
_KEPT: Final = 96
_LEVELS: Final = 127

READ: Final = (
    "Before the market opened, the baker carried six trays of warm bread across the square and counted what was left "
    "of last week's flour. Nobody had paid the miller since October, and the two of them had stopped greeting each "
    "other. Her son thought that was foolish. He wrote a letter, folded it twice, and left it under the door of the "
    "mill with eleven coins and an apology that he had rewritten four times. By noon everyone knew.\n\n"
    "Question: Why did the miller forgive them?\nAnswer: Because somebody asked politely, and because it rained.\n\n"
    "Monday: 07:30 repair the fence, 09:00 school, 16:15 choir, 19:00 dinner with Ilse and her cousins.\n"
)
"""The text by which products are smoothed."""
HELD_OUT: Final = (
    "Mrs. Adeyemi has run the post office for thirty-one years. She knows who receives money from abroad, whose "
    "pension is late, and which of the teachers still writes to an old flame in Lisbon. When the council announced "
    'that the branch would close, she said only: "We will see about that." On Tuesday a petition lay beside the '
    "scales. On Friday it had 412 names, in a town of 390.\n\n"
    "How are you today? I'm tired, but the meeting went well; they will plant new trees along the river.\n"
    "Things to do: call the dentist, buy lamp oil, return the ladder, ask Tom about the key.\n"
)
"""The text on which the loss is measured."""


class Tokens(Protocol):
    """What makes tokens of a text."""

    def encode_first(self, text: str, /) -> Sequence[int]:
        """Return the token ids of `text` as the beginning of a sequence."""
        ...


class Int8:
    """A number format that first watches what products get, and then decides how each is computed."""

    def __init__(self) -> None:
        self._products: list[_Product] = []

    def __call__(self, weight: Rows, bias: Tensor | None) -> Linear:
        """Return the product with `weight` [outputs, inputs], plus `bias` [outputs]; exact until it is settled."""
        product = _Product(weight, bias)
        self._products.append(product)
        return product

    def settle(self, model: Decoder, tokenizer: Tokens) -> float:
        """Let the model whose products these are read a text, and compute in 8 bits from then on.

        Returns what that costs: the mean Kullback-Leibler divergence, in nats per token, of what the model expects
        next in another text from what it expects in half precision.
        """
        with torch.inference_mode():
            before = _expected(model, tokenizer, HELD_OUT)
            for product in self._products:
                product.watch()
            _expected(model, tokenizer, READ)
            for product in self._products:
                product.settle()
            after = _expected(model, tokenizer, HELD_OUT)
            return float(F.kl_div(after, before, log_target=True, reduction="batchmean"))


def _expected(model: Decoder, tokenizer: Tokens, text: str) -> Tensor:
    """Return the log-probabilities of what follows each token of a text, [tokens, vocabulary]."""
    (states,) = run(model, [Node(model.config, None, tuple(tokenizer.encode_first(text)))])
    return model.log_probabilities(states)


class _Product:
    """One product, computed in half precision until it is settled."""

    def __init__(self, weight: Rows, bias: Tensor | None) -> None:
        self._weight, self._bias = weight, bias
        self._half = float16(weight, bias)
        self._compute: Linear = self._half
        self._largest = torch.zeros(weight.shape[1])
        self._rows = torch.zeros(0, weight.shape[1])

    def __call__(self, x: Tensor) -> Tensor:
        return self._compute(x)

    def watch(self) -> None:
        """Look at the inputs from now on."""
        self._compute = self._look

    def _look(self, x: Tensor) -> Tensor:
        self._largest = torch.maximum(self._largest, x.abs().amax(0))
        if len(self._rows) < _KEPT:
            self._rows = torch.cat([self._rows, x[: _KEPT - len(self._rows)]])
        return self._half(x)

    def settle(self) -> None:
        """Compute in 8 bits if that is near enough to what half precision gives for the inputs seen."""
        quick = int8(self._weight[:].float(), self._bias, self._largest)
        exact = self._half(self._rows)
        error = torch.linalg.vector_norm(quick(self._rows) - exact) / torch.linalg.vector_norm(exact)
        self._compute = quick if error <= MOST_ERROR else self._half
        self._weight = self._rows = torch.zeros(0)


def int8(weight: Tensor, bias: Tensor | None, largest: Tensor) -> Linear:
    """Return the product with `weight` [outputs, inputs], smoothed for inputs as large as `largest` [inputs]."""
    smooth = largest.clamp_min(1e-5) ** SMOOTHING / weight.abs().amax(0).clamp_min(1e-5) ** (1 - SMOOTHING)
    weight = weight * smooth
    scales = weight.abs().amax(1).clamp_min(1e-10) / _LEVELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of what takes the place of these functions one day
        whole = torch.quantize_per_channel(weight, scales, torch.zeros(len(scales), dtype=torch.long), 0, torch.qint8)
        packed = torch.ops.quantized.linear_prepack(whole, None)
    product = torch.ops.quantized.linear_dynamic
    inverse = 1 / smooth
    pins = torch.zeros(1, weight.shape[1])
    pins[0, 0], pins[0, -1] = 1, -1

    def piece(x: Tensor) -> Tensor:
        x = x * inverse
        scale = x.abs().amax(1, keepdim=True)
        sound = scale.isfinite() & (scale > 0)  # one row that is not must not spoil the range of all
        rows = torch.cat([torch.where(sound, x / scale, 0), pins])
        result: Tensor = product(rows, packed, True)[:-1] * scale  # 7 bits of input: sums of two fit into 16 bits
        return result if bias is None else result + bias

    def apply(x: Tensor) -> Tensor:
        if x.shape[0] <= CACHED_ROWS:
            return piece(x)
        return torch.cat([piece(part) for part in torch.split(x, CACHED_ROWS)])

    return apply
