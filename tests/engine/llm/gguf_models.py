"""Models of transformers written as GGUF files by llama.cpp's own package, as its converter does."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Kind
from numpy.typing import NDArray

ARCHITECTURES: Final = {"gemma3_text": "gemma3"}
WRITABLE: Final = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1")
RANDOM: Final = ("Q4_K", "Q5_K", "Q6_K")
"""What the package reads but does not write."""


def random_blocks(kind: str, rows: int, width: int, dice: np.random.Generator) -> NDArray[np.uint8]:
    """Random blocks of a `_K` format with scales of a sensible size, as rows of bytes."""
    block, size = gguf.GGML_QUANT_SIZES[Kind[kind]]
    blocks = dice.integers(0, 256, (rows * width // block, size), dtype=np.uint8)
    scales = (dice.uniform(0.5, 1, (len(blocks), 2)) * (2e-4 if kind == "Q6_K" else 2e-3)).astype("<f2").view(np.uint8)
    if kind == "Q6_K":
        blocks[:, 208:] = scales[:, :2]
    else:
        blocks[:, :4] = scales
    return blocks.reshape(rows, -1)


def write(model: Any, path: Path, kind: str = "F32", tokens: dict[str, Any] | None = None) -> Path:
    """Write a model; its matrices as `kind`. A `_K` format gets random numbers, which `model` then has, too.

    `tokens` are metadata of the tokenizer.
    """
    config = model.config
    architecture = ARCHITECTURES.get(
        config.model_type, "llama" if config.model_type == "mistral" else config.model_type
    )
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_key_length(head_dim)
    writer.add_value_length(head_dim)
    if architecture == "llama":
        writer.add_rope_dimension_count(head_dim)
    rope = dict(config.rope_parameters)
    if "full_attention" in rope:
        writer.add_float32("gemma3.rope.freq_base_swa", rope["sliding_attention"]["rope_theta"])
        rope = rope["full_attention"]
    writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] in ("linear", "yarn"):
        writer.add_rope_scaling_type(gguf.RopeScalingType(rope["rope_type"]))
        writer.add_rope_scaling_factor(rope["factor"])
    if rope["rope_type"] == "yarn":
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    if rope["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(rope, head_dim))
    if architecture in ("gemma2", "gemma3"):
        writer.add_sliding_window(config.sliding_window)
    if architecture == "gemma2":
        writer.add_attn_logit_softcapping(config.attn_logit_softcapping)
        writer.add_final_logit_softcapping(config.final_logit_softcapping)
    for key, value in (tokens or byte_level_tokens(path.parent, config.vocab_size)).items():
        add(writer, key, value)

    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[architecture.upper()], config.num_hidden_layers)
    dice = np.random.default_rng(0)
    for name, parameter in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        stored = names.get_name(name, try_suffixes=(".weight", ".bias"))
        assert stored is not None, name
        if parameter.ndim == 2 and kind in RANDOM:
            raw = random_blocks(kind, parameter.shape[0], parameter.shape[1], dice)
            numbers = gguf.quants.dequantize(raw, Kind[kind])
        else:
            numbers = parameter.numpy()
        permuted = permute(name, numbers, config) if architecture == "llama" else numbers
        if parameter.ndim == 2 and kind in RANDOM:
            # The blocks lie along the rows, so rows can change places as they are.
            with torch.no_grad():
                parameter.copy_(torch.from_numpy(numbers))
            writer.add_tensor(
                stored, permute(name, raw, config) if architecture == "llama" else raw, raw_dtype=Kind[kind]
            )
        elif parameter.ndim == 2 and kind != "F32":
            raw = gguf.quants.quantize(np.ascontiguousarray(permuted), Kind[kind])
            rounded = gguf.quants.dequantize(raw, Kind[kind]).reshape(permuted.shape)
            with torch.no_grad():
                parameter.copy_(
                    torch.from_numpy(unpermute(name, rounded, config) if architecture == "llama" else rounded)
                )
            writer.add_tensor(stored, raw, raw_dtype=Kind[kind])
        else:
            shifted = permuted + 1 if "gemma" in architecture and name.endswith("norm.weight") else permuted
            writer.add_tensor(stored, np.ascontiguousarray(shifted, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def heads(name: str, config: Any) -> int:
    """How many heads' rows a tensor holds that turn; none for most."""
    if ".q_proj." in name:
        return int(config.num_attention_heads)
    return int(config.num_key_value_heads) if ".k_proj." in name else 0


def permute(name: str, numbers: NDArray[Any], config: Any) -> NDArray[Any]:
    """The order in which llama.cpp's converter writes the rows of queries and keys of Llama."""
    count = heads(name, config)
    if not count:
        return numbers
    halves = numbers.reshape(count, 2, numbers.shape[0] // count // 2, *numbers.shape[1:])
    return halves.swapaxes(1, 2).reshape(numbers.shape)


def unpermute(name: str, numbers: NDArray[Any], config: Any) -> NDArray[Any]:
    """The way back from `permute`."""
    count = heads(name, config)
    if not count:
        return numbers
    pairs = numbers.reshape(count, numbers.shape[0] // count // 2, 2, *numbers.shape[1:])
    return pairs.swapaxes(1, 2).reshape(numbers.shape)


def llama3_factors(rope: dict[str, Any], head_dim: int) -> NDArray[np.float32]:
    """By what llama.cpp divides the frequencies for Llama 3.1, computed as in its converter."""
    low = rope["original_max_position_embeddings"] / rope["low_freq_factor"]
    high = rope["original_max_position_embeddings"] / rope["high_freq_factor"]
    factors = []
    for i in range(0, head_dim, 2):
        wave = 2 * math.pi * rope["rope_theta"] ** (i / head_dim)
        if wave < high:
            factors.append(1.0)
        elif wave > low:
            factors.append(rope["factor"])
        else:
            smooth = (rope["original_max_position_embeddings"] / wave - rope["low_freq_factor"]) / (
                rope["high_freq_factor"] - rope["low_freq_factor"]
            )
            factors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return np.array(factors, np.float32)


def add(writer: Any, key: str, value: Any) -> None:
    """Add metadata of whatever type."""
    if isinstance(value, list):
        writer.add_array(key, value)
    elif isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, str):
        writer.add_string(key, value)
    else:
        writer.add_uint32(key, value)


def byte_level_tokens(folder: Path, size: int, pre: str = "gpt-2") -> dict[str, Any]:
    """The metadata of the tokenizer.json in `folder`, filled up with unused tokens."""
    described = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    words = sorted(described["model"]["vocab"], key=described["model"]["vocab"].__getitem__)
    special = {token["content"] for token in described["added_tokens"]}
    merges = [" ".join(pair) for pair in described["model"]["merges"]]
    spare = size - len(words)
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": pre,
        "tokenizer.ggml.tokens": [*words, *(f"[PAD{i}]" for i in range(spare))],
        "tokenizer.ggml.token_type": [3 if word in special else 1 for word in words] + [5] * spare,
        "tokenizer.ggml.merges": merges,
        "tokenizer.ggml.bos_token_id": words.index("<|endoftext|>"),
        "tokenizer.ggml.eos_token_id": words.index("<|im_end|>"),
        "tokenizer.ggml.add_bos_token": False,
    }
