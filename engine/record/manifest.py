"""The manifest of a run: everything needed to run it again."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from engine.errors import BadInput
from engine.record.frames import LogKind
from engine.record.marks import Mark
from engine.record.plain_file import open_plain
from engine.record.whole_file import draft_of, write_whole

FORMAT = 1
NAME = "manifest.json"
DRAFT = draft_of(Path(NAME)).name
"""What a crash while the manifest is written can leave; it says nothing."""
MAX_ATTACHMENT = 256 * 1024 * 1024
MAX_BYTES = 256 * 1024 * 1024
MAX_COMMAS = 1_000_000
"""In the whole manifest: what is wrong with each of many parts takes hundreds of times as much memory as they do.

The manifest of 10,000 people has half as many.
"""
MANY_FAULTS = 10_000
"""Beyond that nothing is said about any of them: a list of a million takes a gigabyte."""


class Attachment(BaseModel):
    """A copy of an input file, so that a run folder explains itself anywhere: its content, deflated, in base64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    """Where the file was when the run began."""
    sha256: str
    data: str

    @classmethod
    def of(cls, path: Path, content: bytes) -> Attachment:
        """Pack a file's content."""
        packed = base64.b64encode(zlib.compress(content)).decode("ascii")
        return cls(path=str(path), sha256=hashlib.sha256(content).hexdigest(), data=packed)

    def content(self) -> bytes:
        """Unpack, bounded in size and checked. Raises `BadInput` when it is not what was packed."""
        try:
            unpacker = zlib.decompressobj()
            content = unpacker.decompress(base64.b64decode(self.data, validate=True), MAX_ATTACHMENT)
        except (ValueError, zlib.error) as error:
            raise BadInput("manifest.json", f"the copy of {self.path} is damaged") from error
        if unpacker.unconsumed_tail or hashlib.sha256(content).hexdigest() != self.sha256:
            raise BadInput("manifest.json", f"the copy of {self.path} is damaged")
        return content


class Parent(BaseModel):
    """The run that this one was forked from: where it was, and its events before the second `at`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    at: int = Field(ge=0)
    events: int = Field(ge=0)
    digest: str
    """Of these events (see `PayloadsDigest`)."""


class Change(BaseModel):
    """What is different from the second `at` on: settings by dotted key, and the seed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: int = Field(ge=0)
    settings: dict[str, Any] = Field(default_factory=dict)
    seed: int | None = Field(default=None, ge=0, lt=2**63)


class Continuation(BaseModel):
    """A run was resumed: by which command, when, until which second, and how many replies were recorded by then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: list[str]
    created: str
    end: int = Field(ge=0)
    replies: int = Field(ge=0)


class Holdings(BaseModel):
    """Marks of the two logs, as they were on disk when this was written (see `engine.record.marks`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    events: list[Mark]
    replies: list[Mark]


class Letter(BaseModel):
    """So many interventions were handed over to the run, in the letter `name`, and hold from second `since` on.

    What they are is at the end of the scenario's interventions.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    created: str
    since: int = Field(ge=0)
    interventions: int = Field(ge=0)


class Manifest(BaseModel):
    """What was run: scenario, people in index order, seed, schedule, model and versions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = FORMAT
    scenario: dict[str, Any]
    """The validated scenario with every default filled in and every command-line setting applied."""
    scenario_digest: str
    people: list[str]
    start: str
    """The instant of simulated time 0, ISO 8601."""
    end: int = Field(ge=0)
    """Simulated seconds the run was asked to last."""
    seed: int
    schedule: str
    model: str
    """The model as asked for (`--model`)."""
    model_identity: str
    versions: dict[str, str]
    command: list[str]
    created: str
    """Wall-clock time at which the run began; for people, used by nothing."""
    attachments: dict[str, Attachment] = Field(default_factory=dict)
    parent: Parent | None = None
    changes: list[Change] = Field(default_factory=list)
    """What a fork changed, in the order in which it was asked for; those of the runs it was forked from come first."""
    continuations: list[Continuation] = Field(default_factory=list)
    letters: list[Letter] = Field(default_factory=list)
    """What was handed over to the run since it began, in the order in which it was taken in."""
    reached: int = Field(default=0, ge=0)
    """A second before which everything is in the log; known only when the run ended in good order."""
    holds: Holdings | None = None
    """What the logs begin with; written when the run ends in good order, and now and then before. None in old runs."""

    @field_validator("format")
    @classmethod
    def _is_known(cls, value: int) -> int:
        # The first field, so that a newer manifest is called that, and not a wrong one.
        if value != FORMAT:
            raise ValueError(f"this version of Thorp reads format {FORMAT}, not {value}")
        return value

    def marks(self, kind: LogKind) -> list[Mark]:
        """Return what is known of a log's beginning."""
        if self.holds is None:
            return []
        return self.holds.events if kind is LogKind.EVENTS else self.holds.replies

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into `folder` so that it is there as a whole or not at all. Raises `OSError`."""
        content = self.model_dump_json(indent=1).encode() + b"\n"
        if _is_too_large(content):
            raise OSError(errno.EFBIG, "the manifest is too large")
        write_whole(folder / NAME, content)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a run folder's manifest. Raises `BadInput` when there is none or it is not one."""
        path = folder / NAME
        try:
            with open_plain(path) as file:
                size = os.fstat(file.fileno()).st_size
                content = file.read(min(size, MAX_BYTES + 1))
            if _is_too_large(content):
                raise BadInput(str(path), "is too large for a manifest")
            manifest = cls.model_validate_json(content)
            known = (letter.since for letter in manifest.letters)
            last = max(manifest.end, manifest.reached, manifest.parent.at if manifest.parent else 0, *known)
            datetime.fromisoformat(manifest.start) + timedelta(seconds=last)
        except OSError as error:
            problem = "is not a run folder: it has no readable manifest.json"
            if (folder / DRAFT).exists():
                problem += " (the run was stopped before it began; begin it again with thorp run)"
            raise BadInput(str(folder), problem) from error
        except ValidationError as error:
            if error.error_count() > MANY_FAULTS:
                problem = f"{error.error_count():,} values are not what they must be"
                raise BadInput(str(path), problem) from error
            first = error.errors()[0]
            message = first["msg"].removeprefix("Value error, ")
            raise BadInput(str(path), message, ".".join(map(str, first["loc"]))[:200]) from error
        except OverflowError as error:
            raise BadInput(str(path), "lies too far from the start", "end") from error
        except ValueError as error:
            raise BadInput(str(path), "is not an ISO 8601 instant", "start") from error
        return manifest


def _is_too_large(content: bytes) -> bool:
    return len(content) > MAX_BYTES or content.count(b",") > MAX_COMMAS
