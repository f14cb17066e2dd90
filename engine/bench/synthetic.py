"""Models of any size with random weights, as Hugging Face folders without a tokenizer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.llm.decoder import Config

_RUN = 1 << 20


def write_llama(folder: Path, config: Config, seed: int = 0) -> int:
    """Write a Llama-shaped model in half precision; return how many numbers it has. It needs little memory."""
    c = config
    settings = {
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": c.hidden,
        "intermediate_size": c.feed_forward,
        "num_hidden_layers": c.layers,
        "num_attention_heads": c.heads,
        "num_key_value_heads": c.kv_heads,
        "head_dim": c.head_dim,
        "max_position_embeddings": c.context,
        "vocab_size": c.vocabulary,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "bos_token_id": 0,
        "eos_token_id": 0,
    }
    (folder / "config.json").write_text(json.dumps(settings))
    header: dict[str, object] = {}
    offset = 0
    for name, shape in _tensors(c):
        size = 2 * int(np.prod(shape))
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    dice = np.random.default_rng(seed)
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, shape in _tensors(c):
            count = int(np.prod(shape))
            for start in range(0, count, _RUN):
                run = dice.standard_normal(min(_RUN, count - start), np.float32)
                file.write((run * 0.02 if len(shape) > 1 else 1 + 0.1 * run).astype("<f2").tobytes())
    return offset // 2


def _tensors(c: Config) -> Iterator[tuple[str, list[int]]]:
    query, key = c.heads * c.head_dim, c.kv_heads * c.head_dim
    yield "model.embed_tokens.weight", [c.vocabulary, c.hidden]
    for i in range(c.layers):
        at = f"model.layers.{i}"
        yield f"{at}.input_layernorm.weight", [c.hidden]
        yield f"{at}.self_attn.q_proj.weight", [query, c.hidden]
        yield f"{at}.self_attn.k_proj.weight", [key, c.hidden]
        yield f"{at}.self_attn.v_proj.weight", [key, c.hidden]
        yield f"{at}.self_attn.o_proj.weight", [c.hidden, query]
        yield f"{at}.post_attention_layernorm.weight", [c.hidden]
        yield f"{at}.mlp.gate_proj.weight", [c.feed_forward, c.hidden]
        yield f"{at}.mlp.up_proj.weight", [c.feed_forward, c.hidden]
        yield f"{at}.mlp.down_proj.weight", [c.hidden, c.feed_forward]
    yield "model.norm.weight", [c.hidden]
    yield "lm_head.weight", [c.vocabulary, c.hidden]
