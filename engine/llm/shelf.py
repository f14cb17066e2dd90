"""Keys and values on disk: what was computed, may be read again, and has no room in memory for now.

Nothing is lost on the way: what comes back has the bits that went. It is not made smaller by rounding, because then an
answer would depend on what had to make room for what.

A shelf is one file without a name, so the system takes it back whatever becomes of this process. It is cut into pages
of equal size, so there are no gaps that fit nothing. When the disk is full or refuses, the shelf stays as large as it
is; what it cannot take is computed again, as without it.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from engine.llm.embedded import unpin_thread
from engine.llm.residency import Kept, Rank

_PART: Final = 16
"""When it is full, one part of so many is freed at a time."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What lies on the shelf: so many float32 numbers, in these pages."""

    kept: Kept
    pages: tuple[int, ...]
    numbers: int


class Shelf:
    """A place on the disk of `folder` for at most `limit` bytes, in pages of `page` bytes.

    It takes no more than half of what is free there when the first thing is put on it.
    """

    def __init__(self, folder: Path, limit: int, page: int, cores: Sequence[int] = ()) -> None:
        self._folder = folder
        self._page = page
        self._most = limit // page
        self._count = 0
        """How many pages the file has."""
        self._free: list[int] = []
        self._file: int | None = None
        self._closing: weakref.finalize[[int], Shelf] | None = None
        self._entries: dict[bytes, _Entry] = {}
        self._ahead: dict[bytes, Future[Tensor]] = {}
        self._thread: ThreadPoolExecutor | None = None
        self._cores = cores

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: bytes) -> bool:
        return name in self._entries

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._count * self._page

    @property
    def ahead(self) -> int:
        """Bytes of memory that hold what was read ahead."""
        return 4 * sum(self._entries[name].numbers for name in self._ahead)

    def put(self, kept: Kept, numbers: Tensor, rank: Callable[[Kept], Rank]) -> None:
        """Store float32 numbers [n] under `kept.name`, if things of a smaller rank leave enough room."""
        if (entry := self._entries.get(kept.name)) is not None:
            self._entries[kept.name] = replace(entry, kept=kept)  # its readers may have been forgotten in between
            return
        pages = self._allot(-(-numbers.nbytes // self._page), kept, rank)
        if pages is None:
            return
        try:
            self._write(pages, numbers.numpy().data.cast("B"))
        except OSError:
            self._most = self._count
            self._free += [page for page in pages if page < self._count]
            return
        self._count = max(self._count, *(page + 1 for page in pages))
        self._entries[kept.name] = _Entry(kept, pages, numbers.numel())

    def take(self, name: bytes) -> Tensor | None:
        """Return the numbers [n] that were stored (they stay there); nothing where there are none, or none readable."""
        entry = self._entries.get(name)
        if entry is None:
            return None
        reading = self._ahead.pop(name, None)
        try:
            return self._read(entry) if reading is None else reading.result()
        except OSError:
            self.remove(name)
            return None

    def remove(self, name: bytes) -> None:
        """Give up what was stored."""
        entry = self._entries.pop(name)
        self._leave(name)
        self._free += entry.pages

    def read_ahead(
        self, agents: Collection[int], is_here: Callable[[bytes], bool], most: int, rank: Callable[[Kept], Rank]
    ) -> None:
        """Read what agents have read before and is not in memory: at most so many bytes, in a thread of its own.

        What has the largest rank comes first.
        """
        away = [e for e in self._entries.values() if not e.kept.agents.isdisjoint(agents) and not is_here(e.kept.name)]
        wanted: dict[bytes, _Entry] = {}
        for entry in sorted(away, key=lambda entry: rank(entry.kept), reverse=True):
            if 4 * entry.numbers <= most:
                wanted[entry.kept.name] = entry
                most -= 4 * entry.numbers
        for name in [name for name in self._ahead if name not in wanted]:
            self._leave(name)
        for name, entry in wanted.items():
            if name not in self._ahead:
                if self._thread is None:
                    self._thread = ThreadPoolExecutor(1, "shelf", initializer=unpin_thread, initargs=(self._cores,))
                self._ahead[name] = self._thread.submit(self._read, entry)

    def clear(self) -> None:
        """Give up everything, and the file."""
        for name in list(self._ahead):
            self._leave(name)
        self._entries.clear()
        self._free, self._count = [], 0
        if self._closing is not None:
            self._closing()
        self._file = self._closing = None

    def _leave(self, name: bytes) -> None:
        """Give up what is read ahead; its pages are nobody else's before that is over."""
        reading = self._ahead.pop(name, None)
        if reading is not None and not reading.cancel():
            reading.exception()

    def _allot(self, count: int, kept: Kept, rank: Callable[[Kept], Rank]) -> tuple[int, ...] | None:
        """Return pages that are free, or will be when what is worth less has gone; nothing if there are not enough."""
        if self._file is None and not self._open():
            return None
        if count > self._room():
            by_rank = sorted(self._entries.values(), key=lambda entry: rank(entry.kept))
            own, enough = rank(kept), max(count, self._most // _PART)
            for entry in by_rank:
                if self._room() >= enough or rank(entry.kept) >= own:
                    break
                self.remove(entry.kept.name)
        if count > self._room():
            return None
        used = [self._free.pop() for _ in range(min(count, len(self._free)))]
        return (*used, *range(self._count, self._count + count - len(used)))

    def _room(self) -> int:
        return len(self._free) + self._most - self._count

    def _open(self) -> bool:
        """Make the file. Return whether that could be done."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            disk = os.statvfs(self._folder)
            self._most = min(self._most, disk.f_bavail * disk.f_frsize // 2 // self._page)
            with tempfile.TemporaryFile(dir=self._folder) as file:
                self._file = os.dup(file.fileno())
        except OSError:
            self._most = 0
        else:
            self._closing = weakref.finalize(self, os.close, self._file)
        return self._file is not None

    def _write(self, pages: Sequence[int], data: memoryview) -> None:
        assert self._file is not None
        for offset, piece in self._pieces(pages, data):
            while piece:
                count = os.pwrite(self._file, piece, offset)
                piece, offset = piece[count:], offset + count

    def _read(self, entry: _Entry) -> Tensor:
        assert self._file is not None
        numbers = torch.empty(entry.numbers)
        for offset, piece in self._pieces(entry.pages, numbers.numpy().data.cast("B")):
            while piece:
                count = os.preadv(self._file, [piece], offset)
                if not count:
                    raise OSError("the file ends before its end")
                piece, offset = piece[count:], offset + count
        return numbers

    def _pieces(self, pages: Sequence[int], data: memoryview) -> Iterator[tuple[int, memoryview]]:
        """Yield where in the file each page of `data` belongs."""
        for number, page in enumerate(pages):
            yield page * self._page, data[number * self._page : (number + 1) * self._page]
