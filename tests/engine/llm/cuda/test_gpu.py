"""The model on a GPU: as on the CPU but for rounding, the same bits in any company and for every placement."""

from __future__ import annotations

import random
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.llm import embedded, gemma, llama, opt
from engine.llm.branches import Branches
from engine.llm.decoder import Block, Decoder
from engine.llm.families import load_decoder
from engine.llm.files.open import open_checkpoint
from engine.llm.kv import Node, run
from engine.llm.requests import Failure, FailureKind
from engine.llm.scoring import Trie
from engine.llm.tiers.formats import STORAGE_FORMATS
from engine.llm.tiers.gpu import GpuSpeeds
from engine.llm.tiers.layout import Layout
from engine.llm.tiers.opening import survey_checkpoint
from engine.llm.tiers.store import write_weights
from tests.engine.llm import families, tiny
from tests.engine.llm.test_batching import some_requests
from tests.engine.llm.tiers.models import outputs
from thorp.cli import run_command_line

pytest.importorskip("triton", reason="the kernels of a GPU are written in Triton")

from engine.llm.cuda import opening
from engine.llm.cuda.ragged import RaggedPass
from engine.llm.cuda.store import GpuStore, Placement

GPU = torch.cuda.is_available()
DEVICE = "cuda" if GPU else "cpu"
ALL = ("llama", "llama 3.1", "mistral", "qwen2", "qwen3", "gemma2", "gemma3", "opt", "opt 350m")
CHECKED = ALL if GPU else ("qwen3", "gemma2", "opt")
SLOW = pytest.mark.usefixtures() if GPU else pytest.mark.slow  # kernels are interpreted
PIECE = 700
EVERYWHERE = Placement()


