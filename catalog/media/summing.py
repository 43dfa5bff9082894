"""What a whole version is, in a few words and numbers, summed up from the facts of its files: what people search by.

Several files of a version often are the same thing in several formats or levels of detail. So nothing is added up: a
version has as many triangles as its heaviest model, and is as high as its highest one. Sizes are told only where the
file says what its units are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, select

from catalog.assets.models import AssetVersion, File
from catalog.assets.vocabulary import FileRole
from catalog.media.models import ALONE, Fact, Summary
from catalog.media.naming import names_of
from catalog.media.queries import seen
from catalog.media.vocabulary import FactKey, Part

if TYPE_CHECKING:
    from catalog.work.view import View

LONGEST_FORMAT: Final = 10
FORMATS_MAX: Final = 40
_ALIKE: Final = {"jpeg": "jpg", "jpe": "jpg", "tiff": "tif"}
_SHOWING: Final = frozenset({FileRole.THUMBNAIL, FileRole.PREVIEW, FileRole.TURNTABLE})
"""What only shows a version."""
_BESIDE: Final = _SHOWING | {FileRole.DOC, FileRole.SOURCE}
"""What only shows or documents a version, or what it was made from."""
_BY_ROLE: Final[Mapping[str, Part]] = {
    FileRole.RIG_BODY: Part.RIG,
    FileRole.RIG_FACE: Part.RIG,
    FileRole.GROOM: Part.GROOM,
    FileRole.CACHE: Part.CACHE,
    FileRole.PROXY: Part.PROXY,
    FileRole.TEXTURE_SET: Part.TEXTURES,
    FileRole.BLENDSHAPES: Part.BLEND_SHAPES,
}
_BY_COUNT: Final[Mapping[str, Part]] = {
    FactKey.TRIANGLE_COUNT: Part.MODEL,
    FactKey.JOINT_COUNT: Part.SKELETON,
    FactKey.BLEND_SHAPE_COUNT: Part.BLEND_SHAPES,
    FactKey.TEXTURE_COUNT: Part.TEXTURES,
    FactKey.MATERIAL_COUNT: Part.MATERIALS,
}
_TOLD: Final = (*_BY_COUNT, FactKey.MEDIA_TYPE, FactKey.WIDTH_PX, FactKey.HEIGHT_PX, FactKey.UP_AXIS,
                FactKey.METERS_PER_UNIT, FactKey.BOUNDS_SIZE)  # fmt: skip
_MICROMETERS: Final = 1_000_000
_MOST: Final = 10**15
"""What files say is not always true: nothing is counted, or longer in micrometers, than this."""

Facts = Mapping[str, Any]
"""The facts of one file, by key."""


def summarize(view: View, version: AssetVersion) -> Summary:
    """Sum up a version; what was not measured yet is not in it."""
    files: dict[str, str] = dict(view.session.execute(_files(version)).all())
    facts: dict[str, dict[str, Any]] = {path: {} for path in files}
    told = (
        select(File.path, Fact.key, Fact.value)
        .join(Fact, and_(Fact.sha256 == File.sha256, Fact.tree_sha256.in_((ALONE, version.manifest_sha256))))
        .where(File.version_id == version.id, seen(), Fact.key.in_(_TOLD))
    )
    for path, key, value in view.session.execute(told):
        facts[path][key] = value
    used = [facts[path] for path, role in files.items() if role not in _BESIDE]
    return Summary(
        version_id=version.id,
        formats=formats_of(files),
        names=names_of(path for path, role in files.items() if role not in _SHOWING),
        parts=sorted({*(_BY_ROLE[role] for role in files.values() if role in _BY_ROLE), *_parts(used)}),
        measures=measures_of(used),
    )


def formats_of(paths: Iterable[str]) -> list[str]:
    """Return the endings of files, each once: those that are too long for one are no formats."""
    endings = (PurePosixPath(path).suffix.removeprefix(".").casefold() for path in paths)
    formats = {_ALIKE.get(one, one) for one in endings if 0 < len(one) <= LONGEST_FORMAT and one.isalnum()}
    return sorted(one for one in formats if not one.isdecimal())[:FORMATS_MAX]


def measures_of(files: Iterable[Facts]) -> dict[str, int]:
    """Return the greatest of each measure: triangles, the longest side of a picture, and the three sizes in space."""
    found: dict[str, int] = {}
    for facts in files:
        for name, value in (*_counts(facts), *_sizes(facts)):
            found[name] = max(found.get(name, 0), value)
    return found


def _counts(facts: Facts) -> list[tuple[str, int]]:
    told = [("triangles", min(facts[FactKey.TRIANGLE_COUNT], _MOST))] if facts.get(FactKey.TRIANGLE_COUNT) else []
    sides = [facts[key] for key in (FactKey.WIDTH_PX, FactKey.HEIGHT_PX) if key in facts]
    if sides and str(facts.get(FactKey.MEDIA_TYPE, "")).startswith("image/"):
        told.append(("texture_px", min(max(sides), _MOST)))
    return told


def _sizes(facts: Facts) -> list[tuple[str, int]]:
    bounds, unit = facts.get(FactKey.BOUNDS_SIZE), facts.get(FactKey.METERS_PER_UNIT)
    up = str(facts.get(FactKey.UP_AXIS, "")).upper().lstrip("+")
    if not bounds or len(bounds) != len("xyz") or not unit or up not in {"Y", "Z"}:
        return []
    width, second, third = (round(min(side * unit * _MICROMETERS, _MOST)) for side in bounds)
    height, depth = (second, third) if up == "Y" else (third, second)
    return [("height_um", height), ("width_um", width), ("depth_um", depth)]


def _parts(files: Iterable[Facts]) -> Iterable[Part]:
    for facts in files:
        yield from (part for key, part in _BY_COUNT.items() if facts.get(key))
        if str(facts.get(FactKey.MEDIA_TYPE, "")).startswith("video/"):
            yield Part.FILM


def _files(version: AssetVersion) -> Any:  # noqa: ANN401 — a query of two columns
    return select(File.path, File.role).where(File.version_id == version.id).order_by(File.path)
