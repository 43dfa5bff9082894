"""The fields that a search text may name, ``field:value``: one typed table, which later rooms extend.

A field stands on what is behind it: words of the document, a facet, a measure, or how assets are tied to others. Where
``behind`` is None nothing is recorded yet: such a condition finds nothing, and a search says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as of
from enum import StrEnum
from types import MappingProxyType

from catalog.assets.vocabulary import AssetStatus, Kind
from catalog.media.vocabulary import Part
from catalog.search.recorded import Carrying, Recorded
from catalog.search.vocabulary import Facet, Link, Measure, Tier


class Form(StrEnum):
    """What the values of a field look like."""

    WORDS = "words"
    VALUE = "value"
    COUNT = "count"
    LENGTH = "length"
    PIXELS = "pixels"
    BYTES = "bytes"
    NUMBER = "number"
    DATE = "date"


RANGED = frozenset({Form.COUNT, Form.LENGTH, Form.PIXELS, Form.BYTES, Form.NUMBER, Form.DATE})
EXAMPLES: dict[Form, str] = {
    Form.COUNT: "<50k, 10k..2m, 1200",
    Form.LENGTH: "1.6m..1.9m, >30cm, 6ft",
    Form.PIXELS: ">=4k, 2k..8k, 4096",
    Form.BYTES: ">1gb, 10mb..2gb, 500kb",
    Form.NUMBER: ">3, 1.5..4, 12",
    Form.DATE: "2019..2022, >=2024-05, 2026-11-30",
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field: its name, other names for it, what its values look like, and what stands behind it.

    ``values`` are the only ones where they are known beforehand; ``called`` are what pages call them.
    """

    name: str
    form: Form
    meaning: str
    behind: Tier | Facet | Measure | Recorded | Carrying | Link | None = None
    others: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    called: Mapping[str, str] = of(default_factory=dict, compare=False, repr=False)


_KINDS = {
    "数字替身": Kind.DIGITAL_DOUBLE,
    "生物": Kind.CREATURE,
    "群集": Kind.CROWD,
    "载具": Kind.VEHICLE,
    "道具": Kind.PROP,
    "场景": Kind.ENVIRONMENT,
    "植被": Kind.VEGETATION,
    "毛发": Kind.GROOM,
    "服装": Kind.COSTUME,
    "特效元素": Kind.FX_ELEMENT,
    "数字绘景": Kind.MATTE_PAINTING,
    "材质": Kind.MATERIAL,
    "动作捕捉": Kind.MOCAP,
    "激光雷达扫描": Kind.LIDAR,
    "绑定模板": Kind.RIG_TEMPLATE,
}
_STATUSES = {"有效": AssetStatus.ACTIVE, "已停用": AssetStatus.RETIRED}
_PARTS = {
    "模型": Part.MODEL,
    "绑定": Part.RIG,
    "骨骼": Part.SKELETON,
    "混合变形": Part.BLEND_SHAPES,
    "毛发": Part.GROOM,
    "texture_maps": Part.TEXTURES,
    "贴图": Part.TEXTURES,
    "material": Part.MATERIALS,
    "材质": Part.MATERIALS,
    "缓存": Part.CACHE,
    "代理": Part.PROXY,
    "影片": Part.FILM,
}

