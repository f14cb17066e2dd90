"""Telling the C library's allocator to give memory back."""

from __future__ import annotations

import ctypes
from typing import Final

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Numbers of glibc's malloc.h."""
_LARGE: Final = 1 << 20


def give_large_blocks_back() -> None:
    """Let blocks of a mebibyte or more go back to the system when they are freed; no effect without glibc.

    By itself glibc keeps blocks of up to 32 MiB once one of that size was freed. They lie between others then, so a
    process holds up to twice of what it uses.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    mallopt(_MMAP_THRESHOLD, _LARGE)
    mallopt(_TRIM_THRESHOLD, _LARGE)
