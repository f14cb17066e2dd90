"""What clients may ask for, in OpenAI's words; checked before anything is done about it."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

MOST_TEXTS: Final = 64
MOST_SAMPLES: Final = 128
MOST_LIKELY: Final = 20
_UNSUPPORTED: Final = (
    "tools",
    "tool_choice",
    "functions",
    "function_call",
    "logit_bias",
    "suffix",
    "audio",
    "prediction",
    "presence_penalty",
    "frequency_penalty",
)
"""Without what these ask for, the answer would be to another question."""

Stop = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=0)]


class Flaw(Exception):
    """A request that cannot be answered: why, in which parameter, with which status and code."""

    def __init__(self, message: str, parameter: str | None = None, status: int = 400, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.parameter = parameter
        self.status = status
        self.code = code


class _Wish(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    model: str


Wish = TypeVar("Wish", bound=_Wish)


class Message(BaseModel):
    """One turn of a conversation; its content is text, or parts that are."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[dict[str, Any]]

    @property
    def text(self) -> str:
        """The text of all parts. Raises `Flaw` for a part that is none."""
        if isinstance(self.content, str):
            return self.content
        texts = [part.get("text") if part.get("type") == "text" else None for part in self.content]
        if not all(isinstance(text, str) for text in texts):
            raise Flaw("only text is understood", "messages")
        return "".join(map(str, texts))


class _Writing(_Wish):
    """What all requests for texts have in common."""

    n: int = Field(default=1, ge=1, le=MOST_SAMPLES)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, gt=0, le=1)
    seed: int | None = Field(default=None, ge=-(2**63), lt=2**63)
    stop: Stop | Annotated[list[Stop], Field(max_length=8)] | None = None
    stream: bool | None = None
    stream_options: dict[str, Any] | None = None
    response_format: dict[str, Any] | None = None
    structured_outputs: dict[str, Any] | None = None

    @field_validator("n", mode="before")
    @classmethod
    def _one(cls, value: object) -> object:
        return 1 if value is None else value

    @property
    def stops(self) -> tuple[str, ...]:
        """The stop strings."""
        return (self.stop,) if isinstance(self.stop, str) else tuple(self.stop or ())

    @property
    def counts_streamed(self) -> bool:
        """Whether a stream ends with the tokens that it took."""
        return bool((self.stream_options or {}).get("include_usage"))

    @property
    def form(self) -> tuple[str, Any] | None:
        """The form of the text: `("regex", pattern)`, `("json", schema)`, or none. Raises `Flaw` for another one."""
        given = dict(self.structured_outputs or {})
        if given:
            if len(given) == 1 and isinstance(given.get("regex"), str):
                return "regex", given["regex"]
            if len(given) == 1 and isinstance(given.get("json"), dict):
                return "json", given["json"]
            raise Flaw("one of regex (a pattern) and json (a schema) is understood", "structured_outputs")
        form = self.response_format or {"type": "text"}
        match form.get("type"):
            case "text":
                return None
            case "json_object":
                return "json", {"type": "object"}
            case "json_schema" if isinstance(inner := form.get("json_schema"), dict):
                schema = inner.get("schema", {"type": "object"})
                if isinstance(schema, dict):
                    return "json", schema
            case "regex" if isinstance(pattern := form.get("pattern"), str):
                return "regex", pattern
        understood = "text, json_object, json_schema with a schema, and regex with a pattern are understood"
        raise Flaw(understood, "response_format")


class ChatWish(_Writing):
    """The body of a call of `/v1/chat/completions`."""

    messages: list[Message] = Field(min_length=1, max_length=1000)
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=MOST_LIKELY)] | None = None


class TextWish(_Writing):
    """The body of a call of `/v1/completions`."""

    prompt: str | Annotated[list[str], Field(min_length=1, max_length=MOST_TEXTS)]
    max_tokens: Count | None = None
    logprobs: Annotated[int, Field(ge=0, le=MOST_LIKELY)] | None = None
    echo: bool | None = None
    best_of: int | None = None

    @property
    def prompts(self) -> tuple[str, ...]:
        """The texts to continue."""
        return (self.prompt,) if isinstance(self.prompt, str) else tuple(self.prompt)


class MeaningWish(_Wish):
    """The body of a call of `/v1/embeddings`."""

    input: str | Annotated[list[str], Field(min_length=1, max_length=2048)]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts whose meanings are wanted."""
        return (self.input,) if isinstance(self.input, str) else tuple(self.input)


def read_wish(kind: type[Wish], body: bytes) -> Wish:
    """Read the body of a call. Raises `Flaw`."""
    try:
        data = _sound(json.loads(body))
    except (ValueError, RecursionError):
        raise Flaw("the body is no JSON") from None
    if not isinstance(data, dict):
        raise Flaw("the body is no JSON object")
    for name in _UNSUPPORTED:
        if data.get(name) not in (None, 0, "", [], {}, "none", "auto"):
            raise Flaw(f"'{name}' is not supported", name, code="unsupported_parameter")
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        parameter = faults[0]["loc"][0]
        # Where several types are allowed, each has its fault; the last one is that of the richest.
        *_, last = (fault["msg"] for fault in faults if fault["loc"][0] == parameter)
        raise Flaw(f"'{parameter}': {last}", str(parameter)) from None


def _sound(data: object) -> object:
    """Return JSON with "?" for what is no character (half of one, say), as a tokenizer reads it."""
    text = json.dumps(data, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.loads(text.encode("utf-8", "replace"))
    return data
