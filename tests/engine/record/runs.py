"""Small run folders for tests."""

from __future__ import annotations

from typing import Any

from engine.record.manifest import Manifest


def example(**changes: Any) -> Manifest:
    """A manifest of a run of two people."""
    fields: dict[str, Any] = {
        "scenario": {"name": "test", "people": [{"name": "Ida"}, {"name": "Tomas"}]},
        "scenario_digest": "0" * 64,
        "people": ["Ida", "Tomas"],
        "start": "2023-02-13T06:30:00",
        "end": 3600,
        "seed": 1,
        "schedule": "strict",
        "model": "scripted",
        "model_identity": "scripted-1",
        "versions": {"python": "3.11"},
        "command": ["run"],
        "created": "2026-01-01T00:00:00+00:00",
    }
    return Manifest(**(fields | changes))
