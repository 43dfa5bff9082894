"""Closed words of the registry."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing an asset is."""

    DIGITAL_DOUBLE = "digital_double"
    CREATURE = "creature"
    CROWD = "crowd"
    VEHICLE = "vehicle"
    PROP = "prop"
    ENVIRONMENT = "environment"
    VEGETATION = "vegetation"
    GROOM = "groom"
    COSTUME = "costume"
    FX_ELEMENT = "fx_element"
    MATTE_PAINTING = "matte_painting"
    HDRI = "hdri"
    MATERIAL = "material"
    MOCAP = "mocap"
    LIDAR = "lidar"
    RIG_TEMPLATE = "rig_template"


KIND_LABELS: dict[Kind, str] = {
    Kind.DIGITAL_DOUBLE: "Digital double",
    Kind.CREATURE: "Creature",
    Kind.CROWD: "Crowd",
    Kind.VEHICLE: "Vehicle",
    Kind.PROP: "Prop",
    Kind.ENVIRONMENT: "Environment",
    Kind.VEGETATION: "Vegetation",
    Kind.GROOM: "Groom",
    Kind.COSTUME: "Costume",
    Kind.FX_ELEMENT: "FX element",
    Kind.MATTE_PAINTING: "Matte painting",
    Kind.HDRI: "HDRI",
    Kind.MATERIAL: "Material",
    Kind.MOCAP: "Mocap",
    Kind.LIDAR: "LiDAR",
    Kind.RIG_TEMPLATE: "Rig template",
}


CODE_PREFIXES: dict[Kind, str] = {
    Kind.DIGITAL_DOUBLE: "chr_",
    Kind.CREATURE: "crt_",
    Kind.CROWD: "crw_",
    Kind.VEHICLE: "veh_",
    Kind.PROP: "prp_",
    Kind.ENVIRONMENT: "env_",
    Kind.VEGETATION: "veg_",
    Kind.GROOM: "grm_",
    Kind.COSTUME: "cst_",
    Kind.FX_ELEMENT: "fx_",
    Kind.MATTE_PAINTING: "mtp_",
    Kind.HDRI: "hdr_",
    Kind.MATERIAL: "mat_",
    Kind.MOCAP: "mcp_",
    Kind.LIDAR: "ldr_",
    Kind.RIG_TEMPLATE: "rig_",
}
"""How a code begins by convention; nobody is held to it."""


class AssetStatus(StrEnum):
    """Whether an asset is offered."""

    ACTIVE = "active"
    RETIRED = "retired"


class VersionStatus(StrEnum):
    """Where a version stands. Only the last three are visible to everybody; see ``OPEN`` and ``UNPUBLISHED``."""

    DRAFT = "draft"
    VERIFYING = "verifying"
    REVIEW = "review"
    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    WITHDRAWN = "withdrawn"


OPEN = (VersionStatus.DRAFT.value, VersionStatus.VERIFYING.value)
"""Versions in the making: seen by nobody but through the address that their maker was given."""

UNPUBLISHED = (*OPEN, VersionStatus.REVIEW.value)
"""Versions that are not published yet; those in review are whole, and seen by their maker and by those who curate."""

OFFERED = (VersionStatus.PUBLISHED.value, VersionStatus.DEPRECATED.value)
"""Versions whose originals may be taken out."""


class FileRole(StrEnum):
    """What a file is for."""

    MODEL = "model"
    LOOK = "look"
    GROOM = "groom"
    RIG_BODY = "rig_body"
    RIG_FACE = "rig_face"
    BLENDSHAPES = "blendshapes"
    TEXTURE_SET = "texture_set"
    PROXY = "proxy"
    LOD = "lod"
    CACHE = "cache"
    SOURCE = "source"
    DOC = "doc"
    THUMBNAIL = "thumbnail"
    PREVIEW = "preview"
    TURNTABLE = "turntable"


class Custody(StrEnum):
    """Who keeps the bytes: ``stored`` ours, verified; ``referenced`` a path under a declared root."""

    STORED = "stored"
    REFERENCED = "referenced"


class FileState(StrEnum):
    """What was found when the bytes were last looked at."""

    ONLINE = "online"
    ARCHIVED = "archived"
    """Set by nothing yet: by looking, the catalogue cannot tell an archived file from a missing one."""
    MISSING = "missing"
    CHANGED = "changed"


class RelationKind(StrEnum):
    """Containment, and the five version relations of MovieLabs OMC (OMC-JSON tech notes, Version)."""

    CONTAINS = "contains"
    REVISION = "revision"
    VARIANT = "variant"
    DERIVATION = "derivation"
    REPRESENTATION = "representation"
    ALTERNATIVE = "alternative"


class Platform(StrEnum):
    """Operating systems that spell paths differently."""

    LINUX = "linux"
    WINDOWS = "windows"
    MACOS = "macos"
