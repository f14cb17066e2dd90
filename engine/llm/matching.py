"""Whether a whole text has a form, judged by the grammars that also lead a model while it writes.

That takes time in proportion to the length of the text, whatever the form. Python's `re` may take hours for a pattern
over which it goes back and forth.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Final

import llguidance

_KEPT: Final = 64


def pattern_grammar(pattern: str) -> str:
    """Return the grammar of texts that match a regular expression."""
    return llguidance.LLMatcher.grammar_from_regex(pattern)


def json_grammar(schema: str, *, spaced: bool = False) -> str:
    """Return the grammar of JSON texts of a schema, with blanks between its parts or without.

    Raises `ValueError` for what is no schema.
    """
    try:
        if not isinstance(json.loads(schema), dict):
            raise ValueError("a schema is a JSON object")
        return llguidance.LLMatcher.grammar_from_json_schema(schema, overrides={"whitespace_flexible": spaced})
    except RecursionError:
        raise ValueError("the schema is nested too deeply") from None


def is_match(pattern: str, text: str) -> bool:
    """Return whether a whole text matches a pattern; nothing matches one that cannot be used."""
    return _follows(_of_pattern(pattern), text)


def is_json_of(schema: str, text: str) -> bool:
    """Return whether a text is JSON of a schema; nothing is JSON of a schema that cannot be used."""
    return _follows(_of_schema(schema), text)


def _follows(matcher: llguidance.LLMatcher | None, text: str) -> bool:
    if matcher is None:
        return False
    tokens = [*text.encode("utf-8", "surrogatepass"), _bytes().eos_token]
    return matcher.deep_copy().validate_tokens(tokens) == len(tokens)


@lru_cache(_KEPT)
def _of_pattern(pattern: str) -> llguidance.LLMatcher | None:
    try:
        return _matcher(pattern_grammar(pattern))
    except ValueError:  # lone surrogates
        return None


@lru_cache(_KEPT)
def _of_schema(schema: str) -> llguidance.LLMatcher | None:
    try:
        return _matcher(json_grammar(schema, spaced=True))
    except ValueError:
        return None


def _matcher(grammar: str) -> llguidance.LLMatcher | None:
    matcher = llguidance.LLMatcher(_bytes(), grammar, log_level=0)
    return None if matcher.is_error() else matcher


@cache
def _bytes() -> llguidance.LLTokenizer:
    """Return a vocabulary of bytes, and an end."""
    return llguidance.LLTokenizer("byte")
