"""Our engine against `transformers` and llama.cpp on what the people of a town really ask, with the same weights."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.bench.peers import Peer
from engine.bench.result import BenchResult, seconds
from engine.bench.trace import Trace
from engine.llm.requests import Hint

ROUNDS: Final = 4
"""Into so many parts the trace is cut; each part goes through all engines in turn."""
QUESTIONS: Final = 2
"""So many questions of each person make a part."""
_PREFILLS: Final = 7
_ROW: Final = {"engine": "", "requests": "", "seconds": "", "requests_per_s": "", "tokens_per_s": "", "note": ""}
_INSTALL_TRANSFORMERS: Final = "pip install gguf accelerate"
_INSTALL_LLAMACPP: Final = "pip install llama-cpp-python (builds for some minutes)"


@dataclass(slots=True)
class _Timed:
    """An engine and what it took so far."""

    peer: Peer
    seconds: float = 0.0
    generated: int = 0

    def run(self, trace: Trace) -> None:
        """Let the engine answer a part of the trace."""
        answer = getattr(self.peer, "replay", None) or self._in_waves
        self.seconds += seconds(lambda: self._add(answer(trace)))

    def _in_waves(self, trace: Trace) -> int:
        return sum(self.peer.answer(wave) for wave in trace.waves())

    def _add(self, generated: int) -> None:
        self.generated += generated


class Ours:
    """The embedded engine: everybody's next question goes in as soon as the last one is answered."""

    def __init__(self, path: Path, number_format: str = "float16") -> None:
        from engine.llm.embedded import EmbeddedBackend

        self.name = f"Thorp {number_format}"
        self.backend = EmbeddedBackend.load(path, number_format)

    def answer(self, requests: Sequence[Any]) -> int:
        """Answer requests that came together."""
        return sum(answer.usage.generated for answer in self.backend.answer(requests))

    def replay(self, trace: Trace) -> int:
        """Answer a trace, each person's questions one after another."""
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


def bench_engine(trace: Trace | None = None) -> BenchResult:
    """Replay the shipped trace in parts that go through all engines in turn; then measure prefill against a product.

    All engines have the same weights and two threads. Peers answer the requests of a wave (everybody's next question)
    together; they know no patterns, so they write until a full stop where ours enforces one. Meanings are left out.
    """
    from engine.llm.inventory import LANGUAGE_MODEL

    path = LANGUAGE_MODEL.locate()
    trace = trace or Trace.load()
    with ExitStack() as stack:
        ours = Ours(path)  # first: it pins the threads before torch is imported
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        engines, missing = [_Timed(ours), _Timed(Ours(path, "int8"))], dict[str, str]()
        for make, line in (
            (lambda: list(_transformers(path)), _INSTALL_TRANSFORMERS),
            (lambda: list(_llamacpp(path, folder)), _INSTALL_LLAMACPP),
        ):
            engines += _installed(make, line, missing)
        answered = 0
        for number in range(ROUNDS):
            part = trace.cut(number * QUESTIONS, (number + 1) * QUESTIONS)
            answered += part.requests
            for place in range(len(engines)):
                engines[(number + place) % len(engines)].run(part)
    rows = [_row(engine, answered, engines[0].seconds) for engine in engines]
    rows += [_ROW | {"engine": f"{name} is not installed: {line}"} for name, line in missing.items()]
    speeds = {engine.peer.name: engine.seconds / engines[0].seconds for engine in engines[1:]}
    llamacpp = [ratio for name, ratio in speeds.items() if name.startswith("llama.cpp")]
    fraction, tokens_per_s, rate, alone = _prefill(ours)
    note = f"{rate:.0f} GFLOP/s; the products alone reach {alone:.0f}"
    rows.append(_ROW | {"engine": "Thorp reading", "tokens_per_s": round(tokens_per_s), "note": note})
    ratios = {
        "over_transformers": next((r for name, r in speeds.items() if name.startswith("transformers")), None),
        "over_llamacpp": min(llamacpp) if llamacpp else None,
        "gemm_fraction": fraction,
    }
    return BenchResult("engine", rows, {name: ratio and round(ratio, 3) for name, ratio in ratios.items()})


def _installed(make: Callable[[], list[Peer]], line: str, missing: dict[str, str]) -> list[_Timed]:
    try:
        return [_Timed(peer) for peer in make()]
    except ImportError as error:
        missing[str(error.name or "peer")] = line
        return []


def _transformers(path: Path) -> Iterator[Peer]:
    from engine.bench.peers.transformers import Transformers

    yield Transformers(path)


def _llamacpp(path: Path, folder: Path) -> Iterator[Peer]:
    """Yield llama.cpp in the file's own format and in those to which it can be converted without harm."""
    from engine.bench.peers.llamacpp import FORMATS, LlamaCpp, convert

    yield LlamaCpp(path, "as it is (Q4_1)", threads=2)
    for name in FORMATS:
        yield LlamaCpp(convert(path, folder / f"{name}.gguf", name), name, threads=2)


def _row(engine: _Timed, answered: int, ours: float) -> dict[str, Any]:
    return _ROW | {
        "engine": engine.peer.name,
        "requests": answered,
        "seconds": round(engine.seconds, 1),
        "requests_per_s": round(answered / engine.seconds, 2),
        "tokens_per_s": round(engine.generated / engine.seconds),
        "note": "" if engine.seconds == ours else f"takes {engine.seconds / ours:.2f} times as long",
    }


def _prefill(ours: Ours) -> tuple[float, float, float, float]:
    """Measure how fast a new context is read, and how fast products of the same shapes are computed alone.

    Returns the fraction, tokens per second, and both rates in GFLOP/s. Attention and the head are not counted as work.
    """
    import torch

    from engine.llm.kv import PIECE, Node, run
    from engine.llm.llama import Llama

    model, config = ours.backend.contexts.model, ours.backend.contexts.model.config
    assert isinstance(model, Llama)
    tokens = tuple(range(1000, 1000 + PIECE - 2))
    query, key = config.heads * config.head_dim, config.kv_heads * config.head_dim
    shapes = [
        (config.hidden, query + 2 * key),
        (query, config.hidden),
        (config.hidden, 2 * config.feed_forward),
        (config.feed_forward, config.hidden),
    ]
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
