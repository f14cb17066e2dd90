"""Answers in OpenAI's words."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.llm.requests import Usage
from engine.llm.serving.track import Drawn
from engine.llm.tokenizer import Tokenizer

Json = dict[str, Any]


def error(message: str, status: int, parameter: str | None = None, code: str | None = None) -> Json:
    """An error."""
    kind = "invalid_request_error" if status < 500 and status != 429 else "server_error"
    return {"error": {"message": message, "type": kind, "param": parameter, "code": code}}


def head(kind: str, object_name: str, model: str, fingerprint: str) -> Json:
    """What every answer with texts begins with. Its id and time are for people; nothing else in it is by chance."""
    made = {"id": f"{kind}-{uuid.uuid4().hex}", "object": object_name, "created": int(time.time()), "model": model}
    return {**made, "system_fingerprint": fingerprint}


def usage(spent: Usage) -> Json:
    """The tokens that an answer took. Cached are those of prompts that were known already."""
    return {
        "prompt_tokens": spent.prompt,
        "completion_tokens": spent.generated,
        "total_tokens": spent.prompt + spent.generated,
        "prompt_tokens_details": {"cached_tokens": spent.prompt - spent.computed},
    }


def chat_logprobs(tokenizer: Tokenizer, drawn: Sequence[Drawn]) -> Json:
    """The log-probabilities of a chat's tokens."""
    content = []
    for each in drawn:
        top = [_token(tokenizer, token, log) for token, log in each.likely]
        content.append({**_token(tokenizer, each.token, each.log), "top_logprobs": top})
    return {"content": content, "refusal": None}


def _token(tokenizer: Tokenizer, token: int, log: float) -> Json:
    data = tokenizer.vocabulary[token]
    return {"token": data.decode("utf-8", "replace"), "logprob": log, "bytes": list(data)}


def text_logprobs(tokenizer: Tokenizer, drawn: Sequence[Drawn], start: int) -> Json:
    """The log-probabilities of a completion's tokens; its text begins at the place `start` of what is sent."""
    return {
        "tokens": [_name(tokenizer, each.token) for each in drawn],
        "token_logprobs": [each.log for each in drawn],
        "top_logprobs": [{_name(tokenizer, t): log for t, log in reversed(each.likely)} for each in drawn],
        "text_offset": [start + each.place for each in drawn],
    }


def read_logprobs(tokenizer: Tokenizer, prompt: str, tokens: Sequence[int], logs: Sequence[float | None]) -> Json:
    """The log-probabilities of a prompt's tokens. What might have stood in their place is not computed."""
    lead = int(tokenizer.decode([*tokens]) == f" {prompt}")  # the space that SentencePiece puts before a text
    places = []
    data = b""
    for token in tokens:
        places.append(max(0, len(data.decode("utf-8", "ignore")) - lead))
        data += tokenizer.vocabulary[token]
    return {
        "tokens": [_name(tokenizer, token) for token in tokens],
        "token_logprobs": list(logs),
        "top_logprobs": [None] * len(tokens),
        "text_offset": places,
    }


def joined(first: Json, second: Json) -> Json:
    """Log-probabilities of a prompt and of what follows it."""
    return {name: [*values, *second[name]] for name, values in first.items()}


def _name(tokenizer: Tokenizer, token: int) -> str:
    return tokenizer.vocabulary[token].decode("utf-8", "replace")


def vectors(model: str, array: NDArray[np.float32], form: str, tokens: int) -> Json:
    """Meanings of texts, as numbers or as their bytes in base64."""
    data = [{"object": "embedding", "index": i, "embedding": _vector(row, form)} for i, row in enumerate(array)]
    return {
        "object": "list",
        "data": data,
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _vector(row: NDArray[np.float32], form: str) -> object:
    return base64.b64encode(row.astype("<f4").tobytes()).decode() if form == "base64" else row.tolist()
