"""Tables that stay on disk, such as a large model's embedding: their rows are read as they are needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import RunFailed
from engine.llm.files.blocks import TensorInfo, dequantise
from engine.record.plain_file import open_plain


class TableOnDisk:
    """A matrix [rows, width] in a model's file. A row is a whole number of blocks.

    Runs of rows are for holding them in another format, so they are given to `check`, float32 [n, width] each. Single
    ones are computed with as they are, and numbers that are none show in what comes of them.
    """

    def __init__(
        self, path: Path, info: TensorInfo, check: Callable[[NDArray[np.float32]], None] | None = None
    ) -> None:
        self.path = path
        self._check = check
        self.shape = info.shape
        self._format = info.format
        self._start = info.start
        self._row = info.size // info.shape[0]
        self._file = open_plain(path)

    def __del__(self) -> None:
        self._file.close()

    def __getitem__(self, rows: Tensor | slice) -> Tensor:
        """Return rows by their numbers [n], or a run of them, as float32 [n, width].

        Raises `RunFailed` when they cannot be read, and what `check` raises.
        """
        if isinstance(rows, slice):
            first, last, _ = rows.indices(self.shape[0])
            runs = [(first, max(0, last - first))]
        else:
            runs = [(number, 1) for number in rows.tolist()]
            if not all(0 <= number < self.shape[0] for number, _ in runs):
                raise IndexError(f"a row that the table of {self.shape[0]} rows has not")
        raw = np.empty((sum(count for _, count in runs), self._row), np.uint8)
        place = 0
        for first, count in runs:
            self._read(first, raw[place : place + count])
            place += count
        numbers = dequantise(raw.ravel(), self._format).reshape(-1, self.shape[1])
        if isinstance(rows, slice) and self._check is not None and len(numbers):
            self._check(numbers)
        return torch.from_numpy(numbers)

    def _read(self, first: int, into: NDArray[np.uint8]) -> None:
        view, offset = into.ravel().data, self._start + first * self._row
        while view:
            try:
                count = os.preadv(self._file.fileno(), [view], offset)
            except OSError as error:
                raise RunFailed(f"{self.path}: cannot be read: {error.strerror}") from error
            if not count:
                raise RunFailed(f"{self.path}: ends before its end: was it changed?")
            view, offset = view[count:], offset + count
