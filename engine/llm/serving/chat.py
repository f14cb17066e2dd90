"""How a conversation is written for a model, token by token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.llm.chat import ChatTemplate
from engine.llm.tokenizer import Tokenizer


class Turn(NamedTuple):
    """Who says what."""

    role: str
    text: str


class Chat:
    """Writes conversations by the model's own template where it has one, else as lines with a name each.

    What people say is plain text, whatever it looks like.
    """

    def __init__(self, tokenizer: Tokenizer, template: ChatTemplate | None) -> None:
        self._tokenizer = tokenizer
        self._template = template

    @property
    def stop(self) -> tuple[str, ...]:
        """What ends an answer besides the model's own end of a text."""
        return () if self._template else ("\nuser:", "\nsystem:")

    def prompt(self, turns: Sequence[Turn]) -> tuple[int, ...]:
        """Return the tokens of a conversation up to where the assistant's answer begins.

        Raises `BadInput` when the model's template fails.
        """
        if self._template is not None:
            return tuple(self._template.tokens([{"role": turn.role, "content": turn.text} for turn in turns]))
        lines = "".join(f"{turn.role}: {turn.text}\n" for turn in turns)
        return self._tokenizer.encode_first(f"{lines}assistant:")
