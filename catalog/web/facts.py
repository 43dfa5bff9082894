"""Measured facts as people read them: words for keys, sizes and counts for numbers, one group for each file."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from catalog.media import formats
from catalog.media.vocabulary import Evidence, FactKey
from catalog.web import wording
from catalog.web.languages import gettext, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from catalog.media.queries import FactOfFile

WORDS: dict[str, str] = {
    FactKey.SIZE_BYTES: marked("Size"),
    FactKey.MEDIA_TYPE: marked("Media type"),
    FactKey.WIDTH_PX: marked("Width"),
    FactKey.HEIGHT_PX: marked("Height"),
    FactKey.DATA_WINDOW: marked("Data window"),
    FactKey.CHANNEL_COUNT: marked("Channels"),
    FactKey.CHANNEL_NAMES: marked("Channel names"),
    FactKey.BIT_DEPTH: marked("Bit depth"),
    FactKey.PIXEL_TYPE: marked("Pixel type"),
    FactKey.COLOR_SPACE: marked("Color space"),
    FactKey.COMPRESSION: marked("Compression"),
    FactKey.TILED: marked("Tiled"),
    FactKey.PART_COUNT: marked("Parts"),
    FactKey.PART_NAMES: marked("Part names"),
    FactKey.MESH_COUNT: marked("Meshes"),
    FactKey.VERTEX_COUNT: marked("Vertices"),
    FactKey.FACE_COUNT: marked("Faces"),
    FactKey.TRIANGLE_COUNT: marked("Triangles"),
    FactKey.MATERIAL_COUNT: marked("Materials"),
    FactKey.TEXTURE_COUNT: marked("Textures"),
    FactKey.JOINT_COUNT: marked("Joints"),
    FactKey.BLEND_SHAPE_COUNT: marked("Blend shapes"),
    FactKey.BLEND_SHAPE_NAMES: marked("Blend shape names"),
    FactKey.UP_AXIS: marked("Up axis"),
    FactKey.METERS_PER_UNIT: marked("Meters per unit"),
    FactKey.BOUNDS_SIZE: marked("Bounds"),
    FactKey.LAYER_COUNT: marked("Layers"),
    FactKey.VARIANT_SETS: marked("Variant sets"),
    FactKey.FRAME_RANGE: marked("Frame range"),
    FactKey.CODEC: marked("Codec"),
    FactKey.FRAMES_PER_SECOND: marked("Frame rate"),
    FactKey.FRAME_COUNT: marked("Frames"),
    FactKey.DURATION_S: marked("Duration"),
    FactKey.TIMECODE: marked("Timecode"),
    FactKey.SOUND: marked("Sound"),
}
FORMATS: dict[str, str] = {
    "exr": "OpenEXR",
    "hdr": "Radiance HDR",
    "cineon": "Cineon",
    "jpeg2000": "JPEG 2000",
    "webp": "WebP",
    "gltf": "glTF",
    "glb": "glTF (GLB)",
    "usda": "USD (text)",
    "usdc": "USD (binary)",
    "usdz": "USDZ",
    "abc": "Alembic",
    "materialx": "MaterialX",
    "vdb": "OpenVDB",
    "quicktime": "QuickTime",
    "matroska": "Matroska",
    "markdown": "Markdown",
    "text": "text",
    "gzip": "gzip",
    "zstd": "Zstandard",
    "blend": "Blender",
    "maya-ascii": "Maya ASCII",
    "maya-binary": "Maya binary",
}
"""How formats are written by those who made them, where it is not their name in capitals."""
TABLED = (FactKey.MEDIA_TYPE, FactKey.COLOR_SPACE)
"""The facts that a table of files tells."""
_ORDER = {key.value: at for at, key in enumerate(FactKey)}
_LEFT_OUT = frozenset({FactKey.SIZE_BYTES.value})
"""The table of files says it already."""
_TELLING = frozenset({FactKey.TRIANGLE_COUNT.value, FactKey.FACE_COUNT.value, FactKey.WIDTH_PX.value})
_JOINTS = {FactKey.BOUNDS_SIZE.value: " × ", FactKey.FRAME_RANGE.value: " – "}
LIST_MAX = 12


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """One fact. ``tool`` measured it; ``inferred`` where it follows from other values; ``nothing``: there is none."""

    key: str
    words: str
    value: str
    inferred: bool
    tool: str
    nothing: bool


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """The facts of one file."""

    path: str
    rows: tuple[FactRow, ...]
    weight: int

    @property
    def tools(self) -> str:
        """Who measured it."""
        return ", ".join(dict.fromkeys(row.tool for row in self.rows))


def by_file(facts: Iterable[FactOfFile]) -> list[FileFacts]:
    """Return facts grouped by their files, in the order of their paths."""
    groups = ((path, list(group)) for path, group in groupby(facts, key=lambda fact: fact.path))
    found = (FileFacts(path=path, rows=_rows(group), weight=_weight(group)) for path, group in groups)
    return [file for file in found if file.rows]


@dataclass(frozen=True, kw_only=True)
class FileForm:
    """What a file is, as a table of files tells it. ``assumed`` where nothing in it says its color space."""

    format: str = ""
    media_type: str = ""
    color_space: str = ""
    assumed: bool = False


def forms_of(facts: Iterable[FactOfFile]) -> dict[str, FileForm]:
    """Return what files are, by their paths, of facts in the order of these."""
    return {path: _form({fact.key: fact for fact in group}) for path, group in groupby(facts, lambda fact: fact.path)}


def _form(facts: dict[str, FactOfFile]) -> FileForm:
    media_type, space = facts.get(FactKey.MEDIA_TYPE), facts.get(FactKey.COLOR_SPACE)
    name = formats.called(str(media_type.value)) if media_type else None
    return FileForm(
        format=FORMATS.get(name, name.upper()) if name else "",
        media_type=str(media_type.value) if media_type else "",
        color_space=str(space.value) if space else "",
        assumed=space is not None and space.evidence == Evidence.INFERRED,
    )


def most_telling(files: Sequence[FileFacts]) -> FileFacts | None:
    """Return the facts of the file that says most about the whole: the richest model, else the largest image."""
    return max(files, key=lambda file: file.weight, default=None)


def in_order(keys: Iterable[str]) -> list[str]:
    """Return keys of facts in the order in which pages tell them."""
    return sorted(keys, key=lambda key: (_ORDER.get(key, len(_ORDER)), key))


def _weight(facts: Sequence[FactOfFile]) -> int:
    numbers = [fact.value for fact in facts if fact.key in _TELLING and isinstance(fact.value, int | float)]
    return int(max(numbers, default=0)) * len(facts)


def _rows(facts: Sequence[FactOfFile]) -> tuple[FactRow, ...]:
    unit = next((fact.value for fact in facts if fact.key == FactKey.METERS_PER_UNIT), None)
    ordered = sorted(facts, key=lambda fact: _ORDER.get(fact.key, len(_ORDER)))
    return tuple(
        FactRow(
            key=fact.key,
            words=gettext(WORDS[fact.key]) if fact.key in WORDS else fact.key.replace("_", " ").capitalize(),
            value=_in_meters(fact.value, unit) if fact.key == FactKey.BOUNDS_SIZE and unit else _value(fact),
            inferred=fact.evidence == Evidence.INFERRED,
            tool=f"{fact.tool} {fact.tool_version}".strip(),
            nothing=fact.value in (0, [], ""),
        )
        for fact in ordered
        if fact.key not in _LEFT_OUT
    )


def _in_meters(sides: list[float], unit: float) -> str:
    """Return lengths as the 3D view tells them: meters of what is large, centimeters of what is not."""
    small = max(sides) * unit < 1
    shown = (float(f"{side * unit * (100 if small else 1):.3g}") for side in sides)
    return _JOINTS[FactKey.BOUNDS_SIZE].join(map(_number, shown)) + (" cm" if small else " m")


def _value(fact: FactOfFile) -> str:
    match fact.value:
        case bool():
            said = gettext("yes") if fact.value else gettext("no")
        case int() | float():
            said = _number(fact.value)
        case list():
            said = _list(fact.value, _JOINTS.get(fact.key, ", "))
        case _:
            said = str(fact.value)
    return f"{said} {_unit(fact.unit)}".strip()


def _number(value: float) -> str:
    return wording.number(value) if isinstance(value, int) else f"{value:,.6g}"


def _list(values: list[Any], joint: str) -> str:
    said = joint.join(_number(one) if isinstance(one, int | float) else str(one) for one in values[:LIST_MAX])
    more = len(values) - LIST_MAX
    if more <= 0:
        return said
    return gettext("%(some)s and %(count)s more", some=said, count=wording.number(more))


def _unit(unit: str) -> str:
    return {"unit": gettext("units"), "frame": "", "B": gettext("bytes")}.get(unit, unit)
