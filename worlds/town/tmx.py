"""Tiled's XML form (.tmx, .tsx), read into the shape of its JSON form, so that every check exists once.

The published parser of both forms, pytiled-parser 2.2.9, was tried and is not used: it follows tilesets out of the
map's folder, expands entities, unpacks tile data without bounds (52 kB of a file took 640 MB), stops at the first key
that is missing, and reads 2 of Tiled's 17 unpacked example maps. What is left to do behind checks of our own is this
module. It refuses what a map has no use for and others have misused: entities and document types with an inner part,
deep nesting, and more elements than any town has. Nothing outside of the given bytes is ever opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn
from xml.parsers import expat

from worlds.town.faults import Faults

MAX_DEPTH = 64
MAX_ELEMENTS = 500_000
"""Read into memory; single tiles of layers, and what is skipped, do not count."""

LAYERS = {"layer": "tilelayer", "objectgroup": "objectgroup", "imagelayer": "imagelayer", "group": "group"}
"""What a layer's element is called, and its type in JSON."""

SHAPES = ("point", "ellipse", "capsule", "polygon", "polyline", "text")

_KNOWN: Mapping[str, frozenset[str]] = {
    "map": frozenset({"properties", "tileset", *LAYERS}),
    "group": frozenset(LAYERS),
    "layer": frozenset({"data"}),
    "data": frozenset({"chunk"}),
    "objectgroup": frozenset({"object"}),
    "object": frozenset({"properties", *SHAPES}),
    "properties": frozenset({"property"}),
    "tileset": frozenset({"image", "tile", "tileoffset"}),
    "tile": frozenset({"image"}),
}
"""The elements that are read within each; all others are skipped, as unknown keys are in JSON."""

_WITH_TEXT = frozenset({"data", "property"})
_FLAGS = frozenset({"visible", "infinite"})
_NUMBERS = frozenset(
    {
        "width", "height", "tilewidth", "tileheight", "x", "y", "rotation", "opacity", "offsetx", "offsety", "gid",
        "id", "firstgid", "tilecount", "columns", "spacing", "margin",
    }
)  # fmt: skip
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,30})?([eE][-+]?\d{1,3})?", re.ASCII)


def read_xml(content: bytes, place: str, faults: Faults) -> dict[str, Any] | None:
    """Return a map or tileset as Tiled's JSON form would say it; None after noting why it cannot be read."""
    parser = expat.ParserCreate()
    builder = _Builder()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = _doctype
    parser.EntityDeclHandler = _entity
    parser.ExternalEntityRefHandler = _entity
    parser.SkippedEntityHandler = _entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        faults.add(place, f"not valid XML, or cut off: {error}")
        return None
    except (_Refused, LookupError, ValueError) as error:
        faults.add(place, f"not usable XML: {error} (line {parser.CurrentLineNumber})")
        return None
    assert builder.root is not None, "a document without a root is no valid XML"
    if builder.root.tag not in _FORMS:
        faults.add(place, f"this XML file is no Tiled map or tileset: it holds a '{builder.root.tag[:40]}'")
        return None
    return _FORMS[builder.root.tag](builder.root)


class _Refused(Exception):
    """What no map needs."""


class _Element:
    """One element: its attributes, the elements in it that are known, its text, and its single tiles."""

    __slots__ = ("attributes", "inner", "tag", "text", "tiles")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.inner: list[_Element] = []
        self.text: list[str] = []
        self.tiles: list[object] = []

    def first(self, tag: str) -> _Element | None:
        return next((element for element in self.inner if element.tag == tag), None)

    def all(self, tag: str) -> list[_Element]:
        return [element for element in self.inner if element.tag == tag]


