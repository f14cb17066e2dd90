"""Of a large town a picture shows the part where something goes on, and a small map says where that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest
from PIL import Image

from engine.errors import BadInput
from replay.camera import Camera
from replay.drawing import Stage
from replay.export import export
from replay.framing import CLOSE, LEGIBLE, Framing
from replay.moment import Moment
from replay.scenery import Scenery
from replay.timeline import Timeline
from replay.view import Layout
from replay.viewer import Viewer
from tests.towns import run_town
from thorp.town import TownRun

SIZE = (900, 560)
TILE = 16


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> TownRun:
    return run_town(tmp_path_factory.mktemp("morning"), changes={"end": "08:00"})


@pytest.fixture(scope="module")
def stage(morning: TownRun) -> Stage:
    return Stage(Timeline.of(morning.folder), Scenery.of(morning.folder))


@pytest.fixture
def framing(stage: Stage) -> Framing:
    return stage.framing(SIZE)


def moment_with(stage: Stage, *points: tuple[int, int]) -> Moment:
    """The first moment of the run, with people elsewhere; who is not given a point is not there."""
    moment = stage.timeline.state(0)
    people = [
        replace(person, tile=point, point=point, acting=None) if point else replace(person, tile=None)
        for person, point in zip(moment.people, [*points, None, None, None, None, None], strict=False)
    ]
    return replace(moment, people=tuple(people))


def sees(camera: Camera, tile: tuple[int, int]) -> bool:
    return camera.viewport.collidepoint(camera.to_window((tile[0] + 0.5) * TILE, (tile[1] + 0.5) * TILE))


def test_people_who_are_near_each_other_are_shown_together(stage: Stage, framing: Framing) -> None:
    points = ((60, 50), (75, 44), (66, 60))
    camera = framing.on_people(moment_with(stage, *points))
    assert all(sees(camera, point) for point in points)
    assert LEGIBLE <= camera.scale <= CLOSE


def test_of_people_far_apart_the_larger_crowd_is_shown(stage: Stage, framing: Framing) -> None:
    camera = framing.on_people(moment_with(stage, (5, 5), (130, 90), (128, 92), (7, 8), (125, 88)))
    assert sees(camera, (130, 90)) and sees(camera, (125, 88)) and not sees(camera, (5, 5))


def test_where_nobody_is_everything_is_shown(stage: Stage, framing: Framing) -> None:
    assert framing.on_people(moment_with(stage)).sees_everything


def test_a_small_town_is_always_shown_as_a_whole(stage: Stage) -> None:
    framing = Framing(stage.town, TILE, pygame.Rect(0, 0, 140 * TILE, 100 * TILE))
    assert framing.on_people(moment_with(stage, (60, 50))).sees_everything


@pytest.mark.parametrize("name", ["Ember Cafe", "ember cafe:kitchen", "Ember Cafe:kitchen:oven", "Ida Calder", "ida"])
def test_somebody_or_some_place_is_shown_by_name(stage: Stage, framing: Framing, name: str) -> None:
    camera = framing.on(name, moment_with(stage, (62, 62)))
    assert sees(camera, (61, 61)) and not camera.sees_everything
    assert camera.scale <= CLOSE


def test_everything_is_shown_by_its_name_and_nothing_by_a_wrong_one(stage: Stage, framing: Framing) -> None:
    moment = moment_with(stage, (62, 62))
    assert framing.on("all", moment).sees_everything
    with pytest.raises(BadInput, match=r"--show: .*'Embr Cafe' \(did you mean 'Ember Cafe'"):
        framing.on("Embr Cafe", moment)


def test_an_animation_sees_everybody_all_the_time(stage: Stage, framing: Framing) -> None:
    camera = framing.on_ways(stage.timeline, 0, stage.timeline.end)
    for time in range(0, stage.timeline.end, 300):
        assert all(sees(camera, person.tile) for person in stage.timeline.state(time).people if person.tile)


def test_the_small_map_is_drawn_only_beside_a_part(stage: Stage, framing: Framing) -> None:
    pictures = []
    for camera in (framing.everything(), framing.on("Ember Cafe", moment_with(stage, (62, 62)))):
        surface = pygame.Surface(SIZE)
        surface.fill((1, 2, 3))
        stage.minimap.draw(surface, camera, stage.timeline.state(0), (255, 255, 255))
        pictures.append(pygame.surfarray.array3d(surface))
    assert (pictures[0] == (1, 2, 3)).all()
    box = stage.minimap.box(Layout.of(SIZE).town)
    changed = np.argwhere((pictures[1] != (1, 2, 3)).any(axis=2))
    assert len(changed) > 0.9 * box.width * box.height
    assert all(box.inflate(8, 8).collidepoint(x, y) for x, y in changed.tolist())


def test_a_click_on_the_small_map_moves_the_view(stage: Stage) -> None:
    viewer = Viewer(stage, SIZE)
    assert not viewer.camera.sees_everything
    box = stage.minimap.box(Layout.of(SIZE).town)
    at = (box.right - 20, box.bottom - 20)
    viewer.handle(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=at))
    viewer.handle(pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=at))
    assert sees(viewer.camera, (125, 85))
    viewer.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_0, mod=0, unicode="0"))
    assert viewer.camera.sees_everything
    viewer.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_p, mod=0, unicode="p"))
    assert not viewer.camera.sees_everything


def test_who_is_followed_comes_into_view(stage: Stage) -> None:
    viewer = Viewer(stage, SIZE)
    viewer.handle(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_0, mod=0, unicode="0"))
    viewer.follow(2)
    viewer.draw(pygame.Surface(SIZE))
    tile = stage.timeline.state(viewer.time).people[2].tile
    assert tile is not None and sees(viewer.camera, tile) and not viewer.camera.sees_everything


def test_exports_show_what_is_asked_for(morning: TownRun, tmp_path: Path) -> None:
    pictures = set()
    for show in ("", "all", "Ember Cafe", "Mara"):
        export(morning.folder, tmp_path / "a.png", at=3600, show=show, size=SIZE)
        with Image.open(tmp_path / "a.png") as picture:
            pictures.add(picture.tobytes())
    assert len(pictures) == 4
