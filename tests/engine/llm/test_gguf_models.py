"""GGUF files written by llama.cpp's package against transformers and against that package."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Kind
from gguf.quants import dequantize

from engine.llm.files.blocks import FORMATS, dequantise
from engine.llm.files.gguf import Gguf
from tests.engine.llm import families, gguf_models
from tests.engine.llm.families import load
from tests.engine.llm.test_families import difference, tokens

pytestmark = pytest.mark.usefixtures("one_thread")
WRITTEN = ("llama", "smollm2", "llama 3.1", "llama linear", "llama yarn", "qwen2", "qwen3", "gemma", "gemma2", "gemma3")


@pytest.mark.parametrize("number", sorted(FORMATS))
def test_every_format_is_unpacked_as_by_its_authors(number: int) -> None:
    """Bit by bit, for random bytes: infinite and undefined numbers too."""
    layout = FORMATS[number]
    raw = np.random.default_rng(number).integers(0, 256, 3000 * layout.size, dtype=np.uint8)
    with np.errstate(all="ignore"):
        right = dequantize(raw.reshape(1, -1), Kind(number)).astype(np.float32).ravel()
    assert layout.name == Kind(number).name
    assert np.array_equal(dequantise(raw, layout), right, equal_nan=True)


@pytest.mark.parametrize("name", WRITTEN)
def test_every_family_agrees_with_transformers(tmp_path: Path, name: str) -> None:
    changes = {"query_pre_attn_scalar": 16} if name in ("gemma2", "gemma3") else {}  # what llama.cpp takes it to be
    model = families.make(name, **changes)
    families.save_tokenizer(tmp_path)
    found = load(gguf_models.write(model, tmp_path / "model.gguf"))
    assert difference(found, model, tokens(100)) < 1e-4


@pytest.mark.parametrize("kind", [*gguf_models.WRITABLE, *gguf_models.RANDOM])
@pytest.mark.parametrize("name", ["llama", "qwen2"])
def test_every_format_gives_the_model_that_was_written(tmp_path: Path, name: str, kind: str) -> None:
    model = families.make(name, hidden_size=256, intermediate_size=256, num_hidden_layers=2, head_dim=64)
    families.save_tokenizer(tmp_path)
    path = gguf_models.write(model, tmp_path / "model.gguf", kind)
    with closing(Gguf(path)) as file:
        assert {info.format.name for info in file.tensors.values() if len(info.shape) == 2} == {kind}
    assert difference(load(path), model, tokens(40)) < 3e-4
