"""The picture of ratings."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from replay.curves import COLOURS
from replay.whiskers import Whisker, draw_whiskers


def columns(path: Path, colour: tuple[int, int, int]) -> list[int]:
    with Image.open(path) as picture:
        found = picture.convert("RGB")
        width, height = found.size
        pixels = found.load()
        assert pixels is not None
        return [x for x in range(width) if any(pixels[x, y] == colour for y in range(height))]


def test_values_and_intervals_stand_where_the_scale_says(tmp_path: Path) -> None:
    path = tmp_path / "ratings.png"
    rows = [Whisker("high", 30.0, (29.0, 31.0), (28.0, 32.0)), Whisker("low " * 30, 20.0, (18.0, 22.0), (19.0, 21.0))]
    draw_whiskers("Title", "one line\nand another", rows, path)
    high, low = columns(path, COLOURS[0]), columns(path, COLOURS[1])
    assert min(high) > max(low)
    assert (max(low) - min(low)) / (max(high) - min(high)) > 1.8, "its interval is twice as wide"
    draw_whiskers("Title", "one line\nand another", rows, again := tmp_path / "again.png")
    assert again.read_bytes() == path.read_bytes()


def test_equal_values_without_width_can_be_drawn(tmp_path: Path) -> None:
    draw_whiskers("", "", [Whisker("x", 25.0, (25.0, 25.0), (25.0, 25.0))], tmp_path / "one.png")
