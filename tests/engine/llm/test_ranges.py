"""Weights that no format can hold are refused, and those that one cannot hold are not held in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import BadInput
from engine.llm.embedded import EmbeddedBackend
from engine.llm.linear import float16, float32
from engine.llm.ranges import HALF
from engine.llm.requests import Choice, Choose
from engine.llm.tiers import opening
from tests.engine.llm import families, tiny
from tests.engine.llm.tiers.test_policy import MACHINE

WHAT = Choose("c", ("the cat",), (" a", " 12\n", " of"))
Tensors = dict[str, torch.Tensor]


@pytest.fixture(autouse=True)
def constants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is measured, and the cache folder is a new one."""
    monkeypatch.setenv("THORP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(opening, "constants_of_this_machine", lambda: MACHINE)


def saved(folder: Path, change: Callable[[Tensors], object], **how: Any) -> Path:
    """Save a model whose tensors were changed."""
    families.save(families.make("llama"), folder, **how)
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "model.safetensors")
    return folder


def choice(folder: Path, number_format: str = "float16", ram: int | None = None) -> Choice:
    (answer,) = EmbeddedBackend.load(folder, number_format, ram=ram).answer([WHAT])
    assert isinstance(answer.reply, Choice)
    return answer.reply


def rescaled(tensors: Tensors) -> None:
    """Make matrices too small and too large for half precision, in a way that changes nothing."""
    for name, tensor in tensors.items():
        if "up_proj" in name:
            tensor *= 1e-6
        elif "down_proj" in name:
            tensor *= 1e6


@pytest.mark.parametrize(
    ("number_format", "ram"), [("float16", None), ("float32", None), ("int8", None), ("4bit", None), ("float16", 80)]
)
@pytest.mark.parametrize("name", ["lm_head.weight", "model.layers.1.mlp.up_proj.weight", "model.norm.weight"])
@pytest.mark.parametrize("number", [np.nan, -np.inf])
def test_what_is_not_finite_is_refused(
    tmp_path: Path, name: str, number: float, number_format: str, ram: int | None
) -> None:
    def spoil(tensors: Tensors) -> None:
        tensors[name].view(-1)[7] = number

    folder = saved(tmp_path / "tiny", spoil)
    with pytest.raises(BadInput) as caught:
        EmbeddedBackend.load(folder, number_format, ram=ram and ram << 20)
    problem = "holds a number that is NaN or infinite (is the file damaged?)"
    assert str(caught.value) == f"{folder}/model.safetensors, tensor {name}: {problem}"


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
def test_embeddings_in_half_precision_are_looked_at_too(tmp_path: Path, kind: torch.dtype) -> None:
    def spoil(tensors: Tensors) -> None:
        for name in tensors:
            tensors[name] = tensors[name].to(kind)
        tensors["model.embed_tokens.weight"][3, 5] = np.inf

    with pytest.raises(BadInput, match=r"tensor model\.embed_tokens\.weight: holds a number that is NaN or infinite"):
        EmbeddedBackend.load(saved(tmp_path / "tiny", spoil))


def test_scales_of_gguf_files_are_looked_at_too(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "tiny.gguf")
    data = path.read_bytes()
    row = tiny.pack(tiny.weights()["blk.1.ffn_up.weight"][:1], "Q8_0")
    assert data.count(row) == 1
    path.write_bytes(data.replace(row, b"\x00\x7c" + row[2:]))
    with pytest.raises(BadInput, match=r"tiny\.gguf, tensor blk\.1\.ffn_up\.weight: holds a number that is NaN"):
        EmbeddedBackend.load(path)


@pytest.mark.parametrize("number_format", ["float16", "int8"])
def test_what_half_precision_does_not_hold_is_computed_in_single(tmp_path: Path, number_format: str) -> None:
    plain = saved(tmp_path / "plain", lambda tensors: None)
    exact, found = choice(plain, "float32"), choice(saved(tmp_path / "tiny", rescaled), number_format)
    assert found.index == exact.index
    assert found.probabilities == pytest.approx(exact.probabilities, rel=1e-3 if number_format == "float16" else 0.1)


@pytest.mark.parametrize(("number_format", "ram"), [("4bit", None), ("float16", 80)])
def test_in_tiers_it_is_refused(tmp_path: Path, number_format: str, ram: int | None) -> None:
    folder = saved(tmp_path / "tiny", rescaled)
    with pytest.raises(BadInput) as caught:
        EmbeddedBackend.load(folder, number_format, ram=ram and ram << 20)
    assert "tensor model.layers.0.mlp.up_proj.weight: holds 64 of 64 rows of numbers smaller than 7.6e-06" in str(
        caught.value
    )
    assert "(?precision=fp32 holds them, on the CPU)" in str(caught.value)
    exact = choice(folder, "float32")
    assert choice(folder, "float32", 80 << 20).probabilities == pytest.approx(exact.probabilities, rel=1e-5)


def test_a_head_in_tiers_is_refused_by_its_rows(tmp_path: Path) -> None:
    def enlarge(tensors: Tensors) -> None:
        tensors["lm_head.weight"][7] = 1e6

    with pytest.raises(BadInput, match=r"tensor lm_head\.weight: holds numbers as large as 1e\+06, where 65504 is"):
        EmbeddedBackend.load(saved(tmp_path / "tiny", enlarge), ram=80 << 20)


def test_a_model_whose_loss_is_no_number_is_refused_in_8_bits(tmp_path: Path) -> None:
    def enlarge(tensors: Tensors) -> None:
        tensors["model.norm.weight"] *= 1e38

    with pytest.raises(BadInput, match="gives no numbers for a plain text, so what int8 costs cannot be measured"):
        EmbeddedBackend.load(saved(tmp_path / "tiny", enlarge), "int8")


def test_what_half_precision_holds() -> None:
    good = torch.randn(64, 48, generator=torch.Generator().manual_seed(1))
    assert not HALF.complaint(good.numpy())
    for row, factor in ((3, 1e6), (5, 1e-9)):
        some = good.clone()
        some[row] *= factor
        assert bool(HALF.complaint(some.numpy())) == (factor > 1)  # a few rows may have died
        assert torch.equal(float16(some, None)(good), float32(some, None)(good)) == (factor > 1)
    few = torch.cat([good, good[:8] * 1e-8])  # such as values, below queries and keys
    assert HALF.complaint(few.numpy()).startswith("holds 8 of 72 rows")
    assert not HALF.complaint(torch.zeros(4, 4).numpy())
    assert HALF.complaint(torch.full((2, 2), np.nan).numpy())
