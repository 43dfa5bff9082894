"""Makes a glTF of formats that hold plain meshes, in meters and Y up as far as the file says what it holds."""

from __future__ import annotations

from pathlib import Path

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.fans import fan_corners
from catalog.media.geometry import triangles_of
from catalog.media.glb import POINTS, TRIANGLES, Patch, write_glb
from catalog.media.slim import wavefront
from catalog.media.slim.looks import CLAY, PLAIN, Pictures, linear, smooth_normals


def convert(source: Source, name: str, path: Path) -> int:
    """Write the mesh at ``source`` to ``path``, and say how many pictures it lacks.

    ``InvalidInput`` where it holds nothing that can be drawn.
    """
    pictures = Pictures(source.folder)
    patches = [patch for patch in _patches(source, name, pictures) if patch.positions]
    if not patches:
        raise InvalidInput("it holds nothing that can be drawn")
    write_glb(patches, path)
    return len(pictures.missing)


def _patches(source: Source, name: str, pictures: Pictures) -> list[Patch]:
    if name == "ply":
        return [_ply(source)]
    if name == "obj":
        return wavefront.patches_of(source, pictures)
    if name == "fbx":
        from catalog.media.slim import filmbox  # noqa: PLC0415 — loads ufbx, which only FBX needs

        return filmbox.patches_of(source, pictures)
    corners = triangles_of(source, name).reshape(-1, 3)
    patch = Patch(surface=CLAY)
    patch.add(corners, smooth_normals(corners))
    return [patch]


def _ply(source: Source) -> Patch:
    """A mesh or a cloud of points, in its own colors where it has some."""
    from catalog.media.readers import ply  # noqa: PLC0415 — only the reader of the format at hand is loaded

    found = ply.painted_mesh_of(Path(source.absolute))
    if not len(found.points):
        raise InvalidInput("it holds nothing that can be drawn")
    colors = None if found.colors is None else linear(found.colors)
    patch = Patch(surface=CLAY if colors is None else PLAIN, mode=TRIANGLES if len(found.indices) else POINTS)
    if patch.mode == POINTS:
        patch.add(found.points, colors=colors)
        return patch
    order = found.indices[fan_corners(found.counts)[0]]
    corners = found.points[order]
    patch.add(corners, smooth_normals(corners), colors=None if colors is None else colors[order])
    return patch
