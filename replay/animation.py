"""GIF files: one palette for all pictures, and of each picture only what has changed."""

from __future__ import annotations

import io
import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.errors import RunFailed
from replay.clock import Colour

Pixels = NDArray[np.uint8]
"""Shape [height, width, 3], red, green, blue."""

_COLOURS: Final = 255
"""One index of 256 is left for "as in the picture before"."""
_SAME: Final = 255


class Palette:
    """255 colours, `sure` ones and others chosen for some sample pictures, and a table from all colours to them."""

    def __init__(self, samples: list[Pixels], sure: tuple[Colour, ...] = ()) -> None:
        count = _COLOURS - len(sure)
        picture = _damped(samples).quantize(count, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        chosen = (picture.getpalette() or [])[: 3 * count]
        colours = [*(part for colour in sure for part in colour), *chosen]
        self.colours = colours + [0] * (768 - len(colours))
        self._table = _nearest(np.array(self.colours[: 3 * _COLOURS], np.int32).reshape(-1, 3))

    def indices(self, pixels: Pixels) -> Pixels:
        """Return the index of the colour of each pixel, shape [height, width]."""
        red, green, blue = (pixels[..., part].astype(np.uint16) >> 3 for part in range(3))
        found: Pixels = self._table[(red << 10) | (green << 5) | blue]
        return found


def _damped(samples: list[Pixels]) -> Image.Image:
    """Return a picture with the samples' colours in which the frequent ones count for less.

    Otherwise the meadow would take most of a palette, and people's faces and the letters nothing.
    """
    pixels = np.concatenate([sample.reshape(-1, 3) for sample in samples]).astype(np.uint32)
    packed, counts = np.unique((pixels[:, 0] << 16) | (pixels[:, 1] << 8) | pixels[:, 2], return_counts=True)
    line = np.repeat(packed, np.ceil(counts**0.5).astype(np.int64))
    return Image.fromarray(np.stack([line >> 16, (line >> 8) & 255, line & 255], axis=-1).astype(np.uint8)[None])


def _nearest(colours: NDArray[np.int32]) -> Pixels:
    """Return the number of the nearest colour for each colour of 15 bits, shape [32768]."""
    # The eye tells greens apart best and blues worst.
    weights = np.array([3, 6, 2], np.int32)
    steps = np.arange(32, dtype=np.int32) * 8 + 4
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    own = (weights * colours * colours).sum(axis=1)
    # Without the square of the grid's colour, which is the same for all. Whole numbers break ties alike everywhere.
    away = own[None, :] - 2 * ((grid * weights) @ colours.T)
    nearest: Pixels = away.argmin(axis=1).astype(np.uint8)
    return nearest


class GifWriter:
    """Writes pictures of one size as a GIF that repeats for ever; a GIF counts in hundredths of a second."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self._shown: Pixels | None = None
        self._file = bytearray()

    def add(self, pixels: Pixels, hundredths: int) -> None:
        """Append a picture that is shown for so long."""
        indices = self._palette.indices(pixels)
        if self._shown is None:
            height, width = indices.shape
            self._file += b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + bytes(self._palette.colours)
            self._file += b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
            self._append(indices, 0, 0, hundredths)
        else:
            changed = indices != self._shown
            rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
            top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 1)
            left, right = (int(columns[0]), int(columns[-1]) + 1) if len(columns) else (0, 1)
            part = np.where(changed, indices, np.uint8(_SAME))[top:bottom, left:right]
            self._append(part, left, top, hundredths)
        self._shown = indices

    def __len__(self) -> int:
        """Return the bytes of the file so far."""
        return len(self._file) + 1

    def content(self) -> bytes:
        """Return the whole file."""
        return bytes(self._file) + b"\x3b"

    def _append(self, indices: Pixels, left: int, top: int, hundredths: int) -> None:
        # Keep what is there (disposal 1), with the index for "the same" as the transparent one.
        self._file += b"\x21\xf9\x04" + struct.pack("<BHBB", 0b101, min(hundredths, 0xFFFF), _SAME, 0)
        self._file += b"\x2c" + struct.pack("<HHHHB", left, top, indices.shape[1], indices.shape[0], 0)
        self._file += _compressed(indices)


def _compressed(indices: Pixels) -> bytes:
    """Return the LZW data of a picture of indices, as Pillow writes it into a GIF of its own."""
    picture = Image.frombytes("P", (indices.shape[1], indices.shape[0]), np.ascontiguousarray(indices).tobytes())
    picture.putpalette(bytes(range(256)) * 3)
    file = io.BytesIO()
    picture.save(file, "GIF", optimize=False, interlace=False)
    content = file.getvalue()
    at = 13 + 3 * (2 << (content[10] & 7))
    while content[at] == 0x21:
        at += 2
        while content[at]:
            at += content[at] + 1
        at += 1
    if content[at] != 0x2C or content[at + 9] & 0x80 or content[at + 10] != 8:
        raise RunFailed("this version of Pillow writes GIF files in an unknown way; please report it")
    return content[at + 10 : -1]
