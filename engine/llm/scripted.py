"""A model made of rules: instant, without torch, for tests, demonstrations and benchmarks of everything else.

Meaning is shared words (`HashingEmbedder`), choices follow it, and texts are drawn from a script by the request's seed.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.llm.matching import is_json_of, is_match
from engine.llm.requests import (
    DIMENSIONS,
    Answer,
    Choice,
    Choose,
    Embed,
    Failure,
    FailureKind,
    Rate,
    Rating,
    Reply,
    Request,
    Sample,
    Shape,
    Texts,
    Usage,
    Vectors,
    Way,
    Write,
    request_key,
)

VERSION = 1
_WORD = re.compile(r"[a-z0-9']+")


class HashingEmbedder:
    """Texts as unit vectors: every word and every four letters of it count towards a place given by their hash."""

    def __init__(self, dimensions: int = DIMENSIONS) -> None:
        self._dimensions = dimensions
        self._places: dict[str, tuple[int, float]] = {}

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit vector per text, float32 [texts, dimensions]."""
        vectors = np.zeros((len(texts), self._dimensions), np.float64)
        for row, text in zip(vectors, texts, strict=True):
            for feature in _features(text):
                place, sign = self._place(feature)
                row[place] += sign
            length = np.linalg.norm(row)
            row[:] = row / length if length else np.eye(1, self._dimensions)[0]
        return vectors.astype(np.float32)

    def _place(self, feature: str) -> tuple[int, float]:
        if feature not in self._places:
            number = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "little")
            self._places[feature] = (number >> 1) % self._dimensions, 1.0 if number & 1 else -1.0
        return self._places[feature]


def _features(text: str) -> list[str]:
    words: list[str] = _WORD.findall(text.lower())
    return [*words, *(f"{word[i : i + 4]}" for word in words for i in range(max(0, len(word) - 3)))]


class ScriptedBackend:
    """Answers by rules. `script` gives, per purpose, the texts that a `Write` draws from (with `begin` left out)."""

    def __init__(self, script: Mapping[str, Sequence[str]]) -> None:
        self._script = dict(script)
        self._embedder = HashingEmbedder()
        content = repr(sorted((purpose, list(lines)) for purpose, lines in self._script.items()))
        digest = hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
        self.identity = f"scripted-{VERSION}-{digest}"

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer each request on its own."""
        return [Answer(self._reply(request), _usage(request)) for request in requests]

    def _reply(self, request: Request) -> Reply:
        match request:
            case Embed():
                return Vectors(self._embedder.embed(request.texts))
            case Choose():
                return self._choose(request)
            case Rate():
                return self._rate(request)
            case Write():
                return self._write(request)

    def _choose(self, request: Choose) -> Choice:
        situation = request.evidence if request.way is Way.CHANNEL else request.context[-1] if request.context else ""
        here, *there = self._embedder.embed([situation, *request.options])
        dice = random.Random(request_key(self.identity, request))
        scores = [float(here @ option) + 0.1 * dice.random() for option in there]
        index = int(np.argmax(scores))
        return Choice(index, request.options[index], tuple(scores), _softmax(scores))

    def _rate(self, request: Rate) -> Rating:
        dice = random.Random(request_key(self.identity, request))
        numbers = range(request.low, request.high + 1)
        probabilities = _softmax([dice.random() for _ in numbers])
        expected = sum(number * p for number, p in zip(numbers, probabilities, strict=True))
        return Rating(request.low + int(np.argmax(probabilities)), expected, probabilities)

    def _write(self, request: Write) -> Reply:
        lines = [line for line in dict.fromkeys(self._script.get(request.purpose, ())) if _fits(request, line)]
        if not lines:
            return Failure(FailureKind.MISFIT, f"the script has no fitting line for {request.purpose!r}")
        chosen = random.Random(request.seed).sample(lines, min(request.samples, len(lines)))
        return Texts(tuple(Sample(line, -float(rank), len(line.split())) for rank, line in enumerate(chosen)))


def _fits(request: Write, line: str) -> bool:
    folded = line.casefold()
    if any(word and word.casefold() in folded for word in request.banned):
        return False
    if any(stop and stop in line for stop in request.stop):
        return False
    match request.shape:
        case Shape.LINE:
            return "\n" not in line and any(letter.isalpha() for letter in line)
        case Shape.NUMBER:
            return re.fullmatch(r"-?\d+", line) is not None
        case Shape.REGEX:
            return is_match(request.pattern, line)
        case Shape.JSON:
            return is_json_of(request.pattern, line)


def _softmax(scores: Sequence[float]) -> tuple[float, ...]:
    exponents = np.exp(np.array(scores) - max(scores))
    return tuple(float(p) for p in exponents / exponents.sum())


def _usage(request: Request) -> Usage:
    """Count words where a real model counts tokens."""
    texts = request.texts if isinstance(request, Embed) else request.context
    prompt = sum(len(text.split()) for text in texts)
    return Usage(prompt, prompt, request.max_tokens if isinstance(request, Write) else 0)
