"""Closed words of this room."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

MEASURING_VERSION: Final = "2"
"""Raised whenever a reader would read something else from the same bytes; older facts are then measured again."""

DRAWING_VERSION: Final = "3"
"""Raised whenever a picture of the same bytes would look different; older pictures are then drawn again."""


class PreviewKind(StrEnum):
    """What a preview shows of a version: its picture, or what a maker of ``makers.table`` makes."""

    THUMBNAIL = "thumbnail"
    TURNTABLE = "turntable"
    MODEL = "model"
    WIREFRAME = "wireframe"
    BLEND_SHAPES = "blend-shapes"
    SKELETON = "skeleton"
    FILM = "film"
    SKY = "sky"
    EXPOSURES = "exposures"
    LAYERS = "layers"
    TEXTURES = "textures"


class Derivative(StrEnum):
    """One file that is derived from a version; each kind has one or a few."""

    THUMBNAIL_240 = "thumbnail-240"
    THUMBNAIL_480 = "thumbnail-480"
    THUMBNAIL_960 = "thumbnail-960"
    TURNTABLE_STRIP = "turntable-strip"
    TURNTABLE_VIDEO = "turntable-video"
    MODEL = "model"
    WIREFRAME = "wireframe"
    BLEND_SHAPES = "blend-shapes"
    SKELETON = "skeleton"
    FILM_POSTER = "film-poster"
    FILM_STRIP = "film-strip"
    FILM_VIDEO = "film-video"
    SKY = "sky"
    SKY_FLAT = "sky-flat"
    EXPOSURES = "exposures"
    LAYERS = "layers"
    TEXTURES = "textures"


DERIVATIVES: Final[Mapping[PreviewKind, tuple[Derivative, ...]]] = {
    PreviewKind.THUMBNAIL: (Derivative.THUMBNAIL_240, Derivative.THUMBNAIL_480, Derivative.THUMBNAIL_960),
    PreviewKind.TURNTABLE: (Derivative.TURNTABLE_STRIP, Derivative.TURNTABLE_VIDEO),
    PreviewKind.MODEL: (Derivative.MODEL,),
    PreviewKind.WIREFRAME: (Derivative.WIREFRAME,),
    PreviewKind.BLEND_SHAPES: (Derivative.BLEND_SHAPES,),
    PreviewKind.SKELETON: (Derivative.SKELETON,),
    PreviewKind.FILM: (Derivative.FILM_POSTER, Derivative.FILM_STRIP, Derivative.FILM_VIDEO),
    PreviewKind.SKY: (Derivative.SKY, Derivative.SKY_FLAT),
    PreviewKind.EXPOSURES: (Derivative.EXPOSURES,),
    PreviewKind.LAYERS: (Derivative.LAYERS,),
    PreviewKind.TEXTURES: (Derivative.TEXTURES,),
}
"""What belongs to each kind."""

STRIPS: Final = (Derivative.TURNTABLE_STRIP, Derivative.FILM_STRIP)
"""What a pointer scrubs through on a card, the best first."""

KINDS: Final[Mapping[str, PreviewKind]] = {
    derivative: kind for kind, derivatives in DERIVATIVES.items() for derivative in derivatives
}


class FactKey(StrEnum):
    """What is measured of a file. Units are in ``catalog.media.facts.UNITS``."""

    SIZE_BYTES = "size_bytes"
    MEDIA_TYPE = "media_type"
    WIDTH_PX = "width_px"
    HEIGHT_PX = "height_px"
    DATA_WINDOW = "data_window"
    CHANNEL_COUNT = "channel_count"
    CHANNEL_NAMES = "channel_names"
    BIT_DEPTH = "bit_depth"
    PIXEL_TYPE = "pixel_type"
    COLOR_SPACE = "color_space"
    COMPRESSION = "compression"
    TILED = "tiled"
    PART_COUNT = "part_count"
    PART_NAMES = "part_names"
    MESH_COUNT = "mesh_count"
    VERTEX_COUNT = "vertex_count"
    FACE_COUNT = "face_count"
    TRIANGLE_COUNT = "triangle_count"
    MATERIAL_COUNT = "material_count"
    TEXTURE_COUNT = "texture_count"
    JOINT_COUNT = "joint_count"
    BLEND_SHAPE_COUNT = "blend_shape_count"
    BLEND_SHAPE_NAMES = "blend_shape_names"
    UP_AXIS = "up_axis"
    METERS_PER_UNIT = "meters_per_unit"
    BOUNDS_SIZE = "bounds_size"
    LAYER_COUNT = "layer_count"
    VARIANT_SETS = "variant_sets"
    FRAME_RANGE = "frame_range"
    CODEC = "codec"
    FRAMES_PER_SECOND = "frames_per_second"
    FRAME_COUNT = "frame_count"
    DURATION_S = "duration_s"
    TIMECODE = "timecode"
    SOUND = "sound"


class Part(StrEnum):
    """What comes with a version, as its files tell: by their roles, and by what was found in them."""

    MODEL = "model"
    RIG = "rig"
    SKELETON = "skeleton"
    BLEND_SHAPES = "blend-shapes"
    GROOM = "groom"
    TEXTURES = "textures"
    MATERIALS = "materials"
    CACHE = "cache"
    PROXY = "proxy"
    FILM = "film"


class Evidence(StrEnum):
    """How a value came to be known."""

    MEASURED = "measured"
    INFERRED = "inferred"


class FindingCode(StrEnum):
    """Something about a file that a person can act on."""

    EMPTY = "empty"
    EXTENSION_LIES = "extension-lies"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    READER_FAILED = "reader-failed"
    ESCAPING_REFERENCE = "escaping-reference"
    MISSING_REFERENCE = "missing-reference"
    NOT_FINITE = "not-finite"
    NOT_DRAWN = "not-drawn"


class Medium(StrEnum):
    """What kind of content a format holds, and so who reads and draws it."""

    IMAGE = "image"
    MODEL = "model"
    MATERIAL = "material"
    MOTION = "motion"
    VOLUME = "volume"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    PROJECT = "project"
    UNKNOWN = "unknown"
