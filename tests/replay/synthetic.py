"""Runs made up for tests: a small map, and people who walk, act and talk on any map."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from engine.record.event_log import EventLog
from engine.record.events import (
    AGENT_PRIORITY,
    WORLD_AGENT,
    WORLD_PRIORITY,
    Acted,
    Appeared,
    Body,
    ConversationBegan,
    ConversationEnded,
    Event,
    Key,
    ObjectChanged,
    PlanEntry,
    Planned,
    Remembered,
    Said,
    Walked,
)
from engine.record.frames import FrameWriter, LogKind
from engine.record.manifest import Attachment, Manifest
from engine.record.run_folder import RunFolder
from worlds.town.map import TownMap
from worlds.town.paths import PathFinder

WIDTH, HEIGHT, TILE = 20, 14, 16
PEOPLE = ("Mara Brook", "Tom Ashby", "Ines Vale", "Ada Field", "Ben Orr", "Cleo Marsh")
_DAY = (
    ("brewing a pot of coffee", "☕"),
    ("reading the village newspaper", "📰"),
    ("watering the roses by the fence", "🌱"),
    ("baking bread for the market", "🍞"),
    ("sketching the old mill", "🎨"),
    ("sweeping the floor", "🧹"),
    ("having lunch with the neighbours", "🍽️"),
    ("playing a tune on the fiddle", "🎻"),
    ("writing a letter to her sister", "✍️"),
)
_LINES = (
    "Good morning! Did you hear that the mill is going to have a fair on Saturday?",
    "Really? Then I had better bake twice as many loaves, and some plum cake.",
    "Ines offered to paint the signs. We could hang them by the bridge tonight.",
    "Lovely. I will bring the ladder after lunch.",
)


def small_map() -> str:
    """Return a .tmj with two houses in a meadow; its pictures are in ``tiles.png``."""
    ground = np.ones((HEIGHT, WIDTH), int)
    walls = np.zeros((HEIGHT, WIDTH), int)
    for x, y, w, h in ((2, 2, 6, 5), (12, 6, 6, 6)):
        walls[y : y + h, x : x + w] = 3
        walls[y + 1 : y + h - 1, x + 1 : x + w - 1] = 0
        ground[y : y + h, x : x + w] = 2
        walls[y + h - 1, x + 2] = 0

    def rect(name: str, x: int, y: int, w: int, h: int, **properties: str) -> dict[str, Any]:
        return {
            "name": name,
            "x": x * TILE,
            "y": y * TILE,
            "width": w * TILE,
            "height": h * TILE,
            "properties": [{"name": key, "type": "string", "value": value} for key, value in properties.items()],
        }

    def tiles(name: str, data: np.ndarray[Any, Any]) -> dict[str, Any]:
        return {"type": "tilelayer", "name": name, "width": WIDTH, "height": HEIGHT, "data": data.ravel().tolist()}

    thing = {"state": "idle", "affordances": "using it | busy | 20", "seats": "2", "description": "A plain thing."}
    layers = [
        tiles("Ground", ground),
        tiles("Walls", walls),
        {
            "type": "objectgroup",
            "name": "Sectors",
            "objects": [
                rect("Cottage", 2, 2, 6, 5, kind="home", description="A cottage."),
                rect("Bakery", 12, 6, 6, 6, kind="shop", description="A bakery."),
            ],
        },
        {
            "type": "objectgroup",
            "name": "Arenas",
            "objects": [
                rect("kitchen", 3, 3, 4, 3, description="A kitchen."),
                rect("shop", 13, 7, 4, 4, description="The shop."),
            ],
        },
        {
            "type": "objectgroup",
            "name": "Objects",
            "objects": [rect("stove", 3, 3, 1, 1, **thing), rect("counter", 14, 8, 2, 1, **thing)],
        },
    ]
    tileset = {
        "name": "tiles", "firstgid": 1, "tilecount": 4, "columns": 4, "tilewidth": TILE, "tileheight": TILE,
        "image": "tiles.png", "imagewidth": 4 * TILE, "imageheight": TILE, "spacing": 0, "margin": 0,
    }  # fmt: skip
    root = {
        "type": "map", "orientation": "orthogonal", "infinite": False, "width": WIDTH, "height": HEIGHT,
        "tilewidth": TILE, "tileheight": TILE, "tilesets": [tileset], "layers": layers,
        "properties": [{"name": "name", "type": "string", "value": "Little Thorp"}],
    }  # fmt: skip
    return json.dumps(root)


def small_tiles(size: tuple[int, int] = (4 * TILE, TILE)) -> bytes:
    """Return the PNG of the small map's tiles."""
    picture = Image.new("RGB", size, (120, 170, 90))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((TILE, 0, 2 * TILE - 1, TILE), fill=(214, 190, 150))
    pen.rectangle((2 * TILE, 0, 3 * TILE - 1, TILE), fill=(110, 80, 70))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def write_run(
    folder: Path,
    people: Iterable[str],
    bodies: Iterable[tuple[int, int, Body]],
    *,
    end: int = 7200,
    start: str = "2026-05-04T00:00:00",
    map_text: str | None = None,
    images: dict[str, bytes] | None = None,
    map_path: str = "/nowhere/town.tmj",
    scenario: dict[str, Any] | None = None,
) -> RunFolder:
    """Write a run whose log holds the (time, agent, body) triples."""
    attachments = {"map": Attachment.of(Path(map_path), (map_text or small_map()).encode())}
    for name, content in (images if images is not None else {"tiles.png": small_tiles()}).items():
        attachments[f"image:{name}"] = Attachment.of(Path(map_path).parent / name, content)
    manifest = Manifest(
        scenario=scenario or {}, scenario_digest="", people=list(people), start=start, end=end, seed=1,
        schedule="strict", model="scripted", model_identity="scripted", versions={}, command=[], created="",
        attachments=attachments,
    )  # fmt: skip
    run = RunFolder.create(folder, manifest)
    counts: dict[int, int] = {}
    with FrameWriter(run.events_path, LogKind.EVENTS) as writer:
        log = EventLog(writer)
        for time, agent, body in bodies:
            number = counts[agent] = counts.get(agent, -1) + 1
            log.add(Event(Key(time, WORLD_PRIORITY if agent == WORLD_AGENT else AGENT_PRIORITY, agent, number), body))
        log.release(10**10)
    return run


