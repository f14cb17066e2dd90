"""What a request asks of the language model, step by step.

A *job* is a request at work: a generator that yields what has to be computed next and goes on when it is there. So the
jobs of all requests can share the passes of the model, and each can begin and end when it likes (`batching`). What a
job computes depends on its request alone, never on the company in which it is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from torch import Tensor

from engine.llm.decoder import Block
from engine.llm.kv import Node
from engine.llm.requests import Answer


@dataclass(frozen=True, slots=True)
class Compute:
    """Let the model read contexts (`Node.last` is there then), and blocks that continue them.

    Sends back the hidden states of each block, [n, hidden] per block.
    """

    contexts: tuple[Node, ...]
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Predict:
    """Let the model say what may follow `states` [rows, hidden].

    `use` gets the log-probabilities piece by piece: the first row of the piece, and float32 [some rows, vocabulary].
    """

    states: Tensor
    use: Callable[[int, Tensor], None]


@dataclass(frozen=True, slots=True)
class Wait:
    """Come back after the next pass: another job computes what this one needs."""


Wish = Compute | Predict | Wait
Job = Generator[Wish, list[Tensor], Answer]
