from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.errors import BadInput
from engine.record.events import Acted, Appeared, Walked
from engine.record.run_folder import RunFolder
from replay.animation import GifWriter, Palette
from replay.export import export
from replay.pacing import liveliest, paced
from replay.timeline import Timeline
from replay.view import Layout
from tests.replay.synthetic import small_map, small_tiles, write_run

SIZE = (480, 320)


def test_a_picture_has_its_size_and_the_same_bytes_twice(day: RunFolder, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        export(day, tmp_path / name, size=SIZE)
    assert _pixels(tmp_path / "a.png").shape == (SIZE[1], SIZE[0], 3)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    export(day, tmp_path / "c.png", at=8 * 3600)
    assert _pixels(tmp_path / "c.png").shape[1] == 1440


def test_an_animation_has_the_same_bytes_twice_and_tells_how_far_it_is(day: RunFolder, tmp_path: Path) -> None:
    told: list[float] = []
    for name in ("a.gif", "b.gif"):
        export(day, tmp_path / name, at=8 * 3600, until=8 * 3600 + 600, speed=300, size=SIZE, progress=told.append)
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()
    with Image.open(tmp_path / "a.gif") as movie:
        assert movie.size == SIZE
        assert getattr(movie, "n_frames") == 21  # noqa: B009 - Pillow's types do not know it
    half = told[: len(told) // 2]
    assert half == sorted(half) and half[0] == 0 and half[-1] == 1


def test_a_large_animation_gets_fewer_pictures(day: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = {"at": 8 * 3600, "until": 9 * 3600, "speed": 1200, "size": SIZE}
    export(day, tmp_path / "large.gif", **options)
    allowed = (tmp_path / "large.gif").stat().st_size * 2 // 3
    monkeypatch.setattr("replay.export.MAX_BYTES", allowed)
    export(day, tmp_path / "small.gif", **options)
    assert (tmp_path / "small.gif").stat().st_size <= allowed
    large, small = _frames(tmp_path / "large.gif"), _frames(tmp_path / "small.gif")
    assert 8 < len(small) < len(large)


def test_people_move_and_nothing_else_does(tmp_path: Path) -> None:
    path = tuple((x, 12) for x in range(2, 18))
    run = write_run(
        tmp_path / "run",
        ("Mara",),
        [(0, 0, Appeared((2, 12), "")), (0, 0, Acted("strolling", "🚶", "", 300)), (0, 0, Walked(path, 10, ""))],
        end=300,
        start="2026-05-04T12:00:00",
    )
    target = tmp_path / "walk.gif"
    export(run, target, at=20, until=120, speed=100, size=SIZE)
    frames = _frames(target)
    town = Layout.of(SIZE).town
    for before, after in pairwise(frames):
        changed = np.argwhere((before != after).any(axis=2)[: town.height, : town.width])
        assert len(changed) > 50
        assert np.ptp(changed[:, 0]) < town.height // 3, "only the strip in which Mara walks changes"
    assert len(frames) == 11


def test_an_animation_decodes_to_what_was_added() -> None:
    random = np.random.default_rng(1)
    pictures = [random.integers(0, 4, (40, 60, 3), np.uint8) * 64 for _ in range(3)]
    pictures += [pictures[-1], pictures[-1].copy()]
    pictures[-1][5:9, 7:20] = (0, 64, 128)
    palette = Palette(pictures)
    writer = GifWriter(palette)
    for picture in pictures:
        writer.add(picture, 10)
    assert len(writer) == len(writer.content())
    table = np.array(palette.colours, np.uint8).reshape(256, 3)
    movie = Image.open(io.BytesIO(writer.content()))
    for number, picture in enumerate(pictures):
        movie.seek(number)
        assert (np.asarray(movie.convert("RGB")) == table[palette.indices(picture)]).all()
        assert np.abs(table[palette.indices(picture)].astype(int) - picture).max() <= 8


def test_quiet_hours_pass_quickly(day: RunFolder) -> None:
    timeline = Timeline.of(day)
    times = paced(timeline, 0, 86400, 200)
    assert times[0] == 0 and times[-1] == 86400 and times == sorted(set(times))
    asleep = sum(time < 6 * 3600 for time in times)
    assert asleep < sum(8 * 3600 <= time < 14 * 3600 for time in times)


def test_the_liveliest_moment_has_speech(day: RunFolder) -> None:
    timeline = Timeline.of(day)
    moment = timeline.state(liveliest(timeline, 0, timeline.end))
    assert any(person.speech for person in moment.people)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("a.mp4", {}, "allowed: .png, .gif"),
        ("a.png", {"at": 10**6}, "outside the run"),
        ("a.gif", {"at": 500, "until": 100}, "before --at"),
        ("a.gif", {"speed": 1.0}, "at least"),
        ("a.png", {"size": (20000, 20000)}, "cannot be drawn"),
    ],
)
def test_what_cannot_be_exported(
    day: RunFolder, tmp_path: Path, name: str, options: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        export(day, tmp_path / name, **options)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_hostile_pictures_are_refused(tmp_path: Path) -> None:
    appeared = [(0, 0, Appeared((2, 12), ""))]
    bomb = io.BytesIO()
    Image.new("1", (5000, 20)).save(bomb, "PNG")
    bad = {"bomb": (bomb.getvalue(), "5000 x 20"), "text": (b"hello", "not a picture")}
    bad["cut"] = (small_tiles()[:60], "damaged|not a picture")
    bad["small"] = (small_tiles((16, 16)), "too small")
    for name, (content, words) in bad.items():
        run = write_run(tmp_path / name, ("Mara",), appeared, images={"tiles.png": content})
        with pytest.raises(BadInput, match=words):
            export(run, tmp_path / "a.png", size=SIZE)


def test_without_pictures_the_map_is_drawn_in_plain_colours(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", ("Mara",), [(0, 0, Appeared((2, 12), ""))], images={})
    export(run, tmp_path / "plain.png", size=SIZE)
    assert len(np.unique(_pixels(tmp_path / "plain.png").reshape(-1, 3), axis=0)) > 20


def test_a_picture_beside_the_map_is_used(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "tiles.png").write_bytes(small_tiles())
    appeared = [(0, 0, Appeared((2, 12), ""))]
    beside = write_run(tmp_path / "a", ("M",), appeared, images={}, map_path=str(tmp_path / "maps" / "town.tmj"))
    inside = write_run(tmp_path / "b", ("M",), appeared)
    for run in (beside, inside):
        export(run, tmp_path / f"{run.path.name}.png", size=SIZE)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_run_without_a_map_says_so(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", ("Mara",), [(0, 0, Appeared((2, 12), ""))])
    bare = run.manifest.model_copy(update={"attachments": {}})
    bare.write(run.path)
    with pytest.raises(BadInput, match="no map"):
        export(run.path, tmp_path / "a.png")
    assert small_map()


def _pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def _frames(path: Path) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    with Image.open(path) as movie:
        found = []
        for number in range(getattr(movie, "n_frames", 1)):
            movie.seek(number)
            found.append(np.asarray(movie.convert("RGB")))
    return found