def village_day(
    town: TownMap, count: int = 6, begin: int = 6 * 3600, end: int = 22 * 3600
) -> list[tuple[int, int, Body]]:
    """Return the events of a day: everybody sleeps, wakes, goes from object to object, and meets others."""
    paths = PathFinder(town)
    spots = [(thing.address, tile) for thing in town.objects for tile in town.standing_tiles(thing.address)[:1]]
    bodies: list[tuple[int, int, Body]] = []
    where = {}
    for agent in range(count):
        address, tile = spots[agent * 7 % len(spots)]
        bodies += [
            (0, agent, Appeared(tile, address)),
            (0, agent, Acted("sleeping", "😴", address, begin)),
            (begin, agent, Planned("day", (PlanEntry(begin, 60, "breakfast", address),))),
        ]
        where[agent] = tile
    for agent in range(count):
        now, turn = begin + agent * 420, 0
        while now < end:
            address, tile = spots[(agent * 11 + turn * 5 + 3) % len(spots)]
            path = paths.path(where[agent], tile) or (where[agent],)
            if len(path) > 1:
                bodies.append((now, agent, Walked(path, 10, address)))
            where[agent] = path[-1]
            now += 10 * len(path)
            text, emoji = _DAY[(agent + turn) % len(_DAY)]
            stay = 1500 + (agent * 7 + turn * 13) % 9 * 240
            bodies += [
                (now, agent, Acted(text, emoji, address, now + stay)),
                (now, agent, ObjectChanged(address, "in use")),
                (now + stay, agent, ObjectChanged(address, "idle")),
            ]
            now, turn = now + stay, turn + 1
        bodies.append((now, agent, Acted("sleeping", "😴", address, now + 8 * 3600)))
    for number, time in enumerate(range(begin + 2400, end - 1800, 2700)):
        one, other = number % count, (number + 1 + number // count) % count
        if one != other:
            bodies += talk(f"c{number}", time, one, other, PEOPLE)
    bodies.append((12 * 3600, 0, Remembered(0, "reflection", "the fair brings everybody together", 7.0, (), ())))
    bodies.append((15 * 3600, WORLD_AGENT, ObjectChanged(spots[0][0], "broken")))
    return sorted(bodies, key=lambda item: item[:2])


def talk(name: str, time: int, one: int, other: int, people: tuple[str, ...]) -> list[tuple[int, int, Body]]:
    """Return the events of a conversation of four lines, 20 seconds each."""
    bodies: list[tuple[int, int, Body]] = [(time, one, ConversationBegan(name, people[other]))]
    for number, line in enumerate(_LINES):
        speaker, hearer = (one, other) if number % 2 == 0 else (other, one)
        bodies.append((time + 20 * number, speaker, Said(name, people[hearer], line)))
    topics = ("the fair on Saturday", "plum cake")
    return [*bodies, (time + 80, one, ConversationEnded(name, people[other], 4, topics))]


def encoded(picture: bytes) -> str:
    """Return bytes as base64 text."""
    return base64.b64encode(picture).decode()
