"""The manifest of a run: everything needed to run it again."""

from __future__ import annotations

import base64
import hashlib
import os
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from engine.errors import BadInput

FORMAT = 1
MAX_ATTACHMENT = 256 * 1024 * 1024


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
        packed = base64.b64encode(zlib.compress(content, 9)).decode("ascii")
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

    @field_validator("format")
    @classmethod
    def _is_known(cls, value: int) -> int:
        # The first field, so that a newer manifest is called that, and not a wrong one.
        if value != FORMAT:
            raise ValueError(f"this version of Thorp reads format {FORMAT}, not {value}")
        return value

    def write(self, folder: Path) -> None:
        """Write `manifest.json` into `folder` so that it is there as a whole or not at all."""
        target, draft = folder / "manifest.json", folder / ".manifest.json.draft"
        with draft.open("w", encoding="utf-8") as file:
            file.write(self.model_dump_json(indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a run folder's manifest. Raises `BadInput` when there is none or it is not one."""
        path = folder / "manifest.json"
        try:
            manifest = cls.model_validate_json(path.read_bytes())
            datetime.fromisoformat(manifest.start) + timedelta(seconds=manifest.end)
        except OSError as error:
            raise BadInput(str(folder), "is not a run folder: it has no readable manifest.json") from error
        except ValidationError as error:
            first = error.errors()[0]
            message = first["msg"].removeprefix("Value error, ")
            raise BadInput(str(path), message, ".".join(map(str, first["loc"]))) from error
        except OverflowError as error:
            raise BadInput(str(path), "lies too far from the start", "end") from error
        except ValueError as error:
            raise BadInput(str(path), "is not an ISO 8601 instant", "start") from error
        return manifest
