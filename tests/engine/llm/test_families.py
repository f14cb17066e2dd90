"""Every family against transformers, on small random models."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.llm.decoder import Decoder
from engine.llm.families import load_decoder
from engine.llm.files.open import open_checkpoint
from engine.llm.kv import Node, run
from engine.llm.linear import NUMBER_FORMATS
from tests.engine.llm import families


def load(path: Path, number_format: str = "float32") -> Decoder:
    with closing(open_checkpoint(path)) as checkpoint, ThreadPoolExecutor(1) as pool:
        return load_decoder(checkpoint, NUMBER_FORMATS[number_format], pool)


def tokens(count: int, seed: int = 0) -> tuple[int, ...]:
    return tuple(random.Random(seed).choices(range(320), k=count))


@torch.inference_mode()
def expected(model: Any, ids: tuple[int, ...]) -> Tensor:
    """The log-probabilities of transformers after each of `ids`, [n, vocabulary]."""
    return torch.log_softmax(model(torch.tensor([ids])).logits[0], dim=-1)


@pytest.mark.parametrize("name", families.FAMILIES)
def test_logits_agree_with_transformers(tmp_path: Path, name: str) -> None:
    model = families.make(name)
    ours = load(families.save(model, tmp_path))
    ids = tokens(60)
    (states,) = run(ours, [Node(ours.config, None, ids)])
    difference = (ours.log_probabilities(states) - expected(model, ids)).abs().max()
    print(f"{name}: {difference:.1e}")
    assert difference < 1e-4
