"""The makers, in the order in which a version gets what they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from catalog.media import choice, formats
from catalog.media.choice import Candidate
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


def _medium(path: str) -> Medium:
    return formats.claimed_by(path).medium


MAKERS: Final = (
    Maker(
        kind=PreviewKind.TURNTABLE,
        version="1",
        choose=_turntables,
        module="catalog.media.makers.turntable",
    ),
    Maker(kind=PreviewKind.MODEL, version="1", choose=_scenes, module="catalog.media.makers.model"),
    Maker(kind=PreviewKind.WIREFRAME, version="1", choose=_scenes, module="catalog.media.makers.wireframe"),
    Maker(kind=PreviewKind.BLEND_SHAPES, version="1", choose=_moving, module="catalog.media.makers.blend_shapes"),
    Maker(kind=PreviewKind.SKELETON, version="1", choose=_moving, module="catalog.media.makers.skeleton"),
)

VERSIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(DERIVATIVES[PreviewKind.THUMBNAIL], DRAWING_VERSION),
    **{derivative: maker.version for maker in MAKERS for derivative in maker.derivatives},
}
"""The version in which this program makes each derivative."""
