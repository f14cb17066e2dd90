"""The window in which a run is watched."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pygame

from engine.errors import BadInput
from engine.record.run_folder import RunFolder
from replay.camera import Camera
from replay.drawing import Stage
from replay.moment import Moment
from replay.scenery import Scenery
from replay.timeline import Timeline
from replay.view import Layout, View, picture_size

SPEEDS: Final = (1, 2, 5, 10, 30, 60, 120, 300)
"""Simulated seconds per second."""
FRAMES_PER_SECOND: Final = 60
_DEFAULT_WIDTH: Final = 1360
_MIN_SIZE: Final = (640, 420)
_READING_SECONDS: Final = 3.0
_DRAG: Final = 4


def play(run: RunFolder | Path, at: float = 0, speed: float = 60, frames: int | None = None) -> None:
    """Show a run in a window until it is closed, from second `at` on at `speed` simulated seconds per second.

    `frames` bounds the number of pictures drawn, for tests. Raises `BadInput` when the run cannot be played, or no
    window can be opened.
    """
    if isinstance(run, Path):
        run = RunFolder.open(run)
    timeline, scenery = Timeline.of(run), Scenery.of(run)
    try:
        pygame.display.init()
        if pygame.display.get_driver() in ("dummy", "offscreen") and not os.environ.get("SDL_VIDEODRIVER"):
            raise pygame.error("there is no screen")
        size = picture_size(scenery.town_map, _DEFAULT_WIDTH)
        screen = pygame.display.set_mode(_fitting(size), pygame.RESIZABLE)
    except pygame.error as error:
        pygame.display.quit()
        raise BadInput("replay", f"no window can be opened ({error}); use --export FILE.png or FILE.gif") from error
    try:
        pygame.display.set_caption(f"{scenery.town_map.name} · Thorp")
        pygame.key.set_repeat(350, 60)
        viewer = Viewer(Stage(timeline, scenery), screen.get_size(), at, speed)
        clock = pygame.time.Clock()
        while not viewer.closed and (frames is None or viewer.frames < frames):
            for event in pygame.event.get():
                viewer.handle(event)
            viewer.advance(clock.tick(FRAMES_PER_SECOND) / 1000)
            viewer.draw(pygame.display.get_surface())
            pygame.display.flip()
    finally:
        pygame.display.quit()


class Viewer:
    """What the onlooker has chosen, and how keys and clicks change it. Times are simulated seconds."""

    def __init__(self, stage: Stage, size: tuple[int, int], at: float = 0, speed: float = 60) -> None:
        self._stage = stage
        self._end = stage.timeline.end
        self._layout = Layout.of(size)
        self._moment: Moment = stage.timeline.state(at)
        self._pointer = self._layout.town.center
        self._grip: tuple[int, int] | None = None
        self._dragged = False
        self._loose = False
        self._seeking = False
        self.camera = stage.framing(size).on_people(self._moment)
        self.time = self._moment.time
        self.speed = speed
        self.playing = True
        self.followed: int | None = None
        self.scroll = 0
        self.help = False
        self.closed = False
        self.frames = 0

    def advance(self, seconds: float) -> None:
        """Let `seconds` of real time pass; at most a quarter of a second counts, so that a pause does not jump."""
        if self.playing and not self._seeking:
            self.seek(self.time + min(seconds, 0.25) * self.speed)
            self.playing = self.time < self._end

    def draw(self, surface: pygame.Surface) -> None:
        """Draw the present moment; the followed person stays in the middle when the map is zoomed."""
        if surface.get_size() != tuple(self._size()):
            self._resize(surface.get_size())
        if self.followed is not None and self.camera.zoom is not None and not self._loose:
            x, y = self._stage.timeline.state(self.time, captions=0).people[self.followed].point
            tile = self._stage.ground.tile
            self.camera = self.camera.looking_at((x + 0.5) * tile, (y + 0.5) * tile)
        self._moment = self._stage.draw(surface, self.view, self.camera)
        self.frames += 1

    @property
    def view(self) -> View:
        """What the next picture shows."""
        note = (
            "The log is cut off here, as after a crash." if self._stage.timeline.torn and self.time >= self._end else ""
        )
        if not note and self.frames < 4 * FRAMES_PER_SECOND and not self.help:
            note = "H shows the keys"
        return View(
            self.time,
            self.speed,
            self.playing,
            self.followed,
            linger=self.speed * _READING_SECONDS,
            scroll=self.scroll,
            help=self.help,
            note=note,
        )

    def seek(self, time: float) -> None:
        """Go to a time within the run."""
        self.time = min(max(time, 0), self._end)

    def follow(self, agent: int | None) -> None:
        """Follow somebody; whoever is followed already is let go."""
        self.followed = None if agent == self.followed else agent
        self._loose = False
        framing = self._stage.framing(self._size())
        if self.followed is not None and framing.is_needed and self.camera.zoom is None:
            self.camera = framing.on_people(self._stage.timeline.state(self.time, captions=0))

    def handle(self, event: pygame.event.Event) -> None:
        """React to an event of the window."""
        if event.type == pygame.QUIT:
            self.closed = True
        elif event.type == pygame.VIDEORESIZE:
            self._resize((max(event.w, _MIN_SIZE[0]), max(event.h, _MIN_SIZE[1])))
        elif event.type == pygame.KEYDOWN:
            self._press(event.key, event.mod, getattr(event, "unicode", ""))
        elif event.type == pygame.MOUSEWHEEL:
            self._turn_wheel(event.y)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self._grab(event.pos)
        elif event.type == pygame.MOUSEMOTION:
            self._pointer = event.pos
            if event.buttons[0]:
                self._drag(event.pos)
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            self._release(event.pos)

    def _press(self, key: int, mod: int, character: str) -> None:
        minutes = 10 if mod & pygame.KMOD_SHIFT else 1
        if key in (pygame.K_ESCAPE, pygame.K_q):
            # Escape first closes what lies on top.
            self.closed = key == pygame.K_q or not self.help
            self.help = False
        elif key == pygame.K_SPACE:
            self._toggle()
        elif key in (pygame.K_UP, pygame.K_KP_PLUS) or character == "+":
            self._faster(1)
        elif key in (pygame.K_DOWN, pygame.K_KP_MINUS, pygame.K_MINUS):
            self._faster(-1)
        elif key in (pygame.K_PLUS, pygame.K_EQUALS):
            self._faster(1)
        elif key == pygame.K_LEFT:
            self.seek(self.time - 60 * minutes)
        elif key == pygame.K_RIGHT:
            self.seek(self.time + 60 * minutes)
        elif key == pygame.K_HOME:
            self.seek(0)
        elif key == pygame.K_END:
            self.seek(self._end)
        elif key in (pygame.K_h, pygame.K_F1):
            self.help = not self.help
        elif key == pygame.K_TAB and self._moment.people:
            self._follow_next(-1 if mod & pygame.KMOD_SHIFT else 1)
        elif key == pygame.K_f:
            self.follow(self.followed)
        elif key == pygame.K_0:
            self.camera = Camera(self.camera.world, self.camera.viewport)
        elif key == pygame.K_p:
            self.camera = self._stage.framing(self._size()).on_people(self._moment)
            self._loose = True

    def _follow_next(self, step: int) -> None:
        before = self.followed if self.followed is not None else (-1 if step > 0 else 0)
        self.followed = (before + step) % len(self._moment.people)
        self._loose = False

    def _toggle(self) -> None:
        if not self.playing and self.time >= self._end:
            self.seek(0)
        self.playing = not self.playing

    def _faster(self, step: int) -> None:
        if step > 0:
            self.speed = next((speed for speed in SPEEDS if speed > self.speed), self.speed)
        else:
            self.speed = next((speed for speed in reversed(SPEEDS) if speed < self.speed), self.speed)

    def _turn_wheel(self, steps: int) -> None:
        at = self._pointer
        if self._layout.panel.collidepoint(at):
            rows = self._stage.panel.rows(self._layout.panel, len(self._moment.people), self.scroll)
            self.scroll = min(max(0, self.scroll - steps), max(0, len(self._moment.people) - len(rows)))
        else:
            self.camera = self.camera.zoomed(
                1.25**steps, at if self._layout.town.collidepoint(at) else self._layout.town.center
            )

    def _grab(self, at: tuple[int, int]) -> None:
        if self._stage.bar.button(self._layout.bar).collidepoint(at):
            self._toggle()
        elif self._layout.bar.collidepoint(at):
            self._seeking = True
            self.seek(self._stage.bar.time_at(self._layout.bar, at[0]))
        elif self._layout.panel.collidepoint(at):
            for agent, row in self._stage.panel.rows(self._layout.panel, len(self._moment.people), self.scroll):
                if row.collidepoint(at):
                    self.follow(agent)
        elif (point := self._stage.minimap.point_at(self.camera, at)) is not None:
            self.camera, self._loose = self.camera.looking_at(*point), True
        else:
            self._grip = at

    def _drag(self, at: tuple[int, int]) -> None:
        if self._seeking:
            self.seek(self._stage.bar.time_at(self._layout.bar, at[0]))
        elif self._grip is not None:
            dx, dy = self._grip[0] - at[0], self._grip[1] - at[1]
            if self._dragged or abs(dx) + abs(dy) >= _DRAG:
                self._dragged = self._loose = True
                self.camera = self.camera.moved(dx, dy)
                self._grip = at

    def _release(self, at: tuple[int, int]) -> None:
        if self._grip is not None and not self._dragged:
            agent = self._stage.person_at(self._moment, self.camera, at)
            if agent is not None:
                self.follow(agent)
        self._grip, self._seeking = None, False
        self._dragged = False

    def _size(self) -> tuple[int, int]:
        return self._layout.bar.right, self._layout.bar.bottom

    def _resize(self, size: tuple[int, int]) -> None:
        self._layout = Layout.of(size)
        self.camera = Camera(self.camera.world, self._layout.town, self.camera.zoom, self.camera.centre).settled()
        if self.camera.zoom is not None and self.camera.zoom < self.camera.fitting:
            self.camera = Camera(self.camera.world, self._layout.town)


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """Return a size that the desktop has room for, where it says how large it is."""
    desktops = pygame.display.get_desktop_sizes() if os.environ.get("SDL_VIDEODRIVER") != "dummy" else []
    if not desktops:
        return size
    return min(size[0], desktops[0][0] - 40), min(size[1], desktops[0][1] - 100)
