"""The tokenizer inside a GGUF file: byte-level BPE by its merges, or SentencePiece by its scores."""

from __future__ import annotations

from typing import Final

from tokenizers import AddedToken, Regex, models, normalizers, pre_tokenizers
from tokenizers import Tokenizer as Encoder

from engine.llm.files.settings import Settings
from engine.llm.tokenizer import (
    SPACE,
    Lead,
    Tokenizer,
    attempt,
    byte_level,
    check_merges,
    check_size,
    sentence_piece,
)

_NORMAL, _UNKNOWN, _USER, _BYTE = 1, 2, 4, 6

_WORDS: Final = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_LLAMA3: Final = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN2: Final = _LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
_PRE: Final[dict[str, tuple[str, ...]]] = {
    "default": (r"[\p{P}\$\+<=>\^~\|]+", _WORDS, r"\p{N}+", "[0-9][0-9][0-9]"),
    "gpt-2": (_WORDS,),
    "smollm": (r"\p{N}", _WORDS),
    "llama-bpe": (_LLAMA3,),
    "llama3": (_LLAMA3,),
    "llama-v3": (_LLAMA3,),
    "qwen2": (_QWEN2,),
    "deepseek-r1-qwen": (_QWEN2,),
}
"""How a text is split before bytes are joined: each expression splits what the one before it left (as in llama.cpp)."""
_WHOLE_WORDS_FIRST: Final = ("llama-bpe", "llama3", "llama-v3")
_LONGEST: Final = 128
"""Letters of a SentencePiece token that others join to; longer ones are only found whole."""


def gguf_tokenizer(settings: Settings) -> Tokenizer:
    """Build the tokenizer that a GGUF file describes. Raises `BadInput` for a kind that is not supported."""
    kind = settings.choice("tokenizer.ggml.model", ("gpt2", "llama"))
    words = settings.texts("tokenizer.ggml.tokens")
    kinds = settings.integers("tokenizer.ggml.token_type").tolist()
    if len(kinds) != len(words) or not words:
        settings.refuse("has not one type per token", "tokenizer.ggml.token_type")
    ids = {word: index for index, word in enumerate(words)}
    if len(ids) != len(words):
        settings.refuse("names a token twice", "tokenizer.ggml.tokens")
    texts = [_text(word, number, kind) for word, number in zip(words, kinds, strict=True)]
    for word, text in zip(words, texts, strict=True):
        if text is None:
            settings.refuse(f"token {word[:80]!r} is not byte-level text", "tokenizer.ggml.tokens")
    vocabulary = [text or b"" for text in texts]
    check_size(vocabulary, settings.source)
    added = [AddedToken(word, normalized=False) for word, number in zip(words, kinds, strict=True) if number == _USER]
    if kind == "gpt2":
        pre = settings.choice("tokenizer.ggml.pre", tuple(_PRE))
        merges = check_merges(settings.texts("tokenizer.ggml.merges"), ids, settings.source)
        encoder = attempt(lambda: _byte_level(ids, merges, pre), settings.source)
    else:
        pre = ""
        ranked = _ranked(settings, words, kinds)
        encoder = attempt(lambda: _sentence_piece(ids, ranked, words, kinds), settings.source)
    encoder.add_tokens(added)

    top = len(words) - 1
    end = settings.integer("tokenizer.ggml.eos_token_id", 0, top)
    begin = settings.integer("tokenizer.ggml.bos_token_id", 0, top, default=end)
    turn = settings.integer("tokenizer.ggml.eot_token_id", 0, top, default=end)
    document = ids.get("<|endoftext|>", end)
    opens = settings.flag("tokenizer.ggml.add_bos_token", default=kind == "llama" or pre in _WHOLE_WORDS_FIRST)
    space = kind == "llama" and settings.flag("tokenizer.ggml.add_space_prefix", default=True)
    return Tokenizer(
        encoder,
        vocabulary,
        {word: i for i, word in enumerate(words) if not vocabulary[i] or i in (begin, end)},
        begin,
        frozenset({end, turn, document}),
        opening=(begin,) if opens else (),
        lead=Lead(before_all=space, after_special=space),
        named={"bos_token": words[begin], "eos_token": words[end]},
    )


def _text(word: str, number: int, kind: str) -> bytes | None:
    """Return the bytes of a token, none for special ones; nothing if it has to be text but is not."""
    if number == _USER:
        return word.replace(SPACE, " ").encode("utf-8", "replace") if kind == "llama" else word.encode("utf-8")
    if number not in (_NORMAL, _BYTE):
        return b""
    return byte_level(word) if kind == "gpt2" else sentence_piece(word)


def _byte_level(ids: dict[str, int], merges: list[tuple[str, str]], pre: str) -> Encoder:
    encoder = Encoder(models.BPE(ids, merges, ignore_merges=pre in _WHOLE_WORDS_FIRST))
    splits = [pre_tokenizers.Split(Regex(expression), "isolated") for expression in _PRE[pre]]
    bytes_only = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    encoder.pre_tokenizer = pre_tokenizers.Sequence([*splits, bytes_only])
    return encoder


def _ranked(settings: Settings, words: list[str], kinds: list[int]) -> list[tuple[str, str]]:
    """Return the pairs of tokens that join to a token, those first whose token has the best score.

    SentencePiece always joins the pair of neighbours with the best score; as merges in that order, BPE does the same.
    """
    scores = settings.numbers("tokenizer.ggml.scores").tolist()
    if len(scores) != len(words):
        settings.refuse("has not one score per token", "tokenizer.ggml.scores")
    plain = {word: i for i, (word, kind) in enumerate(zip(words, kinds, strict=True)) if kind == _NORMAL}
    found = []
    for word, index in plain.items():
        for cut in range(1, len(word) if len(word) <= _LONGEST else 1):
            left = plain.get(word[:cut])
            right = plain.get(word[cut:]) if left is not None else None
            if left is not None and right is not None:
                # Of equal scores, longer first tokens come first, as in transformers.
                found.append((-scores[index], -cut, cut - len(word), index, left, right))
    found.sort()
    return [(words[left], words[right]) for *_, left, right in found]


def _sentence_piece(ids: dict[str, int], merges: list[tuple[str, str]], words: list[str], kinds: list[int]) -> Encoder:
    unknown = next((word for word, kind in zip(words, kinds, strict=True) if kind == _UNKNOWN), None)
    encoder = Encoder(models.BPE(ids, merges, unk_token=unknown, fuse_unk=True, byte_fallback=True))
    encoder.normalizer = normalizers.Replace(" ", SPACE)
    return encoder
