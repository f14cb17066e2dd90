"""A small town, its people and a run of it, made up, in the formats of the original town."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

WORLD = "Brookside"
MAZE = "brookside"
PEOPLE = ("Ann Reed", "Bob Hale")

COLLISION = """
..............
.#####..####..
.#...#..#..#..
.#...#..#..#..
.##.##..#.##..
..............
..............
.####.........
.#..#...###...
.####...###...
..............
"""
SECTOR = """
..............
.aaaaa..bbbb..
.aaaaa..bbbb..
.aaaaa..bbbb..
.aaaaa..bbbb..
..............
..............
..............
.......cccccc.
.......cccccc.
.......cccccc.
"""
ARENA = """
..............
..............
..rrr....kk...
..rrr....kk...
..............
..............
..............
..............
.......pppppp.
.......pppppp.
.......pppppp.
"""
OBJECT = """
..............
..............
..B.D....CS...
..............
..............
..............
..............
..............
.......GG.....
..............
..............
"""
SPAWN = """
..............
..............
..1...........
..2...........
..............
..............
..............
..............
..............
..............
..............
"""
SECTORS = {"a": (101, "Ann Reed's house"), "b": (102, "Corner Cafe"), "c": (103, "Green Park")}
ARENAS = {
    "r": (201, "Ann Reed's house", "main room"),
    "k": (202, "Corner Cafe", "cafe"),
    "p": (203, "Green Park", "park"),
}
OBJECTS = {
    "B": (301, "bed"), "D": (302, "desk"), "C": (303, "behind the cafe counter"), "S": (304, "strange machine"),
    "G": (305, "park garden"),
}  # fmt: skip
SPAWNS = {"1": (401, "sp-A"), "2": (402, "sp-B")}

SCRATCH: dict[str, Any] = {
    "vision_r": 8, "att_bandwidth": 8, "retention": 8, "curr_time": None, "curr_tile": None,
    "daily_plan_req": "Ann Reed opens the Corner Cafe at 8am everyday, and stands at the counter until 4pm.",
    "name": "Ann Reed", "first_name": "Ann", "last_name": "Reed", "age": 41, "innate": "calm, funny, stubborn",
    "learned": "Ann Reed is the owner of the Corner Cafe. She knows everybody by name.",
    "currently": "Ann Reed is planning a breakfast for the whole street.",
    "lifestyle": "Ann Reed goes to bed around 10pm, awakes up around 6am, eats dinner around 6pm.",
    "living_area": "Brookside:Ann Reed's house:main room", "recency_decay": 0.995, "importance_trigger_max": 150,
    "importance_trigger_curr": 150, "daily_req": [], "f_daily_schedule": [["sleeping", 360]],
    "act_event": ["Ann Reed", None, None], "act_obj_event": [None, None, None], "chat": None,
    "chatting_with_buffer": {"Bob Hale": -12}, "act_path_set": False, "planned_path": [[2, 3]],
}  # fmt: skip
SPATIAL = {WORLD: {"Ann Reed's house": {"main room": ["bed", "desk"]}, "Corner Cafe": {"cafe": []}}}
NODES: dict[str, Any] = {
    "node_4": {
        "node_count": 4, "type_count": 2, "type": "thought", "depth": 2, "created": "2023-02-13 09:00:00",
        "expiration": "2023-03-15 09:00:00", "subject": "Ann Reed", "predicate": "like", "object": "Bob Hale",
        "description": "Ann Reed likes Bob Hale", "embedding_key": "Ann Reed likes Bob Hale", "poignancy": 7,
        "keywords": ["Bob Hale"], "filling": ["node_2", "node_3"],
    },
    "node_3": {
        "node_count": 3, "type_count": 1, "type": "thought", "depth": 1, "created": "2023-02-13 08:30:00",
        "expiration": None, "subject": "Ann Reed", "predicate": "plan", "object": "Monday", "keywords": ["plan"],
        "description": "Ann Reed plans the day", "embedding_key": "plan", "poignancy": 5, "filling": "node_1",
    },
    "node_2": {
        "node_count": 2, "type_count": 1, "type": "chat", "depth": 0, "created": "2023-02-13 08:20:00",
        "expiration": None, "subject": "Ann Reed", "predicate": "chat with", "object": "Bob Hale",
        "description": "talking about tea", "embedding_key": "talking about tea", "poignancy": 3,
        "keywords": ["Bob Hale"], "filling": [["Ann Reed", "Tea?"], ["Bob Hale", "Please."]],
    },
    "node_1": {
        "node_count": 1, "type_count": 1, "type": "event", "depth": 0, "created": "2023-02-13 08:00:00",
        "expiration": None, "subject": "bed", "predicate": "is", "object": "idle", "description": "bed is idle",
        "embedding_key": "bed is idle", "poignancy": 1, "keywords": ["bed", "idle"], "filling": None,
    },
}  # fmt: skip
STRENGTHS = {"kw_strength_event": {"bed": 2}, "kw_strength_thought": {"bob hale": 1}}
META: dict[str, Any] = {
    "fork_sim_code": "base", "start_date": "February 13, 2023", "curr_time": "February 13, 2023, 08:01:00",
    "sec_per_step": 10, "maze_name": MAZE, "persona_names": list(PEOPLE), "step": 6,
}  # fmt: skip
ASLEEP = "sleeping @ Brookside:Ann Reed's house:main room:bed"
TALKING = "conversing about the price of tea @ <persona> {}"
CHAT = [["Bob Hale", "Tea is dear."], ["Ann Reed", "It is."]]
STEPS: dict[str, dict[str, Any]] = {
    "0": {
        "Ann Reed": {"movement": [2, 2], "pronunciatio": "💤", "description": ASLEEP, "chat": None},
        "Bob Hale": {"movement": [3, 4], "pronunciatio": "🚶‍♂", "description": "walking @ <waiting> 3 5", "chat": None},
    },
    "1": {
        "Bob Hale": {"movement": [3, 3], "pronunciatio": "🚶‍♂", "description": "walking @ <waiting> 3 5", "chat": None}
    },
    "2": {
        "Ann Reed": {"movement": [2, 2], "pronunciatio": "💬", "description": TALKING.format("Bob Hale"), "chat": CHAT},
        "Bob Hale": {"movement": [2, 3], "pronunciatio": "💬", "description": TALKING.format("Ann Reed"), "chat": CHAT},
    },
    "3": {},
    "4": {
        "Ann Reed": {"movement": [2, 2], "pronunciatio": "💤", "description": ASLEEP, "chat": None},
        "Bob Hale": {"movement": [12, 9], "pronunciatio": "", "description": "strolling", "chat": None},
    },
    "5": {"Bob Hale": {"movement": [12, 10], "pronunciatio": "", "description": "strolling", "chat": None}},
}


def write_map(front: Path) -> Path:
    """Write the map where a simulation finds it below `front`; return the folder with maze_meta_info.json."""
    folder = front / "static_dirs" / "assets" / MAZE / "matrix"
    (folder / "maze").mkdir(parents=True)
    (folder / "special_blocks").mkdir()
    rows = COLLISION.split()
    meta = {"world_name": "brook side", "maze_width": len(rows[0]), "maze_height": len(rows), "sq_tile_size": 32}
    write_json(folder / "maze_meta_info.json", meta | {"special_constraint": ""})
    numbers = {"collision": {"#": 99}} | {
        name: {letter: row[0] for letter, row in table.items()}
        for name, table in (
            ("sector", SECTORS),
            ("arena", ARENAS),
            ("game_object", OBJECTS),
            ("spawning_location", SPAWNS),
        )
    }
    drawings = {
        "collision": COLLISION,
        "sector": SECTOR,
        "arena": ARENA,
        "game_object": OBJECT,
        "spawning_location": SPAWN,
    }
    for name, drawing in drawings.items():
        ids = [str(numbers[name].get(letter, 0)) for row in drawing.split() for letter in row]
        (folder / "maze" / f"{name}_maze.csv").write_text(", ".join(ids))
    tables: dict[str, list[tuple[object, ...]]] = {
        "world": [(100, WORLD)],
        "sector": [(number, WORLD, name) for number, name in SECTORS.values()],
        "arena": [(number, WORLD, *names) for number, *names in ARENAS.values()],
        "game_object": [(number, WORLD, "<all>", name) for number, name in OBJECTS.values()],
        "spawning_location": [(number, WORLD, *ARENAS["r"][1:], name) for number, name in SPAWNS.values()],
    }
    for name, table in tables.items():
        text = "\n".join(", ".join(map(str, row)) for row in table)
        (folder / "special_blocks" / f"{name}_blocks.csv").write_text(f"{text} \n")
    return folder


def write_people(simulation: Path, changes: Mapping[str, Any] | None = None) -> Path:
    """Write two people into a simulation's folder `personas`. `changes` are files of Ann's with other content."""
    bob = SCRATCH | {
        "name": "Bob Hale",
        "first_name": "Bob",
        "last_name": "Hale",
        "learned": "Bob Hale fishes.",
        "daily_plan_req": "",
    }
    files: dict[str, dict[str, Any]] = {
        "Ann Reed": {
            "scratch.json": SCRATCH, "spatial_memory.json": SPATIAL, "associative_memory/nodes.json": NODES,
            "associative_memory/kw_strength.json": STRENGTHS,
        } | dict(changes or {}),
        "Bob Hale": {"scratch.json": bob, "associative_memory/nodes.json": {}},
    }  # fmt: skip
    for name, contents in files.items():
        for file, content in contents.items():
            write_json(simulation / "personas" / name / "bootstrap_memory" / file, content)
    return simulation / "personas"


def write_base(front: Path) -> Path:
    """Write a simulation with people and no steps; return its folder."""
    simulation = front / "storage" / "base_brookside"
    write_json(simulation / "reverie" / "meta.json", META | {"step": 0, "curr_time": "February 13, 2023, 00:00:00"})
    write_people(simulation)
    return simulation


def write_compressed(front: Path, steps: Mapping[str, Any] = STEPS, meta: Mapping[str, Any] = META) -> Path:
    """Write a compressed replay; return its folder."""
    simulation = front / "compressed_storage" / "brookside-day"
    write_json(simulation / "master_movement.json", steps)
    write_json(simulation / "meta.json", meta)
    return simulation


def write_saved(front: Path) -> Path:
    """Write the same run step by step; return its folder."""
    simulation = front / "storage" / "brookside-day"
    write_json(simulation / "reverie" / "meta.json", META)
    now: dict[str, Any] = {}
    for step, records in STEPS.items():
        before, now = now, now | deepcopy(records)
        places = {
            name: {"maze": MAZE, "x": record["movement"][0], "y": record["movement"][1]}
            for name, record in (before or now).items()
        }
        write_json(simulation / "environment" / f"{step}.json", places)
        time = f"February 13, 2023, 08:00:{10 * int(step):02d}"
        write_json(simulation / "movement" / f"{step}.json", {"persona": now, "meta": {"curr_time": time}})
    return simulation


def write_json(path: Path, content: object) -> None:
    """Write a JSON file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
