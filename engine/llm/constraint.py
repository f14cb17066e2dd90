"""What may come next in a text of a given shape, token by token.

A form follows one sample: `mask` says which tokens may come next, `take` takes the one that came. Where the text is
already complete, every token is let through, and one that the shape does not allow *ends* the text: so a number is over
as soon as the model wants anything but a digit, without the odds being bent towards going on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import llguidance
import numpy as np
from numpy.typing import NDArray

from engine.llm.contexts import Unusable
from engine.llm.matching import is_json_of, is_match, json_grammar, pattern_grammar
from engine.llm.requests import FailureKind, Shape, Write
from engine.llm.tokenizer import Tokenizer

Mask = NDArray[np.bool_]

_NUMBER: Final = "-?[0-9]+"
_LINE_BREAKS: Final = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class Form(Protocol):
    """One text on its way into a shape."""

    size: int
    """How many tokens the text takes; a token that only ended it is not among them."""

    def mask(self) -> Mask | None:
        """Return which tokens may come next [vocabulary]; nothing where every token may (some of them as the end)."""
        ...

    def take(self, token: int) -> bool:
        """Add `token`, which the mask allows. Return whether the text goes on."""
        ...

    def text(self) -> str | None:
        """Return the text so far, if it fits the shape."""
        ...


class Constraints:
    """Makes forms for requests. Grammars are compiled once per pattern and need half a second before the first one."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._grammar_tokens: llguidance.LLTokenizer | None = None
        breaks = [character.encode() for character in _LINE_BREAKS]
        self._inside_line = np.array(
            [bool(word) and not any(b in word for b in breaks) for word in tokenizer.vocabulary], dtype=np.bool_
        )

    def maker(self, request: Write) -> Callable[[], Form]:
        """Return what makes a fresh form for each sample. Raises `Unusable` for a pattern that cannot be used."""
        if request.shape is Shape.LINE:
            return lambda: LineForm(self._tokenizer, self._inside_line, request.stop)
        grammar, fits, name = _json(request.pattern) if request.shape is Shape.JSON else _regex(request)
        matcher = self.matcher(grammar, name)
        return lambda: GrammarForm(self._tokenizer, matcher.deep_copy(), fits, request.stop)

    def matcher(self, grammar: str, name: str) -> llguidance.LLMatcher:
        """Return what follows a text through a grammar of llguidance. Raises `Unusable`, naming it `name`."""
        if self._grammar_tokens is None:
            self._grammar_tokens = llguidance.LLTokenizer(llguidance.TokenizerWrapper(_Vocabulary(self._tokenizer)))
        matcher = llguidance.LLMatcher(self._grammar_tokens, grammar, log_level=0)
        if matcher.is_error():
            problem = matcher.get_error().strip().splitlines()[0]
            raise Unusable(FailureKind.MISFIT, f"{name} cannot be enforced: {problem}")
        return matcher


def _regex(request: Write) -> tuple[str, Callable[[str], bool], str]:
    pattern = _NUMBER if request.shape is Shape.NUMBER else request.pattern
    return pattern_grammar(pattern), lambda text: is_match(pattern, text), f"pattern {pattern!r}"


def _json(schema: str) -> tuple[str, Callable[[str], bool], str]:
    try:
        return json_grammar(schema), lambda text: is_json_of(schema, text), "the schema"
    except ValueError as error:
        raise Unusable(FailureKind.MISFIT, f"bad schema: {str(error)[:200]}") from None


class LineForm:
    """One line of text with at least one letter; a line break ends it."""

    def __init__(self, tokenizer: Tokenizer, inside: Mask, stop: tuple[str, ...]) -> None:
        self._tokenizer = tokenizer
        self._inside = inside
        self._stop = stop
        self._bytes = b""
        self.size = 0

    def mask(self) -> Mask | None:
        """Return the tokens without a line break before the first letter, and nothing (every token) after it."""
        return None if _has_letter(_decoded(self._bytes)) else self._inside

    def take(self, token: int) -> bool:
        """Add `token`; cut the text at a line break or stop string."""
        if token in self._tokenizer.special:
            return False
        before = len(self._bytes)
        self._bytes += self._tokenizer.vocabulary[token]
        self._bytes, cut = _cut(self._bytes, (*self._stop, *_LINE_BREAKS))
        self.size += len(self._bytes) > before
        return not cut

    def text(self) -> str | None:
        """Return the line, if it has a letter and is sound."""
        text = _decoded(self._bytes)
        return text if _has_letter(text) and "\ufffd" not in text else None


class GrammarForm:
    """A text that follows a grammar; a token that the grammar does not allow ends it."""

    def __init__(
        self, tokenizer: Tokenizer, matcher: llguidance.LLMatcher, fits: Callable[[str], bool], stop: tuple[str, ...]
    ) -> None:
        self._tokenizer = tokenizer
        self._matcher = matcher
        self._fits = fits
        self._stop = stop
        self._bytes = b""
        self.size = 0

    def mask(self) -> Mask | None:
        """Return the tokens that keep the text on its way to a match; nothing (every token) where it matches."""
        return grammar_mask(self._matcher, self._tokenizer)

    def take(self, token: int) -> bool:
        """Add `token`; end at one that the grammar does not allow, at a stop string, or where nothing can follow."""
        if token in self._tokenizer.special or not self._matcher.validate_tokens([token]):
            return False
        self._matcher.consume_token(token)
        before = len(self._bytes)
        self._bytes += self._tokenizer.vocabulary[token]
        self._bytes, cut = _cut(self._bytes, self._stop)
        self.size += len(self._bytes) > before
        return not (cut or self._matcher.is_stopped())

    def text(self) -> str | None:
        """Return the text, if the whole of it matches."""
        text = _decoded(self._bytes)
        return text if self._fits(text) else None


def grammar_mask(matcher: llguidance.LLMatcher, tokenizer: Tokenizer) -> Mask | None:
    """Return the tokens that keep a text on its way to a match; nothing (every token) where it matches."""
    if matcher.is_accepting():
        return None
    bits = np.frombuffer(matcher.compute_bitmask(), np.uint8)
    allowed = np.unpackbits(bits, count=len(tokenizer.vocabulary), bitorder="little").view(np.bool_)
    allowed[list(tokenizer.special)] = False
    return allowed


class _Vocabulary:
    """The tokenizer as llguidance wants to see it."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.eos_token_id = min(tokenizer.ends)
        self.bos_token_id = tokenizer.begin
        self.tokens = [word or b"\xff<special>" for word in tokenizer.vocabulary]
        self.special_token_ids = sorted(tokenizer.special)

    def __call__(self, text: str | bytes) -> list[int]:
        """Return the token ids of `text`."""
        return list(self._tokenizer.encode(text if isinstance(text, str) else text.decode("utf-8", "replace")))


def _decoded(data: bytes) -> str:
    """Return `data` as text, without a last character that is not complete yet."""
    for length in range(1, min(4, len(data) + 1)):
        lead = data[-length]
        if lead < 0x80:
            break
        if lead >= 0xC0:
            needed = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
            data = data[:-length] if length < needed else data
            break
    return data.decode("utf-8", "replace")


def _cut(data: bytes, stops: tuple[str, ...]) -> tuple[bytes, bool]:
    """Return what precedes the first stop string in `data`, and whether there is one."""
    places = [place for place in (data.find(stop.encode()) for stop in stops if stop) if place >= 0]
    return (data[: min(places)], True) if places else (data, False)


def _has_letter(text: str) -> bool:
    return any(character.isalpha() for character in text)
