"""Models partly on disk: what the cost model predicts against what is measured, and whether the bits stay the same."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from engine.bench.result import BenchResult, seconds
from engine.bench.synthetic import write_llama

if TYPE_CHECKING:
    from torch import Tensor

    from engine.llm.decoder import Decoder
    from engine.llm.linear import NumberFormat
    from engine.llm.tiers.constants import Constants
    from engine.llm.tiers.policy import CostModel
    from engine.llm.tiers.store import Store

MEGABYTES: Final = 300
SHARES: Final = (0.0, 0.25, 0.5, 1.0)
BATCHES: Final = (8, 32)
STORAGES: Final = ("fp16", "4bit")
PROMPT, GENERATE, ROUNDS = 32, 16, 5
"""Tokens of a prompt, tokens generated in what is predicted, and how often each pass is measured."""
_HIDDEN, _FEED, _WORDS = 1024, 2816, 8192
_TEXT: Final = (
    "Klaus Mueller is writing a research paper about the effects of gentrification in low-income communities. "
    "He has breakfast at seven, walks to the library and reads until noon. In the afternoon he meets Maria Lopez "
    "at Hobbs Cafe, where they talk about the election, about music, and about what they will do on Valentine's Day."
)


def bench_offload(megabytes: int = MEGABYTES) -> BenchResult:
    """Run a model of random weights with 0 to 100 % of them on disk, in two formats and two batches.

    The system's memory of the file is dropped before every pass, so that all reading is from disk. Tokens per second
    are those of `GENERATE` tokens after `PROMPT` tokens each, reading included. What the machine can do is measured
    anew before each pass, so that both meet the same moments; of passes and of constants alike the median counts.
    """
    from engine.llm.embedded import pin_threads

    cores = pin_threads()
    import torch

    from engine.llm.tiers.cache import cache_folder
    from engine.llm.tiers.constants import measuring

    if cores:
        torch.set_num_threads(len(cores))
    rows: list[dict[str, Any]] = []
    cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache_folder()) as name, measuring(Path(name)) as measure:
        first = measure()
        for storage in STORAGES:
            rows += [found.row() for found in _measure(Path(name), storage, megabytes, cores, measure)]
    offloaded = [row["predicted / measured"] for row in rows if row["on disk"] != "0%"]
    ratios: dict[str, float | None] = {
        "within_25_percent": round(sum(0.8 <= ratio <= 1.25 for ratio in offloaded) / len(offloaded), 3),
        "worst_predicted_over_measured": max(offloaded, key=lambda ratio: max(ratio, 1 / ratio)),
        "same_bits": float(all(row["same bits"] for row in rows)),
    }
    return BenchResult("offload", rows, ratios | _quality(first))


@dataclass(frozen=True, slots=True)
class _Found:
    """What was measured for a model, a placement and a batch: medians of passes in turn with all other measurements."""

    model: CostModel
    """With what the machine could do at the time."""
    on_disk: float
    batch: int
    reading: float
    """Seconds of reading all prompts."""
    step: float
    """Seconds of one more token for everybody."""
    same: bool

    def row(self) -> dict[str, Any]:
        """Return it beside what the cost model predicts."""
        from engine.llm.tiers.work import Work

        model, work = self.model, Work(PROMPT, GENERATE)
        reading = model.seconds(model.reading(self.batch * PROMPT, work), self.on_disk)
        step = model.seconds(model.step(self.batch, work), self.on_disk)
        measured_s, predicted_s = self.reading + (GENERATE - 1) * self.step, reading + (GENERATE - 1) * step
        return {
            "format": model.memory.layout.storage.name,
            "on disk": f"{self.on_disk:.0%}",
            "batch": self.batch,
            "reading ms": round(1e3 * self.reading),
            "predicted ms": round(1e3 * reading),
            "step ms": round(1e3 * self.step),
            "predicted step ms": round(1e3 * step),
            "tokens_per_s": round(self.batch * GENERATE / measured_s, 2),
            "predicted_per_s": round(self.batch * GENERATE / predicted_s, 2),
            "predicted / measured": round(measured_s / predicted_s, 3),
            "same bits": self.same,
        }


def _measure(
    folder: Path, storage: str, size: int, cores: Sequence[int], measure: Callable[[], Constants]
) -> Iterator[_Found]:
    """Yield what each placement gives with each batch."""
    from engine.llm.decoder import Config
    from engine.llm.files.open import open_checkpoint
    from engine.llm.tiers.constants import typical
    from engine.llm.tiers.opening import cost_model
    from engine.llm.tiers.store import write_weights

    layer = 2 * _HIDDEN * (2 * _HIDDEN + 2 * 256 + 3 * _FEED)
    config = Config(max(2, round(size * 1e6 / layer)), _HIDDEN, 16, 4, 64, _FEED, _WORDS, 512)
    write_llama(folder, config)
    file = folder / f"{storage}.weights"
    expected: dict[int, Tensor] = {}
    with closing(open_checkpoint(folder)) as checkpoint:
        model = cost_model(checkpoint, storage, measure())
        checkpoint.by_rows = True
        write_weights(file, model.memory.layout, "bench", lambda number_format: _load(checkpoint, number_format))
        checkpoint.hollow = True
        for share in SHARES:
            store, decoder, on_disk = _place(checkpoint, model, file, share, cores)
            machine: list[Constants] = []
            passes: dict[int, list[tuple[float, float, Tensor]]] = {batch: [] for batch in BATCHES}
            for _ in range(ROUNDS):
                for batch in BATCHES:
                    machine.append(measure())
                    passes[batch].append(_run(decoder, store, batch))
            store.close()
            meanwhile = replace(model, constants=typical(machine))
            for batch, (readings, steps, bits) in ((batch, zip(*runs, strict=True)) for batch, runs in passes.items()):
                same = all(bool((each == expected.setdefault(batch, bits[0])).all()) for each in bits)
                yield _Found(meanwhile, on_disk, batch, median(readings), median(steps), same)


def _place(
    checkpoint: Any, model: CostModel, file: Path, share: float, cores: Sequence[int]
) -> tuple[Store, Decoder, float]:
    """Return the model with this share of its weights on disk, and what the share exactly is."""
    from engine.llm.tiers.store import Store

    layout = model.memory.layout
    on_disk = layout.spread(round((1 - share) * layout.weight_bytes))
    store = Store(layout, on_disk, file, cores)
    return store, _load(checkpoint, store), 1 - layout.held(on_disk) / layout.weight_bytes


def _load(checkpoint: Any, number_format: NumberFormat) -> Decoder:
    from engine.llm.families import load_decoder

    with ThreadPoolExecutor(1) as pool:
        return load_decoder(checkpoint, number_format, pool)


def _run(model: Decoder, store: Store, batch: int) -> tuple[float, float, Tensor]:
    """Return the seconds of reading all prompts and of a step after that, and what the model says then."""
    import torch

    from engine.llm.branches import Branches
    from engine.llm.kv import Node, run

    words = model.config.vocabulary
    prompts = [tuple((17 * b + 7 * i) % words for i in range(PROMPT)) for b in range(batch)]
    nodes = [Node(model.config, None, prompt) for prompt in prompts]
    store.forget()
    reading = seconds(lambda: run(model, nodes, batch * PROMPT))
    branches = [Branches(model.config, node) for node in nodes]
    for branch in branches:
        branch.advance([0], [1])
    logs = torch.empty(0)

    def step() -> None:
        nonlocal logs
        logs = model.log_probabilities(torch.cat(run(model, branches)))

    store.forget()
    return reading, seconds(step), logs


def _quality(constants: Constants) -> dict[str, float | None]:
    """Return what the formats cost the embedded model: mean KL of the next token's distribution against fp32."""
    import torch

    from engine.errors import BadInput
    from engine.llm.files.open import open_checkpoint
    from engine.llm.inventory import LANGUAGE_MODEL
    from engine.llm.kv import Node, run
    from engine.llm.tiers.opening import cost_model
    from engine.llm.tiers.store import Store

    names = {storage: f"kl_{storage}" for storage in STORAGES}
    try:
        path = LANGUAGE_MODEL.locate()
    except BadInput:
        return dict.fromkeys(names.values())
    found: dict[str, Tensor] = {}
    with closing(open_checkpoint(path)) as checkpoint:
        tokens = tuple(checkpoint.make_tokenizer().encode(_TEXT))
        for storage in ("fp32", *STORAGES):
            layout = cost_model(checkpoint, storage, constants).memory.layout
            checkpoint.by_rows = True
            model = _load(checkpoint, Store(layout))
            (states,) = run(model, [Node(model.config, None, tokens)])
            found[storage] = model.log_probabilities(states)
    exact = found["fp32"]
    with torch.inference_mode():
        return {
            name: float(f"{float((exact.exp() * (exact - found[storage])).sum(dim=1).mean()):.2e}")
            for storage, name in names.items()
        }
