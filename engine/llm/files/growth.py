"""How much longer a text may become while a tokenizer cuts it: a few lines of its file can multiply it without bound.

All parts are in one JSON file: normalizers and pre-tokenizers, which are applied to a text one after another, what the
model puts around the pieces of words, and a template of tokens around a text. Each can lengthen what it is given by a
factor that is known beforehand; the product bounds the memory that any text can take.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from base64 import b64decode
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from tokenizers import Tokenizer as Encoder

from engine.errors import BadInput
from engine.llm.tokenizer import attempt

MOST_GROWTH: Final = 256
"""Byte-level BPE has 2, or 10 after a normal form of Unicode; SentencePiece has 3, with rules of its own about 150."""
_MOST_PARTS: Final = 64
_MOST_ADDED: Final = 64 << 20
"""Bytes that the names of added tokens may have when they are lengthened like any text."""

_COMPATIBLE: Final = 11
"""The most bytes that NFKC and NFKD make of one (of U+FDFA)."""
_FORMS: Final = {"NFKC": _COMPATIBLE, "NFKD": _COMPATIBLE} | dict.fromkeys(
    ("NFC", "NFD", "Lowercase", "StripAccents", "BertNormalizer"), 5
)
"""How many bytes the normal forms of Unicode make of one, small letters included."""
_SHORTEST: Final = {" {2,}": 2}
"""Bytes of the shortest match of an expression, for the one that real tokenizers have. Others may match nothing."""

Part = Mapping[str, Any]


def growth_of(described: Mapping[str, object], source: str) -> float:
    """Return how many times as long the tokenizer of a tokenizer.json may make a text.

    Raises `BadInput` when that is more than any real one does.
    """
    told = _told(described, source)
    parts = [*_parts(told["normalizer"], "normalizers"), *_parts(told["pre_tokenizer"], "pretokenizers")]
    around = list(_parts(told["post_processor"], "processors"))
    if len(parts) + len(around) > _MOST_PARTS:
        raise BadInput(
            source, f"has {len(parts) + len(around)} parts that a text goes through, more than {_MOST_PARTS}"
        )
    growth = _forms(parts) * math.prod(map(_growth, parts)) * _affixes(described.get("model"))
    for what, factor in (("a text", growth), ("a list of tokens", math.prod(map(_repeats, around)))):
        if factor > MOST_GROWTH:
            raise BadInput(source, f"makes {what} up to {factor:.3g} times as long, more than {MOST_GROWTH} times")
    if growth * _added(described.get("added_tokens")) > _MOST_ADDED:
        raise BadInput(source, "has added tokens of too long names")
    return growth


def _told(described: Mapping[str, object], source: str) -> dict[str, Any]:
    """Return the parts as the library understands them: it takes them in several ways, also without their types."""
    empty: dict[str, Any] = {"added_tokens": [], "model": {"type": "BPE", "vocab": {}, "merges": []}, "decoder": None}
    text = json.dumps({**described, **empty})
    told: dict[str, Any] = json.loads(attempt(lambda: Encoder.from_str(text).to_str(), source))
    return told


def _parts(node: Part | None, inside: str) -> Iterator[Part]:
    """Yield the parts of a normalizer, pre-tokenizer or post-processor in their order; sequences have some `inside`."""
    if node is None:
        return
    if node["type"] == "Sequence":
        for inner in node[inside]:
            yield from _parts(inner, inside)
    else:
        yield node


def _forms(parts: list[Part]) -> float:
    """Return what normal forms and tables of replacements make of a byte.

    Once in a form, a text stays as long in all others; what other parts add to it is counted as the longest form.
    """
    first, *others = [_longest_entry(part) for part in parts if part["type"] == "Precompiled"] or [1]
    form = max((_FORMS.get(part["type"], 1) for part in parts), default=1)
    return max(form, first) * math.prod(others)


def _growth(part: Part) -> float:
    """Return what any other part makes of a byte."""
    match part:
        case {"type": "ByteLevel"} | {"type": "BertNormalizer"}:  # the latter puts spaces around some letters
            return 2
        case {"type": "Metaspace", "replacement": str(sign)}:
            return len(sign.encode("utf-8"))
        case {"type": "Prepend", "prepend": str(text)}:
            return 1 + _unfolded(text)
        case {"type": "Replace", "pattern": {"String": str(pattern)}, "content": str(text)} if pattern:
            return max(1.0, _unfolded(text) / len(pattern.encode("utf-8")))
        case {"type": "Replace", "pattern": {"Regex": str(pattern)}, "content": str(text)} if pattern in _SHORTEST:
            return max(1.0, _unfolded(text) / _SHORTEST[pattern])
        case {"type": "Replace", "content": str(text)}:  # before and after each letter
            return 1 + 2 * _unfolded(text)
    return 1


def _unfolded(text: str) -> int:
    """Return the most bytes that a text has in any form."""
    most = len(text.encode("utf-8"))
    for _ in range(2):
        for form in (partial(unicodedata.normalize, "NFKD"), str.lower):
            text = form(text)
            most = max(most, len(text.encode("utf-8")))
    return most


def _longest_entry(part: Part) -> int:
    """Return the bytes of the longest entry in a table of SentencePiece: a search tree, then entries that end in 0."""
    table = b64decode(part["precompiled_charsmap"])
    entries = re.finditer(rb"[^\0]+", table[4 + int.from_bytes(table[:4], "little") :])
    return max((found.end() - found.start() for found in entries), default=1)


def _affixes(model: object) -> int:
    """Return how long one letter becomes with what the model puts before and after pieces of words."""
    found = model if isinstance(model, dict) else {}
    affixes = (found.get(key) for key in ("continuing_subword_prefix", "end_of_word_suffix"))
    return 1 + sum(len(affix) for affix in affixes if isinstance(affix, str))


def _repeats(part: Part) -> int:
    """Return how many tokens a template makes of one."""
    match part:
        case {"type": "TemplateProcessing", "single": list(single), "special_tokens": dict(special)}:
            tokens = {name: len(token["ids"]) for name, token in special.items()}
            named = (piece.get("SpecialToken") for piece in single)
            return sum(1 if name is None else tokens.get(name["id"], 1) for name in named)
        case {"type": "BertProcessing"} | {"type": "RobertaProcessing"}:
            return 3
    return 1


def _added(tokens: object) -> int:
    """Return the bytes of the names of added tokens."""
    names = (token.get("content") for token in tokens if isinstance(token, dict)) if isinstance(tokens, list) else ()
    return sum(len(name.encode("utf-8")) for name in names if isinstance(name, str))
