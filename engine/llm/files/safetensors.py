"""Safetensors files, read straight from disk.

A file is the length of a header, the header (JSON: per tensor its number format, shape and byte range), and the bytes
of all tensors without gaps. Format: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final, NoReturn

from engine.errors import BadInput
from engine.llm.files.blocks import FORMATS, TensorInfo
from engine.llm.files.json_file import parse_json
from engine.llm.files.tensor_file import TensorFile

_MOST_HEADER: Final = 32 << 20
_MOST_DIMENSIONS: Final = 8
_FORMATS: Final = {layout.name: layout for layout in FORMATS.values() if layout.name in ("F32", "F16", "BF16")}


class Safetensors(TensorFile):
    """An open safetensors file: descriptions in `tensors`, numbers through `tensor()`.

    Raises `BadInput` when `path` cannot be read or is no intact safetensors file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            self.tensors = self._read_header()
        except BaseException:
            self.close()
            raise

    def _read_header(self) -> dict[str, TensorInfo]:
        size = len(self._data)
        length = int.from_bytes(self._data[:8], "little")
        if size < 8 or length > min(size - 8, _MOST_HEADER):
            self._refuse(
                "is no safetensors file, or it is truncated: its header is longer than the file or than 32 MiB"
            )
        base = 8 + length
        header = parse_json(self._data[8:base], f"{self.path}, header")
        header.pop("__metadata__", None)
        tensors = {name: self._describe(name, entry, base) for name, entry in header.items()}
        end = base
        for name, info in sorted(tensors.items(), key=lambda entry: entry[1].start):
            if info.start != end:
                problem = "overlaps with another tensor" if info.start < end else "leaves unused bytes before it"
                self._refuse(problem, name)
            end = info.start + info.size
        if end != size:
            self._refuse(f"has {size - end} bytes after its last tensor")
        return tensors

    def _describe(self, name: str, entry: object, base: int) -> TensorInfo:
        match entry:
            case {"dtype": str(kind), "shape": list(shape), "data_offsets": [int(start), int(end)]}:
                pass
            case _:
                self._refuse("is not described by dtype, shape and data_offsets", name)
        layout = _FORMATS.get(kind)
        if layout is None:
            self._refuse(f"has number format {kind[:20]!r}, which is not supported ({', '.join(_FORMATS)} are)", name)
        if len(shape) > _MOST_DIMENSIONS or not all(type(size) is int and size > 0 for size in shape):
            self._refuse("has a shape that is not a list of at most 8 whole numbers above 0", name)
        if not 0 <= start <= end or math.prod(shape) * layout.size != end - start:
            self._refuse("has a shape that does not go with its range of bytes", name)
        if base + end > len(self._data):
            self._refuse("reaches beyond the end of the file (is the file truncated?)", name)
        return TensorInfo(tuple(shape), layout, base + start, end - start)

    def _refuse(self, problem: str, tensor: str = "") -> NoReturn:
        raise BadInput(str(self.path), problem, f"tensor {tensor[:80]!r}" if tensor else "")
