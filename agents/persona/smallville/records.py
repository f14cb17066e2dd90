"""What a persona folder of the original town holds, as typed records: reading and writing them loses nothing.

Keys that are not known are kept as they are. The vectors in embeddings.json are not read: they belong to another model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from engine.faults import Faults
from engine.untrusted import shown

NODE_TIME = "%Y-%m-%d %H:%M:%S"
SCRATCH, SPATIAL, NODES, STRENGTHS = (
    "scratch.json", "spatial_memory.json", "associative_memory/nodes.json", "associative_memory/kw_strength.json",
)  # fmt: skip
"""The files of a persona, in its folder `bootstrap_memory`."""
FAULTS_EACH = 20
"""Faults of one record that are noted."""


def _a_time(text: str) -> str:
    try:
        time = datetime.strptime(text, NODE_TIME)
    except ValueError:
        time = None
    if time is None or time.strftime(NODE_TIME) != text:
        raise ValueError("must be a time such as 2023-02-13 00:00:00")
    return text


Number = int | float
Time = Annotated[str, AfterValidator(_a_time)]
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]
"""Who says what."""
Triple = Annotated[list[str | None], Field(min_length=3, max_length=3)]
"""Subject, predicate, object."""
TileXY = Annotated[list[int], Field(min_length=2, max_length=2)]
Scheduled = Annotated[list[str | int], Field(min_length=2, max_length=2)]
"""What, and for how many minutes."""
Texts = Annotated[list[str], Field(fail_fast=True)]
Lines = Annotated[list[Pair], Field(fail_fast=True)]
Schedule = Annotated[list[Scheduled], Field(fail_fast=True)]


class _Record(BaseModel):
    """Types are checked, nothing is converted, and what is not known is kept."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)

    def as_json(self) -> dict[str, Any]:
        """Return exactly what was read."""
        return self.model_dump(exclude_unset=True)


class Scratch(_Record):
    """Who somebody is, and what they are doing. Only what makes a person must be there."""

    name: str
    age: int = Field(ge=0, le=200)
    innate: str
    """Traits."""
    learned: str
    """Biography."""
    currently: str
    lifestyle: str
    living_area: str
    """An address, with the world's name."""
    daily_plan_req: str = ""
    first_name: str = ""
    last_name: str = ""
    vision_r: int = 4
    att_bandwidth: int = 3
    retention: int = 5
    curr_time: str | None = None
    curr_tile: TileXY | None = None
    concept_forget: Number = 100
    daily_reflection_time: Number = 180
    daily_reflection_size: Number = 5
    overlap_reflect_th: Number = 2
    kw_strg_event_reflect_th: Number = 4
    kw_strg_thought_reflect_th: Number = 4
    recency_w: Number = 1
    relevance_w: Number = 1
    importance_w: Number = 1
    recency_decay: Number = 0.99
    importance_trigger_max: Number = 150
    importance_trigger_curr: Number = 150
    importance_ele_n: int = 0
    thought_count: int = 5
    daily_req: Texts = []
    f_daily_schedule: Schedule = []
    f_daily_schedule_hourly_org: Schedule = []
    act_address: str | None = None
    act_start_time: str | None = None
    act_duration: Number | None = None
    act_description: str | None = None
    act_pronunciatio: str | None = None
    act_event: Triple | None = None
    act_obj_description: str | None = None
    act_obj_pronunciatio: str | None = None
    act_obj_event: Triple | None = None
    chatting_with: str | None = None
    chat: Lines | None = None
    chatting_with_buffer: dict[str, int] = {}
    chatting_end_time: str | None = None
    act_path_set: bool = False
    planned_path: Annotated[list[TileXY], Field(fail_fast=True)] = []


class Node(_Record):
    """One memory."""

    node_count: int
    type_count: int
    type: Literal["event", "thought", "chat"]
    depth: int
    created: Time
    expiration: Time | None
    subject: str | None
    predicate: str | None
    object: str | None
    description: str
    embedding_key: str
    poignancy: Number
    keywords: Texts
    filling: Texts | Lines | str | None
    """Evidence of a thought and chats of an event by their ids, the lines of a chat, or, a known slip, a bare id."""


class Strengths(_Record):
    """How often keywords occurred."""

    kw_strength_event: dict[str, int]
    kw_strength_thought: dict[str, int]


R = TypeVar("R", bound=_Record)

Tree = dict[str, dict[str, dict[str, list[str]]]]
"""World, sector, arena, and the objects that somebody knows there."""

_TREE = TypeAdapter(Tree, config=ConfigDict(strict=True))


@dataclass(frozen=True, slots=True)
class PersonaRecord:
    """All that a persona folder holds. What is not there is None."""

    scratch: Scratch
    spatial: Tree | None = field(repr=False)
    nodes: Mapping[str, Node] | None = field(repr=False)
    """By id, in file order: newest first."""
    strengths: Strengths | None = field(repr=False)

    @property
    def name(self) -> str:
        """The person's full name."""
        return self.scratch.name

    def as_files(self) -> dict[str, Any]:
        """Return the JSON content of each file, exactly as it was read."""
        files: dict[str, Any] = {SCRATCH: self.scratch.as_json()}
        if self.spatial is not None:
            files[SPATIAL] = self.spatial
        if self.nodes is not None:
            files[NODES] = {key: node.as_json() for key, node in self.nodes.items()}
        if self.strengths is not None:
            files[STRENGTHS] = self.strengths.as_json()
        return files

    @classmethod
    def of(cls, files: Mapping[str, Any], place: str, faults: Faults) -> PersonaRecord | None:
        """Check the content of the files; None after noting, at `place`, what is wrong with them."""
        before = len(faults)
        scratch = _checked(Scratch, files.get(SCRATCH), f"{place}/{SCRATCH}", faults)
        spatial = _tree(files[SPATIAL], f"{place}/{SPATIAL}", faults) if SPATIAL in files else None
        nodes = _nodes(files[NODES], f"{place}/{NODES}", faults) if NODES in files else None
        strengths = None
        if STRENGTHS in files:
            strengths = _checked(Strengths, files[STRENGTHS], f"{place}/{STRENGTHS}", faults)
        if scratch is None or len(faults) > before:
            return None
        return cls(scratch, spatial, nodes, strengths)


def _nodes(data: object, place: str, faults: Faults) -> dict[str, Node]:
    if not isinstance(data, dict):
        faults.add(place, "must be an object with the memories by their ids")
        return {}
    found = {}
    for key, value in data.items():
        number = key.removeprefix("node_")
        if not (key.startswith("node_") and number.isascii() and number.isdecimal() and len(number) <= 9):
            faults.add(f"{place}, {shown(key)}", "is no id of a memory (node_1, node_2, ...)")
        elif (node := _checked(Node, value, f"{place}, {key}", faults)) is not None:
            found[key] = node
    return found


def _tree(data: object, place: str, faults: Faults) -> Tree:
    try:
        return _TREE.validate_python(data)
    except ValidationError as error:
        _note(error, place, faults)
        return {}


def _checked(kind: type[R], data: object, place: str, faults: Faults) -> R | None:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        _note(error, place, faults)
        return None


def _note(error: ValidationError, place: str, faults: Faults) -> None:
    for fault in error.errors(include_url=False)[:FAULTS_EACH]:
        where = ".".join(map(str, fault["loc"]))[:80]
        given = "" if fault["type"] == "missing" else f", not {shown(fault['input'])}"
        problem = fault["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
        faults.add(f"{place}, {where}" if where else place, f"{problem}{given}")
