"""What the cost model must know about a GPU and its link, measured with the engine's own operations."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import torch
from torch import Tensor

from engine.llm.branches import Branches
from engine.llm.cuda.locked import locked
from engine.llm.cuda.products import begin_products, multiply
from engine.llm.cuda.ragged import RaggedPass
from engine.llm.cuda.store import GpuStore
from engine.llm.decoder import Block, Config
from engine.llm.kv import Node, run
from engine.llm.random_model import random_opt
from engine.llm.tiers.formats import STORAGE_FORMATS, Workspace
from engine.llm.tiers.gpu import PIECE, ROWS, GpuSpeeds
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.shapes import Shape

_ROUNDS: Final = 4
_COPIED: Final = 256 << 20
_WIDTH: Final = 8192
_PROMPT: Final = 512
_BLOCKS: Final = 24
_HEADS: Final = Config(1, 4096, 32, 32, 128, 128, 512, 2048)
"""One layer with the heads of a model of some seven billion weights."""
_SMALL: Final = Config(16, 256, 4, 4, 64, 1024, 512, 2048)
"""A model so small that launching is all it takes."""


def measure_gpu(device: str) -> GpuSpeeds:
    """Measure a GPU; it takes some seconds, and about two GiB of its memory and of the computer's."""
    begin_products()
    with torch.inference_mode():
        far, near = locked(_COPIED), torch.empty(_COPIED, dtype=torch.uint8, device=device)
        to_gpu = _COPIED / _best(lambda: near.copy_(far, non_blocking=True))
        products, expand = _products(device)
        here = replace(_HEADS, device=device)
        there = replace(here, keys_in_ram=True)
        reading = {config: _attending(config, _prompts(config)) for config in (here, there)}
        kept = {config: _attending(config, _steps(config)) for config in (here, there)}
        keys = _BLOCKS * _PROMPT * here.token_bytes
        flops = 4 * _BLOCKS * _PROMPT * (_PROMPT / 2) * here.heads * here.head_dim
        layer, sequence = _launching(device)
    return GpuSpeeds(
        to_gpu=to_gpu,
        keys_in_ram=keys / kept[there],
        keys_to_ram=keys / max(reading[there] - reading[here], 1e-9),
        keys_on_gpu=keys / kept[here],
        multiply=products,
        expand=expand,
        attend=flops / reading[here],
        layer=layer,
        sequence=sequence,
    )


def _products(device: str) -> tuple[float, float]:
    """Return the FLOP/s of products, and how many weights are expanded from 4 bits per second."""
    weight = torch.randn(_WIDTH, _WIDTH, device=device)
    halves = weight.bfloat16()
    x = torch.randn(8 * ROWS, _WIDTH, device=device).bfloat16()
    out = torch.empty(8 * ROWS, _WIDTH, dtype=torch.bfloat16, device=device)
    storage = STORAGE_FORMATS["4bit"]
    packed, room = storage.pack(weight), Workspace(weight.numel(), device, torch.bfloat16)
    multiplying = _best(lambda: multiply(x, halves, None, out))
    expanding = _best(lambda: storage.expand(packed, _WIDTH, _WIDTH, room))
    return 2 * len(x) * weight.numel() / multiplying, weight.numel() / expanding


def _prompts(config: Config) -> list[Block]:
    return [Node(config, None, (0,) * _PROMPT) for _ in range(_BLOCKS)]


def _steps(config: Config) -> list[Block]:
    found: list[Block] = []
    for node in _prompts(config):
        assert isinstance(node, Node)
        for numbers in (node.keys, node.values):
            numbers.zero_()
        branches = Branches(config, node)
        branches.advance([0], [0])
        found.append(branches)
    return found


def _attending(config: Config, blocks: list[Block]) -> float:
    """Return the seconds in which all blocks attend in one layer, and keep their keys."""
    batch = RaggedPass(blocks, config)
    rows = len(batch.tokens)

    def numbers(heads: int) -> Tensor:
        return torch.randn(heads, rows, config.head_dim, device=config.device).bfloat16()

    q, k, v = numbers(config.heads), numbers(config.kv_heads), numbers(config.kv_heads)
    return _best(lambda: batch.attend(0, q, k, v))


def _launching(device: str) -> tuple[float, float]:
    """Return what a layer costs that computes next to nothing, and what a sequence costs in a pass, in seconds."""
    shape = Shape("small", _SMALL, gated=False, rotates=False)
    layout = Layout.of(list(shape.products()), STORAGE_FORMATS["bf16"], PIECE, ROWS)
    model = random_opt(_SMALL, GpuStore(layout, device), device)
    times: dict[int, float] = {}
    for count in (1, 1 + _BLOCKS):
        nodes = [Node(model.config, None, (1, 2, 3)) for _ in range(count)]
        run(model, nodes)
        branches = [Branches(model.config, node) for node in nodes]

        def step(branches: list[Branches] = branches) -> None:
            for each in branches:
                each.advance([0], [1])
            run(model, branches)

        times[count] = _best(step)
    return times[1] / _SMALL.layers, max(1e-9, times[1 + _BLOCKS] - times[1]) / _BLOCKS


def _best(work: Callable[[], object]) -> float:
    """Return the shortest of some times, in seconds."""
    times: list[float] = []
    for _ in range(_ROUNDS):
        torch.cuda.synchronize()
        began = time.perf_counter()
        work()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    return min(times)
