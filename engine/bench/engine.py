"""Our engine against `transformers` and llama.cpp on what the people of a town really ask, with the same weights."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from engine.bench.peers import Peer
from engine.bench.peers.apart import Apart
from engine.bench.result import BenchResult
from engine.bench.trace import Trace

ROUNDS: Final = 5
"""So many parts of the trace, evenly spread over it, go through all engines in turn."""
QUESTIONS: Final = 1
"""So many questions of each person make a part."""
_ROW: Final = {
    "engine": "",
    "requests": "",
    "seconds": "",
    "requests_per_s": "",
    "tokens_per_s": "",
    "times as long": "",
    "in each round": "",
}
_TRANSFORMERS, _LLAMACPP = "transformers", "llama.cpp"
_INSTALL: Final = {
    _TRANSFORMERS: "pip install gguf accelerate",
    _LLAMACPP: "pip install llama-cpp-python (builds for some minutes)",
}

Make = Callable[[], Peer]
Tell = Callable[[str], None]
_Number = TypeVar("_Number", int, float)


@dataclass(slots=True)
class _Timed:
    """An engine, and what each part took it."""

    engine: Apart
    seconds: list[float] = field(default_factory=list)
    generated: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.engine.name

    def run(self, part: Trace) -> None:
        """Let the engine answer a part of the trace."""
        took, generated = self.engine.replay(part)
        self.seconds.append(took)
        self.generated.append(generated)


class _Race:
    """The engines, the first of which the others are compared with, and what they have answered."""

    def __init__(self, engines: Sequence[Apart], trace: Trace, show: Tell, say: Tell) -> None:
        self.timed = [_Timed(engine) for engine in engines]
        self.answered: list[int] = []
        """Requests of each round that all have finished."""
        self._trace = trace
        self._show = show
        self._say = say

    def run(self, minutes: float | None) -> str:
        """Let all engines answer all parts; return how many rounds it was if it ended early."""
        try:
            began = time.monotonic()
            for number in range(ROUNDS):
                self._round(number)
                if minutes is not None and time.monotonic() - began > 60 * minutes and number < ROUNDS - 1:
                    return f"{number + 1} of {ROUNDS} rounds, after {minutes:g} minutes"
        except KeyboardInterrupt:
            if not self.answered:
                raise
            return f"{len(self.answered)} of {ROUNDS} rounds, interrupted"
        return ""

    def _round(self, number: int) -> None:
        part = self._trace.part(number, ROUNDS, QUESTIONS)
        for place in range(len(self.timed)):
            timed = self.timed[(number + place) % len(self.timed)]
            self._show(f"Round {number + 1} of {ROUNDS}: {timed.name} answers {part.requests} requests …")
            timed.run(part)
        self.answered.append(part.requests)
        first, *others = self.timed
        found = [f"{first.name} {first.seconds[-1]:.1f} s"]
        found += [f"{each.name} {each.seconds[-1] / first.seconds[-1]:.2f} times as long" for each in others]
        self._say(f"Round {number + 1} of {ROUNDS}, {part.requests} requests: {', '.join(found)}")

    def rows(self) -> list[dict[str, Any]]:
        """Return what each engine took for the rounds that all have finished."""
        requests, first = sum(self.answered), self.timed[0]
        rows = []
        for timed in self.timed:
            seconds, generated = self._finished(timed.seconds), self._finished(timed.generated)
            by_round = self.times_as_long(timed)
            rows.append(
                _ROW
                | {
                    "engine": timed.name,
                    "requests": requests,
                    "seconds": round(sum(seconds), 1),
                    "requests_per_s": round(requests / sum(seconds), 2),
                    "tokens_per_s": round(sum(generated) / sum(seconds)),
                    "times as long": round(sum(seconds) / sum(self._finished(first.seconds)), 2),
                    "in each round": "" if timed is first else f"{min(by_round):.2f} to {max(by_round):.2f}",
                }
            )
        return rows

    def times_as_long(self, timed: _Timed) -> list[float]:
        """Return for each finished round how many times as long as the first engine another one took."""
        pairs = zip(self._finished(timed.seconds), self._finished(self.timed[0].seconds), strict=True)
        return [seconds / first for seconds, first in pairs]

    def ratios(self, name: str) -> dict[str, float | None]:
        """Return how many times as long as the first engine the best one of a name took: in all, least and most."""
        first = sum(self._finished(self.timed[0].seconds))
        named = [timed for timed in self.timed if timed.name.startswith(name)]
        key = f"over_{name.replace('.', '')}"
        if not named:
            return dict.fromkeys((key, f"{key}_least", f"{key}_most"))
        best = min(named, key=lambda timed: sum(self._finished(timed.seconds)))
        by_round = self.times_as_long(best)
        found = {key: sum(self._finished(best.seconds)) / first}
        found |= {f"{key}_least": min(by_round), f"{key}_most": max(by_round)}
        return {name: round(ratio, 3) for name, ratio in found.items()}

    def _finished(self, each: list[_Number]) -> list[_Number]:
        return each[: len(self.answered)]


def bench_engine(
    trace: Trace | None = None,
    minutes: float | None = None,
    show: Tell = lambda _: None,
    say: Tell = lambda _: None,
    engines: Mapping[str, Make] | None = None,
) -> BenchResult:
    """Measure reading against the products that it needs, then let all engines answer parts of the shipped trace.

    All have the same weights and as many threads as there are cores, each in a process of its own that sleeps while
    others work. Peers know no patterns, so they write until a full stop where ours enforces one. Meanings are left out.
    After the round that passes `minutes`, or when interrupted, the result is that of the rounds that all have finished.
    `show` is told what is going on, `say` what each round gave. `engines` takes the place of ours (the first one, with
    which the others are compared) and all peers.
    """
    trace = trace or Trace.load()
    started: list[Apart] = []
    missing: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, make in (engines or _engines(folder)).items():
            show(f"Starting {name} …")
            try:
                started.append(stack.enter_context(Apart(make)))
            except ImportError:
                missing.append(name.split()[0])
        show(f"{started[0].name} reads …")
        _, (fraction, tokens_per_s, rate, alone) = started[0].ask("read")
        for engine in started:
            show(f"{engine.name} warms up …")
            engine.replay(trace.part(1, 2, 1))
        race = _Race(started, trace, show, say)
        early = race.run(minutes)
    reading = f"{started[0].name} reading: {rate:.0f} GFLOP/s; the products alone reach {alone:.0f}"
    rows = [*race.rows(), _ROW | {"engine": reading, "tokens_per_s": round(tokens_per_s)}]
    rows += [_ROW | {"engine": f"{name} is not installed: {_INSTALL[name]}"} for name in dict.fromkeys(missing)]
    ratios = race.ratios(_TRANSFORMERS) | race.ratios(_LLAMACPP) | {"gemm_fraction": round(fraction, 3)}
    return BenchResult("engine", rows, ratios, partial=early)


def _engines(folder: Path) -> dict[str, Make]:
    """Return what makes each engine; llama.cpp takes the file as it is and in what it can be converted to unharmed."""
    from engine.bench.peers.llamacpp import FORMATS
    from engine.llm.inventory import LANGUAGE_MODEL

    path = LANGUAGE_MODEL.locate()
    return {
        "Thorp float16": partial(_thorp, path, "float16"),
        "Thorp int8": partial(_thorp, path, "int8"),
        _TRANSFORMERS: partial(_transformers, path),
        f"{_LLAMACPP} Q4_1": partial(_llamacpp, path, "as it is (Q4_1)", None),
        **{f"{_LLAMACPP} {name}": partial(_llamacpp, path, name, folder / f"{name}.gguf") for name in FORMATS},
    }


def _thorp(path: Path, number_format: str) -> Peer:
    from engine.bench.peers.thorp import Thorp

    return Thorp(path, number_format)


def _transformers(path: Path) -> Peer:
    from engine.llm.embedded import pin_threads

    cores = pin_threads()  # as our own, before torch is imported

    import torch

    from engine.bench.peers.transformers import Transformers

    if cores:
        torch.set_num_threads(len(cores))
    return Transformers(path)


def _llamacpp(path: Path, name: str, converted: Path | None) -> Peer:
    from engine.bench.peers.llamacpp import LlamaCpp, convert
    from engine.llm.embedded import usable_cores

    return LlamaCpp(convert(path, converted, name) if converted else path, name, len(usable_cores()) or 1)
