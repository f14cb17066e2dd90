"""Pictures from files that nobody has checked yet, and from our own data folder."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import numpy as np
import pygame
from PIL import Image, UnidentifiedImageError

from engine.errors import BadInput
from worlds.town.tilesets import PICTURES, Colour

MAX_SIDE: Final = 4096
MAX_BYTES: Final = 32 * 2**20
DATA: Final = Path(__file__).parent / "data"


def open_picture(content: bytes, source: str) -> Image.Image:
    """Return a picture in RGBA. Raises `BadInput` for what is no picture, is damaged, or larger than 4096 x 4096."""
    if len(content) > MAX_BYTES:
        raise BadInput(source, f"the picture is larger than {MAX_BYTES // 2**20} MiB")
    try:
        # Only the header is read until the declared size is known to be harmless.
        picture = Image.open(io.BytesIO(content), formats=PICTURES)
        if max(picture.size) > MAX_SIDE:
            width, height = picture.size
            raise BadInput(
                source, f"the picture is {width} x {height} pixels; at most {MAX_SIDE} x {MAX_SIDE} are read"
            )
        return picture.convert("RGBA")
    except UnidentifiedImageError as error:
        raise BadInput(source, f"is not a picture (allowed: {', '.join(PICTURES)})") from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadInput(source, f"the picture is damaged: {error}") from error


def see_through(picture: Image.Image, colour: Colour | None) -> Image.Image:
    """Return an RGBA picture in which nothing has a colour: those pixels are transparent."""
    if colour is None:
        return picture
    pixels = np.array(picture)
    pixels[(pixels[..., :3] == colour).all(axis=2), 3] = 0
    return Image.fromarray(pixels)


def to_surface(picture: Image.Image) -> pygame.Surface:
    """Return an RGBA picture as a surface with an alpha channel; no display is needed."""
    return pygame.image.frombytes(picture.tobytes(), picture.size, "RGBA")


def own_picture(name: str) -> Image.Image:
    """Return a picture that ships with Thorp, in RGBA."""
    path = DATA / name
    return open_picture(path.read_bytes(), str(path))
