"""What follows `openai:` in a model specification: where a model is served, and how it is to be asked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

from engine.errors import BadInput, nearest
from engine.llm.requests import Usage

FORM: Final = "openai:BASE_URL#MODEL, as in openai:http://127.0.0.1:8000/v1#smollm2"
SETTINGS: Final = ("ask", "at-once", "price", "timeout")
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_LONGEST: Final = 2000
_NAME = re.compile(r"[^\s,#+]{1,200}")
_NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?")
_PRICE = re.compile(rf"({_NUMBER.pattern})/({_NUMBER.pattern})")


class Ask(StrEnum):
    """How a language model is asked."""

    CHAT = "chat"
    """With instructions, as an assistant: for models that were made to follow them."""
    TEXT = "text"
    """With the bare text that it is to continue, and choices by the likelihood of texts: for small and base models."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in any currency."""

    prompt: float
    generated: float

    def of(self, usage: Usage) -> float:
        """Return what `usage` costs at most: a server may ask less for prompts that it knows already."""
        return (usage.prompt * self.prompt + usage.generated * self.generated) / 1e6


@dataclass(frozen=True, slots=True)
class Address:
    """A model of a server, and how to ask it.

    `BASE_URL#MODEL[+EMBEDDING][,ask=text][,price=IN/OUT][,at-once=N][,timeout=S]`: with `embedding` the server also
    gives the meanings of texts; `price` is per million tokens of prompts and of generated text; at most `at_once` calls
    are under way; one takes at most `timeout` seconds.
    """

    url: str
    """Base URL without secrets and without a slash at its end."""
    model: str
    embedding: str = ""
    ask: Ask = Ask.CHAT
    prices: Prices | None = None
    at_once: int = 16
    timeout: float = 120.0

    @classmethod
    def parse(cls, text: str, source: str = "--model") -> Self:
        """Read an address. Raises `BadInput` about `source`, which never repeats what may hold a secret."""
        if len(text) > _LONGEST or not text.isprintable():
            raise BadInput(source, f"is no address of a model (allowed: {FORM})")
        url, mark, rest = text.partition("#")
        names, *settings = rest.split(",")
        model, plus, embedding = names.partition("+")
        if not mark or not _NAME.fullmatch(model) or (plus and not _NAME.fullmatch(embedding)):
            raise BadInput(source, f"names no model after the base URL (allowed: {FORM})")
        given = _settings(settings, source)
        return cls(_base_url(url, source), model, embedding, **given)  # type: ignore[arg-type]

    @property
    def is_loopback(self) -> bool:
        """Whether the server is on this machine."""
        return urlsplit(self.url).hostname in LOOPBACK


def _base_url(text: str, source: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadInput(source, "its base URL is none") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or " " in text:
        raise BadInput(source, f"its base URL is none (allowed: {FORM}, or with https)")
    if "@" in parts.netloc:
        raise BadInput(source, "its base URL must not hold a user or password (a key goes into OPENAI_API_KEY)")
    if parts.query or "?" in text:
        raise BadInput(source, "its base URL must not hold a query (a key goes into OPENAI_API_KEY)")
    return SplitResult(parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"), "", "").geturl()


def _settings(texts: list[str], source: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in SETTINGS:
            raise BadInput(source, f"unknown setting '{name[:40]}' of a served model{nearest(name, SETTINGS)}")
        key = {"price": "prices", "at-once": "at_once"}.get(name, name)
        if key in found:
            raise BadInput(source, f"the setting '{name}' of a served model stands twice")
        found[key] = _setting(name, value, source)
    return found


def _setting(name: str, value: str, source: str) -> object:
    match name:
        case "ask" if value in list(Ask):
            return Ask(value)
        case "price" if found := _PRICE.fullmatch(value):
            return Prices(float(found[1]), float(found[3]))
        case "at-once" if value.isdecimal() and value.isascii() and len(value) < 5 and 1 <= int(value) <= 1024:
            return int(value)
        case "timeout" if _NUMBER.fullmatch(value) and 0 < float(value) <= 86400 and math.isfinite(float(value)):
            return float(value)
    allowed = {
        "ask": "chat, text",
        "price": "price=0.15/0.60: what a million tokens of prompts and of generated text cost",
        "at-once": "1 to 1024",
        "timeout": "seconds, up to a day",
    }
    raise BadInput(source, f"'{value[:40]}' is no value of the setting '{name}' (allowed: {allowed[name]})")
