"""Who may know whom: the imports of every module, checked against the picture of the rooms."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_KNOW = {
    "engine": {"engine"},
    "worlds": {"worlds", "engine"},
    "agents": {"agents", "engine"},
    "replay": {"replay", "engine.record", "engine.errors", "engine.phrases", "worlds.town"},
    "thorp": {"thorp", "engine", "worlds", "agents", "replay"},
}


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def modules() -> list[Path]:
    return sorted(path for room in MAY_KNOW for path in (ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_it_may_know(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    known = MAY_KNOW[room]
    ours = [name for name in imports_of(path) if name.split(".")[0] in MAY_KNOW]
    strangers = [name for name in ours if not any(name == k or name.startswith(f"{k}.") for k in known)]
    assert strangers == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("thorp.cli", {"torch", "pygame", "sentence_transformers", "faiss", "httpx", "starlette", "uvicorn"}),
        ("thorp.town", {"torch", "pygame", "sentence_transformers", "httpx"}),
        ("engine.llm.remote.backend", {"torch", "sentence_transformers", "starlette"}),
        ("thorp.fork", {"torch", "pygame", "sentence_transformers"}),
        ("thorp.commands.lineage", {"torch", "pygame", "sentence_transformers", "faiss"}),
        ("replay.viewer", {"torch", "faiss", "agents"}),
        ("replay.story", {"torch", "pygame", "agents"}),
    ],
)
def test_heavy_libraries_are_loaded_only_where_they_are_used(module: str, heavy: set[str]) -> None:
    code = f"import sys, {module}; print(' '.join(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert heavy & set(found.stdout.split()) == set()


def test_every_package_is_listed_by_name() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    packages = sorted(
        ".".join(path.parent.relative_to(ROOT).parts)
        for room in MAY_KNOW
        for path in (ROOT / room).rglob("__init__.py")
    )
    assert [name for name in packages if f'"{name}"' not in text] == []


def test_what_commands_do_knows_no_command() -> None:
    others = [path for path in (ROOT / "thorp").glob("*.py") if path.name != "cli.py"]
    assert others
    assert [path.name for path in others if any(n.startswith("thorp.commands") for n in imports_of(path))] == []
