"""What the author of a map drew on its layers, before it is joined to a town."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import closest, nearest
from engine.faults import Faults
from worlds.town.layers import Look, TileLayer, read_tile_layer
from worlds.town.node import Node
from worlds.town.places import SEPARATOR, Rect

WALLS = "Walls"
COLLISIONS = "Collisions"
BLOCKING = (WALLS, COLLISIONS)
"""The tile layers that mean something."""

MAX_LAYERS = 64
MAX_DEPTH = 16
MAX_PLACES = 50_000

PROPERTIES: dict[str, tuple[str, ...]] = {
    "Sectors": ("kind", "description", "opens", "closes", "landmark"),
    "Arenas": ("description", "capacity"),
    "Objects": ("state", "affordances", "seats", "description", "consequences"),
    "Doors": (),
    "Spawns": (),
}
"""The object layers that mean something, and the properties that what is drawn on them may carry."""

SHAPES = ("point", "ellipse", "capsule", "polygon", "polyline", "text", "gid")
"""What makes an object something else than a rectangle."""

TREE = {
    "Sectors": "building and every outdoor place",
    "Arenas": "room and every part of an outdoor place",
    "Objects": "thing that people use",
}
"""The object layers that make the environment tree: they must be there, and what is drawn on them has names."""


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """One rectangle with its name and properties, and where it stands in the file for messages."""

    name: str
    rect: Rect
    properties: dict[str, str]
    place: str
    faults: Faults

    def fault(self, problem: str) -> None:
        """Note that something is wrong with this rectangle."""
        self.faults.add(self.place, problem)


@dataclass(frozen=True, slots=True)
class Drawn:
    """All layers of one map."""

    tiles: tuple[TileLayer, ...]
    tile_layer_names: tuple[str, ...]
    """Those of layers that could not be read too."""
    places: dict[str, tuple[DrawnPlace, ...]]
    """By layer name, in file order; every name in PROPERTIES is there."""


def read_layers(root: Node, size: Rect, tile_size: int) -> Drawn:
    """Return the layers of the map in drawing order; groups are flattened."""
    tiles: list[TileLayer] = []
    places: dict[str, tuple[DrawnPlace, ...]] = {}
    names: list[str] = []
    for node, look in _flat(root):
        kind, name = node.text("type"), node.text("name")
        names += [name] if kind == "tilelayer" else []
        if len(names) > MAX_LAYERS:
            node.fault(f"more than {MAX_LAYERS} tile layers")
            break
        if look.offset != (0, 0) and (kind == "objectgroup" or name in BLOCKING):
            node.fault("is drawn {:g} pixels to the right and {:g} down: set its offset to 0".format(*look.offset))
        if kind == "tilelayer":
            layer = read_tile_layer(node, size.width, size.height, look)
            tiles += [layer] if layer else []
        elif kind != "objectgroup":
            node.fault(f"layers of type '{kind[:40]}' cannot be read (allowed: tile layers, object layers, groups)")
        elif name in places:
            node.fault(f"there are two object layers '{name}'")
        else:
            meant = name if name in PROPERTIES else closest(name[:80], PROPERTIES.keys() - places.keys())
            if meant != name:
                node.fault(f"unknown object layer{nearest(name[:80], PROPERTIES)}: rename it, or remove it")
            if meant is not None:
                places[meant] = _read_places(node, meant, size, tile_size)
    for name, what in TREE.items():
        if name not in places:
            there = f"; '{name}' is a tile layer, which cannot hold rectangles" if name in names else ""
            how = f"add it (Layer > New > Object Layer), and draw a rectangle for every {what} on it{there}"
            root.fault(f"object layer '{name}' is missing: {how}")
    return Drawn(tuple(tiles), tuple(names), {name: places.get(name, ()) for name in PROPERTIES})


def _flat(root: Node) -> list[tuple[Node, Look]]:
    """Return all layers bottom to top, with how they look; groups pass theirs on."""
    found: list[tuple[Node, Look]] = []
    waiting = [(node, Look(), 0) for node in reversed(root.children("layers", "layer"))]
    while waiting:
        node, group, depth = waiting.pop()
        node.place = f"layer '{str(node.fields.get('name', ''))[:80]}'"
        look = group.of(node)
        if node.fields.get("type") != "group":
            found.append((node, look))
        elif depth == MAX_DEPTH:
            node.fault(f"groups are nested more than {MAX_DEPTH} deep")
        else:
            inner = node.children("layers", "layer")
            waiting += [(child, look, depth + 1) for child in reversed(inner)]
    return found


def _read_places(layer: Node, name: str, size: Rect, tile_size: int) -> tuple[DrawnPlace, ...]:
    nodes = layer.children("objects", "object")
    if len(nodes) > MAX_PLACES:
        layer.fault(f"{len(nodes)} rectangles; at most {MAX_PLACES} are read")
        return ()
    if not nodes and name == "Sectors":
        layer.fault(f"is empty: draw a rectangle for every {TREE[name]}")
    found = (_read_place(node, layer.place, name, size, tile_size) for node in nodes)
    return tuple(place for place in found if place)


def _read_place(node: Node, layer: str, layer_name: str, size: Rect, tile_size: int) -> DrawnPlace | None:
    """Return what was drawn, or what was meant after noting a fault, so that no other faults follow from that."""
    left, top, wide, high = (node.number(key, 0) / tile_size for key in ("x", "y", "width", "height"))
    name = node.text("name", "")
    label = f"'{name[:80]}' " if name else ""
    node.place = f"{layer}, {label}at tile ({left:g}, {top:g})"
    point = layer_name == "Spawns" and bool(node.fields.get("point"))
    if point:
        left, top, wide, high = left // 1, top // 1, 1.0, 1.0
    if node.fields.get("template"):
        node.fault("comes from a template: detach it (right click > Detach)")
    elif (not point and any(map(node.fields.get, SHAPES))) or node.number("rotation", 0) != 0:
        node.fault("must be a plain rectangle, not rotated")
    elif any(not side.is_integer() for side in (left, top, wide, high)) or wide < 1 or high < 1:
        node.fault(
            f"the rectangle of {wide:g} x {high:g} tiles must cover whole tiles (View > Snapping > Snap to Grid)"
        )
    elif left < 0 or top < 0 or left + wide > size.width or top + high > size.height:
        node.fault(f"the rectangle of {wide:g} x {high:g} tiles reaches out of the map")
    named = name and name == name.strip() and name.isprintable() and SEPARATOR not in name and len(name) <= 80
    if layer_name in TREE and not named:
        node.fault(f"the name must be 1 to 80 printable characters without '{SEPARATOR}' or outer spaces")
    x, y = max(0, round(left)), max(0, round(top))
    width, height = min(size.width, round(left + wide)) - x, min(size.height, round(top + high)) - y
    properties = node.properties(PROPERTIES[layer_name])
    if width < 1 or height < 1:
        return None
    return DrawnPlace(name, Rect(x, y, width, height), properties, node.place, node.faults)
