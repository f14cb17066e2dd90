"""Values from a file by their keys, each of the type and in the range that is asked for, or `BadInput`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadInput, nearest

_Kind = TypeVar("_Kind")
_SHOWN: Final = 80


class Settings:
    """A mapping that came from the file `source`. What is null counts as missing.

    `rename` turns the keys that are asked for into those of the file. Messages name the file's own.
    """

    def __init__(self, source: str, values: Mapping[str, object], rename: Callable[[str], str] = str) -> None:
        self.source = source
        self._values = values
        self._rename = rename

    def renamed(self, names: Mapping[str, str]) -> Settings:
        """Return the same settings, where those in `names` go by another name."""
        return Settings(self.source, self._values, lambda key: self._rename(names.get(key, key)))

    def __contains__(self, key: str) -> bool:
        return self._values.get(self._rename(key)) is not None

    def is_null(self, key: str) -> bool:
        """Return whether `key` is there, but null."""
        name = self._rename(key)
        return name in self._values and self._values[name] is None

    def text(self, key: str, default: str | None = None) -> str:
        """Return the text at `key`; `default` when it is missing, if one is given (so of all that follow)."""
        if default is not None and key not in self:
            return default
        return self._typed(key, str, "a text")

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """Return the text at `key`, one of `allowed`."""
        value = self.text(key, default)
        if value not in allowed:
            self.refuse(f"is {value[:_SHOWN]!r}, which is not supported{nearest(value[:_SHOWN], allowed)}", key)
        return value

    def texts(self, key: str, default: list[str] | None = None) -> list[str]:
        """Return the list of texts at `key`."""
        if default is not None and key not in self:
            return default
        value = self._typed(key, list, "a list of texts")
        if not all(isinstance(each, str) for each in value):
            self.refuse("is not a list of texts", key)
        return value

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        """Return the number at `key`, from `low` to `high`."""
        if default is not None and key not in self:
            return default
        value = self._typed(key, (int, float), "a number")
        if isinstance(value, bool) or not low <= value <= high:  # nor is "not a number" between them
            self.refuse(f"is {_shortly(value)}, allowed are {low:g} to {high:g}", key)
        return float(value)

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return the whole number at `key`, from `low` to `high`."""
        if default is not None and key not in self:
            return default
        value = self._typed(key, int, "a whole number")
        if isinstance(value, bool) or not low <= value <= high:
            self.refuse(f"is {_shortly(value)}, allowed are {low} to {high}", key)
        return value

    def integers(self, key: str) -> NDArray[np.int64]:
        """Return the list of whole numbers at `key` as int64 [n]; a single number counts as a list."""
        value = self._typed(key, (int, list, np.ndarray), "a list of whole numbers")
        try:
            array = np.atleast_1d(np.asarray(value))
        except (ValueError, OverflowError):  # a ragged list
            self.refuse("is not a list of whole numbers", key)
        if array.dtype.kind not in "iu" or array.ndim != 1:
            self.refuse("is not a list of whole numbers", key)
        return array.astype(np.int64)

    def numbers(self, key: str) -> NDArray[np.float64]:
        """Return the list of finite numbers at `key` as float64 [n]."""
        value = self._typed(key, np.ndarray, "a list of numbers")
        if value.dtype.kind not in "iuf" or not np.isfinite(value).all():
            self.refuse("is not a list of finite numbers", key)
        return value.astype(np.float64)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return whether `key` is set."""
        return self._typed(key, bool, "true or false") if key in self else default

    def holds_object(self, key: str) -> bool:
        """Return whether there are settings inside `key`."""
        return isinstance(self._values.get(self._rename(key)), dict)

    def section(self, key: str) -> Settings:
        """Return the settings inside `key`, none if it is missing."""
        inner = self._typed(key, dict, "an object of settings") if key in self else {}
        return Settings(f"{self.source}, {self._rename(key)}", inner)

    def refuse(self, problem: str, key: str) -> NoReturn:
        """Raise `BadInput` about `key`."""
        raise BadInput(self.source, problem, f"key {self._rename(key)}")

    def _typed(self, key: str, kind: type[_Kind] | tuple[type[_Kind], ...], what: str) -> _Kind:
        if key not in self:
            self.refuse("is missing", key)
        value = self._values[self._rename(key)]
        if not isinstance(value, kind):
            self.refuse(f"is not {what}", key)
        return value


def _shortly(number: float) -> str:
    """Return a number of any size in a few digits (whole numbers of some thousand digits cannot be printed at all)."""
    return "a very large number" if isinstance(number, int) and number.bit_length() > 128 else str(number)
