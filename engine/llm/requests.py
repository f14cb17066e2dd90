"""What can be asked of a model, and what comes back.

A request is one frozen record; it says everything that its answer may depend on, so that its canonical encoding can be
hashed (`request_key`) and its reply recorded. A context is a tuple of text segments, *most shared first* (task and
world, persona, day, situation): backends share work by prefix, and a segment is tokenised on its own, so a boundary
between segments is always a token boundary.

Replies are typed. An answer that does not fit is a `Failure`, never a text that says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

import msgpack
import numpy as np
from numpy.typing import NDArray

Segments = tuple[str, ...]

DIMENSIONS: Final = 384
"""Length of the vectors that stand for meanings."""


class Way(StrEnum):
    """How a language model makes a choice (the ways that need no language model are the mind's own business)."""

    LIKELIHOOD = "likelihood"
    """Score each option after the context, per token, optionally minus its score after a context that says nothing."""
    CHANNEL = "channel"
    """Score the same evidence after context + option, minus the option's mean score over the reference texts."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Which of `options`? Answered by a `Choice`; nothing is generated.

    LIKELIHOOD scores `options[i]` as the continuation of `context`: mean log-probability per token (options should end
    in a terminator such as a newline, so that "1" does not contain "10"), minus the same after `prior` where given.
    CHANNEL scores `evidence` as the continuation of `context + options[i]`: mean log-probability per token of the
    evidence, minus the mean of that over `references`.
    """

    purpose: str
    context: Segments
    options: tuple[str, ...]
    way: Way = Way.LIKELIHOOD
    prior: Segments = ()
    evidence: str = ""
    references: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.options or len(set(self.options)) != len(self.options) or "" in self.options:
            raise ValueError(f"Choose {self.purpose!r}: options must be non-empty, unique texts")
        if (self.way is Way.CHANNEL) != bool(self.evidence):
            raise ValueError(f"Choose {self.purpose!r}: evidence goes with the channel, and the channel with evidence")


@dataclass(frozen=True, slots=True)
class Rate:
    """Which whole number from `low` to `high` follows `context`? Answered by a `Rating`, by likelihood."""

    purpose: str
    context: Segments
    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low >= self.high:
            raise ValueError(f"Rate {self.purpose!r}: low must be below high")


class Shape(StrEnum):
    """The form that a written text must have."""

    LINE = "line"
    """One line of text: no line break, at least one letter."""
    NUMBER = "number"
    """Decimal digits with an optional minus sign."""
    REGEX = "regex"
    """The whole text (without `begin`) matches the regular expression `pattern`.

    It is one that can be followed letter by letter: nothing in it looks around or back (`matching`).
    """
    JSON = "json"
    """The whole text (without `begin`) is JSON of the schema `pattern`, which is JSON itself."""


@dataclass(frozen=True, slots=True)
class Write:
    """Continue `context` + `begin` with a text of the given shape. Answered by `Texts`, best sample first.

    Generation ends at the end of the shape, at a stop string (not part of the text) or at `max_tokens`; a text that is
    cut by `max_tokens` before it fits its shape is no sample. A sample that contains one of `banned` (case-insensitive)
    is dropped. Samples are ranked by mean log-probability per token minus `contrast_weight` times the same after
    `contrast` (a context that says less), where a contrast is given. `temperature` 0 is greedy.
    """

    purpose: str
    context: Segments
    begin: str = ""
    shape: Shape = Shape.LINE
    pattern: str = ""
    max_tokens: int = 32
    stop: tuple[str, ...] = ("\n",)
    samples: int = 1
    temperature: float = 0.8
    top_p: float = 0.95
    seed: int = 0
    contrast: Segments = ()
    contrast_weight: float = 0.6
    banned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.shape in (Shape.REGEX, Shape.JSON)) != bool(self.pattern):
            raise ValueError(f"Write {self.purpose!r}: a pattern goes with the shapes regex and json, and they with it")
        if self.shape is Shape.JSON and not isinstance(json.loads(self.pattern), dict):
            raise ValueError(f"Write {self.purpose!r}: a schema is a JSON object")
        if self.max_tokens < 1 or self.samples < 1 or self.temperature < 0 or not 0 < self.top_p <= 1:
            raise ValueError(f"Write {self.purpose!r}: limits out of range")


@dataclass(frozen=True, slots=True)
class Embed:
    """The meaning of each text as a unit vector. Answered by `Vectors`."""

    purpose: str
    texts: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.texts:
            raise ValueError(f"Embed {self.purpose!r}: no texts")


Request = Choose | Rate | Write | Embed
_FIELDS = {kind.__name__: tuple(f.name for f in fields(kind)) for kind in (Choose, Rate, Write, Embed)}


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost, in tokens. `computed` are the prompt tokens that no shared prefix in memory spared."""

    prompt: int = 0
    computed: int = 0
    generated: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.prompt + other.prompt, self.computed + other.computed, self.generated + other.generated)


@dataclass(frozen=True, slots=True)
class Choice:
    """The option chosen (the one of highest score; ties go to the first), with every option's score and probability.

    `scores` are what the way of choosing yields: mean log-probabilities, possibly centred. `probabilities` are their
    softmax.
    """

    index: int
    option: str
    scores: tuple[float, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """The most likely number, the expected value, and the probability of each number from low to high."""

    value: int
    expected: float
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """One written text, `begin` not included, with its rank score (see `Write`) and its number of tokens."""

    text: str
    score: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Texts:
    """Usable samples, best first, duplicates removed; never empty."""

    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Unit vectors, float32 [texts, dimensions], in the order of the request's texts."""

    array: NDArray[np.float32]


