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
PRECISIONS = {"fp16": "float16", "fp32": "float32", "4bit": "4bit", "int8": "int8"}
"""Weights in half precision, which is the default, as the slower reference, in 4 bits, or in quick whole numbers."""
_CHOICES = {"precision": tuple(PRECISIONS), "device": ("cpu", "cuda")}
_SETTINGS = re.compile(r"\?(\w+=[^?=/&]*(?:&\w+=[^?=/&]*)*)\Z")
_MEMORY = "ram", "gpu", "kv", "kv_disk"
_SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)(KiB|MiB|GiB|TiB)")
_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_LATENCY = re.compile(r"latency=(?:lognormal|(fixed|sleep):(\d{1,6}(?:\.\d{1,6})?))")


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Which model, and how.

    `embedded`, `embedded:PATH`, both also with `?precision=fp16|fp32|4bit|int8`, `?device=cpu|cuda`, `?ram=2GiB`,
    `?gpu=16GiB`, `?kv=1GiB`, `?kv_disk=4GiB` or several, joined by `&`, at the end; `openai:BASE_URL#MODEL` (see
    `Address`); `scripted`, `scripted:latency=lognormal|fixed:SECONDS|sleep:SECONDS`; `recorded`.
    """

    kind: str
    detail: str = ""
    precision: str = ""
    device: str = ""
    ram: str = ""
    gpu: str = ""
    kv: str = ""
    kv_disk: str = ""

    @classmethod
    def parse(cls, text: str, source: str = "--model") -> ModelSpec:
        """Read a specification. Raises `BadInput` about `source`."""
        found = _SETTINGS.search(text) if text.startswith("embedded") else None
        kind, _, detail = (text[: found.start()] if found else text).partition(":")
        settings: dict[str, str] = {}
        for setting in found[1].split("&") if found else ():
            key, _, value = setting.partition("=")
            fitting = value in _CHOICES.get(key, ()) or (key in _MEMORY and _SIZE.fullmatch(value) is not None)
            if not fitting or key in settings:
                choices = (f"?{name}={each}" for name, values in _CHOICES.items() for each in values)
                allowed = ", ".join((*choices, "?ram=2GiB", "?gpu=16GiB", "?kv=1GiB", "?kv_disk=4GiB"))
                raise BadInput(source, f"unknown setting '?{setting}' of the embedded model (allowed: {allowed})")
            settings[key] = value
        if "gpu" in settings and settings.get("device") != "cuda":
            raise BadInput(source, "'gpu' says how much of a GPU may be used: it goes with 'device=cuda'")
        if "ram" in settings and "kv" in settings:
            raise BadInput(source, "'ram' and 'kv' do not go together: with 'ram', the plan says what is kept")
        if kind == OPENAI:
            Address.parse(detail, source)
        if kind not in KINDS or (kind == RECORDED and detail):
            raise BadInput(source, f"unknown model '{text}'{nearest(kind, KINDS)}")
        if kind == "scripted" and detail and not _LATENCY.fullmatch(detail):
            allowed = "latency=lognormal, latency=fixed:0.5, latency=sleep:0.01"
            raise BadInput(source, f"unknown setting '{detail}' of the scripted model (allowed: {allowed})")
        return cls(kind, detail, **settings)

    def __str__(self) -> str:
        given = [f"{key}={value}" for key in (*_CHOICES, *_MEMORY) if (value := getattr(self, key))]
        settings = f"?{'&'.join(given)}" if given else ""
        return f"{self.kind}:{self.detail}{settings}" if self.detail else f"{self.kind}{settings}"

    @property
    def number_format(self) -> str:
        """How weights are held, as the embedded backend names it."""
        return PRECISIONS[self.precision or "fp16"]

    @property
    def ram_bytes(self) -> int | None:
        """The most memory that the language model may take, if that was said."""
        return _bytes(self.ram)

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

    def open(self, script: Mapping[str, Sequence[str]], source: str = "--model") -> Backend:
        """Load the model. `script` is what the scripted model writes. Raises `BadInput` about `source` or a file.

        Raises `ModelUnavailable` when its server is not.
        """
        if self.kind == RECORDED:
            raise BadInput(source, "nothing is recorded yet: 'recorded' goes with the resume and fork of a run")
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
            raise BadInput(source, f"'{self.detail}' cannot be the path of a file: {error}") from error
        from engine.llm.embedded import EmbeddedBackend  # torch is loaded only where it is used

        path = Path(self.detail) if self.detail else None
        kept = {"kv_bytes": _bytes(self.kv), "kv_disk": _bytes(self.kv_disk)}
        given = {name: size for name, size in kept.items() if size is not None}
        on_gpu = self.device == "cuda"
        return EmbeddedBackend.load(
            path, self.number_format, ram=self.ram_bytes, gpu=_bytes(self.gpu), on_gpu=on_gpu, **given
        )

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


def _bytes(size: str) -> int | None:
    """Return how many bytes a size is, nothing if there is none."""
    found = _SIZE.fullmatch(size)
    return int(float(found[1]) * _UNITS[found[2]]) if found else None
