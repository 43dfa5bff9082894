"""Facts of FBX, by ufbx. Axes and units are part of the format, so they are always measured."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Final

import numpy as np
import ufbx

from catalog.kernel.errors import InvalidInput
from catalog.media import references
from catalog.media.facts import Notebook, Source
from catalog.media.untyped import FbxObject
from catalog.media.vocabulary import FactKey

# ufbx 0.0.5 frees an object's scene too early when the objects that it hands out are released (seen: a crash after some
# hundred accesses); whatever was asked for is kept until the child ends.
_kept: list[object] = []
_MOST_MESH_NODES: Final = 100_000


def keep(value: FbxObject) -> FbxObject:
    """The same object, which lives as long as this process."""
    _kept.append(value)
    return value


def read(source: Source, notebook: Notebook) -> None:
    """Counts, bones, blend channels, axes, units and textures of one FBX."""
    scene = opened(source)
    notebook.by("ufbx", version("ufbx"))
    settings = keep(scene.settings)
    notebook.note(FactKey.UP_AXIS, _axis_name(keep(settings.axes).up))
    notebook.note(FactKey.METERS_PER_UNIT, float(settings.unit_meters))
    notebook.note(FactKey.MATERIAL_COUNT, len(keep(scene.materials)))
    notebook.note(FactKey.JOINT_COUNT, len(keep(scene.bones)))
    channels = [str(keep(each).name) for each in keep(scene.blend_channels)]
    notebook.note(FactKey.BLEND_SHAPE_COUNT, len(channels))
    if channels:
        notebook.note(FactKey.BLEND_SHAPE_NAMES, tuple(channels))
    _note_geometry(scene, notebook)
    _note_textures(scene, source, notebook)


def meshes_of(source: Source) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """World points, flat corner indices and corner counts of every placed mesh."""
    scene = opened(source)
    for node in (keep(each) for each in keep(scene.nodes)):
        mesh = keep(node.mesh)
        if mesh is not None and mesh.num_vertices:
            faces = np.asarray(memoryview(keep(mesh.faces)), dtype=np.int64).reshape(-1, 2)
            indices = np.array(list(keep(mesh.vertex_indices)), dtype=np.int64)
            yield world_points(node, mesh), indices, faces[:, 1]


def opened(source: Source, *, embedded: bool = False) -> FbxObject:
    """The scene, with what is ``embedded`` in it where that is wanted; ``InvalidInput`` where it is none."""
    try:
        return keep(
            ufbx.load_file(
                source.absolute, load_external_files=False, ignore_embedded=not embedded, ignore_animation=True
            )
        )
    except ufbx.UfbxError as damage:
        raise InvalidInput(f"not readable as FBX: {damage}") from damage


def world_points(node: FbxObject, mesh: FbxObject) -> np.ndarray:
    """The points of a mesh where its node places them, in the file's own units and axes."""
    points = np.asarray(memoryview(keep(mesh.vertices)), dtype=np.float64).reshape(-1, 3)
    matrix = keep(node.geometry_to_world)
    columns = [np.array([column.x, column.y, column.z]) for column in (matrix.c0, matrix.c1, matrix.c2, matrix.c3)]
    placed: np.ndarray = points @ np.stack(columns[:3]) + columns[3]
    return placed


def _axis_name(axis: FbxObject) -> str:
    return str(axis.name).replace("POSITIVE_", "").replace("NEGATIVE_", "-")


def _note_geometry(scene: FbxObject, notebook: Notebook) -> None:
    placed = vertices = faces = triangles = 0
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for node in (keep(each) for each in keep(scene.nodes)):
        mesh = keep(node.mesh)
        if mesh is None or placed >= _MOST_MESH_NODES:
            continue
        placed += 1
        vertices, faces, triangles = (
            vertices + mesh.num_vertices,
            faces + mesh.num_faces,
            triangles + mesh.num_triangles,
        )
        if mesh.num_vertices:
            reached = world_points(node, mesh)
            low, high = np.minimum(low, reached.min(axis=0)), np.maximum(high, reached.max(axis=0))
    notebook.note(FactKey.MESH_COUNT, placed)
    notebook.note(FactKey.VERTEX_COUNT, vertices)
    notebook.note(FactKey.FACE_COUNT, faces)
    notebook.note(FactKey.TRIANGLE_COUNT, triangles)
    if placed and np.isfinite(low).all():
        notebook.note(FactKey.BOUNDS_SIZE, tuple(float(size) for size in high - low))


def _note_textures(scene: FbxObject, source: Source, notebook: Notebook) -> None:
    names: set[str] = set()
    for texture in (keep(each) for each in keep(scene.textures)):
        relative, absolute = str(texture.relative_filename), str(texture.absolute_filename)
        name = relative or absolute
        if not name or name in names:
            continue
        names.add(name)
        if not len(keep(texture.content)):
            # DCCs write both; the absolute one is a leftover of the author's disk and only tells when it stands alone.
            references.check(notebook, source, name, references.inside(name, beside=source.path))
    notebook.note(FactKey.TEXTURE_COUNT, len(names))
