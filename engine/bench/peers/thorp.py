"""Our own engine: everybody's next question goes in as soon as the last one is answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.bench.result import seconds
from engine.bench.trace import Trace
from engine.llm.embedded import EmbeddedBackend
from engine.llm.requests import Hint

if TYPE_CHECKING:
    from engine.llm.llama import Llama

_PREFILLS: Final = 7


class Thorp:
    """The embedded engine in one of its number formats."""

    def __init__(self, path: Path, number_format: str = "float16") -> None:
        self.name = f"Thorp {number_format}"
        self.backend = EmbeddedBackend.load(path, number_format)

    def replay(self, trace: Trace) -> int:
        """See `Peer.replay`."""
        left = [iter(questions) for questions in trace.people]
        asked: dict[int, int] = {}
        missing = [0] * len(left)
        generated = 0

        def ask(person: int) -> None:
            question = next(left[person], None)
            for request in question.requests if question else ():
                asked[self.backend.put(request, Hint(agent=person))] = person
                missing[person] += 1

        for person in range(len(left)):
            ask(person)
        while asked:
            for ticket, answer in self.backend.advance():
                person = asked.pop(ticket)
                generated += answer.usage.generated
                missing[person] -= 1
                if not missing[person]:
                    ask(person)
        return generated

    def read(self) -> tuple[float, float, float, float]:
        """Measure how fast a new context is read, and how fast products of the same shapes are computed alone.

        Returns the fraction, tokens per second, and both rates in GFLOP/s. Attention and the head are not counted as
        work.
        """
        import torch

        from engine.llm.kv import PIECE, Node, run
        from engine.llm.llama import Llama

        model = self.backend.contexts.model
        assert isinstance(model, Llama)
        config, shapes = model.config, _shapes(model)
        tokens = tuple(number % config.vocabulary for number in range(1000, 1000 + min(PIECE, config.context) - 2))
        products = [(layer.qkv, layer.output, layer.gate_up, layer.down) for layer in model.layers]
        x = {inputs: torch.randn(len(tokens), inputs) for inputs, _ in shapes}

        def multiply() -> None:
            for layer in products:
                for product, (inputs, _) in zip(layer, shapes, strict=True):
                    product(x[inputs])

        reading, computing = [], []
        for _ in range(_PREFILLS):
            reading.append(seconds(lambda: run(model, [Node(config, None, tokens)])))
            computing.append(seconds(multiply))
        flops = 2 * sum(inputs * outputs for inputs, outputs in shapes) * config.layers * len(tokens)
        best, alone = min(reading), min(computing)
        return alone / best, len(tokens) / best, flops / best / 1e9, flops / alone / 1e9


def _shapes(model: Llama) -> list[tuple[int, int]]:
    """Return inputs and outputs of the products of a layer."""
    config = model.config
    query, key = config.heads * config.head_dim, config.kv_heads * config.head_dim
    return [
        (config.hidden, query + 2 * key),
        (query, config.hidden),
        (config.hidden, 2 * config.feed_forward),
        (config.feed_forward, config.hidden),
    ]
