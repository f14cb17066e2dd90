"""Hugging Face folders that are incomplete, contradict themselves or mean harm."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import BadInput
from tests.engine.llm import families
from tests.engine.llm.families import load


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return families.save(families.make("llama"), tmp_path / "tiny")


def change(folder: Path, **changes: Any) -> None:
    """Change config.json; `...` takes a key out."""
    path = folder / "config.json"
    config = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({key: value for key, value in config.items() if value is not ...}))


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        load(path)
    said = str(caught.value)
    assert "\n" not in said
    assert "tiny" in said
    return said


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"model_type": "mamba"}, "config.json, key model_type: is 'mamba': models of this family are not supported"),
        ({"model_type": "llama4"}, "(did you mean 'llama'?)"),
        ({"model_type": ...}, "config.json, key model_type: is missing"),
        ({"model_type": ["llama"]}, "key model_type: is not a text"),
        ({"hidden_size": 64}, "has shape [32"),
        ({"hidden_size": -1}, "key hidden_size: is -1, allowed are 2 to 65536"),
        ({"hidden_size": 2**70}, "key hidden_size: is 1180591620717411303424, allowed are"),
        ({"hidden_size": 10**300}, "key hidden_size: is a very large number, allowed are"),
        ({"hidden_size": 32.0}, "key hidden_size: is not a whole number"),
        ({"hidden_size": True}, "key hidden_size: is True, allowed are"),
        ({"hidden_size": None}, "key hidden_size: is missing"),
        ({"num_hidden_layers": 2}, "holds 9 tensors that a model of the family 'llama' has not: 'model.layers.2."),
        ({"num_hidden_layers": 4}, "tensor model.layers.3.input_layernorm.weight: is missing from the model"),
        ({"num_hidden_layers": 10**9}, "key num_hidden_layers: is 1000000000, allowed are 1 to 1024"),
        ({"num_attention_heads": 8}, "tensor model.layers.0.self_attn.q_proj.weight: has shape [32, 32], but"),
        ({"num_key_value_heads": 3}, "key num_key_value_heads: is 3, which does not divide the 4 heads"),
        ({"num_key_value_heads": 4}, "k_proj.weight: has shape [16, 32], but the settings ask for [32, 32]"),
        ({"head_dim": 7}, "key head_dim: is 7, which is not even"),
        ({"head_dim": 4096}, "key head_dim: is 4096, allowed are 2 to 256"),
        ({"intermediate_size": 65}, "tensor model.layers.0.mlp.gate_proj.weight: has shape [64, 32]"),
        ({"vocab_size": 330}, "has shape [320, 32], but the settings ask for [330, 32]"),
        ({"vocab_size": 310}, "the model has 310 tokens"),
        ({"vocab_size": 10**9}, "key vocab_size: is 1000000000, allowed are 1 to 16777216"),
        ({"max_position_embeddings": 0}, "key max_position_embeddings: is 0, allowed are"),
        ({"rms_norm_eps": float("nan")}, "key rms_norm_eps: is nan, allowed are 0 to 1"),
        ({"rms_norm_eps": "small"}, "key rms_norm_eps: is not a number"),
        ({"hidden_act": "gelu"}, "key hidden_act: is 'gelu', which is not supported (allowed: silu)"),
        ({"tie_word_embeddings": "yes"}, "key tie_word_embeddings: is not true or false"),
        ({"attention_bias": True}, "tensor model.layers.0.self_attn.q_proj.bias: is missing from the model"),
        ({"mlp_bias": True}, "tensor model.layers.0.mlp.gate_proj.bias: is missing from the model"),
        ({"model_type": "qwen2"}, "q_proj.bias: is missing from the model"),
        ({"model_type": "qwen3"}, "q_norm.weight: is missing from the model"),
        ({"model_type": "gemma2"}, "key hidden_act: is 'silu', which is not supported"),
        ({"model_type": "gemma2", "hidden_act": ...}, "feedforward_layernorm.weight: is missing from the model"),
        ({"model_type": "opt"}, "key ffn_dim: is missing"),
        ({"rope_parameters": {"rope_type": "dynamic"}}, "key rope_type: is 'dynamic', which is not supported"),
        ({"rope_parameters": {"rope_type": "longrope"}}, "config.json, rope_parameters, key rope_type: is 'longrope'"),
        ({"rope_parameters": {"rope_type": "linear"}}, "config.json, rope_parameters, key factor: is missing"),
        ({"rope_parameters": {"rope_type": "linear", "factor": 0}}, "key factor: is 0, allowed are 1 to 10000"),
        ({"rope_parameters": {"rope_type": "llama3", "factor": 8}}, "key low_freq_factor: is missing"),
        ({"rope_parameters": {"rope_type": "yarn", "factor": 2, "mscale": 1}}, "key mscale: is not supported"),
        ({"rope_parameters": {"rope_theta": 1}}, "key rope_theta: is 1, allowed are 1.001 to"),
        ({"rope_parameters": [1]}, "key rope_parameters: is not an object of settings"),
        ({"partial_rotary_factor": 0.5}, "key partial_rotary_factor: is 0.5, allowed are 1 to 1"),
        ({"quantization_config": {"bits": 4}}, "quantised ones are supported as GGUF files"),
    ],
)
def test_settings_that_cannot_be(folder: Path, changes: dict[str, Any], problem: str) -> None:
    change(folder, **changes)
    assert problem in refused(folder)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "config.json: is no valid JSON"),
        (b"null", "config.json: is not a JSON object"),
        (b"\xff\xfe", "config.json: is no valid JSON"),
        (b'{"a":' * 100_000, "config.json: is nested too deeply"),
        (b'{"a": "' + b"x" * (1 << 20) + b'"}', "config.json: is larger than 1 MiB"),
        (b'{"hidden_size": ' + b"1" * 5000 + b"}", "config.json: is no valid JSON"),
    ],
)
def test_settings_that_are_none(folder: Path, content: bytes, problem: str) -> None:
    (folder / "config.json").write_bytes(content)
    assert problem in refused(folder)


@pytest.mark.parametrize(
    ("change_tensors", "problem"),
    [
        (lambda t: t.pop("model.norm.weight"), "tensor model.norm.weight: is missing from the model"),
        (lambda t: t.pop("lm_head.weight"), "tensor lm_head.weight: is missing from the model"),
        (lambda t: t.update({"model.layers.0.mlp.up_proj.weight": torch.ones(64, 31)}), "has shape [64, 31], but"),
        (lambda t: t.update({"visual.x": torch.ones(2)}), "holds 1 tensors that a model of the family 'llama' has not"),
        (lambda t: t.update({"model.norm.weight": torch.ones(32, dtype=torch.int64)}), "number format 'I64'"),
        (lambda t: t.update({"model.norm.weight": torch.ones(32, dtype=torch.float64)}), "number format 'F64'"),
    ],
)
def test_tensors_that_do_not_go_with_the_settings(
    folder: Path, change_tensors: Callable[[dict[str, torch.Tensor]], Any], problem: str
) -> None:
    tensors = load_file(folder / "model.safetensors")
    change_tensors(tensors)
    save_file(tensors, folder / "model.safetensors")
    assert problem in refused(folder)


def test_numbers_that_follow_from_the_settings_may_be_there(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = torch.ones(4)
    save_file(tensors, folder / "model.safetensors")
    load(folder)


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    return families.save(families.make("llama"), tmp_path / "tiny", max_shard_size="20KB")


def test_shards_that_are_missing_or_elsewhere(shards: Path) -> None:
    index = shards / "model.safetensors.index.json"
    content = json.loads(index.read_text())
    name = content["weight_map"]["model.norm.weight"]
    data = (shards / name).read_bytes()
    (shards / name).unlink()
    assert f"{name}: is missing (a part of the model)" in refused(shards)
    (shards.parent / "outside.safetensors").write_bytes(data)
    for place in ("../outside.safetensors", str(shards.parent / "outside.safetensors"), "x\0.safetensors"):
        content["weight_map"]["model.norm.weight"] = place
        index.write_text(json.dumps(content))
        assert "index.json" in refused(shards) or "is missing" in refused(shards)
    wrongs: list[Any] = [{}, [], {"a": 5}, None]
    for wrong in wrongs:
        index.write_text(json.dumps({"weight_map": wrong}))
        assert "key weight_map: does not say which file holds which tensor" in refused(shards)


def test_a_tensor_in_two_shards(shards: Path) -> None:
    first, second = sorted(shards.glob("*.safetensors"))[:2]
    both = {**load_file(first), **load_file(second)}
    save_file(both, second)
    assert f"is in {first.name} and in {second.name}" in refused(shards)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pth", "weights.ckpt"])
def test_pickled_checkpoints_are_refused_and_never_opened(folder: Path, name: str) -> None:
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(b"cos\nsystem\n(S'touch hacked'\ntR.")
    for path in (folder, folder / name):
        said = refused(path)
        assert f"{name}: is a pickled checkpoint, and opening one runs whatever program it holds" in said
        assert "convert it to safetensors" in said
    assert not Path("hacked").exists()


def test_folders_without_a_model(tmp_path: Path) -> None:
    empty = tmp_path / "tiny"
    empty.mkdir()
    assert "holds no model: it has no config.json" in refused(empty)
    families.save(families.make("llama"), empty)
    (empty / "model.safetensors").rename(empty / "a.safetensors")
    load(empty)
    (empty / "b.safetensors").write_bytes(b"")
    assert "holds 2 .safetensors files and no model.safetensors.index.json" in refused(empty)
    load(empty / "a.safetensors")
    assert "b.safetensors: is an empty file" in refused(empty / "b.safetensors")
    for path in (empty / "a.safetensors", empty / "b.safetensors"):
        path.unlink()
    assert "holds no .safetensors file" in refused(empty)


def put_socket(path: Path) -> None:
    """Leave a socket that nobody listens at; its name is relative, for it must be short."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("put", [os.mkfifo, Path.mkdir, put_socket, lambda path: path.symlink_to("/dev/zero")])
@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"]
)
def test_what_is_no_plain_file_is_refused_at_once(folder: Path, name: str, put: Callable[[Path], object]) -> None:
    (folder / name).unlink()
    put(folder / name)
    assert f"{name}: cannot be read (" in refused(folder)


@pytest.mark.timeout(60)
def test_what_is_no_plain_file_is_refused_by_any_name(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "kept")
    os.mkfifo(folder / "other.safetensors")
    for path in (folder, folder / "other.safetensors"):
        assert "other.safetensors: cannot be read (not a plain file)" in refused(path)
    os.mkfifo(folder / "model.gguf")
    assert "model.gguf: cannot be read (not a plain file)" in refused(folder / "model.gguf")
    os.mkfifo(folder / "model.safetensors.index.json")
    assert "index.json: cannot be read (not a plain file)" in refused(folder)


def test_links_lead_out_of_a_folder(folder: Path) -> None:
    for path in list(folder.iterdir()):
        away = path.rename(folder.parent / path.name)
        path.symlink_to(away)
    load(folder)
