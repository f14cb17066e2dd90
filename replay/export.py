"""Pictures and animations of a run, drawn without a window."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pygame
from PIL import Image

from engine.errors import BadInput, RunFailed
from engine.record.run_folder import RunFolder
from engine.record.whole_file import write_whole
from replay.animation import GifWriter, Palette, Pixels
from replay.camera import Camera
from replay.clock import Colour
from replay.drawing import Stage
from replay.pacing import even, liveliest, paced
from replay.scenery import Scenery
from replay.theme import INTERFACE
from replay.timeline import Timeline
from replay.view import MAX_SIZE, MIN_SIZE, View, picture_size

ENDINGS: Final = (".png", ".gif")
PICTURE_WIDTH: Final = 1440
ANIMATION_WIDTH: Final = 960
FRAMES: Final = 240
"""Pictures of an animation whose speed is not given; at `HUNDREDTHS` each it lasts 24 seconds."""
HUNDREDTHS: Final = 10
MAX_FRAMES: Final = 1200
MAX_BYTES: Final = 8_000_000
_LAST_HUNDREDTHS: Final = 150
_ATTEMPTS: Final = 6
_SAMPLES: Final = 12


def export(
    run: RunFolder | Path,
    target: Path,
    *,
    at: float | None = None,
    until: float | None = None,
    speed: float | None = None,
    size: tuple[int, int] | None = None,
    show: str = "",
    progress: Callable[[float], None] | None = None,
) -> None:
    """Draw a run into `target`: one moment as .png, or the run from `at` to `until` (seconds) as .gif.

    A picture shows `at`, or else the liveliest moment. An animation has `FRAMES` pictures, fewer when the file would
    be larger than `MAX_BYTES`, and hurries through quiet hours; with `speed` (simulated seconds per second) it is even.
    `size` is in pixels, by default wide enough to read and high enough for the map. Of a town that is too large to be
    read as a whole, a picture shows where most is going on, and an animation all the ways that people go; `show` is the
    name of somebody or of a place instead, or `all`. `progress` hears the part that is done, 0 to 1. The same run gives
    the same bytes. Raises `BadInput` when something cannot be drawn like that, and `RunFailed` when the file cannot be
    written.
    """
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(str(target), f"cannot be made: '{ending}' is no known ending (allowed: {', '.join(ENDINGS)})")
    if isinstance(run, Path):
        run = RunFolder.open(run)
    timeline, scenery = Timeline.of(run), Scenery.of(run)
    first, last = _span(timeline, at, until)
    size = _size(size, scenery, PICTURE_WIDTH if ending == ".png" else ANIMATION_WIDTH)
    stage = Stage(timeline, scenery)
    tell = progress or (lambda _: None)
    tell(0.0)
    if ending == ".png":
        moment = first if at is not None else liveliest(timeline, first, last)
        camera = _camera(stage, size, show, moment, moment)
        content = _png(_draw(stage, size, View(moment, still=True), camera))
    else:
        content = _gif(stage, size, _camera(stage, size, show, first, last), first, last, speed, tell)
    _write(target, content)
    tell(1.0)


def _span(timeline: Timeline, at: float | None, until: float | None) -> tuple[int, int]:
    first, last = at if at is not None else 0, until if until is not None else timeline.end
    end = timeline.end
    if not (0 <= first <= end):
        raise BadInput("--at", f"second {first:g} is outside the run, which goes from 0 to {end}")
    if not first <= last:
        raise BadInput("--until", f"second {last:g} is before --at, second {first:g}")
    return int(first), min(int(last), end)


def _camera(stage: Stage, size: tuple[int, int], show: str, first: float, last: float) -> Camera:
    """Choose what is shown from one time to another, or at one moment."""
    framing, moment = stage.framing(size), stage.timeline.state(first)
    if show:
        return framing.on(show, moment)
    return framing.on_people(moment) if first == last else framing.on_ways(stage.timeline, first, last)


def _size(size: tuple[int, int] | None, scenery: Scenery, width: int) -> tuple[int, int]:
    if size is None:
        return picture_size(scenery.town_map, width)
    if not all(low <= side <= high for side, low, high in zip(size, MIN_SIZE, MAX_SIZE, strict=True)):
        allowed = f"{MIN_SIZE[0]} x {MIN_SIZE[1]} to {MAX_SIZE[0]} x {MAX_SIZE[1]}"
        raise BadInput("--size", f"{size[0]} x {size[1]} pixels cannot be drawn (allowed: {allowed})")
    return size


def _gif(
    stage: Stage,
    size: tuple[int, int],
    camera: Camera,
    first: int,
    last: int,
    speed: float | None,
    tell: Callable[[float], None],
) -> bytes:
    times = _times(stage.timeline, first, last, speed)
    step = (last - first) / max(1, len(times) - 1)
    shown_speed = speed or max(1.0, round(step * 100 / HUNDREDTHS))
    palette = _palette(stage, size, camera, times, shown_speed)
    hundredths = float(HUNDREDTHS)
    for attempt in range(_ATTEMPTS):
        writer = GifWriter(palette)
        for number, time in enumerate(times):
            pixels = _frame(stage, size, camera, time, times[number - 1] if number else None, shown_speed)
            writer.add(pixels, _LAST_HUNDREDTHS if number == len(times) - 1 and speed is None else round(hundredths))
            tell((number + 1) / len(times) * 0.99)
            if len(writer) > MAX_BYTES and attempt < _ATTEMPTS - 1:
                # What was written tells how many pictures fit; each is then shown for longer.
                keep = max(2, int((number + 1) * 0.75))
                hundredths *= len(times) / keep
                times = [times[place * (len(times) - 1) // (keep - 1)] for place in range(keep)]
                break
        else:
            break
    return writer.content()


def _times(timeline: Timeline, first: int, last: int, speed: float | None) -> list[int]:
    if speed is None:
        return paced(timeline, first, last, min(FRAMES, max(2, last - first + 1)))
    if not 0 < speed < 1e9:
        raise BadInput("--speed", f"{speed:g} is not a speed; give simulated seconds per second, such as 60")
    count = (last - first) / speed * 100 / HUNDREDTHS
    if count > MAX_FRAMES:
        least = (last - first) / MAX_FRAMES * 100 / HUNDREDTHS
        problem = f"{speed:g} gives an animation of {count:.0f} pictures; at most {MAX_FRAMES} are drawn"
        raise BadInput("--speed", f"{problem} (give at least {least:.0f}, or a shorter time)")
    return even(first, last, max(1.0, speed * HUNDREDTHS / 100))


def _frame(stage: Stage, size: tuple[int, int], camera: Camera, time: int, before: int | None, speed: float) -> Pixels:
    """Draw one picture of an animation; a line is shown for at least two seconds of it."""
    view = View(time, linger=2 * speed, since=before, steady=True, still=True)
    surface = _draw(stage, size, view, camera)
    flat = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
    return flat.reshape(size[1], size[0], 3)


def _palette(stage: Stage, size: tuple[int, int], camera: Camera, times: list[int], speed: float) -> Palette:
    """Choose the colours of an animation by some of its pictures: day, night and between."""
    by_light: dict[Colour, int] = {}
    for time in times:
        by_light.setdefault(stage.light(time, steady=True), time)
    rare = sorted(by_light.values())
    samples = {rare[place * len(rare) // _SAMPLES] for place in range(_SAMPLES)} | {times[len(times) // 2], times[-1]}
    frames = [_frame(stage, size, camera, time, None, speed)[::2, ::2] for time in sorted(samples)]
    return Palette(frames, INTERFACE)


def _draw(stage: Stage, size: tuple[int, int], view: View, camera: Camera) -> pygame.Surface:
    surface = pygame.Surface(size, 0, 32)
    stage.draw(surface, view, camera)
    return surface


def _png(surface: pygame.Surface) -> bytes:
    file = io.BytesIO()
    picture = Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))
    picture.save(file, "PNG", compress_level=9)
    return file.getvalue()


def _write(target: Path, content: bytes) -> None:
    try:
        write_whole(target, content)
    except OSError as error:
        raise RunFailed(f"{target}: cannot be written: {error.strerror}") from error
