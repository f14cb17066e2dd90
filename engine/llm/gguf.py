"""GGUF model files, read straight from disk.

A GGUF file is a header, typed metadata, tensor descriptions and one block of tensor data. Files come from others, so
every count, length, offset and shape is compared with the size of the file before anything is allocated, and whatever
is wrong raises `BadInput`. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import hashlib
import math
import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadInput

Value = int | float | bool | str | list[str] | NDArray[np.generic]
_Wanted = TypeVar("_Wanted")

_STRING: Final = 8
_ARRAY: Final = 9
_SCALARS: Final[dict[int, str]] = {
    0: "<u1",
    1: "<i1",
    2: "<u2",
    3: "<i2",
    4: "<u4",
    5: "<i4",
    6: "<f4",
    7: "|b1",
    10: "<u8",
    11: "<i8",
    12: "<f8",
}
_VERSIONS: Final = (2, 3)
_MAX_DIMENSIONS: Final = 4


@dataclass(frozen=True, slots=True)
class _Format:
    """How a tensor type lays out its numbers: `size` bytes hold `block` numbers."""

    name: str
    block: int
    size: int


_FORMATS: Final[dict[int, _Format]] = {
    0: _Format("F32", 1, 4),
    1: _Format("F16", 1, 2),
    2: _Format("Q4_0", 32, 18),
    3: _Format("Q4_1", 32, 20),
    8: _Format("Q8_0", 32, 34),
}


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """Where a tensor lies in the file: shape (outermost dimension first), format, byte range."""

    shape: tuple[int, ...]
    format: _Format
    start: int
    size: int


def sha256(path: Path) -> str:
    """Return the SHA-256 of the file at `path` as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Gguf:
    """An open GGUF file: metadata in `metadata`, tensor descriptions in `tensors`, numbers through `tensor()`.

    Raises `BadInput` when `path` cannot be read or is no intact GGUF file. Use it as a context manager, or `close()`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                if file.read(4) != b"GGUF":
                    self._refuse("not a GGUF model file (it does not begin with 'GGUF')")
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise BadInput(str(path), f"cannot be read ({error.strerror or error})") from error
        self._size = len(self._data)
        self._place = 4
        try:
            self.metadata: dict[str, Value] = {}
            self.tensors: dict[str, TensorInfo] = {}
            self._read_header()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Gguf:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Unmap the file. Arrays that `tensor()` returned stay valid: they are copies."""
        self._data.close()

    # ---- metadata

    def text(self, key: str) -> str:
        """Return the metadata string `key`; `BadInput` when it is missing or no string."""
        return self._typed(key, str, "a text")

    def texts(self, key: str) -> list[str]:
        """Return the metadata list of strings `key`; `BadInput` when it is missing or something else."""
        return self._typed(key, list, "a list of texts")

    def number(self, key: str, default: float | None = None) -> float:
        """Return the metadata number `key`, which must be finite; `default` when it is missing, if one is given."""
        if default is not None and key not in self.metadata:
            return default
        value = self._typed(key, (int, float), "a number")
        if isinstance(value, bool) or not math.isfinite(value):
            self._refuse("is not a finite number", f"key {key}")
        return float(value)

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return the metadata integer `key`, between `low` and `high`; `default` when missing, if one is given."""
        if default is not None and key not in self.metadata:
            return default
        value = self._typed(key, int, "a whole number")
        if isinstance(value, bool) or not low <= value <= high:
            self._refuse(f"is {value}, allowed are {low} to {high}", f"key {key}")
        return value

    def integers(self, key: str) -> NDArray[np.int64]:
        """Return the metadata list of whole numbers `key` as int64 [n]."""
        value = self._typed(key, np.ndarray, "a list of whole numbers")
        if value.dtype.kind not in "iu":
            self._refuse("is not a list of whole numbers", f"key {key}")
        return value.astype(np.int64)

    def _typed(self, key: str, kind: type[_Wanted] | tuple[type[_Wanted], ...], what: str) -> _Wanted:
        if key not in self.metadata:
            self._refuse("is missing from the model file", f"key {key}")
        value = self.metadata[key]
        if not isinstance(value, kind):
            self._refuse(f"is not {what}", f"key {key}")
        return value

    # ---- tensors

    def tensor(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Return tensor `name` as float32 of the given shape (outermost first), dequantised.

        Raises `BadInput` when it is missing or has another shape.
        """
        info = self.tensors.get(name)
        if info is None:
            self._refuse("is missing from the model file", f"tensor {name}")
        if info.shape != shape:
            self._refuse(f"has shape {list(info.shape)}, expected {list(shape)}", f"tensor {name}")
        raw = np.frombuffer(self._data, np.uint8, info.size, info.start)
        with np.errstate(all="ignore"):  # what is not finite shows in the model's answers, which are checked
            return _dequantise(raw, info.format).reshape(shape)

    # ---- reading

    def _read_header(self) -> None:
        version = self._scalar("<u4", "version")
        if version not in _VERSIONS:
            self._refuse(f"GGUF version {version} is not supported (2 and 3 are)")
        tensors = self._count("tensor count", least=4 * 4 + 8)
        keys = self._count("key count", least=8 + 4 + 1)
        for index in range(keys):
            place = f"metadata entry {index}"
            key = self._string(place)
            if key in self.metadata:
                self._refuse("occurs twice", f"key {key[:80]!r}")
            self.metadata[key] = self._value(int(self._scalar("<u4", place)), f"key {key[:80]!r}")
        described = [self._describe(index) for index in range(tensors)]
        self._place_tensors(described)

    def _describe(self, index: int) -> tuple[str, tuple[int, ...], _Format, int]:
        name = self._string(f"tensor {index}")
        place = f"tensor {name[:80]!r}"
        dimensions = int(self._scalar("<u4", place))
        if not 1 <= dimensions <= _MAX_DIMENSIONS:
            self._refuse(f"has {dimensions} dimensions, allowed are 1 to {_MAX_DIMENSIONS}", place)
        shape = tuple(int(self._scalar("<u8", place)) for _ in range(dimensions))
        kind = int(self._scalar("<u4", place))
        if kind not in _FORMATS:
            known = ", ".join(f.name for f in _FORMATS.values())
            self._refuse(f"has number format {kind}, which is not supported ({known} are)", place)
        layout = _FORMATS[kind]
        if min(shape) < 1 or shape[0] % layout.block:
            self._refuse(f"has shape {list(shape)}, which does not go with format {layout.name}", place)
        return name, shape[::-1], layout, int(self._scalar("<u8", place))

    def _place_tensors(self, described: list[tuple[str, tuple[int, ...], _Format, int]]) -> None:
        alignment = self.integer("general.alignment", 1, 1 << 20, default=32)
        base = math.ceil(self._place / alignment) * alignment
        total = 0
        for name, shape, layout, offset in described:
            place = f"tensor {name[:80]!r}"
            size = math.prod(shape) // layout.block * layout.size
            if base + offset + size > self._size:
                self._refuse("reaches beyond the end of the file (is the file truncated?)", place)
            if name in self.tensors:
                self._refuse("occurs twice", place)
            self.tensors[name] = TensorInfo(shape, layout, base + offset, size)
            total += size
        # Tensors that share bytes would let a small file unfold into any amount of memory.
        if total > self._size - min(base, self._size):
            self._refuse("its tensors overlap")

    def _value(self, kind: int, place: str) -> Value:
        if kind == _STRING:
            return self._string(place)
        if kind in _SCALARS:
            return self._scalar(_SCALARS[kind], place)
        if kind != _ARRAY:
            self._refuse(f"has unknown value type {kind}", place)
        element = int(self._scalar("<u4", place))
        if element == _STRING:
            return [self._string(place) for _ in range(self._count(place, least=8))]
        if element not in _SCALARS:
            self._refuse(f"is a list of unknown type {element}", place)
        dtype = np.dtype(_SCALARS[element])
        count = self._count(place, least=dtype.itemsize)
        start = self._advance(count * dtype.itemsize, place)
        return np.frombuffer(self._data[start : start + count * dtype.itemsize], dtype)

    def _scalar(self, dtype: str, place: str) -> int | float | bool:
        kind = np.dtype(dtype)
        start = self._advance(kind.itemsize, place)
        if kind.kind == "b":
            return self._data[start] != 0
        codes = {"u": {1: "B", 2: "H", 4: "I", 8: "Q"}, "i": {1: "b", 2: "h", 4: "i", 8: "q"}, "f": {4: "f", 8: "d"}}
        value: int | float = struct.unpack_from("<" + codes[kind.kind][kind.itemsize], self._data, start)[0]
        return value

    def _count(self, place: str, least: int) -> int:
        """Read a count of things that take at least `least` bytes each."""
        count = int(self._scalar("<u8", place))
        if count * least > self._size - self._place:
            self._refuse("is longer than the file (is the file truncated or damaged?)", place)
        return count

    def _string(self, place: str) -> str:
        length = self._count(place, least=1)
        start = self._advance(length, place)
        try:
            return self._data[start : start + length].decode("utf-8")
        except UnicodeDecodeError:
            self._refuse("holds text that is not UTF-8", place)

    def _advance(self, size: int, place: str) -> int:
        start = self._place
        if size > self._size - start:
            self._refuse("the file ends in the middle of it (is the file truncated?)", place)
        self._place = start + size
        return start

    def _refuse(self, problem: str, place: str = "") -> NoReturn:
        raise BadInput(str(self.path), problem, place)


def _dequantise(raw: NDArray[np.uint8], layout: _Format) -> NDArray[np.float32]:
    """Return the numbers in `raw` (whole blocks of `layout`) as a new float32 array [n]."""
    if layout.name == "F32":
        return raw.view("<f4").astype(np.float32)
    if layout.name == "F16":
        return raw.view("<f2").astype(np.float32)
    blocks = raw.reshape(-1, layout.size)  # [b, bytes]
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)  # [b, 1]
    if layout.name == "Q8_0":
        return (blocks[:, 2:].view(np.int8) * scale).ravel()
    minimum = blocks[:, 2:4].copy().view("<f2").astype(np.float32) if layout.name == "Q4_1" else -8 * scale  # [b, 1]
    packed = blocks[:, -16:]  # [b, 16]: low halves are numbers 0-15 of the block, high halves 16-31
    numbers = np.empty((len(blocks), 32), np.float32)
    np.multiply(packed & 15, scale, out=numbers[:, :16])
    np.multiply(packed >> 4, scale, out=numbers[:, 16:])
    numbers += minimum
    return numbers.ravel()
