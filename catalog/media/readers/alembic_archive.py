"""Facts of Alembic archives, by PyAlembic. Alembic stores no units and no up axis; counts are of the first sample."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import Final

import imath
import numpy as np
from alembic3d import Abc, AbcGeom

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.untyped import AlembicObject
from catalog.media.vocabulary import FactKey

_MOST_OBJECTS: Final = 500_000
_SCHEMAS: Final = (AbcGeom.IPolyMesh, AbcGeom.ISubD)


def read(source: Source, notebook: Notebook) -> None:
    """Meshes, vertices, faces, bounds and frames of one archive."""
    top = _opened(source)
    notebook.by("alembic3d", version("alembic3d"))
    meshes = vertices = faces = triangles = 0
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    for schema, matrix in _meshes(top):
        sample = schema.getValue()
        points = np.asarray(memoryview(sample.getPositions()), dtype=np.float64).reshape(-1, 3)
        counts = np.asarray(memoryview(sample.getFaceCounts()), dtype=np.int64)
        meshes, vertices, faces = meshes + 1, vertices + len(points), faces + len(counts)
        triangles += int(np.maximum(counts - 2, 0).sum())
        if len(points):
            reached = points @ matrix[:3, :3] + matrix[3, :3]
            low, high = np.minimum(low, reached.min(axis=0)), np.maximum(high, reached.max(axis=0))
    notebook.note(FactKey.MESH_COUNT, meshes)
    notebook.note(FactKey.VERTEX_COUNT, vertices)
    notebook.note(FactKey.FACE_COUNT, faces)
    notebook.note(FactKey.TRIANGLE_COUNT, triangles)
    if np.isfinite(low).all():
        notebook.note(FactKey.BOUNDS_SIZE, tuple(float(size) for size in high - low))


def meshes_of(source: Source) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """World points, flat corner indices and corner counts of every mesh."""
    for schema, matrix in _meshes(_opened(source)):
        sample = schema.getValue()
        points = np.asarray(memoryview(sample.getPositions()), dtype=np.float64).reshape(-1, 3)
        indices = np.asarray(memoryview(sample.getFaceIndices()), dtype=np.int64)
        counts = np.asarray(memoryview(sample.getFaceCounts()), dtype=np.int64)
        yield points @ matrix[:3, :3] + matrix[3, :3], indices, counts


def _opened(source: Source) -> AlembicObject:
    try:
        return Abc.IArchive(source.absolute).getTop()
    except Exception as damage:  # PyAlembic raises its own types and plain RuntimeError alike
        raise InvalidInput(f"not readable as Alembic: {damage}") from damage


def _meshes(top: AlembicObject) -> Iterator[tuple[AlembicObject, np.ndarray]]:
    """Every mesh schema with its world matrix (row vectors), parents first."""
    waiting: list[tuple[AlembicObject, np.ndarray]] = [(top, np.eye(4))]
    visited = 0
    while waiting and visited < _MOST_OBJECTS:
        parent, above = waiting.pop()
        for index in range(parent.getNumChildren()):
            visited += 1
            header = parent.getChildHeader(index)
            kind = header.getMetaData()
            world = above
            if AbcGeom.IXform.matches(kind):
                transform = AbcGeom.IXform(parent, header.getName()).getSchema().getValue()
                own = np.array(_rows(transform.getMatrix()))
                world = own @ above if transform.getInheritsXforms() else own
            for schema in _SCHEMAS:
                if schema.matches(kind):
                    yield schema(parent, header.getName()).getSchema(), world
            waiting.append((parent.getChild(index), world))


def _rows(matrix: imath.M44d) -> list[list[float]]:
    return [[matrix[row][column] for column in range(4)] for row in range(4)]
