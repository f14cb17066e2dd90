"""Models whose weights are held in tiers, for tests."""

from __future__ import annotations

import random
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import torch
from torch import Tensor

from engine.llm.decoder import Decoder
from engine.llm.families import load_decoder
from engine.llm.files.open import open_checkpoint
from engine.llm.kv import Node, run
from engine.llm.tiers.formats import STORAGE_FORMATS
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.opening import survey_checkpoint
from engine.llm.tiers.store import Store, write_weights

NUMBERS = 700
"""So small pieces that small models have many."""


def layout_of(path: Path, storage: str, numbers: int = NUMBERS) -> Layout:
    """The layout of the model at `path`."""
    with closing(open_checkpoint(path)) as checkpoint:
        return Layout.of(survey_checkpoint(checkpoint)[0], STORAGE_FORMATS[storage], numbers)


def write(path: Path, layout: Layout, to: Path) -> None:
    """Write the weights of the model at `path` into a file."""
    with closing(open_checkpoint(path)) as checkpoint, ThreadPoolExecutor(1) as pool:
        checkpoint.by_rows = True
        write_weights(to, layout, "made up", lambda store: load_decoder(checkpoint, store, pool))


def in_memory(path: Path, layout: Layout) -> Decoder:
    """The model at `path` with all weights in memory, without any file."""
    with closing(open_checkpoint(path)) as checkpoint, ThreadPoolExecutor(1) as pool:
        return load_decoder(checkpoint, Store(layout), pool)


def placed(path: Path, layout: Layout, file: Path, on_disk: Collection[int]) -> tuple[Decoder, Store]:
    """The model at `path` with some pieces on disk."""
    store = Store(layout, on_disk, file)
    with closing(open_checkpoint(path)) as checkpoint, ThreadPoolExecutor(1) as pool:
        checkpoint.by_rows = checkpoint.hollow = True
        return load_decoder(checkpoint, store, pool), store


def outputs(model: Decoder, sizes: Collection[int] = (40, 1, 17)) -> Tensor:
    """The log-probabilities after some contexts that share a pass, and after one alone."""
    dice = random.Random(3)
    nodes = [Node(model.config, None, tuple(dice.choices(range(256), k=size))) for size in sizes]
    together = run(model, nodes)
    alone = run(model, [Node(model.config, None, nodes[0].tokens)])
    return torch.cat([model.log_probabilities(states) for states in (*together, *alone)])
