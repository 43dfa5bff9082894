"""The makers, in the order in which a version gets what they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from catalog.media import choice, formats, textures
from catalog.media.choice import Candidate
from catalog.media.conventions import holds_data
from catalog.media.makers.maker import Group, Maker
from catalog.media.vocabulary import DERIVATIVES, DRAWING_VERSION, Medium, PreviewKind

_MOST_TRIED: Final = 3
_MOVING: Final = (".glb", ".gltf", ".usd", ".usda", ".usdc", ".usdz")


def _scenes(files: Iterable[Candidate]) -> Sequence[Group]:
    """The scenes and meshes, the best first."""
    found = [each.path for each in choice.candidates(files) if choice.is_model(each.path)]
    return [(path,) for path in found[:_MOST_TRIED]]


def _moving(files: Iterable[Candidate]) -> Sequence[Group]:
    """Scenes in formats whose blend shapes and joints are read."""
    return [group for group in _scenes(files) if group[0].lower().endswith(_MOVING)]


def _turntables(files: Iterable[Candidate]) -> Sequence[Group]:
    """A film that was supplied as turntable, then the scenes."""
    known = list(files)
    films = [each.path for each in known if each.role == "turntable" and _medium(each.path) is Medium.VIDEO]
    return [*((path,) for path in sorted(films)[:1]), *_scenes(known)]


def _films(files: Iterable[Candidate]) -> Sequence[Group]:
    """Films that are no turntable, previews before others and the largest first."""
    films = [each for each in files if each.role != "turntable" and _medium(each.path) is Medium.VIDEO]
    ordered = sorted(films, key=lambda each: (each.role not in choice.SUPPLIED, -each.size_bytes, each.path))
    return [(each.path,) for each in ordered[:_MOST_TRIED]]


def _scene_light(files: Iterable[Candidate]) -> Sequence[Group]:
    """Pictures that hold the light of a scene: OpenEXR and Radiance, but for textures and measures."""
    known = list(files)
    maps = set(textures.chosen(known))
    return [
        (each.path,)
        for each in choice.candidates(known)
        if formats.claimed_by(each.path).name in ("exr", "hdr") and each.path not in maps and not holds_data(each.path)
    ][:_MOST_TRIED]


def _textures(files: Iterable[Candidate]) -> Sequence[Group]:
    """All texture maps together; a single one is shown by its picture."""
    maps = textures.chosen(files)
    return [tuple(maps)] if len(maps) > 1 else []


def _medium(path: str) -> Medium:
    return formats.claimed_by(path).medium


MAKERS: Final = (
    Maker(
        kind=PreviewKind.TURNTABLE,
        version="3",
        choose=_turntables,
        module="catalog.media.makers.turntable",
        renders=True,
    ),
    Maker(kind=PreviewKind.MODEL, version="3", choose=_scenes, module="catalog.media.makers.model"),
    Maker(
        kind=PreviewKind.WIREFRAME,
        version="2",
        choose=_scenes,
        module="catalog.media.makers.wireframe",
        renders=True,
    ),
    Maker(kind=PreviewKind.BLEND_SHAPES, version="2", choose=_moving, module="catalog.media.makers.blend_shapes"),
    Maker(kind=PreviewKind.SKELETON, version="2", choose=_moving, module="catalog.media.makers.skeleton"),
    Maker(kind=PreviewKind.FILM, version="2", choose=_films, module="catalog.media.makers.supplied"),
    Maker(kind=PreviewKind.SKY, version="2", choose=_scene_light, module="catalog.media.makers.sky"),
    Maker(kind=PreviewKind.EXPOSURES, version="1", choose=_scene_light, module="catalog.media.makers.exposures"),
    Maker(kind=PreviewKind.LAYERS, version="1", choose=_scene_light, module="catalog.media.makers.layers"),
    Maker(kind=PreviewKind.TEXTURES, version="1", choose=_textures, module="catalog.media.makers.textures"),
)

VERSIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(DERIVATIVES[PreviewKind.THUMBNAIL], DRAWING_VERSION),
    **{derivative: maker.version for maker in MAKERS for derivative in maker.derivatives},
}
"""The version in which this program makes each derivative."""
