"""One picture of a run at one moment, on a surface of any size; no display is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pygame

from replay.bar import TimeBar
from replay.bubbles import Board, draw_action, draw_name, draw_speech
from replay.camera import Camera
from replay.clock import Colour, daylight
from replay.emoji import ASLEEP, icon_name
from replay.framing import Framing
from replay.ground import Ground
from replay.icons import Icons
from replay.light import shed
from replay.minimap import MiniMap
from replay.moment import Moment, Person
from replay.overlay import draw_help, draw_note
from replay.panel import Panel, shown_emoji
from replay.people import TILES_HIGH, People
from replay.scenery import Scenery
from replay.theme import ACCENT, Fonts
from replay.timeline import Timeline
from replay.tracks import heading_towards
from replay.view import Layout, View
from worlds.town.places import Rect, TownObject, UnknownAddress

_OUTSIDE: Final = (24, 26, 32)
_GLOW: Final = (255, 221, 120)
_SMALLEST: Final = 18
"""Pixels that a figure is high at least, however far away the camera is."""


class Stage:
    """Everything that is needed to draw a run; made once, then asked for any number of pictures."""

    def __init__(self, timeline: Timeline, scenery: Scenery) -> None:
        self.timeline = timeline
        self.town = scenery.town_map
        self.fonts = Fonts()
        self.icons = Icons()
        self.people = People()
        self.ground = Ground(scenery)
        self.figures = scenery.figures
        self.panel = Panel(self.town.name, timeline.clock, self.figures, self.fonts, self.icons, self.people)
        self.bar = TimeBar(timeline, self.fonts)
        self.minimap = MiniMap(self.ground)
        self._resting = {thing.address: thing for thing in self.town.objects}

    def framing(self, size: tuple[int, int]) -> Framing:
        """Return what chooses the part of the map that a picture of `size` pixels shows."""
        return Framing(self.town, self.ground.tile, Layout.of(size).town)

    def draw(self, surface: pygame.Surface, view: View, camera: Camera | None = None) -> Moment:
        """Draw a picture that fills `surface`; return what it shows."""
        layout = Layout.of(surface.get_size())
        camera = self.framing(surface.get_size()).everything() if camera is None else camera
        moment = self.timeline.state(view.time, linger=view.linger)
        surface.set_clip(layout.town)
        surface.fill(_OUTSIDE)
        self._draw_town(surface, view, camera, moment)
        self.minimap.draw(surface, camera, moment, self.light(moment.time, view.steady))
        if view.note:
            draw_note(surface, layout.town, self.fonts, view.note)
        surface.set_clip(None)
        self.panel.draw(surface, layout.panel, view, moment)
        self.bar.draw(surface, layout.bar, view)
        if view.help:
            draw_help(surface, layout.town, self.fonts)
        return moment

    def light(self, time: float, steady: bool = False) -> Colour:
        """Return the colour of the light at `time`, for a whole quarter of an hour when `steady`."""
        return daylight(self.timeline.clock.hour(time), 4 if steady else 0)

    def person_at(self, moment: Moment, camera: Camera, at: tuple[int, int]) -> int | None:
        """Return the agent who is drawn at a window pixel, the one in front when several are."""
        found = None
        for person in _front_last(moment):
            foot, head = self._foot(person, camera), self._head(person, camera)
            half = max(8, (foot[1] - head[1]) // 2)
            if pygame.Rect(foot[0] - half, head[1] - 2, 2 * half, foot[1] - head[1] + 4).collidepoint(at):
                found = person.index
        return found

    def _draw_town(self, surface: pygame.Surface, view: View, camera: Camera, moment: Moment) -> None:
        self.ground.draw(surface, camera)
        self._draw_used(surface, camera, moment)
        if view.since is not None:
            self._draw_trails(surface, camera, view.since, view.time)
        people = _front_last(moment)
        points = {person.name: person.point for person in people}
        for person in people:
            self._draw_person(surface, camera, person, points, person.index == view.followed)
        self.ground.draw(surface, camera, above=True)
        light = self.light(moment.time, view.steady)
        lamps = [self._foot(person, camera, 0.4) for person in people if _awake(person)]
        shed(surface, camera.viewport, light, lamps, round(3.2 * self.ground.tile * camera.scale))
        self._draw_words(surface, camera, people, view)

    def _draw_words(self, surface: pygame.Surface, camera: Camera, people: list[Person], view: View) -> None:
        board = Board(camera.viewport.inflate(-8, -8))
        seen = [person for person in people if camera.viewport.collidepoint(self._foot(person, camera))]
        for person in seen:
            head, foot = self._head(person, camera), self._foot(person, camera)
            board.taken.append(pygame.Rect(foot[0] - 8, head[1], 16, foot[1] - head[1]))
        for person in seen:
            draw_name(
                surface, self.fonts, person.short_name, self._foot(person, camera), person.index == view.followed, board
            )
        icon = 16 if camera.scale * self.ground.tile < 30 else 24
        for person in seen:
            if person.speech is None and person.acting is not None:
                text = person.acting.description
                draw_action(
                    surface, self.fonts, self.icons, shown_emoji(person), text, self._head(person, camera), icon, board
                )
        for person in seen:
            if person.speech is not None:
                head, foot = self._head(person, camera), self._foot(person, camera)
                draw_speech(surface, self.fonts, person.speech.text, head, foot, board)

    def _draw_person(
        self,
        surface: pygame.Surface,
        camera: Camera,
        person: Person,
        points: dict[str, tuple[float, float]],
        lit: bool,
    ) -> None:
        heading = person.heading
        facing = next((points[name] for name in person.partners if name in points), None)
        if not person.walking and facing is not None:
            x, y = facing
            heading = heading_towards(x - person.point[0], y - person.point[1], heading)
        foot = self._foot(person, camera)
        side = self.ground.tile * camera.scale
        shadow = pygame.Surface((max(4, round(side * 0.7)), max(2, round(side * 0.28))), pygame.SRCALPHA, 32)
        pygame.draw.ellipse(shadow, (20, 20, 30, 80), shadow.get_rect())
        surface.blit(shadow, shadow.get_rect(center=(foot[0], foot[1] - 1)))
        if lit:
            ring = pygame.Rect(0, 0, round(side * 1.1), max(6, round(side * 0.5)))
            ring.center = (foot[0], foot[1] - 1)
            pygame.draw.ellipse(surface, ACCENT, ring, 2)
        way = person.point[0] + person.point[1] if person.walking else None
        figure = self.people.frame(self.figures[person.index], heading, way, self._height(camera))
        surface.blit(figure, figure.get_rect(midbottom=foot))

    def _draw_used(self, surface: pygame.Surface, camera: Camera, moment: Moment) -> None:
        """Light up the objects that are not at rest, and those that somebody acts at."""
        used = {state.address for state in moment.objects if not self._at_rest(state.address, state.state)}
        used |= {person.acting.address for person in moment.people if person.acting is not None and not person.walking}
        for address in sorted(used):
            try:
                place = self.town.resolve(address)
            except UnknownAddress:
                continue
            if not isinstance(place, TownObject):
                continue
            for part in place.parts:
                self._light_up(surface, camera, part)

    def _light_up(self, surface: pygame.Surface, camera: Camera, rect: Rect) -> None:
        tile = self.ground.tile
        left, top = camera.to_window(rect.x * tile, rect.y * tile)
        right, bottom = camera.to_window((rect.x + rect.width) * tile, (rect.y + rect.height) * tile)
        box = pygame.Rect(left, top, right - left, bottom - top).inflate(2, 2)
        glow = pygame.Surface(box.size, pygame.SRCALPHA, 32)
        pygame.draw.rect(glow, (*_GLOW, 60), glow.get_rect(), border_radius=4)
        pygame.draw.rect(glow, (*_GLOW, 190), glow.get_rect(), 1, border_radius=4)
        surface.blit(glow, box)

    def _at_rest(self, address: str, state: str) -> bool:
        thing = self._resting.get(address)
        return thing is not None and thing.state == state

    def _draw_trails(self, surface: pygame.Surface, camera: Camera, since: float, until: float) -> None:
        """Dot the ways that people came since the picture before."""
        tile = self.ground.tile
        radius = max(1, round(tile * camera.scale * 0.1))
        for agent in range(len(self.timeline.people)):
            for x, y in self.timeline.trail(agent, since, until)[-40:-1]:
                pygame.draw.circle(surface, _GLOW, camera.to_window((x + 0.5) * tile, (y + 0.6) * tile), radius)

    def _height(self, camera: Camera) -> int:
        return max(_SMALLEST, round(self.ground.tile * camera.scale * TILES_HIGH))

    def _foot(self, person: Person, camera: Camera, up: float = 0.0) -> tuple[int, int]:
        x, y = person.point
        return camera.to_window((x + 0.5) * self.ground.tile, (y + 0.94 - up) * self.ground.tile)

    def _head(self, person: Person, camera: Camera) -> tuple[int, int]:
        x, y = self._foot(person, camera)
        return x, y - self._height(camera)


def _front_last(moment: Moment) -> list[Person]:
    """Return those who are in the town, those at the back first; who shares a tile is moved apart a little."""
    on_tile: dict[tuple[int, int], list[int]] = {}
    for person in moment.people:
        if person.tile is not None:
            on_tile.setdefault((round(person.point[0]), round(person.point[1])), []).append(person.index)
    there = []
    for sharing in on_tile.values():
        for place, index in enumerate(sharing):
            person = moment.people[index]
            aside = (place - (len(sharing) - 1) / 2) * min(0.55, 1.2 / len(sharing))
            x, y = person.point
            there.append(replace(person, point=(x + aside, y)) if aside else person)
    return sorted(there, key=lambda person: (person.point[1], person.index))


def _awake(person: Person) -> bool:
    return person.acting is None or icon_name(person.acting.emoji) != ASLEEP
