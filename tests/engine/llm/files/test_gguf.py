from __future__ import annotations

import struct
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from engine.errors import BadInput
from engine.llm.files.gguf import Gguf
from tests.engine.llm import tiny
from tests.engine.llm.families import load


def test_settings_are_typed(tmp_path: Path) -> None:
    with closing(Gguf(tiny.write(tmp_path / "m.gguf"))) as file:
        assert file.settings.text("general.architecture") == "llama"
        assert file.settings.integer("llama.block_count", 1, 100) == tiny.LAYERS
        assert file.settings.integers("tokenizer.ggml.token_type")[:4].tolist() == [3, 3, 3, 1]
        assert file.settings.texts("tokenizer.ggml.merges")[0] == "t h"
        with pytest.raises(BadInput, match=r"m\.gguf, key llama.block_count: is not a text"):
            file.settings.text("llama.block_count")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is an empty file"),
        (b"Hello, this is a text file\n", "not a GGUF"),
        (b"GGUF", "ends in the middle"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2**63, 0), "longer than the file"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 2**40), "longer than the file"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**60) + bytes(20), "longer than the file"),
    ],
)
def test_files_that_are_no_models_are_refused_in_one_sentence(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=problem) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        Gguf(tmp_path / "none.gguf")
    with pytest.raises(BadInput, match="cannot be read"):
        Gguf(tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("general.architecture", "mamba"),
        ("general.architecture", "qwen2"),
        ("llama.block_count", 3),
        ("llama.embedding_length", 64),
        ("llama.attention.head_count", 3),
        ("llama.attention.head_count_kv", 3),
        ("llama.feed_forward_length", 2**19),
        ("llama.rope.freq_base", float("nan")),
        ("llama.rope.scaling.type", "longrope"),
        ("llama.rope.scaling.yarn_log_multiplier", 0.1),
        ("llama.rope.dimension_count", 4),
        ("llama.attention.value_length", 4),
        ("llama.expert_count", 8),
        ("split.count", 2),
        ("tokenizer.ggml.model", "llama"),
        ("tokenizer.ggml.model", "bert"),
        ("tokenizer.ggml.pre", "unheard-of"),
        ("tokenizer.ggml.merges", ["x unknown"]),
        ("tokenizer.ggml.tokens", ["a", "a"]),
        ("tokenizer.ggml.eos_token_id", 10**6),
        ("tokenizer.ggml.token_type", [1]),
    ],
)
def test_metadata_that_does_not_go_together_is_refused(tmp_path: Path, key: str, value: tiny.Value) -> None:
    with pytest.raises(BadInput):
        load(tiny.write(tmp_path / "m.gguf", {**tiny.metadata(), key: value}))


@pytest.mark.parametrize("key", sorted(tiny.metadata()))
def test_each_missing_key_is_named_or_not_needed(tmp_path: Path, key: str) -> None:
    values = {k: v for k, v in tiny.metadata().items() if k != key}
    path = tiny.write(tmp_path / "m.gguf", values)
    try:
        load(path)
    except BadInput as error:
        assert key in str(error) or key == "llama.attention.head_count_kv"
    else:
        assert key in ("llama.rope.freq_base", "tokenizer.ggml.bos_token_id")


def test_overlapping_tensors_are_refused(tmp_path: Path) -> None:
    path = tiny.write(
        tmp_path / "m.gguf", tensors={"a": np.ones((4, 32), np.float32), "b": np.ones((4, 32), np.float32)}
    )
    data = bytearray(path.read_bytes())
    place = data.index(struct.pack("<IQ", tiny.FORMATS["Q8_0"], 160)) + 4  # 136 bytes of `a`, aligned to 32
    data[place : place + 8] = bytes(8)
    data[-160:] = b""
    path.write_bytes(bytes(data))
    with pytest.raises(BadInput, match="overlap"):
        Gguf(path)