@pytest.fixture(autouse=True)
def _as_on_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a GPU the same steps are taken on the CPU, and kernels are interpreted."""
    if not GPU:
        for family in (gemma, llama, opt):
            monkeypatch.setattr(family, "begin", RaggedPass)


@pytest.fixture(scope="module", params=CHECKED)
def folder(request: Any, tmp_path_factory: Any) -> Path:
    return families.save(families.make(request.param), tmp_path_factory.mktemp("model"))


def layout_of(path: Path, storage: str) -> Layout:
    with closing(open_checkpoint(path)) as checkpoint:
        return Layout.of(survey_checkpoint(checkpoint)[0], STORAGE_FORMATS[storage], PIECE, 8)


def on_gpu(path: Path, layout: Layout, placement: Placement = EVERYWHERE, file: Path | None = None) -> Decoder:
    with closing(open_checkpoint(path)) as checkpoint, ThreadPoolExecutor(1) as pool:
        checkpoint.device, checkpoint.by_rows, checkpoint.hollow = DEVICE, True, file is not None
        return load_decoder(checkpoint, GpuStore(layout, DEVICE, placement, file), pool)


@SLOW
def test_it_computes_what_the_cpu_computes(folder: Path) -> None:
    exact, found = outputs(families.load(folder)), outputs(on_gpu(folder, layout_of(folder, "bf16")))
    loss = (exact.exp() * (exact - found)).sum(dim=1)
    assert loss.mean() < 0.02
    assert loss.max() < 0.2


@SLOW
@pytest.mark.parametrize("storage", ["bf16", "4bit"])
def test_every_placement_gives_the_same_bits(folder: Path, tmp_path: Path, storage: str) -> None:
    layout = layout_of(folder, storage)
    with closing(open_checkpoint(folder)) as checkpoint, ThreadPoolExecutor(1) as pool:
        checkpoint.by_rows = True
        write_weights(tmp_path / "w", layout, "made up", lambda store: load_decoder(checkpoint, store, pool))
    expected = outputs(on_gpu(folder, layout))
    every = frozenset(range(layout.count))
    third = frozenset(range(0, layout.count, 3))
    for placement in (Placement(every), Placement(third), Placement(every - third, third), Placement(on_disk=every)):
        model = on_gpu(folder, layout, placement, tmp_path / "w" if placement.on_disk else None)
        for _ in range(2):
            assert torch.equal(outputs(model), expected)


def thinking(model: Decoder, dice: random.Random, *, keys_in_ram: bool = False) -> list[Block]:
    """Contexts that were read, and what may go on from them: samples that are written, and options."""
    config = replace(model.config, keys_in_ram=keys_in_ram)
    blocks: list[Block] = []
    for _ in range(6 if GPU else 2):
        first = Node(config, None, tuple(dice.choices(range(256), k=dice.randrange(1, 40))))
        node = Node(config, first, tuple(dice.choices(range(256), k=dice.randrange(1, 20))))
        run(model, [first, node])
        branches = Branches(config, node)
        branches.advance(range(3), dice.choices(range(256), k=3))
        run(model, [branches])
        branches.advance([0, 2], dice.choices(range(256), k=2))
        blocks += [branches, Trie.of(node, ((1, 2, 3), (1, 4, 5), (6, 7)))]
    return blocks


def states(model: Decoder, blocks: list[Block]) -> list[Tensor]:
    return [each.clone() for each in run(model, blocks)]


@SLOW
def test_the_same_bits_alone_and_in_any_company(folder: Path) -> None:
    model = on_gpu(folder, layout_of(folder, "bf16"))
    dice = random.Random(1)
    blocks = thinking(model, dice)
    alone = [states(model, [block])[0] for block in blocks]
    for _ in range(30 if GPU else 3):
        chosen = dice.sample(range(len(blocks)), dice.randrange(1, len(blocks) + 1))
        together = states(model, [blocks[i] for i in chosen])
        assert all(torch.equal(alone[i], found) for i, found in zip(chosen, together, strict=True))
    logs = model.log_probabilities(torch.cat(alone))
    start = 0
    for own in alone:
        assert torch.equal(model.log_probabilities(own), logs[start : start + len(own)])
        start += len(own)


@SLOW
def test_keys_in_ram_give_the_same_bits(folder: Path) -> None:
    model = on_gpu(folder, layout_of(folder, "bf16"))
    here, there = (thinking(model, random.Random(2), keys_in_ram=in_ram) for in_ram in (False, True))
    for a, b in zip(states(model, here), states(model, there), strict=True):
        assert torch.equal(a, b)


def test_a_model_of_random_weights_is_computed_in_all_ways_alike() -> None:
    """The check of `bench offload --gpu`, with a smaller model."""
    from engine.bench.offload_gpu import check

    found = check(DEVICE, hidden=64, heads=2, layers=2, words=300, texts=1)
    assert found["same_bits_bf16"] == found["same_bits_4bit"] == 1
    assert 0 < found["kl_bf16"] < 1e-3 < found["kl_4bit"] * 1e4


@SLOW
def test_minds_are_answered_on_a_gpu_as_they_are_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole backend, from the file of a model to replies; without a GPU, with the steps that one would take."""
    monkeypatch.setattr(embedded, "_check_gpu", lambda: None)
    if not GPU:
        monkeypatch.setattr(opening, "DEVICE", DEVICE)
        monkeypatch.setattr(opening, "card_here", lambda: opening.Card("interpreter", 8 << 30, 8 << 30))
        monkeypatch.setattr(opening.Card, "limit", lambda *_: None)
        monkeypatch.setattr(opening, "gpu_speeds", GpuSpeeds)
    path = tiny.write(tmp_path / "tiny.gguf")
    backend = embedded.EmbeddedBackend.load(path, on_gpu=True, gpu=2 << 30, kv_disk=0)
    assert "bfloat16 on " in backend.identity
    requests = some_requests(random.Random(4), 6)
    together = [answer.reply for answer in backend.answer(requests)]
    failures = [reply for reply in together if isinstance(reply, Failure)]
    assert all(failure.kind is FailureKind.MISFIT for failure in failures)  # a random model writes what it likes
    assert len(failures) < len(together) / 2
    for request, expected in zip(requests, together, strict=True):
        backend.forget()
        assert backend.answer([request])[0].reply == expected


def test_without_a_gpu_that_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    if GPU:
        pytest.skip("there is one")
    for arguments in (["run", "--model", "embedded?device=cuda"], ["bench", "offload", "--gpu", "16"]):
        assert run_command_line(arguments) == 2
        assert "torch finds no GPU here" in capsys.readouterr().err


@pytest.mark.parametrize("lacking", ["a C compiler", "Python's headers"])
def test_what_triton_compiles_with_is_asked_for_before_anything_is_loaded(
    lacking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("PATH", "" if lacking == "a C compiler" else str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    (tmp_path / "gcc").touch(mode=0o755)
    monkeypatch.setattr(sysconfig, "get_path", lambda *_: str(tmp_path))
    assert run_command_line(["run", "--model", "embedded?device=cuda", "--out", str(tmp_path / "run")]) == 2
    assert f"Triton needs {lacking}" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
