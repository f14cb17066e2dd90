from __future__ import annotations

import pygame
import pytest

from engine.record.run_folder import RunFolder
from replay.drawing import Stage
from replay.scenery import Scenery
from replay.timeline import Timeline
from replay.view import Layout
from replay.viewer import SPEEDS, Viewer, play

SIZE = (900, 560)


@pytest.fixture
def viewer(day: RunFolder) -> Viewer:
    return Viewer(Stage(Timeline.of(day), Scenery.of(day)), SIZE, at=8 * 3600, speed=60)


def press(viewer: Viewer, key: int, mod: int = 0) -> None:
    viewer.handle(pygame.event.Event(pygame.KEYDOWN, key=key, mod=mod, unicode=""))


def click(viewer: Viewer, at: tuple[int, int]) -> None:
    viewer.handle(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=at))
    viewer.handle(pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=at))


def test_time_runs_at_the_speed_until_paused(viewer: Viewer) -> None:
    viewer.advance(0.1)
    assert viewer.time == pytest.approx(8 * 3600 + 6)
    press(viewer, pygame.K_SPACE)
    viewer.advance(0.1)
    assert viewer.time == pytest.approx(8 * 3600 + 6)


def test_speeds(viewer: Viewer) -> None:
    press(viewer, pygame.K_UP)
    assert viewer.speed == 120
    for _ in SPEEDS:
        press(viewer, pygame.K_DOWN)
    assert viewer.speed == SPEEDS[0]
    for _ in SPEEDS:
        press(viewer, pygame.K_PLUS)
    assert viewer.speed == SPEEDS[-1]


def test_seeking(viewer: Viewer) -> None:
    press(viewer, pygame.K_RIGHT)
    assert viewer.time == 8 * 3600 + 60
    press(viewer, pygame.K_LEFT, pygame.KMOD_SHIFT)
    assert viewer.time == 8 * 3600 - 540
    press(viewer, pygame.K_END)
    assert viewer.time == 86400
    viewer.advance(0.1)
    assert not viewer.playing
    press(viewer, pygame.K_HOME)
    assert viewer.time == 0
    bar = Layout.of(SIZE).bar
    click(viewer, (bar.left + 500, bar.top + 12))
    assert 0 < viewer.time < 86400


def test_following_by_row_by_figure_and_by_key(viewer: Viewer) -> None:
    surface = pygame.Surface(SIZE)
    viewer.draw(surface)
    plain = pygame.image.tobytes(surface, "RGB")
    panel = Layout.of(SIZE).panel
    click(viewer, (panel.centerx, panel.top + 92 + 10))
    assert viewer.followed == 0
    viewer.draw(surface)
    assert pygame.image.tobytes(surface, "RGB") != plain
    press(viewer, pygame.K_TAB)
    assert viewer.followed == 1
    press(viewer, pygame.K_f)
    assert viewer.followed is None
    stage, camera = viewer._stage, viewer.camera
    x, y = stage.timeline.state(viewer.time).people[2].point
    click(viewer, camera.to_window((x + 0.5) * stage.ground.tile, (y + 0.5) * stage.ground.tile))
    assert viewer.followed is not None


def test_zoom_keeps_the_followed_person_in_sight(viewer: Viewer) -> None:
    surface = pygame.Surface(SIZE)
    viewer.draw(surface)
    for _ in range(6):
        viewer.handle(pygame.event.Event(pygame.MOUSEWHEEL, y=1))
    viewer.follow(3)
    viewer.draw(surface)
    assert viewer.camera.zoom is not None
    x, y = viewer._stage.timeline.state(viewer.time).people[3].point
    assert viewer.camera.viewport.collidepoint(viewer.camera.to_window((x + 0.5) * 16, (y + 0.5) * 16))
    press(viewer, pygame.K_0)
    assert viewer.camera.zoom is None


def test_escape_closes_the_help_first(viewer: Viewer) -> None:
    press(viewer, pygame.K_h)
    assert viewer.help
    viewer.draw(pygame.Surface(SIZE))
    press(viewer, pygame.K_ESCAPE)
    assert not viewer.help and not viewer.closed
    press(viewer, pygame.K_ESCAPE)
    assert viewer.closed


def test_the_window_can_change_its_size(viewer: Viewer) -> None:
    for size in ((1400, 900), (640, 420), (500, 330)):
        viewer.handle(pygame.event.Event(pygame.VIDEORESIZE, w=size[0], h=size[1], size=size))
        viewer.draw(pygame.Surface(size))
    assert viewer.frames == 3


def test_play_opens_a_window_and_reacts_to_posted_events(day: RunFolder) -> None:
    pygame.display.init()
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_h, mod=0, unicode="h"))
    play(day, at=8 * 3600, speed=60, frames=4)
    assert not pygame.display.get_init()
    pygame.display.init()
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q, mod=0, unicode="q"))
    play(day.path, frames=1000)
