"""Facts of PLY: meshes and point clouds, text and binary. PLY has no units and no up axis.

Format: Greg Turk, "The PLY Polygon File Format" (1994). Counts and bounds come from the stored values; a header that
promises more elements than the file can hold is refused before anything is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.vocabulary import FactKey

_LONGEST_HEADER_BYTES: Final = 65536
_LARGEST_TEXT_BYTES: Final = 512 * 1024 * 1024
_TYPES: Final = {
    name: code
    for code, names in {
        "i1": ("char", "int8"),
        "u1": ("uchar", "uint8"),
        "i2": ("short", "int16"),
        "u2": ("ushort", "uint16"),
        "i4": ("int", "int32"),
        "u4": ("uint", "uint32"),
        "f4": ("float", "float32"),
        "f8": ("double", "float64"),
    }.items()
    for name in names
}
_COLORS: Final = ("red", "green", "blue")
_ORDERS: Final = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}


@dataclass(frozen=True, kw_only=True)
class Property:
    """One declared property; ``counted`` is the type of a list's length, empty for a single value."""

    name: str
    kind: str
    counted: str = ""


@dataclass(kw_only=True)
class Element:
    """One declared element and its properties, in the order in which they are stored."""

    name: str
    count: int
    properties: list[Property] = field(default_factory=list)

    @property
    def least_bytes(self) -> int:
        """The size of one, if all its lists were empty."""
        return sum(np.dtype(each.counted or each.kind).itemsize for each in self.properties)

    @property
    def has_lists(self) -> bool:
        """Whether its size varies."""
        return any(each.counted for each in self.properties)


@dataclass(frozen=True, kw_only=True)
class PlyHeader:
    """What a PLY says that it holds; ``order`` is numpy's byte order, empty for text."""

    order: str
    elements: tuple[Element, ...]
    length_bytes: int

    @property
    def colored(self) -> bool:
        """Whether its vertices carry colors."""
        vertex = next((each for each in self.elements if each.name == "vertex"), None)
        return vertex is not None and set(_COLORS) <= {each.name for each in vertex.properties}

    def count(self, name: str) -> int:
        """How many elements of this name it declares."""
        return sum(each.count for each in self.elements if each.name == name)


def read(source: Source, notebook: Notebook) -> None:
    """Vertices, faces, triangles and bounds."""
    path = Path(source.absolute)
    header = read_header(path)
    mesh = _read_binary(path, header) if header.order else _read_text(path, header)
    notebook.note(FactKey.MESH_COUNT, 1 if header.count("face") else 0)
    notebook.note(FactKey.VERTEX_COUNT, header.count("vertex"))
    notebook.note(FactKey.FACE_COUNT, header.count("face"))
    notebook.note(FactKey.TRIANGLE_COUNT, int(np.maximum(mesh.counts - 2, 0).sum()))
    if len(mesh.points):
        extent = mesh.points.max(axis=0) - mesh.points.min(axis=0)
        notebook.note(FactKey.BOUNDS_SIZE, tuple(float(size) for size in extent))


def read_header(path: Path) -> PlyHeader:
    """The declared elements; ``InvalidInput`` where the header is damaged or promises more than the file holds."""
    with path.open("rb") as stored:
        head = stored.read(_LONGEST_HEADER_BYTES)
    end = head.find(b"end_header")
    if not head.startswith(b"ply") or end < 0:
        raise InvalidInput("its PLY header does not end")
    length = head.index(b"\n", end) + 1 if b"\n" in head[end:] else end + len(b"end_header\r")
    order, elements = None, []
    try:
        for words in (line.split() for line in head[:end].decode("ascii", "replace").splitlines()):
            if words[:1] == ["format"]:
                order = _ORDERS[words[1]]
            elif words[:1] == ["element"]:
                elements.append(Element(name=words[1], count=int(words[2])))
            elif words[:2] == ["property", "list"]:
                listed = Property(name=words[4], kind=_TYPES[words[3]], counted=_TYPES[words[2]])
                elements[-1].properties.append(listed)
            elif words[:1] == ["property"]:
                elements[-1].properties.append(Property(name=words[2], kind=_TYPES[words[1]]))
    except (KeyError, IndexError, ValueError) as damage:
        raise InvalidInput("its PLY header is damaged") from damage
    if order is None:
        raise InvalidInput("its PLY header names no format")
    header = PlyHeader(order=order, elements=tuple(elements), length_bytes=length)
    _refuse_promises(header, path.stat().st_size)
    return header


def _refuse_promises(header: PlyHeader, size_bytes: int) -> None:
    left = size_bytes - header.length_bytes
    least = sum(each.count * (each.least_bytes if header.order else len(each.properties)) for each in header.elements)
    if least > left or any(each.count < 0 for each in header.elements):
        raise InvalidInput(f"its PLY header promises {least} bytes or more, but {left} follow")


