"""A GGUF file as a checkpoint: what its keys and tensors are called elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from engine.errors import BadInput, nearest
from engine.llm.files.checkpoint import Checkpoint
from engine.llm.files.gguf import Gguf
from engine.llm.files.settings import Settings

_ARCHITECTURES: Final = {
    "llama": "llama",
    "qwen2": "qwen2",
    "qwen3": "qwen3",
    "gemma": "gemma",
    "gemma2": "gemma2",
    "gemma3": "gemma3_text",
}
"""From `general.architecture` to the family."""

_KEYS: Final = {
    "vocab_size": "vocab_size",
    "num_hidden_layers": "block_count",
    "hidden_size": "embedding_length",
    "intermediate_size": "feed_forward_length",
    "num_attention_heads": "attention.head_count",
    "num_key_value_heads": "attention.head_count_kv",
    "head_dim": "attention.key_length",
    "v_head_dim": "attention.value_length",
    "rotary_dim": "rope.dimension_count",
    "max_position_embeddings": "context_length",
    "rms_norm_eps": "attention.layer_norm_rms_epsilon",
    "sliding_window": "attention.sliding_window",
    "attn_logit_softcapping": "attn_logit_softcapping",
    "final_logit_softcapping": "final_logit_softcapping",
    "num_experts": "expert_count",
    "rope_local_base_freq": "rope.freq_base_swa",
}
_ROPE_KEYS: Final = {
    "rope_theta": "freq_base",
    "rope_type": "scaling.type",
    "factor": "scaling.factor",
    "original_max_position_embeddings": "scaling.original_context_length",
    "beta_fast": "scaling.yarn_beta_fast",
    "beta_slow": "scaling.yarn_beta_slow",
}
_TUNED: Final = "scaling.finetuned"
_TENSORS: Final = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_WITH_FOUR_NORMS: Final = {
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}
_TENSOR: Final = re.compile(r"(?:model\.layers\.(\d+)\.)?(.+)\.(weight|bias)")


def open_gguf(path: Path) -> Checkpoint:
    """Open the GGUF model at `path`. Raises `BadInput` when it is none, or of a family that is not supported."""
    from engine.llm.files.gguf_tokenizer import gguf_tokenizer

    file = Gguf(path)
    try:
        given = file.settings
        architecture = given.text("general.architecture")
        if architecture not in _ARCHITECTURES:
            known = nearest(architecture[:40], _ARCHITECTURES)
            raise BadInput(str(path), f"models of the family {architecture[:40]!r} are not supported{known}")
        parts = given.integer("split.count", 0, 1 << 16, default=1)
        if parts > 1:
            problem = f"is one of {parts} parts of a model (join them with llama.cpp's `llama-gguf-split --merge`)"
            raise BadInput(str(path), problem)
        family = _ARCHITECTURES[architecture]
        return Checkpoint(
            path=path,
            kind="GGUF",
            family=family,
            settings=_settings(file, architecture),
            shards=(file,),
            files=(path,),
            make_tokenizer=lambda: gguf_tokenizer(given),
            template=given.text("tokenizer.chat_template", ""),
            name_of=lambda name: _tensor_name(name, four_norms=family in ("gemma2", "gemma3_text")),
            neighbours=architecture == "llama",
        )
    except BaseException:
        file.close()
        raise


def _settings(file: Gguf, architecture: str) -> Settings:
    keys = {key: f"{architecture}.{name}" for key, name in _KEYS.items()}
    prefix = f"{architecture}.rope."
    found = {key: file.metadata.get(prefix + name) for key, name in _ROPE_KEYS.items()}
    for key in file.metadata:
        if key.startswith(f"{prefix}scaling.") and key.removeprefix(prefix) not in (*_ROPE_KEYS.values(), _TUNED):
            file.settings.refuse("is a way to scale rotary positions that is not supported", key)
    values: dict[str, object] = {
        **file.metadata,
        keys["vocab_size"]: len(file.settings.texts("tokenizer.ggml.tokens")),
        "rope_parameters": {key: value for key, value in found.items() if value is not None},
    }
    return Settings(str(file.path), values, lambda key: keys.get(key, key))


def _tensor_name(name: str, *, four_norms: bool) -> str:
    found = _TENSOR.fullmatch(name)
    if found is None:
        return name
    layer, inner, suffix = found.groups()
    known = (_WITH_FOUR_NORMS.get(inner) if four_norms else None) or _TENSORS.get(inner, inner)
    return f"blk.{layer}.{known}.{suffix}" if layer else f"{known}.{suffix}"
