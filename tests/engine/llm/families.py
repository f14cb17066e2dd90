"""Small random models of every family, made by transformers and saved as Hugging Face folders."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import torch
from tokenizers import Tokenizer as Encoder
from tokenizers import decoders, models, pre_tokenizers, trainers

from engine.llm.decoder import Decoder
from engine.llm.families import load_decoder
from engine.llm.files.open import open_checkpoint
from engine.llm.linear import NUMBER_FORMATS

TEXT: Final = (
    "Klaus Mueller is a student of sociology. Maria Lopez walks to the library at 10:30 and reads chapter 5 of a "
    'novel; they\'ll meet at Hobbs Cafe. "Hello, how are you?" she says.\n\n'
    "    def area(r):\n        return 3.14159 * r**2\n"
    "naïve café, 東京 and emoji 🙂 in 2023"
)

SIZES: Final[dict[str, Any]] = {
    "vocab_size": 320,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "bos_token_id": 0,
    "eos_token_id": 0,
    "pad_token_id": None,
}
_LLAMA3: Final = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 4.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
_YARN: Final = {
    "rope_type": "yarn",
    "rope_theta": 10000.0,
    "factor": 4.0,
    "original_max_position_embeddings": 32,
}
_GEMMA: Final[dict[str, Any]] = {
    "head_dim": 16,
    "query_pre_attn_scalar": 24,
    "num_hidden_layers": 4,
    "sliding_window": 9,
}

FAMILIES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "llama": ("Llama", {}),
    "smollm2": ("Llama", {"tie_word_embeddings": True, "num_attention_heads": 6, "hidden_size": 48}),
    "llama 3.1": ("Llama", {"rope_parameters": _LLAMA3}),
    "llama linear": ("Llama", {"rope_parameters": {"rope_type": "linear", "rope_theta": 5000.0, "factor": 2.5}}),
    "llama yarn": ("Llama", {"rope_parameters": _YARN}),
    "llama with biases": ("Llama", {"attention_bias": True, "mlp_bias": True, "head_dim": 16}),
    "mistral": ("Mistral", {"sliding_window": 7}),
    "mistral 0.3": ("Mistral", {"sliding_window": None, "head_dim": 12}),
    "qwen2": ("Qwen2", {"tie_word_embeddings": True}),
    "qwen2 window": ("Qwen2", {"use_sliding_window": True, "sliding_window": 5, "max_window_layers": 1}),
    "qwen3": ("Qwen3", {"head_dim": 16}),
    "gemma": ("Gemma", {"head_dim": 16, "num_key_value_heads": 1}),
    "gemma2": ("Gemma2", {**_GEMMA, "attn_logit_softcapping": 3.0, "final_logit_softcapping": 8.0}),
    "gemma3": ("Gemma3Text", {**_GEMMA, "num_hidden_layers": 7}),
    "opt": ("OPT", {"ffn_dim": 64, "word_embed_proj_dim": 32}),
    "opt 350m": ("OPT", {"ffn_dim": 64, "word_embed_proj_dim": 16, "do_layer_norm_before": False}),
}


def load(path: Path, number_format: str = "float32", *, tokenizer: bool = True) -> Decoder:
    """Load the decoder of a model on disk, and its tokenizer for its faults."""
    with closing(open_checkpoint(path)) as checkpoint, ThreadPoolExecutor(1) as pool:
        if tokenizer:
            checkpoint.make_tokenizer()
        return load_decoder(checkpoint, NUMBER_FORMATS[number_format], pool)


def make(name: str, seed: int = 0, **changes: Any) -> Any:
    """Return a model of transformers whose weights are large enough to tell one mistake from another."""
    import transformers

    kind, settings = FAMILIES[name]
    config = getattr(transformers, f"{kind}Config")(**{**SIZES, **settings, **changes})
    model = getattr(transformers, f"{kind.removesuffix('Text')}ForCausalLM")(config).eval()
    dice = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.3 if parameter.ndim == 1 else 0.2, generator=dice)
            if parameter.ndim == 1 and "Gemma" not in kind:
                parameter.add_(0.7)
    return model.requires_grad_(requires_grad=False)


def save(model: Any, folder: Path, **how: Any) -> Path:
    """Save a model with a tokenizer; `how` goes to transformers."""
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model.save_pretrained(folder, **how)
    save_tokenizer(folder)
    return folder


def save_tokenizer(folder: Path) -> None:
    """Write the tokenizer that goes with the models: byte-level BPE of 318 tokens, three of them special."""
    encoder = Encoder(models.BPE())
    encoder.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    encoder.decoder = decoders.ByteLevel()
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=318, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    encoder.train_from_iterator([TEXT] * 3, trainer)
    encoder.save(str(folder / "tokenizer.json"))
    about = {"bos_token": "<|endoftext|>", "eos_token": "<|im_end|>", "tokenizer_class": "PreTrainedTokenizerFast"}
    (folder / "tokenizer_config.json").write_text(json.dumps(about))