def mesh_of(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, flat corner indices and corner counts of the faces; ``InvalidInput`` where an index lies."""
    mesh = painted_mesh_of(path)
    return mesh.points, mesh.indices, mesh.counts


def painted_mesh_of(path: Path) -> Mesh:
    """The mesh or cloud of points with its colors; ``InvalidInput`` where an index lies."""
    header = read_header(path)
    mesh = _read_binary(path, header) if header.order else _read_text(path, header)
    if len(mesh.indices) and (mesh.indices.min() < 0 or mesh.indices.max() >= len(mesh.points)):
        raise InvalidInput("a face of this PLY names a vertex that does not exist")
    return mesh


@dataclass(kw_only=True)
class Mesh:
    """Points, corners of faces one after the other, and their number in each face; ``colors`` are 0…1 as displayed."""

    points: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))
    colors: np.ndarray | None = None
    indices: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    counts: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))


def _read_binary(path: Path, header: PlyHeader) -> Mesh:
    data = np.memmap(path, dtype=np.uint8, mode="r", offset=header.length_bytes)
    mesh, at = Mesh(), 0
    for element in header.elements:
        if element.has_lists:
            counts, indices, at = _lists(data, at, element, header.order)
            if element.name == "face":
                mesh.counts, mesh.indices = counts, indices
            continue
        end = at + element.least_bytes * element.count
        if element.name == "vertex" and element.count:
            kind = np.dtype([(each.name, header.order + each.kind) for each in element.properties])
            rows = data[at:end].view(kind)
            mesh.points = np.stack([rows[axis].astype(np.float64) for axis in "xyz"], axis=1)
            if header.colored:
                mesh.colors = _fractions(np.stack([rows[color] for color in _COLORS], axis=1))
        at = end
    return mesh


def _fractions(colors: np.ndarray) -> np.ndarray:
    """Whole numbers as parts of the largest of their kind."""
    most = 1.0 if colors.dtype.kind == "f" else np.iinfo(colors.dtype).max
    parts: np.ndarray = np.clip(np.nan_to_num(colors.astype(np.float64)) / most, 0.0, 1.0)
    return parts


def _lists(data: np.ndarray, at: int, element: Element, order: str) -> tuple[np.ndarray, np.ndarray, int]:
    """Lengths and flat values of the first list of each element, and where the elements end."""
    first = element.properties[0]
    if len(element.properties) == 1 and element.count:
        width = np.dtype(first.counted).itemsize
        size = int(data[at : at + width].view(order + first.counted)[0])
        stride = width + size * np.dtype(first.kind).itemsize
        end = at + stride * element.count
        if end <= len(data):
            rows = data[at:end].reshape(element.count, stride)
            counts = np.ascontiguousarray(rows[:, :width]).view(order + first.counted).ravel().astype(np.int64)
            if (counts == size).all():  # all faces alike, as almost always: no loop
                values = np.ascontiguousarray(rows[:, width:]).view(order + first.kind)
                return counts, values.ravel().astype(np.int64), end
    return _lists_one_by_one(bytes(data[at:]), at, element, order)


def _lists_one_by_one(data: bytes, start: int, element: Element, order: str) -> tuple[np.ndarray, np.ndarray, int]:
    counts = np.zeros(element.count, dtype=np.int64)
    values: list[np.ndarray] = [np.empty(0, np.int64)]
    at = 0
    for index in range(element.count):
        is_first = True
        for each in element.properties:
            size = 1
            if each.counted:
                width = np.dtype(each.counted).itemsize
                size = int.from_bytes(data[at : at + width], "big" if order == ">" else "little")
                at += width
            end = at + size * np.dtype(each.kind).itemsize
            if end > len(data):
                raise InvalidInput("its faces reach beyond the end of the file")
            if each.counted and is_first:
                counts[index], is_first = size, False
                values.append(np.frombuffer(data, order + each.kind, size, at).astype(np.int64))
            at = end
    return counts, np.concatenate(values), start + at


def _read_text(path: Path, header: PlyHeader) -> Mesh:
    if path.stat().st_size > _LARGEST_TEXT_BYTES:
        raise InvalidInput("a text PLY of more than 512 MiB; export it as binary PLY")
    lines = path.read_bytes()[header.length_bytes :].splitlines()
    mesh, at = Mesh(), 0
    try:
        for element in header.elements:
            rows = lines[at : at + element.count]
            at += element.count
            if element.name == "vertex" and rows:
                names = [each.name for each in element.properties]
                table = np.array([row.split() for row in rows])
                mesh.points = table[:, [names.index(axis) for axis in "xyz"]].astype(np.float64)
                if header.colored:
                    kind = element.properties[names.index("red")].kind
                    mesh.colors = _fractions(table[:, [names.index(color) for color in _COLORS]].astype(kind))
            elif element.name == "face":
                faces = [[int(word) for word in row.split()] for row in rows]
                mesh.counts = np.array([face[0] for face in faces], dtype=np.int64)
                flat = [corner for face in faces for corner in face[1 : face[0] + 1]]
                mesh.indices = np.array(flat, dtype=np.int64)
    except (ValueError, IndexError) as damage:
        raise InvalidInput("a line of this PLY is not what its header promises") from damage
    if mesh.counts.sum() != len(mesh.indices) or (mesh.counts < 0).any():
        raise InvalidInput("a face of this PLY is shorter than it says")
    return mesh
