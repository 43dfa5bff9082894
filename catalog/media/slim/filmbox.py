"""FBX as patches, by ufbx: its meshes by material, in meters and Y up, with the colors and pictures of materials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Source
from catalog.media.fans import fan_corners
from catalog.media.glb import Patch, Surface
from catalog.media.readers import fbx
from catalog.media.readers.fbx import keep
from catalog.media.slim.looks import CLAY, Pictures, smooth_normals
from catalog.media.untyped import FbxObject

_MOST_CORNERS: Final = 12_000_000


@dataclass(frozen=True, kw_only=True)
class _Corners:
    """Corners of the triangles of one mesh, in meters; ``materials`` says of which material each triangle is."""

    positions: np.ndarray
    coordinates: np.ndarray | None
    materials: np.ndarray


def patches_of(source: Source, pictures: Pictures) -> list[Patch]:
    """One patch for each material; ``InvalidInput`` where it has no meshes."""
    scene = fbx.opened(source, embedded=True)
    turn = _to_meters(scene)
    patches: dict[int, Patch] = {}
    count = 0
    for node in (keep(each) for each in keep(scene.nodes)):
        mesh = keep(node.mesh)
        if mesh is None or not mesh.num_vertices or not mesh.num_triangles:
            continue
        count += mesh.num_triangles * 3
        if count > _MOST_CORNERS:
            raise InvalidInput("an FBX with more faces than is worked on")
        corners = _corners(node, mesh, turn)
        normals = smooth_normals(corners.positions)
        materials = [keep(each) for each in keep(node.materials)] or [keep(each) for each in keep(mesh.materials)]
        for number in np.unique(corners.materials):
            each = np.repeat(corners.materials == number, 3)
            material = materials[number] if number < len(materials) else None
            key = -1 if material is None else int(material.element_id)
            if key not in patches:
                patches[key] = Patch(surface=_surface(material, source, pictures))
            laid = None if corners.coordinates is None else corners.coordinates[each]
            patches[key].add(corners.positions[each], normals[each], laid)
    return list(patches.values())


def _to_meters(scene: FbxObject) -> np.ndarray:
    """From the file's units and axes to meters and Y up (row vectors)."""
    settings = keep(scene.settings)
    matrix = np.eye(3) * float(settings.unit_meters)
    if str(keep(settings.axes).up.name).endswith("POSITIVE_Z"):
        matrix = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], float) @ matrix
    return matrix


def _corners(node: FbxObject, mesh: FbxObject, turn: np.ndarray) -> _Corners:
    faces = np.asarray(memoryview(keep(mesh.faces)), dtype=np.int64).reshape(-1, 2)
    order, face_of = fan_corners(faces[:, 1])
    vertices = np.array(list(keep(mesh.vertex_indices)), dtype=np.int64)[order]
    given = list(keep(mesh.face_material))
    materials = np.array(given, np.int64)[face_of] if len(given) == len(faces) else np.zeros(len(face_of), np.int64)
    return _Corners(
        positions=(fbx.world_points(node, mesh) @ turn)[vertices],
        coordinates=_coordinates(mesh, order),
        materials=materials,
    )


def _coordinates(mesh: FbxObject, order: np.ndarray) -> np.ndarray | None:
    laid = keep(mesh.vertex_uv)
    if not laid.exists:
        return None
    values = np.asarray(memoryview(keep(laid.values)), dtype=np.float64).reshape(-1, 2)
    chosen: np.ndarray = values[np.array(list(keep(laid.indices)), dtype=np.int64)[order]]
    return chosen * (1, -1) + (0, 1)  # from the bottom there, from the top in glTF


def _surface(material: FbxObject, source: Source, pictures: Pictures) -> Surface:
    if material is None:
        return CLAY
    look = keep(material.pbr)
    color, roughness, metallic = keep(look.base_color), keep(look.roughness), keep(look.metalness)
    picture = _picture(color, source, pictures)
    value = keep(color.value_vec4)
    base = (float(value.x), float(value.y), float(value.z)) if color.has_value else CLAY.color
    if picture is not None:
        base = (1.0, 1.0, 1.0)
    return Surface(
        color=(_fraction(base[0]), _fraction(base[1]), _fraction(base[2])),
        roughness=_fraction(keep(roughness.value_vec4).x) if roughness.has_value else 0.6,
        metallic=_fraction(keep(metallic.value_vec4).x) if metallic.has_value else 0.0,
        color_picture=picture,
    )


def _fraction(value: float) -> float:
    return float(np.clip(np.nan_to_num(value), 0.0, 1.0))


def _picture(slot: FbxObject, source: Source, pictures: Pictures) -> bytes | None:
    """What is embedded, or the file beside; the name on the author's disk only tells the file's own name."""
    texture = keep(slot.texture)
    if texture is None:
        return None
    content = keep(texture.content)
    if len(content):
        return bytes(content)
    name = str(texture.relative_filename) or str(texture.absolute_filename)
    return pictures.find(source, name) if name else None