FIELDS = (
    Field(name="name", form=Form.WORDS, behind=Tier.NAMES, others=("code", "alias", "名称"), meaning="names and code"),
    Field(name="text", form=Form.WORDS, behind=Tier.DESCRIPTION, others=("description", "描述"), meaning="description"),
    Field(
        name="label", form=Form.WORDS, behind=Tier.LABELS, others=("id",), meaning="tags, external ids, kind, formats"
    ),
    Field(
        name="file",
        form=Form.WORDS,
        behind=Tier.FILES,
        others=("filename", "files", "文件"),
        meaning="names of its files and folders",
    ),
    Field(
        name="kind",
        form=Form.VALUE,
        behind=Facet.KIND,
        others=("type", "类型"),
        values=tuple(kind.value for kind in Kind),
        called=_KINDS,
        meaning="what sort of thing it is",
    ),
    Field(
        name="status",
        form=Form.VALUE,
        behind=Facet.STATUS,
        others=("状态",),
        values=tuple(status.value for status in AssetStatus),
        called=_STATUSES,
        meaning="whether it is in use",
    ),
    Field(name="show", form=Form.VALUE, behind=Facet.SHOW, others=("project", "项目"), meaning="code of the home show"),
    Field(name="tag", form=Form.VALUE, behind=Facet.TAG, others=("tags", "标签"), meaning="a tag, as it is written"),
    Field(
        name="updated", form=Form.DATE, behind=Measure.UPDATED, others=("changed",), meaning="day of its last change"
    ),
    Field(
        name="created",
        form=Form.DATE,
        behind=Measure.CREATED,
        others=("registered",),
        meaning="day of its registration",
    ),
    Field(
        name="has",
        form=Form.VALUE,
        behind=Facet.HAS,
        others=("with",),
        values=tuple(part.value for part in Part),
        called=_PARTS,
        meaning="what comes with it, such as a rig",
    ),
    Field(
        name="used_in",
        form=Form.VALUE,
        behind=Link.USED_IN,
        others=("usedin", "用于"),
        meaning="show or asset that is built from it",
    ),
    Field(name="captured", form=Form.DATE, meaning="day of the scan"),
    Field(name="modality", form=Form.VALUE, others=("scan",), meaning="how it was scanned"),
    Field(name="subject", form=Form.VALUE, meaning="whom it shows"),
    Field(
        name="polys",
        form=Form.COUNT,
        behind=Measure.POLYS,
        others=("triangles", "tris", "poly", "faces"),
        meaning="number of triangles",
    ),
    Field(
        name="texture",
        form=Form.PIXELS,
        behind=Measure.TEXTURE,
        others=("textures", "resolution"),
        meaning="longest side of the textures",
    ),
    Field(name="height", form=Form.LENGTH, behind=Measure.HEIGHT, meaning="height"),
    Field(name="width", form=Form.LENGTH, behind=Measure.WIDTH, meaning="width"),
    Field(name="depth", form=Form.LENGTH, behind=Measure.DEPTH, others=("length",), meaning="depth"),
    Field(name="size", form=Form.BYTES, behind=Measure.SIZE, others=("bytes",), meaning="size of the files"),
    Field(name="format", form=Form.VALUE, behind=Facet.FORMAT, others=("ext", "filetype"), meaning="file format"),
    Field(name="owner", form=Form.VALUE, behind=Facet.OWNER, others=("by",), meaning="login of its owner"),
    Field(name="year", form=Form.VALUE, behind=Facet.YEAR, others=("年",), meaning="year in which it was registered"),
    Field(name="rig", form=Form.VALUE, meaning="sort of rig"),
    Field(name="grade", form=Form.VALUE, meaning="grade of quality"),
    Field(name="score", form=Form.COUNT, meaning="points of quality"),
    Field(name="clearance", form=Form.VALUE, others=("license", "rights"), meaning="what it may be used for"),
)
BY_NAME: dict[str, Field] = {name: field for field in FIELDS for name in (field.name, *field.others)}
NO_FIELDS: Mapping[str, Field] = MappingProxyType({})


def carrying(field: Field, value: str, fields: Mapping[str, Field]) -> Field:
    """Return what ``has:`` stands on where its value is a field of the studio; any other field as it is."""
    known = fields.get(value.casefold()) if field.behind is Facet.HAS else None
    if known is None or not isinstance(known.behind, Recorded) or value.casefold() in field.values:
        return field
    return replace(field, behind=Carrying(field=known.behind), values=(), called={})


def spelled(field: Field, text: str) -> str:
    """Return a value as the field has it: ``Digital double`` and 数字替身 are ``digital_double``, others stay."""
    plain = re.sub(r"[\s_-]+", "_", text.casefold())
    ours = {value.replace("-", "_"): value for value in field.values}
    return ours.get(plain) or field.called.get(plain, text)


def values_under(field: Field, fields: Mapping[str, Field]) -> tuple[str, ...]:
    """Return what may stand under a field that has only some values."""
    custom = (one.name for one in fields.values() if isinstance(one.behind, Recorded))
    return (*field.values, *(custom if field.behind is Facet.HAS else ()))
