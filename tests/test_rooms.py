"""Who may know whom: the imports of every module, checked against the picture of the rooms."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_KNOW = {
    "engine": {"engine"},
    "worlds": {"worlds", "engine"},
    "agents": {"agents", "engine"},
    "replay": {"replay", "engine.record", "engine.errors", "engine.phrases", "worlds.town"},
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
    ours = [name for name in imports_of(path) if name.split(".")[0] in MAY_KNOW or name.startswith("thorp_")]
    strangers = [name for name in ours if not any(name == k or name.startswith(f"{k}.") for k in known)]
    assert strangers == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("thorp_cli", {"torch", "pygame", "sentence_transformers", "faiss", "httpx", "starlette", "uvicorn"}),
        ("thorp_town", {"torch", "pygame", "sentence_transformers", "httpx"}),
        ("engine.llm.remote.backend", {"torch", "sentence_transformers", "starlette"}),
        ("thorp_fork", {"torch", "pygame", "sentence_transformers"}),
        ("thorp_commands.lineage", {"torch", "pygame", "sentence_transformers", "faiss"}),
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


def test_every_module_beside_the_rooms_is_listed_by_name() -> None:
    lists = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    modules = sorted(["run_sim", *(path.stem for path in ROOT.glob("thorp_*.py"))])
    assert sorted(lists["setuptools"]["py-modules"]) == modules
    assert sorted(lists["mypy"]["modules"]) == modules
    assert "thorp_commands" in lists["setuptools"]["packages"]
    assert "thorp_commands" in lists["mypy"]["packages"]
