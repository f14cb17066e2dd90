"""The tokenizer of a GGUF model: byte-level BPE rebuilt from the file's vocabulary and merges."""

from __future__ import annotations

from typing import Final

from tokenizers import Tokenizer as BpeTokenizer
from tokenizers import models, pre_tokenizers

from engine.errors import BadInput
from engine.llm.gguf import Gguf

_NORMAL: Final = 1


class Tokenizer:
    """Text to token ids and back.

    `encode` knows no special tokens: texts come from outside, and "<|im_start|>" in a text is ten characters like any
    other. `begin` is the id that stands for "no text yet", `ends` are the ids after which a text is over, and `special`
    holds every id that is no text (these included).
    """

    def __init__(self, vocabulary: list[bytes], special: frozenset[int], begin: int, ends: frozenset[int]) -> None:
        self.vocabulary = vocabulary
        self.special = special
        self.begin = begin
        self.ends = ends
        self._bpe: BpeTokenizer

    @classmethod
    def from_gguf(cls, file: Gguf) -> Tokenizer:
        """Build the tokenizer that `file` describes. Raises `BadInput` for another kind of tokenizer."""
        source = str(file.path)
        kind = (file.text("tokenizer.ggml.model"), file.text("tokenizer.ggml.pre"))
        if kind != ("gpt2", "smollm"):
            raise BadInput(source, f"tokenizer {'/'.join(kind)!r} is not supported yet ('gpt2/smollm' is)")
        words = file.texts("tokenizer.ggml.tokens")
        kinds = file.integers("tokenizer.ggml.token_type")
        if len(kinds) != len(words) or not words:
            raise BadInput(source, "has not one type per token", "key tokenizer.ggml.token_type")
        ids = {word: index for index, word in enumerate(words)}
        if len(ids) != len(words):
            raise BadInput(source, "names a token twice", "key tokenizer.ggml.tokens")
        special = frozenset(index for index, kind in enumerate(kinds.tolist()) if kind != _NORMAL)
        vocabulary = [b"" if i in special else _as_bytes(word, source) for i, word in enumerate(words)]
        top = len(words) - 1
        begin = file.integer("tokenizer.ggml.bos_token_id", 0, top)
        end = file.integer("tokenizer.ggml.eos_token_id", 0, top)
        document = ids.get("<|endoftext|>", end)
        made = cls(vocabulary, special | {begin, end}, begin, frozenset({end, document}))
        made._bpe = BpeTokenizer(models.BPE(ids, _merges(file, ids)))
        made._bpe.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        )
        return made

    def encode(self, text: str) -> tuple[int, ...]:
        """Return the token ids of `text`, all of it taken as plain text."""
        # Lone surrogates (from a JSON escape, say) have no UTF-8 form, and the tokenizer refuses them.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        return tuple(self._bpe.encode(clean, add_special_tokens=False).ids)

    def decode(self, ids: tuple[int, ...] | list[int]) -> str:
        """Return the text of `ids`. Special tokens have none; bytes that are not UTF-8 become U+FFFD."""
        return b"".join(self.vocabulary[i] for i in ids).decode("utf-8", "replace")


def _merges(file: Gguf, ids: dict[str, int]) -> list[tuple[str, str]]:
    merges = []
    for line in file.texts("tokenizer.ggml.merges"):
        left, _, right = line.partition(" ")
        if left not in ids or right not in ids or left + right not in ids:
            raise BadInput(str(file.path), f"{line[:80]!r} joins unknown tokens", "key tokenizer.ggml.merges")
        merges.append((left, right))
    return merges


def _byte_alphabet() -> dict[str, int]:
    """Return the printable character by which byte-level BPE writes each of the 256 bytes (as in GPT-2)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(others)}


_ALPHABET: Final = _byte_alphabet()


def _as_bytes(word: str, source: str) -> bytes:
    try:
        return bytes([_ALPHABET[character] for character in word])
    except KeyError:
        raise BadInput(source, f"token {word[:80]!r} is not byte-level text", "key tokenizer.ggml.tokens") from None