class FailureKind(StrEnum):
    """Why a request has no usable answer."""

    MISFIT = "misfit"
    """No sample fits its shape."""
    TOO_LONG = "too_long"
    """The prompt does not fit the model's context."""
    NOT_A_NUMBER = "not_a_number"
    """The model produced NaN or infinite scores."""
    BACKEND = "backend"
    """The backend itself failed on this request."""


@dataclass(frozen=True, slots=True)
class Failure:
    """No usable answer. `detail` is for people and logs; it never reaches a mind's memory, plan or speech."""

    kind: FailureKind
    detail: str = ""


Reply = Choice | Rating | Texts | Vectors | Failure


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and what it cost."""

    reply: Reply
    usage: Usage = field(default_factory=Usage)


class Backend(Protocol):
    """A model that answers requests. Answers come in the order of the requests and must not depend on batch mates."""

    @property
    def identity(self) -> str:
        """Everything about the model that an answer depends on: name, weights hash, number format, version."""
        ...

    def answer(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer all requests. What one request does wrong is that request's `Failure`, not an exception."""
        ...


Urgency = tuple[int, ...]
"""The smaller, the more urgent."""

NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known about a request beside what it says. It moves when an answer comes, never the answer."""

    urgency: Urgency = ()
    agent: int = NOBODY
    """Who asks."""


NO_HINT: Final = Hint()


@runtime_checkable
class Correspondent(Backend, Protocol):
    """A model that answers each request in its own time, and takes others meanwhile."""

    def send(self, asked: Mapping[bytes, Request], hints: Mapping[bytes, Hint] | None = None) -> None:
        """Ask for something, by its key. It may work on the more urgent first.

        `hints` may also say what is known by now about what was asked before.
        """
        ...

    def expect(self, thoughts: Sequence[float]) -> None:
        """Take note of the simulated time from which on each agent may ask again: its *invocation distance*.

        It is an estimate that no answer may depend on. Agents who have just asked are at their present time.
        """
        ...

    def received(self, wait: float) -> list[tuple[bytes, Answer]]:
        """Return the answers that have come, waiting for the first one up to `wait` seconds, or working that long.

        Raises `EndedEarly` when nothing more will come.
        """
        ...

    def close(self, grace: float) -> list[tuple[bytes, Answer]]:
        """Give up what is under way after `grace` seconds; return what has come by then."""
        ...


def line_list(count: int, item: str = "[^\\nA-Za-z]*[A-Za-z][^\\n]*") -> str:
    """Return the pattern of a list of so many lines, each of which matches `item`; it goes with `Shape.REGEX`."""
    if count < 1:
        raise ValueError("a list has at least one line")
    return "\\n".join([f"(?:{item})"] * count)


def request_key(identity: str, request: Request) -> bytes:
    """Return the 16-byte name under which the reply to `request` by the model `identity` is recorded."""
    kind = type(request).__name__
    content = [identity, kind, [getattr(request, name) for name in _FIELDS[kind]]]
    return hashlib.blake2b(msgpack.packb(content, unicode_errors="surrogatepass"), digest_size=16).digest()


def encode_reply(reply: Reply) -> dict[str, object]:
    """Return `reply` as plain values for msgpack; `decode_reply` undoes it."""
    if isinstance(reply, Vectors):
        rows, columns = reply.array.shape
        return {"is": "Vectors", "rows": rows, "columns": columns, "data": reply.array.astype("<f4").tobytes()}
    if isinstance(reply, Texts):
        return {"is": "Texts", "samples": [[s.text, s.score, s.tokens] for s in reply.samples]}
    values = {f.name: getattr(reply, f.name) for f in fields(reply)}
    return {"is": type(reply).__name__, **values}


def decode_reply(record: object) -> Reply:
    """Rebuild a reply from what `encode_reply` gave. Raises `ValueError` on anything else."""
    try:
        return _decode(record)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"not a reply: {error!r}") from error


def _decode(record: object) -> Reply:
    if not isinstance(record, dict):
        raise ValueError("not a reply: no mapping")
    match record.get("is"):
        case "Vectors":
            data = np.frombuffer(record["data"], dtype="<f4")
            if data.size != record["rows"] * record["columns"]:
                raise ValueError("not a reply: vectors of the wrong size")
            return Vectors(data.reshape(record["rows"], record["columns"]).astype(np.float32))
        case "Texts":
            return Texts(tuple(Sample(str(t), float(s), int(n)) for t, s, n in record["samples"]))
        case "Choice":
            if not 0 <= int(record["index"]) < len(record["scores"]) == len(record["probabilities"]):
                raise ValueError("not a reply: a choice outside of its options")
            return Choice(
                int(record["index"]),
                str(record["option"]),
                tuple(map(float, record["scores"])),
                tuple(map(float, record["probabilities"])),
            )
        case "Rating":
            return Rating(int(record["value"]), float(record["expected"]), tuple(map(float, record["probabilities"])))
        case "Failure":
            return Failure(FailureKind(record["kind"]), str(record["detail"]))
        case other:
            raise ValueError(f"not a reply: unknown kind {other!r}")
