"""GGUF model files, read straight from disk.

A GGUF file is a header, typed metadata, tensor descriptions and one block of tensor data. Files come from others, so
every count, length, offset and shape is compared with the size of the file before anything is allocated, and whatever
is wrong raises `BadInput`. Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadInput
from engine.llm.files.blocks import FORMATS, BlockFormat, TensorInfo
from engine.llm.files.settings import Settings
from engine.llm.files.tensor_file import TensorFile

Value = int | float | bool | str | list[str] | NDArray[np.generic]

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


class Gguf(TensorFile):
    """An open GGUF file: metadata in `settings`, tensor descriptions in `tensors`, numbers through `tensor()`.

    Raises `BadInput` when `path` cannot be read or is no intact GGUF file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._size = len(self._data)
        self._place = 4
        try:
            if self._data[:4] != b"GGUF":
                self._refuse("not a GGUF model file (it does not begin with 'GGUF')")
            self.metadata: dict[str, Value] = {}
            self.settings = Settings(str(path), self.metadata)
            self.tensors: dict[str, TensorInfo] = {}
            self._read_header()
        except BaseException:
            self.close()
            raise

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

    def _describe(self, index: int) -> tuple[str, tuple[int, ...], BlockFormat, int]:
        name = self._string(f"tensor {index}")
        place = f"tensor {name[:80]!r}"
        dimensions = int(self._scalar("<u4", place))
        if not 1 <= dimensions <= _MAX_DIMENSIONS:
            self._refuse(f"has {dimensions} dimensions, allowed are 1 to {_MAX_DIMENSIONS}", place)
        shape = tuple(int(self._scalar("<u8", place)) for _ in range(dimensions))
        kind = int(self._scalar("<u4", place))
        if kind not in FORMATS:
            known = ", ".join(f.name for f in FORMATS.values())
            self._refuse(f"has number format {kind}, which is not supported ({known} are)", place)
        layout = FORMATS[kind]
        if min(shape) < 1 or shape[0] % layout.block:
            self._refuse(f"has shape {list(shape)}, which does not go with format {layout.name}", place)
        return name, shape[::-1], layout, int(self._scalar("<u8", place))

    def _place_tensors(self, described: list[tuple[str, tuple[int, ...], BlockFormat, int]]) -> None:
        alignment = self.settings.integer("general.alignment", 1, 1 << 20, default=32)
        base = math.ceil(self._place / alignment) * alignment
        for name, shape, layout, offset in described:
            place = f"tensor {name[:80]!r}"
            size = math.prod(shape) // layout.block * layout.size
            if base + offset + size > self._size:
                self._refuse("reaches beyond the end of the file (is the file truncated?)", place)
            if name in self.tensors:
                self._refuse("occurs twice", place)
            self.tensors[name] = TensorInfo(shape, layout, base + offset, size)
        # Tensors that share bytes would let a small file unfold into any amount of memory.
        end = base
        for name, info in sorted(self.tensors.items(), key=lambda entry: entry[1].start):
            if info.start < end:
                self._refuse("overlaps with another tensor", f"tensor {name[:80]!r}")
            end = info.start + info.size

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
