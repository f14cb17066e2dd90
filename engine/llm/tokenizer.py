"""Text to token ids and back, for all kinds of vocabularies that models come with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from tokenizers import Tokenizer as Encoder

from engine.errors import BadInput

Ids = tuple[int, ...]
_Made = TypeVar("_Made")

_PRIVATE: Final = range(0xF0000, 0x10FFFE)
"""Letters that mean nothing to anybody else (the private-use planes): quotations of special tokens are of these."""
_MOST_LETTERS: Final = 8 << 20
"""A letter takes up to 200 bytes while a text is cut."""


@dataclass(frozen=True, slots=True)
class Lead:
    """What SentencePiece puts before a text: a space, so that its first word is like any other."""

    before_all: bool = False
    """Before the first text of a sequence."""
    after_special: bool = False
    """Before a text that follows a special token."""
    even_before_space: bool = True
    """Also where the text begins with a space."""

    def apply(self, text: str) -> str:
        """Return `text` with the space before it, if it takes one."""
        return f" {text}" if text and (self.even_before_space or text[0] != " ") else text


class Tokenizer:
    """Text to token ids and back.

    `encode` knows no special tokens: texts come from outside, and "<|im_start|>" in a text is ten characters like any
    other. `begin` is the id that stands for "no text yet", `ends` are the ids after which a text is over, and `special`
    holds every id that is no text (these included). `vocabulary` has the bytes of each id, none for special ones.
    `growth` is how many times as long a text may become while it is cut.
    """

    def __init__(
        self,
        encoder: Encoder,
        vocabulary: list[bytes],
        markup: Mapping[str, int],
        begin: int,
        ends: frozenset[int],
        opening: Ids = (),
        lead: Lead = Lead(),
        named: Mapping[str, str] | None = None,
        growth: float = 1.0,
    ) -> None:
        self.vocabulary = vocabulary
        self.special = frozenset(i for i, word in enumerate(vocabulary) if not word) | {begin} | ends
        self.begin = begin
        self.ends = ends
        self.opening = opening
        """What the model wants to see before any text."""
        self.named = dict(named or {})
        """Special tokens by what chat templates call them: bos_token, eos_token, ..."""
        self._encoder = encoder
        self._most = int(_MOST_LETTERS / growth)
        self._lead = lead
        self._markup = {word: i for word, i in markup.items() if word}
        """Special tokens by their names."""
        # Longer ones first, so that a name wins over another one that it begins with.
        names = sorted(self._markup, key=lambda word: (-len(word), word))
        self._names = re.compile("|".join(map(re.escape, names)) or r"\b\B")
        # A name that a text only quotes is its number between two marks, a mark of the text's own is two of them.
        used = {letter for name in names for letter in name}
        self._mark, *digits = islice((chr(code) for code in _PRIVATE if chr(code) not in used), 11)
        numbers = [str(number).translate(dict(zip(range(48, 58), digits, strict=True))) for number in range(len(names))]
        self._quoted = {name: f"{self._mark}{number}{self._mark}" for name, number in zip(names, numbers, strict=True)}
        self._unquoted = {"": self._mark, **dict(zip(numbers, names, strict=True))}
        self._quotation = re.compile(f"{self._mark}([{''.join(digits)}]*){self._mark}")

    def encode(self, text: str) -> Ids:
        """Return the token ids of `text` as the continuation of another, all of it taken as plain text.

        Raises `RuntimeError` when it is so long that to cut it takes too much memory, or when the tokenizer fails.
        """
        if len(text) > self._most:
            raise RuntimeError(f"a text of {len(text):,} letters is too long for the tokenizer (most: {self._most:,})")
        # Lone surrogates (from a JSON escape, say) have no UTF-8 form, and the tokenizer refuses them.
        clean = text.encode("utf-8", "replace").decode("utf-8")
        return tuple(_without_panic(lambda: self._encoder.encode(clean, add_special_tokens=False).ids))

    def encode_first(self, text: str) -> Ids:
        """Return the token ids of `text` as the beginning of a sequence, all of it taken as plain text."""
        return self.opening + self.encode(self._lead.apply(text) if self._lead.before_all else text)

    def encode_markup(self, text: str) -> Ids:
        """Return the token ids of what a chat template made: a whole sequence, special tokens by their names."""
        ids: list[int] = []
        place, lead = 0, self._lead.before_all
        for found in [*self._names.finditer(text), None]:
            plain = text[place : found.start() if found else len(text)]
            if plain := self._quotation.sub(lambda quoted: self._unquoted.get(quoted[1], quoted[0]), plain):
                ids += self.encode(self._lead.apply(plain) if lead else plain)
            if found:
                ids.append(self._markup[found[0]])
                place, lead = found.end(), self._lead.after_special
        return tuple(ids)

    def quote(self, text: str) -> str:
        """Return `text` such that `encode_markup` takes the names of special tokens in it as plain text."""
        return self._names.sub(lambda found: self._quoted[found[0]], text.replace(self._mark, 2 * self._mark))

    def decode(self, ids: Ids | list[int]) -> str:
        """Return the text of `ids`. Special tokens have none; bytes that are not UTF-8 become U+FFFD."""
        return b"".join(self.vocabulary[i] for i in ids).decode("utf-8", "replace")


def attempt(call: Callable[[], _Made], source: str) -> _Made:
    """Return what `call` returns. Raises `BadInput` about `source` where the tokenizer library refuses."""
    try:
        return _without_panic(call)
    except Exception as error:  # noqa: BLE001 (the library raises nothing more specific)
        raise BadInput(source, f"holds no usable tokenizer ({str(error)[:160]})") from None


def _without_panic(call: Callable[[], _Made]) -> _Made:
    """Return what `call` returns. The library is written in Rust, whose panics are no `Exception` in Python."""
    try:
        return call()
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise RuntimeError(f"the tokenizer failed: {error}") from None
        raise


# ---- what tokens stand for


def _byte_alphabet() -> dict[str, int]:
    """Return the printable character by which byte-level BPE writes each of the 256 bytes (as in GPT-2)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(b): b for b in printable} | {chr(256 + i): b for i, b in enumerate(others)}


