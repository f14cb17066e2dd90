"""`Write`, asked of a server."""

from __future__ import annotations

import json
from typing import Any, Final

from engine.llm.choices import mean
from engine.llm.remote.address import Ask
from engine.llm.remote.fitting import FIELD, fitting
from engine.llm.remote.replies import Drawn
from engine.llm.remote.scoring import logs_of
from engine.llm.remote.server import Errand
from engine.llm.requests import Failure, FailureKind, Reply, Sample, Shape, Texts, Write

_WRAPPING: Final = 16
"""Tokens that an answer as JSON takes besides its text."""
_TASK: Final = (
    "You continue texts. Answer with nothing but what comes next, directly after the end of the text: "
    "do not repeat the text, do not explain anything, put nothing around your answer."
)
_FORMS: Final = {
    Shape.LINE: "It is one short line.",
    Shape.NUMBER: "It is a whole number, in digits.",
    Shape.REGEX: "It matches this regular expression: {pattern}",
    Shape.JSON: "It is JSON of this schema, and nothing else: {pattern}",
}


async def write(errand: Errand, request: Write) -> Reply:
    """Return the samples that fit, best first: by mean log-probability, or in the server's order if it gives none.

    Where texts can be scored (see `Ask.TEXT`) a contrast is subtracted as `Write` says, else it is left out.
    """
    samples = request.samples if request.temperature > 0 else 1
    verbatim = errand.server.wire.address.ask is Ask.TEXT
    drawn = await (_continued if verbatim else _answered)(errand, request, samples)
    found: dict[str, Drawn] = {}
    for each in drawn:
        text = fitting(request, each.text, verbatim=verbatim)
        if text is not None:
            found.setdefault(text, each)
    if not found:
        shape = request.shape.value
        return Failure(FailureKind.MISFIT, f"none of {len(drawn)} samples is a usable text of the shape '{shape}'")
    means = [each.mean for each in found.values()]
    scores = [own if own is not None and None not in means else 0.0 for own in means]
    if verbatim and request.contrast and None not in means:
        contrast = await logs_of(errand, "".join((*request.contrast, request.begin)), tuple(found))
        if contrast is not None:
            weight = request.contrast_weight
            scores = [score - weight * mean(logs) for score, logs in zip(scores, contrast, strict=True)]
    made = [Sample(text, score, _tokens(each)) for (text, each), score in zip(found.items(), scores, strict=True)]
    return Texts(tuple(sorted(made, key=lambda sample: -sample.score)))  # stable: the first of equals stays first


def _tokens(drawn: Drawn) -> int:
    return len(drawn.logs) if drawn.logs is not None else 1 + len(drawn.text) // 4


async def _continued(errand: Errand, request: Write, samples: int) -> list[Drawn]:
    prompt = "".join((*request.context, request.begin))
    options = _options(request, request.max_tokens) | {"logprobs": 1}
    if request.shape is Shape.JSON:
        options["structured_outputs"] = {"json": json.loads(request.pattern)}
    elif request.shape is not Shape.LINE:
        pattern = request.pattern if request.shape is Shape.REGEX else "-?[0-9]+"
        options["structured_outputs"] = {"regex": pattern}
    if request.stop:
        options["stop"] = request.stop
    return await errand.continue_text(prompt, samples=samples, seed=request.seed, **options)


async def _answered(errand: Errand, request: Write, samples: int) -> list[Drawn]:
    system = f"{_TASK} {_FORMS[request.shape].replace('{pattern}', request.pattern)}"
    options = _options(request, request.max_tokens) | {"logprobs": True}
    if request.shape is Shape.JSON:
        if "response_format" not in errand.server.lacks:
            options["response_format"] = _as_it_is(json.loads(request.pattern))
    elif request.shape is Shape.REGEX and "response_format" not in errand.server.lacks:
        system += f' Answer as JSON: {{"{FIELD}": "…"}}'
        options["response_format"] = json_format({"type": "string", "pattern": request.pattern}, FIELD)
        options["max_tokens"] += _WRAPPING
    elif request.stop:
        options["stop"] = request.stop
    user = "".join((*request.context, request.begin))
    return await errand.chat(system, user, samples=samples, seed=request.seed, **options)


def _options(request: Write, max_tokens: int) -> dict[str, Any]:
    return {"max_tokens": max_tokens, "temperature": request.temperature, "top_p": request.top_p}


def json_format(schema: dict[str, Any], field: str) -> dict[str, Any]:
    """Return what asks for JSON with one field that `schema` describes."""
    whole = {"type": "object", "properties": {field: schema}, "required": [field], "additionalProperties": False}
    return _as_it_is(whole)


def _as_it_is(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
