"""`Choose` and `Rate`, asked of a server.

Where the server reads texts (`Ask.TEXT`), options are scored by their likelihood, as the embedded model does it.
Elsewhere the model is asked: the options stand under letters, and the answer is one of these. The log-probabilities of
the letters in the place of the answer are the scores; where the server gives none, the letter that it answers is the
choice, under a schema where it knows them, else found in what it says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.llm.choices import choice_of, mean, rating_of
from engine.llm.remote.address import Ask
from engine.llm.remote.replies import Drawn
from engine.llm.remote.scoring import logs_of
from engine.llm.remote.server import Errand
from engine.llm.remote.writing import json_format
from engine.llm.requests import Choose, Failure, FailureKind, Rate, Reply, Way

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_LIKELY: Final = 20
_ANSWER_TOKENS: Final = 8
_WRAPPED_TOKENS: Final = 24
_LEAST: Final = 1e-30
_UNCHOSEN: Final = -30.0
_FIELD: Final = "answer"
_TASK: Final = "You choose among options. Answer with nothing but {what} of the one that fits best."
_NO_ANSWER: Final = Failure(FailureKind.MISFIT, "the answer names none of the options, or several")


async def choose(errand: Errand, request: Choose) -> Reply:
    """Return the choice, with scores and probabilities as far as the server gives them."""
    if errand.server.wire.address.ask is Ask.TEXT:
        scores = await _scored(errand, request)
        if scores is not None:
            return choice_of(request.options, scores)
    question = "Which of these comes next?"
    context = "".join(request.context)
    if request.way is Way.CHANNEL:
        question = "Which of these does it go with best?"
        context = f"{context}\n{request.evidence}"
    labels = _labels(len(request.options))
    found = await _asked(errand, f"{context}\n\n{question}", labels, request.options)
    if found is None:
        return _NO_ANSWER
    if found.weighed and request.prior:
        prior = "".join(request.prior)
        less = await _asked(errand, f"{prior}\n\n{question}", labels, request.options)
        if less is not None and less.weighed:
            found.scores = [score - other for score, other in zip(found.scores, less.scores, strict=True)]
    return choice_of(request.options, found.scores)


async def rate(errand: Errand, request: Rate) -> Reply:
    """Return the rating, with probabilities as far as the server gives them."""
    numbers = [str(number) for number in range(request.low, request.high + 1)]
    context = "".join(request.context)
    if errand.server.wire.address.ask is Ask.TEXT:
        logs = await logs_of(errand, context, [f" {number}\n" for number in numbers])
        if logs is not None:
            return rating_of(request.low, list(map(math.fsum, logs)))
    has_one_digit = request.low >= 0 and request.high <= 9  # more digits may be more tokens
    labels = numbers if has_one_digit else _labels(len(numbers))
    question = f"Which number from {request.low} to {request.high} comes next?"
    found = await _asked(errand, f"{context}\n\n{question}", labels, numbers)
    return _NO_ANSWER if found is None else rating_of(request.low, found.scores)


async def _scored(errand: Errand, request: Choose) -> list[float] | None:
    """Score the options as `Choose` says, by letting the server read them; None where it cannot."""
    context = "".join(request.context)
    if request.way is Way.LIKELIHOOD:
        own = await logs_of(errand, context, request.options)
        less = await logs_of(errand, "".join(request.prior), request.options) if own and request.prior else None
        if own is None or (request.prior and less is None):
            return None
        return [mean(logs) - (mean(less[i]) if less else 0.0) for i, logs in enumerate(own)]
    scores = []
    for option in request.options:
        found = await logs_of(errand, context + option, (request.evidence, *request.references))
        if found is None:
            return None
        evidence, *others = map(mean, found)
        scores.append(evidence - (mean(others) if others else 0.0))
    return scores


@dataclass(slots=True)
class _Answered:
    """The score of each label: its log-probability where they are `weighed`, else one is the answer, the others not."""

    scores: list[float]
    weighed: bool


def _labels(count: int) -> list[str]:
    """Return letters for the options, and numbers where there are too many for that."""
    return list(_LETTERS[:count]) if count <= len(_LETTERS) else [str(number) for number in range(1, count + 1)]


async def _asked(errand: Errand, question: str, labels: Sequence[str], options: Sequence[str]) -> _Answered | None:
    """Ask for one of the labels; return the score of each, None if there is no clear answer."""
    what = "the letter" if labels[0] == "A" else "the number"
    system = _TASK.format(what=what)
    bare = [" ".join(option.split()) for option in options]
    lines = [f"{label}. {option}" for label, option in zip(labels, bare, strict=True) if label != option]
    user = "\n".join([question, *lines, "", f"Answer with {what} alone."])
    lacks = errand.server.lacks
    weighs = "logprobs" not in lacks and all(len(label) == 1 for label in labels)
    if weighs or "response_format" in lacks:
        wish: dict[str, Any] = {"logprobs": True, "top_logprobs": _MOST_LIKELY} if weighs else {}
        (drawn,) = await errand.chat(system, user, max_tokens=_ANSWER_TOKENS, temperature=0.0, **wish)
        answered = _by_likelihood(labels, drawn) or _by_text(labels, bare, drawn.text)
        if answered is not None or "response_format" in lacks:
            return answered
    form = json_format({"type": "string", "enum": list(labels)}, _FIELD)
    system = f'{system} Answer as JSON: {{"{_FIELD}": "…"}}'
    (drawn,) = await errand.chat(system, user, max_tokens=_WRAPPED_TOKENS, temperature=0.0, response_format=form)
    inside = re.search(rf'"{_FIELD}"\s*:\s*"([^"]*)"', drawn.text)
    return _by_text(labels, bare, inside[1] if inside else drawn.text)


def _by_likelihood(labels: Sequence[str], drawn: Drawn) -> _Answered | None:
    """Return the log-probability of each label as the answer; None if the likeliest token is none of them.

    A label that is not among the listed tokens gets an equal share of the probability that is left, and no more than
    the least likely token that is listed.
    """
    likely = drawn.likely
    if not likely or _label(max(likely, key=likely.__getitem__)) not in labels:
        return None
    weights = [_weight(label, likely) for label in labels]
    rest = max(0.0, 1.0 - math.fsum(map(math.exp, likely.values())))
    floor = max(_LEAST, min(math.exp(min(likely.values())), rest / max(1, weights.count(0.0))))
    return _Answered([math.log(weight or floor) for weight in weights], weighed=True)


def _weight(label: str, likely: Mapping[str, float]) -> float:
    return math.fsum(math.exp(log) for token, log in likely.items() if _label(token) == label)


def _label(token: str) -> str:
    return token.strip().rstrip(".):,").strip()


def _by_text(labels: Sequence[str], options: Sequence[str], text: str) -> _Answered | None:
    """Find the one label, else the one option, that an answer names."""
    answer = text.strip().strip("*\"'`()[]").strip()
    begun = re.match(r"([A-Z]|-?\d+)(?:[.):,]|\s*\n|$)", answer)
    named = [index for index, label in enumerate(labels) if begun and begun[1] == label]
    if not named:
        folded = [option.casefold() for option in options]
        within = {option for option in folded if option and option in answer.casefold()}
        within = {option for option in within if not any(option != other and option in other for other in within)}
        named = [index for index, option in enumerate(folded) if option in within]
    if len(named) != 1:
        return None
    return _Answered([0.0 if index == named[0] else _UNCHOSEN for index in range(len(labels))], weighed=False)
