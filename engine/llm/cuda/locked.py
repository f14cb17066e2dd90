"""The computer's memory as a GPU uses it: locked, so that it is copied while others compute, and read in place."""

from __future__ import annotations

import mmap
import weakref
from contextlib import suppress
from typing import Final

import numpy as np
import torch
from torch import Tensor

from engine.errors import RunFailed

_PAGE: Final = 1 << 21


def locked(size: int) -> Tensor:
    """Return memory that a GPU can reach, uint8 [size]. Raises `RunFailed` when the system has no more.

    Without a GPU it is memory like any other. torch's own allocator rounds up to a power of two, which for large pieces
    can be twice as much.
    """
    memory = mmap.mmap(-1, max(size, 1), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if size >= _PAGE and hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # not every system has them
            memory.madvise(mmap.MADV_HUGEPAGE)
    array = np.frombuffer(memory, np.uint8)
    tensor = torch.from_numpy(array)
    if not torch.cuda.is_available():
        return tensor[:size]
    tensor.zero_()  # so that the pages are there, brought by all threads, before one thread locks them
    cuda = torch.cuda.cudart()  # type: ignore[no-untyped-call]
    if int(cuda.cudaHostRegister(array.ctypes.data, len(array), 0)):
        raise RunFailed(f"memory: {size / 2**30:.2f} GiB cannot be locked for the GPU")
    weakref.finalize(array, _unlock, array.ctypes.data).atexit = False
    return tensor[:size]


def _unlock(address: int) -> None:
    torch.cuda.synchronize()
    cuda = torch.cuda.cudart()  # type: ignore[no-untyped-call]
    cuda.cudaHostUnregister(address)
