"""Model specifications, as given to `--model`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BadInput, nearest
from engine.llm.latency import Courier, Prompt, Virtual
from engine.llm.remote.address import Address, Prices
from engine.llm.requests import Backend
from engine.llm.scripted import ScriptedBackend

RECORDED = "recorded"
OPENAI = "openai"
KINDS = ("embedded", OPENAI, "scripted", RECORDED)
PRECISIONS = {"fp16": "float16", "fp32": "float32"}
"""How weights are held: packed in half precision, which is the default, or as the slower reference."""
_SETTING = re.compile(r"\?(\w+)=([^?=/]*)\Z")
_LATENCY = re.compile(r"latency=(?:lognormal|(fixed|sleep):(\d{1,6}(?:\.\d{1,6})?))")


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Which model, and how.

    `embedded`, `embedded:PATH`, both also with `?precision=fp16|fp32` at the end; `openai:BASE_URL#MODEL` (see
    `Address`); `scripted`, `scripted:latency=lognormal|fixed:SECONDS|sleep:SECONDS`; `recorded`.
    """

    kind: str
    detail: str = ""
    precision: str = ""

    @classmethod
    def parse(cls, text: str, source: str = "--model") -> ModelSpec:
        """Read a specification. Raises `BadInput` about `source`."""
        setting = _SETTING.search(text) if text.startswith("embedded") else None
        kind, _, detail = (text[: setting.start()] if setting else text).partition(":")
        if kind == OPENAI:
            Address.parse(detail, source)
        if setting and (setting[1] != "precision" or setting[2] not in PRECISIONS):
            allowed = ", ".join(f"?precision={each}" for each in PRECISIONS)
            raise BadInput(source, f"unknown setting '{setting[0]}' of the embedded model (allowed: {allowed})")
        if kind not in KINDS or (kind == RECORDED and detail):
            raise BadInput(source, f"unknown model '{text}'{nearest(kind, KINDS)}")
        if kind == "scripted" and detail and not _LATENCY.fullmatch(detail):
            allowed = "latency=lognormal, latency=fixed:0.5, latency=sleep:0.01"
            raise BadInput(source, f"unknown setting '{detail}' of the scripted model (allowed: {allowed})")
        return cls(kind, detail, setting[2] if setting else "")

    def __str__(self) -> str:
        precision = f"?precision={self.precision}" if self.precision else ""
        return f"{self.kind}:{self.detail}{precision}" if self.detail else f"{self.kind}{precision}"

    @property
    def address(self) -> Address | None:
        """Where the model is served, if it is somewhere else."""
        return Address.parse(self.detail) if self.kind == OPENAI else None

    @property
    def prices(self) -> Prices | None:
        """What its tokens cost, if that was said."""
        return self.address.prices if self.address else None

    @property
    def at_once(self) -> int | None:
        """How many requests may be under way, if that is limited."""
        return self.address.at_once if self.address else None

    def open(self, script: Mapping[str, Sequence[str]]) -> Backend:
        """Load the model. `script` is what the scripted model writes. Raises `BadInput` when it is not there.

        Raises `ModelUnavailable` when its server is not.
        """
        if self.kind == RECORDED:
            raise BadInput("--model", "nothing is recorded yet: 'recorded' goes with the resume and fork of a run")
        if self.kind == "scripted":
            return ScriptedBackend(script)
        if self.address is not None:
            from engine.llm.remote.backend import RemoteBackend  # and httpx too

            return RemoteBackend.open(self.address)
        try:
            Path(self.detail or ".").stat()
        except FileNotFoundError:
            pass  # the loader says so
        except (OSError, ValueError) as error:
            raise BadInput("--model", f"'{self.detail}' cannot be the path of a file: {error}") from error
        from engine.llm.embedded import EmbeddedBackend  # torch is loaded only where it is used

        return EmbeddedBackend.load(Path(self.detail) if self.detail else None, PRECISIONS[self.precision or "fp16"])

    @property
    def gathers(self) -> bool:
        """Whether the model gains from answering many requests together, or from their travelling together."""
        return self.kind != "scripted" or bool(self.detail)

    def courier(self, seed: int) -> Courier:
        """Return what carries the replies: at once, or with the scripted model's latency."""
        found = _LATENCY.fullmatch(self.detail) if self.kind == "scripted" else None
        if found is None:
            return Prompt()
        fixed = float(found[2]) if found[2] else None
        return Virtual(seed, fixed, sleep=found[1] == "sleep")
