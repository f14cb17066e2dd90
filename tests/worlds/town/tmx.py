"""Writing maps in Tiled's XML form: from the JSON objects of the small maps, in every encoding of tile data."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as Tree

import numpy as np
import zstandard

Document = dict[str, Any]

ENCODINGS = ("elements", "csv", "base64", "zlib", "gzip", "zstd", "zstd stream")
"""How Tiled may write tile data; JSON has no elements, and its CSV is a list. Only a stream does not say its length."""

_ELEMENTS = {"tilelayer": "layer", "objectgroup": "objectgroup", "imagelayer": "imagelayer", "group": "group"}
_IMAGE = {"image": "source", "imagewidth": "width", "imageheight": "height", "transparentcolor": "trans"}


def pack(data: list[int], encoding: str) -> str:
    """Return tile numbers as base64 text."""
    raw = np.array(data, "<u4").tobytes()
    match encoding:
        case "zlib":
            raw = zlib.compress(raw)
        case "gzip":
            raw = gzip.compress(raw, mtime=0)
        case "zstd":
            raw = zstandard.compress(raw)
        case "zstd stream":
            stream = zstandard.ZstdCompressor(write_content_size=False).compressobj()
            raw = stream.compress(raw) + stream.flush()
    return base64.b64encode(raw).decode()


def encoded(document: Document, encoding: str) -> Document:
    """Return a map in JSON with its tile data in an encoding."""

    def layer(fields: Document) -> Document:
        if fields["type"] == "group":
            return fields | {"layers": [layer(inner) for inner in fields["layers"]]}
        if fields["type"] != "tilelayer" or encoding in ("elements", "csv"):
            return fields
        said = {"encoding": "base64", "data": pack(fields["data"], encoding)}
        compression = encoding.split()[0] if encoding != "base64" else ""
        return fields | said | {"compression": compression}

    return document | {"layers": [layer(fields) for fields in document["layers"]]}


def tmx(document: Document, encoding: str = "csv") -> bytes:
    """Return a map as the content of a .tmx file."""
    root = Tree.Element("map", _said(document, ("type", "properties", "tilesets", "layers")))
    _add_properties(root, document)
    for tileset in document["tilesets"]:
        root.append(tileset_element(tileset))
    for layer in document["layers"]:
        _add_layer(root, layer, encoding)
    return _written(root)


def tsx(tileset: Document) -> bytes:
    """Return a tileset as the content of a .tsx file."""
    return _written(tileset_element(tileset))


def _written(root: Tree.Element) -> bytes:
    content: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def tileset_element(tileset: Document) -> Tree.Element:
    element = Tree.Element("tileset", _said(tileset, ("type", "tiles", "tileoffset", "grid", *_IMAGE)))
    if "tileoffset" in tileset:
        Tree.SubElement(element, "tileoffset", _said(tileset["tileoffset"], ()))
    _add_image(element, tileset)
    for tile in tileset.get("tiles", ()):
        _add_image(Tree.SubElement(element, "tile", _said(tile, ("properties", *_IMAGE))), tile)
    return element


def _add_image(element: Tree.Element, fields: Document) -> None:
    if "image" in fields:
        Tree.SubElement(element, "image", _said({_IMAGE[key]: fields[key] for key in _IMAGE if key in fields}, ()))


def _add_layer(parent: Tree.Element, fields: Document, encoding: str) -> None:
    left_out = ("type", "data", "objects", "layers", "properties", "encoding", "compression")
    element = Tree.SubElement(parent, _ELEMENTS[fields["type"]], _said(fields, left_out))
    for inner in fields.get("layers", ()):
        _add_layer(element, inner, encoding)
    for item in fields.get("objects", ()):
        shape = Tree.SubElement(element, "object", _said(item, ("properties", "point", "ellipse")))
        _add_properties(shape, item)
        for key in ("point", "ellipse"):
            if item.get(key):
                Tree.SubElement(shape, key)
    if "data" in fields:
        _add_data(element, fields["data"], fields["width"], encoding)


def _add_data(layer: Tree.Element, data: list[int], width: int, encoding: str) -> None:
    element = Tree.SubElement(layer, "data")
    if encoding == "elements":
        for gid in data:
            Tree.SubElement(element, "tile", {"gid": str(gid)} if gid else {})
    elif encoding == "csv":
        element.set("encoding", "csv")
        rows = [",".join(map(str, data[at : at + width])) for at in range(0, len(data), width)]
        element.text = "\n" + ",\n".join(rows) + "\n"
    else:
        element.set("encoding", "base64")
        if encoding != "base64":
            element.set("compression", encoding.split()[0])
        element.text = f"\n   {pack(data, encoding)}\n  "


def _add_properties(element: Tree.Element, fields: Document) -> None:
    if not fields.get("properties"):
        return
    listed = Tree.SubElement(element, "properties")
    for item in fields["properties"]:
        kind = item.get("type", "string")
        said = {"name": item["name"]} | ({"type": kind} if kind != "string" else {})
        one = Tree.SubElement(listed, "property", said)
        text = _text(item["value"], in_words=True)
        if "\n" in text:
            one.text = text
        else:
            one.set("value", text)


def _said(fields: Mapping[str, Any], left_out: tuple[str, ...]) -> dict[str, str]:
    return {key: _text(value) for key, value in fields.items() if key not in left_out}


def _text(value: object, in_words: bool = False) -> str:
    if isinstance(value, bool):
        return ("false", "true")[value] if in_words else str(int(value))
    return str(value)
