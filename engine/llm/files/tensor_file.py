"""A model's file that is mapped into memory, with the places of its tensors."""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import BadInput
from engine.llm.files.blocks import TensorInfo, dequantise
from engine.record.plain_file import open_plain


class TensorFile:
    """An open file: descriptions in `tensors`, numbers through `tensor()`.

    Raises `BadInput` when `path` cannot be read, is empty or no plain file.
    """

    tensors: dict[str, TensorInfo]

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with open_plain(path) as file:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            raise BadInput(str(path), f"cannot be read ({error.strerror or error})") from error
        except ValueError:
            raise BadInput(str(path), "is an empty file") from None

    def release(self) -> None:
        """Give back the memory of what was read of the file; it is read again where it is needed again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._data.madvise(mmap.MADV_DONTNEED)

    def close(self) -> None:
        """Unmap the file. Arrays that `tensor()` returned stay valid: they are copies."""
        self._data.close()

    def tensor(self, name: str) -> NDArray[np.float32]:
        """Return the tensor `name` as float32, dequantised."""
        info = self.tensors[name]
        return dequantise(self.raw(name), info.format).reshape(info.shape)

    def raw(self, name: str) -> NDArray[np.uint8]:
        """Return the bytes of the tensor `name`, as long as the file is open."""
        info = self.tensors[name]
        return np.frombuffer(self._data, np.uint8, info.size, info.start)
