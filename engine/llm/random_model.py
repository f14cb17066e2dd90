"""Models of a given shape whose weights are random: to measure with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import torch
from torch import Tensor

from engine.llm.decoder import Config
from engine.llm.linear import Linear, NumberFormat
from engine.llm.llama import Layer as LlamaLayer
from engine.llm.llama import Llama
from engine.llm.opt import Layer, Opt
from engine.llm.rope import Rotations, frequencies
from engine.llm.weights import Table

_SCALE: Final = 0.02
_POSITIONS: Final = 2
_RUN: Final = 128
"""Rows that are made together, so that they are the same ones however a matrix is cut."""


@dataclass(frozen=True, slots=True)
class RandomRows:
    """A matrix of random numbers, made where and when they are asked for: the same ones for the same rows."""

    shape: Sequence[int]
    seed: int
    device: str

    def __getitem__(self, rows: slice) -> Tensor:
        count, width = self.shape
        first, last, _ = rows.indices(count)
        made = torch.empty(max(0, last - first), width, device=self.device)
        for start in range(first // _RUN * _RUN, last, _RUN):
            dice = torch.Generator(self.device).manual_seed((self.seed << 32) + start)
            run = torch.randn(min(_RUN, count - start), width, generator=dice, device=self.device)
            own = run[max(0, first - start) : last - start]
            place = max(0, start - first)
            made[place : place + len(own)] = own
        return made.mul_(_SCALE)


def random_opt(shape: Config, number_format: NumberFormat, device: str, dice: str = "") -> Opt:
    """Return a model of OPT's family (without biases that would matter) that computes on `device`.

    Its numbers are made there, or on the device `dice`: others make other numbers.
    """
    config = c = replace(shape, device=device)
    dice = dice or device
    seed = 0

    def linear(outputs: int, inputs: int) -> Linear:
        nonlocal seed
        seed += 1
        return number_format(RandomRows((outputs, inputs), seed, dice), torch.zeros(outputs, device=device))

    def norm() -> tuple[Tensor, Tensor]:
        return torch.ones(c.hidden, device=device), torch.zeros(c.hidden, device=device)

    def layer() -> Layer:
        return Layer(
            attention_norm=norm(),
            qkv=linear(3 * c.hidden, c.hidden),
            output=linear(c.hidden, c.hidden),
            feed_norm=norm(),
            up=linear(c.feed_forward, c.hidden),
            down=linear(c.hidden, c.feed_forward),
        )

    def table(rows: int) -> Table:
        return RandomRows((rows, c.hidden), 1 << 20, "cpu")[:].half()

    return Opt(
        config=config,
        norms_first=True,
        embedding=table(c.vocabulary),
        positions=table(c.context + _POSITIONS),
        widen=None,
        layers=tuple(layer() for _ in range(c.layers)),
        norm=norm(),
        narrow=None,
        head=number_format(RandomRows((c.vocabulary, c.hidden), 1 << 21, dice), None),
    )


def random_llama(shape: Config, number_format: NumberFormat) -> Llama:
    """Return a model of Llama's family, without biases, that computes on the CPU."""
    c = shape
    seed = 0

    def linear(outputs: int, inputs: int) -> Linear:
        nonlocal seed
        seed += 1
        return number_format(RandomRows((outputs, inputs), seed, "cpu"), None)

    def layer() -> LlamaLayer:
        return LlamaLayer(
            attention_norm=torch.ones(c.hidden),
            qkv=linear((c.heads + 2 * c.kv_heads) * c.head_dim, c.hidden),
            head_norms=None,
            window=None,
            output=linear(c.hidden, c.heads * c.head_dim),
            feed_norm=torch.ones(c.hidden),
            gate_up=linear(2 * c.feed_forward, c.hidden),
            down=linear(c.hidden, c.feed_forward),
        )

    return Llama(
        config=c,
        epsilon=1e-5,
        embedding=RandomRows((c.vocabulary, c.hidden), 1 << 20, "cpu")[:],
        layers=tuple(layer() for _ in range(c.layers)),
        norm=torch.ones(c.hidden),
        head=linear(c.vocabulary, c.hidden),
        rotations=Rotations(frequencies(1e4, c.head_dim)),
    )
