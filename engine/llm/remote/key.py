"""The key of a server: it is sent to that server, and is shown nowhere."""

from __future__ import annotations

import os
from typing import Final, Self

from engine.errors import BadInput

VARIABLE: Final = "OPENAI_API_KEY"
_HIDDEN: Final = "***"
_SHORTEST: Final = 8
"""Shorter ones are no secrets but words that a server without keys is given, such as "none"."""


class Key:
    """A secret that neither a print-out nor an error message shows."""

    __slots__ = ("_secret",)

    def __init__(self, secret: str = "") -> None:
        """Take the secret; an empty one is none. Raises `BadInput` for what cannot be sent."""
        secret = secret.strip()
        if not (secret.isascii() and secret.isprintable() and " " not in secret):
            raise BadInput(VARIABLE, "holds characters that no key has")
        self._secret = secret

    @classmethod
    def from_environment(cls) -> Self:
        """Return the key of the environment; an empty one where there is none."""
        return cls(os.environ.get(VARIABLE, ""))

    def __bool__(self) -> bool:
        return bool(self._secret)

    def __repr__(self) -> str:
        return f"Key({_HIDDEN if self else ''})"

    def headers(self) -> dict[str, str]:
        """Return the header that shows the key to its server."""
        return {"Authorization": f"Bearer {self._secret}"} if self else {}

    def scrub(self, text: str) -> str:
        """Return `text`, which a server sent, without the key."""
        return text.replace(self._secret, _HIDDEN) if len(self._secret) >= _SHORTEST else text
