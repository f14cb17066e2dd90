"""Small tokenizers of every kind, trained on a few lines, as Hugging Face folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from tokenizers import AddedToken, Regex, decoders, models, normalizers, pre_tokenizers, processors, trainers
from tokenizers import Tokenizer as Encoder

from tests.engine.llm.families import TEXT

SPECIAL: Final = ("<s>", "</s>", "<|user|>", "<|user|>x")
_BYTES: Final = [f"<0x{byte:02X}>" for byte in range(256)]
_LLAMA3: Final = "|".join(
    (
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)",
        r"[^\r\n\p{L}\p{N}]?\p{L}+",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
_SPLITS: Final[dict[str, list[Any]]] = {
    "gpt-2": [pre_tokenizers.ByteLevel(add_prefix_space=False)],
    "smollm": [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)],
    "llama-bpe": [
        pre_tokenizers.Split(Regex(_LLAMA3), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ],
    "qwen2": [
        pre_tokenizers.Split(Regex(_LLAMA3.replace("{1,3}", "")), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ],
}
BYTE_LEVEL: Final = tuple(_SPLITS)
PIECES: Final = ("prepend", "metaspace", "first", "gemma", "unigram")


def make(kind: str, folder: Path) -> Path:
    """Train a tokenizer and save it with its settings."""
    encoder = _byte_level(kind) if kind in BYTE_LEVEL else _pieces(kind)
    encoder.save(str(folder / "tokenizer.json"))
    end = {"__type": "AddedToken", "content": "</s>", "special": True, "normalized": False}
    about = {"bos_token": "<s>", "eos_token": end, "tokenizer_class": "PreTrainedTokenizerFast"}
    (folder / "tokenizer_config.json").write_text(json.dumps(about))
    return folder


def _byte_level(kind: str) -> Encoder:
    encoder = Encoder(models.BPE(ignore_merges=kind == "llama-bpe"))
    encoder.pre_tokenizer = pre_tokenizers.Sequence(_SPLITS[kind])
    encoder.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    encoder.train_from_iterator([TEXT] * 3, trainer)
    _add_special(encoder)
    encoder.add_tokens([AddedToken("<tool>", normalized=False)])
    return encoder


def _pieces(kind: str) -> Encoder:
    if kind == "unigram":
        encoder = Encoder(models.Unigram())
        trainer: Any = trainers.UnigramTrainer(
            vocab_size=120, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False
        )
    else:
        encoder = Encoder(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
        trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=["<unk>", *_BYTES], show_progress=False)
    if kind in ("prepend", "gemma"):
        parts = [normalizers.Prepend("▁")] if kind == "prepend" else []
        encoder.normalizer = normalizers.Sequence([*parts, normalizers.Replace(" ", "▁")])
        encoder.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")  # for training; real ones have none
    else:
        scheme = "first" if kind == "first" else "always"
        encoder.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=kind == "unigram")
    encoder.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    encoder.train_from_iterator([TEXT] * 3, trainer)
    described = json.loads(encoder.to_str())
    described["added_tokens"] = described["added_tokens"][:1]  # bytes are tokens like others
    if kind in ("prepend", "gemma"):
        described["pre_tokenizer"] = None
    encoder = Encoder.from_str(json.dumps(described))
    _add_special(encoder)
    return encoder


def _add_special(encoder: Encoder) -> None:
    encoder.add_special_tokens([AddedToken(word, special=True, normalized=False) for word in SPECIAL])
    begin = encoder.token_to_id("<s>")
    encoder.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", begin)]
    )


def as_gguf(folder: Path, kind: str) -> dict[str, Any]:
    """The metadata of a GGUF file with the tokenizer in `folder`."""
    described = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    ids: dict[str, int] = dict(described["model"]["vocab"])
    special = {token["content"] for token in described["added_tokens"] if token["special"]}
    user = {token["content"] for token in described["added_tokens"] if not token["special"]}
    ids |= {token["content"]: token["id"] for token in described["added_tokens"]}
    words = sorted(ids, key=ids.__getitem__)
    kinds = [3 if word in special else 4 if word in user else 6 if word in _BYTES else 1 for word in words]
    merges = [" ".join(pair) for pair in described["model"]["merges"]]
    values: dict[str, Any] = {
        "tokenizer.ggml.tokens": words,
        "tokenizer.ggml.bos_token_id": ids["<s>"],
        "tokenizer.ggml.eos_token_id": ids["</s>"],
        "tokenizer.ggml.add_bos_token": True,
    }
    if kind in BYTE_LEVEL:
        return values | {
            "tokenizer.ggml.model": "gpt2",
            "tokenizer.ggml.pre": kind,
            "tokenizer.ggml.token_type": kinds,
            "tokenizer.ggml.merges": merges,
        }
    kinds[ids["<unk>"]] = 2
    made = {pair.replace(" ", ""): place for place, pair in enumerate(merges)}
    return values | {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.scores": [-float(made[word]) if word in made else -1e6 for word in words],
        "tokenizer.ggml.add_space_prefix": kind == "prepend",
    }
