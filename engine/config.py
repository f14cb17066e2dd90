"""Reading and checking what users write: YAML files against declared settings.

Unknown keys, wrong types and missing keys are one sentence each, with the file, the key and the nearest valid choice.
JSON is YAML too; it is read many times as fast, so what programs write for very many people is best written as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import BadInput, nearest

MAX_BYTES = 4 * 1024 * 1024
"""Largest YAML file that is read."""
MAX_JSON_BYTES = 32 * 1024 * 1024
MAX_JSON_COMMAS = 1_000_000
"""In a JSON file larger than `MAX_BYTES`: a list of numbers takes many times as much memory as its text."""
MANY_FAULTS = 10_000
"""Beyond that nothing is said about any of them: a list of a million takes a gigabyte."""


class Settings(BaseModel):
    """A branch of the configuration tree: typed, frozen, and nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Settings)


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


class _Loader(yaml.SafeLoader):
    """YAML without aliases (a small file could stand for a huge one), repeated keys, and numbers in base 60."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        # YAML 1.1 reads 10:00 as the number 600; here it is the time that it looks like.
        tag: str = super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]
        return "tag:yaml.org,2002:str" if tag in _NUMBERS and ":" in value else tag

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "aliases (*name) are not supported", event.start_mark)
        return super().compose_node(parent, index)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        text = super().construct_scalar(node)
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise yaml.constructor.ConstructorError(None, None, "half of a surrogate pair is no text", node.start_mark)
        return text

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable) or key in seen:
                problem = f"the key {key!r} stands twice" if isinstance(key, Hashable) else "a key must be a plain word"
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class _FastLoader(CParser, _Loader):
        """The same with the parser of libyaml: several times as fast, but what is wrong it says in other words."""

        get_single_node = yaml.SafeLoader.get_single_node

        def __init__(self, text: str) -> None:
            CParser.__init__(self, text)
            yaml.composer.Composer.__init__(self)
            yaml.constructor.SafeConstructor.__init__(self)
            yaml.resolver.Resolver.__init__(self)


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML file. Raises `BadInput` with the line when it holds something else."""
    return parse_yaml(_read(path), str(path))


def read_yaml_list(path: Path) -> list[dict[str, Any]]:
    """Return the list of mappings in a YAML file. Raises `BadInput` with the line when it holds something else."""
    return parse_yaml_list(_read(path), str(path))


def parse_yaml_list(text: str, source: str) -> list[dict[str, Any]]:
    """Return the list of mappings in a YAML text. Raises `BadInput` with the line when it holds something else."""
    data = _load(text, source)
    if not isinstance(data, list):
        raise BadInput(source, "must be a list")
    for number, entry in enumerate(data, start=1):
        if not isinstance(entry, dict):
            raise BadInput(source, "must be a mapping of keys to values", f"entry {number}")
    return [_with_text_keys(entry) for entry in data]


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_JSON_BYTES + 1)
        most = MAX_JSON_BYTES if _may_be_json(content[:1000].decode("utf-8", "replace")) else MAX_BYTES
        if len(content) > most:
            raise BadInput(str(path), f"is larger than {most // 1024 // 1024} MiB")
        return content.decode("utf-8")
    except OSError as error:
        raise BadInput(str(path), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(str(path), "is not text in UTF-8") from error


def parse_yaml(text: str, source: str) -> dict[str, Any]:
    """Return the mapping in a YAML text. Raises `BadInput` with the line when it holds something else."""
    data = _load(text, source)
    if not isinstance(data, dict):
        raise BadInput(source, "must be a mapping of keys to values")
    return _with_text_keys(data)


def _with_text_keys(data: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in data.items()}


def _load(text: str, source: str) -> Any:
    large = len(text) > MAX_BYTES
    if _may_be_json(text[:1000]) and not (large and text.count(",") > MAX_JSON_COMMAS):
        # What is not JSON may still be YAML, which also tells the line of what is wrong.
        with suppress(ValueError, RecursionError):
            return _from_json(text)
    if large:
        size = f"{MAX_BYTES // 1024 // 1024} MiB"
        raise BadInput(source, f"is larger than {size}, and not plain JSON with at most {MAX_JSON_COMMAS:,} commas")
    if yaml.__with_libyaml__ and "\t" not in text:  # where tabs may stand, the two do not agree
        with suppress(yaml.YAMLError, ValueError, RecursionError):
            return yaml.load(text, _FastLoader)  # noqa: S506  a SafeLoader
    return _from_yaml(text, source)


def _may_be_json(beginning: str) -> bool:
    return beginning.lstrip().startswith(("{", "["))


def _from_json(text: str) -> Any:
    """Return what a JSON text stands for. Raises `ValueError` and `RecursionError`."""
    if _SURROGATE.search(text):
        raise ValueError("half of a surrogate pair is no text")
    return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _from_yaml(text: str, source: str) -> Any:
    try:
        return yaml.load(text, _Loader)  # noqa: S506  a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise BadInput(source, str(error.problem), f"line {mark.line + 1}" if mark else "") from error
    except yaml.reader.ReaderError as error:
        problem = f"the character U+{ord(text[error.position]):04X} is not allowed"
        raise BadInput(source, problem, f"line {text.count(chr(10), 0, error.position) + 1}") from error
    except RecursionError as error:
        raise BadInput(source, "is nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadInput(source, f"is not YAML: {error}") from error


def parse_value(text: str, source: str) -> Any:
    """Return one value as it would stand in a YAML file. Raises `BadInput`."""
    return parse_yaml(f"value: {text}", source).get("value")


def check(settings: type[S], data: Mapping[str, Any], source: str) -> S:
    """Return `data` as settings. Raises `BadInput` about the first fault."""
    try:
        return settings.model_validate(dict(data))
    except ValidationError as error:
        if error.error_count() > MANY_FAULTS:
            raise BadInput(source, f"{error.error_count():,} values are not what they must be") from error
        first = error.errors()[0]
        raise BadInput(source, _sentence(settings, first), place(first["loc"])) from error


def place(location: tuple[int | str, ...]) -> str:
    """Return a path into the settings as people write it: ``people[2].home``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return f"key {text.lstrip('.')}" if text else ""


def _sentence(settings: type[Settings], fault: Any) -> str:
    location = fault["loc"]
    match fault["type"]:
        case "extra_forbidden":
            parent = _settings_at(settings, location[:-1])
            return f"unknown key '{location[-1]}'{nearest(str(location[-1]), parent.model_fields if parent else ())}"
        case "missing":
            return "is required"
        case _:
            given = repr(fault.get("input"))
            message = fault["msg"].removeprefix("Value error, ")
            return f"{message} (given: {given if len(given) <= 60 else given[:57] + '…'})"


def _settings_at(settings: type[Settings], location: tuple[int | str, ...]) -> type[Settings] | None:
    found: Any = settings
    for part in location:
        if not (isinstance(found, type) and issubclass(found, Settings)):
            return None
        if part in found.model_fields:  # else the number of a list item, or the key of a mapping
            found = _innermost(found.model_fields[str(part)].annotation)
    return found if isinstance(found, type) and issubclass(found, Settings) else None


def _innermost(annotation: Any) -> Any:
    for argument in get_args(annotation):
        inner = _innermost(argument)
        if isinstance(inner, type) and issubclass(inner, Settings):
            return inner
    return annotation