class _Builder:
    """Keeps the elements that are known."""

    def __init__(self) -> None:
        self.root: _Element | None = None
        self._open: list[_Element] = []
        self._skipped = 0
        """How deep the parser is in something unknown."""
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._open) + self._skipped >= MAX_DEPTH:
            raise _Refused(f"elements are nested more than {MAX_DEPTH} deep")
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.tag == "data" and tag == "tile" and not self._skipped:
            parent.tiles.append(_number(attributes.get("gid", "0")))
        if self._skipped or (parent is not None and tag not in _KNOWN.get(parent.tag, ())):
            self._skipped += 1
            return
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise _Refused(f"it has more than {MAX_ELEMENTS} elements")
        element = _Element(tag, attributes)
        if parent is None:
            self.root = element
        else:
            parent.inner.append(element)
        self._open.append(element)

    def end(self, _: str) -> None:
        if self._skipped:
            self._skipped -= 1
        else:
            self._open.pop()

    def characters(self, text: str) -> None:
        if not self._skipped and self._open[-1].tag in _WITH_TEXT:
            self._open[-1].text.append(text)


def _doctype(_: str, __: str | None, ___: str | None, has_inner_part: bool) -> None:
    if has_inner_part:
        raise _Refused("it declares a document type of its own; a map needs none")


def _entity(*_: object) -> NoReturn:
    raise _Refused("it uses entities; a map needs none")


def _map(element: _Element) -> dict[str, Any]:
    return {
        **_fields(element),
        "type": "map",
        "properties": _properties(element),
        "tilesets": [_tileset(inner) for inner in element.all("tileset")],
        "layers": _layers(element),
    }


def _layers(element: _Element) -> list[dict[str, Any]]:
    return [_layer(inner) for inner in element.inner if inner.tag in LAYERS]


def _layer(element: _Element) -> dict[str, Any]:
    layer = {"name": "", **_fields(element), "type": LAYERS[element.tag]}
    match element.tag:
        case "layer":
            layer |= _data(element.first("data"))
        case "objectgroup":
            layer["objects"] = [_object(inner) for inner in element.all("object")]
        case "group":
            layer["layers"] = _layers(element)
    return layer


def _data(element: _Element | None) -> dict[str, Any]:
    """Return the tiles of a layer; those that are elements of their own become a list, as CSV is one in JSON."""
    if element is None:
        return {}
    if element.all("chunk"):
        return {"chunks": []}
    encoding: dict[str, Any] = {
        key: element.attributes[key] for key in ("encoding", "compression") if key in element.attributes
    }
    return {**encoding, "data": "".join(element.text) if encoding else element.tiles}


def _object(element: _Element) -> dict[str, Any]:
    shapes = {shape: True for shape in SHAPES if element.first(shape)}
    return {**_fields(element), **shapes, "properties": _properties(element)}


def _tileset(element: _Element) -> dict[str, Any]:
    tileset = {**_fields(element), "type": "tileset", **_image(element)}
    offset = element.first("tileoffset")
    if offset is not None:
        tileset["tileoffset"] = _fields(offset)
    tileset["tiles"] = [{**_fields(tile), **_image(tile)} for tile in element.all("tile") if tile.inner]
    return tileset


def _image(element: _Element) -> dict[str, Any]:
    image = element.first("image")
    if image is None:
        return {}
    names = {"source": "image", "width": "imagewidth", "height": "imageheight", "trans": "transparentcolor"}
    said = _fields(image)
    return {name: said[key] for key, name in names.items() if key in said}


def _properties(element: _Element) -> list[dict[str, Any]]:
    return [_property(inner) for listed in element.all("properties") for inner in listed.all("property")]


def _property(element: _Element) -> dict[str, Any]:
    kind = element.attributes.get("type", "string")
    text = element.attributes.get("value", "".join(element.text))
    value: object = text
    match kind:
        case "int" | "float" | "object":
            value = _number(text)
        case "bool":
            value = {"true": True, "false": False}.get(text, text)
        case "class" | "list":
            value = {}
    return {"name": element.attributes.get("name", ""), "type": kind, "value": value}


def _fields(element: _Element) -> dict[str, Any]:
    """Return the attributes with numbers and truth values as such; what is none stays text, and will be noted."""
    return {key: _typed(key, text) for key, text in element.attributes.items()}


def _typed(key: str, text: str) -> object:
    if key in _FLAGS:
        return {"0": False, "1": True}.get(text, text)
    return _number(text) if key in _NUMBERS else text


def _number(text: str) -> object:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    return float(text) if match[1] or match[2] else int(text)


_FORMS: Mapping[str, Callable[[_Element], dict[str, Any]]] = {"map": _map, "tileset": _tileset}