_ALPHABET: Final = _byte_alphabet()
_BYTE: Final = re.compile(r"<0x([0-9A-Fa-f]{2})>")
SPACE: Final = "\u2581"
"""What SentencePiece writes for a space."""


def byte_level(word: str) -> bytes | None:
    """Return the bytes that a token of byte-level BPE stands for; nothing if it is none."""
    try:
        return bytes([_ALPHABET[character] for character in word])
    except KeyError:
        return None


def sentence_piece(word: str) -> bytes:
    """Return the bytes that a token of SentencePiece stands for."""
    found = _BYTE.fullmatch(word)
    return bytes([int(found[1], 16)]) if found else word.replace(SPACE, " ").encode("utf-8", "replace")


def check_merges(lines: Sequence[str], ids: Mapping[str, int], source: str) -> list[tuple[str, str]]:
    """Return the two tokens of each line of merges. Raises `BadInput` when they do not join to a token."""
    merges = []
    for line in lines:
        left, _, right = line.partition(" ")
        if left not in ids or right not in ids or left + right not in ids:
            raise BadInput(source, f"merge {line[:80]!r} joins unknown tokens")
        merges.append((left, right))
    return merges


def check_size(tokens: Sequence[bytes], source: str) -> None:
    """Raise `BadInput` when there is no text among the tokens of a vocabulary, or far too little."""
    lacking = sum(not word for word in tokens)
    if lacking > max(1024, len(tokens) // 16):
        problem = (
            f"gives text to {len(tokens) - lacking} of the {len(tokens)} tokens of the model: it is of another one"
        )
        raise BadInput(source, problem)
