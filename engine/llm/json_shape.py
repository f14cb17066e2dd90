"""Texts that are JSON of a schema, judged by the grammar that also leads a model while it writes."""

from __future__ import annotations

import json
from functools import lru_cache

import llguidance


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


def is_json_of(schema: str, text: str) -> bool:
    """Return whether a text is JSON of a schema; nothing is JSON of a schema that cannot be used."""
    try:
        matcher = _matcher(schema).deep_copy()
    except ValueError:
        return False
    content = list(text.encode())
    return bool(matcher.try_consume_tokens(content) == len(content) and matcher.is_accepting())


@lru_cache(maxsize=64)
def _matcher(schema: str) -> llguidance.LLMatcher:
    matcher = llguidance.LLMatcher(llguidance.LLTokenizer("byte"), json_grammar(schema, spaced=True), log_level=0)
    if matcher.is_error():
        raise ValueError(matcher.get_error().strip().splitlines()[0])
    return matcher
