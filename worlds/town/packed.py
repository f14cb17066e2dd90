"""Packed tile data: unpacked only as far as the tiles need, so that a bomb stays small."""

from __future__ import annotations

import base64
import binascii
import zlib

COMPRESSIONS = ("zlib", "gzip", "zstd")

_WINDOW = {"zlib": zlib.MAX_WBITS, "gzip": zlib.MAX_WBITS | 16}
_ZSTD_WINDOW = 8 * 2**20
"""Zstandard may ask for so much memory; tile data is never larger than half of it."""


def unpacked(text: str, compression: str, size: int) -> bytes:
    """Return the bytes in a base64 text, packed in one of the `COMPRESSIONS` or in none ("").

    Raises `ValueError`, which says why, when they are not `size` bytes: before unpacking where the data says how long
    it is, else after one byte too many.
    """
    try:
        packed = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"the data is not valid base64: {error}") from error
    match compression:
        case "":
            data = packed
        case "zstd":
            data = _from_zstd(packed, size)
        case _:
            data = _from_deflate(packed, compression, size)
    if len(data) > size:
        raise ValueError(f"the data unpacks to more than the {size} bytes that its tiles need")
    if len(data) < size:
        raise ValueError(f"the data holds {len(data)} bytes; its tiles need {size}")
    return data


def _from_deflate(packed: bytes, compression: str, size: int) -> bytes:
    stream = zlib.decompressobj(_WINDOW[compression])
    try:
        data = stream.decompress(packed, size + 1)
    except zlib.error as error:
        raise ValueError(f"the data is not valid {compression}: {error}") from error
    if not stream.eof and len(data) <= size:
        raise ValueError(f"the {compression} data is cut off")
    return data


def _from_zstd(packed: bytes, size: int) -> bytes:
    import zstandard

    try:
        declared = zstandard.frame_content_size(packed)
        if declared > size:
            raise ValueError(f"the data says that it unpacks to {declared} bytes; its tiles need {size}")
        with zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(packed) as reader:
            return reader.read(size + 1)
    except zstandard.ZstdError as error:
        raise ValueError(f"the data is not valid zstd: {error}") from error
