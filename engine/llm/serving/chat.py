"""How a conversation is written for a model, token by token.

What people say is plain text, whatever it looks like: the marks between turns are put there by their token ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from engine.errors import BadInput
from engine.llm.gguf import Gguf
from engine.llm.tokenizer import Tokenizer

_BEGIN: Final = "<|im_start|>"
_END: Final = "<|im_end|>"


class Turn(NamedTuple):
    """Who says what."""

    role: str
    text: str


class Chat:
    """Writes conversations: in ChatML where the model's vocabulary has its marks, else as lines with a name each."""

    def __init__(self, tokenizer: Tokenizer, marks: tuple[int, int] | None) -> None:
        self._tokenizer = tokenizer
        self._marks = marks

    @classmethod
    def of(cls, tokenizer: Tokenizer, path: Path) -> Chat:
        """Look for the marks in a model's file."""
        try:
            with Gguf(path) as file:
                words = file.texts("tokenizer.ggml.tokens")
        except BadInput:
            return cls(tokenizer, None)
        places = {word: index for index, word in enumerate(words) if word in (_BEGIN, _END)}
        known = len(places) == 2 and set(places.values()) <= tokenizer.special
        return cls(tokenizer, (places[_BEGIN], places[_END]) if known else None)

    @property
    def stop(self) -> tuple[str, ...]:
        """What ends an answer besides the model's own end of a text."""
        return () if self._marks else ("\nuser:", "\nsystem:")

    def prompt(self, turns: Sequence[Turn]) -> tuple[int, ...]:
        """Return the tokens of a conversation up to where the assistant's answer begins."""
        encode = self._tokenizer.encode
        if self._marks is None:
            lines = "".join(f"{turn.role}: {turn.text}\n" for turn in turns)
            return encode(f"{lines}assistant:")
        begin, end = self._marks
        tokens: list[int] = []
        for turn in turns:
            tokens += [begin, *encode(f"{turn.role}\n{turn.text}"), end, *encode("\n")]
        return (*tokens, begin, *encode("assistant\n"))
